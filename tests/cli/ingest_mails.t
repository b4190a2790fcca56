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
