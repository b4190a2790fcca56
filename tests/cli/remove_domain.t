# A lift of a domain: its evidence stands at the end of the day, and what is of
# that day brings nothing back; the days after it count anew.
. "$SRC/tests/cli/lib.sh"

now=$(date -u +%s)
[ $((now % 86400)) -lt 86000 ] || skip "the day is over within minutes"
ago() { # SECONDS: as PowerMTA writes it
	date -u -d "@$((now - $1))" '+%Y-%m-%d %H:%M:%S+0000'
}
gone() { # SECONDS USER
	row b "$(ago "$1")" "$2@dead.example" 5.1.2 \
		"smtp;550 5.1.2 Host unknown: no such domain" \
		"mx.b.example (192.0.2.9)"
}
again() { # FILE SECONDS: what comes after the lift brings nothing back
	want_exit 1 pmta-suppress check @dead.example
	{
		acct_header
		gone "$2" "$1"
	} >"$1.csv"
	want_ok pmta-suppress ingest "$1.csv"
	want_exit 1 pmta-suppress check @dead.example
	want_ok pmta-suppress policy test pmta-suppress.conf --json
	want_line out '"by_class":[]'
	want_line out '"waiting":0'
}
calm
{
	acct_header
	gone 777600 a
	gone 345600 b
	gone 40 c
} >rows.csv
want_ok pmta-suppress ingest rows.csv
want_ok pmta-suppress check @dead.example

# Settings by which a single day is enough.
printf '[policy]\ndomain-days = 1\ndomain-span = 0d\n' >>pmta-suppress.conf
want_ok pmta-suppress remove @dead.example --reason "it is back"
again one 30
want_ok pmta-suppress undo 1
want_ok pmta-suppress check @dead.example
want_ok pmta-suppress remove --class gone.domain --like '@*' --reason back
again two 20
