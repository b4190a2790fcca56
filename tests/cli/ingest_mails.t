# ingest of mails: single files, an mbox, a Maildir; each mail counts once.
. "$SRC/tests/cli/lib.sh"

# mail N: a bounce about nN@b.example
mail() {
	cat <<END
Return-Path: <>
Received: from mx.b.example (192.0.2.9) by host.example for <bounce@s.example>;
	Sat, 07 Nov 2026 08:00:0$1 +0000
From: MAILER-DAEMON@mx.b.example
To: bounce@s.example
Subject: Undelivered
Message-ID: <$1@mx.b.example>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b

It did not work.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.b.example

Final-Recipient: rfc822; n$1@b.example
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 <n$1@b.example>: User unknown

--b--
END
}
mkdir -p box/new box/cur box/tmp
mail 1 >box/new/1.host
mail 2 >box/cur/2.host:2,S
mail 9 >box/tmp/9.host
want_ok pmta-suppress ingest box
want_eq "$(grep -c 'suppressed 1' out)" 2 "two mails of the Maildir"
want_exit 0 pmta-suppress check n1@b.example
want_exit 0 pmta-suppress check n2@b.example
want_exit 1 pmta-suppress check n9@b.example
mv box/new/1.host box/cur/1.host:2,
want_ok pmta-suppress ingest box
want_eq "$(grep -c 'nothing new' out)" 2 "read before"

# A folder of files that has one called new is no Maildir.
mkdir -p logs/new
mail 7 >logs/7.eml
mail 8 >logs/new/8.eml
want_ok pmta-suppress ingest logs
want_exit 0 pmta-suppress check n7@b.example
want_exit 0 pmta-suppress check n8@b.example

for n in 3 4 5; do
	echo "From MAILER-DAEMON Sat Nov  7 08:00:0$n 2026"
	mail $n
	echo
done >mbox
want_ok pmta-suppress ingest --dry-run --json mbox
want_eq "$(grep -c '"decision":"suppress-address"' out)" 3 "events of the mbox"
want_line out '"idx":3'
want_ok pmta-suppress ingest mbox
want_line out "suppressed 3"
{
	echo "From MAILER-DAEMON Sat Nov  7 08:00:06 2026"
	mail 6
	echo
} >>mbox
want_ok pmta-suppress ingest mbox
want_line out "suppressed 1"
want_ok pmta-suppress list
want_eq "$(grep -c 'n[1-6]@b.example' out)" 6 "all listed"
want_ok pmta-suppress show n6@b.example
want_line out "Final-Recipient: rfc822; n6@b.example"

# A mail from two roads is one failure.
pmta-suppress-pipe --input message --log stderr --to=bounce@s.example \
	<box/cur/1.host:2, 2>log || fail "exit $?"
want_ok pmta-suppress show n1@b.example
want_eq "$(grep -c '^evidence' out)" 1 "pieces of evidence"

want_exit 66 pmta-suppress ingest absent

# What stands behind the limit of a mail, or of a piece of an mbox, is no mail
# of its own, however its writer made it look.
printf '[unsubscribe]\naddress = leave@s.example\ntrust-host = mx.s.example\n' \
	>leave.conf
leave() { # WHO
	printf '%s\n' "Return-Path: <$1@c.example>" \
		"Authentication-Results: mx.s.example; spf=pass smtp.mailfrom=$1@c.example" \
		"From: $1@c.example" "To: leave@s.example" \
		"Subject: unsubscribe" "" x
}
large() { # BYTES: a mail, empty line behind it
	printf 'From: evil@evil.example\nTo: leave@s.example\n\n'
	yes "$(printf '%076d' 0)" | head -c $(($1 - 50 - 2))
	printf '\n\n'
}
rm -rf state
{ large 1048576; leave victim; } >large.eml
want_ok pmta-suppress --config leave.conf ingest large.eml
want_line out "rows 1 (none 1)"
from="From a@c.example Sat Nov 21 08:57:27 2026"
{
	echo "$from"
	large 16777216
	leave victim
	echo
	echo "$from"
	leave ada
} >large.mbox
want_ok pmta-suppress --config leave.conf ingest large.mbox
want_line out "rows 2 (none 1, mu 1)"
want_ok pmta-suppress --config leave.conf ingest --dry-run large.mbox
want_eq "$(wc -l <out)" 2 "mails of an mbox with a large one, tried"
want_ok pmta-suppress list
want_line out "ada@c.example"
want_no_line out "victim@c.example"

