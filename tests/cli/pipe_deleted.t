# The journal's folder is deleted, then renamed away, while rows come and the
# database is locked: what was not worked on yet is not lost.
. "$SRC/tests/cli/lib.sh"
calm

mkfifo lock in
pmta-suppress add first@x.example --reason "makes the database" >/dev/null
lock() {
	lock_store "$PWD/state/suppress.db" <lock >locked &
	locker=$!
	exec 4>lock
	wait_until 10 grep -q locked locked || fail "no lock"
}

lock
pmta_standin --make 900 --seed 12 --print >rows
pmta-suppress-pipe --log "$PWD/log" <in 4>&- &
pid=$!
exec 3>in
head -n 400 rows >&3
head -n 400 rows | wc -c >size
taken() {
	[ "$(cat state/journal/*.seg 2>/dev/null | wc -c)" -eq "$(cat size)" ]
}
wait_until 10 taken || fail "the rows do not come into the journal"
rm -r state/journal
sleep 1.1
tail -n +401 rows | head -n 400 >&3
wait_until 10 test -d state/journal || fail "the folder is not made again"
exec 4>&-
wait "$locker"
have() {
	[ "$(pmta-suppress list | grep -c '@d')" -ge "$1" ]
}
wait_until 10 have 330 || { cat log; fail "rows of the deleted segment: \
$(pmta-suppress list | grep -c '@d') listed"; }
mv state/journal state/away
sleep 1.1
tail -n +801 rows >&3
exec 3>&-
wait "$pid"
want_eq $? 0 "exit code"
want_eq "$(pmta-suppress list | grep -c '@d')" 675 "listed at the end"

# deleted_last SEED: right before the end of input.
deleted_last() {
	rm -rf state/away state/journal
	lock
	pmta_standin --make 400 --seed "$1" --print >rows
	wc -c <rows >size
	pmta-suppress-pipe --log "$PWD/log" <in 4>&- &
	pid=$!
	exec 3>in
	cat rows >&3
	wait_until 10 taken || fail "the rows do not come into the journal"
	rm -r state/journal
	exec 3>&- 4>&-
	wait "$locker"
	wait "$pid"
	want_eq $? 0 "exit code"
}
deleted_last 13
want_eq "$(pmta-suppress list | grep -c 'r13-')" 300 "listed after the deletion"
want_no_line log "bytes are missing"

# More than memory takes, and the worker has one file open at most: it is told.
printf '[journal]\nspare-size = 16K\nsegment-size = 64K\n' >>pmta-suppress.conf
deleted_last 14
want_line log "bytes are missing"
pmta-suppress status >out
want_line out "bytes are missing"
