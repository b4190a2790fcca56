# expire: what ran out is told once; nobody is suppressed by it before.
. "$SRC/tests/cli/lib.sh"

{
	acct_header
	row b "2026-01-05 08:00:00+0000" a@nx.example \
		"5.1.2 (bad destination system: no such domain)" "" ""
} >rows.csv
want_ok pmta-suppress ingest rows.csv
want_exit 1 pmta-suppress check a@nx.example
want_ok pmta-suppress export --since-cursor c --output c.csv
want_ok pmta-suppress show a@nx.example
want_line out "until       2026-02-04T08:00:00Z"

want_ok pmta-suppress add b@x.example --reason r --until 2026-12-31
want_ok pmta-suppress ingest rows.csv
{
	acct_header
	row b "2026-03-05 08:00:00+0000" a@nx.example \
		"5.1.2 (bad destination system: no such domain)" "" ""
} >more.csv
want_ok pmta-suppress ingest more.csv
want_ok pmta-suppress expire --dry-run
want_eq "$(cat out)" "would end: 1 entries" "dry run"
want_ok pmta-suppress expire --json
want_eq "$(cat out)" '{"dry_run":false,"ended":1}' "json"
want_ok pmta-suppress expire
want_eq "$(cat out)" "ended: 0 entries" "once"
want_ok pmta-suppress show a@nx.example
want_line out "ended"
want_ok pmta-suppress status
want_line out "active 1, held 0, lifted 0, ended 1"
want_exit 64 pmta-suppress expire now

# Many are ended in several commits; a delta ends them, too.
mkdir many
awk -v until="$(date -u -d '+5 seconds' +%FT%TZ)" 'BEGIN {
	print "address,until"
	for (i = 0; i < 4500; i++) print "u" i "@x.example," until }' >many.csv
want_ok pmta-suppress --state many import many.csv --reason r
sleep 6
want_ok pmta-suppress --state many expire --dry-run
want_eq "$(cat out)" "would end: 4500 entries" "dry run of many"
cp -r many delta
want_ok pmta-suppress --state many expire
want_eq "$(cat out)" "ended: 4500 entries" "many"
want_exit 0 pmta-suppress --state delta export --since-cursor c --output d.csv
want_ok pmta-suppress --state delta expire
want_eq "$(cat out)" "ended: 0 entries" "ended by export"

# What ended is not told again by one more failure, only by as many as it
# takes; rows that come late move when it began, and that is told to nobody.
full() { # full DAY...: a row each
	acct_header
	for day; do
		row t "$day 08:00:00+0000" full@x.example \
			"4.2.2 (mailbox full)" "smtp;452 4.2.2 mailbox full" \
			"mx.x.example (192.0.2.9)"
	done
}
told() { # told N WHAT: so many changes of full@x.example are known
	pmta-suppress changes | grep -c "full@x.example" >n
	want_eq "$(cat n)" "$1" "$2"
}
full 2026-01-01 2026-01-05 2026-01-09 2026-01-13 2026-01-16 >1.csv
full 2026-04-01 >2.csv
full 2025-12-31 >3.csv
full 2026-04-05 2026-04-09 2026-04-13 2026-04-16 >4.csv
want_ok pmta-suppress ingest 1.csv
want_line out "suppressed 1"
want_ok pmta-suppress expire
told 2 "begun and ended"
pipe_rows 2.csv
want_line pipe.log "suppressed 0"
want_ok pmta-suppress show full@x.example
want_line out "ended"
want_ok pmta-suppress ingest 3.csv
want_line out "suppressed 0"
told 2 "one more failure, and a late one"
want_ok pmta-suppress expire
want_eq "$(cat out)" "ended: 0 entries" "nothing was listed"
want_ok pmta-suppress show full@x.example
want_line out "ended"
want_line out "since       2026-01-16T08:00:00Z"
want_line out "reason      6 of 5 distinct messages, over 16 of 14 days"
full 2025-12-27 >5.csv
want_ok pmta-suppress ingest 5.csv
want_ok pmta-suppress show full@x.example
want_line out "since       2026-01-13T08:00:00Z"
want_line out "ended"
told 2 "its begin moved"
want_ok pmta-suppress ingest 4.csv
want_line out "suppressed 1"
told 3 "enough of them again"
# One of January came while the first lasted: it is the first of these five.
want_ok pmta-suppress list --all full@x.example
want_line out "2026-06-12T08:00:00Z"

# Nor does it matter to the number of the new ones that nobody looked at the
# end of the one before.
mkdir unseen
full 2026-01-01 2026-01-05 2026-01-09 2026-01-13 2026-01-16 >6.csv
full 2026-04-01 2026-04-05 2026-04-09 2026-04-13 2026-04-16 >7.csv
want_ok pmta-suppress --state unseen ingest 6.csv
want_ok pmta-suppress --state unseen ingest 7.csv
want_line out "suppressed 1"

# What a person does later to one that has ended never tells the feed that it
# is on the list.
want_ok pmta-suppress add w@x.example --reason r --until 1s
want_ok pmta-suppress add w@x.example --reason r --class fbl.abuse
sleep 2
want_ok pmta-suppress expire
want_ok pmta-suppress remove w@x.example --reason back --consent asked
bulk=$(sed -n 's/.*undo \([0-9]*\).*/\1/p' out | head -n 1)
want_ok pmta-suppress undo "${bulk:-1}"
want_ok pmta-suppress changes
want_eq "$(grep "w@x.example,global,manual" out | cut -d, -f3 | tr '\n' ' ')" \
	"add remove remove remove " "the feed"
want_eq "$(grep "w@x.example,global,fbl.abuse" out | cut -d, -f3 | tr '\n' ' ')" \
	"add remove add " "the feed of the other"
