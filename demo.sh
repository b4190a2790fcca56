#!/bin/sh
# demo.sh - `make demo`: the sample records go through the real pipe program
# into a journal and a database in build/demo, and what came of it is shown.
# `demo.sh BUILD`
set -eu

here=$(cd "$(dirname "$0")" && pwd)
build=${1:-$here/build}
state=$build/demo
sample=$here/tests/data/sample-acct.csv

title() {
	printf '\n== %s\n' "$*"
}

# Runs one of our programs and shows what was run.
show() {
	printf '$ %s\n' "$*"
	"$@" || [ $? -eq 1 ] # 1: the answer is no
}

# The sample's days, moved so that the last one was yesterday: an entry that
# stands for 30 days would long be over otherwise.
moved() {
	last=$(grep -o '^[a-z]*,20[0-9-]*' "$sample" | sed 's/.*,//' | sort | tail -n 1)
	days=$((($(date -u +%s) - $(date -u -d "$last" +%s)) / 86400 - 1))
	grep -o '20[0-9][0-9]-[01][0-9]-[0-3][0-9] ' "$sample" | sort -u |
		while read -r day; do
			echo "s/$day /$(date -u -d "$day + $days days" +%Y-%m-%d)@ /g"
		done >"$state/days.sed"
	sed -f "$state/days.sed" "$sample" | sed 's/\(20[0-9-]*\)@ /\1 /g'
}

rm -rf "$state"
mkdir -p "$state"
chmod 2750 "$state"
moved >"$state/acct.csv"

title "Sample accounting records go into the pipe, as PowerMTA would write them"
printf '$ %s\n' "$build/pmta-suppress-pipe --state $state --log stderr <$state/acct.csv"
# A pipe, as PowerMTA gives it, not a file.
# shellcheck disable=SC2002
cat "$state/acct.csv" |
	"$build/pmta-suppress-pipe" --state "$state" --log stderr

title "Rows by type, verdicts by class, and what is on the list"
show "$build/pmta-suppress" --state "$state" status

title "Who is suppressed, and why"
show "$build/pmta-suppress" --state "$state" list

title "May these be mailed?"
show "$build/pmta-suppress" --state "$state" check ben@fjord.example \
	gustav@hotmail.example

title "Why is fiona@fjord.example on the list?"
show "$build/pmta-suppress" --state "$state" show fiona@fjord.example

title "The list for the sending application"
show "$build/pmta-suppress" --state "$state" export
