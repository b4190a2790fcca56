# scrub: rows that may be mailed pass byte for byte; the others are told of.
. "$SRC/tests/cli/lib.sh"

want_ok pmta-suppress add ada@x.example --reason 'asked by phone' --class fbl.abuse
want_ok pmta-suppress add bob@x.example --reason r
want_ok pmta-suppress add @gone.example --reason closed
want_ok pmta-suppress add eve@x.example --reason r --scope stream:news
want_ok pmta-suppress add held@x.example --reason r
want_ok pmta-suppress hold held@x.example --reason r
want_ok pmta-suppress add back@x.example --reason r
want_ok pmta-suppress remove back@x.example --reason r
want_ok pmta-suppress add old@x.example --reason r --until 1s

# scrub WANT-CODE ARGUMENT...
scrub() {
	scrub_code=$1
	shift
	want_exit "$scrub_code" pmta-suppress scrub "$@"
}

# A plain list: as check answers, one by one.
cat >list <<'END'
new@x.example
ADA@X.example
any@gone.example
any@sub.gone.example
eve@x.example
held@x.example
 <bob@x.example.>
back@x.example
old@x.example
END
sleep 2
scrub 0 list
printf '%s\n' new@x.example any@sub.gone.example eve@x.example held@x.example \
	back@x.example old@x.example >want
want_same want out "the plain list"
want_line err "pmta-suppress: list: 9 rows: 6 kept, 3 suppressed, 0 invalid (dropped), 0 twice"
want_line err "  class fbl.abuse: 1"
want_line err "  class manual: 2"
want_line err "  provider other: 3"
scrub 0 --stream news list
want_no_line out eve@x.example
want_line err "5 kept, 4 suppressed"
scrub 0 --stream other list
want_line out eve@x.example
scrub 1 list --fail-if-dropped
want_same want out "the list all the same"
scrub 0 want --fail-if-dropped
want_same want out "nothing to drop"

# CSV: header, BOM, CRLF, quotes, newlines in quotes, ragged and empty rows.
printf '\357\273\277Name,E-Mail,Note\r\n"Doe, J.",new@x.example,"two\r\nlines ""q"""\r\n,"ADA@x.example",x\r\nZoë,"zoe@x.example"\r\n,,\r\n\r\nq,Bob B. <bob@x.example>,1,2,3\r\nlast,last@x.example,no newline' >in.csv
printf '\357\273\277Name,E-Mail,Note\r\n"Doe, J.",new@x.example,"two\r\nlines ""q"""\r\nZoë,"zoe@x.example"\r\nlast,last@x.example,no newline' >want
scrub 0 in.csv
want_same want out "CSV rows"
want_line err "in.csv: 5 rows: 3 kept, 2 suppressed"
scrub 0 in.csv --keep kept.csv --drop dropped.csv
want_same want kept.csv "CSV rows to a file"
[ ! -s out ] || fail "--keep, but something on standard output"
scrub 0 in.csv --drop - --keep kept2.csv
want_same dropped.csv out "dropped rows to standard output"
want_same kept.csv kept2.csv "kept rows beside them"
[ ! -e - ] || fail "a file called -"
sed 's/,[0-9T:-]*Z,/,T,/' dropped.csv >got
printf '\357\273\277class,scope,since,Name,E-Mail,Note\r\nfbl.abuse,global,T,,"ADA@x.example",x\r\nmanual,global,T,q,Bob B. <bob@x.example>,1,2,3\r\n' >want
want_same want got "dropped rows"
# A dropped last row gets a line end; why names rule, reason and entry.
printf 'x,email\n1,any@gone.example\n2,ada@x.example' >in2.csv
scrub 0 in2.csv --drop dropped.csv --why
sed 's/,[0-9T:-]*Z,/,T,/' dropped.csv >got
cat >want <<'END'
class,scope,since,rule,reason,entry,x,email
manual,global,T,,closed,@gone.example,1,any@gone.example
fbl.abuse,global,T,,asked by phone,ada@x.example,2,ada@x.example
END
want_same want got "why"
printf 'x,email\n' >want
want_same want out "the header alone"
want_eq "$(find . -name '*.tmp')" "" "temporary files"
# In and out may be one file, packed input is read, so is standard input.
cp in.csv same.csv
scrub 0 same.csv --keep same.csv
want_same kept.csv same.csv "in place"
gzip -c in.csv >in.csv.gz
scrub 0 in.csv.gz
want_same kept.csv out "a packed list"
want_exit 0 sh -c 'cat in.csv | pmta-suppress scrub -'
want_same kept.csv out "standard input"
want_line err "standard input: 5 rows"

