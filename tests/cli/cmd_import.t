# import: the column by its name, bad lines by number, all or nothing.
. "$SRC/tests/cli/lib.sh"

mkdir state
listed() {
	want_ok pmta-suppress list --json --source import
	got=$(sed 's/.*"address":"\([^"]*\)".*/\1/' out | sort | tr '\n' ' ')
}

# BOM, CRLF, quotes, a name before the address, a column named as people do.
printf '\357\273\277Name,E-Mail Address,Reason,Class,Until\r\n%s\r\n%s\r\n%s\r\n\r\n,,,,\r\n%s' \
	'"Doe, J.",John Doe <J.Doe@X.Example>,"left, ""gone""",,' \
	"x,'=1+1@f.example,,fbl.abuse,2199-01-01" \
	'y,@whole.example,,,' 'z,j.doe@x.example,,,' >good.csv
want_ok pmta-suppress import good.csv --dry-run
want_line out "good.csv: 4 lines: 3 would be imported, 0 listed already, 1 twice in the file, 0 bad"
[ ! -e state/suppress.db ] || fail "a dry run made the database"
want_ok pmta-suppress import good.csv
want_line out "good.csv: 4 lines: 3 imported, 0 listed already, 1 twice in the file, 0 bad (bulk 1)"
listed
want_eq "$got" "=1+1@f.example @whole.example j.doe@x.example " "who is listed"
want_line out '"reason":"left, \"gone\""'
want_line out '"reason":"imported from good.csv"'
want_line out '"class":"fbl.abuse"'
want_line out '"until":"2199-01-01T00:00:00Z"'
want_ok pmta-suppress import good.csv --reason other
want_line out "0 imported, 3 listed already, 1 twice in the file"
listed
want_no_line out '"reason":"other"'

# A plain list, packed, from standard input.
printf 'p1@x.example\nP1@X.example\n\n<p2@x.example>\n' | gzip >plain.gz
want_ok sh -c 'pmta-suppress import - --class fbl.abuse --json <plain.gz'
want_line out '{"file":"standard input","lines":3,"imported":2,"would_import":2,"listed_already":0,"twice_in_file":1,"bad":0,"dry_run":false,'

# Bad lines: each by its number and cause, and nothing is imported.
cat >bad.csv <<'END'
address,class,scope,since,until,reason,action
good@x.example,,,,,,add
nosuch,,,,,,
c@x.example,block.ip,,,,,
s@x.example,,news,,,,
t@x.example,,,soon,,,
f@x.example,,,2199-01-01,,,
u@x.example,,,,2020-01-01,,
"two
lines@x.example",,,,,,
r@x.example,,,,,,remove
,,,,,no address,
q,"never closed@x.example,,
last@x.example,,,,,,
END
cat >want <<'END'
pmta-suppress: bad.csv:3: address 'nosuch'
pmta-suppress: bad.csv:4: class 'block.ip'
pmta-suppress: bad.csv:5: scope 'news'
pmta-suppress: bad.csv:6: since 'soon'
pmta-suppress: bad.csv:7: since '2199-01-01'
pmta-suppress: bad.csv:8: until '2020-01-01'
pmta-suppress: bad.csv:9: address 'two\nlines@x.example'
pmta-suppress: bad.csv:11: action 'remove'
pmta-suppress: bad.csv:12: address ''
pmta-suppress: bad.csv:13: line 'q,"never closed@x.example,,'
pmta-suppress: bad.csv
END
want_exit 65 pmta-suppress import bad.csv
sed "s/\('.*'\): .*/\1/; s/\(bad.csv\): .*/\1/" err >got
want_same want got "the bad lines"
want_line err "bad.csv: 10 of 12 lines are bad: nothing was imported; mend them, or take the others with --skip-bad"
want_line out "12 lines: 2 would be imported, 0 listed already, 0 twice in the file, 10 bad"
want_exit 1 pmta-suppress check good@x.example last@x.example
want_exit 65 pmta-suppress import bad.csv --dry-run --max-errors 2
want_eq "$(wc -l <err)" 4 "--max-errors"
want_line err "bad.csv: and 8 more bad lines; raise --max-errors to see them"
want_exit 0 pmta-suppress import bad.csv --skip-bad --max-errors 0
[ ! -s err ] || fail "--max-errors 0 printed lines"
want_line out "2 imported, 0 listed already, 0 twice in the file, 10 bad"
want_exit 0 pmta-suppress check good@x.example
want_exit 0 pmta-suppress check last@x.example

