# The mover is killed: the writer is told so (no one else holds the pipe), the
# worker finishes what was taken and ends, the stream is free.
. "$SRC/tests/cli/lib.sh"
calm

pmta_standin --make 400 --seed 4 --print >rows
mkfifo in
pmta-suppress-pipe --log "$PWD/log" <in &
pid=$!
exec 3>in
cat rows >&3
size=$(wc -c <rows)
taken() {
	[ "$(cat state/journal/*.seg 2>/dev/null | wc -c)" -eq "$size" ]
}
wait_until 10 taken || fail "the rows do not come into the journal"
worker=$(cat "/proc/$pid/task/$pid/children")
worker=${worker% }
kill -9 "$pid"
wait "$pid" 2>/dev/null
# A write to the pipe fails: SIGPIPE.
(head -c 100 rows >&3) 2>/dev/null && fail "somebody still holds the pipe"
exec 3>&-
wait_until 10 test ! -d "/proc/$worker" || fail "the worker lives on"
want_eq "$(pmta-suppress list | grep -c @)" 300 "listed after the mover's death"
flock -n "$(echo state/journal/*.stream)" true || fail "the stream is locked"
want_line log "was killed"
