# policy test: deliveries that cleared nothing are in the journal alone; by
# them, who was held and took mail later is dropped in the rehearsal, too.
. "$SRC/tests/cli/lib.sh"

{
	acct_header
	for day in 03 05 09 12; do
		gmail_rows d $day 1 300
	done
} >before.csv
# An incident; fifty of those whom it names take mail on the day after.
{
	acct_header
	gmail_rows b 17 1 200
	gmail_rows d 17 201 300
} >storm.csv
{
	acct_header
	gmail_rows d 18 1 50
	gmail_rows d 18 400 420
} >after.csv
pipe_all() {
	for file in before storm after; do
		pipe_rows $file.csv || fail "the pipe: $(cat pipe.log)"
	done
}
number() { # KEY: the first of that name in ./out
	grep -o "\"$1\":[0-9]*" out | head -n 1 | sed 's/.*://'
}
journal() { # what is told of it
	grep -o '"journal":{[^}]*}' out
}
printf '[storm]\nrecipients = 100000\nbreaker-floor = 100000\n' >loose.conf
: >shipped.conf

# Listed by loose settings: the shipped ones would hold them, and drop those
# who took mail.
cp loose.conf pmta-suppress.conf
pipe_all
want_ok pmta-suppress check u7@gmail.com
pmta-suppress dump >dump
(cd state/journal && find . -type f -exec cksum {} + | sort) >sums
want_ok pmta-suppress policy test shipped.conf --since 2026-11-10 --json
want_line out '"added":0,"removed":50,"changed":0,"held":150,"let_go":0'
want_line out '"would_be":"removed","count":50,"class":"gone.mailbox","rule":"'
want_eq "$(journal)" '"journal":{"from":"2026-11-12T10:00:01Z","deliveries":250,"error":null}' "what is told of the journal"
want_ok pmta-suppress policy test shipped.conf --since 2026-11-10
want_line out "would be added 0, removed 50, changed 0, held 150, let go 0"
want_line out "journal: rows from 2026-11-12T10:00:01Z on, 250 deliveries used"
want_ok pmta-suppress policy test loose.conf
want_line out "would be added 0, removed 0, changed 0, held 0, let go 0"
pmta-suppress dump >now
want_same dump now "a rehearsal writes nothing"
(cd state/journal && find . -type f -exec cksum {} + | sort) >now
want_same sums now "the journal is only read"

# A window behind the incident: nothing of it comes again.
want_ok pmta-suppress policy test shipped.conf --since 2026-11-18 --json
want_line out '"removed":0,"changed":0,"held":0,"let_go":0'
want_eq "$(journal)" '"journal":{"from":"2026-11-18T10:00:01Z","deliveries":50,"error":null}' "the journal of one day"

# Strange bytes between rows, and streams that hold no rows, are passed over.
junk() {
	printf '\000\377"x,"",y"z\n"no end,\nd,,\nd\n{"type":"d"}\nd,2026-11-18 '
	printf '10:00:00+0000,,,"u60@gmail.com\n'
	head -c 70000 /dev/urandom | tr -d '\n'
	printf '\ntype\ntype,type,rcpt,\n'
	gmail_rows d 18 61 62 # columns of another header now
}
stream() { # NAME INPUT: one with what stands on standard input
	printf 'input = %s\n' "$2" >"state/journal/$1.stream"
	cat >"state/journal/$1.0000000000000000.seg"
}
# Streams of one second have no order of their names: by what they hold.
segment_of() { # DAY of November
	find state/journal -name '*.seg' -exec grep -l "2026-11-$1" {} +
}
last=$(segment_of 18)
cp -p "$last" last.seg
junk >>"$last"
tail -c +300 before.csv | head -c 5000 | stream 20261101T000000Z-1-00000001 csv
{ acct_header; gmail_rows d 19 51 99; } >odd.csv
stream 20261101T000000Z-1-00000002 message <odd.csv
stream 20261101T000000Z-1-00000003 json <odd.csv
head -c 300000 /dev/urandom | stream 20261101T000000Z-1-00000004 csv
acct_header | stream 20261101T000000Z-1-00000005 csv
: | stream 20261101T000000Z-1-00000006 csv
cp odd.csv state/journal/20261101T000000Z-1-00000006.ffffffffffffffff.seg
cp odd.csv state/journal/20261101T000000Z-1-00000007.0000000000000000.seg
cp odd.csv state/journal/nosuch.seg
want_ok pmta-suppress policy test shipped.conf --since 2026-11-10 --json
want_line out '"removed":50,"changed":0,"held":150,"let_go":0'
want_eq "$(number deliveries)" 250 "deliveries between junk"
rm state/journal/20261101T* state/journal/nosuch.seg
cp -p last.seg "$last"

