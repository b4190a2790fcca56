# The journal keeps to its size while the pipe runs, however fast rows come: the
# oldest segments that are worked on go first, one that is not goes never.
. "$SRC/tests/cli/lib.sh"

calm
printf '[journal]\nsegment-size = 64K\nsize = 1M\n' >>pmta-suppress.conf
pmta_standin --make 30000 --seed 6 --print >rows
[ "$(wc -c <rows)" -gt 8000000 ] || fail "too few bytes"

bytes() {
	cat state/journal/*.seg 2>/dev/null | wc -c
}
kept() {
	[ "$(bytes)" -le 1300000 ]
}
listed() {
	[ "$(pmta-suppress list 2>/dev/null | grep -c '@d')" -eq 22500 ]
}

mkfifo in
pmta-suppress-pipe --log "$PWD/log" <in &
pid=$!
exec 3>in
cat rows >&3
wait_until 30 listed || { cat log; fail "rows are missing"; }
# The first bytes that come make it look.
pmta_standin --make 1000 --seed 7 --print | tail -n +2 >&3
wait_until 10 kept || fail "the journal has $(bytes) bytes"
[ "$(bytes)" -gt 700000 ] || fail "only $(bytes) bytes are left: more went than had to"
# The newest are there.
cat state/journal/*.seg | tail -c 2000 | grep -q 'r7-99' || fail "the newest went"

# Nothing is worked on: nothing goes, whatever the size.
mkfifo lock
lock_store "$PWD/state/suppress.db" <lock >locked &
locker=$!
exec 4>lock
wait_until 10 grep -q locked locked || fail "no lock"
before=$(bytes)
pmta_standin --make 8000 --seed 8 --print >rest
tail -n +2 rest >&3
wait_until 10 sh -c "[ \$(cat state/journal/*.seg | wc -c) -gt $((before + 2000000)) ]" ||
	fail "the journal does not grow while the database is locked"
exec 4>&-
wait "$locker"
exec 3>&-
wait "$pid" || fail "exit $?"
want_eq "$(pmta-suppress list | grep -c 'r8-')" 6000 "rows of the locked time"
