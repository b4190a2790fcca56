# Reports that anybody can write list no whole domain; what was seen in our own
# deliveries does.
. "$SRC/tests/cli/lib.sh"

rows() { # TYPE DOMAIN
	for day in 01 05 09; do
		echo "$1,2026-10-$day 10:00:00+0000,x$day@$2,5.1.2,\"smtp;550 5.1.2 Host unknown: no such domain\""
	done
}
echo 'type,timeLogged,rcpt,dsnStatus,dsnDiag' >rows.csv
rows rb forged.example >>rows.csv
rows b seen.example >>rows.csv
want_ok pmta-suppress ingest rows.csv
want_exit 1 pmta-suppress check new@forged.example
want_ok pmta-suppress check new@seen.example

# Nor do those that a token proves: it is one recipient's.
want_ok pmta-suppress verp key new
token=$(pmta-suppress verp sign a@proved.example | head -n 1)
today=$(date -u +%s)
{
	echo 'type,timeLogged,orig,rcpt,dsnStatus,dsnDiag'
	for ago in 20 10 1; do
		echo "rb,$((today - ago * 86400)),$token@s.example,a@proved.example,5.1.2,\"smtp;550 5.1.2 Host unknown: no such domain\""
	done
} >signed.csv
want_ok pmta-suppress ingest signed.csv
want_line out "(rb 3)"
want_exit 0 pmta-suppress check a@proved.example
want_exit 1 pmta-suppress check other@proved.example
want_ok pmta-suppress show a@proved.example
want_line out "proof       signed"
