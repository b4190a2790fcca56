# report codes: who replied what, how often, to which of ours.
. "$SRC/tests/cli/lib.sh"

HEAD=type,timeLogged,timeQueued,orig,rcpt,dsnStatus,dsnDiag,dsnMta,\
dlvType,dlvSourceIp,vmta
# hit DAY HOUR RCPT IP VMTA TYPE STATUS REPLY MTA
hit() {
	printf '%s,2026-11-%s %s:00:00+0000,,n@s.example,%s,%s,"%s",%s,smtp,%s,%s\n' \
		"$6" "$1" "$2" "$3" "$7" "$8" "$9" "$4" "$5"
}
SPAM="smtp;550 5.7.1 Unfortunately, messages from [198.51.100.7] weren't \
sent. Please contact your Internet service provider since part of their \
network is on our block list (S3150)."
{
	echo "$HEAD"
	for n in 1 2 3 4 5; do
		hit 0$n 08 "m$n@outlook.example" 198.51.100.7 vm7 b 5.7.1 \
			"$SPAM" "x.olc.protection.outlook.com (192.0.2.1)"
	done
	hit 06 08 m6@outlook.example 198.51.100.8 vm8 t 5.7.1 \
		"$(echo "$SPAM" | sed 's/100\.7/100.8/')" \
		"x.olc.protection.outlook.com (192.0.2.1)"
	for n in 1 2; do
		hit 0$n 09 "g$n@g.example" 198.51.100.7 vm7 b 5.1.1 \
			"smtp;550 5.1.1 <g$n@g.example>: user unknown" \
			"mx.g.example (192.0.2.2)"
	done
	hit 07 09 n@nowhere.example 198.51.100.8 vm8 b "5.1.2 (no such domain)" "" ""
	printf 'd,2026-11-03 08:00:00+0000,,n@s.example,ok@g.example,2.0.0,smtp;250 ok,mx.g.example (192.0.2.2),smtp,198.51.100.7,vm7\n'
} >rows.csv
want_ok pmta-suppress ingest rows.csv

all="pmta-suppress report codes --since 2026-11-01"
want_ok $all --json
want_eq "$(wc -l <out)" 3 "three replies"
head -n 1 out >first
for want in '"count":6' '"provider":"microsoft"' '"code":550' \
	'"status":"5.7.1"' 'S3150' '"class":"block.ip"' \
	'"rule":"microsoft.' '"first":"2026-11-01T08:00:00Z"' \
	'"last":"2026-11-06T08:00:00Z"' \
	'"our_ips":["198.51.100.8","198.51.100.7"]' '"vmtas":["vm8","vm7"]'; do
	want_line first "$want"
done
want_line out '"reply":null,"sample":null,"class":"gone.domain"'
grep -q '"advice":"[A-Z][^"]* IP' first || fail "the advice is no rule's"

# As a table: cut to the width where that is known, whole where not.
want_ok $all
want_line out "   COUNT  PROVIDER      CODE         FIRST                 LAST"
want_line out "       6  microsoft     550 5.7.1    2026-11-01T08:00:00Z  2026-11-06T08:00:00Z"
want_line out "on our block list (S3150)."
want_line out "          our IPs 198.51.100.8, 198.51.100.7; vmtas vm8, vm7"
want_line out "          (no reply)"
for width in 60 80 120; do
	COLUMNS=$width want_ok $all
	[ "$width" = 60 ] || [ "$(wc -L <out)" -le "$width" ] ||
		fail "wider than $width"
	want_line out "..."
	[ "$width" = 120 ] || want_no_line out "on our block list (S3150)."
done

# By time, by vmta (with its own figures and IPs), by provider.
want_ok $all --vmta vm8 --json
want_eq "$(wc -l <out)" 2 "vm8's replies"
want_line out '"count":1,"provider":"microsoft"'
want_line out '"our_ips":["198.51.100.8"],"vmtas":["vm8"]'
want_ok $all --until 2026-11-06 --provider microsoft --json
want_line out '"count":5'
want_line out '"our_ips":["198.51.100.7"]'
want_ok $all --provider posteo
[ -s out ] && fail "posteo said nothing"
want_exit 64 $all --vmta ""
want_line err "report: --vmta: no name given; write one as the report shows it"
want_exit 64 $all --provider nobody
want_line err "report: --provider: 'nobody' is none; write one that providers.conf names"
want_ok $all --limit 1 --json
want_eq "$(wc -l <out)" 1 "the most frequent"

# The same rows again are not counted again, by whatever road.
cp rows.csv again.csv
want_ok pmta-suppress ingest again.csv
pipe_rows rows.csv || fail "pipe: exit $?"
want_ok $all --json --limit 1
want_line out '"count":6'

want_exit 64 pmta-suppress report
want_line err "report: no verb given; say codes"
want_exit 64 pmta-suppress report cods
want_line err "report: no verb is called 'cods'; say codes"
want_exit 64 pmta-suppress report codes words
want_exit 64 pmta-suppress report codes --since soon

# What is noted of a whole domain beside its recipient is no second failure.
rm -rf state
{
	acct_header
	row b "2026-11-20 08:00:00+0000" a@gone.example \
		"5.1.2 (bad destination system: no such domain)" "" "" "" \
		bad-domain
} >domain.csv
want_ok pmta-suppress ingest domain.csv
want_ok pmta-suppress report codes --json
want_line out '"count":1,'
want_no_line out "23:59:59"
