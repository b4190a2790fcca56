# ingest of many small files: they share commits, and yet each stands for
# itself: one that fails, a lock, a kill lose none.
. "$SRC/tests/cli/lib.sh"
calm

# mail N: a bounce about nN@b.example
mail() {
	cat <<END
Return-Path: <>
Received: from mx.b.example (192.0.2.9) by host.example for <bounce@s.example>;
	Sat, 07 Nov 2026 08:00:00 +0000
From: MAILER-DAEMON@mx.b.example
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
mkdir box
n=100
while [ $n -lt 400 ]; do
	mail $n >box/$n
	n=$((n + 1))
done

# A clean run, to compare with.
want_ok pmta-suppress --state clean ingest box
want_eq "$(grep -c 'used 1 .*suppressed 1' out)" 300 "lines of sums"
want_eq "$(sed -n 's,^box/\([0-9]*\):.*,\1,p' out | sort -c 2>&1)" "" "in order"
pmta-suppress --state clean dump >clean.dump
want_ok pmta-suppress --state clean ingest box
want_eq "$(grep -c 'nothing new' out)" 300 "read before"

# Killed anywhere, and run again: the same. What was printed was committed.
printf '[pipe]\ncommit-ms = 2\n' >often.conf
calm often.conf
for wait in 0.01 0.02 0.03 0.05 0.08 0.12; do
	rm -rf killed
	pmta-suppress --config often.conf --state killed ingest box >part 2>&1 &
	victim=$!
	sleep $wait
	kill -9 $victim 2>/dev/null
	wait $victim 2>/dev/null
	told=$(grep -c 'suppressed 1' part)
	want_ok pmta-suppress --state killed ingest box
	again=$(grep -c 'suppressed 1' out)
	[ $((told + again)) -le 300 ] || fail "$told told, $again worked on again"
	pmta-suppress --state killed dump >killed.dump
	cmp -s clean.dump killed.dump || {
		diff clean.dump killed.dump | head -n 5
		fail "killed after $wait s it differs"
	}
done

# A locked database is waited for.
mkfifo lock
pmta-suppress --state locked add first@x.example --reason asked >/dev/null
lock_store "$PWD/locked/suppress.db" <lock >is_locked &
locker=$!
exec 4>lock
wait_until 10 grep -q locked is_locked || fail "no lock"
pmta-suppress --state locked ingest box >out 2>err 4>&- &
waiting=$!
sleep 0.3
want_eq "$(wc -c <out)" 0 "told while it is locked"
exec 4>&-
wait "$locker"
wait "$waiting" || fail "exit $?"
want_eq "$(grep -c 'suppressed 1' out)" 300 "after the lock"

# One that fails is told where it stands, and the others are done.
gzip -c box/150 | head -c 60 >cut.gz
want_exit 66 pmta-suppress --state some ingest box/100 absent box/101 cut.gz \
	box box/100
want_eq "$(grep -c 'absent: cannot open' err)" 1 "told once"
want_eq "$(grep -c 'cut.gz: the gzip stream is cut' err)" 1 "told once"
want_line err "2 of 305 files could not be read"
want_eq "$(grep -c 'suppressed 1' out)" 300 "each mail once"
want_eq "$(grep -c 'nothing new' out)" 3 "those named twice"
pmta-suppress --state some dump >some.dump
grep -v '^stream' clean.dump >a
grep -v '^stream' some.dump >b
cmp -s a b || fail "another list"

# Links are followed; a pipe is read, and while it is waited for others write.
mkfifo late
ln -s box/100 link
pmta-suppress --state mixed ingest link late box/101 >out 2>err &
reader=$!
sleep 0.3
added=$(pmta-suppress --state mixed add me@x.example --reason asked 2>&1) ||
	fail "$added"
mail 999 >late
wait "$reader" || { cat err; fail "exit $?"; }
want_eq "$(grep -c 'suppressed 1' out)" 3 "link, pipe and file"
want_exit 0 pmta-suppress --state mixed check n100@b.example
want_exit 0 pmta-suppress --state mixed check n999@b.example
want_exit 0 pmta-suppress --state mixed check n101@b.example

# It is opened once: what its writer had sent to the first of two who open it
# would be lost, and the second would wait for good.
n=1
while [ $n -le 30 ]; do
	mail $n >one
	cat one >late 4>&- &
	writer=$!
	timeout 20 pmta-suppress --state mixed ingest late >out || fail "exit $?"
	wait "$writer"
	want_eq "$(grep -c 'suppressed 1' out)" 1 "sent before it was opened: $n"
	n=$((n + 1))
done
