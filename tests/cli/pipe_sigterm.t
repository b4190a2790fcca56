# SIGTERM: what waits in the pipe is taken and committed; exit 0.
. "$SRC/tests/cli/lib.sh"
calm

pmta_standin --make 2000 --seed 5 --print >rows

began() { # STATE TEXT
	grep -q "$2" "$1"/journal/*.stream
}

for signal in TERM INT; do
	rm -rf state in log
	mkfifo in
	pmta-suppress-pipe --log "$PWD/log" <in &
	pid=$!
	exec 3>in
	# SIGSTOP: all of this waits in the pipe when the signal comes.
	head -n 1 rows >&3
	wait_until 10 began state "input = csv" || fail "it has not begun"
	kill -STOP "$pid"
	tail -n +2 rows | head -c 60000 >&3
	kill -"$signal" "$pid"
	kill -CONT "$pid"
	wait "$pid"
	want_eq $? 0 "exit code after SIG$signal"
	exec 3>&-
	# Rows that were whole in those bytes.
	{ head -n 1 rows; tail -n +2 rows | head -c 60000; } >taken
	want_same taken "$(echo state/journal/*.seg)" \
		"SIG$signal: the journal does not hold what waited"
	pmta-suppress list >out
	got=$(grep -c @ out)
	want=$(grep -c '^b,.*' taken)
	# The last row may be cut off.
	[ "$got" -eq "$want" ] || [ "$got" -eq $((want - 1)) ] ||
		fail "SIG$signal: listed $got, want $want or one less"
done

# With nothing in the pipe, ever.
mkfifo in2
pmta-suppress-pipe --state "$PWD/idle" --log "$PWD/log" <in2 &
pid=$!
exec 3>in2
wait_until 10 ls idle/journal && sleep 0.2 || fail "it has not begun"
sleep 0.3
kill -TERM "$pid"
wait "$pid"
want_eq $? 0 "exit code after SIGTERM without any input"
exec 3>&-
