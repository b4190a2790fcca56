# A release or discard settles what is held of each stream of an address, of
# however many.
. "$SRC/tests/cli/lib.sh"

printf '[policy]\nrefused-messages = 1\nrefused-span = 0\n' >pmta-suppress.conf
PERSONAL="smtp;550 5.7.1 Sender is in recipient's blacklist"
# rows TYPE DAY HOUR FIRST LAST STREAM STATUS DIAG: a row a second.
rows() {
	awk -v type="$1" -v day="$2" -v hour="$3" -v from="$4" -v to="$5" \
		-v stream="$6" -v status="$7" -v diag="$8" 'BEGIN {
		for (i = from; i <= to; i++) {
			t = sprintf("2026-11-%s %s:%02d:%02d+0000", day, hour, i / 60,
				i % 60)
			printf "%s,%s,%s,u%03d@c.example,n@%s.example,%s,\"%s\",", type,
				t, t, i, stream, status, diag
			print "mx.c.example (192.0.2.9),v"
		}
	}'
}
{
	echo "type,timeLogged,timeQueued,rcpt,orig,dsnStatus,dsnDiag,dsnMta,vmta"
	for day in 03 06 09 12; do
		rows d $day 10 0 299 s1 2.0.0 "smtp;250 ok"
	done
	rows b 17 10 0 199 s1 5.7.1 "$PERSONAL"
	rows b 17 11 1 199 s2 5.7.1 "$PERSONAL"
} >rows
want_ok pmta-suppress ingest rows
want_line out "held 399"
want_ok pmta-suppress incident release 1 --reason "they mean it" --dry-run
want_line out "200 addresses of incident 1; 399 entries follow"
want_ok pmta-suppress incident release 1 --reason "they mean it"
want_line out "released: 200 addresses of incident 1; 399 entries follow"
want_ok pmta-suppress list
want_eq "$(awk 'NR > 1 { n[$3]++ } END { print n["stream:s1.example"],
	n["stream:s2.example"] }' out)" "200 199" "entries of each stream"
want_ok pmta-suppress undo 1
want_eq "$(pmta-suppress list | sed 1d)" "" "nobody is listed"
want_ok pmta-suppress incident discard 1 --reason "they do not"
want_line out "discarded: 200 addresses of incident 1"
want_eq "$(pmta-suppress dump | awk -F '\t' '$1 == "entry" && $5 == 1')" "" \
	"no entry is held"
