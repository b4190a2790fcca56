#!/bin/sh
# coverage.sh - lines and branches that the tests reach: `coverage.sh BUILD`,
# where BUILD was made with --coverage and its tests were run. One line a
# folder, then the functions with the most lines that nothing reaches.
set -eu

SRC=$(cd "$(dirname "$0")/.." && pwd)
BUILD=$(cd "$1" && pwd)
out=$BUILD/coverage
rm -rf "$out"
mkdir -p "$out"
cd "$SRC"
find "$BUILD/lib" "$BUILD/pipe" -name '*.gcda' | while read -r data; do
	gcov -n -b -f -o "$data" "$data" 2>/dev/null
done >"$out/told" || true

# gcov's own sums: "File 'x'" or "Function 'x'", then what was reached.
awk '
/^(Calls executed|No calls)/ { kind = "" } # the sum of a run may follow
/^(File|Function) / {
	kind = $1
	name = substr($0, index($0, "\047") + 1)
	sub(/\047.*/, "", name)
	next
}
/^(Lines executed|Branches executed|Taken at least once):/ {
	split($0, part, /[:%]/)
	n = $NF
	reached = part[2] * n / 100
	if (kind == "Function" && /^Lines/)
		printf "function %d %s\n", n - reached + 0.5, name
	if (kind != "File" || name !~ /^(lib|pipe)\/.*\.c$/)
		next
	split(name, dir, "/")
	group = dir[1] == "lib" ? "lib/" dir[2] : "pipe"
	what = /^Lines/ ? "lines" : /^Taken/ ? "branches" : ""
	if (what != "")
		printf "%s %s %.2f %d\n", group, what, reached, n
}' "$out/told" >"$out/sums"

awk '$1 ~ /^(lib\/|pipe)/ {
	reached[$1, $2] += $3; all[$1, $2] += $4; groups[$1]
	if ($1 != "pipe") { reached["lib", $2] += $3; all["lib", $2] += $4 }
}
END {
	groups["lib"]
	for (g in groups)
		printf "%-12s lines %5.1f %% of %5d   branches %5.1f %% of %5d\n",
		    g, 100 * reached[g, "lines"] / all[g, "lines"],
		    all[g, "lines"],
		    100 * reached[g, "branches"] / all[g, "branches"],
		    all[g, "branches"]
}' "$out/sums" | sort
echo "functions with the most lines not reached:"
awk '$1 == "function" { print $2, $3 }' "$out/sums" | sort -rn | head -n "${TOP:-20}"
