#!/bin/sh
# results.sh - BUILD/bench/results.md: the machine, the versions, and what each
# part of the bench found last: `results.sh BUILD [INTO]`. INTO, a file of
# results that is kept, takes it in place of all before its line "## Notes".
set -eu

BUILD=$(cd "$1" && pwd)
results=$BUILD/bench/results

version() {
	printf '%s %s,' "$1" "$(pkg-config --modversion "$2")"
}

table() {
	printf '| %s | %s | %s | %s | %s | %s | %s |\n' '#' what measured noise \
		must aim verdict
	echo '| ---: | --- | --- | --- | --- | --- | --- |'
	cat "$results"/*.tsv | sort -s -n -t '	' -k 1,1 |
		sed 's/	/ | /g; s/^/| /; s/$/ |/; s/| - /| /g'
}

{
	echo '# What the bench measured'
	echo
	echo 'Written by make bench-results from the last run of each part; the'
	echo 'notes at the end are written by hand. The numbers of rows and the bars'
	echo 'are those of tests/bench; more about them stands in run.sh.'
	echo
	echo "- $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1)," \
		"$(nproc) cores," \
		"$(awk '/^MemTotal/ { printf "%.0f", $2 / 1048576 }' \
			/proc/meminfo) GiB, Linux $(uname -r | sed 's/-.*//')," \
		"$(. /etc/os-release && echo "$PRETTY_NAME")"
	echo "- $("$BUILD/pmta-suppress" --version | head -n 1);" \
		"$("$(cut -d ' ' -f 1 "$BUILD/flags")" --version | head -n 1);" \
		"$(version SQLite sqlite3)" \
		"$(version PCRE2 libpcre2-8)" "$(version GMime gmime-3.0)" \
		"Python $(python3 -c 'import platform
print(platform.python_version())' 2>/dev/null || echo none)"
	echo '- noise: half of the rounds are this near to the median; verdict: which'
	echo '  of the two bars is reached, or SHORT of the first'
	sed 's/^/- /' "$results"/*.when
	echo
	table
	[ ! -e "$results/growth.md" ] || cat "$results/growth.md"
} >"$BUILD/bench/results.md"

[ $# -eq 2 ] || exit 0
{
	cat "$BUILD/bench/results.md"
	echo
	[ ! -e "$2" ] || sed -n '/^## Notes/,$p' "$2"
} >"$2.new"
mv "$2.new" "$2"
[ ! -e "$results/growth.svg" ] || cp "$results/growth.svg" "${2%/*}/growth.svg"
