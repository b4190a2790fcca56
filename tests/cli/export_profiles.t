# export --profile: the exact bytes of each layout, what is lost, a file a
# group, hashes, PowerMTA's reload.
. "$SRC/tests/cli/lib.sh"

mkdir state
cat >list.csv <<'END'
address,class,scope,since,until,reason
ann@x.example,gone.mailbox,,2026-01-02T03:04:05Z,,gone
ann@x.example,fbl.abuse,,2026-01-03T03:04:05Z,,complained
=bob@x.example,fbl.optout,,2026-01-04T00:00:00Z,,=1+1
cy@y.example,manual,,2026-01-05T00:00:00Z,2199-01-01T00:00:00Z,by hand
"""d, e""@y.example",full.mailbox,,2026-01-06T00:00:00Z,,full
@whole.example,gone.domain,,2026-01-07T00:00:00Z,,domain
fay@y.example,refused.personal,stream:news,2026-01-08T00:00:00Z,,refused
END
want_ok pmta-suppress import list.csv

# given PROFILE [OPTION...] <WANT: its exact output; lost kinds stand in ./err.
given() {
	cat >want
	want_exit 0 pmta-suppress export --profile "$@"
	want_same want out "export --profile $*"
	cp out "given-$1"
}
given lines <<'END'
"d, e"@y.example
=bob@x.example
ann@x.example
cy@y.example
END
want_line err "export: lines: 1 of kind 'domain' left out: "
want_line err "export: lines: 1 of kind 'stream' left out: "
want_line err "export: lines: 1 of kind 'end' written without their end: "
want_eq "$(wc -l <err)" 3 "three kinds"
given powermta <<'END'
=bob@x.example
ann@x.example
cy@y.example
END
want_line err "export: powermta: 1 of kind 'form' left out: "
for p in interspire phplist; do
	given $p <given-lines
done
for p in mailwizz listmonk mumara; do
	given $p <<'END'
email
"""d, e""@y.example"
=bob@x.example
ann@x.example
cy@y.example
END
done
given mautic <<'END'
email,doNotEmail
"""d, e""@y.example",1
=bob@x.example,1
ann@x.example,1
cy@y.example,1
END
given ses --json <<'END'
{"emailAddress":"\"d, e\"@y.example","reason":"BOUNCE"}
{"emailAddress":"=bob@x.example","reason":"COMPLAINT"}
{"emailAddress":"ann@x.example","reason":"COMPLAINT"}
{"emailAddress":"cy@y.example","reason":"BOUNCE"}
END
given ses <<'END'
"""d, e""@y.example",BOUNCE
=bob@x.example,COMPLAINT
ann@x.example,COMPLAINT
cy@y.example,BOUNCE
END
given sendgrid --json <<'END'
{"recipient_emails":["\"d, e\"@y.example","=bob@x.example","ann@x.example","cy@y.example"]}
END
given sendgrid <given-listmonk
given mailgun <<'END'
address,code,error,created_at
"""d, e""@y.example",,,"Tue, 06 Jan 2026 00:00:00 +0000"
ann@x.example,,,"Fri, 02 Jan 2026 03:04:05 +0000"
END
want_line err "export: mailgun: 3 of kind 'list' left out: "
given mailgun-complaints <<'END'
address,created_at
ann@x.example,"Sat, 03 Jan 2026 03:04:05 +0000"
END
given mailgun-unsubscribes <<'END'
address,created_at
=bob@x.example,"Sun, 04 Jan 2026 00:00:00 +0000"
cy@y.example,"Mon, 05 Jan 2026 00:00:00 +0000"
END
given postmark <<'END'
{"Suppressions":[{"EmailAddress":"\"d, e\"@y.example"},{"EmailAddress":"=bob@x.example"},{"EmailAddress":"ann@x.example"},{"EmailAddress":"cy@y.example"}]}
END
given sparkpost <<'END'
recipient,type,description
"""d, e""@y.example",transactional,full.mailbox
"""d, e""@y.example",non_transactional,full.mailbox
=bob@x.example,non_transactional,fbl.optout
ann@x.example,transactional,gone.mailbox
ann@x.example,non_transactional,gone.mailbox
cy@y.example,transactional,manual
cy@y.example,non_transactional,manual
END
given telnyx <<'END'
email,reason
"""d, e""@y.example",hard_bounce
=bob@x.example,unsubscribe
ann@x.example,spam_complaint
cy@y.example,manual_block
END
given cloudflare --json <<'END'
{"items":[{"email":"\"d, e\"@y.example"},{"email":"=bob@x.example"},{"email":"ann@x.example"},{"email":"cy@y.example","expires_at":"2199-01-01T00:00:00Z"}]}
END
given cloudflare <<'END'
"""d, e""@y.example"
=bob@x.example
ann@x.example
cy@y.example,2199-01-01T00:00:00Z
END
want_no_line err "'end'"

# Every profile was looked at, and stands in the manual.
pmta-suppress export --profile help | sed -n 's/^\([a-z-]*\): .*/\1/p' >names
pmta-suppress help profiles | cmp -s - out
[ "$(wc -l <names)" -ge 17 ] || fail "too few profiles"
sed -n '/^\.Sh PROFILES/,/^\.Sh ENV/s/^\.It Cm //p' "$SRC/man/pmta-suppress.1" |
	sed 's/ , /\n/g' | sort >page
sort names >want
want_same want page "the manual's profiles"
while read -r p; do
	[ "$p" = generic ] || [ -e "given-$p" ] || fail "$p has no expected output"
done <names

# What is lost, in full.
want_exit 0 pmta-suppress export --profile powermta --lost lost.csv
want_no_line err "--lost"
cat >want <<'END'
what,action,address,scope,class,since,until
form,add,"""d, e""@y.example",global,full.mailbox,2026-01-06T00:00:00Z,
domain,add,@whole.example,global,gone.domain,2026-01-07T00:00:00Z,
end,add,cy@y.example,global,manual,2026-01-05T00:00:00Z,2199-01-01T00:00:00Z
stream,add,fay@y.example,stream:news,refused.personal,2026-01-08T00:00:00Z,
END
tr -d '\r' <lost.csv >got
want_same want got "--lost"
# A stream that is asked for is meant.
want_ok pmta-suppress export --profile lines --scope stream:news
want_eq "$(cat out)" fay@y.example "--scope"