# A file that is none, or breaks off, imports nothing.
printf 'id;name\n1;x\n' >semi.csv
want_exit 65 pmta-suppress import semi.csv
want_line err "semi.csv:1: no column of addresses"
printf 'email\n' >in.csv
for i in $(seq 5000); do echo "cut$i@x.example"; done >>in.csv
gzip -c in.csv | head -c 5000 >cut.gz
want_exit 65 pmta-suppress import cut.gz
want_line err "cut.gz: the gzip stream is cut"
want_exit 1 pmta-suppress check cut1@x.example
want_exit 66 pmta-suppress import absent.csv
want_exit 64 pmta-suppress import in.csv --class nothing
want_exit 64 pmta-suppress import in.csv --max-errors -1
want_line err "import: --max-errors: '-1' is none; write a number from 0 on"
# A line without an end, and long ones, cost only themselves.
{ echo email; head -c 300000 /dev/zero | tr '\0' x; echo; echo long@x.example; } >long.csv
want_exit 0 pmta-suppress import long.csv --skip-bad
want_line err "long.csv:2: line '"
want_line out "2 lines: 1 imported"

# One change number for each, one bulk for all; an export comes back in.
want_ok pmta-suppress import in.csv
want_line out "5000 lines: 5000 imported"
want_ok pmta-suppress show cut5000@x.example
want_line out "imported from in.csv"
want_ok pmta-suppress export --output back.csv
want_ok pmta-suppress --state other import back.csv
pmta-suppress export --output one.csv
pmta-suppress --state other export --output two.csv
for f in one two; do
	cut -d, -f1-3 $f.csv | sort >$f
done
want_same one two "the export of an import of an export"

# A NUL is no letter of a column's name, nor of an address.
printf 'email\0\0\0\nz@x.example\n' >nul.csv
want_exit 65 pmta-suppress import nul.csv
want_line err "nul.csv:1: no column of addresses"
printf 'email\nz\0@x.example\n' >nul.csv
want_exit 65 pmta-suppress import nul.csv
want_line err "nul.csv:2: address 'z\\x00@x.example'"

printf 'email,scope\nsue@x.example,stream:Case\n' >case.csv
want_ok pmta-suppress import case.csv --reason r
want_exit 0 pmta-suppress check sue@x.example --stream case
want_exit 0 pmta-suppress check sue@x.example --stream Case
# A report in the place of the list.
echo one.more@x.example >same
want_exit 64 pmta-suppress import same --report "$PWD/same"
want_line err "import: --report would replace the list itself"
want_exit 64 pmta-suppress import same --report -
want_line err "import: --report: other rows go to standard output; name a file"
[ ! -e - ] || fail "a file called -"
want_eq "$(cat same)" one.more@x.example "the list"

# The report has the address, whatever was bad in its line.
printf 'email,scope,since,until\na@r.example,news,,\nb@r.example,,soon,\nc@r.example,,,2020-01-01\n' >cells
want_exit 65 pmta-suppress import cells --report cells.out
want_line cells.out "2,a@r.example,invalid,scope 'news': write global or stream:NAME"
want_line cells.out "3,b@r.example,invalid,since 'soon': no time"
want_line cells.out "4,c@r.example,invalid,until '2020-01-01': has passed"

# Who was erased elsewhere is a hash: told, and no reason to take nobody.
mkdir there
for who in gone here; do
	want_ok pmta-suppress --state there add $who@e.example --reason r
