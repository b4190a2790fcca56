# The last line of a pipe's log says what it did from its start on, whatever
# its workers went through: bytes and rows are of the same time.
. "$SRC/tests/cli/lib.sh"
calm

child_of() { # PID
	for stat in /proc/[0-9]*/stat; do
		read -r child _ _ parent _ <"$stat" || continue
		[ "$parent" != "$1" ] || echo "$child"
	done 2>/dev/null
}

rows() { # FIRST LAST
	for i in $(seq "$1" "$2"); do
		row b "2026-10-05 08:00:00+0000" "u$i@x.example" "5.1.1 (no)" \
			"smtp;550 5.1.1 user unknown" "mx.x.example (192.0.2.9)"
	done
}

last() { # the last summary's figures
	sed -n 's/.*summary: [^ ]*: //p' pipe.log | tail -n 1
}

# kill_after N FILE...: N rows, then the worker is killed, then the files.
kill_after() {
	rm -rf state
	mkfifo in
	pmta-suppress-pipe --log stderr <in 2>pipe.log &
	pipe=$!
	exec 9>in
	{ acct_header; rows 1 "$1"; } >first
	cat first >&9
	wait_until 20 pmta-suppress check "u$1@x.example" ||
		fail "the first rows are not listed"
	worker=$(child_of "$pipe")
	kill -9 "$worker"
	wait_until 20 grep -q "the worker died" pipe.log
	shift
	cat "$@" first | wc -c >bytes
	cat "$@" /dev/null >&9
	exec 9>&-
	wait "$pipe" || fail "the pipe exited $?"
	rm in
	bytes=$(($(cat bytes)))
}

rows 101 101 >last.csv
kill_after 100 last.csv
want_eq "$(last)" "took $bytes bytes, worked on $bytes: rows 101 (b 101) used 101 skipped 0 suppressed 101 held 0" \
	"after a worker's death and a row"
kill_after 100
want_eq "$(last)" "took $bytes bytes, worked on $bytes: rows 100 (b 100) used 100 skipped 0 suppressed 100 held 0" \
	"after a worker's death alone"

# Bytes without a row are told as well; nothing is told of nothing.
acct_header >header.csv
pipe_rows header.csv || fail "a header alone"
bytes=$(($(wc -c <header.csv)))
want_eq "$(last)" "took $bytes bytes, worked on $bytes: rows 0 used 0 skipped 0 suppressed 0 held 0" \
	"a header alone"
{
	acct_header
	row b "2026-10-05 08:00:00+0000" big@x.example "5.1.1 (no)" \
		"smtp;550 5.1.1 $(printf '%070000d' 1)" "mx.x.example"
} >big.csv
pipe_rows big.csv || fail "a row over the limit"
bytes=$(($(wc -c <big.csv)))
want_eq "$(last)" "took $bytes bytes, worked on $bytes: rows 0 used 0 skipped 1 (too-long 1) suppressed 0 held 0" \
	"a row over the limit"
pipe_rows /dev/null || fail "no input"
want_no_line pipe.log "summary"
