# What the breakers of complaints and of reports hold is shown, discarded and
# released as a storm's is, and each step is taken back.
. "$SRC/tests/cli/lib.sh"

printf '[storm]\ncomplaint-floor = 10\nreport-floor = 10\n' >pmta-suppress.conf
lives() {
	pmta-suppress dump | grep -v '^change' |
		awk -F '\t' '$1 != "entry" || $5 < 2'
}
listed() {
	pmta-suppress list | awk 'NR > 1' | wc -l | tr -d ' '
}
last() {
	pmta-suppress undo --list | awk 'NR == 2 { print $1 }'
}
awk 'BEGIN {
	print "type,timeLogged,rcpt,feedbackType"
	for (i = 1; i <= 30; i++)
		printf "f,2026-11-18 12:%02d:%02d+0000,c%d@c.example,abuse\n",
			i / 60, i % 60, i
}' >complaints.csv
awk 'BEGIN {
	print "type,timeLogged,orig,orcpt,rcpt,dsnStatus,dsnDiag,dsnMta"
	for (i = 1; i <= 30; i++)
		printf "rb,2026-11-18 12:%02d:%02d+0000,n@s.example,r%d@r%d.example," \
			"bounce@s.example,5.1.1,smtp;550 5.1.1 no such user," \
			"mx.r%d.example (192.0.2.9)\n", i / 60, i % 60, i, i, i
}' >reports.csv

# breaker NAME ADDRESS CLASS: 10 pass, 20 are held
breaker() {
	rm -rf state
	want_ok pmta-suppress ingest "$1.csv"
	want_eq "$(listed)" 10 "$1: what passed"
	want_ok pmta-suppress incident list --json
	want_line out "\"kind\":\"$1\",\"state\":\"open\""
	want_line out '"held":20,"held_in_all":20'
	want_ok pmta-suppress incident show 1
	want_line out "incident 1: $1, open"
	want_line out "held        20 addresses now, 20 in all"
	want_exit 1 pmta-suppress check "$2"
	want_line out "held in incident 1"
	lives >held
	want_ok pmta-suppress incident discard 1 --reason forged --dry-run
	want_line out "would be discarded: 20 addresses"
	want_ok pmta-suppress incident discard 1 --reason forged
	want_eq "$(listed)" 10 "$1: discarded"
	want_exit 1 pmta-suppress incident list
	cp "$1.csv" again.csv
	want_ok pmta-suppress ingest again.csv
	want_eq "$(listed)" 10 "$1: a replay after the discard"
	want_ok pmta-suppress undo 1
	lives >now
	want_same held now "$1: the discard undone"
	want_ok pmta-suppress incident release 1 --reason genuine
	want_line out "released: 20 addresses of incident 1; 20 entries follow"
	want_eq "$(listed)" 30 "$1: released"
	want_ok pmta-suppress check "$2"
	lives >released
	want_ok pmta-suppress undo "$(last)"
	lives >now
	want_same held now "$1: the release undone"
	want_ok pmta-suppress undo "$(last)"
	lives >now
	want_same released now "$1: the undo undone"

	# What was released is an entry like others to a bulk.
	want_ok pmta-suppress remove --class "$3" --domain "${2#*@}" \
		--since 2026-11-18 --until 2026-11-19 --consent "by letter" \
		--reason forged --dry-run
	want_line out "would remove $4 entries"
	want_ok pmta-suppress remove --class "$3" --like "${2%%[0-9]*}2*" \
		--consent "by letter" --reason forged
	want_line out "lifted: 11 entries"
	want_eq "$(listed)" 19 "$1: a bulk"
	want_ok pmta-suppress undo "$(last)"
	want_eq "$(listed)" 30 "$1: a bulk undone"
}
breaker complaints c25@c.example fbl 30
# One receiver's would be a storm.
breaker reports r25@r25.example gone.mailbox 1
