#!/bin/sh
# run.sh - how fast it is: `run.sh BUILD [PART ...]`. Each part is a file
# tests/bench/PART.part.sh and prints rows of one table: number, what, measured,
# noise, must, aim, and whether that is met. Figures are CPU seconds of whole
# processes, medians of rounds run in turn; noise says how near to the median
# half of the rounds are. What a part found stays in BUILD/bench/results, and
# all of it becomes BUILD/bench/results.md.
#   L  a program that only feeds the file to libcsv, with empty callbacks
#   P  peer.py, the script that a user would write
# Settings, each with its default:
#   BENCH_PAIRS=5         rounds
#   BENCH_ROWS=1000000    rows of a file; a long one is BENCH_LONG, ten times it
#   BENCH_LIST=10000000   suppressions
#   BENCH_LIVE=60         seconds of live rows
#   BENCH_MAILS=20000     mails in a folder
#   BENCH_CACHE=          a folder that keeps lists and databases for later runs
#   BENCH_GROWTH="1000000 10000000 50000000"   sizes of the part growth
# shellcheck disable=SC2034,SC2154 # the parts use what is set here
set -eu

BUILD=$(cd "$1" && pwd)
shift
here=$(cd "$(dirname "$0")" && pwd)
rows=${BENCH_ROWS:-1000000}
list=${BENCH_LIST:-10000000}
pairs=${BENCH_PAIRS:-5}
dir=$(mktemp -d "${TMPDIR:-/tmp}/pmta-bench.XXXXXX")
trap 'rm -rf "$dir"' EXIT
trap 'exit 1' HUP INT TERM
cache=${BENCH_CACHE:-$dir/cache}
results=$BUILD/bench/results
mkdir -p "$cache" "$results"

# Nothing of this machine's own settings counts.
: >"$dir/empty.conf"
export PMTA_SUPPRESS_CONFIG="$dir/empty.conf"
unset PMTA_SUPPRESS_STATE PMTA_SUPPRESS_RULES
# A python3 that is a script starts slowly: it is the program that is compared.
python=$(python3 -c 'import sys; print(sys.executable)' 2>/dev/null || :)

stop() {
	echo "bench: $*" >&2
	exit 1
}

# row NUMBER WHAT MEASURED MUST AIM: measured begins with a number; a bar is
# "<= 3 MB", or "3x" where more is better, or - for none.
row() {
	verdict=$(awk -v value="$3" -v must="$4" -v aim="$5" 'BEGIN {
		less = must ~ /^</
		sub(/^<=? */, "", must)
		if (must == "-" || value !~ /^[0-9.-]/)
			print "-"
		else if (less ? value + 0 > must + 0 : value + 0 < must + 0)
			print "SHORT"
		else if (aim == "-" ||
		    (less ? value + 0 > aim + 0 : value + 0 < aim + 0))
			print "must"
		else
			print "aim"
	}')
	show "$1" "$2" "$3" "$noise" "$4" "$5" "$verdict"
	printf '%s\t%s\t%s\t%s\t%s\t%s\t%s\n' "$1" "$2" "$3" "$noise" "$4" \
		"$5" "$verdict" >>"$results/$part.new"
	noise=-
}
show() {
	printf '%-3s %-44s %-32s %-8s %-10s %-7s %s\n' "$@"
}

# rounds COMMAND ... against BASE, the first: its lines as bench_pairs has them.
rounds() {
	BENCH_BEFORE=$before "$BUILD/bench/bench_pairs" "$pairs" "$@"
}
before=
noise=-

# taken LINE: sets cpu_a cpu_b ratio noise clock kib.
taken() {
	read -r cpu_a cpu_b ratio noise clock kib <<-END
		$1
	END
	: "$cpu_a" "$cpu_b" "$ratio" "$clock" "$kib"
	noise="+-$noise %"
}

# pair COMMAND-A COMMAND-B: A through B. alone COMMAND: nothing beside it.
pair() {
	taken "$(rounds "$2" "$1")"
}
alone() {
	taken "$(rounds - "$1")"
}

# The word that makes a new state folder, which is not counted.
fresh="rm -rf '$dir/state'; mkdir -m 700 '$dir/state'"
program="'$BUILD/pmta-suppress' --state '$dir/state'"
pipe="'$BUILD/pmta-suppress-pipe' --state '$dir/state' --log '$dir/log'"

# calc EXPRESSION: to two places.
calc() {
	awk "BEGIN { printf \"%.2f\", $1 }"
}

# shellcheck source=made.sh
. "$here/made.sh"

if [ $# -eq 0 ]; then
	for part in "$here"/*.part.sh; do
		name=${part##*/}
		[ "$name" = growth.part.sh ] || set -- "$@" "${name%.part.sh}"
	done
fi
show '#' what measured noise must aim verdict
for part; do
	: >"$results/$part.new"
	about="$pairs rounds, $rows rows, lists of $list"
	# shellcheck source=/dev/null
	. "$here/$part.part.sh"
	echo "$part: $(date -u +%Y-%m-%d), $about" >"$results/$part.when"
	mv "$results/$part.new" "$results/$part.tsv"
done
sh "$here/results.sh" "$BUILD"
