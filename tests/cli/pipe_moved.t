# A database that is moved, deleted or replaced under a pipe that lives: it is
# told, and the pipe goes on with what is in its place, from the journal.
. "$SRC/tests/cli/lib.sh"
calm

bounce() { # RCPT
	row b "2026-11-20 08:00:00+0000" "$1" "5.1.1 (no)" \
		"smtp;550 5.1.1 no such user" "mx.gone.example (192.0.2.25)" >&5
}
listed() { # RCPT...
	for rcpt; do
		pmta-suppress check "$rcpt" || return 1
	done
}
told() {
	grep -c 'state/suppress.db: it was moved, deleted or replaced' log
}
want_listed() { # WHAT RCPT...
	what=$1
	shift
	wait_until 10 listed "$@" || { cat log; pmta-suppress list; fail "$what"; }
}

mkfifo rows
pmta-suppress-pipe --log "$PWD/log" <rows &
pipe=$!
exec 5>rows
acct_header >&5
bounce a1@x.example
want_listed "the first row" a1@x.example
wait_until 10 sh -c 'ls state/journal/.handover-*' || fail "nobody listens"

# A backup is put in its place. A message is the first that comes.
mkdir saved
cp state/suppress.db saved/copy
mv state/suppress.db state/suppress.db-wal state/suppress.db-shm saved
mv saved/copy state/suppress.db
report a2@x.example | pmta-suppress-pipe --input message --log "$PWD/log" ||
	fail "a message: exit $?"
want_listed "a message after a backup was put back" a1@x.example a2@x.example
want_eq "$(told)" 1 "lines about it"
wait_until 10 sh -c '[ "$(ls state/journal/*.stream | wc -l)" = 1 ]' ||
	fail "the message's stream is left"

# A row is the first that comes.
mkdir saved2
mv state/suppress.db state/suppress.db-wal state/suppress.db-shm saved2
bounce a3@x.example
want_listed "a row after it was moved away" a1@x.example a3@x.example
want_eq "$(told)" 2 "lines about it"

rm state/suppress.db state/suppress.db-wal state/suppress.db-shm
bounce a4@x.example
want_listed "a row after it was deleted" a1@x.example a3@x.example a4@x.example
want_eq "$(told)" 3 "lines about it"
# At the start, of the copy (all was in its -wal yet), and then where it was.
want_eq "$(grep -c 'nothing was there, an empty list is begun' log)" 4 \
	"lists begun"

# SQLite's own way, which puts the older copy into the same file.
if command -v sqlite3 >/dev/null; then
	sqlite3 -readonly state/suppress.db ".backup $PWD/copy.db" ||
		fail "no copy"
	bounce a5@x.example
	want_listed "a row after the copy" a5@x.example
	sqlite3 state/suppress.db ".restore $PWD/copy.db" || fail "no restoring"
	want_exit 1 pmta-suppress check a5@x.example
	bounce a6@x.example
	want_listed "rows after an older copy was put back" a1@x.example \
		a4@x.example a5@x.example a6@x.example
	want_line log "an older copy was put back"
fi

exec 5>&-
wait "$pipe" || { cat log; fail "the pipe: exit $?"; }
want_eq "$(told)" 3 "lines about it"
want_eq "$(grep -c ': worker: ' log)" 0 "deaths"
