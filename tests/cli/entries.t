# From evidence to entries and back: what lasts how long, who outranks whom,
# what may stand beside what, and who may lift a complaint.
. "$SRC/tests/cli/lib.sh"

cat >pmta-suppress.conf <<'END'
[policy]
full-mailbox-messages = 1
full-mailbox-span = 0
full-mailbox-expiry = 10d
END
ago() { # ago DAYS: a time so long ago, as PowerMTA writes it
	date -u -d "@$(($(date +%s) - $1 * 86400))" "+%Y-%m-%d %H:%M:%S+0000"
}
full() {
	row t "$(ago "$1")" "$2" "4.2.2 (mailbox full)" \
		"smtp;452 4.2.2 Mailbox full" "mx.b.example (192.0.2.9)"
}
gone() {
	row b "$(ago "$1")" "$2" "5.1.1 (bad mailbox)" \
		"smtp;550 5.1.1 User unknown" "mx.b.example (192.0.2.9)"
}
weak() {
	row b "$(ago "$1")" "$2" "5.0.0 (undefined)" \
		"smtp;550 mailbox unavailable" "mx.b.example (192.0.2.9)"
}
span() { # days between since and until of an address's full.mailbox entry
	pmta-suppress list --all --json --class full "$1" >one
	since=$(sed 's/.*"since":"\([^"]*\).*/\1/' one)
	until=$(sed 's/.*"until":"\([^"]*\).*/\1/' one)
	echo $((($(date -d "$until" +%s) - $(date -d "$since" +%s)) / 86400))
}

# Each time it comes again it lasts twice as long; while it lasts nothing is
# added up.
{
	acct_header
	full 100 a@b.example
} >1.csv
{
	acct_header
	full 95 a@b.example
	full 80 a@b.example
} >2.csv
{
	acct_header
	full 39 a@b.example
} >3.csv
want_ok pmta-suppress ingest 1.csv
want_eq "$(span a@b.example)" 10 "the first time"
want_exit 1 pmta-suppress check a@b.example
want_ok pmta-suppress expire --dry-run
want_eq "$(cat out)" "would end: 1 entries" "what ran out"
want_ok pmta-suppress list --all
want_line out "ended"
want_ok pmta-suppress ingest 2.csv
want_eq "$(span a@b.example)" 20 "the second time"
want_ok pmta-suppress ingest 3.csv
want_eq "$(span a@b.example)" 40 "the third time"
want_ok pmta-suppress check a@b.example

# expire --dry-run counts and changes nothing; expire tells it as changes.
{
	acct_header
	full 20 run@b.example
} >4.csv
want_ok pmta-suppress export --since-cursor c --output c.csv
want_ok pmta-suppress ingest 4.csv
pmta-suppress dump >before
want_ok pmta-suppress expire --dry-run --json
want_eq "$(cat out)" '{"dry_run":true,"ended":1}' "dry run"
pmta-suppress dump >after
want_same before after "a dry run changes nothing"
want_ok pmta-suppress expire
want_ok pmta-suppress expire --dry-run --json
want_eq "$(cat out)" '{"dry_run":true,"ended":0}' "all are told"
want_ok pmta-suppress show run@b.example
want_line out " remove full.mailbox, global, by policy: ran out"

# Evidence of distinct days; one message on one day is one, by whatever road.
{
	acct_header
	weak 9 w@b.example
	weak 9 w@b.example
} >5.csv
want_ok pmta-suppress ingest 5.csv
want_exit 1 pmta-suppress check w@b.example
{
	acct_header
	weak 8 w@b.example
} >6.csv
want_ok pmta-suppress ingest 6.csv
want_ok pmta-suppress check w@b.example

# A delivery clears what is soft and older, never a complaint or a hard one.
{
	acct_header
	gone 9 hard@b.example
	row d "$(ago 2)" hard@b.example "" "smtp;250 ok" "mx.b.example (192.0.2.9)"
	row d "$(ago 2)" w@b.example "" "smtp;250 ok" "mx.b.example (192.0.2.9)"
} >7.csv
want_ok pmta-suppress add fbl@b.example --class fbl.abuse --reason r
want_ok pmta-suppress ingest 7.csv
want_ok pmta-suppress check hard@b.example
want_exit 1 pmta-suppress check w@b.example
want_ok pmta-suppress check fbl@b.example

# Several entries stand side by side; the strongest answers, and to lift a
# weaker one lifts no other.
who=many@b.example
for class in full.mailbox gone.mailbox fbl.optout fbl.abuse manual; do
	want_ok pmta-suppress add $who --class $class --reason r
	want_ok pmta-suppress check $who
	want_line out "$who: suppressed: $class since"
done
want_ok pmta-suppress add $who --class manual --scope stream:news --reason r
want_eq "$(pmta-suppress list --json $who | wc -l)" 6 "entries side by side"
want_ok pmta-suppress remove $who --class full.mailbox --reason emptied
want_line out "still suppressed: manual"
want_ok pmta-suppress remove $who --class manual --reason asked
want_ok pmta-suppress check $who
want_line out "suppressed: fbl.abuse since"

# A complaint is lifted with the recipient's consent alone.
want_exit 1 pmta-suppress remove $who --class fbl.abuse --reason "we want to"
want_line out "not lifted: fbl.abuse is a complaint; --consent TEXT"
want_ok pmta-suppress remove $who --reason "clean up"
want_line out "not lifted: fbl.abuse is a complaint"
want_ok pmta-suppress check $who
want_line out "suppressed: fbl.abuse since"
want_ok pmta-suppress remove $who --consent "wrote on Monday"
want_exit 1 pmta-suppress check $who
want_ok pmta-suppress show $who
want_line out ": wrote on Monday"
# What is of one stream holds in that one.
want_ok pmta-suppress check --stream news $who
want_exit 1 pmta-suppress check --stream other $who
want_ok pmta-suppress remove $who --scope stream:news --reason r
want_exit 1 pmta-suppress check --stream news $who

# A delivery into a domain clears what is known of the domain; who is listed on
# his own stays so until one to him.
dead() {
	row b "$(ago "$1")" "$2" \
		"5.1.2 (bad destination system: no such domain)" "" ""
}
taken() {
	row d "$(ago "$1")" "$2" "2.0.0 (success)" "smtp;250 2.0.0 OK" \
		"mx.b.example (192.0.2.9)"
}
{
	acct_header
	dead 14 a@dead.example
	dead 10 b@dead.example
	dead 6 b@dead.example
} >dead.csv
{
	acct_header
	taken 3 c@dead.example
} >other.csv
{
	acct_header
	taken 2 a@dead.example
} >own.csv
want_ok pmta-suppress ingest dead.csv
want_ok pmta-suppress check @dead.example
want_ok pmta-suppress ingest other.csv
want_exit 1 pmta-suppress check @dead.example
want_ok pmta-suppress check a@dead.example
want_ok pmta-suppress ingest own.csv
want_exit 1 pmta-suppress check a@dead.example
want_ok pmta-suppress check b@dead.example
