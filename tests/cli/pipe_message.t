# One raw message on stdin, as `type pipe` gives it: 0 when it is kept, 75 when
# it is not, nothing else ever.
. "$SRC/tests/cli/lib.sh"

report() { # RCPT
	cat <<END
Return-Path: <>
Received: from mx.gone.example (192.0.2.25) by mta.send.example id h1
 for <bounce@send.example>; Fri, 20 Nov 2026 08:00:00 +0000
From: Mail Delivery System <postmaster@gone.example>
To: bounce@send.example
Subject: Undelivered Mail
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary=b1

--b1
Content-Type: text/plain

It did not work.

--b1
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.gone.example

Final-Recipient: rfc822; $1
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 <$1> no such user

--b1--
END
}

message() { # WANT-CODE OPTION...: stdin is the message
	message_want=$1
	shift
	cat | pmta-suppress-pipe --log "$PWD/log" "$@" 2>err
	message_got=$?
	[ "$message_got" -eq "$message_want" ] || { cat err log; fail \
		"message mode exited $message_got, want $message_want"; }
}

# By option with its envelope, then by the first bytes alone.
report ada@x.example | message 0 --input message --from= \
	--to="bounce@send.example" --envid="e1"
want_exit 0 pmta-suppress check ada@x.example
# Worked on: its bytes are kept, nobody need look at it again.
report ada@x.example >sent
want_same sent "$(echo state/journal/*.seg)" "the journal is not what was sent"
ls state/journal | grep stream && fail "a stream that nobody need finish"
report bob@x.example | message 0
want_exit 0 pmta-suppress check bob@x.example
report cyd@x.example | sed 's/$/\r/' | message 0
want_exit 0 pmta-suppress check cyd@x.example
{ sleep 0.3; report dan@x.example | head -c 4; sleep 0.3
	report dan@x.example | tail -c +5; } | message 0
want_exit 0 pmta-suppress check dan@x.example
# No report at all; nothing at all.
printf 'From: a@x.example\nSubject: hi\n\nhello\n' | message 0
: | message 0 --input message

# Far too large: read to its end, kept to the limit.
{ report eve@x.example; head -c 9000000 /dev/zero | tr '\0' 'x'; } | message 0
want_exit 0 pmta-suppress check eve@x.example
for seg in state/journal/*.seg; do
	[ "$(wc -c <"$seg")" -le 1048576 ] || fail "$seg is over the limit"
done

# The database cannot be used: journaled, so 0; the next start works on it.
mkfifo lock
printf '[pipe]\ndrain-timeout = 1s\n' >short.conf
lock_store "$PWD/state/suppress.db" <lock >locked &
locker=$!
exec 4>lock
wait_until 10 grep -q locked locked || fail "no lock"
report fay@x.example | message 0 --config "$PWD/short.conf" --input message \
	--from= --to="bounce@send.example" --envid="e1"
want_line "$(echo state/journal/*.stream)" "input = message"
want_line "$(echo state/journal/*.stream)" "to = bounce@send.example"
want_line "$(echo state/journal/*.stream)" "envid = e1"
exec 4>&-
wait "$locker"
want_exit 1 pmta-suppress check fay@x.example
rm -f state/journal/.adopt # a minute has gone by
report gus@x.example | message 0
want_exit 0 pmta-suppress check fay@x.example
want_exit 0 pmta-suppress check gus@x.example

# Twenty at once, as PowerMTA may start them.
for i in 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19; do
	report "at$i@x.example" | pmta-suppress-pipe --input message \
		--log "$PWD/log" || echo "$i: $?" >>failed &
done
wait
[ ! -e failed ] || { cat failed log; fail "of twenty at once"; }
want_eq "$(pmta-suppress list | grep -c '^at')" 20 "listed of twenty at once"
want_no_line log "the worker"

# Stopped before its end: it must come again, and half of it is not kept.
mkfifo in
before=$(ls state/journal | wc -l)
pmta-suppress-pipe --input message --log "$PWD/log" <in 2>err &
pid=$!
exec 3>in
report hal@x.example | head -c 300 >&3
sleep 0.5
kill -TERM "$pid"
wait "$pid"
want_eq $? 75 "exit code when stopped in a message"
exec 3>&-
want_eq "$(ls state/journal | wc -l)" "$before" "files of half a message"

# Killed before its end: what has come may be the half of an address, so it is
# worked on neither by its own worker nor by who finds it.
for option in --input=message --to=bounce@send.example ''; do
	pmta-suppress-pipe ${option:+"$option"} --log "$PWD/log" <in 2>err &
	pid=$!
	exec 3>in
	report kim@x.example | sed '/^Final/d; /^Diagnostic/q' >&3
	printf 'Final-Recipient: rfc822; kim@x.example' >&3 # .net
	sleep 0.5
	kill -KILL "$pid"
	wait "$pid" 2>/dev/null
	exec 3>&-
	wait_until 10 sh -c 'rm -f state/journal/.adopt
		: | pmta-suppress-pipe --input message --log "$PWD/log"
		! ls state/journal | grep stream' || fail "half a message stays"
	want_exit 1 pmta-suppress check kim@x.example
done
want_eq "$(ls state/journal | wc -l)" "$before" "files of half a message"

# Neither journal nor database: 75, and stderr says what to do.
: >blocked
report ivy@x.example | message 75 --state "$PWD/blocked/state" --input message
[ -s err ] || fail "nothing on stderr when nothing works"
want_line err "pmta-suppress-pipe: "

# Part of it could be kept nowhere: 75, and nothing stays that nobody works on.
if unshare -m true 2>/dev/null; then
	cat >full.sh <<'END'
mkdir -p full/journal && chmod 2750 full && chmod 700 full/journal &&
	mount -t tmpfs -o size=64k,mode=700 tmpfs full/journal || exit 77
pmta-suppress-pipe --state "$PWD/full" --config "$PWD/none.conf" \
	--log "$PWD/log" "$@" <big
code=$?
ls full/journal | grep -e '^[0-9]' && echo "it is left"
exit $code
END
	{ report jan@x.example; head -c 300000 /dev/zero | tr '\0' 'x'; } >big
	printf '[journal]\nspare-size = 0\n' >none.conf
	for option in --input=message --to=bounce@send.example ''; do
		unshare -m sh full.sh ${option:+"$option"} >out 2>err
		got=$?
		[ "$got" -ne 77 ] || break
		want_eq "$got" 75 "exit code when part of it is dropped ($option)"
		want_no_line out "it is left"
	done
fi

# An input that cannot be read is no empty message.
pmta-suppress-pipe --input message --log "$PWD/log" <"$PWD" 2>err
want_eq $? 75 "exit code when the input is a folder"
want_line log "standard input cannot be read"

# Rows in a mail's head are what a stranger wrote, whatever the options say.
cat >forged.eml <<'END'
Return-Path: <evil@evil.example>
Received: from evil (192.0.2.9) by mx.shop.example id h1; Sun, 22 Nov 2026 06:00:00 +0000
type,timeLogged,rcpt,dsnStatus,dsnDiag
b,2026-10-22 05:00:00+0000,ceo@victim.example,5.1.1,smtp;550 5.1.1 no such user
END
want_ok pmta-suppress-pipe --to=bounce@s.example <forged.eml
want_ok pmta-suppress-pipe <forged.eml
sed 1,2d forged.eml >rows.eml
want_ok pmta-suppress-pipe --to=bounce@s.example <rows.eml
want_exit 1 pmta-suppress check ceo@victim.example
