# export: CSV for others, cursors that lose nothing, formulas defused.
. "$SRC/tests/cli/lib.sh"

mkdir state
HEAD=address,scope,class,reason,source,since,last_seen,until,provider,code,status,diagnostic,change,subdomains
cr=$(printf '\r')

want_ok pmta-suppress add b@x.example --reason 'plain'
want_ok pmta-suppress add @d.example --reason 'says "no", twice'
want_ok pmta-suppress add '+1@x.example' --reason '=HYPERLINK("http://x.example")'
want_ok pmta-suppress add --reason '	@SUM(1)' --scope stream:a -- -x@x.example
want_ok pmta-suppress export
cp out plain
want_eq "$(sed -n 1p out)" "$HEAD$cr" "the header"
want_eq "$(grep -c "$cr\$" out)" 5 "CRLF line ends"
want_line out 'b@x.example,global,manual,plain,manual,20'
want_line out '@d.example,global,manual,"says ""no"", twice",manual,20'
want_line out "'+1@x.example,global,manual,\"'=HYPERLINK(\"\"http://x.example\"\")\",manual,20"
want_line out "'-x@x.example,stream:a,manual,'@SUM(1),manual,20"
want_ok pmta-suppress export --raw
grep -q '^+1@x.example,global,manual,"=HYPERLINK' out || fail "--raw defuses"
grep -q '^-x@x.example,stream:a,manual,@SUM(1),' out || fail "--raw defuses"
want_ok pmta-suppress export --json
want_line out '{"address":"+1@x.example","class":"manual","scope":"global","state":"active",'
want_eq "$(wc -l <out)" 4 "an object a line"
want_ok pmta-suppress export --scope stream:a
want_eq "$(wc -l <out)" 2 "--scope"
want_ok pmta-suppress export --class gone --since 1d
want_eq "$(cat out)" "$HEAD$cr" "--class of nobody"

# A file appears whole, for its group to read; or not at all.
echo old >list.csv
want_ok pmta-suppress export --output list.csv
want_same plain list.csv "--output writes what stdout shows"
want_eq "$(stat -c %a list.csv)" 640 "the file's mode"
want_exit 74 pmta-suppress export --output absent/list.csv
want_line err "pmta-suppress: absent/list.csv: cannot make: No such file"
want_eq "$(find . -name '*.tmp')" "" "leftovers"
# Nothing but a file is replaced.
mkdir folder
mkfifo fifo
ln -s list.csv link
for path in folder fifo link /dev/null; do
	want_exit 73 pmta-suppress export --output "$path"
	want_line err "$path: is no regular file; name another"
done
# Nor is a variable that is empty a name; nothing is printed before it is told.
for words in "export --output" "export --lost" "scrub list.csv --keep" \
	"scrub list.csv --drop"; do
	# shellcheck disable=SC2086 # the words of one command
	want_exit 73 pmta-suppress $words ""
	want_line err "the name of the file to write is empty; name one"
	[ ! -s out ] || fail "$words: rows before the error"
done
want_same plain list.csv "what the link points to"
[ -p fifo ] || fail "the FIFO was replaced"
[ -L link ] || fail "the link was replaced"
if [ -c /dev/full ]; then
	want_exit 74 sh -c 'pmta-suppress export >/dev/full'
fi

# rows FILE: action and address of each row, in one line.
rows() {
	sed 1d "$1" | cut -d, -f1,2 | tr '\n' ' '
}
# delta: an export to standard output with the cursor crm.
delta() {
	want_exit 0 pmta-suppress export --since-cursor crm
	want_eq "$(wc -l <err)" 1 "one line on stderr"
	number=$(sed 's/.*--ack crm:\([0-9]*\)$/\1/' err)
	sed -n 1p out | grep -q "^action,$HEAD" || fail "no column action"
	got=$(rows out)
}

# A new cursor: the whole list, again and again until it is acknowledged.
want_exit 65 pmta-suppress export --ack crm
want_line err "export: no cursor is called 'crm'"
delta
want_eq "$got" "add,'+1@x.example add,'-x@x.example add,@d.example add,b@x.example " \
	"the whole list"
want_eq "$number" 4 "the last change"
delta
want_eq "$(echo "$got" | wc -w)" 4 "not acknowledged: the whole list again"
want_exit 65 pmta-suppress export --ack crm:5
want_line err "export: cursor 'crm' waits at 4, not 5: nothing up to there"
want_ok pmta-suppress export --ack "crm:$number"
want_ok pmta-suppress export --ack "crm:$number"
want_ok pmta-suppress export --ack crm
delta
want_eq "$got" "" "nothing new"

# What a reader may have taken before its first ack is told when it goes.
mkdir new
export_new() {
	want_exit 0 pmta-suppress --state new export --since-cursor k
	got=$(rows out)
}
want_ok pmta-suppress --state new add x@x.example y@x.example --reason r
export_new
want_eq "$got" "add,x@x.example add,y@x.example " "the whole list"
want_ok pmta-suppress --state new remove x@x.example --reason back
export_new
want_eq "$got" "add,y@x.example remove,x@x.example " "the removal before an ack"
want_ok pmta-suppress --state new export --ack k
export_new
want_eq "$got" "" "nothing new"