done
want_exit 0 pmta-suppress --state there erase gone@e.example
want_exit 0 pmta-suppress --state there export --output all.csv
grep -q '^#' all.csv || fail "no hash in the export"
want_exit 0 pmta-suppress import all.csv --report all.out
want_line err "all.csv: 1 of 2 lines: erased, cannot be carried"
want_line out "2 lines: 1 imported, 0 listed already, 0 twice in the file, 0 bad, 1 not carried"
want_line all.out ",erased,\"erased, cannot be carried\""
want_exit 0 pmta-suppress check here@e.example
want_exit 0 pmta-suppress import all.csv --json
want_line out '"not_carried":1'

# JSON on standard input is known as it is in a file.
rm -rf state
printf '[{"address":"j1@i.example"},{"address":"j2@i.example"}]' >two.json
want_ok pmta-suppress import - --reason r <two.json
want_line out "2 imported"
want_ok pmta-suppress export --profile sendgrid --json
mv out sendgrid.json
rm -rf state
want_ok pmta-suppress import - --reason r --profile sendgrid <sendgrid.json
want_line out "2 imported"
want_exit 0 pmta-suppress check j1@i.example j2@i.example
# What was written is told, whatever becomes of the report.
printf 'k1@i.example\n' >k1.txt
want_exit 73 pmta-suppress import k1.txt --reason r --report /dev/full
want_line out "1 imported"
want_line out "(bulk "
# Other packers and UTF-16 are told, not read.
for start in '\03757zXZ' 'BZh91AY&SY' '\0050\0265\0057\0375' 'PK\0003\0004' '\0377\0376a'; do
	printf '%b and more\nemail\n' "$start" >packed.bin
	want_exit 65 pmta-suppress import packed.bin --reason r
	want_line err "this is "
	want_exit 65 pmta-suppress scrub packed.bin
	want_line err "this is "
done
want_exit 66 pmta-suppress ingest packed.bin
want_line err "packed.bin: this is UTF-16; save it as UTF-8"
printf 'BZhang@i.example\n' >names.txt
want_ok pmta-suppress import names.txt --reason r
want_line out "1 imported"

# Of several columns of addresses "address" may be a street; our own file has
# no other. Members of JSON objects go by the same names.
rm -rf state
printf 'email,address\nc1@x.example,12 Main St\n' >street.csv
printf 'Address,Class,E-Mail\n12 Main St,fbl.abuse,c2@x.example\n' >street2.csv
printf 'address,reason\nc3@x.example,left\n' >ours.csv
printf '[{"email":"c4@x.example"},{"E-Mail":"c5@x.example","Address":"12 Main St"}]' >named.json
printf '{"address":"c6@x.example","email":null,"Reason":"left"}' >null.json
printf '{"email":"no","EmailAddress":"c7@x.example"}' >ses.json
for file in street.csv street2.csv ours.csv named.json null.json; do
	want_ok pmta-suppress import $file
done
want_ok pmta-suppress import ses.json --profile ses
listed
want_eq "$got" "$(for i in 1 2 3 4 5 6 7; do printf 'c%s@x.example ' $i; done)" \
	"the column of addresses"
want_ok pmta-suppress show c6@x.example
want_line out "reason      left"
# Or it is said which one it is.
cat >two.csv <<'END'
email,Backup Mail,reason
main1@x.example,d1@x.example,left
main2@x.example,d2@x.example,left
END
want_ok pmta-suppress import two.csv --column backup-mail --dry-run --json
want_line out '"would_import":2'
rm -rf state
want_ok pmta-suppress import two.csv --column 'Backup mail'
listed
want_eq "$got" "d1@x.example d2@x.example " "by its name"
want_line out '"reason":"left"'
rm -rf state
want_ok pmta-suppress import two.csv --column 2
sed 1d two.csv | sed 's/d\([12]\)@/d3\1@/' >bare.csv
want_ok pmta-suppress import bare.csv --column 2
listed
want_eq "$got" "d1@x.example d2@x.example d31@x.example d32@x.example " \
	"by its number, with a header and without"
