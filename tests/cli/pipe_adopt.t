# Both processes are killed while the database is locked: nothing is worked on
# yet. The next start adopts the stream, also one whose header is far behind.
. "$SRC/tests/cli/lib.sh"
calm

pmta_standin --make 400 --seed 3 --print >rows
mkfifo in lock
pmta-suppress add first@x.example --reason "makes the database" >/dev/null
lock_store "$PWD/state/suppress.db" <lock >locked &
locker=$!
exec 4>lock # no one started from now on may inherit it
wait_until 10 grep -q locked locked || fail "no lock"

pmta-suppress-pipe --log "$PWD/log" <in 4>&- &
pid=$!
exec 3>in
cat rows >&3
size=$(wc -c <rows)
taken() {
	[ "$(cat state/journal/*.seg 2>/dev/null | wc -c)" -eq "$size" ]
}
wait_until 10 taken || fail "the rows do not come into the journal"
worker=$(cat "/proc/$pid/task/$pid/children")
kill -9 "$pid" $worker # in this order: the mover would start another
wait "$pid" 2>/dev/null
exec 3>&-
exec 4>&-
wait "$locker"
want_eq "$(pmta-suppress list | grep -c '@d')" 0 "listed before"

acct_header | pmta-suppress-pipe --log "$PWD/log" || fail "exit $?"
want_line log "was left unfinished"
want_eq "$(pmta-suppress list | grep -c '@d')" 300 "listed after adoption"
own=$(($(acct_header | wc -c)))
want_line log "took $own bytes, worked on $own and on $size of other streams: rows 400 "

# Once is enough.
: >log
acct_header | pmta-suppress-pipe --log "$PWD/log" || fail "exit $?"
want_no_line log "was left unfinished"
