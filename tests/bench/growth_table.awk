# growth_table.awk - growth.points as a table of Markdown.
BEGIN { FS = "\t" }
{
	if (!($1 in size)) {
		size[$1]
		order[++sizes] = $1
	}
	what = $2 " | " $3 ", " $4
	if (!(what in known)) {
		known[what]
		rows[++n] = what
	}
	value[what, $1] = $5
}
END {
	print "\n## How cost grows\n"
	printf "| row | what |"
	for (i = 1; i <= sizes; i++)
		printf " %g M |", order[i] / 1e6
	printf "\n| ---: | --- |"
	for (i = 1; i <= sizes; i++)
		printf " ---: |"
	print ""
	for (r = 1; r <= n; r++) {
		printf "| %s |", rows[r]
		for (i = 1; i <= sizes; i++)
			printf " %s |", value[rows[r], order[i]]
		print ""
	}
	print "\nRows: rows of the file (2, 5), suppressions (9), lines and" \
		" suppressions (13),\nsuppressions (16).\n\n" \
		"![The same, as a share of the first](growth.svg)"
}
