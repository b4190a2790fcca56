# add: by hand, with a reason, all or nothing.
. "$SRC/tests/cli/lib.sh"

want_ok pmta-suppress add 'Ada@X.Example' @Whole.Example --reason " two  words "
want_line out "ada@x.example: listed: manual since "
want_line out "@whole.example: listed: manual since "
want_ok pmta-suppress list --json
want_line out '"reason":"two  words"'
want_line out '"source":"manual"'

# Again: the first date stays, the new words count, no second entry.
since=$(pmta-suppress list --json ada@x.example | sed 's/.*"since":"\([^"]*\).*/\1/')
sleep 1
want_ok pmta-suppress add ada@x.example --reason again
want_line out "ada@x.example: was listed, is now: manual since $since, global"
want_ok pmta-suppress list --json 'ada@*'
want_eq "$(wc -l <out)" 1 "one entry"
want_line out '"reason":"again"'

# Other classes and scopes are entries of their own.
want_ok pmta-suppress add ada@x.example --reason r --class fbl.abuse
want_ok pmta-suppress add ada@x.example --reason r --scope stream:news
want_ok pmta-suppress list --json 'ada@*'
want_eq "$(wc -l <out)" 3 "three entries"
want_ok pmta-suppress check ada@x.example
want_line out "suppressed: manual since "
want_ok pmta-suppress add end@x.example --reason r --until 30d --json
want_line out '{"address":"end@x.example","was_listed":false,"class":"manual","scope":"global","state":"active","since":"'

# One wrong word, and nothing was written.
want_exit 65 pmta-suppress add fine@x.example nosuch --reason r
want_line err "add: 'nosuch' is no address: "
[ ! -s out ] || fail "told what was not done"
want_exit 1 pmta-suppress check fine@x.example
want_exit 65 pmta-suppress add @nodots --reason r
for wrong in block.ip gone nothing; do
	want_exit 64 pmta-suppress add fine@x.example --reason r --class "$wrong"
	want_line err "add: --class: '$wrong' is no class that suppresses; see 'pmta-suppress help classes'"
done
for wrong in "" "stream:" news "stream: " GLOBAL; do
	want_exit 64 pmta-suppress add fine@x.example --reason r --scope "$wrong"
done
want_exit 64 pmta-suppress add fine@x.example --reason r --until 2020-01-01
want_line err "add: --until has passed"
want_exit 64 pmta-suppress add fine@x.example --reason "  "
want_exit 64 pmta-suppress add fine@x.example --reason "$(printf '%1001s' x | tr ' ' y)"

# Who did it: sudo's user, in characters that are harmless.
SUDO_USER="al
ice" pmta-suppress add who@x.example --reason r >/dev/null
want_ok pmta-suppress show who@x.example
want_line out "by user:alice: r"
# Control bytes of a reason never reach a terminal.
want_ok pmta-suppress add ctl@x.example --reason "$(printf 'a\033[2Jb\nc\377')"
want_ok pmta-suppress show ctl@x.example
want_line out "reason      a [2Jb c?"

# One by hand that has run out is in nobody's way, whether `expire` ran or not.
want_ok pmta-suppress add --class gone.mailbox --until 1s --reason r \
	brief@e.example
sleep 2
{
	acct_header
	row b "$(date -u '+%Y-%m-%d %H:%M:%S+0000')" brief@e.example "5.1.1 (no)" \
		"smtp;550 5.1.1 no such user" "mx.e.example (192.0.2.25)"
} >later.csv
want_ok pmta-suppress ingest later.csv
want_exit 0 pmta-suppress check brief@e.example
want_ok pmta-suppress expire
want_exit 0 pmta-suppress check brief@e.example

# Also where the address had failed while it stood, in another class of its kind.
want_ok pmta-suppress add --class gone.mailbox --until 1s --reason r \
	moved@e.example
moved() { # moved TIME: a file of its own
	acct_header
	row b "$1" moved@e.example "5.1.6 (moved)" \
		"smtp;551 5.1.6 user has moved" "mx.e.example (192.0.2.25)"
}
moved "$(date -u -d '-1 minute' '+%Y-%m-%d %H:%M:%S+0000')" >within.csv
want_ok pmta-suppress ingest within.csv
sleep 2
moved "$(date -u '+%Y-%m-%d %H:%M:%S+0000')" >behind.csv
want_ok pmta-suppress ingest behind.csv
want_exit 0 pmta-suppress check moved@e.example
want_line out "gone.moved"
