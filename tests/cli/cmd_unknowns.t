# unknowns and disagreements: what to teach the rules, and where bounceCat and
# we differ.
. "$SRC/tests/cli/lib.sh"

rows() {
	acct_header
	for n in 1 2 3; do
		row b "2026-11-0$n 08:00:00+0000" "a$n@b.example" \
			"5.0.0 (undefined status)" \
			"smtp;550 the wug is blicked for a$n@b.example (x/y+z)" \
			"mx.b.example (192.0.2.9)" "" my-own
	done
	row b "2026-11-01 09:00:00+0000" c@b.example \
		"5.7.1 (delivery not authorized)" \
		"smtp;550 5.7.1 Service unavailable; client blocked using Spamhaus" \
		"mx.b.example (192.0.2.9)" "" bad-mailbox
	row b "2026-11-01 10:00:00+0000" d@b.example \
		"5.1.1 (bad destination mailbox address)" \
		"smtp;550 5.1.1 User unknown" \
		"mx.b.example (192.0.2.9)" "" bad-mailbox
}
rows >rows.csv
want_ok pmta-suppress ingest rows.csv

want_ok pmta-suppress unknowns
want_line out "# 3 times, other, 2026-11-01T08:00:00Z to 2026-11-03T08:00:00Z"
want_line out '[site.unknown-1]'
want_line out 'match    = /the wug is blicked for <rcpt> \(x\/y\+z\)/'
want_line out 'sample   = 550 the wug is blicked for <rcpt> (x/y+z)'
want_no_line out 'unknown-2'

# The draft is ready: it loads, wins its sample, and changes nothing yet.
mkdir rules.d
cp out rules.d/50-site.rules
printf '[paths]\nsite-rules = %s/rules.d\n' "$PWD" >pmta-suppress.conf
want_exit 0 pmta-suppress rules lint
want_ok pmta-suppress classify '550 the wug is blicked for <rcpt> (x/y+z)'
want_line out 'site.unknown-1'
want_line out 'class       unknown'
rm -r rules.d

want_ok pmta-suppress unknowns --json --limit 1
want_line out '"count":3'
want_ok pmta-suppress unknowns --since 2026-12-01
[ -s out ] && fail "nothing was unknown since then"

want_ok pmta-suppress disagreements
want_line out 'bad-mailbox'
want_line out 'sender-fault'
want_no_line out 'User unknown'
want_no_line out 'blicked'
# A name of one's own votes once it is said what it means.
printf '[bounce-categories]\nmy-own = gone.mailbox\n' >pmta-suppress.conf
want_ok pmta-suppress disagreements --json
want_line out '"bounceCat":"my-own","theirs":"suppress-address"'

printf '[bounce-categories]\nmy-own = gone.mailbx\n' >pmta-suppress.conf
want_exit 78 pmta-suppress disagreements
want_line err 'pmta-suppress.conf:2: my-own: "gone.mailbx" is no class;'
printf '[bounce-categories]\nmy-own = gone.mailbox\n' >pmta-suppress.conf

# It is one vote, of a row with neither text nor code: nobody is listed.
{
	acct_header
	row b "2026-11-04 08:00:00+0000" e@b.example "" "" \
		"mx.b.example (192.0.2.9)" "" my-own
} >vote.csv
want_ok pmta-suppress ingest vote.csv
want_exit 1 pmta-suppress check e@b.example
want_ok pmta-suppress show e@b.example
want_line out gone.mailbox
want_line out bounce-cat.own

want_exit 64 pmta-suppress unknowns words
want_exit 64 pmta-suppress disagreements --limit none

# A draft wins its sample whatever stands in it, and brings no byte through.
rm -r state
{
	acct_header
	for words in 'MAIL\wug is blicked (a|b)' "$(printf 'w\033[31mug')" \
		"$(printf 'w\302\233g\n[evil]\nclass = gone.mailbox')"; do
		row b "2026-11-01 08:00:00+0000" "${#words}@b.example" "" \
			"smtp;$words" "mx.b.example (192.0.2.9)"
	done
} >rows.csv
want_ok pmta-suppress ingest rows.csv
mkdir rules.d
want_ok pmta-suppress unknowns
cp out rules.d/50-site.rules
want_line out 'site.unknown-3'
want_line out 'sample   = MAIL\wug is blicked (a|b)'
if LC_ALL=C grep -q -e "$(printf '\033')" -e "$(printf '\302\233')" -e '^.evil' out
then
	fail "bytes of a stranger came through"
fi
printf '[paths]\nsite-rules = %s/rules.d\n' "$PWD" >pmta-suppress.conf
want_exit 0 pmta-suppress rules lint
