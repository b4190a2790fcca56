# growth.part.sh - rows 2, 5, 9, 13, 16 at sizes of BENCH_GROWTH: a table and a
# plot. Rows and live rows stop at a fifth of the largest size.
# shellcheck shell=sh disable=SC2034,SC2154

sizes=${BENCH_GROWTH:-1000000 10000000 50000000}
about="$pairs rounds, sizes $sizes"
largest=${sizes##* }

# grown SIZE ORDER WHAT UNIT VALUE
grown() {
	show "$2" "$3 at $1" "$5 $4" "$noise" - - -
	printf '%s\t%s\t%s\t%s\t%s\n' "$1" "$2" "$3" "$4" "$5" \
		>>"$results/growth.points"
	noise=-
}
each() {
	awk -v cpu="$2" -v n="$1" -v in_unit="$3" \
		'BEGIN {
		v = cpu * in_unit / n; printf v < 100 ? "%.3g" : "%.0f", v }'
}

: >"$results/growth.points"
for size in $sizes; do
	if [ $((size * 5)) -le "$largest" ]; then
		before=$fresh
		for mix in default bounces; do
			generated "$mix" "$size"
			alone "$(ingest "$mix" "$size")"
			rm "$dir/$mix.$size.csv"
			[ "$mix" = default ] && number=2 || number=5
			grown "$size" "$number" "ingest, $mix rows" 'us a row' \
				"$(each "$size" "$cpu_a" 1000000)"
		done
		before=
		live 20000 "${BENCH_LIVE:-60}" end "$size"
		grown "$size" 9 "row to check, p99" ms "$most99"
	fi
	lists "$size"
	alone "$(on_list "$size") scrub '$cache/mailing.$size' >'$dir/out' \
		2>/dev/null"
	grown "$size" 13 "scrub" "ns a line" \
		"$(each "$size" "$cpu_a" 1000000000)"
	rm "$dir/out"
	alone "$(asked_each "$size")"
	grown "$size" 16 "check by a process" ms "$(each 100 "$cpu_a" 1000)"
	alone "$(asked_all "$size")"
	grown "$size" 16 "check -" "us a look-up" \
		"$(each "$(wc -l <"$cache/asked.$size")" "$cpu_a" 1000000)"
	# It is large, and nothing else wants it.
	[ -n "${BENCH_CACHE:-}" ] || rm -rf "$cache"/*."$size"
done
awk -f "$here/growth_table.awk" "$results/growth.points" >"$results/growth.md"
awk -f "$here/growth_plot.awk" "$results/growth.points" >"$results/growth.svg"