# The column: by name, by number, with a header or none; told when there is none.
printf 'id;mail\n' >semi.csv
printf 'a,b\nada@x.example,new@x.example\nnew@x.example,ada@x.example\n' >two.csv
scrub 0 two.csv --column b
want_eq "$(cat out)" "a,b
ada@x.example,new@x.example" "--column b"
scrub 0 two.csv --column 1
want_eq "$(cat out)" "a,b
new@x.example,ada@x.example" "--column 1"
tail -n +2 two.csv >bare.csv
scrub 0 bare.csv
want_eq "$(cat out)" "new@x.example,ada@x.example" "the first column with addresses"
scrub 0 bare.csv --column 2
want_eq "$(cat out)" "ada@x.example,new@x.example" "--column 2, no header"
scrub 65 semi.csv
want_line err "semi.csv:1: no column of addresses: the line begins 'id;mail'"
scrub 65 two.csv --column mail
want_line err "two.csv:1: no column is called 'mail'"
scrub 65 two.csv --column 3
scrub 65 two.csv --column mail --keep never.csv
[ ! -e never.csv ] || fail "an output of nothing"

# What is no address is left out, by cause, or kept on demand.
printf 'email,n\nnew@x.example,1\nnosuch,2\n,3\na@b,4\n@gone.example,5\nx@[192.0.2.1],6\n\303(@x.example,7\n' >odd.csv
scrub 0 odd.csv --drop dropped.csv
want_eq "$(cat out)" "email,n
new@x.example,1" "odd addresses"
want_line err "odd.csv: 7 rows: 1 kept, 0 suppressed, 6 invalid (dropped), 0 twice"
want_line err "  invalid no-at: 2"
want_line err "  invalid empty: 1"
want_line err "  invalid literal: 1"
want_line dropped.csv "invalid.no-at,,,nosuch,2"
want_line dropped.csv "invalid.empty,,,,3"
scrub 0 odd.csv --invalid keep
want_same odd.csv out "--invalid keep"
want_line err "7 kept, 0 suppressed, 6 invalid (kept)"
scrub 1 odd.csv --fail-if-dropped

# A stray quote costs its own line; too long ones are passed over.
{
	printf 'email,name\n"stray@x.example,1\nada@x.example,2\nnew@x.example,"3"\n'
	printf 'm@x.example,"open\n'
	printf 'bob@x.example,4\nlast@x.example,"5"\n'
} >stray.csv
scrub 0 stray.csv --drop dropped.csv
want_eq "$(cat out)" "email,name
new@x.example,\"3\"
last@x.example,\"5\"" "stray quotes"
want_line err "6 rows: 2 kept, 2 suppressed, 2 invalid"
want_line dropped.csv 'invalid.row,,,"stray@x.example,1'
{ echo email; head -c 300000 /dev/zero | tr '\0' x; echo; echo new@x.example; } >long.csv
scrub 0 long.csv --invalid keep
want_eq "$(cat out)" "email
new@x.example" "a row that is too long"
want_line err "invalid row: 1"
# One that ends within what is read at once is no other.
for n in 65000 65600 90000 300000; do
	{ echo email; head -c $n /dev/zero | tr '\0' x; echo; echo new@x.example; } >long.csv
	scrub 0 long.csv --invalid keep
	want=2
	[ $n -gt 65536 ] || want=3
	want_eq "$(wc -l <out)" $want "a row of $n bytes"
done

# Of one address the first row only.
printf 'email,n\nnew@x.example,1\nNEW@x.example,2\nada@x.example,3\nada@x.example,4\nb@x.example,5\n<new@x.example>,6\n' >twice.csv
scrub 0 twice.csv --dedupe --drop dropped.csv
want_eq "$(cat out)" "email,n
new@x.example,1
b@x.example,5" "--dedupe"
want_line err "6 rows: 2 kept, 2 suppressed, 0 invalid (dropped), 2 twice"
want_line dropped.csv "duplicate,,,NEW@x.example,2"

