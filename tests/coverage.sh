#!/bin/sh
# coverage.sh - lines and branches that the tests reach: `coverage.sh BUILD`,
# where BUILD was made with --coverage and its tests were run. Prints a line a
# folder and the functions with the most branches that nothing takes; keeps all
# of those in BUILD/coverage/uncovered.txt. Fails when lib/ falls below its
# floor, or when lib/store or pipe/ has more of them than coverage.txt explains.
set -eu

SRC=$(cd "$(dirname "$0")/.." && pwd)
BUILD=$(cd "$1" && pwd)
out=$BUILD/coverage
rm -rf "$out"
mkdir -p "$out"
cd "$SRC"

# A file that nothing ran has notes (.gcno) and no counts: all is unreached.
find "$BUILD/lib" "$BUILD/pipe" -name '*.gcno' | sort | while read -r notes; do
	gcov -t -b -c "$notes" 2>/dev/null || true
done >"$out/annotated"

# FILE FUNCTION lines reached, lines, branches taken, branches; and each line
# with a branch never taken as "file:line: function: N of M: its text".
awk -v told="$out/uncovered.txt" '
function flush_line() {
	if (missed > 0)
		printf "%s:%d: %s: %d of %d: %s\n", file, line, name, \
		    missed, all, text >told
	missed = all = 0
}
/^ *-: *0:Source:/ {
	flush_line()
	file = $0
	sub(/^ *-: *0:Source:/, "", file)
	ours = file ~ /^(lib|pipe)\/.*\.c$/
	next
}
!ours || /^ *-: *0:/ { next }
/^function / { flush_line(); name = $2; next }
/^(call|unconditional) / { next }
/^branch / {
	all++
	sum[file " " name, "branches"]++
	if (/never executed|taken 0( |$)/)
		missed++
	else
		sum[file " " name, "taken"]++
	next
}
/^ *[^ ]+: *[0-9]+:/ {
	flush_line()
	split($0, part, ":")
	line = part[2] + 0
	text = substr($0, length(part[1]) + length(part[2]) + 3)
	gsub(/^[ \t]+/, "", text)
	if (part[1] ~ /-$/)
		next
	key = file " " name
	keys[key]
	sum[key, "lines"]++
	if (part[1] !~ /#|=/)
		sum[key, "reached"]++
}
END {
	flush_line()
	for (key in keys)
		print key, sum[key, "reached"] + 0, sum[key, "lines"] + 0, \
		    sum[key, "taken"] + 0, sum[key, "branches"] + 0
}' "$out/annotated" | sort >"$out/functions.txt"

# One line a folder, and lib as a whole.
awk '
function add(group) {
	groups[group]
	reached[group] += $3
	lines[group] += $4
	taken[group] += $5
	branches[group] += $6
}
{
	split($1, dir, "/")
	add(dir[1] == "lib" ? "lib/" dir[2] : dir[1])
	if (dir[1] == "lib")
		add("lib")
}
END {
	for (g in groups)
		printf "%-12s lines %5.1f %% of %5d   branches %5.1f %% of %5d\n",
		    g, 100 * reached[g] / lines[g], lines[g],
		    100 * taken[g] / branches[g], branches[g]
}' "$out/functions.txt" | sort | tee "$out/folders.txt"

echo "functions with the most branches that nothing takes:"
awk '$6 > $5 { print $6 - $5, $1, $2 }' "$out/functions.txt" |
	sort -rn | head -n "${TOP:-10}"

# What coverage.txt explains: FILE FUNCTION BRANCHES REASON.
echo "not taken and not explained (see $out/uncovered.txt):"
grep -v '^#' tests/coverage.txt | awk '
FILENAME == "-" { explained[$1 " " $2] = $3; next }
$1 ~ /^(lib\/store|pipe)\// && $6 - $5 > explained[$1 " " $2] {
	printf "%s %s: %d, of which %d are explained\n", $1, $2, $6 - $5,
	    explained[$1 " " $2]
}' - "$out/functions.txt" | tee "$out/unexplained.txt"

awk '$1 == "lib" && ($3 < 95 || $8 < 85) {
	print "lib/ must reach 95 % of its lines and 85 % of its branches"
	exit 1
}' "$out/folders.txt" && [ ! -s "$out/unexplained.txt" ]
