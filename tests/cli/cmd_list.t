# list: aligned columns, filters, JSON lines.
. "$SRC/tests/cli/lib.sh"

mkdir state
want_ok pmta-suppress add a@x.example --reason r
want_ok pmta-suppress list --like nothing@all
[ ! -s out ] || fail "an empty list prints a head"
want_ok pmta-suppress add much-longer-name@x.example --reason "two words" \
	--class fbl.abuse
want_ok pmta-suppress add @y.example --reason r --until 2199-01-01
want_ok pmta-suppress add s@x.example --reason r --scope stream:news
want_ok pmta-suppress add off@x.example --reason r
want_ok pmta-suppress remove off@x.example --reason back
want_ok pmta-suppress add short@x.example --reason r --until 1s
printf 'email\nimp@x.example\n' >in.csv
want_ok pmta-suppress import in.csv
sleep 2

want_ok pmta-suppress list
want_eq "$(awk '{ print $1 }' out | sort | tr '\n' ' ')" \
	"@y.example ADDRESS a@x.example imp@x.example much-longer-name@x.example s@x.example " \
	"the entries in force"
# Every column begins where its head does.
at=$(sed -n 's/STATE.*//p' out | wc -c)
want_eq "$(cut -c "$at-$((at + 5))" out | sort -u | tr '\n' '|')" \
	"STATE |active|" "the column of states"
want_line out "two words"
want_ok pmta-suppress list --all
want_line out ended
want_line out lifted
ended=$(awk '/ ended / { print $1 }' out)
want_ok pmta-suppress list --all --json
want_eq "$(wc -l <out)" 7 "all entries"
want_eq "$(grep -c '"state":"ended"' out)" 1 "what has run out"
want_ok pmta-suppress show "$ended" --json
want_line out '"state":"ended"'

# names ARGUMENT...: the addresses listed, in one line.
names() {
	want_ok pmta-suppress list --json "$@"
	got=$(sed 's/.*"address":"\([^"]*\)".*/\1/' out | sort | tr '\n' ' ')
}
names --class manual
want_eq "$got" "@y.example a@x.example imp@x.example s@x.example " "--class"
names --class fbl
want_eq "$got" "much-longer-name@x.example " "--class with a group"
names --scope stream:news
want_eq "$got" "s@x.example " "--scope"
names --source import
want_eq "$got" "imp@x.example " "--source"
names 'm?ch*@x.example'
want_eq "$got" "much-longer-name@x.example " "a pattern"
names --since 2199-01-01
want_eq "$got" "" "--since to come"
names --since 1d
want_eq "$(echo "$got" | wc -w)" 5 "--since a day ago"
names --limit 2
want_eq "$(echo "$got" | wc -w)" 2 "--limit"
want_exit 64 pmta-suppress list --source nowhere
want_exit 64 pmta-suppress list --scope nowhere
want_exit 64 pmta-suppress list a b
# A variable that is empty chooses nobody, not all; nor does a name of nobody
# say that nobody was there.
want_exit 64 pmta-suppress list ""
want_line err "list: the pattern is empty; leave it out, or write '*'"
want_exit 64 pmta-suppress list --provider ""
want_exit 64 pmta-suppress list --provider gogle
want_line err "list: --provider: 'gogle' is none, but 'google' is; write one that providers.conf names, such as google"
want_ok pmta-suppress list --provider Posteo

want_ok pmta-suppress list --scope stream:News
want_line out s@x.example

# A pattern is written as the address is, not as its key is.
want_ok pmta-suppress add zoë@bücher.example --reason r
for pattern in 'zoë@bücher.example' 'ZOË@*' '*@BÜCHER.example' '*ë@xn--bcher-*'; do
	names --like "$pattern"
	want_eq "$got" "zoë@xn--bcher-kva.example " "$pattern"
	names "$pattern"
	want_eq "$got" "zoë@xn--bcher-kva.example " "$pattern alone"
	want_ok pmta-suppress hold --like "$pattern" --reason r --dry-run
	want_line out "would hold 1 entries"
done
want_exit 64 pmta-suppress list '*@bü*'
want_line err "list: the pattern '*@bü*': a domain beyond ASCII stands as A-labels, so nothing is like this; write xn--..."
