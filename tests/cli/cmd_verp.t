# verp: keys, tokens, and reports that are resolved by them.
. "$SRC/tests/cli/lib.sh"

# Nothing is there at first, and nothing is a default.
want_exit 66 pmta-suppress verp key list
mkdir -m 2750 state
want_ok pmta-suppress verp key list
[ ! -s out ] || fail "keys in an empty folder"
want_exit 66 pmta-suppress verp sign ada@b.example
want_line err "verp key new"
want_exit 1 pmta-suppress verp verify bounce-1aa512aaaaaaaaaaaaaaaaa-a=b.example
want_line out "not proved: there is no key of that name"

want_ok pmta-suppress verp key new
old=$(sed -n 's/^made: key \([a-z2-7]*\),.*/\1/p' out)
want_eq "${#old}" 2 "length of a key's name"
want_no_line out "$(sed -n 's/^secret = //p' state/verp-keys)"
want_eq "$(stat -c %a state/verp-keys)" 600 "mode of verp-keys"
want_ok pmta-suppress verp key list
want_line out "$old"
want_no_line out "$(sed -n 's/^secret = //p' state/verp-keys)"

# Both forms, and what they say.
want_ok pmta-suppress verp sign Ada@B.example --stream News \
	--message-id '<1@s.example>' --prefix bounce
local=$(head -n 1 out)
header=$(tail -n 1 out)
case $local in
bounce-1"$old"????????????????????=news=ada=b.example) ;;
*) fail "local part: $local" ;;
esac
want_ok pmta-suppress verp verify "$local"
want_line out "signed: ada@b.example, stream news, of "
want_line out " by key $old"
want_ok pmta-suppress verp verify "<$local@bounces.example>"
want_ok pmta-suppress verp verify "$(echo "$local" | tr a-z A-Z)"
want_ok pmta-suppress verp verify "$header"
want_line out "signed: ada@b.example, stream news, message <1@s.example>, of "
want_ok pmta-suppress verp verify "$header" --rcpt ADA@b.example --json
want_line out '"signed":true,"why":"signed by us","rcpt":"ada@b.example"'
want_exit 1 pmta-suppress verp verify "$header" --rcpt bob@b.example
want_line out "not proved: it is for another recipient"
want_exit 1 pmta-suppress verp verify "${header%?}"
want_exit 1 pmta-suppress verp verify "$(echo "$local" | sed s/ada/bob/)"
want_line out "not proved: the tag is wrong"
want_exit 1 pmta-suppress verp verify nothing --json
want_line out '"signed":false,"why":"there is no token in it","rcpt":null'
want_ok pmta-suppress verp sign ada@b.example --json
want_line out '"header":"X-Suppress-Ref","value":"1'
long=a.name.that.is.far.too.long.to.fit@mail.b.example
want_ok pmta-suppress verp sign "$long" --prefix bounce
alone=$(head -n 1 out)
want_eq "${#alone}" 30 "length of a token alone"
want_exit 1 pmta-suppress verp verify "$alone"
want_line out "the token stands alone"
want_ok pmta-suppress verp verify "$alone" --rcpt "$long"
want_exit 1 pmta-suppress verp verify "$alone" --rcpt ada@b.example

# Misuse.
want_exit 64 pmta-suppress verp
want_line err "verp: no verb given; say key new,"
want_exit 64 pmta-suppress verp key
want_line err "verp: no verb given; say key new,"
want_exit 64 pmta-suppress verp key old
want_line err "verp: no verb is called 'old'; say key new,"
want_exit 64 pmta-suppress verp key new more
want_exit 64 pmta-suppress verp sign
want_line err "verp: sign: no address given; name one"
want_exit 64 pmta-suppress verp sign ada@b.example --leaked
want_line err "verp: sign does not take --leaked; see"
want_exit 65 pmta-suppress verp sign ada
want_exit 64 pmta-suppress verp sign ada@b.example --stream ' '
want_line err "verp: --stream: ' ' is none; name one as 'list' shows it"
want_exit 65 pmta-suppress verp sign ada@b.example --prefix \
	a-prefix-that-leaves-no-room-for-any-token
for prefix in "a b" '"a"' "a@b" "$(printf 'a\tb')"; do
	want_exit 64 pmta-suppress verp sign ada@b.example --prefix "$prefix"
	want_line err "verp: the prefix '"
	want_line err "' may not stand before an @; write letters"
done
want_exit 65 pmta-suppress verp key retire 00
want_line err "there is no key"

# Several keys: the newest signs, each proves its own.
want_ok pmta-suppress verp key new
want_ok pmta-suppress verp key list --json
want_line out "{\"key\":\"$old\",\"state\":\"proves\""
want_line out '"state":"signs"'
new=$(sed -n 's/.*"key":"\(..\)","state":"signs".*/\1/p' out)
want_ok pmta-suppress verp sign ada@b.example
case $(head -n 1 out) in 1"$new"*) ;; *) fail "the newest does not sign" ;; esac
want_ok pmta-suppress verp key retire "$new"
want_ok pmta-suppress verp sign ada@b.example
case $(head -n 1 out) in 1"$old"*) ;; *) fail "a retired key signs" ;; esac

