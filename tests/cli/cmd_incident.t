# incident: a storm over people who took mail the weeks before is held, shown,
# discarded and released; every step is taken back by undo, and no replay
# changes any of it.
. "$SRC/tests/cli/lib.sh"

DATE=2026-11
GONE="5.1.1 (bad destination mailbox address)"
NOSUCH="smtp;550-5.1.1 The email account that you tried to reach does not exist. \
Learn more at https://support.google.com/mail/?p=NoSuchUser q5 - gsmtp"
OK="2.0.0 (success)"

# many TYPE DAY FIRST LAST STATUS DIAG [DOMAIN HOST]: a row a second from 10:00
many() {
	awk -v type="$1" -v day="$2" -v from="$3" -v to="$4" -v status="$5" \
		-v diag="$6" -v domain="${7:-gmail.com}" \
		-v host="${8:-gmail-smtp-in.l.google.com}" 'BEGIN {
		action = type == "d" ? "relayed" : "failed"
		for (i = from; i <= to; i++) {
			t = sprintf("%s 10:%02d:%02d+0000", day, i / 60, i % 60)
			printf "%s,%s,%s,n@s.example,u%d@%s,,", type, t, t, i, domain
			printf "%s,%s,\"%s\",%s ", action, status, diag, host
			printf "(192.0.2.25),,smtp,,smtp,198.51.100.1%d,", i % 2
			printf "192.0.2.25,,,vmta%d,job1,,q,pool1\n", i % 2
		}
	}'
}
{
	acct_header
	for day in 03 05 09 12; do
		many d $DATE-$day 1 300 "$OK" "smtp;250 2.0.0 OK"
		many d $DATE-$day 1 300 "$OK" "smtp;250 2.0.0 OK" \
			hotmail.example hotmail.mail.protection.outlook.com
	done
} >before.csv
{
	acct_header
	many b $DATE-17 1 200 "$GONE" "$NOSUCH"
	many d $DATE-17 201 300 "$OK" "smtp;250 2.0.0 OK"
} >storm.csv
# What matters outward and inward, but for the log of changes; lifted entries
# that an undo leaves behind answer nothing.
state() {
	pmta-suppress dump | grep -v '^change'
}
lives() {
	state | awk -F '\t' '$1 != "entry" || $5 < 2'
}
listed() {
	pmta-suppress list | awk 'NR > 1' | wc -l
}

want_ok pmta-suppress ingest before.csv
want_exit 1 pmta-suppress incident list
want_exit 1 pmta-suppress incident list --all
want_ok pmta-suppress status
want_line out "incidents  none is open"

want_exit 0 pmta-suppress ingest storm.csv
want_ok pmta-suppress incident list
grep -q "^1  *open  *200  *storm  *google  *gone.mailbox  *$DATE-17T10:0" out ||
	{ cat out; fail "the list"; }
want_ok pmta-suppress incident list --json
want_line out '"incident":1,"kind":"storm","state":"open","open":true,"provider":"google","class":"gone.mailbox","held":200,"held_in_all":200'
want_ok pmta-suppress status
want_line out "incidents  1 open, 200 addresses HELD"
want_line out "incident   1 (open): storm, google, gone.mailbox, since $DATE-17T10:0"
want_ok pmta-suppress status --json
want_line out '"held_addresses":200'
want_exit 1 pmta-suppress check u7@gmail.com
want_line out "u7@gmail.com: not suppressed: held in incident 1"
want_exit 1 pmta-suppress check u7@gmail.com --json
want_line out '"suppressed":false,"entry":null,'
want_line out '"held_in_incident":1,'
want_exit 1 pmta-suppress check u250@gmail.com
want_eq "$(cat out)" "u250@gmail.com: not suppressed" "who is not touched"
want_ok pmta-suppress show u7@gmail.com
want_line out "gone.mailbox, strong: held in incident 1"
want_line out "incident    1"

# The page: everything that a person needs, at 80 columns.
COLUMNS=80 want_ok pmta-suppress incident show 1
for line in "incident 1: storm, open" "provider    google" \
	"class       gone.mailbox: the mailbox does not exist" \
	"line        a run of failures of recipients that took mail lately" \
	"first       $DATE-17T10:00:00Z" "peak        $DATE-17T10:00:00Z, 200 in ten" \
	"last        $DATE-17T10:03:20Z" \
	"touched     200 recipients, 200 of them took mail lately" \
	"attempts    300 from $DATE-16T10:00:00Z to $DATE-17T10:10:00Z" \
	"held        200 addresses now, 200 in all" \
	" vmta0, 198.51.100.10: 100 times" \
	" vmta1, 198.51.100.11: 100 times" \
	"reply       200 times: 550 5.1.1, gone.mailbox, google.no-such-user" \
	"  e.g.      smtp;550-5.1.1 The email account" \
	"  advice    The Google account does not exist." \
	"pmta-suppress incident release 1 --reason TEXT" \
	"pmta-suppress incident discard 1 --reason TEXT"; do
	want_line out "$line"
