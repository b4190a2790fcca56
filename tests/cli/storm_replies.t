# A receiver that words every reply anew: what is past the replies that are
# kept apart is one group, and its storm one incident.
. "$SRC/tests/cli/lib.sh"

# many TYPE DAY: a row a second from 10:00 of 900 people
many() {
	awk -v type="$1" -v day="$2" 'BEGIN {
		for (i = 1; i <= 900; i++) {
			t = sprintf("2026-11-%s 10:%02d:%02d+0000", day,
				i / 60, i % 60)
			word = sprintf("%c%c%c", 97 + i % 26,
				97 + int(i / 26) % 26, 97 + int(i / 676))
			reply = type == "d" ? "250 2.0.0 OK" : \
				"552 5.2.2 Mailbox full says " word
			printf "%s,%s,%s,n@s.example,u%d@gmail.com,,", type,
				t, t, i
			printf "%s,%s,smtp;%s,", type == "d" ? "relayed" : \
				"failed", type == "d" ? "2.0.0" : "5.2.2", reply
			printf "gmail-smtp-in.l.google.com (192.0.2.25),,smtp,"
			printf ",smtp,198.51.100.1,192.0.2.25,,,v,j,,q,p\n"
		}
	}'
}
{
	acct_header
	for day in 03 05 09 12; do
		many d $day
	done
	many b 17
} >rows.csv
want_ok pmta-suppress ingest rows.csv
want_ok pmta-suppress incident list --all --json
want_eq "$(wc -l <out | tr -d ' ')" 1 "one incident"
want_line out '"kind":"storm","state":"open","open":true,"provider":"google","class":"full.mailbox"'
held=$(sed 's/.*"held":\([0-9]*\).*/\1/' out)
[ "$held" -gt 500 ] || fail "$held are held"

# Attempts that were put off make a storm as well; complaints have a breaker and
# make none.
printf '[storm]\ncomplaint-floor = 1000\n' >>pmta-suppress.conf
for day in 03 05 09 12; do
	gmail_rows d "$day" 1 300
done >lately
gmail_rows d 17 101 300 >>lately
gmail_rows b 17 1 100 | sed 's/^b,/t,/; s/,5\.1\.1,/,4.2.2,/
	s/;550 5.1.1 no such user/;452 4.2.2 mailbox full/' >full
{ acct_header; cat lately full; } >full.csv
want_ok pmta-suppress --state put-off ingest full.csv
want_ok pmta-suppress --state put-off incident list
want_line out "google    full.mailbox"
gmail_rows f 17 1 100 >complaints
{
	acct_header | sed 's/$/,feedbackType/'
	sed 's/$/,/' lately
	sed 's/$/,abuse/' complaints
} >complaints.csv
want_ok pmta-suppress --state complained ingest complaints.csv
want_line out "suppressed 100 held 0"
want_exit 1 pmta-suppress --state complained incident list
