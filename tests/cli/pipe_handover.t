# A message while a pipe of records lives: its worker takes it. Whatever is
# wrong with that, the message's process does all by itself, or the message
# waits in the journal.
. "$SRC/tests/cli/lib.sh"
calm

message() { # RCPT
	report "$1" | pmta-suppress-pipe --input message --log "$PWD/log" ||
		fail "the message about $1: exit $?"
}

pipe_starts() {
	pmta-suppress-pipe --log "$PWD/log" <rows &
	pipe=$!
	exec 5>rows
	acct_header >&5
}

pipe_ends() {
	exec 5>&-
	wait "$pipe" || { cat log; fail "the pipe: exit $?"; }
}

listening() {
	fifo=$(find state/journal -name '.handover-*' -type p 2>&1) &&
		[ -n "$fifo" ]
}

child_of() { # PID
	for stat in /proc/[0-9]*/stat; do
		read -r child _ _ parent _ <"$stat" || continue
		[ "$parent" != "$1" ] || echo "$child"
	done 2>/dev/null
}

listed() { # RCPT
	pmta-suppress check "$1"
}

# Nothing of its own: no summary of a worker that took only a message.
none_alone() {
	grep -c 'took [0-9]* bytes, worked on [0-9]*: rows 1 (mb 1)' log
}

printf '[log]\nlevel = info\n' >>pmta-suppress.conf
mkfifo rows
pipe_starts
wait_until 10 listening || fail "nobody listens for messages"
want_eq "$(stat -c %a "$fifo")" 600 "mode of the FIFO"
message ada@x.example
wait_until 10 listed ada@x.example || { cat log; fail "ada is not listed"; }
want_eq "$(none_alone)" 0 "messages worked on by a process of their own"
wait_until 10 sh -c '[ "$(ls state/journal/*.stream | wc -l)" = 1 ]' ||
	fail "the stream of a message that is worked on"

# Many at once.
for i in 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24; do
	message "at$i@x.example" &
	senders="${senders:-} $!"
done
for sender in $senders; do
	wait "$sender" || fail "a message of many at once"
done
count_at() {
	[ "$(pmta-suppress list | grep -c '^at')" = 25 ]
}
wait_until 10 count_at || { cat log; fail "not all of many at once"; }
want_eq "$(none_alone)" 0 "messages worked on by a process of their own"

# The worker stands still: the message waits. When it is killed, too.
worker=$(child_of "$pipe")
kill -STOP "$worker"
message bob@x.example
want_exit 1 pmta-suppress check bob@x.example
kill -KILL "$worker"
wait_until 10 listed bob@x.example || { cat log; fail "bob is not listed"; }

# The FIFO is full: each does it by itself. What is in there is no name.
wait_until 10 listening
worker=$(child_of "$pipe")
kill -STOP "$worker"
yes ../../../../../../../../../../tmp/a | head -c 65536 >"$fifo"
message cyd@x.example
want_exit 0 pmta-suppress check cyd@x.example
want_eq "$(none_alone)" 1 "messages worked on by a process of their own"
kill -CONT "$worker"
message dan@x.example
wait_until 10 listed dan@x.example || { cat log; fail "dan is not listed"; }

# Many that wait, each with many recipients: between two of them the pipe's own
# rows have their turn.
worker=$(child_of "$pipe")
kill -STOP "$worker"
for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
	{
		report "big$i-0@x.example"
		seq 1 400 | sed "s/.*/\\
Final-Recipient: rfc822; big$i-&@x.example\\
Action: failed\\
Status: 5.1.1\\
Diagnostic-Code: smtp; 550 5.1.1 no such user/"
	} | pmta-suppress-pipe --input message --log "$PWD/log" ||
		fail "a large message: exit $?"
done
row b "2026-11-20 08:00:00+0000" own@x.example "5.1.1 (no)" \
	"smtp;550 5.1.1 no such user" "mx.gone.example (192.0.2.25)" >&5