done
awk 'length > 80 { print; bad = 1 } END { exit bad }' out || fail "too wide"
want_ok pmta-suppress incident show 1 --json
for key in '"recipients":200,"took_mail_lately":200,"came":null,"passed":null,"attempts":300,"bulk":null' \
	'{"count":100,"vmta":"vmta0","ip":"198.51.100.10"}' \
	'"rule":"google.no-such-user","blocklist":null' '"notes":[]'; do
	want_line out "$key"
done

# A dry run changes nothing.
state >held
lives >held.lives
want_ok pmta-suppress incident discard 1 --reason outage --dry-run
want_line out "would be discarded: 200 addresses of incident 1"
want_ok pmta-suppress incident release 1 --reason gone --dry-run --json
want_line out '"dry_run":true,"addresses":200,"entries":200,"bulk":null'
state >now
want_same held now "a dry run"

# Whom a person lifts by name is not listed by a release, also without an entry.
cp -R state state.was
want_exit 1 pmta-suppress remove u150@gmail.com --class full --reason asked
want_line out "u150@gmail.com: nothing lifted: it is not listed so"
want_exit 1 pmta-suppress remove u150@gmail.com --stream news --reason asked
want_ok pmta-suppress remove u150@gmail.com --class gone --reason asked
want_eq "$(cat out)" "u150@gmail.com: lifted: gone.mailbox, global, held in \
incident 1 (bulk 1)" "whom an incident holds"
want_exit 1 pmta-suppress remove u150@gmail.com --reason asked
want_line out "u150@gmail.com: nothing lifted: it is not listed so"
want_ok pmta-suppress remove u151@gmail.com --reason asked --json
want_line out '"lifted":"gone.mailbox","scope":"global","subdomains":false,"held_in_incident":1,'
want_exit 1 pmta-suppress check u150@gmail.com
want_eq "$(cat out)" "u150@gmail.com: not suppressed" "nothing is held"
want_ok pmta-suppress show u150@gmail.com
want_line out ": void: it was lifted"
want_ok pmta-suppress incident release 1 --reason gone --dry-run
want_line out "would be released: 198 addresses of incident 1; 198 entries follow"
for bulk in 2 1; do
	want_ok pmta-suppress undo $bulk
	want_line out "undone: 0 changes"
	want_line out "1 pieces of evidence are as they were"
done
state >now
want_same held now "undo of what was lifted by name"
rm -rf state
mv state.was state

# Discard; the same rows again; undo; undo of that.
want_ok pmta-suppress incident discard 1 --reason "Google was down"
want_line out "discarded: 200 addresses of incident 1"
want_line out "bulk 1; to take it back: pmta-suppress undo 1"
want_exit 1 pmta-suppress incident list
want_exit 1 pmta-suppress incident list --all
want_line out discarded
want_exit 1 pmta-suppress check u7@gmail.com
want_eq "$(cat out)" "u7@gmail.com: not suppressed" "a discarded one"
state >discarded
cp storm.csv again.csv
want_ok pmta-suppress ingest again.csv
pipe_rows storm.csv || fail "the pipe"
want_eq "$(listed)" 0 "nothing comes back"
# The pipe's figures of other rows are a road of their own.
grep -v '^counter' discarded >want
state | grep -v '^counter' >now
want_same want now "a replay after a discard"
COLUMNS=80 want_ok pmta-suppress incident show 1
want_line out "incident 1: storm, discarded"
want_line out "discarded (bulk 1): Google was down"
want_line out "pmta-suppress undo 1"
want_exit 1 pmta-suppress incident discard 1 --reason again
want_line out "nothing discarded: incident 1 holds nobody, and stays as it is"
want_exit 1 pmta-suppress incident release 1 --reason again --json
want_line out '"addresses":0,"entries":0,"bulk":null'
state >now
grep -v '^counter' now >now.rows
want_same want now.rows "a word on nobody"
want_eq "$(pmta-suppress undo --list | awk 'NR == 2 { print $1 }')" 1 "no bulk"
want_ok pmta-suppress undo 1
want_line out "the incident is as it was, with 200 pieces of evidence"
state >now
want_same held now "undo of the discard"
want_ok pmta-suppress incident list
bulk=$(pmta-suppress undo --list | awk 'NR == 2 { print $1 }')
want_ok pmta-suppress undo "$bulk" --json
want_line out '"evidence":200,"incidents":1'
state >now
want_same discarded now "undo of the undo"
bulk=$(pmta-suppress undo --list | awk 'NR == 2 { print $1 }')
want_ok pmta-suppress undo "$bulk"
state >now
want_same held now "held again"