# Digests of partners.
digest() { printf %s "$2" | "$1sum" | cut -d' ' -f1; }
for d in md5 sha1 sha256; do
	{
		echo "$d"
		digest $d ada@x.example | tr a-f A-F
		digest $d new@x.example
		digest $d any@gone.example
		echo nothex
	} >hashed.csv
	scrub 0 hashed.csv --hashed $d --drop dropped.csv
	want_eq "$(tail -n +2 out)" "$(digest $d new@x.example)
$(digest $d any@gone.example)" "--hashed $d"
	want_line err "4 rows: 2 kept, 1 suppressed, 1 invalid"
	want_line err "invalid digest: 1"
	want_line err "1 whole domains are listed: what is in them cannot be told by a digest"
	want_line dropped.csv "fbl.abuse,global,20"
done
digest md5 eve@x.example >one
scrub 0 one --hashed md5 --stream news
[ ! -s out ] || fail "a digest of the stream was kept"
scrub 0 one --hashed md5
[ -s out ] || fail "a digest of another stream was dropped"

# JSON, and a list of nothing.
scrub 0 list --json
want_line err '{"file":"list","rows":9,"kept":6,"suppressed":3,"invalid":0,"invalid_kept":false,"twice":0,"empty_lines":0,"classes":{"fbl.abuse":1,"manual":2},"providers":{"other":3},"causes":{}}'
: >empty
scrub 0 empty
want_line err "empty: 0 rows: 0 kept"
[ ! -s out ] || fail "something from nothing"

# Much: the same in little memory, of its own accord too.
seq -f 's%.0f@many.example' 20000 >many
want_ok pmta-suppress import many
seq -f 's%.0f@many.example' 19990 20100 >some
seq -f 's%.0f@many.example' 20001 20100 >want
scrub 0 some
want_same want out "of many"
scrub 0 some --low-memory
want_same want out "--low-memory"
want_eq "$(wc -l <err)" 3 "nothing more is said"
scrub 0 some --memory 64K
want_same want out "--memory"
want_line err "scrub: more entries than fit in --memory: went on as with --low-memory"
seq -f 't%.0f@many.example' 20000 >fresh
scrub 0 fresh --dedupe
want_same fresh out "no address twice"
scrub 71 fresh --dedupe --memory 64K --keep never
want_line err "scrub: --dedupe needs more memory than it may take after "
[ ! -e never ] || fail "an output that is not whole"

# Every word that is wrong is told; nothing is written.
scrub 64
scrub 64 list list
scrub 64 list --why
scrub 64 list --keep a --drop a
scrub 64 list --invalid maybe
scrub 64 list --hashed crc
scrub 64 list --memory 1
scrub 64 list --stream ' '
scrub 64 one --hashed md5 --why --drop d
scrub 66 absent
scrub 73 list --keep /dev/null
want_line err "/dev/null: is no regular file"
head -c 100 in.csv.gz >cut.gz
scrub 65 cut.gz --keep never
[ ! -e never ] || fail "half an output"
# A full disk is an error, on either road.
if [ -c /dev/full ]; then
	want_exit 74 sh -c 'pmta-suppress scrub list >/dev/full'
	want_line err "standard output: cannot write"
	want_no_line err "kept"
fi
# A file that cannot be written to its end does not appear.
if sh -c 'ulimit -f 200' 2>/dev/null; then
	seq -f 'r%.0f@fresh.example' 20000 >fresh
	want_exit 74 sh -c "trap '' XFSZ; ulimit -f 200
		pmta-suppress scrub fresh --keep never"
	want_line err "never: cannot write: "
	[ ! -e never ] || fail "half an output"
	want_eq "$(find . -name '*.tmp')" "" "temporary files"
fi

# A stream's name is as the policy writes it, however it is typed.
echo eve@x.example >one
for name in News stream:news Stream:NEWS; do
	scrub 0 one --stream $name
	[ ! -s out ] || fail "--stream $name: the stream's was kept"
done
# One file by two names would lose one of the two.
scrub 64 list --keep ./aa --drop "$PWD/aa"
want_line err "scrub: --keep and --drop name one file; name two"
[ ! -e aa ] || fail "it wrote"
mkdir sub && ln -s sub also
scrub 64 list --keep sub/aa --drop also/aa
scrub 0 list --keep sub/aa --drop aa

# By the mailbox: what Gmail delivers to one user is one user's.
pmta-suppress add plain@gmail.com --reason asked >out 2>&1 || fail "add"
printf '%s\n' p.l.a.i.n+shop@gmail.com plain@gmail.com plainer@gmail.com \
	p.lain@x.example >boxes
