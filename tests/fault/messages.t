# Messages while the pipes that they are left to die: kill -9 of its mover, its
# worker or both, or of a message's own process, at chance moments. Each message
# that was taken (exit 0) is listed, by one piece of evidence.
. "$SRC/tests/cli/lib.sh"
calm

want=$((${FAULT_KILLS:-500} / 5))
seed=${PMTA_TEST_SEED:-$(date +%s)}
echo "seed $seed"
mkfifo rows
mkdir sent taken

message() { # RCPT [COMMAND...]: exit 0 when it was taken
	message_to=$1
	shift
	report "$message_to" >"sent/$message_to"
	"$@" pmta-suppress-pipe --input message --log "$PWD/log" \
		<"sent/$message_to" 2>>err && : >"taken/$message_to"
}

# sender NAME [COMMAND...]: one message after the other until there is a file
# "stop".
sender() {
	sender_name=$1
	sender_n=0
	shift
	while [ ! -e stop ]; do
		sender_n=$((sender_n + 1))
		message "$sender_name-$sender_n@x.example" "$@"
		[ $# -eq 0 ] || sleep 0.05
	done
}

children_of() { # PID
	for stat in /proc/[0-9]*/stat; do
		read -r child _ _ parent _ <"$stat" || continue
		[ "$parent" != "$1" ] || echo "$child"
	done 2>/dev/null
}

pipe_starts() {
	pmta-suppress-pipe --log "$PWD/log" <rows &
	pipe=$!
	exec 5>rows
	acct_header >&5
}

senders=
for name in a b c; do
	sender "$name" &
	senders="$senders $!"
done
sender k timeout -s KILL 0.00"$((seed % 7 + 2))" 2>/dev/null &
senders="$senders $!"
killed=0
while [ "$killed" -lt "$want" ]; do
	seed=$(((seed * 1103515245 + 12345) % 2147483648))
	pipe_starts
	sleep "0.$(printf %03d $((seed / 65536 % 90)))"
	workers=$(children_of "$pipe")
	case $((seed / 7 % 3)) in
	0) victims=$workers ;;
	1) victims=$pipe ;;
	2) victims="$workers $pipe" ;;
	esac
	for victim in $victims; do
		kill -KILL "$victim" 2>/dev/null && killed=$((killed + 1))
	done
	exec 5>&-
	wait "$pipe" 2>/dev/null
done
: >stop
for sender in $senders; do
	wait "$sender"
done
rm -f state/journal/.adopt # a minute has gone by
pipe_starts
all_there() {
	pmta-suppress list | grep -o '^[a-z]-[0-9]*@x.example' | sort >got
	ls taken | sort >acknowledged
	[ -z "$(comm -13 got acknowledged)" ]
}
if ! wait_until 60 all_there; then
	comm -13 got acknowledged
	cat log
	fail "taken and not listed"
fi
exec 5>&-
wait "$pipe" || fail "the last pipe: exit $?"
ls sent | sort | comm -13 - got >never
[ ! -s never ] || { cat never; fail "listed and never sent"; }
pmta-suppress dump | grep '^evidence' | grep -o '[a-z]-[0-9]*@x.example' |
	sort | uniq -d >twice
[ ! -s twice ] || { cat twice; fail "one message, two pieces of evidence"; }
[ "$(wc -l <got)" -gt 20 ] || { cat err; fail "too few messages"; }
echo "$killed processes killed, $(wc -l <acknowledged) messages taken"
