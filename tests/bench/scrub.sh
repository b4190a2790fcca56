#!/bin/sh
# scrub.sh - scrub and check against what one would do instead: `scrub.sh
# BUILD`. BENCH_LIST says how many lines and suppressions (1000000), BENCH_RUNS
# how often all are run in turn (5). Figures are medians of CPU seconds of
# whole processes, user and system; the unit only builds a set of 64-bit hashes
# from text and streams the list. Every output must be the same bytes.
set -eu

BUILD=$(cd "$1" && pwd)
n=${BENCH_LIST:-1000000}
runs=${BENCH_RUNS:-5}
suppress=$BUILD/pmta-suppress
unit=$BUILD/bench/bench_scrub
[ -x "$unit" ] || { echo "scrub.sh: no $unit: run make bench"; exit 1; }
dir=$(mktemp -d "${TMPDIR:-/tmp}/pmta-scrub.XXXXXX")
trap 'rm -rf "$dir"' EXIT
cd "$dir"
mkdir state
: >empty.conf
PMTA_SUPPRESS_STATE=$dir/state PMTA_SUPPRESS_CONFIG=$dir/empty.conf
export PMTA_SUPPRESS_STATE PMTA_SUPPRESS_CONFIG

# cpu NAME COMMAND...: appends the CPU seconds of the command, whose output
# goes to ./out, to NAME.times.
cpu() {
	cpu_name=$1
	shift
	(
		"$@" >out 2>err || { cat err; exit 1; }
		times >ticks
	)
	sed -n '2{s/[ms]/ /g;p;}' ticks |
		awk '{ print $1 * 60 + $2 + $3 * 60 + $4 }' >>"$cpu_name.times"
}

# median NAME: of what cpu() noted; spread: the largest less the smallest.
median() {
	sort -n "$1.times" | awk '{ v[NR] = $1 }
		END { print v[int((NR + 1) / 2)] }'
}
spread() {
	sort -n "$1.times" | awk '{ v[NR] = $1 } END { print v[NR] - v[1] }'
}

# tell NAME WORDS: its median, and how many times the unit that is.
tell() {
	awk -v s="$(median "$1")" -v d="$(spread "$1")" -v u="$(median unit)" \
		-v w="$2" 'BEGIN { printf "%-34s %8.2f s (+-%.2f) %7.2f units\n", w, s,
		d / 2, (u > 0 ? s / u : 0) }'
}

# peak NAME COMMAND...: the most memory of its own (RssAnon) that it had, kB.
peak() {
	peak_name=$1
	shift
	"$@" >/dev/null 2>&1 &
	peak_pid=$!
	while [ -r "/proc/$peak_pid/status" ]; do
		sed -n 's/^RssAnon:[^0-9]*\([0-9]*\).*/\1/p' \
			"/proc/$peak_pid/status" 2>/dev/null || :
		sleep 0.01
	done | sort -n | tail -n 1 >"$peak_name.peak"
	wait "$peak_pid"
}
tell_peak() {
	awk -v n="$n" -v w="$2" '{ printf "%-34s %8.1f MB, %5.1f B a suppression " \
		"past 32 MB\n", w, $1 / 1024,
		($1 > 32768 ? ($1 - 32768) * 1024 / n : 0) }' "$1.peak"
}

same() {
	cmp -s out "$1" || { echo "$2: not the same rows"; exit 1; }
}

cat >set.py <<'END'
import sys
listed = set()
for line in open(sys.argv[1]):
    listed.add(line.strip().lower())
for line in open(sys.argv[2]):
    if line.strip().lower() not in listed:
        sys.stdout.write(line)
END
# shellcheck disable=SC2016 # awk's own
filter='NR == FNR { s[tolower($0)]; next } !(tolower($0) in s)'

"$unit" suppressed "$n" >listed.txt
"$unit" list "$n" "$n" >mailing.txt
"$suppress" import listed.txt >/dev/null
"$unit" unit listed.txt mailing.txt >want 2>/dev/null
bytes=$(wc -c <mailing.txt)
echo "$n lines ($bytes bytes), $n suppressions, $(wc -l <want) may be mailed"

i=0
while [ "$i" -lt "$runs" ]; do
	i=$((i + 1))
	cpu unit "$unit" unit listed.txt mailing.txt
	same want unit
	cpu scrub "$suppress" scrub mailing.txt
	same want scrub
	cpu low "$suppress" scrub --low-memory mailing.txt
	same want "scrub --low-memory"
	cpu drop "$suppress" scrub --drop dropped mailing.txt
	same want "scrub --drop"
	if command -v python3 >/dev/null; then
		cpu python python3 set.py listed.txt mailing.txt
		same want python
	fi
	if command -v gawk >/dev/null; then
		cpu gawk gawk "$filter" listed.txt mailing.txt
		same want gawk
	fi
done
tell unit "a hash set in C (the unit)"
tell scrub "scrub (at most 2.5, aim 1.5)"
tell drop "scrub --drop FILE"
tell low "scrub --low-memory (2.5 scrubs)"
[ ! -e python.times ] || tell python "Python, a set (at least 3 scrubs)"
[ ! -e gawk.times ] || tell gawk "gawk, an array (at least 6 scrubs)"
peak scrub "$suppress" scrub mailing.txt
tell_peak scrub "scrub (at most 24 B)"
peak low "$suppress" scrub --low-memory mailing.txt
tell_peak low "scrub --low-memory (at most 3 B)"

# One address by a process of its own, and very many by one process.
spawn() {
	k=0
	while [ "$k" -lt 100 ]; do
		k=$((k + 1))
		"$suppress" check --quiet nobody@gmail.example || [ $? -eq 1 ]
	done
}
nothing() {
	k=0
	while [ "$k" -lt 100 ]; do
		k=$((k + 1))
		/bin/true
	done
}
head -n 1000000 mailing.txt >asked
lines=$(wc -l <asked)
batch() { "$suppress" check - <asked; }
i=0
while [ "$i" -lt "$runs" ]; do
	i=$((i + 1))
	cpu spawn spawn
	cpu nothing nothing
	cpu batch batch
done
awk -v s="$(median spawn)" -v e="$(median nothing)" 'BEGIN {
	printf "%-34s %8.2f ms CPU (at most 5; a process of nothing: %.2f)\n",
	"check, a process", s * 10, e * 10 }'
awk -v s="$(median batch)" -v n="$lines" 'BEGIN {
	printf "%-34s %8.0f a CPU second (at least 200000)\n",
	"check -", (s > 0 ? n / s : 0) }'