kill -CONT "$worker"
wait_until 10 listed own@x.example || fail "the pipe's own row"
big_listed() {
	[ "$(pmta-suppress list | grep -c '^big.*-400@')" = 20 ]
}
wait_until 20 big_listed || fail "not all of the large messages"
big_left=$(pmta-suppress changes --since 0 |
	sed -n '/own@x.example/,$p' | grep -c 'big.*-400@')
[ "$big_left" -gt 2 ] || fail "the pipe's own row came last: $big_left"

# Settings that the pipe has not read: a process that has them must do it, also
# when the pipe's worker was born after they changed.
before=$(none_alone)
printf '\n[policy]\nmode = observe\n' >>pmta-suppress.conf
message eve@x.example
want_eq "$(none_alone)" $((before + 1)) "messages under changed settings"
worker=$(child_of "$pipe")
kill -KILL "$worker"
sleep 0.3
message eve@x.example
want_eq "$(none_alone)" $((before + 2)) "messages under changed settings"
want_exit 1 pmta-suppress check eve@x.example
sed -i '/^mode = observe/d' pmta-suppress.conf

# The pipe has ended: nobody is found, and no FIFO stays.
pipe_ends
listening && fail "a FIFO is left: $fifo"
before=$(none_alone)
message fay@x.example
want_exit 0 pmta-suppress check fay@x.example
want_eq "$(none_alone)" $((before + 1)) "messages when the pipe has ended"

# Two pipes on one FIFO: the end of one leaves the other's. One that was left by
# a pipe with other settings goes.
stale=state/journal/.handover-0123456789abcdef
mkfifo -m 600 rows2 "$stale"
pipe_starts
wait_until 10 test ! -e "$stale" || fail "a FIFO that nobody reads stays"
wait_until 10 listening || fail "nobody listens for messages"
pmta-suppress-pipe --log "$PWD/log" <rows2 &
second=$!
exec 6>rows2
acct_header >&6
listen_both() {
	both=0
	for fd in /proc/"$(child_of "$pipe")"/fd/* /proc/"$(child_of "$second")"/fd/*; do
		[ "$(readlink "$fd")" != "$PWD/$fifo" ] || both=$((both + 1))
	done
	[ "$both" = 2 ]
}
wait_until 10 listen_both || fail "not both listen"
before=$(none_alone)
pipe_ends
message gil@x.example
wait_until 10 listed gil@x.example || fail "gil is not listed"
want_eq "$(none_alone)" "$before" "messages when one of two pipes has ended"
exec 6>&-
wait "$second" || fail "the second pipe: exit $?"
listening && fail "a FIFO is left: $fifo"

# In its place is something else: that is told, the rest goes on.
: >elsewhere
pipe_starts
wait_until 10 listening || fail "nobody listens for messages"
place=$fifo
pipe_ends
for what in file link; do
	: >log
	if [ "$what" = file ]; then
		: >"$place"
	else
		ln -s "$PWD/elsewhere" "$place"
	fi
	pipe_starts
	wait_until 10 grep -q "cannot listen for messages" log ||
		{ cat log; fail "a $what in the FIFO's place"; }
	message "$what@x.example"
	want_exit 0 pmta-suppress check "$what@x.example"
	pipe_ends
	[ ! -s elsewhere ] || fail "a name was written to another file"
	rm "$place"
done

# Pipes that die while messages come: all that were taken are listed.
sender() {
	for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15; do
		message "$1-$i@k.example"
	done
}
for turn in 1 2 3; do
	pipe_starts
	sender "$turn" &
	sending=$!
	sleep 0.0$((turn * 3))
	child_of "$pipe" | xargs -r kill -KILL
	sleep 0.02
	kill -KILL "$pipe"
	wait "$pipe" 2>/dev/null
	exec 5>&-
	wait "$sending" || fail "messages while pipes die"
done
pipe_starts
all_there() {
	[ "$(pmta-suppress list | grep -c '@k.example')" = 45 ]
}
wait_until 20 all_there || { cat log; pmta-suppress list; fail \
	"messages that a dead pipe had been left"; }
pipe_ends
want_exit 0 pmta-suppress status