scrub 0 boxes
want_eq "$(paste -sd' ' out)" \
	"p.l.a.i.n+shop@gmail.com plainer@gmail.com p.lain@x.example" "as it stands"
for low in "" --low-memory "--drop dropped --why"; do
	rm -f dropped
	scrub 0 boxes --provider-key $low
	want_eq "$(paste -sd' ' out)" "plainer@gmail.com p.lain@x.example" \
		"by the mailbox $low"
done
want_line dropped "p.l.a.i.n+shop@gmail.com"
scrub 64 boxes --provider-key --hashed md5
want_line err "scrub: --provider-key does not go with --hashed"

# Who is named beside another is not overlooked: that is no one's address.
cat >both.csv <<'END'
email
"Ada <ada@x.example>, Bob <new@x.example>"
"New <new@x.example>, ada@x.example"
"ada@x.example <new@x.example>"
"""new@x.example"" <new@x.example>"
END
scrub 0 both.csv
want_line err "4 rows: 1 kept, 0 suppressed, 3 invalid"
want_line out '"""new@x.example"" <new@x.example>"'
want_exit 65 pmta-suppress import --reason r both.csv
want_line err "3 of 4 lines are bad"

# What stands inside a cell is no row, however many lines there are.
{
	printf 'n,email,note\n1,new@x.example,"'
	seq -f 'Call,p%.0f@notes.example' 150
	printf '"\n2,newer@x.example,x\n'
} >calls.csv
scrub 0 calls.csv
want_same calls.csv out "a cell of many lines"
want_line err "2 rows: 2 kept"
want_exit 0 pmta-suppress import calls.csv --dry-run --reason r
want_line out "2 lines: 2 would be imported"

# Where programs differ on the columns, nobody is mailed by one's reading.
cat >moved.csv <<'END'
name,email,city,contact
"Ada" ,ada@x.example,"Rome",new@x.example
"Ada"x,ada@x.example,"Rome",new@x.example
a, "b,new@x.example", ada@x.example
 "a,new@x.example,b",ada@x.example
"New",new@x.example,"Rome" ,x
"New" <new@x.example>
END
scrub 0 moved.csv --drop dropped.csv
want_eq "$(sed 1d out)" '"New",new@x.example,"Rome" ,x' "moved columns"
want_line err "invalid row: 4"
want_line dropped.csv 'invalid.row,,,"Ada" ,ada@x.example'
want_exit 65 pmta-suppress import moved.csv --reason r
want_line err 'moved.csv:2: line '
want_line err ": text stands outside a field's quotes"
scrub 0 moved.csv --column contact
want_eq "$(wc -l <out)" 1 "all of them doubtful, or without a contact"
printf '"Name" ,email,x,y\n' >moved.csv
scrub 65 moved.csv
printf '"Doe, J." <ada@x.example>\n"Doe, J." <new@x.example>\n' >moved.csv
scrub 0 moved.csv
want_eq "$(cat out)" '"Doe, J." <new@x.example>' "a name in quotes"

# A ' may be the address's own, or put before a formula: either is suppressed.
want_ok pmta-suppress add "'+own@x.example" "=put@x.example" --reason r
cat >marks.csv <<'END'
email
'+own@x.example
+own@x.example
'=put@x.example
''=put@x.example
'-new@x.example
' =put@x.example
END
for how in "" --low-memory --provider-key "--drop dropped.csv"; do
	rm -f dropped.csv
	# shellcheck disable=SC2086 # options are words
	scrub 0 marks.csv $how
	want_eq "$(paste -sd' ' out)" \
		"email +own@x.example ''=put@x.example '-new@x.example" "a ' $how"
done

# Whatever ends it, nothing is left of the files that are not whole.
mkfifo slow
pmta-suppress scrub - --keep kept.new --drop dropped.new <slow >out 2>err &
scrub=$!
exec 3>slow
awk 'BEGIN { print "email"; for (i = 0; i < 9999; i++) print i "@x.example" }' >&3
begun() { # on a file that has its name only when it is whole, or by that name
	ls -l "/proc/$scrub/fd" | grep -qE 'deleted|dropped.new'
}
wait_until 10 begun || fail "it has not begun"
kill -KILL "$scrub"
wait "$scrub"
exec 3>&-
want_eq "$(find . -name '*.new*')" "" "what a killed one left"
