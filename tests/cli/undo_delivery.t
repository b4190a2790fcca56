# An undo brings back what was, but for what a delivery has cleared since.
. "$SRC/tests/cli/lib.sh"

cat >pmta-suppress.conf <<'END'
[policy]
full-mailbox-messages = 1
full-mailbox-span = 0
END
ago() { # ago DAYS: a time so long ago, as PowerMTA writes it
	date -u -d "@$(($(date +%s) - $1 * 86400))" "+%Y-%m-%d %H:%M:%S+0000"
}
full() { # full DAYS RCPT
	row t "$(ago "$1")" "$2" "4.2.2 (mailbox full)" \
		"smtp;452 4.2.2 Mailbox full" "mx.b.example (192.0.2.9)"
}
delivered() { # delivered DAYS RCPT...: rows of a file of their own
	days=$1
	shift
	acct_header >"d$days.csv"
	for rcpt; do
		row d "$(ago "$days")" "$rcpt" "2.0.0 (success)" \
			"smtp;250 2.0.0 OK" "mx.b.example (192.0.2.9)"
	done >>"d$days.csv"
	want_ok pmta-suppress ingest "d$days.csv"
}
last() { # the number of the latest bulk
	pmta-suppress undo --list | awk 'NR == 2 { print $1 }'
}
{
	acct_header
	for who in held@c gone@b kept@b; do
		full 9 $who.example
	done
} >full.csv
want_ok pmta-suppress ingest full.csv
for who in held@c gone@b kept@b; do
	want_exit 0 pmta-suppress check $who.example
done

# Held by a person, delivered: it is lifted as one in force is; the undo of the
# hold lists nobody, and says so.
want_ok pmta-suppress hold 'held@c.example' --class full --reason "looks odd"
want_ok pmta-suppress show held@c.example
want_line out "entry: full.mailbox, global: held"
delivered 7 held@c.example
want_ok pmta-suppress show held@c.example
want_line out "entry: full.mailbox, global: lifted"
want_line out "remove full.mailbox, global, by policy: a later delivery"
want_exit 1 pmta-suppress undo "$(last)"
want_line out "undone: 0 changes"
want_line out "1 left"
want_exit 1 pmta-suppress check held@c.example

# Lifted, delivered: of two only the one that took no mail comes back.
want_ok pmta-suppress remove --domain b.example --class full --reason outage
bulk=$(last)
delivered 6 gone@b.example
pmta-suppress dump | grep '^evidence' >void
cp d6.csv again.csv
want_ok pmta-suppress ingest again.csv
pmta-suppress dump | grep '^evidence' >now
want_same void now "a delivery given again"
want_ok pmta-suppress undo "$bulk"
want_line out "undone: 1 changes"
want_line out "1 left"
want_exit 1 pmta-suppress check gone@b.example
want_ok pmta-suppress show gone@b.example
want_line out "cleared"
want_exit 0 pmta-suppress check kept@b.example

# The undo of that, and of that again.
want_ok pmta-suppress undo "$(last)"
want_exit 1 pmta-suppress check kept@b.example
want_ok pmta-suppress undo "$(last)"
want_exit 1 pmta-suppress check gone@b.example
want_exit 0 pmta-suppress check kept@b.example

# What an undo brought back is cleared by the next delivery.
delivered 5 kept@b.example
want_exit 1 pmta-suppress check kept@b.example

# An entry whose evidence is a person's word is put back whatever came.
want_ok pmta-suppress add hand@b.example --reason r
want_ok pmta-suppress hold 'hand@b.example' --reason "looks odd"
delivered 4 hand@b.example
want_ok pmta-suppress show hand@b.example
want_line out "entry: manual, global: held"
want_ok pmta-suppress undo "$(last)"
want_exit 0 pmta-suppress check hand@b.example

