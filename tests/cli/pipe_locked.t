# The database is locked while rows come: PowerMTA never waits, nothing is
# lost, and the rows are there as soon as the lock is gone.
. "$SRC/tests/cli/lib.sh"
calm

mkfifo lock
pmta-suppress add first@x.example --reason "makes the database" >/dev/null
lock_store "$PWD/state/suppress.db" <lock >locked &
locker=$!
exec 4>lock
wait_until 10 grep -q locked locked || fail "no lock"

pmta_standin --make 12000 --seed 6 --write-timeout 1000 --wait 60 -- \
	"$(command -v pmta-suppress-pipe)" --state "$PWD/state" \
	--log "$PWD/log" >out 2>err 4>&- &
standin=$!
pmta_standin --make 12000 --seed 6 --print | wc -c >size
taken() {
	[ "$(cat state/journal/*.seg 2>/dev/null | wc -c)" -eq "$(cat size)" ]
}
wait_until 20 taken || fail "the rows do not come into the journal"
want_eq "$(pmta-suppress list | grep -c '@d')" 0 "listed while it is locked"
exec 4>&-
wait "$locker"
wait "$standin" || { cat out err log; fail "the stand-in failed"; }
cat out
want_eq "$(pmta-suppress list | grep -c '@d')" 9000 "listed afterwards"

# Locked for longer than the drain lasts: exit 0, the next start works on it.
printf '[pipe]\ndrain-timeout = 1s\n' >short.conf
lock_store "$PWD/state/suppress.db" <lock >locked &
locker=$!
exec 4>lock
wait_until 10 grep -q locked locked || fail "no lock"
: >log
pmta_standin --make 400 --seed 77 --print |
	pmta-suppress-pipe --config "$PWD/short.conf" --log "$PWD/log"
want_eq $? 0 "exit code when the drain takes too long"
want_line log "the next start works on them"
exec 4>&-
wait "$locker"
acct_header | pmta-suppress-pipe --log "$PWD/log" || fail "exit $?"
want_eq "$(pmta-suppress list | grep -c '@d')" 9300 "listed after the next start"

# And no journal: what memory takes and what it does not are told, with the time.
mkdir away
mv state/journal away
: >state/journal
printf '[journal]\nspare-size = 16K\n' >>short.conf
lock_store "$PWD/state/suppress.db" <lock >locked &
locker=$!
exec 4>lock
wait_until 10 grep -q locked locked || fail "no lock"
: >log
pmta_standin --make 400 --seed 78 --print >rows
# shellcheck disable=SC2002 # it is to be a pipe
cat rows | pmta-suppress-pipe --config "$PWD/short.conf" --log "$PWD/log"
want_eq $? 0 "exit code without a journal"
span='between 2[-0-9T:]*Z and 2[-0-9T:]*Z'
lost=$(sed -n "s/.*: \([0-9]*\) bytes that came $span could .*/\1/p" log)
dropped=$(sed -n "s/.*: \([0-9]*\) bytes of records were dropped $span;.*/\1/p" log)
want_eq "$((${lost:-0} + ${dropped:-0}))" "$(wc -c <rows)" "bytes told as lost"
# A message comes again.
report again@x.example | pmta-suppress-pipe --config "$PWD/short.conf" \
	--input message --log "$PWD/log2" 2>err
want_eq $? 75 "exit code of a message without a journal"
want_no_line log2 "are lost"
exec 4>&-
wait "$locker"
rm state/journal
mv away/journal state
want_exit 0 pmta-suppress ingest rows
want_eq "$(pmta-suppress list | grep -c '@d')" 9600 "listed after the file"