# Reports: complaints and bounces whose recipient is redacted.
now=$(date -u '+%Y-%m-%d %H:%M:%S+0000')
ref=${header#*: }
bad=$(echo "$ref" | sed 's/.$/a/; t')
[ "$bad" != "$ref" ] || bad=${ref%?}b
cat >f.csv <<END
type,timeLogged,orig,rcpt,feedbackType,format,header_X-Suppress-Ref
f,$now,,redacted@b.example,abuse,arf,$ref
f,$now,,,abuse,jmrp,$ref
f,$now,,redacted@b.example,abuse,arf,$bad
END
want_ok pmta-suppress ingest --dry-run --json f.csv
want_eq "$(grep -c '"rcpt":"ada@b.example".*"found":"signed","proof":'\
'"signed","stream":"news","message_id":"<1@s.example>","skip":null' out)" 2 \
	"resolved complaints"
want_line out '"found":"none","proof":null,"stream":null,"message_id":null,"skip":"redacted"'
cat >rb.csv <<END
type,timeLogged,orig,rcpt,orcpt,dsnStatus,dsnDiag,dsnMta
rb,$now,$local@s.example,redacted@b.example,,5.1.1,smtp;550 5.1.1 no such user,
rb,$now,$alone@s.example,$long,,5.1.1,smtp;550 5.1.1 no such user,
rb,$now,$(echo "$local" | sed s/=ada=/=bob=/)@s.example,,,5.1.1,smtp;550 no,
END
want_ok pmta-suppress ingest --dry-run --json rb.csv
want_line out '"rcpt":"ada@b.example","class":"gone.mailbox"'
want_line out "\"rcpt\":\"$long\",\"class\":\"gone.mailbox\""
want_eq "$(grep -c '"proof":"signed"' out)" 2 "proved bounces"
want_line out '"found":"none","proof":null,"stream":null,"message_id":null,"skip":"no-recipient"'
mail() { # TO RETURNED
	cat <<END
Return-Path: <>
Received: from mx.b.example (192.0.2.9) by host.example for <$1>;
	$(date -u -R)
From: MAILER-DAEMON@mx.b.example
Subject: Undelivered
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.b.example

Final-Recipient: rfc822; redacted@b.example
Action: failed
Status: 5.1.1

--b
Content-Type: text/rfc822-headers

From: news@s.example
$2

--b--
END
}
mail b@s.example "X-Suppress-Ref: $(echo "$ref" | fold -w 30 |
	sed '2,$s/^/	/')" >m1.eml
mail "$local@s.example" "Subject: hi" >m2.eml
mail b@s.example "X-Suppress-Ref: $bad" >m3.eml
want_ok pmta-suppress ingest --dry-run --json m1.eml m2.eml m3.eml
want_eq "$(grep -c '"rcpt":"ada@b.example".*"proof":"signed"' out)" 2 \
	"proved mails"
want_line out '"file":"m3.eml","idx":1,"kind":"mb"'
want_eq "$(grep -c '"rcpt":null' out)" 1 "mails about nobody"

# An unsubscribing mail, with no setting but the address; in the token's stream.
printf '[unsubscribe]\naddress = unsub-*\n' >pmta-suppress.conf
want_ok pmta-suppress verp sign zoe@b.example --stream news --prefix unsub
cat >u.eml <<END
Received: by host.example for <$(head -n 1 out)@s.example>; $(date -u -R)
From: Zoe <zoe@elsewhere.example>
Subject: unsubscribe

END
want_ok pmta-suppress ingest u.eml f.csv
want_exit 0 pmta-suppress check --stream news zoe@b.example
want_exit 1 pmta-suppress check --stream other zoe@b.example
want_exit 0 pmta-suppress check ada@b.example

# A message as the pipe takes it, with the address in lower case.
pmta-suppress-pipe --input message --log stderr --to="$alone@s.example" \
	<m1.eml 2>log || fail "exit $?"
want_exit 0 pmta-suppress check ada@b.example

# Retired for good: nothing proves any more.
want_ok pmta-suppress verp key retire "$old" --leaked
want_exit 1 pmta-suppress verp verify "$local"
want_line out "made after its key was retired"
want_exit 66 pmta-suppress verp sign ada@b.example
want_ok pmta-suppress verp key list
want_line out "leaked"

# A broken file is told; commands refuse, the pipe goes on without keys.
chmod 644 state/verp-keys
want_exit 78 pmta-suppress verp key list
want_line err "chmod 600"
want_exit 78 pmta-suppress ingest --dry-run f.csv
want_exit 78 pmta-suppress ingest f.csv
acct_header >rows.csv
row b "$now" gus@b.example "5.1.1 (x)" "smtp;550 5.1.1 user unknown" \
	"mx.b.example (192.0.2.1)" >>rows.csv
pipe_rows rows.csv || fail "the pipe exited $?"
want_line pipe.log "verp-keys: "
want_exit 0 pmta-suppress check gus@b.example
