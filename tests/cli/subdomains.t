# Entries of domains: a domain is itself alone, and what is below it only when
# the entry says so.
. "$SRC/tests/cli/lib.sh"

want_ok pmta-suppress add @alone.example --reason r
want_ok pmta-suppress add @wide.example --reason "closed" --subdomains
want_line out "@wide.example: listed: manual since "
want_line out " and its sub-domains"
want_ok pmta-suppress check a@alone.example a@wide.example
want_exit 1 pmta-suppress check a@x.alone.example @x.alone.example
want_ok pmta-suppress check a@x.wide.example
want_line out "a@x.wide.example: suppressed: manual since "
want_line out ", global, @wide.example and its sub-domains"
want_ok pmta-suppress check a@z.y.x.wide.example
want_ok pmta-suppress check @x.wide.example
want_exit 1 pmta-suppress check a@notwide.example a@wide.example.net
want_ok pmta-suppress check --json a@x.wide.example
want_line out '"entry":"@wide.example","class":"manual"'
want_line out '"subdomains":true'

# The stronger answers, and of two as strong the nearer.
want_ok pmta-suppress add a@x.wide.example --class full.mailbox --reason soft
want_ok pmta-suppress check a@x.wide.example
want_line out "manual since"
want_ok pmta-suppress add @y.x.wide.example --reason near --subdomains
want_ok pmta-suppress check a@z.y.x.wide.example
want_line out "@y.x.wide.example and its sub-domains"

# For one stream only.
want_ok pmta-suppress add @s.example --reason r --subdomains \
	--scope stream:news
want_exit 1 pmta-suppress check a@b.s.example
want_ok pmta-suppress check --stream news a@b.s.example

# Everything that shows it says so.
want_ok pmta-suppress list
want_line out "@wide.example +subdomains "
want_line out "@alone.example "
want_no_line out "@alone.example +"
want_ok pmta-suppress list --json '@wide*'
want_line out '"subdomains":true'
want_ok pmta-suppress show @wide.example
want_line out "sub-domains listed with it"
want_ok pmta-suppress show b@x.wide.example
want_line out "b@x.wide.example: suppressed: manual since "
want_line out "address     @wide.example"
want_no_line out "@alone.example"
want_ok pmta-suppress export --raw
want_line out ",change,subdomains"
want_eq "$(tr -d '\r' <out | grep -c '^@wide.example,.*,yes$')" 1 "export"
want_eq "$(tr -d '\r' <out | grep -c '^@alone.example,.*,$')" 1 "export"

# What was exported is taken back as it was.
cp out list.csv
want_ok pmta-suppress export --json
cp out list.json
pmta-suppress list | awk 'NR > 1 { print $1, $2 }' | sort >had
mv state old
for file in list.json list.csv; do
	rm -rf state
	want_exit 0 pmta-suppress import $file
	pmta-suppress list | awk 'NR > 1 { print $1, $2 }' | sort >have
	want_same had have "an export taken in again: $file"
	want_ok pmta-suppress check a@x.wide.example
done
# What an import adds is exported by a cursor as it is.
want_ok pmta-suppress export --since-cursor i --output i.csv
printf 'address,subdomains\n@in.example,yes\n@one.example,\n' >more.csv
want_ok pmta-suppress import more.csv --reason asked
want_ok pmta-suppress export --since-cursor i --output i.csv
want_eq "$(tr -d '\r' <i.csv | grep -c '^add,@in.example,.*,yes$')" 1 "its delta"
want_eq "$(tr -d '\r' <i.csv | grep -c '^add,@one.example,.*,$')" 1 "its delta"
rm -r state
mv old state

# A second time keeps it; to widen and to narrow are changes that are told.
want_ok pmta-suppress export --since-cursor c --output c.csv
want_ok pmta-suppress add @wide.example --reason again
want_ok pmta-suppress check a@q.wide.example
want_ok pmta-suppress add @alone.example --reason wide --subdomains
want_ok pmta-suppress check a@x.alone.example
want_ok pmta-suppress export --since-cursor c --output c.csv
want_line c.csv "change,@alone.example,"
want_line c.csv "change,@wide.example,global,manual,again,"

want_ok pmta-suppress remove @wide.example --reason open
want_line out "@wide.example: lifted: manual, global, with its sub-domains"
want_exit 1 pmta-suppress check a@q.wide.example
bulk=$(pmta-suppress undo --list | awk 'NR == 2 { print $1 }')
want_ok pmta-suppress undo "$bulk"
want_ok pmta-suppress check a@q.wide.example
# Held, it suppresses nobody below either.
want_ok pmta-suppress hold '@wide.example' --reason look
want_exit 1 pmta-suppress check a@q.wide.example

want_exit 64 pmta-suppress add ada@b.example --subdomains --reason r
want_line err "add: --subdomains: 'ada@b.example' is no domain; write @domain"
printf 'email,subdomains\nada@b.example,yes\n@c.example,maybe\n' >bad.csv
want_exit 65 pmta-suppress import bad.csv
want_line err "is no domain; write @domain"
want_line err "write yes or no"

# scrub answers as check does.
printf '%s\n' a@q.wide.example a@wide.example a@x.alone.example \
	a@alone.example a@b.s.example >mailing.txt
want_exit 0 pmta-suppress scrub mailing.txt
want_eq "$(cat out)" "a@q.wide.example
a@wide.example
a@b.s.example" "what may be mailed"
want_exit 0 pmta-suppress scrub --stream news --low-memory mailing.txt
want_eq "$(cat out)" "a@q.wide.example
a@wide.example" "what the stream may mail"

# A domain that holds for itself alone does not touch what is below it.
want_ok pmta-suppress add @small.example --reason r
printf '%s\n' a@x.small.example a@small.example >mailing.txt
want_exit 0 pmta-suppress scrub mailing.txt
want_eq "$(cat out)" a@x.small.example "below a domain that stands alone"

# show tells of the domains above an address, and of no others.
want_exit 1 pmta-suppress show nobody@none.test
want_ok pmta-suppress show x@b.wide.example
want_eq "$(grep -c '@wide.example' out)" "$(grep -c '@wide.example: \|address *@wide.example' out)" "named once"
want_no_line out "@small.example"

# scrub --why names the entry that decided.
printf '%s\n' a@n.wide.example a@b.c.wide.example >mailing.txt
want_ok pmta-suppress list --all '@wide.example'
for low in "" --low-memory; do
	rm -f dropped
	want_exit 0 pmta-suppress scrub mailing.txt --drop dropped --why $low
	want_eq "$(grep -c ',@n.wide\|,@b.c' dropped)" 0 "no entry of that name"
done
