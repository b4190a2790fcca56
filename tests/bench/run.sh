#!/bin/sh
# run.sh - how fast it is: `run.sh BUILD [PART ...]`. Each part is a file
# tests/bench/PART.part.sh and prints rows of one table: number, what, measured,
# must, aim. CPU seconds of whole processes, medians of BENCH_PAIRS (5) pairs
# run in turn. BENCH_ROWS (1000000) says how many rows of a file.
#   L  a program that only feeds the file to libcsv, with empty callbacks
#   P  peer.py, the script that a user would write
# shellcheck disable=SC2034 # the parts use what is set here
set -eu

BUILD=$(cd "$1" && pwd)
shift
here=$(cd "$(dirname "$0")" && pwd)
rows=${BENCH_ROWS:-1000000}
pairs=${BENCH_PAIRS:-5}
dir=$(mktemp -d "${TMPDIR:-/tmp}/pmta-bench.XXXXXX")
trap 'rm -rf "$dir"' EXIT

# row NUMBER WHAT MEASURED MUST AIM
row() {
	printf '%-4s %-40s %-28s %-12s %s\n' "$@"
}

# pair COMMAND-A COMMAND-B: sets cpu_a cpu_b ratio noise clock kib.
pair() {
	said=$("$BUILD/bench/bench_pairs" "$pairs" "$1" "$2")
	read -r cpu_a cpu_b ratio noise clock kib <<-END
		$said
	END
	: "$cpu_a" "$cpu_b" "$ratio" "$noise" "$clock" "$kib"
}

# The word for a command in a new state folder.
fresh="rm -rf '$dir/state'; mkdir -m 700 '$dir/state';"
program="'$BUILD/pmta-suppress' --state '$dir/state'"

# calc EXPRESSION: to two places.
calc() {
	awk "BEGIN { printf \"%.2f\", $1 }"
}

row '#' what measured must aim
if [ $# -eq 0 ]; then
	for part in "$here"/*.part.sh; do
		name=${part##*/}
		set -- "$@" "${name%.part.sh}"
	done
fi
for part; do
	# shellcheck source=/dev/null
	. "$here/$part.part.sh"
done
