# rows.part.sh - rows 1, 2, 3, 5, 7, 8: accounting rows.
# shellcheck shell=sh disable=SC2034,SC2154

# against_p NUMBER MIX MUST AIM
against_p() {
	[ -n "$python" ] || {
		row "$1" "ingest, $2, faster than P" "no python3" "$3" "$4"
		return
	}
	pair "rm -f '$dir'/p.db*; '$python' '$here/peer.py' \
		'$dir/$2.$rows.csv' '$dir/p.db'" "$(ingest "$2" "$rows")"
	row "$1" "ingest, $2 rows, faster than P" \
		"$(calc "$ratio")x ($(calc "$cpu_a") s)" "$3" "$4"
}

made default "$rows"
pair "'$BUILD/bench/bench_rows' rows '$dir/default.$rows.csv'" \
	"$(libcsv default "$rows")"
row 1 "record finder, default rows, to L" "$(calc "$ratio")" "<= 0.15" 0.11
before=$fresh
pair "$(ingest default "$rows")" "$(libcsv default "$rows")"
row 2 "ingest, default rows, to L ($(calc "$cpu_b") s)" \
	"$(calc "$ratio") ($(calc "$cpu_a") s)" "<= 0.60" 0.50
against_p 3 default 10x 15x
pair "cat '$dir/default.$rows.csv' | $pipe" "$(ingest default "$rows")"
row 7 "row 2 through the pipe, to ingest" \
	"$(calc "$ratio") ($(calc "$cpu_a") s)" "<= 1.35" 1.15
printf '[store]\nsynchronous = full\n' >"$dir/full.conf"
pair "$program --config '$dir/full.conf' ingest '$dir/default.$rows.csv'" \
	"$(ingest default "$rows")"
row 8 "row 2, synchronous=full to normal" \
	"$(calc "$ratio") ($(calc "$cpu_a") s)" "<= 1.6" 1.4
made bounces "$rows"
pair "$(ingest bounces "$rows")" "$(libcsv bounces "$rows")"
row 5 "ingest, bounces, to L ($(calc "$cpu_b") s)" \
	"$(calc "$ratio") ($(calc "$cpu_a") s)" "<= 6.0" 4.5
against_p 5 bounces 7x 10x
before=
rm "$dir/bounces.$rows.csv"
