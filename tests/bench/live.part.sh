# live.part.sh - rows 9 and 10: rows as they come, by the clock.
# shellcheck shell=sh disable=SC2034,SC2154

seconds=${BENCH_LIVE:-60}
: >"$dir/ended.end"
: >"$dir/ended.term"
for rate in 400 20000; do
	live "$rate" "$seconds" end "$list"
	echo "$ended" >>"$dir/ended.end"
	row 9 "$rate rows/s, $seconds s, $list listed: p99" \
		"$most99 ms (p50 $half, max $all)" "<= 250 ms" "220 ms"
	row 9 "the same, longest write to the pipe" "$write ms" "<= 1000 ms" -
done

# The longest of all.
for how in end term; do
	i=0
	while [ "$i" -lt "$pairs" ]; do
		live 20000 3 "$how" "$list"
		echo "$ended" >>"$dir/ended.$how"
		i=$((i + 1))
	done
	[ "$how" = end ] && what="end of input" || what=SIGTERM
	row 10 "$what to exit, all committed, at most" \
		"$(calc "$(sort -n "$dir/ended.$how" | tail -n 1) / 1000") s" \
		"<= 1 s" "0.2 s"
done
