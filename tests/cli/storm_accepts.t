# Who was listed before a storm opened, and took mail before that, too, is
# dropped by it, not held: in whatever order, and however often, that is read.
. "$SRC/tests/cli/lib.sh"

for day in 03 05 09 12; do
	gmail_rows d "$day" 1 700
done >before
gmail_rows b 17 1 3 >first
row d "2026-11-17 10:05:00+0000" u1@gmail.com "2.0.0 (success)" \
	"smtp;250 2.0.0 OK" "gmail-smtp-in.l.google.com (192.0.2.25)" >took
gmail_rows b 17 600 700 >rest
file() { # file NAME PART...
	name=$1
	shift
	acct_header | cat - "$@" >"$name.csv"
}
file all before first took rest
file early before first rest
file took took
file begin before first took
file rest rest

pipe_rows all.csv || fail "pipe: exit $?"
want_ok pmta-suppress incident list
want_line out "1   open   103   storm"
want_exit 1 pmta-suppress check u1@gmail.com
want_eq "$(cat out)" "u1@gmail.com: not suppressed" "who took mail"
want_exit 1 pmta-suppress check u2@gmail.com
want_line out "held in incident 1"
want_ok pmta-suppress show u1@gmail.com
want_line out "entry: gone.mailbox, global: lifted"
want_line out "remove gone.mailbox, global, by policy: a later delivery"

# The parallel file, and a file that brings the delivery late.
pmta-suppress dump >want
want_ok pmta-suppress ingest all.csv
pmta-suppress dump >got
want_same want got "the parallel file"
want_ok pmta-suppress --state late ingest early.csv
want_exit 1 pmta-suppress --state late check u1@gmail.com
want_line out "held in incident 1"
want_ok pmta-suppress --state late ingest took.csv
pmta-suppress --state late dump >got
want_same want got "the delivery comes late"

# A release lists the others.
want_ok pmta-suppress incident release 1 --reason "they are gone"
want_exit 1 pmta-suppress check u1@gmail.com
want_ok pmta-suppress check u2@gmail.com

# A lift that was taken back is no delivery, and leaves the one that was.
rm -rf state
want_ok pmta-suppress ingest begin.csv
want_ok pmta-suppress check u1@gmail.com u2@gmail.com
want_ok pmta-suppress remove u1@gmail.com u2@gmail.com --reason back
want_ok pmta-suppress undo 1
want_ok pmta-suppress check u1@gmail.com u2@gmail.com
want_ok pmta-suppress ingest rest.csv
want_exit 1 pmta-suppress check u1@gmail.com
want_eq "$(cat out)" "u1@gmail.com: not suppressed" "who took mail"
want_exit 1 pmta-suppress check u2@gmail.com
want_line out "held in incident 1"

# Of one address what stands for each stream is withdrawn.
printf '[policy]\nrefused-messages = 1\nrefused-span = 0\n' >>pmta-suppress.conf
refused() { # STREAM HOUR FIRST LAST
	gmail_rows b 17 "$3" "$4" |
		sed "s/,n@s.example,/,n@$1.example,/; s/ 10:/ $2:/g
		s/smtp;550[^\",]*/smtp;550 5.7.1 recipient does not want to receive mail from you/"
}
refused s1 11 1 3 >one
refused s2 12 1 3 >two
refused s1 13 600 700 >many
file streams before one two many
want_ok pmta-suppress --state streams ingest streams.csv
want_ok pmta-suppress --state streams incident list
want_line out "google    refused.personal"
want_ok pmta-suppress --state streams list --all u1@gmail.com
want_eq "$(sed 1d out | awk '{ print $3, $4 }')" "stream:s1.example held
stream:s2.example held" "both entries"
