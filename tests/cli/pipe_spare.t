# The journal's folder cannot be written: memory takes the rows, they are
# worked on all the same, and go to the folder when it can be written again.
. "$SRC/tests/cli/lib.sh"

# Started by root the program becomes the folder's owner.
mkdir state
chmod 2750 state
: >log
[ "$(id -u)" -ne 0 ] || chown 65534:65534 state log
cat >small.conf <<END
[journal]
segment-size = 8K
END
calm small.conf
pmta_standin --make 1000 --seed 8 --print >rows
head -n 1 rows >one
# Rows have a line break in quotes: two lines each, deliveries one.
sed -n '2,$p' rows | head -n 700 >two
sed -n '2,$p' rows | tail -n +701 >three
want_two=$(grep -c '^b,' two)

began() {
	grep -q "input = csv" state/journal/*.stream
}

mkfifo in
pmta-suppress-pipe --config "$PWD/small.conf" --log "$PWD/log" <in &
pid=$!
exec 3>in
cat one >&3
wait_until 10 began || fail "no start"
chmod 500 state/journal
cat two >&3
listed() {
	pmta-suppress list 2>/dev/null | grep -c @
}
has() {
	[ "$(listed)" -eq "$1" ]
}
wait_until 10 has "$want_two" ||
	fail "listed $(listed) from memory, want $want_two"
size=$(cat state/journal/*.seg | wc -c)
[ "$size" -lt 20000 ] || fail "the folder was written: $size bytes"
wait_until 5 grep -q "of memory until it can be written" log ||
	{ cat log; fail "it is not told"; }
cat three >&3
wait_until 10 has 750 || fail "listed $(listed), want 750"
chmod 700 state/journal
whole() {
	[ "$(cat state/journal/*.seg | wc -c)" -eq "$(wc -c <rows)" ]
}
wait_until 10 whole || fail "memory does not come into the folder"
cat state/journal/*.seg >got
want_same rows got "the segments are not what was sent"
exec 3>&-
wait "$pid"
want_eq $? 0 "exit code"
want_line log "can be written again"
ls state/journal | grep -q gap && fail "a gap where nothing was lost"

# Memory that is full of rows that are in the database takes more.
cat >tiny.conf <<END
[journal]
segment-size = 8K
spare-size = 16K
END
calm tiny.conf
rm -rf state/journal
mkfifo in1
: >log
pmta-suppress-pipe --config "$PWD/tiny.conf" --log "$PWD/log" <in1 &
pid=$!
exec 3>in1
acct_header >&3
wait_until 10 began || fail "no start"
chmod 500 state/journal
in_memory() {
	pmta-suppress check "m$i-20@x.example"
}
for i in $(seq 20); do
	for k in $(seq 20); do
		row b "2026-11-20 08:00:00+0000" "m$i-$k@x.example" "5.1.1 (no)" \
			"smtp;550 5.1.1 no such user" "mx.gone.example (192.0.2.25)"
	done >rows
	cat rows >&3
	wait_until 10 in_memory || { cat log; fail "rows $i are not worked on"; }
done
[ $(($(wc -c <rows) * 20)) -gt 80000 ] || fail "too few bytes"
want_no_line log "dropped"
# The journal begins anew where memory does, and that is no loss.
chmod 700 state/journal
wait_until 10 grep -q "can be written again" log || fail "no word of it"
row b "2026-11-20 08:00:00+0000" last@x.example "5.1.1 (no)" \
	"smtp;550 5.1.1 no such user" "mx.gone.example (192.0.2.25)" >&3
exec 3>&-
wait "$pid" || fail "exit $?"
want_exit 0 pmta-suppress check last@x.example
want_no_line log "missing"
want_no_line log "dropped since the start.*[1-9]"
ls state/journal | grep -q gap && fail "a gap where nothing was lost"

# Memory full as well: read on, dropped, told, and the next segment says so.
rm -rf state/journal
mkfifo in2
: >log
pmta-suppress-pipe --config "$PWD/tiny.conf" --log "$PWD/log" <in2 &
pid=$!
exec 3>in2
pmta_standin --make 1000 --seed 9 --print >rows
head -n 1 rows >&3
wait_until 10 began || fail "no start"
chmod 500 state/journal
tail -n +2 rows >&3
wait_until 10 grep -q "are dropped from now on" log || fail "it is not told"
sleep 0.5 # all of it is read by now
chmod 700 state/journal
wait_until 10 grep -q "records are missing" log || fail "no word of the end"
pmta_standin --make 40 --seed 10 --print | tail -n +2 >&3
exec 3>&-
wait "$pid"
want_eq $? 0 "exit code"
ls state/journal | grep -q gap || fail "no segment tells of the gap"
want_line log "bytes of records were dropped between"
pmta-suppress list >out
# The first row after it may be the rest of one, so it is not used.
want_eq "$(grep -c 'r10-' out)" 29 "rows after the gap"
pmta-suppress status >out
want_line out "were dropped between"
