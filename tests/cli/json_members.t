# JSON: objects of one kind have the same members, whatever they tell; where
# there is no value it is null. Each command is run where it knows little and
# where it knows much, and what its objects have then is told below.
. "$SRC/tests/cli/lib.sh"

# What goes by names that were counted.
MAPS="rows skipped verdicts decisions active_by_class rows_by_type classes \
providers causes"

# json KIND CODE COMMAND...: what objects it prints.
json() {
	kind=$1 want=$2
	shift 2
	want_exit "$want" pmta-suppress "$@" --json
	[ "$kind" != scrub ] || mv err out
	[ -s out ] || fail "$kind: prints nothing"
	# shellcheck disable=SC2086 # words
	json_members "$kind" $MAPS <out >>members || fail "$kind: no JSON"
	while [ "${1#-}" != "$1" ]; do
		shift 2
	done
	echo "$1" >>told
}
# Rows that lack what others have.
lean() {
	echo type,timeLogged,rcpt,dsnDiag,dsnStatus,bounceCat,feedbackType
	echo "b,2026-11-18 08:00:00+0000,lean@b.example,smtp;the wug is blicked,,x,"
	echo "b,2026-11-18 08:00:01+0000,mute@b.example,,5.1.1,x,"
	echo "b,2026-11-18 08:00:02+0000,dumb@b.example,,,bad-mailbox,"
	echo "f,2026-11-18 08:00:03+0000,fred@b.example,,,,abuse"
	echo "f,2026-11-18 08:00:03+0000,,,,,abuse"
	echo "d,2026-11-18 08:00:04+0000,dora@b.example,,,,"
}
full() {
	acct_header
	for who in full back seed; do
		row b "2026-11-18 09:00:00+0000" $who@b.example \
			"5.1.1 (bad mailbox)" "smtp;550 5.1.1 User unknown" \
			"mx.b.example (192.0.2.9)" "" quota-issues
	done
	row b "2026-11-18 09:00:00+0000" odd@b.example "5.9.9 (odd)" \
		"smtp;599 5.9.9 the wug is blicked, see zen.spamhaus.org" \
		"mx.b.example (192.0.2.9)"
	row b "2026-11-18 09:00:00+0000" weak@b.example "5.0.0 (no)" \
		"smtp;550 mailbox unavailable" "mx.b.example (192.0.2.9)"
}
# proved TOKEN: a complaint that brings it back.
proved() {
	echo type,timeLogged,orig,rcpt,feedbackType,format,header_X-Suppress-Ref
	echo "f,$(date -u '+%Y-%m-%d %H:%M:%S+0000'),,,abuse,arf,$1"
}
storm() {
	acct_header
	for day in 03 05 09 12; do
		gmail_rows d $day 1 200
	done
	gmail_rows b 17 1 100
	gmail_rows d 17 101 200
}
flood() {
	echo type,timeLogged,rcpt,dsnDiag,dsnStatus,feedbackType
	seq 1 30 | sed 's/.*/f,2026-11-18 12:00:00+0000,c&@c&.example,,,abuse/'
	seq 1 90 |
		sed 's/.*/b,2026-11-18 12:00:00+0000,m&@m.example,550 5.7.1 blocked using Spamhaus,5.7.1,/'
}

# ---- where little is known ----
calm
: >empty.csv
echo new@b.example >list.txt
printf 'a@b.example\nnosuch\n' >bad.txt
json ingest-dry 0 ingest list.txt --dry-run
json ingest 0 ingest empty.csv
json check 1 check nobody@b.example
json check 65 check nosuch
json scrub 0 scrub empty.csv
json show 1 show nobody@b.example
json subject 1 subject nobody@b.example
json status 0 status
json expire 0 expire
json gc 0 gc --dry-run
json import 0 import list.txt --dry-run --reason r
json import 65 import bad.txt --reason r
json policy-test 0 policy test pmta-suppress.conf
json policy-apply 1 policy apply
json chosen 1 remove --domain b.example --reason r
json chosen 1 hold '*@b.example' --reason r
json rules-lint 0 rules lint
json rules-list 0 rules list
json rules-explain 0 rules explain "the wug is blicked"
json classify 0 classify "the wug is blicked"
json verp-verify 1 verp verify nothing
json erase 0 erase nobody@b.example --dry-run

