# How far a report is believed does not depend on the order of rows: what is
# told of a recipient's deliveries later changes it.
. "$SRC/tests/cli/lib.sh"

NO="5.1.1 (bad destination mailbox address)"
HEAD=type,timeLogged,timeQueued,orig,rcpt,orcpt,dsnStatus,dsnDiag,dsnMta,\
bounceCat,dlvType,vmta,feedbackType

rb() { # TIME ADDRESS
	echo "$HEAD"
	echo "rb,$1,,n@s.example,bounce@s.example,$2,$NO,smtp;550 5.1.1 no such" \
		"user,mx.b.example (192.0.2.9),bad-mailbox,,,"
}
d() {
	echo "$HEAD"
	echo "d,$1,$1,n@s.example,$2,,2.0.0 (success),smtp;250 ok," \
		"mx.b.example (192.0.2.9),,smtp,vm1,"
}
f() {
	echo "$HEAD"
	echo "f,$1,,,$2,,,,,,,,abuse"
}
lives() { # STATE: what stands, and all evidence
	pmta-suppress --state "$1" dump | grep '^entry\|^evidence' |
		awk -F '\t' '$1 != "entry" || $5 < 2'
}

# Somebody who is known by what came weeks before, another of the same week,
# one of later weeks, and one of whom nothing is known.
d "2026-08-03 09:00:00+0000" known@b.example >d1
d "2026-09-16 08:00:00+0000" same@b.example >d2
d "2026-09-28 08:00:00+0000" later@b.example >d3
d "2026-09-15 08:00:00+0000" twice@b.example >d4
d "2026-06-01 08:00:00+0000" long@b.example >d5
rb "2026-09-16 10:00:00+0000" known@b.example >r1
rb "2026-09-16 10:00:00+0000" same@b.example >r2
rb "2026-09-16 10:00:00+0000" later@b.example >r3
rb "2026-09-16 10:00:00+0000" twice@b.example >r4
rb "2026-09-25 10:00:00+0000" twice@b.example >r5
rb "2026-09-16 10:00:00+0000" long@b.example >r6
rb "2026-09-16 10:00:00+0000" none@b.example >r7
f "2026-09-17 10:00:00+0000" same@b.example >f1
f "2026-09-17 10:00:00+0000" none@b.example >f2

# order NAME FILE...: read in that order
order() {
	name=$1
	shift
	mkdir "$name.in"
	# shellcheck disable=SC2046 # a word a file
	set -- $(n=10; for file; do
		n=$((n + 1))
		cp "$file" "$name.in/$n"
		echo "$name.in/$n"
	done)
	want_ok pmta-suppress --config "$PWD/conf" --state "$name" ingest "$@"
	lives "$name" >"$name.is"
	[ "$name" = "${first:=$name}" ] || want_same "$first.is" "$name.is" \
		"$first and $name"
}
for complaints in any sent; do
	printf '[trust]\ncomplaints = %s\n' $complaints >conf
	first=$complaints.d
	order $complaints.d d1 d2 d3 d4 d5 r1 r2 r3 r4 r5 r6 r7 f1 f2
	order $complaints.r r1 r2 r3 r4 r5 r6 r7 f1 f2 d1 d2 d3 d4 d5
	order $complaints.m f1 r2 d2 d4 r5 r4 r3 f2 d3 r7 r1 d1 r6 d5
	awk -F '\t' '$1 == "entry" { print $2, $4 }' $complaints.d.is |
		sort >listed
	{
		echo long@b.example 1
		echo none@b.example 1
		[ $complaints = sent ] || echo none@b.example 80
		echo same@b.example 80
		echo twice@b.example 1
	} >want
	want_same want listed "who is listed, complaints = $complaints"
	[ $complaints = any ] || continue
	order $complaints.b r7 r6 r5 r4 r3 r2 r1 d5 d4 d3 d2 d1 f2 f1
	order $complaints.twice r1 r2 r3 r4 r5 r6 r7 f1 f2 d1 d2 d3 d4 d5 \
		r1 f1 d2
done

# The first delivery makes the report weak, and quiet days after it clear it, as
# they do of somebody who was known.
: >conf
d "2026-08-03 09:00:00+0000" known@q.example >q1
{
	rb "2026-09-01 10:00:00+0000" known@q.example
	rb "2026-09-01 10:00:00+0000" new@q.example
	d "2026-09-03 10:00:00+0000" known@q.example
	d "2026-09-03 10:00:00+0000" new@q.example
	rb "2026-10-01 10:00:00+0000" known@q.example
	rb "2026-10-01 10:00:00+0000" new@q.example
} >q2
want_ok pmta-suppress --config conf --state quiet ingest q1 q2
want_exit 1 pmta-suppress --state quiet check known@q.example new@q.example

# So does a delivery that is told of when the report after it has come, and the
# first of several, whichever is told of first.
d "2026-08-03 09:00:00+0000" late@q.example >l1
rb "2026-09-01 10:00:00+0000" late@q.example >l2
d "2026-09-03 10:00:00+0000" late@q.example >l3
d "2026-09-25 10:00:00+0000" late@q.example >l4
rb "2026-10-01 10:00:00+0000" late@q.example >l5
first=
order late l1 l2 l3 l4 l5
want_exit 1 pmta-suppress --state late check late@q.example
order late.d l1 l2 l5 l3 l4
order late.r l5 l2 l4 l3 l1
order late.m l2 l4 l3 l5 l1
order late.one l1 l2 l5 l3
order late.all l5 l2 l1 l4 l3 l2 l5

# Who took mail on a Sunday has on Monday, in a database of one day as in one of
# weeks.
d "2026-09-20 08:00:00+0000" young@y.example >y1
rb "2026-09-21 10:00:00+0000" young@y.example >y2
f "2026-09-21 11:00:00+0000" young@y.example >y3
d "2026-08-24 08:00:00+0000" other@y.example >y4
printf '[trust]\ncomplaints = sent\n' >conf
first=
order young y1 y2 y3
order young.r y2 y3 y1
order young.old y1 y2 y3 y4
order old.young y4 y1 y2 y3
awk -F '\t' '$1 == "entry" { print $2, $4 }' young.is >listed
echo young@y.example 80 >want
want_same want listed "who is listed in a young database"
: >conf

# As many reports as are looked at once, each of a mail of its own, one less
# and more.
d "2026-09-22 08:00:00+0000" many@b.example >taken
for n in 63 64 65 130; do
	for i in $(seq "$n"); do
		rb "$(printf '2026-09-16 %02d:%02d:00+0000' \
			$((i / 60)) $((i % 60)))" many@b.example
	done | awk -v head="$HEAD,envId" 'NR == 1 { print head }
		/^rb/ { print $0 ",e" NR }' >reports
	first=
	order "many$n" d4 reports taken
	order "taken$n" d4 taken reports
	want_exit 1 pmta-suppress --state "many$n" check many@b.example
done
