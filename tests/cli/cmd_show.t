# show: from the entry down to the raw bytes.
. "$SRC/tests/cli/lib.sh"

{ acct_header
  row b "2026-10-05 08:00:00+0000" ada@x.example "5.1.1 (bad destination mailbox address)" \
	"$(printf 'smtp;550 5.1.1 <ada@x.example>: user unknown \033[31mred')" \
	"mx.x.example (192.0.2.9)"
} >acct.csv
want_ok pmta-suppress ingest acct.csv
want_ok pmta-suppress show ada@x.example
head -n 1 out >first
want_eq "$(cat first)" \
	"ada@x.example: suppressed: gone.mailbox since 2026-10-05T08:00:00Z, global" \
	"the answer comes first"
for text in "entry: gone.mailbox, global: active" "source      policy" \
	"reason      first hit, strong" \
	"evidence: 2026-10-05T08:00:00Z b: gone.mailbox, strong: counts" \
	"code        550 5.1.1" "reply       550 5.1.1 " "advice      " \
	"vmta        vmta1" "our ip      198.51.100.11" \
	"raw         $PWD/acct.csv at " "      b,2026-10-05 08:00:00+0000," \
	"change 1: " "by policy: first hit, strong"; do
	want_line out "$text"
done
# Nothing of a stranger's reaches the terminal as it stands.
if LC_ALL=C grep -q "$(printf '\033')" out; then
	fail "an escape got through"
fi
want_line out 'user unknown \x1b[31mred'

want_ok pmta-suppress show ada@x.example --json
want_eq "$(wc -l <out)" 1 "one object"
for key in '{"address":"ada@x.example","suppressed":true,"class":"gone.mailbox",' \
	'"entries":[{' '"evidence":[{"time":"2026-10-05T08:00:00Z","kind":"b",' \
	'"state":"counts"' '"raw":"b,2026-10-05 08:00:00+0000,' '"changes":[{"change":1,'; do
	want_line out "$key"
done

# What can never count is not said to count.
{ acct_header
  row t "2026-10-05 08:00:00+0000" tia@x.example "4.1.1 (bad destination mailbox address)" \
	"smtp;450 4.1.1 <tia@x.example>: user unknown" "mx.x.example (192.0.2.9)"
  row b "2026-10-06 08:00:00+0000" tia@x.example "5.7.1 (delivery not authorized)" \
	"smtp;550 5.7.1 blocked using zen.spamhaus.org" "mx.x.example (192.0.2.9)"
} >never.csv
want_ok pmta-suppress ingest never.csv
want_exit 0 pmta-suppress show tia@x.example
want_line out "tia@x.example: not suppressed"
want_line out "evidence: 2026-10-05T08:00:00Z t: gone.mailbox, none: does not count"
want_line out "b: block.ip, strong: does not count"
want_exit 0 pmta-suppress show tia@x.example --json
want_line out '"state":"never"'
want_no_line out '"state":"counts"'

# Packed, the row is still found; gone, that is said.
gzip acct.csv
want_ok pmta-suppress ingest acct.csv.gz
want_line out "nothing new"
want_ok pmta-suppress show ada@x.example
want_line out "      b,2026-10-05 08:00:00+0000,"
rm acct.csv.gz
want_ok pmta-suppress show ada@x.example
want_line out "bytes: the file is not there, or not for you to read"

# Another file under that name is another person's, however alike it begins.
head=type,timeLogged,rcpt,dsnStatus,dsnDiag
printf '%s\n' $head "b,2026-10-07 08:00:00+0000,abe@x.example,5.1.1,smtp;550 5.1.1 no user" \
	>other.csv
want_ok pmta-suppress ingest other.csv
printf '%s\n' "b,2026-10-07 08:00:01+0000,zoe@x.example,5.1.1,smtp;550 5.1.1 no user" >>other.csv
want_ok pmta-suppress show abe@x.example
want_line out "      b,2026-10-07 08:00:00+0000,abe@x.example"
printf '%s\n' $head "b,2026-10-07 08:00:00+0000,eve@x.example,5.7.1,smtp;550 5.7.1 secret" \
	>other.csv
for command in show subject; do
	want_ok pmta-suppress $command abe@x.example
	want_line out "bytes: the file is another one now"
	want_no_line out eve@
	want_ok pmta-suppress $command abe@x.example --json
	want_line out '"raw":null'
	want_no_line out eve@
done
# So is one of the same first bytes.
{ echo $head
  for i in 1 2 3 4 5 6; do
	printf 'b,2026-10-08 08:00:0%s+0000,amy@x.example,5.1.1,"smtp;550 5.1.1 %s"\n' \
		"$i" "$(printf '%0999d' "$i")"
  done
} >long.csv
want_ok pmta-suppress ingest long.csv
want_ok pmta-suppress show amy@x.example
want_line out "      b,2026-10-08 08:00:06+0000,amy@"
sed -i 's/08:00:06+0000,amy@/08:00:06+0000,eve@/' long.csv
want_ok pmta-suppress show amy@x.example
want_line out "bytes: the file is another one now"
want_no_line out eve@
# No reader waits for what has become a pipe.
rm other.csv
mkfifo other.csv
want_ok timeout 20 pmta-suppress show abe@x.example
want_line out "other.csv at $((${#head} + 1)), "
want_line out "bytes: the file is not there, or not for you to read"

# A report that listed, and was news of a failure told of later.
{ echo "$head"
  echo 'rb,2026-10-17 08:00:00+0000,ann@w.example,5.1.1,smtp;550 5.1.1 no such user'
  echo 'b,2026-10-14 08:00:00+0000,ann@w.example,5.1.1,smtp;550 5.1.1 rejected'
} >late.csv
want_ok pmta-suppress ingest late.csv
want_ok pmta-suppress show ann@w.example
want_line out "entry: gone.mailbox, global: lifted"
want_line out "reason      a report of an earlier failure"
want_line out "remove gone.mailbox, global, by policy: a report of an earlier"

# What decides is said, also when it is the domain or a stream only.
want_ok pmta-suppress add @y.example --reason "whole domain"
want_ok pmta-suppress add str@z.example --reason r --scope stream:news
want_exit 0 pmta-suppress show any@y.example
want_line out "any@y.example: suppressed: manual since "
want_line out "reason      whole domain"
want_exit 0 pmta-suppress show @y.example
want_exit 0 pmta-suppress show str@z.example
want_line out "str@z.example: suppressed for some streams only, see below"
want_exit 1 pmta-suppress show nobody@z.example
want_eq "$(cat out)" "nobody@z.example: not suppressed: nothing is known of it" \
	"of a stranger"
want_exit 1 pmta-suppress show nobody@z.example --json
want_eq "$(cat out)" \
	'{"address":"nobody@z.example","suppressed":false,"class":null,"erased":null,"entries":[],"evidence":[],"changes":[],"never_suppress":null,"would_list":[]}' \
	"of a stranger, JSON"
want_exit 65 pmta-suppress show nosuch
want_exit 64 pmta-suppress show a@x.example b@x.example