# Hashes, and where they must not stand.
md5() {
	printf %s "$1" | md5sum | cut -d' ' -f1
}
want_exit 0 pmta-suppress export --profile lines --hash md5 --class fbl
want_eq "$(cat out)" "$(md5 '=bob@x.example')
$(md5 ann@x.example)" "md5"
want_exit 0 pmta-suppress export --hash sha256 --class fbl.abuse
want_line out "$(printf %s ann@x.example | sha256sum | cut -d' ' -f1),global,fbl.abuse,"
want_exit 0 pmta-suppress export --hash sha1 --profile mumara
want_line out "$(printf %s cy@y.example | sha1sum | cut -d' ' -f1)"
want_line err "1 of kind 'domain'"
for p in powermta ses postmark; do
	want_exit 64 pmta-suppress export --hash md5 --profile $p
done
want_exit 64 pmta-suppress export --hash md6
want_line err "export: --hash: 'md6' is none; write md5, sha1 or sha256"

# Deltas: what can only add tells the removals; a whole list takes none.
want_ok pmta-suppress export --since-cursor g --output g.csv
want_exit 0 pmta-suppress export --profile ses --since-cursor s --output s.csv
want_same given-ses s.csv "the first delta"
want_ok pmta-suppress add new@x.example --reason r
want_ok pmta-suppress remove cy@y.example --reason back
want_ok pmta-suppress hold ann@x.example --class fbl --consent storm
want_exit 0 pmta-suppress export --profile ses --since-cursor s --output s.csv --lost l.csv
want_eq "$(sort s.csv)" "ann@x.example,BOUNCE
new@x.example,BOUNCE" "the adds, and another word"
want_line err "export: ses: 1 of kind 'removal' left out: "
want_line l.csv "removal,remove,cy@y.example,global,manual,"
want_no_line l.csv "ann@x.example"
want_ok pmta-suppress export --since-cursor g --output g.csv
want_line g.csv "hold,ann@x.example,global,fbl.abuse,"
want_exit 64 pmta-suppress export --profile powermta --since-cursor p --output p.txt
want_line err "the file is the whole list there"