# What is left of the evidence once a delivery has cleared a part of it decides:
# it is no longer enough, or the entry begins later.
cat >pmta-suppress.conf <<'END'
[policy]
full-mailbox-messages = 3
full-mailbox-span = 0
END
{
	acct_header
	for days in 19 18 17; do
		full $days few@e.example
		full $days held@e.example
		full $days some@e.example
	done
	full 15 some@e.example
	full 14 some@e.example
} >parts.csv
want_ok pmta-suppress ingest parts.csv
for who in few held some; do
	want_ok pmta-suppress check $who@e.example
done
want_ok pmta-suppress remove few@e.example some@e.example --reason outage
lift=$(last)
want_ok pmta-suppress hold held@e.example --reason "looks odd"
hold=$(last)
{
	acct_header
	for who in few held some; do
		row d "$(ago 18 | sed 's/ .*/ 23:59:59+0000/')" $who@e.example \
			"2.0.0 (success)" "smtp;250 2.0.0 OK" \
			"mx.b.example (192.0.2.9)"
	done
} >between.csv
want_ok pmta-suppress ingest between.csv
want_exit 1 pmta-suppress undo "$hold"
want_line out "1 left"
want_exit 1 pmta-suppress check held@e.example
want_ok pmta-suppress undo "$lift"
want_line out "undone: 1 changes"
want_line out "1 left"
want_exit 1 pmta-suppress check few@e.example
want_ok pmta-suppress check some@e.example
want_line out "since $(ago 14 | sed 's/ .*//')"
pmta-suppress dump | grep -v '^change' >undone
want_ok pmta-suppress undo "$(last)"
want_exit 1 pmta-suppress check some@e.example
want_ok pmta-suppress undo "$(last)"
want_ok pmta-suppress check some@e.example
want_line out "since $(ago 14 | sed 's/ .*//')"
want_exit 1 pmta-suppress check few@e.example
pmta-suppress dump | grep -v '^change' >now
want_same undone now "undo of the undo"

# Held by a person, lifted, delivered: the undo of the lift holds nobody again.
{
	acct_header
	for days in 12 11 10; do
		full $days twice@h.example
	done
} >twice.csv
want_ok pmta-suppress ingest twice.csv
want_ok pmta-suppress hold twice@h.example --reason "looks odd"
want_ok pmta-suppress remove twice@h.example --reason back
lift=$(last)
want_ok pmta-suppress undo "$lift"
want_ok pmta-suppress show twice@h.example
want_line out "entry: full.mailbox, global: held"
want_ok pmta-suppress remove twice@h.example --reason back
lift=$(last)
delivered 3 twice@h.example
want_exit 0 pmta-suppress undo "$lift"
want_line out "1 left"
want_ok pmta-suppress show twice@h.example
want_line out "entry: full.mailbox, global: lifted"

# What a delivery does not clear counts when it is read late, too.
{
	acct_header
	for day in 03 05; do
		row b "2026-08-$day 10:00:00+0000" back@l.example "5.0.0 (undefined)" \
			"smtp;550 5.1.1" "mx.l.example (192.0.2.9)"
	done
	row d "2026-08-12 10:00:00+0000" back@l.example "2.0.0 (success)" \
		"smtp;250 2.0.0 ok" "mx.l.example (192.0.2.9)"
} >weak.csv
{
	acct_header
	row b "2026-08-07 10:00:00+0000" back@l.example "5.1.1 (no)" \
		"smtp;550 5.1.1 no such user" "mx.l.example (192.0.2.9)"
} >strong.csv
want_ok pmta-suppress ingest weak.csv
want_exit 1 pmta-suppress check back@l.example
want_ok pmta-suppress ingest strong.csv
want_exit 0 pmta-suppress check back@l.example