# Release; undo; undo of that.
want_ok pmta-suppress incident release 1 --reason "they are gone"
want_line out "released: 200 addresses of incident 1; 200 entries follow"
want_eq "$(listed)" 200 "released"
want_exit 1 pmta-suppress incident discard 1 --reason oops
want_exit 0 pmta-suppress check u7@gmail.com
state >released
cp storm.csv thrice.csv
want_ok pmta-suppress ingest thrice.csv
state >now
want_same released now "a replay after the release"
bulk=$(pmta-suppress undo --list | awk 'NR == 2 { print $1 }')
release=$bulk
want_ok pmta-suppress undo "$bulk"
want_eq "$(listed)" 0 "release undone"
want_ok pmta-suppress incident list
want_line out "1   open   200   storm"
lives >now
want_same held.lives now "undo of the release"
bulk=$(pmta-suppress undo --list | awk 'NR == 2 { print $1 }')
want_ok pmta-suppress undo "$bulk"
want_eq "$(listed)" 200 "undo of the undo"
state >now
want_same released now "undo of the undo"
want_exit 1 pmta-suppress undo "$release"
want_line out "undone: 0 changes"
state >now
want_same released now "undo of what has been settled anew"

# A note, by whom.
want_ok pmta-suppress incident note 1 "asked postmaster"
want_ok pmta-suppress incident show 1
grep -q "^note  *20.* user:.*: asked postmaster" out || fail "the note"

# A fault of our own: nobody is held; the counters tell, and the blocklist.
{
	acct_header
	many b $DATE-18 1 200 "5.7.1 (delivery not authorized)" \
		"smtp;550 5.7.1 Service unavailable, Client host [198.51.100.10] blocked using Spamhaus. To request removal from this list see https://www.spamhaus.org/query/ip/198.51.100.10 (AS3130)" \
		hotmail.example hotmail.mail.protection.outlook.com
} >block.csv
want_ok pmta-suppress ingest block.csv
want_ok pmta-suppress incident list
want_line out our-fault
COLUMNS=80 want_ok pmta-suppress incident show 2
want_line out "incident 2: our-fault, open"
want_line out "provider    microsoft"
want_line out "touched     200 recipients, 200 of them took mail lately"
want_line out "held        nobody: it suppresses nobody"
want_line out " vmta0, 198.51.100.10: 100 times"
want_line out "  blocklist Spamhaus"
want_line out "reply       100 times: 550 5.7.1, block.ip, spamhaus.zen"
want_line out "Mend the cause"
want_eq "$(listed)" 200 "nobody more is listed"

# Over: a day later, and nothing is held.
{
	acct_header
	many d $DATE-20 1 2 "$OK" "smtp;250 2.0.0 OK"
} >later.csv
want_ok pmta-suppress ingest later.csv
want_exit 1 pmta-suppress incident list
want_ok pmta-suppress status
want_line out "incidents  none is open"

want_exit 64 pmta-suppress incident
want_line err "incident: no verb given; say list, show N,"
want_exit 64 pmta-suppress incident frob
want_line err "incident: no verb is called 'frob'; say list, show N,"
want_exit 64 pmta-suppress incident show
want_exit 64 pmta-suppress incident show one
want_exit 64 pmta-suppress incident release 1
want_line err "give --reason"
want_exit 64 pmta-suppress incident list --reason r
want_line err "incident: list does not take --reason; see"
want_exit 64 pmta-suppress incident note 1
want_exit 65 pmta-suppress incident show 99
want_line err "there is no incident 99"
want_exit 65 pmta-suppress incident discard 99 --reason r
want_exit 65 pmta-suppress incident note 99 hello
want_exit 64 pmta-suppress incident note 1 ""
want_line err "incident: note takes a text of 1 to 1000 bytes; write it behind the number, in quotes"

# A release stands when the same storm is over the line once more the same day:
# nobody of whom it listed is withdrawn.
rm -rf state
printf '[storm]\nrecipients = 3\n' >pmta-suppress.conf
burst() { # burst HOUR FIRST LAST
	acct_header
	for i in $(seq "$2" "$3"); do
		row b "2026-11-10 $1:00:00+0000" "s$i@x.example" "5.1.1 (no)" \
			"smtp;550 5.1.1 no such user" "mx.x.example (192.0.2.8)"
	done
}
{
	acct_header
	for i in $(seq 12); do
		row d "2026-10-30 10:00:00+0000" "s$i@x.example" "2.0.0 (ok)" \
			"smtp;250 ok" "mx.x.example (192.0.2.8)"
	done
} >lived.csv
burst 10 1 6 >burst.csv
burst 13 7 12 >more.csv
want_ok pmta-suppress ingest lived.csv burst.csv
want_exit 1 pmta-suppress check s1@x.example
want_line out "held in incident 1"
want_ok pmta-suppress incident release 1 --reason "they are gone"
want_ok pmta-suppress ingest more.csv
for i in $(seq 12); do
	want_ok pmta-suppress check "s$i@x.example"
done
