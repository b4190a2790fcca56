# The views answer as check does; the manual page's examples run.
. "$SRC/tests/cli/lib.sh"
page=$SRC/man/pmta-suppress-database.5

{
	acct_header
	for who in gone bob lifted; do
		row b "2026-10-05 08:00:00+0000" "$who@x.example" \
			"5.1.1 (bad destination mailbox address)" \
			"smtp;550 5.1.1 <$who@x.example>: user unknown" mx.x.example
	done
	row b "2026-01-05 08:00:00+0000" ranout@nx.example \
		"5.1.2 (bad destination system: no such domain)" "" ""
} >rows.csv
want_ok pmta-suppress ingest rows.csv
want_ok pmta-suppress add Manual@Y.example o\'hara@y.example --reason r
want_ok pmta-suppress add soon@y.example --reason r --until 2199-01-01
want_ok pmta-suppress add @whole.example --reason r
want_ok pmta-suppress add news@y.example --scope stream:news --reason r
want_ok pmta-suppress remove lifted@x.example --reason r
want_ok pmta-suppress hold bob@x.example --reason r
printf '%s\n' gone@x.example bob@x.example lifted@x.example \
	ranout@nx.example MANUAL@y.example "o'hara@y.example" soon@y.example \
	any@whole.example any@sub.whole.example news@y.example \
	nobody@z.example >asked
pmta-suppress check - <asked |
	awk -F': ' '{ print $1, $2 == "suppressed" ? "yes" : "no" }' >want
want_eq "$(grep -c yes want)" 5 "check itself"

# example NAME: the code below .Ss NAME, with our own database in it.
example() {
	awk -v name=".Ss $1" '{ heading = $0; sub(/\\&/, "", heading) }
		heading == name { on = 1 }
		on && /^\.Ed/ { exit }
		on && code { print }
		on && /^\.Bd/ { code = 1 }' "$page" |
		sed "s,/var/lib/pmta-suppress,$PMTA_SUPPRESS_STATE,; s/\\\\e/\\\\/g"
}
# answers NAME INTERPRETER [FILE]: as check does.
answers() {
	example "$1" >program
	[ -s program ] || fail "the page has no example $1"
	"$2" program <asked >got 2>err || { cat err; fail "the example $1"; }
	[ ! -s err ] || { cat err; fail "the example $1 complains"; }
	tr A-Z a-z <got >out
	want_same want out "$1 answers otherwise than check"
	ran="$ran $1"
}
ran=
missing=
for pair in "In Python:python3" "In PHP:php" "In the shell:sqlite3"; do
	name=${pair%:*}
	tool=${pair#*:}
	if ! command -v "$tool" >found; then
		missing="$missing $tool"
		continue
	fi
	[ "$tool" != sqlite3 ] || tool="sh"
	answers "$name" "$tool"
done

# The promised columns, by name; domains are found without looking at all.
if command -v sqlite3 >found; then
	sql() { sqlite3 -readonly "$PMTA_SUPPRESS_STATE/suppress.db" "$1"; }
	want_eq "$(sql "SELECT address, scope, class, since, until
		FROM suppressed_address WHERE address = 'soon@y.example'" |
		sed 's/|[0-9]*|/|N|/')" \
		"soon@y.example|global|manual|N|7226582400" "an address"
	want_eq "$(sql "SELECT domain, subdomains, scope, class, until IS NULL
		FROM suppressed_domain")" "whole.example|0|global|manual|1" \
		"a domain"
	sql "EXPLAIN QUERY PLAN SELECT 1 FROM suppressed_domain
		WHERE domain = 'x.example'" >plan
	want_line plan "SEARCH en USING PRIMARY KEY (address>? AND address<?)"
	sql "EXPLAIN QUERY PLAN SELECT 1 FROM suppressed_address
		WHERE address = 'a@x.example'" >plan
	want_line plan "SEARCH en USING PRIMARY KEY (address=?)"
	# Who may only read changes nothing.
	if sqlite3 -readonly "$PMTA_SUPPRESS_STATE/suppress.db" \
		"DELETE FROM entry" 2>found; then
		fail "a read-only connection wrote"
	fi
fi
printf "ran:%s\n" "$ran"
[ -n "$ran" ] || skip "no python3, php or sqlite3 here"
[ -z "$missing" ] || printf 'not here:%s\n' "$missing"

# A copy that is put back: rows come from their file, messages from the journal.
(cd state && umask 027 && sqlite3 -readonly suppress.db '.backup copy.db') ||
	skip "no sqlite3 shell: the rest is not tested"
row b "2026-10-06 08:00:00+0000" since@x.example "5.1.1 (no)" \
	"smtp;550 5.1.1 no such user" mx.x.example >row
{ acct_header; cat row; } >since.csv
pmta-suppress-pipe --log stderr <since.csv 2>err || fail "pipe: exit $?"
report bounced@x.example | pmta-suppress-pipe --input message ||
	fail "message: exit $?"
(cd state && rm -f suppress.db-wal suppress.db-shm && cp copy.db suppress.db)
want_exit 1 pmta-suppress check bounced@x.example
want_ok pmta-suppress ingest since.csv
sed -n '/^for f in journal/,/^done/p' "$page" | sed 's/sudo -u pmta //' >loop
[ -s loop ] || fail "the page has no loop"
(cd state && sh ../loop) >out || fail "the loop: exit $?"
want_exit 0 pmta-suppress check bounced@x.example
want_exit 0 pmta-suppress check since@x.example
