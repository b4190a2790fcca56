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
