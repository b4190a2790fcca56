# A power cut takes back no message that was taken and no row that was flushed:
# what a stream or a segment came to is on the disk before it is deleted.
. "$SRC/tests/cli/lib.sh"
calm
command -v strace >/dev/null || skip "strace is not here"
grep -q -e -fsanitize "$BUILD/flags" && skip "the leak checker and strace"

traced() {
	strace -f -y -qq --seccomp-bpf -o trace \
		-e trace=pwrite64,fsync,fdatasync,unlinkat \
		pmta-suppress-pipe --log "$PWD/log" "$@"
}

# kept FILES: how many such files were deleted in the trace, each when all that
# the log of the database had was on the disk.
kept() {
	awk -v files="$1" '
		/pwrite64\(.*suppress\.db-wal>/ { dirty = 1 }
		/(fsync|fdatasync)\(.*suppress\.db-wal>/ { dirty = 0 }
		/unlinkat\(/ && $0 ~ files {
			n++
			if (dirty) { print "not on the disk: " $0; exit }
		}
		END { print n + 0 }' trace
}

syncs() { # of the log of the database
	grep -cE '(fsync|fdatasync)\(.*suppress\.db-wal>' trace
}

listed() { # RCPT
	pmta-suppress check "$1"
}

last_child_of() { # PID: a worker is the child of a child
	last=$1
	while
		for stat in /proc/[0-9]*/stat; do
			read -r child _ _ parent _ <"$stat" || continue
			[ "$parent" != "$last" ] || break
			child=
		done 2>/dev/null
		[ -n "$child" ]
	do
		last=$child
	done
	echo "$last"
}

# A message that is worked on by its own process; one wait for the disk more.
pmta-suppress list >/dev/null 2>&1
acct_header | pmta-suppress-pipe --log "$PWD/log" || fail "no database"
report ada@x.example >mail
traced --input message <mail || { cat log; fail "a message: exit $?"; }
listed ada@x.example >/dev/null || fail "ada is not listed"
want_eq "$(kept '[.]stream')" 1 "streams that went"
want_eq "$(find state/journal -name '*.stream' -size +0 | wc -l)" 1 "streams left"
[ "$(syncs)" -le 3 ] || { cat trace; fail "waits for one message: $(syncs)"; }

# One that a busy pipe takes.
mkfifo rows
traced <rows &
pipe=$!
exec 5>rows
acct_header >&5
wait_until 20 sh -c 'ls state/journal/.handover-*' || fail "nobody listens"
for i in 1 2 3; do
	report "m$i@x.example" |
		pmta-suppress-pipe --input message --log "$PWD/log" ||
		fail "message $i: exit $?"
done
all_went() {
	row d "2026-10-05 08:00:00+0000" busy@x.example 2.0.0 "smtp;250 ok" \
		"mx (192.0.2.25)" >&5
	[ "$(kept '[.]stream')" = 3 ]
}
wait_until 20 all_went || { cat log; grep -v pwrite64 trace; fail \
	"messages of a busy pipe: $(kept '[.]stream')"; }
exec 5>&-
wait "$pipe" || { cat log; fail "the pipe: exit $?"; }
want_eq "$(kept '[.]stream')" 3 "streams that went"

# Segments that go since there are too many of them.
printf '[journal]\nsegment-size = 64K\nsize = 1M\n' >>pmta-suppress.conf
pmta_standin --make 15000 --seed 6 --print >rows.csv
traced <rows &
pipe=$!
exec 5>rows
cat rows.csv >&5
segments_went() {
	row d "2026-10-05 08:00:00+0000" busy@x.example 2.0.0 "smtp;250 ok" \
		"mx (192.0.2.25)" >&5
	[ "$(kept '[.]seg')" != 0 ]
}
wait_until 20 segments_went || { cat log; fail "no segment went"; }

# A new worker flushes what comes, though the stream's first segment is gone.
syncs_of_rows() {
	grep -cE 'fdatasync\(.*\.seg>' trace
}
flushed() {
	[ "$(syncs_of_rows)" -gt "$1" ]
}
sleep 1.5 # what has come so far
kill -KILL "$(last_child_of "$pipe")"
before=$(syncs_of_rows)
row d "2026-10-05 08:00:00+0000" busy@x.example 2.0.0 "smtp;250 ok" \
	"mx (192.0.2.25)" >&5
wait_until 5 flushed "$before" || { cat log; fail "a new worker flushes nothing"; }
exec 5>&-
wait "$pipe" || { cat log; fail "the pipe: exit $?"; }
want_no_line log "bytes are missing"
went=$(kept '[.]seg')
case $went in
not*) fail "$went" ;;
esac

# Segments that were filled in the last second are flushed at the end.
sed -i 's/^segment-size.*/segment-size = 4K/' pmta-suppress.conf
printf 'sync-ms = 600000\n' >>pmta-suppress.conf
{
	head -n 1 rows.csv
	sleep 1
	sed -n '2,500p' rows.csv
} | traced || fail "all at once: exit $?"
last=$(ls state/journal/*.stream | tail -n 1)
last=${last##*/}
ls state/journal | grep "^${last%.stream}.*[.]seg" >filled
[ "$(wc -l <filled)" -gt 20 ] || fail "only $(wc -l <filled) segments"
grep 'fdatasync(.*[.]seg>' trace | sed 's/.*journal.//; s/>.*//' | sort -u >flushed
want_same filled flushed "segments that are flushed"
sed -i '/^sync-ms/d' pmta-suppress.conf

# Rows are flushed to the disk, too, while the database cannot be opened.
rm -rf state
pmta-suppress add x@x.example --reason x >/dev/null || fail "no database"
printf '[pipe]\ndrain-timeout = 0\n' >>pmta-suppress.conf
printf '\0\0\0\143' | # its version
	dd of=state/suppress.db bs=1 seek=60 conv=notrunc 2>/dev/null
: >log
traced <rows &
pipe=$!
exec 5>rows
acct_header >&5
wait_until 20 grep -q "made by a newer version" log ||
	{ cat log; fail "the database can be opened"; }
wait_until 5 flushed 0 || { cat trace; fail "the rows are not flushed"; }
# By then the tries are seconds apart.
sleep 3
acct_header >&5
wait_until 3 flushed 1 || { cat trace; fail "later rows are not flushed"; }
exec 5>&-
wait "$pipe" || fail "exit $?"

# A message that is neither in the journal nor, for sure, in the database.
rm -rf state
printf '[pipe]\ndrain-timeout = 2s\n' >pmta-suppress.conf
pmta-suppress-pipe --log "$PWD/log" <rows & # keeps the database's log
pipe=$!
exec 5>rows
acct_header >&5
row d "2026-10-05 08:00:00+0000" busy@x.example 2.0.0 "smtp;250 ok" \
	"mx (192.0.2.25)" >&5
wait_until 10 test -s state/suppress.db-wal || fail "no log of the database"
rm -rf state/journal
: >state/journal
sed 's/ada@/eva@/' mail | strace -f -qq -o trace -e trace=fdatasync \
	-e inject=fdatasync:error=EIO pmta-suppress-pipe --log "$PWD/log" \
	--input message 2>err
want_eq $? 75 "exit code of a message that may not be on the disk"
exec 5>&-
wait "$pipe" || fail "the pipe: exit $?"
