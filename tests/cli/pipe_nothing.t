# Neither journal nor database can be opened: told on stderr, exit 75, before
# a byte is taken. If only one fails it goes on.
. "$SRC/tests/cli/lib.sh"
calm

mkdir state
: >state/journal # no folder
mkdir state/suppress.db
pmta_standin --make 40 --seed 1 --print >rows
{ cat rows; cat >rest; } <rows | pmta-suppress-pipe --log "$PWD/log" 2>err
want_eq $? 75 "exit code when nothing can be opened"
want_line err "neither journal nor database"
want_line log "neither journal nor database"

# The journal only: the rows wait there.
rm state/journal
printf '[pipe]\ndrain-timeout = 1s\n' >short.conf
cat rows | pmta-suppress-pipe --config "$PWD/short.conf" --log "$PWD/log" 2>err
want_eq $? 0 "exit code without a database"
cat state/journal/*.seg >got
want_same rows got "the journal is not what was sent"
rmdir state/suppress.db
acct_header | pmta-suppress-pipe --log "$PWD/log" || fail "exit $?"
want_eq "$(pmta-suppress list | grep -c @)" 30 "listed by the next start"

# The database only: memory is the journal.
rm -r state/journal
: >state/journal
pmta_standin --make 40 --seed 2 --print >rows
cat rows | pmta-suppress-pipe --log "$PWD/log" 2>err
want_eq $? 0 "exit code without a journal"
want_eq "$(pmta-suppress list | grep -c r2-)" 30 "listed without a journal"