for column in 9 0 none; do
	want_exit 65 pmta-suppress import two.csv --column $column
	want_line err "two.csv:1: no column is called '$column': the line begins 'email'"
done
echo '{"email":"main@x.example","backup":"d4@x.example"}' >two.json
want_ok pmta-suppress import two.json --column Backup
want_exit 0 pmta-suppress check d4@x.example
want_exit 1 pmta-suppress check main@x.example
want_exit 65 pmta-suppress import two.json --column none
# An export of ours comes in again.
want_ok pmta-suppress import street.csv
want_ok pmta-suppress export
mv out ours.csv
rm -rf state
want_ok pmta-suppress import ours.csv
want_line out "6 imported"
# A broken address names no domain, whatever is left of it; @domain alone does.
cat >broken <<'END'
ada;@whole.example
"Ada <@whole.example>"
mailto:@whole.example
<@whole.example>
rfc822;@whole.example
(Ada) @whole.example
@@whole.example
@ whole.example
END
{ echo email; cat broken; } >broken.csv
sed 's/"//g; s/.*/{"address":"&"}/' broken >broken.json
for how in broken.csv broken.json "broken --profile interspire"; do
	# shellcheck disable=SC2086 # options are words
	want_exit 65 pmta-suppress import --reason r $how
	want_line err "8 of 8 lines are bad"
done
want_exit 65 pmta-suppress import --reason r broken.csv
want_line err "broken.csv:2: address 'ada;@whole.example': nothing before or behind an @"
printf 'email\n" @good.example "\n' >good.csv
want_ok pmta-suppress import --reason r good.csv
want_exit 0 pmta-suppress check any@good.example
want_exit 1 pmta-suppress check any@whole.example

# An entry of JSON may have 64 KiB, wherever in the file it stands.
for before in 0 30000 65000; do
	for size in 65535 65536 65537 70000; do
		{
			printf '[%*s{"email":"n@x.example","x":"' "$before" ""
			head -c $((size - 30)) /dev/zero | tr '\0' x
			printf '"},{"email":"n2@x.example"}]'
		} >long.json
		want=0
		[ "$size" -le 65536 ] || want=65
		want_exit "$want" pmta-suppress import long.json --reason r --dry-run
	done
done
want_line err "line 1: an entry is longer than 64 KiB"

# Quotes may hold what looks like a name and an address: our own export has it.
rm -rf state quoted
want_ok pmta-suppress add '"<a>"@x.example' '"b <c@x.example>"@x.example' --reason r
for how in generic lines; do
	rm -rf quoted
	want_ok pmta-suppress export --profile $how
	mv out back
	want_ok pmta-suppress --state quoted import back
	want_line out "2 lines: 2 imported"
	want_exit 0 pmta-suppress --state quoted check '"<a>"@x.example'
	want_exit 0 pmta-suppress --state quoted check '"b <c@x.example>"@x.example'
	want_exit 1 pmta-suppress --state quoted check c@x.example
	want_exit 0 pmta-suppress scrub back
	want_line err "0 kept, 2 suppressed"
done

# An apostrophe of the address's own comes back, whoever's layout it is.
rm -rf state
want_ok pmta-suppress add "'+own@x.example" "''=own@x.example" "+put@x.example" \
	"'@x.example" --reason r
pmta-suppress list --json | sed 's/.*"address":"\([^"]*\)".*/\1/' | sort >want
for how in generic listmonk lines "cloudflare --json" "sendgrid --json"; do
	rm -rf marked
	# shellcheck disable=SC2086 # options are words
	want_ok pmta-suppress export --profile $how
	mv out back
	want_ok pmta-suppress --state marked import --reason r back \
		--profile "${how%% *}"
	want_line out "4 imported"
	pmta-suppress --state marked list --json |
		sed 's/.*"address":"\([^"]*\)".*/\1/' | sort >got
	want_same want got "$how"
done
printf "email\n'@whole.example\n" >mark.csv
want_exit 65 pmta-suppress import mark.csv
want_line err "address '@whole.example': a ' stands before it"
