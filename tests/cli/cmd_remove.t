# remove: lifts what was named and says what stays.
. "$SRC/tests/cli/lib.sh"

want_ok pmta-suppress add ada@x.example --reason r
want_ok pmta-suppress add ada@x.example --reason r --class fbl.abuse
want_ok pmta-suppress add ada@x.example --reason r --scope stream:news

want_exit 0 pmta-suppress remove ada@x.example --class manual --reason back
want_eq "$(sed 's/since [-0-9T:]*Z/since T/' out)" \
	"ada@x.example: lifted: manual, global (bulk 1)
ada@x.example: still suppressed: fbl.abuse since T, global
ada@x.example: still listed for stream:news (manual); --stream NAME lifts that" \
	"what is said"
want_exit 1 pmta-suppress remove ada@x.example --class manual --reason back
want_line out "ada@x.example: nothing lifted: it is not listed so"
want_exit 0 pmta-suppress remove ada@x.example --class fbl --consent back --json
want_eq "$(cat out)" \
	'{"address":"ada@x.example","lifted":"fbl.abuse","scope":"global","subdomains":false,"held_in_incident":null,"bulk":2,"needs_consent":null,"erased":null}' json
want_exit 1 pmta-suppress check ada@x.example
want_exit 0 pmta-suppress check --stream news ada@x.example
want_exit 1 pmta-suppress remove ada@x.example --reason back
want_eq "$(cat out)" "ada@x.example: nothing lifted: it is not listed so
ada@x.example: still listed for stream:news (manual); --stream NAME lifts that" \
	"a stream's entry is left"
want_exit 0 pmta-suppress remove ada@x.example --scope stream:news --reason back
want_eq "$(cat out)" "ada@x.example: lifted: manual, stream:news (bulk 3)" \
	"the stream's entry"
want_exit 1 pmta-suppress check --stream news ada@x.example
want_exit 1 pmta-suppress remove nobody@x.example --reason back

# Without --class all of the scope's, and only those.
for class in manual full.mailbox gone.mailbox; do
	want_ok pmta-suppress add bob@x.example --reason r --class $class
done
want_ok pmta-suppress add bob@x.example @x.example --reason r --scope stream:a
want_exit 0 pmta-suppress remove bob@x.example --reason back
want_eq "$(grep -c lifted: out)" 3 "three were lifted"
want_ok pmta-suppress list
want_eq "$(grep -c stream:a out)" 2 "the stream's entries stay"

want_exit 65 pmta-suppress remove bob@x.example nosuch --reason back
want_exit 64 pmta-suppress remove bob@x.example
want_line err "remove: no reason given"
want_ok pmta-suppress show bob@x.example
want_line out "entry: manual, global: lifted"
want_line out ": back"

# Evidence goes with it: no replay brings the entry back, new evidence does.
{ acct_header
  row b "2026-10-05 08:00:00+0000" cyd@x.example "5.1.1 (bad destination mailbox address)" \
	"smtp;550 5.1.1 <cyd@x.example>: user unknown" "mx.x.example (192.0.2.9)"
} >acct.csv
want_ok pmta-suppress ingest acct.csv
want_exit 0 pmta-suppress check cyd@x.example
want_exit 0 pmta-suppress remove cyd@x.example --reason "a mistake"
want_line out "cyd@x.example: lifted: gone.mailbox, global"
{ acct_header; tail -n 1 acct.csv; tail -n 1 acct.csv; } >again.csv
want_ok pmta-suppress ingest again.csv
want_exit 1 pmta-suppress check cyd@x.example
want_ok pmta-suppress show cyd@x.example
want_line out ": void: it was lifted"
today=$(date -u +%Y-%m-%d)
{ acct_header
  row b "$today 23:59:59+0000" cyd@x.example "5.1.1 (bad destination mailbox address)" \
	"smtp;550 5.1.1 <cyd@x.example>: user unknown" "mx.x.example (192.0.2.9)"
} >new.csv
want_ok pmta-suppress ingest new.csv
want_exit 0 pmta-suppress check cyd@x.example

# Without addresses of every scope, unless one is said; hold does the same.
active() {
	pmta-suppress list --like '*@bulk.example' |
		awk 'NR > 1 { print $1 "," $3 }' | tr '\n' ' '
}
for name in a b; do
	want_ok pmta-suppress add $name@bulk.example --reason r
	want_ok pmta-suppress add $name@bulk.example --reason r --scope stream:news
	want_ok pmta-suppress add $name@bulk.example --reason r --scope stream:sale
done
want_ok pmta-suppress remove --domain bulk.example --dry-run --reason r
want_line out "would remove 6 entries"
want_ok pmta-suppress hold '*@bulk.example' --dry-run --reason r
want_line out "would hold 6 entries"
for which in "--stream News" "--stream stream:news" "--scope stream:NEWS"; do
	want_ok pmta-suppress remove --domain bulk.example --dry-run \
		--reason r $which
	want_line out "would remove 2 entries"
	want_ok pmta-suppress hold '*@bulk.example' --dry-run --reason r $which
	want_line out "would hold 2 entries"
