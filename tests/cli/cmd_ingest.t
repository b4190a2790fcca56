# ingest: files once each, whatever they are called; broken ones are told.
. "$SRC/tests/cli/lib.sh"

mkdir state
# bounce DAY ADDRESS: a row of a dead mailbox.
bounce() {
	row b "2026-10-$1 08:00:00+0000" "$2" \
		"5.1.1 (bad destination mailbox address)" \
		"smtp;550 5.1.1 <$2>: user unknown" "mx.x.example (192.0.2.9)"
}
# ingest WANT-TEXT FILE...: exit 0, and what is said of the last file.
ingest() {
	ingest_text=$1
	shift
	want_ok pmta-suppress ingest "$@"
	want_line out "$ingest_text"
}

{ acct_header; bounce 05 ada@x.example; } >a.csv
{ acct_header; bounce 06 bob@x.example; printf %s "$(bounce 07 cyd@x.example)"; } >b.csv
touch -d "2 hours ago" b.csv
ingest "b.csv: rows 2 (b 2) used 2 skipped 0 suppressed 2" a.csv b.csv
want_exit 0 pmta-suppress check cyd@x.example
ingest "a.csv: nothing new: all of it was read before" a.csv
NOTHING='"rows":0,"rows_by_type":{},"used":0,"skipped":{},"suppressed":0,"held":0,"last_row_left":false}'
want_eq "$(pmta-suppress ingest --json a.csv)" \
	'{"file":"a.csv","read_before":true,'"$NOTHING" json

# Grown, moved, packed, unpacked and grown again: the same file.
bounce 08 dan@x.example >>a.csv
ingest "a.csv: rows 1 (b 1) used 1 skipped 0 suppressed 1" a.csv
mv a.csv moved.csv
ingest "moved.csv: nothing new" moved.csv
gzip moved.csv
ingest "moved.csv.gz: nothing new" moved.csv.gz
mkdir sub
zcat moved.csv.gz >sub/a.csv
bounce 09 eve@x.example >>sub/a.csv
ingest "sub/a.csv: rows 1 (b 1) used 1" sub/a.csv
# The same path from elsewhere is the same file; another file under it is not.
ingest "nothing new" "$PWD/sub/../sub/a.csv"
{ acct_header; bounce 10 fay@x.example; } >sub/a.csv
ingest "sub/a.csv: rows 1 (b 1) used 1" sub/a.csv
rm moved.csv.gz
{ acct_header; bounce 05 ada@x.example; bounce 08 dan@x.example
  bounce 09 eve@x.example; } >copy.csv
ingest "copy.csv: nothing new" copy.csv
want_ok pmta-suppress list --json
want_eq "$(wc -l <out)" 6 "six addresses"

# Empty files and headers alone are fine.
: >empty.csv
ingest "empty.csv: nothing new: it is empty" empty.csv
ingest "empty.csv: nothing new: it is empty" empty.csv
want_eq "$(pmta-suppress ingest --json empty.csv)" \
	'{"file":"empty.csv","read_before":false,'"$NOTHING" "an empty one, JSON"
acct_header >head.csv
ingest "head.csv: rows 0" head.csv

# One that cannot be read is told, the others are done.
want_exit 66 pmta-suppress ingest absent.csv
want_eq "$(wc -l <err)" 1 "told once"
want_line err "absent.csv: cannot open: "
{ acct_header; bounce 11 gus@x.example; } >c.csv
want_exit 66 pmta-suppress ingest absent.csv c.csv gone.csv
want_line err "pmta-suppress: absent.csv: cannot open: "
want_line err "pmta-suppress: ingest: 2 of 3 files could not be read to their end"
want_exit 0 pmta-suppress check gus@x.example

# A packed file that is cut gives what it has; whole, it gives the rest.
{ acct_header
  bounce 12 NAME@x.example | awk '{ for (i = 1; i <= 3000; i++) {
	line = $0; gsub(/NAME/, "n" i "-" i * 7919 % 10007, line); print line } }'
  bounce 13 last@x.example; } >big.csv
