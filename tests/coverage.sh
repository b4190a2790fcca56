#!/bin/sh
# coverage.sh - lines and branches that the tests reach: `coverage.sh BUILD`,
# where BUILD was made with --coverage and its tests were run. Prints a line a
# folder, the functions with the most branches that nothing takes, and those of
# lib/store and pipe/ that have more of them than coverage.txt explains; all of
# them stand in BUILD/coverage/uncovered.txt. Fails when lib/ falls below its
# floor.
set -eu

SRC=$(cd "$(dirname "$0")/.." && pwd)
BUILD=$(cd "$1" && pwd)
out=$BUILD/coverage
rm -rf "$out"
mkdir -p "$out"
cd "$SRC"

# A file that nothing ran has notes (.gcno) and no counts: all is unreached.
# Unit tests of pipe/ have its files in their own objects.
{
	find "$BUILD/lib" "$BUILD/pipe" -name '*.gcno'
	find "$BUILD/tests" -name '*.gcno' -exec grep -l '/pipe/[a-z]*\.c' {} +
} | sort | while read -r notes; do
	gcov -t -b -c "$notes" 2>/dev/null || true
done >"$out/annotated"

# FILE FUNCTION lines reached, lines, branches taken, branches; and each line
# with a branch never taken as "file:line: function: N of M: its text". What
# one object reached is reached.
awk -v told="$out/uncovered.txt" '
/^ *-: *0:Source:/ {
	file = $0
	sub(/^ *-: *0:Source:/, "", file)
	sub(/^tests\/[a-z]*\/\.\.\/\.\.\//, "", file)
	ours = file ~ /^(lib|pipe)\/[a-z_0-9\/]*\.c$/
	next
}
!ours || /^ *-: *0:/ { next }
/^function / { name = $2; next }
/^(call|unconditional) / { next }
/^branch / {
	row = line SUBSEP k++
	is_branch[row] = line
	if (!/never executed/ && !/taken 0( |$)/)
		taken[row] = 1
	next
}
/^ *[^ ]+: *[0-9]+:/ {
	split($0, part, ":")
	if (part[1] ~ /-$/)
		next
	k = 0
	line = file ":" (part[2] + 0)
	text[line] = substr($0, length(part[1]) + length(part[2]) + 3)
	gsub(/^[ \t]+/, "", text[line])
	function_of[line] = name
	if (part[1] !~ /#|=/)
		reached[line] = 1
}
END {
	for (row in is_branch) {
		all[is_branch[row]]++
		hit[is_branch[row]] += taken[row]
	}
	for (line in function_of) {
		key = substr(line, 1, index(line, ":") - 1) " " \
		    function_of[line]
		lines[key]++
		lines_hit[key] += reached[line]
		branches[key] += all[line]
		branches_hit[key] += hit[line]
		if (all[line] > hit[line])
			printf "%s: %s: %d of %d: %s\n", line, \
			    function_of[line], all[line] - hit[line], \
			    all[line], text[line] >told
	}
	for (key in lines)
		print key, lines_hit[key] + 0, lines[key], \
		    branches_hit[key] + 0, branches[key] + 0
}' "$out/annotated" | sort >"$out/functions.txt"
sort -t: -k1,1 -k2,2n -o "$out/uncovered.txt" "$out/uncovered.txt"

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
}' "$out/folders.txt"