done
want_ok pmta-suppress remove --domain bulk.example --scope global --dry-run \
	--reason r
want_line out "would remove 2 entries"

# With an address the global one, unless a stream is said.
want_ok pmta-suppress remove a@bulk.example --reason r
want_ok pmta-suppress remove a@bulk.example --stream Sale --reason r
want_line out "a@bulk.example: lifted: manual, stream:sale"
want_ok pmta-suppress hold b@bulk.example --stream SALE --reason r
want_line out "held: 1 entries"
want_eq "$(active)" "a@bulk.example,stream:news b@bulk.example,global \
b@bulk.example,stream:news " "what is left"
want_ok pmta-suppress remove --stream news --reason r
want_eq "$(active)" "b@bulk.example,global " "the stream is lifted"

# Lifted and run-out ones are none: a dry run counts as the real one does.
want_ok pmta-suppress add old@bulk.example --reason r --until 1s
sleep 2
want_ok pmta-suppress remove --domain bulk.example --dry-run --reason r
want_eq "$(cat out)" "would remove 2 entries
  manual 2
  e.g. b@bulk.example
  e.g. b@bulk.example" "a dry run"
want_ok pmta-suppress remove --domain bulk.example --dry-run --reason r --json
want_line out '"chosen":2,"changed":0'
want_ok pmta-suppress remove --domain bulk.example --reason r
bulk=$(pmta-suppress undo --list | awk 'NR == 2 { print $1 }')
want_eq "$(sed 1d out)" "  manual 2" "the same by class"
want_line out "lifted: 2 entries"
want_exit 1 pmta-suppress remove --domain bulk.example --reason r
want_ok pmta-suppress undo "$bulk"
want_eq "$(active)" "b@bulk.example,global " "it is back"

# Nobody's complaint is held along with the rest.
want_ok pmta-suppress add c@bulk.example --reason r --class fbl.abuse
want_ok pmta-suppress hold '*@bulk.example' --reason odd
want_line out "held: 1 entries"
want_line out "1 complaints are left; --consent TEXT holds them, too"
want_exit 0 pmta-suppress check c@bulk.example
want_exit 1 pmta-suppress hold c@bulk.example --reason odd
want_line out "held: no entries"
want_line out "1 complaints are left"
want_exit 1 pmta-suppress hold c@bulk.example --reason odd --json
want_line out '"chosen":0,"changed":0,"complaints_left":1'
want_exit 0 pmta-suppress check c@bulk.example
want_ok pmta-suppress hold c@bulk.example --consent "wrote to us"
want_exit 1 pmta-suppress check c@bulk.example
# What lifts nothing has no bulk to take back.
want_exit 1 pmta-suppress remove --class refused --reason back
want_eq "$(cat out)" "lifted: no entries" "nothing lifted"
want_eq "$(wc -l <out)" 1 "one line"

# Domains as people write them; a consent has words, which are kept.
want_ok pmta-suppress add x@Upper.Example y@bücher.example --reason r
for domain in UPPER.example @upper.example bücher.example xn--bcher-kva.example; do
	want_ok pmta-suppress remove --reason x --domain "$domain" --dry-run
	want_line out "1 "
done
want_exit 64 pmta-suppress remove --reason x --domain "no domain" --dry-run
for filter in provider rule reply-like like; do
	for verb in remove hold; do
		want_exit 64 pmta-suppress $verb --reason x --since 1d --$filter ""
	done
done
want_exit 64 pmta-suppress remove --reason x --provider gogle
want_line err "remove: --provider: 'gogle' is none, but 'google' is; write one that providers.conf names"
want_exit 64 pmta-suppress remove --reason x --consent " " x@upper.example
want_line err "--consent: no words"
want_ok pmta-suppress remove --reason asked --consent "wrote on 20 Nov" x@upper.example
pmta-suppress show x@upper.example >out
want_line out "asked; consent: wrote on 20 Nov"

# However many entries: the log of the database is copied back on the way.
printf '[store]\ncheckpoint = 1M\n' >small.conf
awk 'BEGIN { for (i = 0; i < 40000; i++) print "u" i "@many.example" }' >many
want_ok pmta-suppress import many --reason r
pmta-suppress changes --follow >feed & # whoever closes last empties the log
feed=$!
wait_until 10 grep -q u39999@ feed || fail "no feed"
want_ok pmta-suppress --config small.conf remove --domain many.example --reason x
want_line out "lifted: 40000 entries"
kill "$feed"
wait "$feed"
[ "$(wc -c <state/suppress.db-wal)" -lt 4000000 ] || fail "$(ls -l state)"
