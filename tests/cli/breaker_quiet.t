# The breaker holds what is more than its floor, also where nothing was sent for
# a week: who took mail lately tells that there is a volume. Where no delivery was
# ever told it holds nothing: there is nothing to measure by.
. "$SRC/tests/cli/lib.sh"

printf '[storm]\nrecipients = 1000000\nbreaker-floor = 50\n' >pmta-suppress.conf
# rows TYPE DAY STATUS REPLY: of 200 recipients, a second each.
rows() {
	seq 200 | awk -v type="$1" -v day="$2" -v status="$3" -v reply="$4" '{
		printf "%s,%s 08:%02d:%02d+0000,%s 08:00:00+0000,n@s.example,", type,
			day, $1 / 60, $1 % 60, day
		printf "u%d@q.example,,%s,\"%s\",mx.q.example (192.0.2.9),,smtp,%s,v\n",
			$1, status, reply, "198.51.100.11" }'
}
{
	echo "type,timeLogged,timeQueued,orig,rcpt,orcpt,dsnStatus,dsnDiag,dsnMta,bounceCat,dlvType,dlvSourceIp,vmta"
	rows d 2026-10-20 2.0.0 "smtp;250 ok"
	rows d 2026-10-27 2.0.0 "smtp;250 ok"
	rows d 2026-11-03 2.0.0 "smtp;250 ok"
	rows b 2026-11-14 5.1.1 "smtp;550 5.1.1 no such user"
} >rows
want_ok pmta-suppress ingest rows
want_line out "suppressed 50 held 150"
want_ok pmta-suppress incident list
want_line out "breaker"

sed '/^d,/d' rows >bounces
rm -r state
want_ok pmta-suppress ingest bounces
want_line out "suppressed 200 held 0"
