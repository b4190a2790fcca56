# A segment in the midst of a dead stream is gone: what stands before and
# behind it is worked on, no row is put together across the gap, it is told.
. "$SRC/tests/cli/lib.sh"

printf '[journal]\nsegment-size = 8K\n' >small.conf
calm small.conf
printf '[journal]\nsegment-size = 8K\n[pipe]\ndrain-timeout = 0\n' >short.conf
calm short.conf
pmta_standin --make 400 --seed 3 --print >rows
mkfifo lock
pmta-suppress add first@x.example --reason "makes the database" >/dev/null
lock_store "$PWD/state/suppress.db" <lock >locked &
locker=$!
exec 4>lock
wait_until 10 grep -q locked locked || fail "no lock"
pmta-suppress-pipe --config "$PWD/short.conf" --log "$PWD/log" <rows 4>&- ||
	fail "exit $?"
exec 4>&-
wait "$locker"
cat state/journal/*.seg >got
want_same rows got "the segments are not what was sent"
want_eq "$(pmta-suppress list | grep -c '@d')" 0 "listed before"

set -- state/journal/*.seg
[ $# -ge 10 ] || fail "only $# segments"
rm "$5" "$6"
acct_header | pmta-suppress-pipe --config "$PWD/small.conf" \
	--log "$PWD/log" || fail "exit $?"
want_line log "bytes are missing"
# Rows that stand whole before the gap, and whole behind it.
head -c $((4 * 8192)) rows >before
tail -c +$((6 * 8192 + 1)) rows | sed '1,/^[bd],/d' >behind
want=$(($(grep -c '^b,' before) + $(grep -c '^b,' behind)))
got=$(pmta-suppress list | grep -c '@d')
# The rows at the edges are not counted exactly here.
[ "$got" -ge $((want - 1)) ] && [ "$got" -le $((want + 1)) ] ||
	fail "listed $got, want about $want"
pmta-suppress list >out
for address in $(grep -o 'r3-[0-9]*@[^ ]*' out); do
	grep -q ",$address," rows || fail "$address was never sent"
done
pmta-suppress status >out
want_line out "bytes are missing"
