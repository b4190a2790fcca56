# remove and hold in bulk, undo, undo of the undo; and no replay brings back
# what was lifted.
. "$SRC/tests/cli/lib.sh"

GONE="5.1.1 (bad destination mailbox address)"
{
	acct_header
	for n in 1 2 3; do
		row b "2026-11-0$n 08:00:00+0000" "g$n@b.example" "$GONE" \
			"smtp;550 5.1.1 <g$n@b.example>: user unknown" \
			"aspmx.l.google.com (192.0.2.9)"
		row b "2026-11-0$n 09:00:00+0000" "o$n@c.example" "$GONE" \
			"smtp;550 5.1.1 <o$n@c.example>: user unknown" \
			"mx.c.example (192.0.2.8)"
	done
} >rows.csv
want_ok pmta-suppress ingest rows.csv
want_ok pmta-suppress add spam@b.example --reason r --class fbl.abuse

listed() {
	pmta-suppress list | awk 'NR > 1 { print $1 }' | tr '\n' ' '
}
ALL="g1@b.example g2@b.example g3@b.example o1@c.example o2@c.example \
o3@c.example spam@b.example "
want_eq "$(listed)" "$ALL" "at first"
pmta-suppress dump | grep -v ^change >before

# A dry run changes nothing.
want_ok pmta-suppress remove --provider google --dry-run --reason outage
want_line out "would remove 3 entries"
want_line out "gone.mailbox 3"
want_line out "e.g. g1@b.example"
want_eq "$(listed)" "$ALL" "after a dry run"

want_ok pmta-suppress remove --provider google --since 2026-11-02 --reason outage
want_line out "lifted: 2 entries (bulk 1)"
want_eq "$(listed)" "g1@b.example o1@c.example o2@c.example o3@c.example \
spam@b.example " "after the removal"
cp rows.csv again.csv
want_ok pmta-suppress ingest again.csv
pmta-suppress-pipe --log stderr <rows.csv 2>log || fail "exit $?"
want_eq "$(listed)" "g1@b.example o1@c.example o2@c.example o3@c.example \
spam@b.example " "a replay brings nothing back"

want_ok pmta-suppress undo 1
want_line out "undone: 2 changes of bulk 1 (bulk 2)"
want_eq "$(listed)" "$ALL" "after the undo"
pmta-suppress dump | grep -v ^change >after
want_same before after "the undo leaves it as it was"

want_ok pmta-suppress undo 2
want_eq "$(listed)" "g1@b.example o1@c.example o2@c.example o3@c.example \
spam@b.example " "after the undo of the undo"
want_ok pmta-suppress undo 3
want_eq "$(listed)" "$ALL" "and of that"
want_exit 1 pmta-suppress undo 2
want_line out "left, as something else has changed them since"

# A complaint is lifted with consent only, by name and in bulk.
want_ok pmta-suppress remove --domain b.example --reason clean --json
want_line out '"chosen":3,"changed":3,"complaints_left":1'
want_exit 1 pmta-suppress remove spam@b.example --reason clean
want_line out "is a complaint; --consent"
want_exit 0 pmta-suppress check spam@b.example
want_exit 0 pmta-suppress remove spam@b.example --consent "wrote to us"
want_exit 1 pmta-suppress check spam@b.example

# Held: known, told, and mail may go.
want_ok pmta-suppress export --since-cursor c --output c.csv
want_ok pmta-suppress hold 'o*@c.example' --class gone --reason "looks odd"
want_line out "held: 3 entries"
want_exit 1 pmta-suppress check o1@c.example
want_ok pmta-suppress list --all
want_eq "$(grep -c ' held ' out)" 3 "held entries"
want_ok pmta-suppress export --since-cursor c --output c.csv
want_line c.csv "hold,o1@c.example"
bulk=$(pmta-suppress undo --list | awk 'NR == 2 { print $1 }')
want_ok pmta-suppress undo "$bulk"
want_exit 0 pmta-suppress check o1@c.example

# An import is taken back as one.
printf 'email\nx1@i.example\nx2@i.example\n' >list.csv
want_ok pmta-suppress import list.csv --reason moved
want_exit 0 pmta-suppress check x1@i.example
bulk=$(pmta-suppress undo --list | awk 'NR == 2 { print $1 }')
want_ok pmta-suppress undo "$bulk" --json
want_line out '"undone":2,"left":0'
want_exit 1 pmta-suppress check x1@i.example x2@i.example
# The list of bulks is for programs, too: an object a line.
want_ok pmta-suppress undo --list --json
head -n 1 out >first
want_line first "{\"bulk\":$((bulk + 1)),\"at\":\"2"
want_line first ',"changes":2,"who":"'
want_line first ",\"what\":\"undo of bulk $bulk\"}"
want_eq "$(grep -c '^{"bulk":.*}$' out)" "$(pmta-suppress undo --list |
	awk 'END { print NR - 1 }')" "objects"

