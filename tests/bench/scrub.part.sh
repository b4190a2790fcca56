# scrub.part.sh - rows 13 to 16: scrub and check. The unit only builds a set of
# 64-bit hashes from text and streams the list. All put out the same bytes.
# shellcheck shell=sh disable=SC2034,SC2154

cat >"$dir/set.py" <<'END'
import sys
listed = set()
for line in open(sys.argv[1]):
    listed.add(line.strip().lower())
for line in open(sys.argv[2]):
    if line.strip().lower() not in listed:
        sys.stdout.write(line)
END
lists "$list"
two="'$cache/listed.$list' '$cache/mailing.$list'"
set -- "$(on_list "$list") scrub '$cache/mailing.$list'" \
	"$(on_list "$list") scrub --low-memory '$cache/mailing.$list'"
[ -z "$python" ] || set -- "$@" "'$python' '$dir/set.py' $two"
# shellcheck disable=SC2016 # awk's own
! command -v gawk >/dev/null || set -- "$@" "gawk 'NR == FNR {
	s[tolower(\$0)]; next } !(tolower(\$0) in s)' $two"

sh -c "$(unit "$list")" >"$dir/want"
for command; do
	sh -c "$command" 2>/dev/null | cmp -s - "$dir/want" ||
		stop "not the rows of the unit: $command"
done
sh -c "$(on_list "$list") scrub --drop '$dir/dropped' '$cache/mailing.$list'" \
	2>/dev/null | cmp -s - "$dir/want" || stop "scrub --drop: other rows"
rm -f "$dir/want" "$dir/dropped"

i=0
for command; do
	i=$((i + 1))
	shift
	set -- "$@" "$command >'$dir/out' 2>/dev/null"
done
rounds "$(unit "$list") >'$dir/out'" "$@" >"$dir/rounds"
of() {
	sed -n "$1p" "$dir/rounds"
}
taken "$(of 2)"
low=$ratio
taken "$(of 1)"
scrub=$ratio
row 13 "scrub, to a hash set in C ($(calc "$cpu_b") s)" \
	"$(calc "$ratio") ($(calc "$cpu_a") s)" "<= 2.5" 1.5
i=2
for what in "${python:+a Python set}:3x:4x" \
	"$(command -v gawk >/dev/null && echo gawk):6x:10x"; do
	bars=${what#*:}
	what=${what%%:*}
	if [ -n "$what" ]; then
		i=$((i + 1))
		taken "$(of $i)"
		row 14 "scrub, faster than $what" \
			"$(calc "$ratio / $scrub")x ($(calc "$cpu_a") s)" \
			"${bars%:*}" "${bars#*:}"
	fi
done
# peak OPTION...: bytes a suppression, less 32 MB.
peak() {
	awk -v n="$list" -v kib="$("$BUILD/bench/bench_peak" \
		"$BUILD/pmta-suppress" --state "$cache/state.$list" scrub "$@" \
		"$cache/mailing.$list")" 'BEGIN {
		past = (kib - 32768) * 1024 / n
		printf "%.1f B (%.1f MB)", (past > 0 ? past : 0), kib / 1024 }'
}
row 15 "scrub, memory a suppression past 32 MB" "$(peak)" "<= 24 B" "16 B"
row 15 "low-memory scrub, the same" "$(peak --low-memory)" "<= 3 B" -
row 15 "low-memory scrub, time to scrub's" "$(calc "$low / $scrub")" \
	"<= 2.5" -
rm -f "$dir/out"

alone "$(asked_each "$list")"
one=$cpu_a
row 16 "one check by a process at $list" "$(calc "$one * 10") ms CPU" \
	"<= 5 ms" "2.5 ms"
alone "$(asked_all "$list")"
row 16 "check -, look-ups a CPU second" \
	"$(awk -v n="$(wc -l <"$cache/asked.$list")" -v s="$cpu_a" \
		'BEGIN { printf "%d", n / s }')" 200000 290000
