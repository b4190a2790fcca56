# expire: what ran out is told once; nobody is suppressed by it before.
. "$SRC/tests/cli/lib.sh"

{
	acct_header
	row b "2026-01-05 08:00:00+0000" a@nx.example \
		"5.1.2 (bad destination system: no such domain)" "" ""
} >rows.csv
want_ok pmta-suppress ingest rows.csv
want_exit 1 pmta-suppress check a@nx.example
want_ok pmta-suppress export --since-cursor c --output c.csv
want_ok pmta-suppress show a@nx.example
want_line out "until       2026-02-04T08:00:00Z"

want_ok pmta-suppress add b@x.example --reason r --until 2026-12-31
want_ok pmta-suppress ingest rows.csv
{
	acct_header
	row b "2026-03-05 08:00:00+0000" a@nx.example \
		"5.1.2 (bad destination system: no such domain)" "" ""
} >more.csv
want_ok pmta-suppress ingest more.csv
want_ok pmta-suppress expire --dry-run
want_eq "$(cat out)" "would end: 1 entries" "dry run"
want_ok pmta-suppress expire --json
want_eq "$(cat out)" '{"dry_run":false,"ended":1}' "json"
want_ok pmta-suppress expire
want_eq "$(cat out)" "ended: 0 entries" "once"
want_ok pmta-suppress show a@nx.example
want_line out "ended"
want_ok pmta-suppress status
want_line out "active 1, held 0, lifted 0, ended 1"
want_exit 64 pmta-suppress expire now