# Reports that an incident held, delivered since, then released: their undo
# finds them, also when the parallel file tells the deliveries once more.
rm -rf state
cat >pmta-suppress.conf <<'CONF'
[storm]
report-floor = 4
[trust]
bounces = any
[policy]
full-mailbox-messages = 1
full-mailbox-span = 0
CONF
{
	acct_header
	for i in 1 2 3 4 5 6 7 8; do
		row rb "$(ago 20)" "late$i@r.example" "5.2.2 (mailbox full)" \
			"smtp;552 5.2.2 Mailbox full" "mx.r.example (192.0.2.8)"
	done
	for i in 1 2 3 4 5 6 7 8; do
		row d "$(ago 19)" "late$i@r.example" "2.0.0 (success)" \
			"smtp;250 2.0.0 OK" "mx.r.example (192.0.2.8)"
	done
} >late.csv
pipe_rows late.csv || fail "pipe: exit $?"
id=$(pmta-suppress incident list | awk 'NR == 2 { print $1 }')
want_ok pmta-suppress incident list
want_line out "$id   open   8  "
want_ok pmta-suppress incident release "$id" --reason "they are full"
want_ok pmta-suppress check late8@r.example
pmta-suppress dump >released
want_ok pmta-suppress ingest late.csv
pmta-suppress dump >now
want_same released now "the parallel file"
want_ok pmta-suppress undo "$(last)"
want_line out "with 8 pieces of evidence"
want_ok pmta-suppress incident list
want_line out "$id   open   8  "
want_exit 1 pmta-suppress check late8@r.example

# A delivery is noted also on reports that an incident holds, and on those that a
# person has discarded: quiet days after it clear them, whatever becomes of them.
cat >pmta-suppress.conf <<'CONF'
[storm]
report-floor = 4
[trust]
bounces = any
[policy]
full-mailbox-messages = 2
full-mailbox-span = 0
CONF
reported() { # reported DAYS: a report about each of them
	acct_header
	for i in 1 2 3 4 5 6 7 8; do
		row rb "$(ago "$1")" "full$i@r.example" "5.2.2 (mailbox full)" \
			"smtp;552 5.2.2 Mailbox full" "mx.r.example (192.0.2.8)"
	done
}
reported 30 >first.csv
row rb "$(ago 5)" full8@r.example "5.2.2 (mailbox full)" \
	"smtp;552 5.2.2 Mailbox full" "mx.r.example (192.0.2.8)" >last.csv
acct_header | cat - last.csv >second.csv
for how in held discarded; do
	rm -rf state
	want_ok pmta-suppress ingest first.csv
	want_ok pmta-suppress incident show 1
	[ $how = held ] ||
		want_ok pmta-suppress incident discard 1 --reason odd
	delivered 28 full8@r.example
	[ $how = held ] || want_ok pmta-suppress undo "$(last)"
	want_ok pmta-suppress show full8@r.example
	want_line out ": held"
	want_ok pmta-suppress ingest second.csv
	want_exit 1 pmta-suppress check full8@r.example
done

# Held, released, delivered: the undo of the release holds nobody who has taken
# mail since.
rm -rf state
cat >pmta-suppress.conf <<'CONF'
[storm]
breaker-floor = 1
CONF
delivered 20 b1@s.example b2@s.example b3@s.example
{
	acct_header
	for i in 1 2 3; do
		row b "$(ago 9)" "b$i@s.example" "5.1.1 (no)" \
			"smtp;550 5.1.1 no such user" "mx.s.example (192.0.2.8)"
	done
} >burst.csv
want_ok pmta-suppress ingest burst.csv
id=$(pmta-suppress incident list | awk 'NR == 2 { print $1 }')
want_ok pmta-suppress incident release "$id" --reason "they are dead"
want_ok pmta-suppress check b2@s.example b3@s.example
delivered 7 b3@s.example
want_ok pmta-suppress undo "$(last)"
want_ok pmta-suppress show b2@s.example
want_line out ": held"
want_ok pmta-suppress show b3@s.example
want_line out ": cleared"
want_ok pmta-suppress undo "$(last)"
want_ok pmta-suppress check b2@s.example b3@s.example
want_ok pmta-suppress undo "$(last)"
pmta-suppress dump | grep -v '^counter' >undone
cp d7.csv again7.csv
want_ok pmta-suppress ingest again7.csv
pmta-suppress dump | grep -v '^counter' >now
want_same undone now "the delivery given again"
