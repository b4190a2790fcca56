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
# Nobody else's rows: not of a copy of the database, not of longer addresses or
# namesakes, not of a list; and folders below are looked into.
want_ok pmta-suppress add zoe@x.example nzoe@x.example --reason r
cp state/suppress.db state/suppress.db.bak
cp state/suppress.db state/quarantine/copy
mkdir -p state/quarantine/old state/backup/deep
cp state/suppress.db state/backup/deep/copy
printf '["zoe@x.example","bob@x.example"]\n' >state/backup/list.json
printf 'd,zoe@x.example,1\nd,nzoe@x.example,2\nd,zoe@x.example.net,3\n' \
	>state/quarantine/old/two
printf 'd,ida@bücher.example,4\nd,ida@x.example,5\n' >>state/quarantine/old/two
want_ok pmta-suppress subject zoe@x.example
for file in suppress.db.bak backup/deep/copy quarantine/copy \
	quarantine/old/two backup/list.json; do
	want_line out "still in $file: until you delete it"
done
want_eq "$(grep -A1 '^line: ' out | grep '^    ')" "    d,zoe@x.example,1" \
	"the lines of zoe"
for other in bob@ nzoe example.net ada@; do
	want_no_line out "$other"
done
want_ok pmta-suppress subject 'IDA@BÜCHER.example'
want_eq "$(grep -c '^line: ' out)" 1 "the lines of ida"
want_no_line out ida@x.example
# After the erasure what is left is the hash, and the journal.
want_ok pmta-suppress erase ada@x.example
want_ok pmta-suppress subject ada@x.example
want_line out "erased on 20"
want_line out "still in journal/"
want_exit 65 pmta-suppress subject @x.example
want_exit 64 pmta-suppress subject
