# policy test: whom storms and breakers would hold, or let go, by other
# numbers; found by replaying the evidence that is stored in a copy.
. "$SRC/tests/cli/lib.sh"

# many TYPE DAY FIRST LAST DOMAIN MX STATUS REPLY: a row a second from 10:00
many() {
	awk -v type="$1" -v day="$2" -v from="$3" -v to="$4" -v domain="$5" \
		-v mx="$6" -v status="$7" -v reply="$8" 'BEGIN {
		for (i = from; i <= to; i++) {
			t = sprintf("2026-11-%s 10:%02d:%02d+0000", day,
				i / 60, i % 60)
			printf "%s,%s,%s,n@s.example,u%d@%s,,", type, t, t, i,
				domain
			printf "%s,%s,smtp;%s,%s (192.0.2.25),,smtp,,smtp,",
				type == "d" ? "relayed" : "failed", status,
				reply, mx
			printf "198.51.100.1,192.0.2.25,,,v,j,,q,p\n"
		}
	}'
}
google() { # TYPE DAY FIRST LAST
	status=2.0.0
	reply="250 2.0.0 OK"
	[ "$1" = d ] || status=5.1.1
	[ "$1" = d ] || reply="550-5.1.1 The email account that you tried to \
reach does not exist. NoSuchUser q5 - gsmtp"
	many "$@" gmail.com gmail-smtp-in.l.google.com "$status" "$reply"
}
weak() { # DAY FIRST LAST
	many b "$1" "$2" "$3" b.example mx.b.example 5.0.0 \
		"550 mailbox unavailable"
}
complaints() { # DAY FIRST LAST
	awk -v day="$1" -v from="$2" -v to="$3" 'BEGIN {
		print "type,timeLogged,rcpt,feedbackType"
		for (i = from; i <= to; i++)
			printf "f,2026-11-%s 12:%02d:%02d+0000,c%d@c.example,abuse\n",
				day, i / 60, i % 60, i
	}'
}
{
	acct_header
	for day in 03 05 09 12; do
		google d $day 1 300
		many d $day 1 300 b.example mx.b.example 2.0.0 "250 2.0.0 OK"
	done
} >before.csv
{
	acct_header
	google b 17 1 200
	google d 17 201 300
	weak 18 1 40
} >storm.csv
complaints 18 1 30 >fbl.csv
ingest() {
	for file in before storm fbl; do
		cp $file.csv "$1-$file.csv"
		want_ok pmta-suppress ingest "$1-$file.csv"
	done
}
number() { # KEY: the first of that name in ./out
	grep -o "\"$1\":[0-9]*" out | head -n 1 | sed 's/.*://'
}

# Held by the settings in force; the replay says so, and who would be let go.
: >pmta-suppress.conf
ingest default
want_ok pmta-suppress policy test pmta-suppress.conf
want_line out "would be added 0, removed 0, changed 0, held 0, let go 0"
want_line out "rows from the first on: incidents storm 1; by the settings in force storm 1, which hold 200 where 200 are held"
printf '[storm]\nrecipients = 100000\nbreaker-floor = 100000\n' >loose.conf
pmta-suppress dump >dump
want_ok pmta-suppress policy test loose.conf --since 2026-11-17
want_line out "held 0, let go 200"
want_line out "rows from 2026-11-17 on: incidents none; by the settings in force storm 1"
want_line out "let_go    200    gone.mailbox  google.no-such-user  u1"
pmta-suppress dump >now
want_same dump now "a rehearsal writes nothing"
mkdir tmp
TMPDIR=$PWD/tmp want_ok pmta-suppress policy test loose.conf
want_eq "$(ls tmp)" "" "a copy is left behind"

# Only the window is replayed: what came before it is as it was.
want_ok pmta-suppress policy test loose.conf --since 2026-11-18 --json
want_line out '"held":0,"let_go":0'

# Listed by loose settings: who would be held by the shipped ones.
rm -r state
cp loose.conf pmta-suppress.conf
ingest loose
want_ok pmta-suppress check u7@gmail.com
: >shipped.conf
want_ok pmta-suppress policy test shipped.conf --json --since 2026-11-10
want_line out '"added":0,"removed":0,"changed":0,"held":200,"let_go":0'
want_line out '"incidents":{"storm":1,"our-fault":0,"breaker":0,"reports":0,"complaints":0}'
want_line out '"would_be":"held","count":200,"class":"gone.mailbox","rule":"google.no-such-user","samples":["u1'

# Breakers: one of complaints, one of entries in all.
printf '[storm]\nrecipients = 100000\nbreaker-floor = 100000\ncomplaint-floor = 10\n' >complaints.conf
want_ok pmta-suppress policy test complaints.conf --json
want_line out '"held":20,"let_go":0'
want_line out '"complaints":1}'
want_line out '"count":20,"class":"fbl.abuse","rule":"feedback"'
want_ok pmta-suppress policy test complaints.conf --samples 0
want_line out "held      20     fbl.abuse"

# A shorter ladder lists more, and the breaker of the new numbers holds what is
# past its floor.
printf '[policy]\ngone-weak-days = 1\n[storm]\nrecipients = 100000\nbreaker-floor = 100000\n' >quick.conf
want_ok pmta-suppress policy test quick.conf --json
want_line out '"added":40,"removed":0,"changed":0,"held":0'
sed 's/^breaker-floor.*/breaker-floor = 15/' quick.conf >both.conf
want_ok pmta-suppress policy test both.conf --json --since 2026-11-18
want_eq "$(number added) $(number held)" "15 25" "added, held"
want_line out '"class":"gone.mailbox","rule":"gone.mailbox-unavailable"'

# An observing database that held and listed nobody.
rm -r state
printf '[policy]\nmode = observe\n' | cat - loose.conf >pmta-suppress.conf
ingest observe
want_ok pmta-suppress policy test shipped.conf --json
want_eq "$(number added) $(number held)" "30 200" "added, held after observing"