gzip -k big.csv
head -c $(($(wc -c <big.csv.gz) / 2)) big.csv.gz >cut.csv.gz
want_exit 66 pmta-suppress ingest cut.csv.gz
want_line err "cut.csv.gz: the gzip stream is cut"
want_exit 0 pmta-suppress check n1-7919@x.example
want_exit 1 pmta-suppress check last@x.example
want_ok pmta-suppress ingest big.csv.gz
want_exit 0 pmta-suppress check last@x.example
ingest "big.csv: nothing new" big.csv
want_ok pmta-suppress status --json
want_line out '"b":3008'

# A short one is told each time, too; its rows are shown as well.
printf '%s\n' type,timeLogged,rcpt,dsnStatus,dsnDiag,dsnMta \
	"b,2026-10-13 08:00:00+0000,joe@x.example,5.1.1,smtp;550 5.1.1 no such user,mx" |
	gzip | head -c -4 >short.csv.gz
want_exit 66 pmta-suppress ingest --dry-run short.csv.gz
want_line out "short.csv.gz:1: b joe@x.example: gone.mailbox, "
want_line err "short.csv.gz: the gzip stream is cut"
for said in "rows 1 (b 1) used 1" "" ""; do
	want_exit 66 pmta-suppress ingest short.csv.gz
	[ -z "$said" ] || want_line out "short.csv.gz: $said"
	want_line err "short.csv.gz: the gzip stream is cut"
done

# Rows that stand plain behind packed ones are told; both files are read.
{ acct_header; bounce 13 kim@x.example; } | gzip >glued.csv.gz
{ acct_header; bounce 13 lee@x.example; } >>glued.csv.gz
want_exit 66 pmta-suppress ingest glued.csv.gz
want_line err "glued.csv.gz: what stands behind the gzip stream is not packed"
want_exit 0 pmta-suppress check kim@x.example
want_exit 1 pmta-suppress check lee@x.example
want_exit 66 pmta-suppress ingest --dry-run glued.csv.gz
want_exit 65 pmta-suppress scrub glued.csv.gz

# A file that is still being written keeps its unfinished last row waiting.
{ acct_header; bounce 14 hal@x.example; printf 'b,2026-10-1'; } >grow.csv
exec 3>>grow.csv
want_ok pmta-suppress ingest grow.csv
if grep -q "still being written" out; then
	bounce 15 ida@x.example | cut -c 12- >&3
	exec 3>&-
	ingest "grow.csv: rows 1 (b 1) used 1 skipped 0" grow.csv
	want_exit 0 pmta-suppress check ida@x.example
else
	echo "no leases here: growing files are not told from whole ones"
fi
exec 3>&-

# Nor is one taken whose writer cannot be seen, until an hour has passed.
{ acct_header; bounce 14 jon@x.example; printf 'b,2026-10-1'; } >fresh.csv
ingest "fresh.csv: rows 1 (b 1) used 1 skipped 0 suppressed 1 held 0 (its last row has no end yet: run it again later)" \
	fresh.csv
ingest "fresh.csv: rows 0 used 0 skipped 0 suppressed 0 held 0 (its last row has no end yet: run it again later)" \
	fresh.csv
want_ok pmta-suppress ingest --json fresh.csv
want_line out '"last_row_left":true'
bounce 15 kay@x.example | cut -c 12- | tr -d '\n' >>fresh.csv
ingest "fresh.csv: rows 0" fresh.csv
want_exit 1 pmta-suppress check kay@x.example
touch -d "2 hours ago" fresh.csv
ingest "fresh.csv: rows 1 (b 1) used 1 skipped 0 suppressed 1 held 0" fresh.csv
want_no_line out "no end yet"
want_exit 0 pmta-suppress check kay@x.example
ingest "fresh.csv: nothing new" fresh.csv
{ acct_header; printf %s "$(bounce 16 lea@x.example)"; } | gzip >end.csv.gz
ingest "end.csv.gz: rows 1 (b 1) used 1" end.csv.gz
want_exit 0 pmta-suppress check lea@x.example

