#!/bin/sh
# soak.sh - SOAK_ROWS rows (100 million) through one pipe at full speed:
# `soak.sh BUILD`. Every second it looks at the memory and the descriptors of
# both processes and at the sizes of database and journal; prints a table, and
# ends with 1 when memory or descriptors grow behind the first fifth (by then the
# tables of replies and of who has soft evidence have most of their size), when a
# size is not what INSTALL.md ("Disk") says, or when a row is missing.
# The pipe takes bytes faster than they are worked on, so the feeder waits while
# the journal holds twice its size. SOAK_DIR is where the list stands, SOAK_WARM
# how many of a hundred looks are warm-up (20), SOAK_CONFIG more lines of settings.
set -u

BUILD=$(cd "$1" && pwd) || exit 1
rows=${SOAK_ROWS:-100000000}
dir=$(mktemp -d "${SOAK_DIR:-${TMPDIR:-/tmp}}/pmta-soak.XXXXXX") || exit 1
trap 'rm -rf "$dir"' EXIT
cd "$dir" || exit 1
bad=0

fail() {
	echo "FAIL soak: $*"
	bad=1
}

# What the manual says, in bytes; a cell is 10 minutes x provider x vmta x type.
EVIDENCE=151 ENTRY=175 CELL=25 REPLY=350
journal_size=1G segment_size=64M
{
	printf '[journal]\nsize = %s\nsegment-size = %s\n' $journal_size $segment_size
	# Rows of a generator fail more often than real ones.
	printf '[storm]\nrecipients = 1000000000\nbreaker-floor = 1000000000\n'
	printf 'report-floor = 1000000000\ncomplaint-floor = 1000000000\n'
	printf '[pipe]\ndrain-timeout = 1h\n%s\n' "${SOAK_CONFIG:-}"
} >soak.conf
: >log

# ---- looking ----

kib() { # PID NAME: of /proc/PID/status
	sed -n "s/^$2:[[:space:]]*\([0-9]*\).*/\1/p" "/proc/$1/status" 2>/dev/null
}
# But for the filters of whom has accepted mail: there are more as weeks go by.
fds() {
	find "/proc/$1/fd" -type l ! -lname '*/accepted/*' 2>/dev/null | wc -l
}
bytes() {
	du -sb "$@" 2>/dev/null | awk '{ n += $1 } END { printf "%d", n }'
}
# One line: seconds, KiB and descriptors of mover and worker, bytes of database,
# log and journal.
look() {
	worker=$(cut -d ' ' -f 1 "/proc/$pid/task/$pid/children" 2>/dev/null)
	[ -n "$worker" ] || return 1
	set -- "$(kib "$pid" RssAnon)" "$(fds "$pid")" "$(kib "$worker" RssAnon)" \
		"$(fds "$worker")"
	[ -n "$1" ] && [ -n "$3" ] || return 1
	echo "$(($(date +%s) - began)) $1 $2 $3 $4 $(bytes state/suppress.db) \
$(bytes state/suppress.db-wal) $(bytes state/journal) $worker"
}

began=$(date +%s)
mkfifo in
"$BUILD/bench/gen_rows" default "$rows" 7 >in 2>generated &
feeder=$!
"$BUILD/pmta-suppress-pipe" --config "$dir/soak.conf" --state "$dir/state" \
	--log "$dir/log" <in &
pid=$!
trap 'kill "$feeder" "$pid" 2>/dev/null; rm -rf "$dir"' EXIT
: >looks
while kill -0 "$pid" 2>/dev/null; do
	sleep 1
	look >>looks || continue
	if [ "$(tail -n 1 looks | cut -d ' ' -f 8)" -gt 2147483648 ]; then
		kill -STOP "$feeder" 2>/dev/null
	else
		kill -CONT "$feeder" 2>/dev/null
	fi
done
wait "$pid"
code=$?
took=$(($(date +%s) - began))
[ "$code" -eq 0 ] || fail "the pipe ended with $code"

# ---- judging ----

n=$(wc -l <looks)
[ "$n" -ge 20 ] || fail "only $n looks: too few rows to tell anything"
printf '%7s %10s %5s %10s %5s %12s %12s %12s\n' second mover-KiB fds worker-KiB \
	fds database log journal
awk -v n="$n" 'NR % (int(n / 20) + 1) == 1 {
	printf "%7d %10d %5d %10d %5d %12d %12d %12d\n", $1, $2, $3, $4, $5, $6, $7, $8
}' looks
awk -v n="$n" -v warm="${SOAK_WARM:-20}" '
	function most(i, v) { if (NR <= n * warm / 100) {
			if (v > early[i]) early[i] = v }
		else if (v > late[i]) late[i] = v }
	{ most(2, $2); most(3, $3); most(4, $4); most(5, $5)
		if ($8 > size) size = $8; if ($7 > wal) wal = $7
		if (NR == 1) worker = $9; if ($9 != worker) anew++ }
	END {
		name[2] = "KiB of the mover"; name[3] = "descriptors of the mover"
		name[4] = "KiB of the worker"; name[5] = "descriptors of the worker"
		for (i = 2; i <= 5; i++) {
			room = i % 2 == 0 ? 1.05 : 1
			printf "%s %s: %d warming up, %d behind it\n",
				late[i] <= early[i] * room ? "ok  " : "FAIL",
				name[i], early[i], late[i]
			bad += late[i] > early[i] * room
		}
		# Past 2 GiB the feeder waits; a look is a second away.
		printf "%s journal: %d bytes at most\n",
			size <= 3221225472 ? "ok  " : "FAIL", size
		bad += size > 3221225472
		printf "     log of the database: %d bytes at most\n", wal
		if (anew > 0) { print "FAIL the worker was started anew"; bad++ }
		exit bad > 0
	}' looks || bad=1

"$BUILD/pmta-suppress" --config soak.conf --state state status --json >told ||
	fail "no status"
number() {
	grep -o "\"$1\":[0-9]*" told | head -n 1 | cut -d : -f 2
}
kind() {
	sed -n "s/.* $1 \([0-9]*\).*/\1/p" generated
}
for k in d b t f; do
	[ "$(number $k)" = "$(kind $k)" ] ||
		echo "     rows of type $k: $(number $k) of $(kind $k)"
done
missing=$(awk -v want="$(($(kind d) + $(kind b) + $(kind t) + $(kind f) + $(kind rb)))" \
	-v got="$(grep -o '"rows":{[^}]*}' told | grep -o ':[0-9]*' | tr -d : |
		awk '{ n += $1 } END { printf "%d", n }')" \
	'BEGIN { printf "%d", want - got }')
[ "$missing" -eq 0 ] || fail "$missing rows are missing"

left=$(bytes state/journal)
[ "$left" -le $((1073741824 * 17 / 16 + 4 * 67108864)) ] ||
	fail "the journal is left with $left bytes"
cells=$("$BUILD/pmta-suppress" --state state dump | grep -c '^counter')
size=$(($(bytes state/suppress.db)))
said=$(($(number evidence) * EVIDENCE + $(number active) * ENTRY + cells * CELL +
	$(number replies) * REPLY))
awk -v size=$size -v said=$said -v rows="$rows" -v took="$took" 'BEGIN {
	ok = size <= said * 1.15 + 4194304
	printf "%s database: %d bytes, INSTALL.md says %d (%.2f)\n",
		ok ? "ok  " : "FAIL", size, said, size / (said + 1)
	printf "%d rows in %d s, %d a second\n", rows, took, rows / (took + 1)
	exit !ok
}' || bad=1
exit "$bad"
