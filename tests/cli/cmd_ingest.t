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
ingest "b.csv: rows 2 (b 2) used 2 skipped 0 suppressed 2" a.csv b.csv
want_exit 0 pmta-suppress check cyd@x.example
ingest "a.csv: nothing new: all of it was read before" a.csv
want_eq "$(pmta-suppress ingest --json a.csv)" \
	'{"file":"a.csv","read_before":true,"rows":0}' json

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
ingest "empty.csv: nothing new" empty.csv
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
want_exit 64 pmta-suppress ingest -
