# A writer like PowerMTA, to which no write may take a second, while what the
# program stands on fails: afterwards the parallel file brings back what could
# not be kept, and the list is that of a run without trouble.
. "$SRC/tests/cli/lib.sh"

# Mounts of its own, gone with it.
if [ -z "${PMTA_TEST_INSIDE:-}" ] && unshare -m true 2>/dev/null; then
	PMTA_TEST_INSIDE=1 exec unshare -m sh "$0"
fi

locked=${FAULT_LOCKED:-600} # seconds
fast=${FAULT_FAST:-2000000} # rows, at 50,000 a second
fault=$BUILD/fault
pipe=$(command -v pmta-suppress-pipe)
preload= # into the pipe alone
printf '[journal]\nsegment-size = 256K\n' >small.conf
calm small.conf
calm

# feed RATE SECONDS [OPTION...]: begins to write to the program.
feed() {
	rows=$(($1 * $2))
	pmta_standin --make "$rows" --seed 5 --print >rows
	rm -rf clean log
	: >log
	chmod 666 log # it may become another user
	want_ok pmta-suppress --state clean ingest rows
	pmta_standin --make "$rows" --seed 5 --rate "$1" \
		--write-timeout 1000 --wait 120 -- /usr/bin/env \
		LD_PRELOAD="$preload" "$pipe" --config "$PWD/small.conf" --state "$PWD/state" \
		--log "$PWD/log" >out.standin 2>err.standin &
	standin=$!
	wait_until 20 test -s state/suppress.db ||
		{ cat log; fail "no database"; }
}

# fed WHAT: the writer has never waited; what is not told as dropped is there;
# the file fills the gaps.
fed() {
	wait "$standin" ||
		{ cat out.standin err.standin log; fail "$1: the writer waited"; }
	want_line out.standin "failed 0"
	[ ! -s err.standin ] || { cat err.standin; fail "$1: words on stderr"; }
	case $2 in
	whole)
		want_no_line log "were dropped between"
		same "$1, before the file"
		;;
	lossy) dropped_is_told ;;
	esac
	want_exit 0 pmta-suppress ingest rows
	same "$1"
	echo "$1: $(cat out.standin)"
}

# Bytes and a span of time, in the log and in status.
dropped_is_told() {
	told='[1-9][0-9]* bytes of records were dropped between 2[-0-9T:]*Z and 2'
	grep -q "$told" log || { cat log; fail "no word of what was dropped"; }
	pmta-suppress status | grep -q "$told" ||
		fail "status does not tell what was dropped"
	pmta-suppress list >listed
	[ "$(grep -c '@d' listed)" -lt $((rows * 3 / 4)) ] ||
		fail "nothing was missing: there was room"
}

same() {
	pmta-suppress --state clean dump >clean.dump
	pmta-suppress dump >state.dump
	want_same clean.dump state.dump "$1"
}

small() { # FOLDER SIZE
	mount -t tmpfs -o "size=$2,mode=2750,uid=65534,gid=65534" tmpfs "$1"
}

fill() {
	dd if=/dev/zero of="$1/filler" bs=4k >/dev/null 2>&1
}

the_database_is_locked() {
	mkdir state
	want_ok pmta-suppress add first@x.example --reason x
	rm -rf state.lock && mkfifo state.lock
	feed 500 $((locked + 4))
	lock_store "$PWD/state/suppress.db" <state.lock >locked.out &
	locker=$!
	exec 4>state.lock
	wait_until 10 grep -q locked locked.out || fail "no lock"
	sleep "$locked"
	exec 4>&-
	wait "$locker"
	wait "$standin" || { cat err.standin log; fail "locked: it waited"; }
	want_line out.standin "failed 0"
	want_eq "$(pmta-suppress list | grep -c '@d')" \
		$((rows * 3 / 4)) "nothing is missing after the lock"
	echo "locked for $locked s: $(cat out.standin)"
}

# the_disk_is_full UNDER...: state, state/journal
the_disk_is_full() {
	if [ -z "${PMTA_TEST_INSIDE:-}" ]; then
		echo "not done: full disk under $*: it needs root"
		return
	fi
	mkdir state
	small state 150m || fail "cannot mount a small file system"
	mkdir state/journal
	small state/journal 40m || fail "cannot mount a small file system"
	chmod 700 state/journal
	kept=whole seconds=6
	[ -z "${spare:-}" ] || kept=lossy seconds=9
	feed 2000 "$seconds"
	sleep 1
	for under in "$@"; do
		fill "$under"
	done
	sleep 3
	for under in "$@"; do
		rm -f "$under/filler"
	done
	[ "$kept" = whole ] || told_at_once
	fed "full disk under $*" "$kept"
	grep -q "make room\|No space left" log ||
		{ cat log; fail "the full disk is not told"; }
	umount state/journal state
}

the_folder_is_read_only() {
	mkdir state
	[ "$(id -u)" -ne 0 ] || chown 65534:65534 state
	feed 2000 5
	sleep 1
	chmod 500 state state/journal
	sleep 2
	chmod 2750 state
	chmod 700 state/journal
	fed "read-only state folder" whole
}

the_folder_is_gone() {
	mkdir state
	[ "$(id -u)" -ne 0 ] || chown 65534:65534 state
	feed 2000 5
	sleep 1
	mv state away
	sleep 2
	rm -rf state
	mv away state
	fed "state folder gone for a while" whole
}

# child PID: the first child of a process.
child() {
	cut -d ' ' -f 1 "/proc/$1/task/$1/children"
}

