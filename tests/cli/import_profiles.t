# import --profile: what others export, a report of each line, and back again.
. "$SRC/tests/cli/lib.sh"

mkdir state
listed() {
	pmta-suppress list --json |
		sed 's/.*"address":"\(.*\)","class":"\([^"]*\)".*"since":"\([^"]*\)".*/\1 \2 \3/' >got
}
# taken PROFILE FILE <WANT: address, class and since of each entry it makes.
taken() {
	cat >want
	rm -rf state/*
	want_ok pmta-suppress import --profile "$1" "$2"
	listed
	want_same want got "import --profile $1 $2"
}
cat >ses.json <<'END'
{"SuppressedDestinationSummaries": [
  {"EmailAddress": "a@x.example", "Reason": "BOUNCE",
   "LastUpdateTime": "2026-01-02T03:04:05Z"},
  {"EmailAddress": "b@x.example", "Reason": "COMPLAINT",
   "LastUpdateTime": "2026-01-03T03:04:05Z"} ],
 "NextToken": "x"}
END
taken ses ses.json <<'END'
a@x.example gone.mailbox 2026-01-02T03:04:05Z
b@x.example fbl.abuse 2026-01-03T03:04:05Z
END
cat >postmark.json <<'END'
{"Suppressions":[
 {"EmailAddress":"a@x.example","SuppressionReason":"ManualSuppression",
  "Origin":"Recipient","CreatedAt":"2019-12-17T08:58:33-05:00"},
 {"EmailAddress":"b@x.example","SuppressionReason":"HardBounce",
  "Origin":"Recipient","CreatedAt":"2019-12-17T08:58:33-05:00"},
 {"EmailAddress":"c@x.example","SuppressionReason":"SpamComplaint",
  "Origin":"Recipient","CreatedAt":"2019-12-17T08:58:33-05:00"}]}
END
taken postmark postmark.json <<'END'
a@x.example manual 2019-12-17T13:58:33Z
b@x.example gone.mailbox 2019-12-17T13:58:33Z
c@x.example fbl.abuse 2019-12-17T13:58:33Z
END
rm -rf state/*
want_ok sh -c 'pmta-suppress import --profile postmark - <postmark.json'
want_line out "3 lines: 3 imported"
echo '[{"created":1443651154,"email":"u@x.example"}]' >sendgrid.json
taken sendgrid sendgrid.json <<'END'
u@x.example manual 2015-09-30T22:12:34Z
END
printf 'email,created\nu@x.example,1443651154\n' >sendgrid.csv
taken sendgrid sendgrid.csv <got
cat >mailgun.csv <<'END'
address,code,error,created_at
m@x.example,550,No such mailbox,"Fri, 21 Oct 2011 11:02:55 GMT"
END
taken mailgun mailgun.csv <<'END'
m@x.example gone.mailbox 2011-10-21T11:02:55Z
END
cat >telnyx.csv <<'END'
id,to,from,reason,source,scope,status,domain_id,created_at,updated_at,expires_at,group_id
1,t@x.example,,invalid,system,account,active,,2026-01-02T03:04:05Z,2026-01-02T03:04:05Z,,
2,v@x.example,,unsubscribe,system,account,active,,2026-01-02T03:04:05Z,2026-01-02T03:04:05Z,,
END
taken telnyx telnyx.csv <<'END'
t@x.example gone.syntax 2026-01-02T03:04:05Z
v@x.example fbl.optout 2026-01-02T03:04:05Z
END
echo '{"result":[{"id":"1","email":"k@x.example","reason":"complaint","created_at":"2026-01-02T03:04:05Z","expires_at":null,"read_only":false}]}' >cf.json
taken cloudflare cf.json <<'END'
k@x.example fbl.abuse 2026-01-02T03:04:05Z
END
echo '{"result":[{"email":"n@x.example","reason":"complaint","created_at":1767323045,"expires_at":4102444800}]}' >cf.json
taken cloudflare cf.json <<'END'
n@x.example fbl.abuse 2026-01-02T03:04:05Z
END
cat >sparkpost.csv <<'END'
recipient,type,description
s@x.example,transactional,Example data import
s2@x.example,non_transactional,unsubscribed
END
want_ok pmta-suppress import --profile sparkpost sparkpost.csv
want_line out "2 imported"
printf 'email,doNotEmail\ny@x.example,1\nn@x.example,0\n' >mautic.csv
want_exit 65 pmta-suppress import --profile mautic mautic.csv
want_line err "mautic.csv:3: address 'n@x.example': not marked there: it may be mailed"
printf '%s\n' '{"email":"y@x.example","doNotEmail":true}' \
	'{"email":"n@x.example","doNotEmail":false}' >mautic.json
want_exit 65 pmta-suppress import --profile mautic mautic.json
want_line err "mautic.json:2: address 'n@x.example': not marked there: it may be mailed"
want_line err "1 of 2 lines are bad"

# A report of each line; a dry run writes the same one and nothing else.
rm -rf state/*
want_ok pmta-suppress add old@x.example --reason r --class gone.mailbox
cat >mixed.csv <<'END'
new@x.example,BOUNCE
old@x.example,BOUNCE
NEW@x.example,BOUNCE
nonsense,BOUNCE
bad@x.example,SOFT
=1@x.example,COMPLAINT
END
cat >want <<'END'
line,address,result,why
1,new@x.example,accepted,
2,old@x.example,duplicate,listed already
3,new@x.example,duplicate,stands in the file before
4,nonsense,invalid,no @ in it
5,bad@x.example,invalid,reason 'SOFT': none of the words that they have; write one of theirs
6,'=1@x.example,accepted,
END
want_exit 65 pmta-suppress import --profile ses --dry-run --report dry.csv mixed.csv
tr -d '\r' <dry.csv >got
sed -i 's/^4,nonsense,invalid,.*/4,nonsense,invalid,no @ in it/' got
want_same want got "the report of a dry run"
want_exit 1 pmta-suppress check new@x.example
want_exit 0 pmta-suppress import --profile ses --skip-bad --report told.csv mixed.csv
want_line out "2 imported, 1 listed already, 1 twice in the file, 2 bad (bulk 1)"
want_same dry.csv told.csv "the report"
want_exit 0 pmta-suppress check new@x.example
# One bulk: undo takes it back, and undo of undo brings it again.
want_ok pmta-suppress undo --list
sed -n 2p out | grep -q '^1  *[^ ]*  *2 ' || fail "the bulk has 2 changes"
want_ok pmta-suppress undo 1
want_exit 1 pmta-suppress check new@x.example
want_exit 0 pmta-suppress check old@x.example
want_ok pmta-suppress undo 2
want_exit 0 pmta-suppress check new@x.example
want_exit 64 pmta-suppress import --profile nosuch mixed.csv
want_line err "import: --profile: 'nosuch' is none"
printf '[{"emailAddress":"a@x.example"' >cut.json
want_exit 65 pmta-suppress import --profile ses cut.json
want_line err "cut.json: line 1: the file ends in the middle of an entry"
# What is cut between two entries is as little whole.
for text in '[{"emailAddress":"a@x.example"},' '[{"emailAddress":"a@x.example"}' \
	'{"list":[{"emailAddress":"a@x.example"}' '["a@x.example"' \
	'{"list":[{"emailAddress":"a@x.example"}],' \
	'{"emailAddress":"a@x.example"
{"emailAddress":"b@x.example"}'; do
	printf '%s' "$text" >cut.json
	want_exit 65 pmta-suppress import --profile ses --skip-bad cut.json
	want_line err "the file ends in the middle of an entry or a list; get it whole"
done
# An answer that nobody is listed is no bad line; what may be an entry is.
for text in '{"items":[],"total":0}' '{"items": [
], "paging":{"next":"https://api.example/l?address=a@x.example"}}'; do
	printf '%s' "$text" >page.json
	want_ok pmta-suppress import page.json
	want_line out "0 lines: 0 imported, 0 listed already, 0 twice in the file, 0 bad"
