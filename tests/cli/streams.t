# What makes a stream of mail: [pipe] stream-key, for rows and for raw mails;
# and entries that hold in one stream only.
. "$SRC/tests/cli/lib.sh"

HEAD="type,timeLogged,timeQueued,orig,rcpt,feedbackType,jobId,vmta,\
header_x-campaign,header_X-Job"
# complaint RCPT JOB CAMPAIGN
complaint() {
	printf 'f,2026-11-01 08:00:00+0000,,n@s.example,%s,opt-out,%s,vm1,%s,from-header\n' \
		"$1" "$2" "$3"
}
# run KEY: a new database that knows streams by KEY
run() {
	rm -rf state
	printf '[pipe]\nstream-key = %s\n' "$1" >pmta-suppress.conf
	want_ok pmta-suppress ingest rows.csv
}
{
	echo "$HEAD"
	complaint a@b.example spring-7 News
	complaint b@b.example spring_8 '"Two words"'
} >rows.csv

run job-prefix
want_ok pmta-suppress check --stream spring a@b.example
want_line out "suppressed: fbl.optout"
want_ok pmta-suppress check --stream spring b@b.example
want_exit 1 pmta-suppress check --stream summer a@b.example b@b.example
want_exit 1 pmta-suppress check a@b.example b@b.example

# Any header column, whatever words stand in it.
run header_X-Campaign
want_ok pmta-suppress check --stream news a@b.example
want_exit 1 pmta-suppress check --stream spring a@b.example
want_ok pmta-suppress check --stream "two words" b@b.example
want_exit 1 pmta-suppress check b@b.example

# One that we know for another thing, too.
run header_X-Job
want_ok pmta-suppress check --stream from-header a@b.example
run job
want_ok pmta-suppress check --stream spring-7 a@b.example

# Without the column there is no stream.
run header_X-Other
want_ok pmta-suppress check a@b.example

# The pipe does the same, and goes on with it where it was left off.
printf '[pipe]\nstream-key = header_X-Campaign\n' >pmta-suppress.conf
rm -rf state
pipe_rows rows.csv || fail "pipe: exit $?"
want_ok pmta-suppress check --stream news a@b.example

# A raw mail: the field of the copy that came back.
cat >arf.eml <<'END'
Received: from x (192.0.2.1) by us id 1 for <fbl@s.example>;
	Fri, 20 Nov 2026 10:00:00 +0000
From: fbl@isp.example
To: fbl@s.example
Subject: abuse
MIME-Version: 1.0
Content-Type: multipart/report; report-type=feedback-report; boundary=b

--b
Content-Type: text/plain

This is a complaint.

--b
Content-Type: message/feedback-report

Feedback-Type: opt-out
User-Agent: x/1
Version: 1
Original-Rcpt-To: mail@b.example

--b
Content-Type: message/rfc822

From: n@s.example
To: mail@b.example
Message-ID: <7@s.example>
X-CAMPAIGN: Autumn
Subject: news

text
--b--
END
want_ok pmta-suppress ingest arf.eml
want_ok pmta-suppress check --stream autumn mail@b.example
want_exit 1 pmta-suppress check mail@b.example

printf '[pipe]\nstream-key = header_\n' >pmta-suppress.conf
want_exit 78 pmta-suppress status
want_line err 'stream-key: bad value "header_"; it is: what makes a stream of mail: orig-domain, vmta, pool, job, job-prefix, header_NAME, none'

# What is lifted for one stream says nothing of the others: neither what they
# stand on nor what counts towards an entry.
rm -rf state
printf '[pipe]\nstream-key = job-prefix\n[policy]\nrefused-span = 0\n' \
	>pmta-suppress.conf
calm
refused() { # refused DAY JOB RCPT: each job has its own hour
	hour=8
	[ "$2" = spring ] || hour=9
	row b "2026-10-0$1 0$hour:00:00+0000" "$3" "5.7.2 (refused)" \
		"smtp;550 5.7.2 The recipient does not accept mail from this sender" \
		"mx.b.example (192.0.2.9)" | sed "s/,job1,/,$2-1,/"
}
{
	echo "$HEAD"
	complaint both@b.example spring-7 x
	complaint both@b.example summer-7 x | sed 's/08:00/09:00/'
} >optouts.csv
{
	acct_header
	for day in 1 2 3; do
		refused $day spring lifted@b.example
		refused $day summer lifted@b.example
	done
	refused 1 spring few@b.example
	refused 1 summer few@b.example
	refused 2 summer few@b.example
	refused 3 summer few@b.example
	refused 2 spring few@b.example
} >refused.csv
want_ok pmta-suppress ingest optouts.csv refused.csv
want_ok pmta-suppress remove --stream spring both@b.example --reason back
want_exit 1 pmta-suppress check --stream spring both@b.example
want_ok pmta-suppress hold --stream summer 'both@*' --reason "looks odd"
want_ok pmta-suppress undo 2
want_line out "undone: 1 changes"
want_ok pmta-suppress check --stream summer both@b.example
want_ok pmta-suppress undo 1
want_ok pmta-suppress check --stream spring both@b.example

want_ok pmta-suppress check --stream summer few@b.example
want_ok pmta-suppress remove --stream summer few@b.example lifted@b.example \
	--reason back
{
	acct_header
	refused 4 spring few@b.example
	row d "2026-10-05 08:00:00+0000" lifted@b.example "2.0.0 (success)" \
		"smtp;250 2.0.0 OK" "mx.b.example (192.0.2.9)"
} >later.csv
want_ok pmta-suppress ingest later.csv
want_ok pmta-suppress check --stream spring few@b.example
want_exit 1 pmta-suppress check --stream summer few@b.example
want_exit 1 pmta-suppress check --stream spring lifted@b.example

# By a hand for one stream, by the policy for all mail: of two entries that are
# named alike the one that is lifted takes nothing from the other.
{
	acct_header
	for day in 1 5; do
		row b "2026-10-0$day 08:00:00+0000" gone@b.example \
			"5.2.1 (mailbox disabled)" \
			"smtp;550 5.2.1 mailbox disabled" "mx.b.example (192.0.2.9)"
	done
} >gone.csv
want_ok pmta-suppress ingest gone.csv
want_ok pmta-suppress add gone@b.example --class gone.inactive \
	--scope stream:spring --reason asked
want_ok pmta-suppress remove --stream spring gone@b.example --reason back
pmta-suppress dump | awk -F '\t' \
	'$1 == "evidence" && $2 == "gone@b.example" { print $8 }' >states
want_eq "$(cat states)" "0
0" "the evidence of the other entry"

# A delivery lifts what stands on cleared evidence for every stream, however many.
rm -rf state
printf '[pipe]\nstream-key = job-prefix\n[policy]\n%s\n%s\n' \
	'refused-messages = 1' 'refused-span = 0' >pmta-suppress.conf
{
	acct_header
	for job in $(seq 12); do
		refused 4 "job$job" many@b.example |
			sed "s/09:00:00/09:00:$((job + 10))/g"
	done
} >many.csv
want_ok pmta-suppress ingest many.csv
want_ok pmta-suppress list --all many@b.example
want_eq "$(grep -c active out)" 12 "streams"
{
	acct_header
	row d "2026-10-05 08:00:00+0000" many@b.example "2.0.0 (success)" \
		"smtp;250 2.0.0 OK" "mx.b.example (192.0.2.9)"
} >taken.csv
want_ok pmta-suppress ingest taken.csv
want_ok pmta-suppress list --all many@b.example
want_eq "$(grep -c active out)" 0 "streams after a delivery"
