# policy test: what other settings would make of the evidence; and mode =
# observe, which lists nobody and says so.
. "$SRC/tests/cli/lib.sh"

# bounce DAY RCPT STATUS REPLY
bounce() {
	row b "2026-11-0$1 08:00:00+0000" "$2" "$3 (x)" "smtp;550 $4" \
		"mx.b.example (192.0.2.9)"
}
{
	acct_header
	bounce 1 strong@b.example 5.1.1 "5.1.1 User unknown"
	bounce 1 weak1@b.example 5.0.0 "mailbox unavailable"
	bounce 2 weak2@b.example 5.0.0 "mailbox unavailable"
	bounce 3 weak2@b.example 5.0.0 "mailbox unavailable"
	bounce 3 block@b.example 5.7.1 "5.7.1 blocked using Spamhaus"
	bounce 4 hand@b.example 5.0.0 "mailbox unavailable"
	bounce 4 seed@b.example 5.0.0 "mailbox unavailable"
} >rows.csv
want_ok pmta-suppress ingest rows.csv
want_ok pmta-suppress add hand@b.example --class gone.mailbox --reason r
pmta-suppress dump >before

# The settings of now change nothing.
want_ok pmta-suppress policy test pmta-suppress.conf
want_line out "pmta-suppress.conf: 6 addresses with evidence, 5 judged (since the first)"
want_line out "would be added 0, removed 0, changed 0, held 0, let go 0"
want_line out "left as they are: by hand 1, held 0, never suppressed 0, waiting 0"
want_line out "replayed 7 rows from the first on: incidents none; by the settings in force none, which hold 0 where 0 are held"
want_line out "journal: none kept"
[ "$(wc -l <out)" -eq 5 ] || fail "a table without rows"

printf '[policy]\ngone-weak-days = 1\n[never-suppress]\nseeds = seed@b.example\n' >quick.conf
want_ok pmta-suppress policy test quick.conf --json
want_line out '"added":1,"removed":0,"changed":0,"held":0,"let_go":0,"held_now":0,"by_hand":1,"never":1,"waiting":0'
want_line out '"by_class":[{"would_be":"added","count":1,"class":"gone.mailbox","samples":["weak1@b.example"]}]'
want_ok pmta-suppress policy test quick.conf
want_line out "added     1      gone.mailbox  (any)"
want_line out "weak1@b.example"
printf '[policy]\ngone-weak-days = 3\n' >slow.conf
want_ok pmta-suppress policy test slow.conf --json
want_line out '"added":0,"removed":1,"changed":0'
want_line out '"rule":"'
want_line out '"samples":["weak2@b.example"]'
want_ok pmta-suppress policy test slow.conf --json --since 2026-11-04
want_line out '"added":0,"removed":0'
printf '[policy]\nprovisional-days = 3000\n' >second.conf
want_ok pmta-suppress policy test second.conf --json --samples 1
want_line out '"added":0,"removed":0,"changed":2'
want_line out '"samples":["strong@b.example"]}'
pmta-suppress dump >after
want_same before after "a test writes nothing"

# The new settings themselves; what is not listed yet waits for evidence.
cp quick.conf pmta-suppress.conf
want_ok pmta-suppress policy test quick.conf --json
want_line out '"added":0,"removed":0,"changed":0,"held":0,"let_go":0,"held_now":0,"by_hand":1,"never":0,"waiting":2'
: >pmta-suppress.conf

# Observing: evidence, and nobody is listed; it is said who would be.
rm -r state
printf '[policy]\nmode = observe\n' >pmta-suppress.conf
want_ok pmta-suppress ingest rows.csv
want_exit 1 pmta-suppress check strong@b.example weak2@b.example
want_ok pmta-suppress list --all
[ -s out ] && fail "somebody is listed"
want_ok pmta-suppress status
want_eq "$(head -n 1 out)" "mode       OBSERVE: evidence is kept, yet the \
policy lists NOBODY; see [policy] mode" "the first line of status"
want_ok pmta-suppress status --json
want_line out '"mode":"observe"'
want_ok pmta-suppress policy test pmta-suppress.conf --json
want_line out '"added":2,"removed":0,"changed":0'
want_line out '"samples":["strong@b.example","weak2@b.example"]'
want_ok pmta-suppress show strong@b.example
want_line out "warning: [policy] mode = observe: the policy lists nobody"
want_line out "would be listed: gone.mailbox since 2026-11-01T08:00:00Z"
want_ok pmta-suppress report codes --since 2026-11-01 --json
want_line out '"count":'
# Entries by hand work all the same.
want_ok pmta-suppress add ada@b.example --reason r
want_ok pmta-suppress check ada@b.example
# Enforced again, the next evidence decides.
: >pmta-suppress.conf
{
	acct_header
	bounce 5 weak2@b.example 5.0.0 "mailbox unavailable"
} >more.csv
want_ok pmta-suppress ingest more.csv
want_ok pmta-suppress check weak2@b.example
want_line out "since 2026-11-03T08:00:00Z"
want_ok pmta-suppress status
want_line out "mode       enforce"

want_exit 64 pmta-suppress policy
want_exit 64 pmta-suppress policy tset quick.conf
want_line err "policy: no verb is called 'tset'; 'policy test FILE' tells"
want_exit 64 pmta-suppress policy test
want_line err "policy: test: no file given; name the one with the settings"
want_exit 64 pmta-suppress policy test quick.conf --samples many
want_line err "policy: --samples: 'many' is none; write a number from 0 to 1000"
want_exit 66 pmta-suppress policy test nosuch.conf
printf '[policy]\ngone-weak-days = some\n' >bad.conf
want_exit 78 pmta-suppress policy test bad.conf
want_line err "bad.conf:2: gone-weak-days: bad value"
printf '[policy]\nmode = watch\n' >bad.conf
want_exit 78 pmta-suppress --config bad.conf status
