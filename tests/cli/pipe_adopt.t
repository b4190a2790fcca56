# Both processes are killed while the database is locked: nothing is worked on
# yet. The next start adopts the stream, also one whose header is far behind.
. "$SRC/tests/cli/lib.sh"
calm

pmta_standin --make 400 --seed 3 --print >rows
mkfifo in lock
pmta-suppress add first@x.example --reason "makes the database" >/dev/null
lock_store "$PWD/state/suppress.db" <lock >locked &
locker=$!
exec 4>lock # no one started from now on may inherit it
wait_until 10 grep -q locked locked || fail "no lock"

pmta-suppress-pipe --log "$PWD/log" <in 4>&- &
pid=$!
exec 3>in
cat rows >&3
size=$(wc -c <rows)
taken() {
	[ "$(cat state/journal/*.seg 2>/dev/null | wc -c)" -eq "$size" ]
}
wait_until 10 taken || fail "the rows do not come into the journal"
worker=$(cat "/proc/$pid/task/$pid/children")
kill -9 "$pid" $worker # in this order: the mover would start another
wait "$pid" 2>/dev/null
exec 3>&-
exec 4>&-
wait "$locker"
want_eq "$(pmta-suppress list | grep -c '@d')" 0 "listed before"

acct_header | pmta-suppress-pipe --log "$PWD/log" || fail "exit $?"
want_line log "was left unfinished"
want_eq "$(pmta-suppress list | grep -c '@d')" 300 "listed after adoption"
own=$(($(acct_header | wc -c)))
want_line log "took $own bytes, worked on $own and on $size of other streams: rows 400 "

# Once is enough.
: >log
acct_header | pmta-suppress-pipe --log "$PWD/log" || fail "exit $?"
want_no_line log "was left unfinished"

# As many as are taken up at once (16 streams), or go together (64 messages),
# one less and one more.
left_behind() { # KIND N: streams that nobody works on any more
	for i in $(seq "$2"); do
		name=$(printf '20261101T%06dZ-1-%s' "$i" "$1$2")
		printf 'input = %s\n' "$1" >"state/journal/$name.stream"
		if [ "$1" = csv ]; then
			acct_header
			row b "2026-11-20 08:00:00+0000" "csv$i@n$2.example" \
				"5.1.1 (no)" "smtp;550 5.1.1 no such user" mx.x
		else
			report "message$i@n$2.example"
		fi >"state/journal/$name.0000000000000000.seg"
	done
}

for n in 15 16 17 63 64 65; do
	[ "$n" -gt 20 ] || left_behind csv "$n"
	[ "$n" -lt 20 ] || left_behind message "$n"
	acct_header | pmta-suppress-pipe --log "$PWD/log" || fail "exit $?"
	want_eq "$(pmta-suppress list | grep -c "@n$n.example")" "$n" \
		"listed after $n streams were adopted"
done
want_eq "$(find state/journal -name '*-message*.stream')" "" \
	"streams of messages that are worked on"
