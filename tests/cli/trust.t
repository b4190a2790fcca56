# What reports of strangers count for, by section trust.
. "$SRC/tests/cli/lib.sh"

NO="5.1.1 (bad destination mailbox address)"
HEAD=type,timeLogged,timeQueued,orig,rcpt,orcpt,dsnStatus,dsnDiag,dsnMta,\
bounceCat,dlvType,vmta,feedbackType

# rb TIME ADDRESS, d, f: rows under that header.
rb() {
	echo "rb,$1,,n@s.example,bounce@s.example,$2,$NO,smtp;550 5.1.1 no such" \
		"user,mx.b.example (192.0.2.9),bad-mailbox,,,"
}
d() {
	echo "d,$1,$1,n@s.example,$2,,2.0.0 (success),smtp;250 ok," \
		"mx.b.example (192.0.2.9),,smtp,vm1,"
}
f() {
	echo "f,$1,,,$2,,,,,,,,abuse"
}

{
	echo "$HEAD"
	d "2026-09-01 10:00:00+0000" known@b.example
	d "2026-09-15 10:00:00+0000" other@b.example
	rb "2026-09-16 10:00:00+0000" known@b.example
	rb "2026-09-16 10:00:01+0000" never@b.example
	f "2026-09-16 11:00:00+0000" other@b.example
	f "2026-09-16 11:00:00+0000" nobody@b.example
} >rows
{
	echo "$HEAD"
	# So much later that it is another message.
	rb "2026-09-26 10:00:00+0000" known@b.example
} >again

# listed STATE: who is, in one line.
listed() {
	pmta-suppress --state "$1" list --json | grep -o '[a-z]*@b\.example' |
		sort -u | tr '\n' ' '
}

# try NAME SETTINGS ROWS WANT
try() {
	printf '[trust]\n%s\n' "$2" >"$1.conf"
	for file in $3; do
		want_ok pmta-suppress --config "$PWD/$1.conf" --state "$1" \
			ingest "$file"
	done
	want_eq "$(listed "$1")" "$4" "$1: $2"
}

try any "bounces = any" rows \
	"known@b.example never@b.example nobody@b.example other@b.example "
try sent "" rows "never@b.example nobody@b.example other@b.example "
try twice "" "rows again" \
	"known@b.example never@b.example nobody@b.example other@b.example "
try signed "bounces = signed" "rows again" "nobody@b.example other@b.example "
try mailed "complaints = sent" rows "never@b.example other@b.example "
try proved "complaints = signed" rows "never@b.example "

# However many reports strangers write about somebody, what we saw ourselves on
# the same day counts as it does alone, before them or behind them.
b() {
	echo "b,$1,$1,n@s.example,$2,,$NO,smtp;550 5.1.1 no such user," \
		"mx.b.example (192.0.2.9),bad-mailbox,smtp,vm1,"
}
{
	echo "$HEAD"
	d "2026-09-01 10:00:00+0000" known@b.example
	d "2026-09-15 10:00:00+0000" other@b.example
} >before
{ echo "$HEAD"; b "2026-09-16 12:00:00+0000" known@b.example; } >ours
seq -f %03g 100 699 | sed 's/\(.\)\(.\)\(.\)/2026-09-16 10:\2\3:0\1+0000/' |
	grep -v ':[6-9].:' >stamps
for n in 63 64 65 300; do
	{
		echo "$HEAD"
		head -n "$n" stamps | while read -r time; do
			rb "$time" known@b.example
		done
	} >forged
	for order in "before forged ours" "before ours forged"; do
		# shellcheck disable=SC2086 # a word a file
		set -- $order
		rm -rf "crowd.$n"
		want_ok pmta-suppress --state "crowd.$n" ingest "$1"
		want_ok pmta-suppress --state "crowd.$n" ingest "$2"
		want_ok pmta-suppress --state "crowd.$n" ingest "$3"
		want_eq "$(listed "crowd.$n")" "known@b.example " \
			"$n reports: $order"
	done
done

# Nor do they hide an outage, in which who took mail lately fails at once: one
# report about each of them, that morning, is no failure of ours.
lives() { # FORGED
	awk -v forged="$1" 'BEGIN {
		mx = "gmail-smtp-in.l.google.com (192.0.2.25)"
		no = "5.1.1 (no),smtp;550 5.1.1 no such user," mx ",bad-mailbox"
		for (week = 0; week < 2; week++)
			for (i = 0; i < 120; i++) {
				t = sprintf("2026-09-%02d 10:00:%02d+0000",
					3 + 7 * week + i % 3, i / 3)
				printf "d,%s,%s,n@s.example,u%d@gmail.com,," \
					"2.0.0 (ok),smtp;250 ok,%s,,smtp,vm1,\n",
					t, t, i, mx
			}
		for (i = 0; i < 120 && forged; i++)
			printf "rb,2026-09-23 01:%02d:%02d+0000,,n@s.example," \
				"bounce@s.example,u%d@gmail.com,%s,,,\n",
				i / 60, i % 60, i, no
		for (i = 0; i < 120; i++) {
			t = sprintf("2026-09-23 12:%02d:%02d+0000", i / 20,
				i % 20 * 3)
			printf "b,%s,%s,n@s.example,u%d@gmail.com,,%s,smtp,vm1,\n",
				t, t, i, no
		}
	}'
}
for ask in sent signed; do
	printf '[trust]\nbounces = %s\n' "$ask" >outage.conf
	for forged in 0 1; do
		{ echo "$HEAD"; lives $forged; } >outage.csv
		rm -rf outage
		want_ok pmta-suppress --config outage.conf --state outage \
			ingest outage.csv
		want_eq "$(pmta-suppress --state outage list)" "" \
			"listed in an outage: $ask, $forged"
	done
done
