# Settings and options of the pipe at their ends: no limit of memory and one
# that cannot be kept, a kind of input that is given, a log that cannot be
# opened, summaries, no file at its own standard places.
. "$SRC/tests/cli/lib.sh"
calm

# listed NAME: whether the last run has listed it.
listed() {
	want_exit 0 pmta-suppress check "$1@x.example"
}

# run NAME [OPTION...]: one bounce of NAME.
run() {
	name=$1
	shift
	{
		acct_header
		row b "2026-10-05 08:00:00+0000" "$name@x.example" 5.1.1 \
			"smtp;550 5.1.1 no such user" "mx.x.example (192.0.2.1)"
	} >rows
	rm -f log
	cat rows | pmta-suppress-pipe --config "$PWD/own.conf" --log \
		"$PWD/log" "$@" 2>err || { cat log err; fail "$name: exit $?"; }
}

printf '[pipe]\nworker-memory = 0\n' >own.conf
run unlimited
listed unlimited
want_no_line log worker-memory

printf '[pipe]\nworker-memory = 1M\n' >own.conf
run small
listed small
want_line log "less than the program itself takes"

printf '[pipe]\nworker-memory = 2G\n[log]\nsummary = 1s\n' >own.conf
run given --input csv
listed given
run json --input json # no JSON: none of it is taken for a row
want_exit 1 pmta-suppress check json@x.example
want_line "$(ls state/journal/*.stream | tail -n 1)" "input = "

# Two summaries: one while rows come, one at the end.
{
	cat rows
	sleep 2.5
	sed -n '2s/json@/late@/p' rows
	sleep 1.5
} | pmta-suppress-pipe --config "$PWD/own.conf" --log "$PWD/log2" ||
	fail "slow rows: exit $?"
listed late
want_eq "$(grep -c 'summary: ' log2)" 2 "summaries"

# The log's place is told on stderr, and the work goes on.
cat rows | sed 's/json@/nolog@/' | pmta-suppress-pipe --config \
	"$PWD/own.conf" --log "$PWD/none/log" 2>err || fail "no log: exit $?"
want_line err "none/log"
listed nolog

# A slip elsewhere in the file sends the rows to no other list.
printf '[paths]\nstate = %s/elsewhere\n[polcy]\n' "$PWD" >slip.conf
sed 's/json@/slip@/' rows | env -u PMTA_SUPPRESS_STATE pmta-suppress-pipe \
	--config "$PWD/slip.conf" --log "$PWD/log3" || fail "a slip: exit $?"
want_line log3 "slip.conf:3: unknown section [polcy]"
want_exit 0 pmta-suppress --state elsewhere check slip@x.example

# Nobody reads stderr: what is told there ends nothing.
mkfifo nobody
exec 6<>nobody 7>nobody 6<&-
sed 's/json@/deaf@/' rows | pmta-suppress-pipe --config "$PWD/own.conf" \
	--log "$PWD/log" --none 2>&7 || fail "nobody reads stderr: exit $?"
exec 7>&-
listed deaf

# Somebody might, and does not: nobody waits for him.
exec 6<>nobody 7>nobody
dd if=/dev/zero of=nobody bs=1M count=1 oflag=nonblock conv=notrunc 2>/dev/null
for log in "$PWD/log" stderr; do
	sed 's/json@/slow@/' rows | timeout 20 pmta-suppress-pipe --config \
		"$PWD/own.conf" --log "$log" --none 2>&7 ||
		fail "stderr is full, log $log: exit $?"
done
exec 6<&- 7>&-
listed slow

# Descriptors that were closed are not taken for the log or the journal.
pmta-suppress-pipe --config "$PWD/own.conf" --log "$PWD/log" <&- 2>&- >&- ||
	fail "closed descriptors: exit $?"
if [ -w /dev/full ]; then
	pmta-suppress-pipe --help >/dev/full 2>err
	want_eq $? 74 "help that cannot be printed"
fi