# Another file with the same first 4 KiB is another file: no row is missed.
# many NAME COUNT: so many rows about NAME1, NAME2 ...
many() {
	bounce 17 NAME@x.example | awk -v n="$1" -v c="$2" '{
		for (i = 1; i <= c; i++) {
			line = $0; gsub(/NAME/, n i, line); print line } }'
}
{ acct_header; many same 40; } >base.csv
[ "$(head -n 30 base.csv | wc -c)" -gt 4096 ] || fail "the head is too short"
{ cat base.csv; many one 40; } >one.csv
{ cat base.csv; many two 60; } >two.csv
ingest "one.csv: rows 80 (b 80) used 80" one.csv
ingest "two.csv: rows 100 (b 100)" two.csv
want_exit 0 pmta-suppress check two1@x.example
want_exit 0 pmta-suppress check two40@x.example
ingest "one.csv: nothing new" one.csv
ingest "two.csv: nothing new" two.csv
# Under the other's name, too; and one that was read is known where it went.
mv one.csv three.csv
{ cat base.csv; many four 70; } >one.csv
ingest "one.csv: rows 110 (b 110)" one.csv
want_exit 0 pmta-suppress check four1@x.example
gzip three.csv
ingest "three.csv.gz: nothing new" three.csv.gz
zcat three.csv.gz >three.csv
many five 3 >>three.csv
ingest "three.csv: rows 3 (b 3) used 3" three.csv
mv two.csv moved-two.csv
ingest "moved-two.csv: nothing new" moved-two.csv
# One that was cut short in its place and written anew.
{ cat base.csv; many six 5; } >one.csv
ingest "one.csv: rows 45 (b 45)" one.csv
want_exit 0 pmta-suppress check six5@x.example
# So, too, when a packed one breaks before the other one's place.
{ cat base.csv; many seven 3000; } >seven.csv
{ cat base.csv; many eight 3000; } | gzip >eight.csv.gz
head -c $(($(wc -c <eight.csv.gz) / 2)) eight.csv.gz >cut8.csv.gz
want_ok pmta-suppress ingest seven.csv
want_exit 66 pmta-suppress ingest cut8.csv.gz
want_line err "cut8.csv.gz: the gzip stream is cut"
want_exit 0 pmta-suppress check eight9@x.example
want_exit 1 pmta-suppress check eight3000@x.example
ingest "eight.csv.gz: rows " eight.csv.gz
want_exit 0 pmta-suppress check eight3000@x.example

# What it would lead to: an object an event, without any database.
want_ok pmta-suppress --state nowhere ingest --dry-run --json c.csv b.csv
want_eq "$(wc -l <out)" 3 "an object an event"
want_line out '{"file":"c.csv","idx":1,"kind":"b","time":"2026-10-11T08:00:00Z","rcpt":"gus@x.example","class":"gone.mailbox","decision":"suppress-address","rule":"'
want_line out '"code":550,"status":"5.1.1",'
want_line out '{"file":"b.csv","idx":2,"kind":"b",'
[ ! -e nowhere ] || fail "a dry run made a folder"
want_ok pmta-suppress ingest --dry-run c.csv
want_line out "c.csv:1: b gus@x.example: gone.mailbox, suppress-address, rule "
want_exit 66 pmta-suppress ingest --dry-run absent.csv c.csv
want_line out "c.csv:1: b gus@x.example"

# What has no line is told beside; the unfinished row is left as a run leaves it.
want_exit 0 pmta-suppress ingest --dry-run --json empty.csv
[ ! -s out ] || fail "an empty file gave a line"
want_eq "$(cat err)" "pmta-suppress: empty.csv: no row and no mail in it" empty
want_exit 0 pmta-suppress ingest --dry-run head.csv
want_eq "$(cat err)" "pmta-suppress: head.csv: no row and no mail in it" header
{ acct_header; bounce 18 max@x.example; printf %s "$(bounce 18 nil@x.example)"; } \
	>open.csv
want_exit 0 pmta-suppress ingest --dry-run open.csv
want_eq "$(wc -l <out)" 1 "the whole row"
want_eq "$(cat err)" "pmta-suppress: open.csv: its last row has no end yet: a run now leaves it for later" open
want_ok pmta-suppress ingest open.csv
want_line out "open.csv: rows 1 "
gzip -k open.csv
want_ok pmta-suppress ingest --dry-run open.csv.gz
want_eq "$(wc -l <out)" 2 "a packed file is whole"
touch -d "2 hours ago" open.csv
want_ok pmta-suppress ingest --dry-run open.csv
want_eq "$(wc -l <out)" 2 "so is one that was left alone"

