# A full disk: first under the journal alone, then under journal and database.
# PowerMTA does not wait, and when there is room again nothing is missing.
. "$SRC/tests/cli/lib.sh"

# Mounts of its own, gone with it.
if [ -z "${PMTA_TEST_INSIDE:-}" ]; then
	unshare -m true 2>/dev/null || skip "needs root for a small file system"
	PMTA_TEST_INSIDE=1 exec unshare -m sh "$0"
fi

printf '[journal]\nsegment-size = 16K\n' >small.conf
calm small.conf
pmta_standin --make 1000 --seed 21 --print >rows
size=$(wc -c <rows)

listed() {
	pmta-suppress list 2>/dev/null | grep -c @
}
has() {
	[ "$(listed)" -eq "$1" ]
}
whole() {
	[ "$(cat state/journal/*.seg | wc -c)" -eq "$size" ]
}

mkdir -p state/journal
chmod 2750 state
mount -t tmpfs -o size=96k,mode=700 tmpfs state/journal ||
	skip "cannot mount a small file system"
mkfifo in
pmta-suppress-pipe --config "$PWD/small.conf" --log "$PWD/log" <in &
pid=$!
exec 3>in
cat rows >&3
wait_until 20 has 750 || { cat log; fail "listed $(listed) with a full journal"; }
[ "$(cat state/journal/*.seg | wc -c)" -lt "$size" ] || fail "it was not full"
want_line log "No space left on device"
mount -o remount,size=10m state/journal || fail "cannot remount"
wait_until 10 whole || fail "memory does not come into the folder"
cat state/journal/*.seg >got
want_same rows got "the segments are not what was sent"
exec 3>&-
wait "$pid"
want_eq $? 0 "exit code"
umount state/journal
rm -rf state in

# All on one file system.
mkdir state
mount -t tmpfs -o size=700k,mode=2750 tmpfs state || fail "cannot mount"
mkfifo in
: >log
pmta-suppress-pipe --config "$PWD/small.conf" --log "$PWD/log" <in &
pid=$!
exec 3>in
pmta_standin --make 4000 --seed 22 --print >rows
size=$(wc -c <rows)
cat rows >&3
wait_until 20 grep -q "in memory\|of memory\|the next try is in" log ||
	{ cat log; fail "it was not full"; }
sleep 1
kill -0 "$pid" || fail "it has ended"
mount -o remount,size=50m state || fail "cannot remount"
wait_until 20 has 3000 || { cat log; fail "listed $(listed) with room again"; }
wait_until 10 whole || fail "memory does not come into the folder"
cat state/journal/*.seg >got
want_same rows got "the segments are not what was sent"
exec 3>&-
wait "$pid"
want_eq $? 0 "exit code"
want_no_line log "were dropped between"
umount state
rm -rf state in

# Room for what memory held alone: what comes then stands behind a gap, and no
# row is put together across it.
mkdir -p state/journal
chmod 2750 state
mount -t tmpfs -o size=256k,mode=700 tmpfs state/journal || fail "cannot mount"
printf '[journal]\nsegment-size = 64K\nspare-size = 16K\n' >tiny.conf
calm tiny.conf
mkfifo in
: >log
pmta-suppress-pipe --config "$PWD/tiny.conf" --log "$PWD/log" <in &
pid=$!
exec 3>in
pmta_standin --make 1000 --seed 23 --print >rows
head -n 200 rows >&3
wait_until 10 sh -c '[ -s state/journal/*.seg ]' || fail "no journal"
dd if=/dev/zero of=state/journal/.filler bs=4k 2>/dev/null
sed -n '201,$p' rows >&3
wait_until 10 grep -q "are dropped from now on" log || fail "it is not told"
sleep 0.5 # all of it is read by now
truncate -s $(($(stat -c %s state/journal/.filler) - 16384)) \
	state/journal/.filler
wait_until 10 grep -q "records are missing" log || fail "no word of the end"
pmta_standin --make 20 --seed 24 --print | tail -n +2 >&3
wait_until 10 sh -c '[ "$(grep -c "of memory until" log)" = 2 ]' ||
	{ cat log; fail "there was room"; }
rm state/journal/.filler
wait_until 10 sh -c '[ "$(grep -c "can be written again" log)" = 2 ]' ||
	fail "no word of the second end"
exec 3>&-
wait "$pid"
want_eq $? 0 "exit code"
ls state/journal | grep -q gap || fail "no segment tells of the gap"
want_no_line log "is not used"
umount state/journal
rm -rf state in

# Full to the end: what is lost is told with the time when it came, not with
# that of a later look at the folder.
mkdir state
mount -t tmpfs -o size=400k,mode=2750 tmpfs state || fail "cannot mount"
printf '[pipe]\ndrain-timeout = 1s\n' >>small.conf
mkfifo in
: >log
pmta-suppress-pipe --config "$PWD/small.conf" --log "$PWD/log" <in &
pid=$!
exec 3>in
pmta_standin --make 4000 --seed 25 --print >&3
wait_until 10 grep -q "of memory until" log || { cat log; fail "not full"; }
told=$(date -u +%Y-%m-%dT%H:%M:%SZ)
sleep 3
exec 3>&-
wait "$pid"
want_eq $? 0 "exit code"
want_line log "and are lost; give the acct-file of that time"
from=$(sed -n 's/.* that came between \([^ ]*\) and .*/\1/p' log)
expr "$from" "<=" "$told" >/dev/null || fail "came from $from, not $told on"
umount state
