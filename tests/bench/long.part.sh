# long.part.sh - rows 4 and 6: many rows, and rows into a long list.
# shellcheck shell=sh disable=SC2034,SC2154

long=${BENCH_LONG:-$((rows * 10))}
made default "$rows"
made default "$long"
before=$fresh
pair "$(ingest default "$long")" "$(ingest default "$rows")"
row 4 "$long rows, CPU to as often row 2" \
	"$(calc "$ratio * $rows / $long") ($(calc "$cpu_a") s)" "<= 1.25" 1.1
sh -ec "$fresh"
row 4 "$long rows, peak memory of our own" \
	"$(calc "$("$BUILD/bench/bench_peak" "$BUILD/pmta-suppress" --state \
		"$dir/state" ingest "$dir/default.$long.csv") / 1024") MB" \
	"<= 96 MB" "64 MB"
rm "$dir/default.$long.csv"

database "$list"
before="rm -rf '$dir/empty'; mkdir -m 700 '$dir/empty'; $(copied "$list")"
pair "$(ingest default "$rows")" "'$BUILD/pmta-suppress' --state '$dir/empty' \
	ingest '$dir/default.$rows.csv'"
row 6 "row 2 into $list suppressions, to row 2" \
	"$(calc "$ratio") ($(calc "$cpu_a") s)" "<= 2.5" 1.9
before=