# An address is taken off by its last entry only, and its word is kept.
# delta WANT LOST: what a delta of ses then says.
delta() {
	rm -f k.csv kl.csv
	want_exit 0 pmta-suppress export --profile ses --since-cursor k \
		--output k.csv --lost kl.csv
	want_eq "$(cat k.csv)" "$1" "a delta"
	want_eq "$(sed -n 's/^removal,[a-z]*,\([^,]*\).*/\1/p' kl.csv)" "$2" \
		"its removals"
}
pmta-suppress export --profile ses --since-cursor k --output k.csv 2>err
want_ok pmta-suppress add c1@x.example --reason r
want_ok pmta-suppress add --class fbl.abuse --reason r c1@x.example
delta "c1@x.example,COMPLAINT" ""
want_ok pmta-suppress remove --class manual --reason r c1@x.example
delta "" ""
want_ok pmta-suppress add --reason r c1@x.example
delta "" "" # the complaint says more than the entry by hand
want_ok pmta-suppress remove --class fbl.abuse --consent asked --reason r c1@x.example
delta "c1@x.example,BOUNCE" ""
want_ok pmta-suppress add --scope stream:news --reason r c1@x.example
want_ok pmta-suppress remove --class manual --scope global --reason r c1@x.example
delta "" "c1@x.example"
want_ok pmta-suppress remove --scope stream:news --reason r c1@x.example
delta "" ""

# A file a group, with safe names; what is stale is named.
want_ok pmta-suppress add q@x.example --scope 'stream:../a/b' --reason r
want_ok pmta-suppress add q@x.example --scope 'stream:.._a_b' --reason r
want_ok pmta-suppress export --split-by stream streams
want_eq "$(cd streams && ls | sed 's/-[0-9a-f]\{8\}\.csv/-HASH.csv/' | tr '\n' ' ')" \
	"global.csv stream-.._a_b-HASH.csv stream-.._a_b.csv stream-news.csv " \
	"the files"
want_ok pmta-suppress export --scope stream:news
want_same out streams/stream-news.csv "one of them"
want_exit 0 pmta-suppress export --split-by stream --profile lines streams
want_eq "$(cat streams/stream-news.txt)" fay@y.example "streams are carried"
want_ok pmta-suppress export --split-by class classes
want_eq "$(cd classes && ls | tr '\n' ' ')" \
	"fbl.optout.csv full.mailbox.csv gone.domain.csv gone.mailbox.csv manual.csv refused.personal.csv " \
	"classes"
want_ok pmta-suppress remove fay@y.example --scope stream:news --reason back
want_exit 0 pmta-suppress export --split-by class classes
want_line err "export: classes/refused.personal.csv: not of this export"
want_ok pmta-suppress export --split-by provider providers
want_eq "$(ls providers)" none.csv "no provider is known"
want_eq "$(find . -name '*.tmp*')" "" "leftovers"
want_exit 64 pmta-suppress export --split-by stream
want_exit 64 pmta-suppress export --split-by colour d
want_exit 64 pmta-suppress export --split-by class d --output f
want_exit 64 pmta-suppress export --profile nosuch
want_line err "export: --profile: 'nosuch' is none; see 'pmta-suppress help profiles'"
want_exit 64 pmta-suppress export --profile mautic --json

# PowerMTA is told only when asked for.
mkdir bin
printf '#!/bin/sh\necho "$*" >>%s/reloaded\n' "$PWD" >bin/pmta
chmod +x bin/pmta
PATH=$PWD/bin:$PATH
want_exit 0 pmta-suppress export --profile powermta --output list.txt
want_line err "list.txt: in place; it counts after: pmta reload"
[ ! -e reloaded ] || fail "reloaded without --reload"
want_exit 0 pmta-suppress export --profile powermta --output list.txt --reload
want_eq "$(cat reloaded)" reload "the command"
printf '#!/bin/sh\nexit 3\n' >bin/pmta
want_exit 69 pmta-suppress export --profile powermta --output list.txt --reload
want_line err "'pmta reload' failed: list.txt is in place, yet the old list counts"
want_exit 64 pmta-suppress export --profile powermta --reload
want_exit 64 pmta-suppress export --reload --output x.csv
[ -z "$(grep -v @ list.txt)" ] || fail "a line without @"
