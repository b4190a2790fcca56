# status: of many open incidents it names those that hold the most, and says
# how many more there are.
. "$SRC/tests/cli/lib.sh"

BLOCKED="550 5.7.1 Service unavailable, Client host [198.51.100.10] blocked \
using Spamhaus. See https://www.spamhaus.org/query/ip/198.51.100.10"
printf "[storm]\nrecipients = 20\n" >pmta-suppress.conf
# rows TYPE FIRST LAST REPLY: of 40 recipients of each of these hosts.
rows() {
	awk -v type="$1" -v from="$2" -v to="$3" -v reply="$4" 'BEGIN {
		for (host = from; host <= to; host++)
			for (i = 0; i < 40; i++) {
				t = sprintf("2026-11-17 10:%02d:%02d+0000", host, i)
				printf "%s,%s,n@s.example,u%d@h%d.example,,", type, t,
					i, host
				printf "\"smtp;%s\",mx.h%d.example (192.0.2.9),", reply, host
				print "198.51.100.10,v"
			}
	}'
}
{
	echo "type,timeLogged,orig,rcpt,dsnStatus,dsnDiag,dsnMta,dlvSourceIp,vmta"
	rows d 0 1 "250 ok" | sed 's/2026-11-17/2026-10-20/'
	rows d 0 1 "250 ok" | sed 's/2026-11-17/2026-10-27/'
	rows d 1 14 "250 ok"
	rows b 0 0 "550 5.1.1 no such user"
	rows b 1 12 "$BLOCKED"
} >rows
want_ok pmta-suppress ingest rows
want_ok pmta-suppress incident list
want_eq "$(grep -c ' our-fault ' out)" 12 "open incidents"
want_ok pmta-suppress status
want_line out "incidents  13 open, 40 addresses HELD"
want_eq "$(grep -m 1 '^incident   ' out)" "$(grep 'holds 40 addresses' out)" \
	"the first is the one that holds the most"
want_eq "$(grep -c '^incident   [0-9]' out)" 10 "lines of incidents"
want_line out "incident   and 3 more; see 'pmta-suppress incident list'"
want_ok pmta-suppress status --json
want_eq "$(grep -o '"incident":' out | wc -l)" 13 "all of them"