done
for text in '{"items":[{"id":1,"tags":[]}]}' '{"emial":"a@x.example","tags":[]}' \
	'{"id":1,"tags":[]} {"id":2}' '{"id":1}'; do
	printf '%s' "$text" >page.json
	want_exit 65 pmta-suppress import page.json
done
# One that is broken inside is no cut.
printf '[{"emailAddress":"a@x.example","l":[1},{"emailAddress":"b@x.example"}]' >bad.json
want_exit 65 pmta-suppress import --profile ses bad.json
want_line err "1 of 2 lines are bad"
# A list of addresses alone, in no object: those in one may be tags.
printf '[["bare1@x.example"],"bare2@x.example",{"email":"bare3@x.example"},"bare4@x.example"]' >bare.json
want_ok pmta-suppress import bare.json --dry-run
want_line out "4 lines: 4 would be imported"
printf '{"email":"o@x.example","tags":["t@x.example"]}' >tags.json
want_ok pmta-suppress import tags.json --dry-run
want_line out "1 lines: 1 would be imported"
printf '{"emailAddress":"a@x.example","reason":"BOUNCE"}\n{"emailAddress":"b@x.example",}\n' >bad.json
want_exit 65 pmta-suppress import --profile ses bad.json
want_line err "bad.json:2: entry '"