# A mail that was still being written is read again when it has grown.
leave bob | head -n 3 >growing.eml
want_ok pmta-suppress --config leave.conf ingest growing.eml
leave bob >growing.eml
want_ok pmta-suppress --config leave.conf ingest growing.eml
want_ok pmta-suppress list
want_line out "bob@c.example"
want_ok pmta-suppress --config leave.conf ingest growing.eml
want_no_line out "mu 1"

# Recipients past the limit of a report are told.
{
	printf '%s\n' "From: m@x.example" "MIME-Version: 1.0" \
		"Content-Type: message/delivery-status" "" "Reporting-MTA: dns; x.example"
	seq 1 1002 | sed 's/.*/\
Final-Recipient: rfc822; p&@p.example\
Action: failed\
Status: 5.1.1/'
} >many.eml
want_ok pmta-suppress ingest many.eml
want_line out "rows 1001"
want_line out "too-many 1"

# What is no file in a folder is passed over: nobody may ever write to a FIFO.
mkdir odd
mkfifo odd/fifo
mail 9 >odd/9.eml
timeout 20 pmta-suppress ingest odd >out 2>err || fail "a folder with a FIFO: $?"
want_line out "odd/9.eml"
# One of a full report that is named twice is none past its limit.
{
	head -n 5 many.eml
	{ seq 1 1000; echo 7; } | sed 's/.*/\
Final-Recipient: rfc822; q&@q.example\
Action: failed\
Status: 5.1.1/'
} >full.eml
want_ok pmta-suppress ingest full.eml
want_line out "rows 1000"
want_no_line out "too-many"

# Who hides the complainer, who has left, and who answers a bounce list nobody.
mkdir others
cp "$SRC/tests/data/mail/arf-redacted-other-to.eml" others/1
printf '%s\n' "Return-Path: <>" "From: Ida <ida@a.example>" \
	"Subject: I have left" "Auto-Submitted: auto-replied (vacation)" "" \
	"This mailbox does not exist any more, your message could not be" \
	"delivered. For orders: jan@a.example" >others/2
printf '%s\n' "Return-Path: <postmaster@a.example>" \
	"From: Postmaster <postmaster@a.example>" \
	"Subject: RE: Undelivered Mail" "In-Reply-To: <1@s.example>" "" \
	"We mended it, please send it again." "" \
	"> <jan@a.example>: 550 5.1.1 User unknown" >others/3
rm -rf state
want_ok pmta-suppress ingest others
want_line out "redacted 1"
want_eq "$(grep -c 'none 1' out)" 2 "mails that are no report"
want_ok pmta-suppress list
want_eq "$(cat out)" "" "who is listed"

# Whom a VERP address names was mailed to, by any road; a forwarder's target
# was not.
rm -rf state
printf '[pipe]\nverp-prefix = bounce\n' >verp.conf
mail 1 | sed 's/bounce@s/bounce-ada=x.example@s/' >verp.eml
cat >verp.csv <<'END'
type,timeLogged,orig,rcpt,orcpt,dsnStatus,dsnDiag,dsnMta
rb,2026-11-07 08:00:02+0000,bounce-ada=x.example@s.example,n1@b.example,,5.1.1,smtp;550 5.1.1 <n1@b.example>: User unknown,mx.b.example (192.0.2.9)
END
want_ok pmta-suppress --config verp.conf ingest verp.eml verp.csv
want_ok pmta-suppress list
want_line out "ada@x.example"
want_no_line out "n1@b.example"