# What SQLite holds in memory hides the damage, so its process is killed too.
the_database_is_damaged() {
	mkdir state
	printf '[pipe]\ndrain-timeout = 2s\n' >>small.conf
	feed 2000 6
	sleep 1
	worker=$(child "$(child "$(child "$standin")")")
	dd if=/dev/urandom of=state/suppress.db bs=4096 count=20 \
		conv=notrunc 2>/dev/null
	dd if=/dev/urandom of=state/suppress.db-wal bs=4096 count=20 \
		conv=notrunc 2>/dev/null
	kill -9 "$worker" || fail "no worker"
	wait "$standin" || { cat err.standin log; fail "damaged: it waited"; }
	want_line out.standin "failed 0"
	want_line log "restore it from a backup, or move it away and ingest"
	# What the message says to do; the journal brings it all.
	mv state/suppress.db broken.db
	rm -f state/suppress.db-wal state/suppress.db-shm
	acct_header | pmta-suppress-pipe --log "$PWD/log" ||
		{ cat log; fail "the next start"; }
	same "after a damaged database was moved away"
	want_exit 0 pmta-suppress ingest rows
	same "and the file was ingested"
	echo "damaged database: $(cat out.standin)"
}

the_rules_are_broken() {
	mkdir state broken
	printf '[no class\nmatch = /(/\n' >broken/10-own.rules
	PMTA_SUPPRESS_RULES=$PWD/broken
	export PMTA_SUPPRESS_RULES
	feed_rules
	unset PMTA_SUPPRESS_RULES
	fed "broken rules" whole
	want_line log "10-own.rules"
}

# The clean run knows nothing of the broken rules.
feed_rules() {
	pmta_standin --make 4000 --seed 5 --print >rows
	rm -rf clean log
	(unset PMTA_SUPPRESS_RULES; pmta-suppress --state clean ingest rows) \
		>out 2>err || { cat err; fail "the clean run"; }
	pmta_standin --make 4000 --seed 5 --rate 4000 --write-timeout 1000 \
		--wait 60 -- "$pipe" --config "$PWD/small.conf" --state \
		"$PWD/state" --log "$PWD/log" >out.standin 2>err.standin &
	standin=$!
	wait_until 20 test -s state/suppress.db || fail "no database"
}

rows_come_fast() {
	mkdir state
	feed 50000 $((fast / 50000))
	fed "50,000 rows a second" whole
}

# set_clock SECONDS: how far the pipe's clock is off.
set_clock() {
	printf '%+020d' "$1" | dd of=clock conv=notrunc 2>/dev/null
}

begin_clock() {
	set_clock 0
	FAULT_CLOCK=$PWD/clock
	export FAULT_CLOCK
	preload=$fault/shim_clock.so
	[ -e "$preload" ] || fail "make fault builds shim_clock.so"
}

end_clock() {
	set_clock 0
	unset FAULT_CLOCK
	preload=
}

# A row that is ahead of the clock is counted and not used; the file brings it
# back when the clock is right again.
the_clock_jumps() {
	mkdir state
	begin_clock
	feed 2000 6
	for seconds in 86400 -3600 2592000 -63072000 1262304000 -1700000000; do
		sleep 0.7
		set_clock "$seconds"
	done
	sleep 0.7
	end_clock
	fed "a clock that jumps" either
}

a_checkpoint_runs() {
	mkdir state
	want_ok pmta-suppress add first@x.example --reason x
	rm -f state.lock && mkfifo state.lock
	"$fault/hold_checkpoint" "$PWD/state/suppress.db" <state.lock \
		>locked.out &
	locker=$!
	exec 4>state.lock
	wait_until 10 grep -q running locked.out || fail "no checkpoint"
	feed 2000 $(((locked + 20) / 10))
	sleep $(((locked + 20) / 10))
	exec 4>&-
	wait "$locker"
	grep -q '[1-9][0-9]* checkpoints' locked.out || fail "no checkpoint ran"
	wait "$standin" || { cat err.standin log; fail "checkpoint: it waited"; }
	want_line out.standin "failed 0"
	want_eq "$(pmta-suppress list | grep -c '@d')" \
		$((rows * 3 / 4)) "nothing is missing after the checkpoints"
	echo "$(tail -n 1 locked.out): $(cat out.standin)"
}

clear() {
	rm -rf state away clean broken broken.db state.lock locked.out
}

the_database_disk_is_full() {
	the_disk_is_full state
}

the_journal_disk_is_full() {
	the_disk_is_full state/journal
}

both_disks_are_full() {
	the_disk_is_full state state/journal
}

# What was dropped is told before the end, also when the clock is set back.
told_at_once() {
	wait_until 5 grep -q "records are missing" log || fail "no end of it"
	set_clock -86400
	wait_until 3 grep -q "were dropped between" log ||
		{ cat log; fail "what was dropped is not told"; }
	kill -0 "$standin" || fail "it was told too late to tell"
}

# Both disks are full, and so is the memory: bytes are read and dropped.
nothing_can_be_kept() {
	cp small.conf kept.conf
	spare=256K
	printf '[journal]\nspare-size = %s\n' "$spare" >>small.conf
	begin_clock
	the_disk_is_full state state/journal
	end_clock
	mv kept.conf small.conf
	spare=
}

for part in ${FAULT_PARTS:-the_database_is_locked the_folder_is_read_only \
	the_folder_is_gone the_database_is_damaged the_rules_are_broken \
	the_clock_jumps a_checkpoint_runs rows_come_fast \
	nothing_can_be_kept the_database_disk_is_full the_journal_disk_is_full \
	both_disks_are_full}; do
	clear
	"$part"
done