# ---- rows that say little, rows that say much ----
lean >lean.csv
full >full.csv
for file in lean.csv full.csv; do
	json ingest-dry 0 ingest $file --dry-run
	json ingest 0 ingest $file
	json ingest 0 ingest $file
	json report 0 report codes --since 2026-11-01
	json unknowns 0 unknowns
	json disagreements 0 disagreements
	json list 0 list
	json export 0 export
	json changes 0 changes
	json status 0 status
done
pipe_rows full.csv || fail "the pipe"
# Rows wait, of that stream and of one that nobody has worked on.
for file in state/journal/*.seg; do
	echo b,half >>"$file"
	cp "$file" state/journal/20261121T075727Z-1234-9f3a0001.0000000000000000.seg
done
echo 'input = csv' >state/journal/20261121T075727Z-1234-9f3a0001.stream
for name in lean mute dumb fred full odd; do
	json show 0 show $name@b.example
done
json subject 0 subject lean@b.example

# ---- what a person does ----
json export-since 0 export --since-cursor crm
json add 0 add new@b.example --reason r
json add 0 add new@b.example --reason r --until 30d
json add 0 add @wide.example --reason r --subdomains
json add 0 add part@b.example --reason r --scope stream:news
json export 0 export
json import 0 import bad.txt --skip-bad
json check 0 check full@b.example new@b.example @wide.example
json check 1 check part@b.example
json scrub 0 scrub bad.txt
json remove 0 remove part@b.example --stream news --reason r
json remove 0 remove @wide.example --reason r
json remove 1 remove fred@b.example --reason r
json undo-list 0 undo --list
json chosen 0 hold 'a@*' --reason r
json chosen 0 remove --domain b.example --reason r --dry-run
json chosen 0 remove --class manual --reason r
json undo 1 undo 1
json erase 0 erase back@b.example
json erase 0 erase back@b.example
json add 0 add back@b.example --reason r
json remove 1 remove back@b.example --reason r
json show 0 show back@b.example
json check 0 check back@b.example
json remove 0 remove back@b.example --reason r --consent came
json list 0 list --all
json export-since 0 export --since-cursor crm
want_ok pmta-suppress export --since-cursor nightly --output delta.csv
json changes 0 changes
json show 0 show new@b.example
json show 0 show a@b.example
gzip -c full.csv >state/copy.csv.gz
json subject 0 subject full@b.example

# ---- what settings change ----
cp pmta-suppress.conf calm.conf
printf '[policy]\ngone-weak-days = 1\nmode = observe\n' >>pmta-suppress.conf
printf '[never-suppress]\nseeds = seed*\n' >>pmta-suppress.conf
json show 0 show seed@b.example
json show 0 show full@b.example
printf '[policy]\ngone-weak-days = 1\n' >try.conf
json policy-test 0 policy test try.conf --since 2026-11-01
json policy-apply 0 policy apply --dry-run
full | sed 's/seed@/seed2@/; s/18 09/19 09/' >more.csv
echo "b,2026-11-18 08:00:00+0000,half" >>more.csv
json ingest 0 ingest more.csv
json status 0 status
json show 0 show seed2@b.example
rm more.csv
json show 0 show seed2@b.example
cp calm.conf pmta-suppress.conf
json policy-apply 0 policy apply
json classify 0 classify "550 5.1.1 User unknown"
json rules-explain 0 rules explain "550 5.1.1 User unknown"
want_ok pmta-suppress verp key new
want_ok pmta-suppress verp key new
json verp-key-list 0 verp key list
want_ok pmta-suppress verp key retire "$(sed -n 's/.*"key":"\(..\)".*"proves".*/\1/p' out)"
json verp-key-list 0 verp key list
json verp-sign 0 verp sign ada@b.example --stream news --message-id '<1@s.example>'
json verp-verify 0 verp verify "$(sed 's/.*"value":"\([^"]*\)".*/\1/' out)"
json verp-sign 0 verp sign ada@b.example --stream news --message-id '<1@s.example>'
proved "$(sed 's/.*"value":"\([^"]*\)".*/\1/' out)" >proved.csv
json ingest-dry 0 ingest proved.csv --dry-run
json ingest 0 ingest proved.csv
json show 0 show ada@b.example

# ---- what incidents hold ----
printf '[storm]\ncomplaint-floor = 10\nrecipients = 20\n' >pmta-suppress.conf
storm >storm.csv
flood >flood.csv
json ingest 0 --state storm ingest storm.csv flood.csv
json incident-list 0 --state storm incident list --all
for n in 1 2 3; do
	json incident-show 0 --state storm incident show $n
done
json status 0 --state storm status
json check 1 --state storm check u1@gmail.com
json show 0 --state storm show u1@gmail.com
json remove 0 --state storm remove u90@gmail.com --reason r
json incident-settled 0 --state storm incident release 1 --reason r --dry-run
json incident-settled 0 --state storm incident release 1 --reason r
json incident-settled 1 --state storm incident discard 1 --reason r
json incident-show 0 --state storm incident show 1
json undo 0 --state storm undo 2
json policy-test 0 --state storm policy test pmta-suppress.conf
json gc 0 gc

# ---- what they have ----
# "name?": null somewhere, "name-": null everywhere, here.
awk -F '\t' '
function trouble(what) {
	if (!seen[what]++)
		print "TROUBLE: " what
}
function put(word) {
	if (length(line word) > 76) {
		print line
		line = "   "
	}
	line = line " " word
}
{
	place = $1
	n = split($2, member, " ")
	names = ""
	for (i = 1; i <= n; i++) {
		split(member[i], is, ":")
		names = names " " is[1]
		key = place "." is[1]
		kind = is[2]
		if (kind == "dash" ||
		    (kind == "empty" && is[1] != "findings") ||
		    (kind == "zero" && is[1] ~ NUMBERS))
			trouble(key " is " kind ", not null")
		sub("zero", "number", kind)
		sub("empty|dash", "text", kind)
		if (kind == "null")
			none[key] = 1
		else if (key in type && type[key] != kind)
			trouble(key " is " type[key] " and " kind)
		else
			type[key] = kind
	}
	if (place in all && all[place] != names)
		trouble(place " has" all[place] ", and" names)
	if (!(place in all))
		places[++count] = place
	all[place] = names
}
END {
	for (p = 1; p <= count; p++) {
		line = places[p] ":"
		n = split(all[places[p]], name, " ")
		for (i = 1; i <= n; i++) {
			key = places[p] "." name[i]
			put(name[i] (key in none ? key in type ? "?" : "-" : ""))
		}
		print line
	}
}' NUMBERS='^(of|bulk|code|hits|change|incident|held_in_incident)$' members >have
cat >want <<'LIST'
ingest-dry: file idx kind time? rcpt? class decision rule? code? status?
    format? provider reply? found proof? stream? message_id? skip?
ingest: file read_before rows rows_by_type used skipped suppressed held
    last_row_left
check: asked address? error? suppressed? entry? class? scope? state? since?
    until? rule? source? reason? subdomains? held_in_incident? streams
scrub: file rows kept suppressed invalid invalid_kept twice empty_lines
    classes providers causes
show: address suppressed class? erased? entries evidence changes
    never_suppress? would_list
subject: address suppressed class? erased- entries evidence changes files
    lines never_suppress- would_list
status: mode never_suppress database entries active_by_class incidents
    held_addresses rows skipped verdicts decisions reports cursors streams
    streams_finished journal? quarantine notices
status.never_suppress: patterns entries example?
status.database: path version bytes free_bytes evidence replies changes
status.entries: active held lifted ended
expire: dry_run ended
gc: dry_run evidence counters changes notices share fresh streams
    journal_segments? floor
import: file lines imported would_import listed_already twice_in_file bad
    dry_run bulk? erased not_carried
policy-test: file since? addresses judged added removed changed held let_go
    held_now by_hand never waiting left_out replay by_class by_rule
policy-test.replay: from? rows incidents incidents_in_force holds
    holds_in_force held journal
policy-test.replay.incidents: storm our-fault breaker reports complaints
policy-test.replay.incidents_in_force: storm our-fault breaker reports
    complaints
policy-test.replay.journal: from? deliveries error-
policy-apply: verb dry_run chosen listed never left_out bulk?
chosen: verb dry_run chosen changed complaints_left bulk?
rules-lint: rules errors notes findings
rules-list: rule class decision file line advice source?
rules-explain: folded class decision rule? rules
classify: class decision strength fault rule? provider code? status? local
    folded meaning follows advice
verp-verify: signed why rcpt? stream? message_id? key? day?
erase: address dry_run hash class since erased_before? entries evidence
    changes replies rewritten still_in
report: count provider code? status? reply? sample? class rule? advice first
    last our_ips vmtas
unknowns: count provider reply sample first last draft
disagreements: count bounceCat theirs class ours rule reply? sample?
list: address class scope state since until? rule? source reason subdomains
    last_seen? provider? code? status? diagnostic? change
export: address class scope state since until? rule? source reason subdomains
    last_seen? provider? code? status? diagnostic? change
changes: change at action address scope class who why bulk?
status.reports: kind last_24h last_28d
status.reports.last_24h: came unresolved named verp signed proved doubted
    unverified
status.reports.last_28d: came unresolved named verp signed proved doubted
    unverified
show.evidence: time kind class strength state incident? proof? code? status?
    reply? sample? rule? advice provider vmta? our_ip? stream? source offset
    length raw?
show.entries: address class scope state since until? rule? source reason
    subdomains last_seen? provider? code? status? diagnostic? change
    lifted_to? bulk? incident?
show.changes: change at action class scope who why bulk?
subject.evidence: time kind class strength state incident- proof- code?
    status? reply sample rule? advice provider vmta? our_ip? stream? source
    offset length raw
export-since: action address class scope state since until? rule? source
    reason subdomains last_seen? provider? code? status? diagnostic? change
add: address was_listed? class? scope? state? since? until? rule- source?
    reason? subdomains? erased?
check.streams: scope class
remove: address lifted? scope? subdomains? held_in_incident? bulk?
    needs_consent? erased?
undo-list: bulk at changes who what
undo: of bulk undone left erased evidence incidents
erase.still_in: file hits expires
subject.entries: address class scope state since until- rule source reason
    subdomains last_seen provider code status diagnostic change lifted_to-
    bulk- incident-
subject.changes: change at action class scope who why bulk-
subject.files: file hits? expires?
subject.lines: file offset line
policy-test.by_class: would_be count class samples
policy-test.by_rule: would_be count class rule samples
status.cursors: name at behind waits_for_ack moved?
status.streams: name road position rows lag_bytes changed?
status.journal: files bytes streams alive waiting_bytes oldest keep_seconds
    keep_bytes
status.notices: kind text first last times
show.would_list: class scope state since until- rule source reason subdomains
rules-explain.rules: rule class state why file line
verp-key-list: key state made retired?
verp-sign: local header value key day
incident-list: incident kind state open provider? class held held_in_all
    opened peak peak_failures last line
incident-show: incident kind state open provider? class held held_in_all
    opened peak peak_failures last line first from to recipients?
    took_mail_lately? came? passed? attempts bulk? ours replies notes
incident-show.ours: count vmta? ip?
incident-show.replies: count provider class code? status? reply? sample? rule
    blocklist? advice
status.incidents: incident kind state open provider? class held held_in_all
    opened peak peak_failures last line
incident-settled: verb incident dry_run addresses entries bulk?
incident-show.notes: at who text
LIST
want_same want have "members"

# Every command that prints JSON was asked.
pmta-suppress help | sed -n 's/^  \([a-z][a-z]*\)  .*/\1/p' >commands
[ "$(wc -l <commands)" -gt 25 ] || fail "no list of commands"
while read -r command; do
	! pmta-suppress help "$command" | grep -q -e --json ||
		grep -qx "$command" told || fail "$command: was not run"
done <commands
