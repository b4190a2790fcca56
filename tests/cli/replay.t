# The same rows give the same database, whatever road and shape they came in.
. "$SRC/tests/cli/lib.sh"

SAMPLE=$SRC/tests/data/sample-acct.csv

# dump STATE: what the database holds, in a fixed order.
dump() {
	pmta-suppress --state "$1" dump || fail "dump of $1 failed"
}

# by_pipe STATE <ROWS: the pipe program reads stdin to its end.
by_pipe() {
	cat | pmta-suppress-pipe --state "$1" --log stderr 2>>pipe.log ||
		{ cat pipe.log; fail "the pipe program exited $?"; }
}

# same STATE WHAT: it dumps as the first one did.
same() {
	dump "$1" >got
	want_same want got "$2"
}

mkdir state
by_pipe state <"$SAMPLE"
dump state >want
[ "$(wc -l <want)" -gt 20 ] || { cat want; fail "the dump is too short"; }

by_pipe state <"$SAMPLE"
same state "twice through the pipe into one database"
want_ok pmta-suppress --state state ingest "$SAMPLE"
same state "the pipe's rows again from a file"

mkdir file
want_ok pmta-suppress --state file ingest "$SAMPLE"
same file "from a file"
cp "$SAMPLE" moved.csv
want_ok pmta-suppress --state file ingest moved.csv
same file "from a file that was moved"
gzip -c "$SAMPLE" >packed.csv.gz
want_ok pmta-suppress --state file ingest packed.csv.gz
same file "from a file that was compressed"

for seed in 1 7 42; do
	mkdir "shuffled$seed"
	acct_shape --shuffle "$seed" --again 5 <"$SAMPLE" | by_pipe "shuffled$seed"
	same "shuffled$seed" "columns in another order (seed $seed)"
done

mkdir epoch
acct_shape --epoch --lf <"$SAMPLE" | by_pipe epoch
same epoch "epoch times, LF line ends"
acct_shape --shuffle 3 --again 7 <"$SAMPLE" >other.csv
want_ok pmta-suppress --state epoch ingest other.csv
same epoch "and again, shuffled, from a file"

# Cut at a byte: the program is killed, the rest comes by a new start, which
# takes up what the first one left, then the file fills what was in the pipe.
size=$(wc -c <"$SAMPLE")
seed=$(date +%s)
echo "seed $seed"
for try in 1 2 3 4 5 6; do
	seed=$(((seed * 1103515245 + 12345) % 2147483648))
	at=$((seed % size))
	mkdir "killed$try"
	mkfifo fifo
	pmta-suppress-pipe --state "killed$try" --log stderr \
		<fifo 2>>pipe.log &
	pid=$!
	exec 3>fifo
	head -c "$at" "$SAMPLE" >&3
	[ $((try % 2)) -eq 0 ] || sleep 0.2
	kill -9 "$pid"
	wait "$pid" 2>/dev/null
	exec 3>&-
	rm fifo
	by_pipe "killed$try" <"$SAMPLE"
	want_ok pmta-suppress --state "killed$try" ingest "$SAMPLE"
	same "killed$try" "killed after $at bytes"
done