# Each layout's own export comes back as it went.
rm -rf state/*
cat >list.csv <<'END'
address,class,since,until
ann@x.example,gone.mailbox,2026-01-02T03:04:05Z,
=bob@x.example,fbl.optout,2026-01-04T00:00:00Z,
cy@y.example,manual,2026-01-05T00:00:00Z,2199-01-01T00:00:00Z
"""d, e""@y.example",full.mailbox,2026-01-06T00:00:00Z,
eve@y.example,fbl.abuse,2026-01-06T00:00:00Z,
END
want_ok pmta-suppress import list.csv
pmta-suppress help profiles | sed -n 's/^\([a-z-]*\): .*/\1/p' >names
# round PROFILE [OPTION]
round() {
	want_exit 0 pmta-suppress export --profile "$@"
	cp out one
	rm -rf other
	mkdir other
	# Phones home to nobody, but a plain line may hold a comma.
	case $1 in
	lines | interspire | phplist) grep -v '^"' one >two && mv two one ;;
	esac
	want_ok pmta-suppress --state other import --profile "$1" one
	want_exit 0 pmta-suppress --state other export "--profile" "$@"
	cut -d, -f1-3 one >a
	cut -d, -f1-3 out >b
	case $1 in
	generic) want_same a b "there and back: $*" ;;
	*) want_same one out "there and back: $*" ;;
	esac
}
while read -r p; do
	round "$p"
	case $p in
	ses | sendgrid | mailgun | mailgun-complaints | sparkpost | cloudflare)
		round "$p" --json
		;;
	esac
done <names

# A quoted local part on a line of its own is no CSV.
want_ok pmta-suppress --state "$PWD/quoted" add '"quo ted"@q.example' \
	bob@q.example --reason r
want_exit 0 pmta-suppress --state "$PWD/quoted" export --profile lines
cp out quoted.txt
want_ok pmta-suppress --state "$PWD/again" import quoted.txt --reason r
want_ok pmta-suppress --state "$PWD/again" check '"quo ted"@q.example'
want_line out "suppressed: manual"
echo free@q.example >>quoted.txt
want_exit 0 pmta-suppress --state "$PWD/again" scrub quoted.txt
want_eq "$(cat out)" free@q.example "scrub of quoted local parts"

# What an API says beside its list is no entry; what stands in the list is.
# answer PROFILE LINES JSON
answer() {
	rm -rf state/*
	printf '%s\n' "$3" >answer.json
	want_ok pmta-suppress import --profile "$1" --reason r answer.json
	want_line out "answer.json: $2 lines: $2 imported"
}
# bad PROFILE SUMS JSON
bad() {
	printf '%s\n' "$3" >answer.json
	want_exit 65 pmta-suppress import --profile "$1" --reason r answer.json
	want_line err "answer.json: $2 lines are bad"
	want_line err "address ''"
}
A='{"address":"a@x.example"}' B='{"address":"b@x.example"}'
answer mailgun 1 '{"items":['"$A"'],"paging":{"first":"u"}}'
answer mailgun 1 '{"paging":{"first":"u"},"items":['"$A"']}'
answer mailgun 2 '{"items":['"$A"'],"paging":{"first":"u"}}
{"paging":{"first":"u"},"items":['"$B"']}'
answer mailgun 2 '{"pages":[{"items":['"$A"'],"paging":{"a":"u"}},{"items":['"$B"']}]}'
answer sparkpost 1 '{"results":[{"recipient":"s@x.example"}],"links":[{"href":"/?a=b@x.example"},{"rel":"last"}],"total_count":1}'
answer telnyx 1 '{"data":[{"to":"t@x.example","reason":"invalid"}],"meta":{"total_pages":1}}'
answer cloudflare 1 '{"errors":[],"messages":[{"code":1}],"result":[{"email":"k@x.example"}],"result_info":{"page":1}}'
answer postmark 1 '{"Meta":{"a":{"b":1}},"Suppressions":[{"EmailAddress":"p@x.example"}]}'
bad mailgun '1 of 2' '{"items":['"$A"',{"code":"550"}],"paging":{"first":"u"}}'
bad mailgun '1 of 2' '{"items":[{"code":"550"},'"$A"']}'
bad mailgun '1 of 2' '{"items":['"$A"',{"address":""}]}'
bad mailgun '2 of 3' '{"items":['"$A"',{"address":"b@x.example","tags":[{"k":1}]},{"address":"c@x.example","more":{}}]}'
bad mailgun '2 of 3' '{"items":[{"address":"b@x.example","tags":[{"k":1}]},{"address":"c@x.example","more":{}},'"$A"']}'
bad mailgun '1 of 2' "$A"'
{"code":"550"}'
bad mailgun '1 of 2' '{"code":"550"}
'"$A"
bad mailgun '1 of 2' '{"items":['"$A"'],"more":[{"mbox":"b@x.example"}]}'
bad mailgun '1 of 1' '{"message":"Invalid private key"}'
bad mailgun '2 of 2' '{"items":[{"mbox":"b@x.example"}],"paging":{"first":"u"}}'
