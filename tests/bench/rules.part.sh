# rules.part.sh - rows 11 and 12: what a reply means, and the start.
# shellcheck shell=sh disable=SC2034,SC2154

classify="'$BUILD/bench/bench_classify'"

"$BUILD/bench/bench_classify" same - 20000 >/dev/null ||
	{ echo "not the same answers" >&2; exit 1; }
pair "$classify plain" "$classify find"
row 11 "200k replies, faster than PCRE2 one by one" \
	"$(calc "$ratio")x, same answers" 5x 8x

# A hundred rules of words of their own, to see what one costs.
mkdir "$dir/rules.d"
awk 'BEGIN { for (i = 0; i < 100; i++) {
	w = sprintf("%c%c%cish %c%cword", 97 + i % 26, 97 + i % 7, 97 + i % 11,
		97 + i % 17, 97 + i % 23)
	printf "[bench.rule%d]\nclass = temp.system\nmatch = /%s %d/\n" \
		"sample = 451 %s %d\nadvice = None.\n\n", i, w, i, w, i } }' \
	>"$dir/rules.d/99-bench.rules"
"$BUILD/bench/bench_classify" find - 2000 >"$dir/replies"
pair "$classify find - 200000 '$dir/rules.d'" "$classify find - 200000"
# The noise of a hundred is a hundredth for one.
noise=-
row 12 "one rule more of $(sed 's/.*, \([0-9]*\) rules/\1/' "$dir/replies")" \
	"$(calc "$ratio - 1") %" "< 1 %" -
row 12 "a reply of 64 KiB" \
	"$("$BUILD/bench/bench_classify" long | sed 's/long: \([^ ]* ms\).*/\1/')" \
	"< 0.5 ms" -

{
	echo 'type,timeLogged,rcpt,dsnDiag,dsnStatus'
	echo 'b,2026-09-10 00:00:00+0000,a@b.example,smtp;550 no such user,5.1.1'
} >"$dir/one.csv"
before=$fresh
alone "$program ingest '$dir/one.csv'"
before=
row 12 "start to first row, committed" \
	"$(calc "$cpu_a * 1000") ms CPU ($(calc "$clock * 1000") ms)" \
	"<= 30 ms" -
