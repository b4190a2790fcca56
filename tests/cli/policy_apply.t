# policy apply: what was only observed becomes the list that it would have
# been, as one change that can be taken back.
. "$SRC/tests/cli/lib.sh"

# bounce DAY RCPT STATUS REPLY
bounce() {
	row b "2026-11-0$1 08:00:00+0000" "$2" "$3 (x)" "smtp;550 $4" \
		"mx.b.example (192.0.2.9)"
}
rows() {
	acct_header
	bounce 1 strong@b.example 5.1.1 "5.1.1 User unknown"
	bounce 1 weak1@b.example 5.0.0 "mailbox unavailable"
	bounce 2 weak2@b.example 5.0.0 "mailbox unavailable"
	bounce 3 weak2@b.example 5.0.0 "mailbox unavailable"
	bounce 3 back@b.example 5.0.0 "mailbox unavailable"
	bounce 4 back@b.example 5.0.0 "mailbox unavailable"
	bounce 3 block@b.example 5.7.1 "5.7.1 blocked using Spamhaus"
	bounce 4 seed@b.example 5.1.1 "5.1.1 User unknown"
	bounce 4 lifted@b.example 5.1.1 "5.1.1 User unknown"
	bounce 4 hand@b.example 5.1.1 "5.1.1 User unknown"
	row d "2026-11-05 08:00:00+0000" back@b.example 2.0.0 \
		"smtp;250 2.0.0 OK" "mx.b.example (192.0.2.9)"
}
calm base.conf
printf '[never-suppress]\nseeds = seed@b.example\n' >>base.conf
rows >rows.csv
state() {
	pmta-suppress dump | grep -v '^change'
}
# Without who was named by a person, and entries that a delivery has ended.
lives() {
	state | grep -v 'hand@\|lifted@' |
		awk -F '\t' '$1 != "entry" || $5 < 2'
}
by_hand() {
	want_ok pmta-suppress add hand@b.example lifted@b.example \
		--class gone.mailbox --reason r
	want_ok pmta-suppress remove lifted@b.example --reason "they asked"
}
enforce() {
	cp base.conf pmta-suppress.conf
}

# What it must come to.
enforce
want_ok pmta-suppress ingest rows.csv
by_hand
lives >want
rm -r state

cat base.conf - >pmta-suppress.conf <<'END'
[policy]
mode = observe
END
want_ok pmta-suppress ingest rows.csv
by_hand
state >observed
want_exit 78 pmta-suppress policy apply
want_line err "policy: [policy] mode = observe lists nobody; set mode = enforce first"
want_ok pmta-suppress policy apply --dry-run
want_line out "would list 2 entries"
want_line out "  gone.mailbox 2"
want_line out "  e.g. strong@b.example"
want_line out "left: 1 that [never-suppress] names"
want_ok pmta-suppress policy apply --dry-run --json
want_line out '{"verb":"apply","dry_run":true,"chosen":2,"listed":0,"never":1,"left_out":0,"bulk":null}'
enforce
want_ok pmta-suppress policy apply --dry-run --since 2026-11-03 --json
want_line out '"chosen":1'
state >now
want_same observed now "a dry run"

want_ok pmta-suppress policy apply
want_line out "listed: 2 entries (bulk 3); to take it back: pmta-suppress undo 3"
lives >now
want_same want now "the list after it"
want_exit 1 pmta-suppress check seed@b.example weak1@b.example \
	back@b.example block@b.example lifted@b.example
want_ok pmta-suppress show weak2@b.example
want_line out "2 of 2 distinct days"
want_exit 1 pmta-suppress policy apply
want_line out "listed: no entries"

# Taken back; a replay brings nothing back; and once more.
want_ok pmta-suppress undo 3
want_exit 1 pmta-suppress check strong@b.example weak2@b.example
{
	rows
	bounce 9 block@b.example 5.7.1 "5.7.1 blocked using Spamhaus"
} >again.csv
want_ok pmta-suppress ingest again.csv
want_exit 1 pmta-suppress check strong@b.example weak2@b.example
want_ok pmta-suppress undo 4
want_ok pmta-suppress check strong@b.example weak2@b.example

# What a storm holds, also what came before it opened, is not applied.
rm -r state
printf '[policy]\nmode = observe\n' >pmta-suppress.conf
{
	acct_header
	for day in 03 05 09 12; do
		gmail_rows d $day 1 200
	done
	gmail_rows b 17 1 200
} >storm.csv
want_exit 0 pmta-suppress ingest storm.csv
want_ok pmta-suppress incident list --json
want_line out '"held":200'
: >pmta-suppress.conf
want_exit 1 pmta-suppress policy apply --json
want_line out '"chosen":0'

want_exit 64 pmta-suppress policy apply now
want_exit 64 pmta-suppress policy apply --nosuch
want_line err "see 'pmta-suppress help policy'"
want_exit 64 pmta-suppress policy test --nosuch
want_line err "see 'pmta-suppress help policy'"
want_exit 64 pmta-suppress report codes --nosuch
want_line err "see 'pmta-suppress help report'"
