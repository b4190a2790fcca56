# subject: all that is held about an address, also where no entry says so.
. "$SRC/tests/cli/lib.sh"

{
	acct_header
	row b "2026-10-05 08:00:00+0000" ada@x.example \
		"5.1.1 (bad destination mailbox address)" \
		"smtp;550 5.1.1 <ada@x.example>: user unknown" "mx.x.example"
	row d "2026-10-04 08:00:00+0000" Ada@X.example "" "" "mx.x.example"
	row d "2026-10-04 08:00:00+0000" bob@x.example "" "" "mx.x.example"
} >rows.csv
pipe_rows rows.csv || fail "the pipe"
mkdir -p state/quarantine
printf 'f,bounce-ada=x.example@news.example\n' >state/quarantine/one
want_ok pmta-suppress subject ada@x.example
want_line out "ada@x.example: suppressed: gone.mailbox"
want_line out "evidence: 2026-10-05"
want_line out "still in journal/"
want_line out "still in quarantine/one: until you delete it"
want_line out "    d,2026-10-04 08:00:00+0000,"
want_line out "    f,bounce-ada=x.example@news.example"
want_no_line out bob@
want_ok pmta-suppress subject ada@x.example --json
want_eq "$(wc -l <out)" 1 "one object"
for key in '"address":"ada@x.example"' '"entries":[{' '"evidence":[{' \
	'"changes":[{' '"files":[{' '"lines":[{' '"line":"d,2026-10-04'; do
	want_line out "$key"
done
# Known from the journal alone; and not at all.
want_ok pmta-suppress subject bob@x.example
want_line out "    d,2026-10-04 08:00:00+0000,"
want_exit 1 pmta-suppress subject nobody@x.example --json
want_line out '"files":[],"lines":[]'
# After the erasure what is left is the hash, and the journal.
want_ok pmta-suppress erase ada@x.example
want_ok pmta-suppress subject ada@x.example
want_line out "erased on 20"
want_line out "still in journal/"
want_exit 65 pmta-suppress subject @x.example
want_exit 64 pmta-suppress subject