want_exit 64 pmta-suppress remove --reason all
want_exit 64 pmta-suppress remove a@b.example --since 1d --reason r
want_exit 64 pmta-suppress hold --reason all
want_exit 64 pmta-suppress undo
want_line err "undo: no bulk given; name one bulk by its number"
want_exit 64 pmta-suppress undo soon
want_line err "undo: 'soon' is no number of a bulk; 'undo --list' tells them"
want_exit 65 pmta-suppress undo 999
want_line err "there is no bulk 999"
# The number that the undo itself would get is no other's.
next=$(($(pmta-suppress undo --list | awk 'NR == 2 { print $1 }') + 1))
want_exit 65 pmta-suppress undo "$next"
want_line err "there is no bulk $next"
want_eq "$(pmta-suppress undo --list | awk 'NR == 2 { print $1 }')" \
	$((next - 1)) "last bulk after an undo of nothing"
# Patterns are of addresses, whose case does not count; one at a time.
want_ok pmta-suppress add case@i.example --reason r
want_ok pmta-suppress hold --dry-run --reason r 'CASE@I.example'
want_line out "case@i.example"
want_ok pmta-suppress list 'Case@*'
want_line out "case@i.example"
want_exit 64 pmta-suppress hold --dry-run --reason r --like 'case*' '*'
want_exit 64 pmta-suppress hold --dry-run --reason r a@x.example b@x.example
want_line err "hold: more than one pattern given; name one, quoted"
want_line err "more than one pattern"
want_exit 64 pmta-suppress list --like 'case*' '*'
want_exit 64 pmta-suppress remove case@i.example --dry-run --reason r
want_line err "--dry-run goes with"
# What changes only what is there makes no database in a mistyped folder.
for words in "remove a@b.example --reason r" "hold * --reason r" "undo 1" \
	"undo --list" "expire" "gc" "erase a@b.example" \
	"incident release 1 --reason r" "remove --domain b.example --dry-run --reason r"; do
	set -f
	# shellcheck disable=SC2086
	want_exit 66 pmta-suppress --state "$PWD/mistyped" $words
	set +f
	[ ! -e mistyped ] || fail "'$words' made a folder"
done
mkdir -m 750 mistyped
want_exit 66 pmta-suppress --state "$PWD/mistyped" erase a@b.example
want_line err "start pmta-suppress-pipe or name the folder with --state"
want_eq "$(ls mistyped)" "" "files in a mistyped folder"

# What a person says later of an entry is his: undoing what came before leaves it.
printf 'email\nphoned@e.example\n' >phoned.csv
want_ok pmta-suppress import phoned.csv --reason 'old list' --json
bulk=$(sed -n 's/.*"bulk":\([0-9]*\).*/\1/p' out)
want_ok pmta-suppress add --reason 'asked by phone' phoned@e.example
want_ok pmta-suppress changes --since 0
tail -n 1 out >last
want_line last change
want_line last 'asked by phone'
want_exit 1 pmta-suppress undo "$bulk"
want_line out "1 left, as something else has changed them since"
want_exit 0 pmta-suppress check phoned@e.example

# Who complained, or bounced, while an import had him listed is not forgotten
# with it.
printf 'email,class\n%s,fbl.abuse\n%s,gone.mailbox\n%s,fbl.abuse\n' \
	told@f.example dead@f.example quiet@f.example >esp.csv
want_ok pmta-suppress import esp.csv --reason 'from the old provider' --json
bulk=$(sed -n 's/.*"bulk":\([0-9]*\).*/\1/p' out)
{
	acct_header | sed 's/$/,feedbackType/'
	row f "2026-11-03 08:00:00+0000" told@f.example "" "" "" |
		sed 's/$/,abuse/'
	row b "2026-11-03 08:00:00+0000" dead@f.example "5.1.1 (no)" \
		"smtp;550 5.1.1 no such user" "mx.f.example (192.0.2.8)" |
		sed 's/$/,/'
} >told.csv
want_ok pmta-suppress ingest told.csv
want_ok pmta-suppress undo "$bulk"
want_line out "undone: 1 changes"
want_line out "2 left, as something else has changed them since"
want_exit 0 pmta-suppress check told@f.example dead@f.example
want_line out "told@f.example: suppressed: fbl.abuse since 2026-11-03"
want_line out "dead@f.example: suppressed: gone.mailbox since 2026-11-03"
want_exit 1 pmta-suppress check quiet@f.example
want_ok pmta-suppress undo "$((bulk + 1))"
want_ok pmta-suppress show told@f.example
want_line out "source      import"

# As many entries as are changed at once (2000 of a bulk, 200 of an undo), one
# less and more.
for n in 199 200 201 1999 2000 2001; do
	rm -rf state
	seq "$n" | sed 's/.*/u&@x.example,gone.mailbox/; 1i address,class' >many.csv
	want_ok pmta-suppress import many.csv --reason r
	want_ok pmta-suppress remove --class gone.mailbox --reason b
	want_eq "$(pmta-suppress list | grep -c @)" 0 "$n are lifted"
	want_ok pmta-suppress undo 2
	want_eq "$(pmta-suppress list | grep -c @)" "$n" "$n are back"
	want_ok pmta-suppress undo 3
	want_eq "$(pmta-suppress list | grep -c @)" 0 "$n are lifted again"
done
