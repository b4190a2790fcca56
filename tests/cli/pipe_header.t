# The segment with the header goes long before the pipe does: a database that is
# begun anew still knows what the columns are.
. "$SRC/tests/cli/lib.sh"

calm
printf '[journal]\nsegment-size = 64K\nsize = 64K\n' >>pmta-suppress.conf

listed() { # RCPT...
	for rcpt; do
		pmta-suppress check "$rcpt" || return 1
	done
}
bounce() { # RCPT
	row b "2026-11-20 08:00:00+0000" "$1" "5.1.1 (no)" \
		"smtp;550 5.1.1 no such user" "mx.gone.example (192.0.2.25)"
}
want_listed() { # WHAT RCPT...
	what=$1
	shift
	wait_until 10 listed "$@" || { cat log; fail "$what"; }
}
first_gone() {
	gmail_rows d 20 1 50 >&3
	set -- state/journal/*.0000000000000000.seg
	[ ! -e "$1" ]
}
lose() { # the database
	rm -f state/suppress.db*
}

mkfifo in
pmta-suppress-pipe --log "$PWD/log" <in &
pid=$!
exec 3>in
acct_header >&3
gmail_rows d 20 1 1200 >&3
wait_until 20 first_gone || fail "the first segment stays"

lose
bounce a1@x.example >&3
want_listed "the pipe lives on" a1@x.example

# Columns that change: those in force now are known, where they are.
short() { # TYPE RCPT TEXT
	echo "$1,$2,smtp;$3,2026-11-20 08:00:00+0000"
}
others_gone() {
	for i in $(seq 500); do
		short d "u$i@gmail.com" "250 2.0.0 a longer answer than most"
	done >&3
	! grep -q type,rcpt state/journal/*.seg
}
echo type,rcpt,dsnDiag,timeLogged >&3
short b a2@x.example "550 5.1.1 no such user" >&3
want_listed "other columns" a2@x.example
wait_until 20 others_gone || fail "the segment with the other header stays"
lose
short b a3@x.example "550 5.1.1 no such user" >&3
want_listed "after other columns" a3@x.example

# Both processes die, and somebody else finds what they left.
worker=$(cat "/proc/$pid/task/$pid/children")
kill -STOP $worker
short b a4@x.example "550 5.1.1 no such user" >&3
wait_until 10 grep -q a4@x.example state/journal/*.seg || fail "no row"
kill -9 "$pid" $worker
wait "$pid" 2>/dev/null
exec 3>&-
lose
pmta-suppress-pipe --log "$PWD/log" </dev/null || fail "exit $?"
want_listed "adopted" a4@x.example