# Its first segment is gone: the header is in the database. A hole costs the
# rows at its rim.
name=${last%.0000000000000000.seg}
tail -c +1001 last.seg >"$name.00000000000003e8.seg"
rm "$last"
want_ok pmta-suppress policy test shipped.conf --since 2026-11-18 --json
want_eq "$(number deliveries)" $((50 - $(head -c 1000 last.seg | tail -n +2 |
	wc -l) - 1)) "deliveries behind the header"
head -c 700 last.seg >"$last"
want_ok pmta-suppress policy test shipped.conf --since 2026-11-18 --json
want_eq "$(number deliveries)" $((50 - $(head -c 1000 last.seg | wc -l) + \
	$(head -c 700 last.seg | wc -l) - 1)) "deliveries around a hole"
rm "$name.00000000000003e8.seg"
cp -p last.seg "$last"

# A stream that comes in just now, as far as it goes.
mkfifo in
pmta-suppress-pipe --log "$PWD/log" <in &
exec 3>in
{
	acct_header
	gmail_rows d 19 51 60
	gmail_rows d 19 61 61 | head -c 60
} >&3
more_rows() {
	pmta-suppress policy test shipped.conf --json >out &&
		[ "$(number removed)" -eq 60 ]
}
wait_until 20 more_rows || fail "rows of a live stream: $(cat out)"
exec 3>&-
wait $! || fail "the pipe was disturbed: $(cat log)"
cp -Rp state kept

# Without it all is as before: they would be held.
rm -r state/journal
want_ok pmta-suppress policy test shipped.conf --since 2026-11-10 --json
want_line out '"added":0,"removed":0,"changed":0,"held":200,"let_go":0'
want_eq "$(journal)" '"journal":{"from":null,"deliveries":0,"error":null}' "without a journal"
want_ok pmta-suppress policy test shipped.conf
want_line out "journal: none kept"
: >state/journal
want_ok pmta-suppress policy test shipped.conf
want_line out "held 200"
want_line out "journal: not read: "
want_line out "journal: cannot open the folder: Not a directory"
rm state/journal

# Held in truth, and dropped by the delivery: the replay comes to the same.
rm -r state
: >pmta-suppress.conf
pipe_all
want_ok pmta-suppress policy test shipped.conf
want_line out "added 0, removed 0, changed 0, held 0, let go 0"
want_line out "storm 1, which hold 150 where 150 are held"
# Nobody was listed while it observed by loose numbers.
rm -r state
printf '[policy]\nmode = observe\n' | cat - loose.conf >pmta-suppress.conf
pipe_all
want_ok pmta-suppress policy test shipped.conf --json
want_eq "$(number added) $(number held)" "0 150" "added, held after observing"
rm -r state/journal
want_ok pmta-suppress policy test shipped.conf --json
want_eq "$(number added) $(number held)" "0 200" "the same without journal"

# Who may read the database alone gets what that tells; who may read the
# journal, too, needs no right to write.
[ "$(id -u)" -eq 0 ] || exit 0
command -v setpriv >/dev/null || exit 0
member() {
	setpriv --reuid=41002 --regid=41002 --groups=41010 "$@"
}
member pmta-suppress --version >/dev/null 2>&1 || exit 0
rm -r state
mv kept state
cp loose.conf pmta-suppress.conf
chown -R 41001:41010 state
chmod 750 state
chmod 640 state/suppress.db*
want_ok member pmta-suppress policy test shipped.conf --since 2026-11-10
want_line out "held 200"
want_line out "journal: not read: "
want_line out "journal: cannot open the folder: Permission denied"
chmod 750 state/journal
want_ok member pmta-suppress policy test shipped.conf --since 2026-11-10
want_line out "held 200"
want_line out ".stream: cannot open: Permission denied"
chmod 640 state/journal/*
want_ok member pmta-suppress policy test shipped.conf --since 2026-11-10
want_line out "removed 60, changed 0, held 140"
chmod 600 "$(segment_of 03)"
want_ok member pmta-suppress policy test shipped.conf --since 2026-11-10
want_line out "removed 60, changed 0, held 140"
want_line out "journal: rows from 2026-11-17T10:00:01Z on, 60 deliveries used"
want_line out "journal: not all could be read: "
