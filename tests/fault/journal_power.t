# The power goes while rows are in the journal: its last second may be cut off,
# or be zeros, and the database may know more than the journal has or less. The
# next start counts nothing twice and puts no row together wrongly; the
# parallel file brings the rest.
. "$SRC/tests/cli/lib.sh"
calm

pmta_standin --make 2000 --seed 9 --print >rows
want_ok pmta-suppress --state clean ingest rows
pmta-suppress --state clean dump >clean.dump

# taken DRAIN: a stream of all rows, worked on (30s) or not (0).
taken() {
	rm -rf state lock
	cp pmta-suppress.conf run.conf
	printf '[pipe]\ndrain-timeout = %s\n' "$1" >>run.conf
	mkfifo lock
	want_ok pmta-suppress add first@x.example --reason x
	locker=
	if [ "$1" = 0 ]; then
		lock_store "$PWD/state/suppress.db" <lock >locked &
		locker=$!
		exec 4>lock
		wait_until 10 grep -q locked locked || fail "no lock"
	fi
	pmta-suppress-pipe --config "$PWD/run.conf" --log "$PWD/log" <rows \
		4>&- || fail "exit $?"
	[ -n "$locker" ] || return 0
	exec 4>&-
	wait "$locker"
}

# after WHAT: the next start, then the file.
after() {
	acct_header | pmta-suppress-pipe --log "$PWD/log" ||
		{ cat log; fail "$1: exit $?"; }
	pmta-suppress list >listed
	for address in $(grep -o 'r9-[0-9]*@[^, ]*' listed); do
		grep -qF ",$address," rows || fail "$1: $address was never sent"
	done
	[ "$(grep -c '@d' listed)" -ge "$2" ] ||
		fail "$1: only $(grep -c '@d' listed) listed, want $2"
	want_exit 0 pmta-suppress ingest rows
	pmta-suppress dump | grep -v first@x.example >state.dump
	want_same clean.dump state.dump "$1"
}

segment() {
	set -- state/journal/*.seg
	[ $# -eq 1 ] || fail "$# segments"
	echo "$1"
}

size=$(wc -c <rows)
for drain in 0 30s; do
	for lost in 1 777 $((size / 2)) "$size"; do
		kept=$((size - lost))
		all=$(head -c "$kept" rows | grep -c ',bad-mailbox,')
		[ "$drain" = 0 ] || all=1500
		taken "$drain"
		truncate -s "$kept" "$(segment)"
		after "$lost bytes cut off, drain $drain" "$((all - 1))"
		taken "$drain"
		truncate -s "$kept" "$(segment)"
		truncate -s "$size" "$(segment)"
		after "$lost bytes zeroed, drain $drain" "$((all - 1))"
	done
done
# The database is older than the journal: its log was not synced.
taken 30s
rm -f state/suppress.db-shm
: >state/suppress.db-wal
after "the database's log is gone" 1499
