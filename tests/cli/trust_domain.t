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