# A name of nobody leaves the file as it was.
echo old >kept.csv
want_exit 64 pmta-suppress export --provider gogle --output kept.csv
want_eq "$(cat kept.csv)" old "the file"

# A cursor takes no filter: what it leaves out would never be told.
for filter in "--since 1d" "--provider google" "--class gone" "--scope global"; do
	# shellcheck disable=SC2086 # two words
	want_exit 64 pmta-suppress export --since-cursor crm $filter
	want_line err "export: a cursor carries every change, so nothing may be left out; export without "
done

# Changes, removals too; what happened twice is told once, as it stands.
want_ok pmta-suppress add new@x.example twice@x.example --reason r
want_ok pmta-suppress remove b@x.example twice@x.example --reason back
want_ok pmta-suppress add short@x.example --reason r --until 5s
want_ok pmta-suppress add @d.example --reason 'other' --until 2199-01-01
delta
want_line out "change,@d.example,global,manual,other,manual,"
want_line out "remove,b@x.example,global,manual,"
want_line out "add,new@x.example,"
first=$number
want_ok pmta-suppress add late@x.example --reason r
want_ok pmta-suppress export --ack "crm:$first"
sleep 6
delta
want_line out "add,late@x.example,"
want_line out "remove,short@x.example,"
want_no_line out "new@x.example"

# To a file the cursor moves by itself, and only once the file is there.
want_exit 74 pmta-suppress export --since-cursor f --output absent/f.csv
want_ok pmta-suppress export --since-cursor f --output f.csv
want_eq "$(rows f.csv | wc -w)" 5 "the whole list"
want_ok pmta-suppress export --since-cursor f --output f.csv
want_eq "$(rows f.csv)" "" "nothing new in the file"
want_ok pmta-suppress remove late@x.example --reason back
want_ok pmta-suppress export --since-cursor f --output f.csv
want_eq "$(rows f.csv)" "remove,late@x.example " "one removal"
want_ok pmta-suppress export --since-cursor f --json --output f.json
[ ! -s f.json ] || fail "nothing new, but a line"

# A mistyped folder is no list in which nothing has changed.
mkdir empty
want_exit 66 pmta-suppress --state mistyped export --since-cursor one
want_line err "mistyped: No such file"
want_exit 66 pmta-suppress --state empty export --since-cursor one --output e.csv
want_line err "empty/suppress.db: No such file"
[ ! -e mistyped ] && [ ! -e empty/suppress.db ] && [ ! -e e.csv ] ||
	fail "a list was begun"

# On an empty list a cursor can be acknowledged as well.
acct_header >head.csv
want_ok pmta-suppress --state empty ingest head.csv
want_exit 0 pmta-suppress --state empty export --since-cursor one
want_line err "--ack one:0"
want_ok pmta-suppress --state empty export --ack one
want_ok pmta-suppress --state empty export --ack one:0

want_exit 64 pmta-suppress export --since-cursor 'a b'
want_line err "export: 'a b' is no name for a cursor"
want_exit 64 pmta-suppress export --ack crm --output x.csv
want_exit 64 pmta-suppress export --ack crm:x
want_line err "export: --ack: 'crm:x' is none; write NAME or NAME:NUMBER"
want_exit 64 pmta-suppress export --split-by day d
want_line err "export: --split-by: 'day' is none; write stream, class or provider"

want_ok pmta-suppress add sue@x.example --reason r --scope stream:Case
want_ok pmta-suppress export --scope stream:CASE
want_line out "sue@x.example,stream:case,"
# One file by two names would lose one of the two.
want_exit 64 pmta-suppress export --profile lines --output lo --lost ./lo
want_line err "export: --output and --lost name one file; name two"
[ ! -e lo ] || fail "it wrote"
# "-" is standard output, no file of that name.
want_ok pmta-suppress export
mv out plain.csv
want_ok pmta-suppress export --output -
want_same plain.csv out "--output -"
want_exit 64 pmta-suppress export --lost - --profile sendgrid
want_line err "--lost: other rows go to standard output"
printf 'email\nnew@scrub.example\n' >some.csv
want_exit 0 pmta-suppress scrub some.csv --keep -
want_same some.csv out "--keep -"
want_exit 64 pmta-suppress scrub some.csv --drop -
want_line err "scrub: --drop: other rows go to standard output; name a file, or one with --keep"
want_exit 64 pmta-suppress scrub some.csv --drop - --keep -
[ ! -e - ] || fail "a file called -"

# Too few open files are no fault of a folder's mode.
{
	echo address,scope
	seq 1 30 | sed 's/.*/s&@many.example,stream:s&/'
} >many.csv
want_ok pmta-suppress import many.csv --reason r
want_exit 74 sh -c 'ulimit -n 20; exec pmta-suppress export --split-by stream many'
want_line err ": cannot make: Too many open files; raise the limit of open files (ulimit -n)"
want_exit 66 sh -c 'ulimit -n 5; exec pmta-suppress export'
want_line err "suppress.db: setting up: Too many open files; raise the limit of open files (ulimit -n)"