# A header that is refused costs its rows, and no more.
{ printf type; seq 600 | sed 's|^|,c|' | tr -d '\n'; echo; bounce 18 oda@x.example
  acct_header; bounce 18 pia@x.example; } >wide.csv
want_exit 0 pmta-suppress ingest --dry-run wide.csv c.csv
want_line out "wide.csv:1: b -: unknown, ignore, rule -, not used: no-header"
want_line out "wide.csv:2: b pia@x.example: gone.mailbox, "
want_line out "c.csv:1: b gus@x.example: gone.mailbox, "
want_line err "pmta-suppress: wide.csv: header row: 601 columns"

# A row from days ahead leads to nothing in either.
{ acct_header; row b "2190-10-05 08:00:00+0000" ray@x.example \
	"5.1.1 (no)" "smtp;550 5.1.1 no such user" mx.x.example; } >ahead.csv
want_ok pmta-suppress ingest --dry-run ahead.csv
want_line out "b ray@x.example: gone.mailbox, ignore, rule gone.no-such, not used: future"
want_exit 0 pmta-suppress --log stderr ingest ahead.csv
want_line out "skipped 1 (future 1)"
want_line err "warning: future: $PWD/ahead.csv: byte $(acct_header | wc -c): row of type b for \"ray@x.example\" is not used"

# A raw mail is a file as any other.
cat >mail.eml <<'END'
Return-Path: <>
Received: from mx.x.example (192.0.2.9) by mta1 id x; Mon, 5 Oct 2026 08:00:00 +0000
From: MAILER-DAEMON@mx.x.example
To: bounce@shop.example
Subject: Undelivered
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

It could not be delivered.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.x.example

Final-Recipient: rfc822; mia@x.example
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 <mia@x.example>: user unknown

--b--
END
want_ok pmta-suppress ingest --dry-run --json mail.eml
want_line out '"kind":"mb"'
want_line out '"rcpt":"mia@x.example","class":"gone.mailbox","decision":"suppress-address"'
want_ok pmta-suppress ingest mail.eml
want_exit 0 pmta-suppress check mia@x.example
ingest "mail.eml: nothing new" mail.eml
# Japanese without a charset, in a mail that says nothing of MIME.
{
	printf 'Return-Path: <>\nFrom: MAILER-DAEMON@mx.x.example\n'
	printf 'Subject: failure notice\n\n\033$B08@h\033(B\n'
	printf '<jun@x.example>:\n550 5.1.1 user unknown\n'
} >jp.eml
want_ok pmta-suppress ingest --dry-run --json jp.eml
want_line out '"rcpt":"jun@x.example","class":"gone.mailbox"'
want_exit 64 pmta-suppress ingest -

# Empty lines at the end are no row that is still to come.
rm -rf state
{
	acct_header
	row b "2026-11-20 08:00:00+0000" a@blank.example "5.1.1 (no)" \
		"smtp;550 5.1.1 no such user" "mx.blank.example (192.0.2.25)"
	printf '\r\n\n'
} >blank.csv
want_ok pmta-suppress ingest blank.csv
want_no_line out "no end yet"
row b "2026-11-20 08:00:00+0000" b@blank.example "5.1.1 (no)" \
	"smtp;550 5.1.1 no such user" "mx.blank.example (192.0.2.25)" >>blank.csv
want_ok pmta-suppress ingest blank.csv
want_line out "rows 1 (b 1)"

# What PowerMTA's own look-up found stands in its status column alone.
cat >looked-up.csv <<'END'
type,timeLogged,rcpt,dsnStatus,dsnDiag,dsnMta
b,2026-10-05 08:00:00+0000,a@n1.example,5.4.4 (no such domain),,
b,2026-10-05 08:00:00+0000,a@n2.example,5.4.4 (unable to route: NXDOMAIN),,
b,2026-10-05 08:00:00+0000,a@n3.example,5.4.4 (unable to route: no mail hosts for domain),,
END
want_ok pmta-suppress ingest --dry-run looked-up.csv
want_line out "b a@n1.example: gone.domain, suppress-domain,"
want_line out "b a@n2.example: gone.domain, suppress-domain,"
want_line out "b a@n3.example: temp.route, count-soft,"
