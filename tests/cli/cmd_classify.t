# classify: one reply in plain words, many as rows; one line out for each in.
. "$SRC/tests/cli/lib.sh"

want_ok pmta-suppress classify "550 5.1.1 <jo@a.example> user unknown"
want_line out "class       gone.mailbox (the mailbox does not exist)"
want_line out "decision    suppress-address"
want_line out "strength    strong"
want_line out "codes       550 5.1.1"
want_line out "advice"

# Words need no quotes; a soft reply suppresses nobody.
want_ok pmta-suppress classify 450 4.1.1 user unknown
want_line out "decision    count-soft"
want_line out "strength    none"
want_line out "follows     nobody is suppressed"

want_ok pmta-suppress classify --json --vmta-ip 192.0.2.1 --rcpt jo@a.example \
	--mta "mx.a.example (192.0.2.9)" --dsn-status "5.7.1 (delivery not authorized)" \
	"550 jo@a.example: 192.0.2.1 is blocked"
want_line out '"decision":"sender-fault"'
want_line out '"folded":"550 <rcpt>: <self-ip> is blocked"'
want_line out '"status":"5.7.1"'

# Bytes of strangers reach no terminal as they are.
want_ok pmta-suppress classify "$(printf '550 \033[31m \302\205 user unknown')"
want_no_line out "$(printf '\033')"

# A line for each line: empty ones, CRLF, NUL, no newline at the end.
printf '550 5.1.1 user unknown\n\n \r\n\0\377x\nxyzzy\r\n450 4.2.2 mailbox full' >in
want_ok pmta-suppress classify --batch <in
want_eq "$(wc -l <out)" 6 "lines out"
want_eq "$(sed -n 1p out | cut -f 1,2)" "gone.mailbox	suppress-address" "first"
want_eq "$(sed -n 2p out)" "unknown	count-soft	-" "an empty line"
want_eq "$(sed -n 5p out)" "unknown	count-soft	-" "a line that says nothing"
want_eq "$(sed -n 6p out | cut -f 1,2)" "full.mailbox	count-soft" "no newline"
want_ok pmta-suppress classify --batch </dev/null
want_eq "$(wc -c <out)" 0 "nothing in, nothing out"
want_ok pmta-suppress classify --batch --json <in
want_eq "$(grep -c '^{.*}$' out)" 6 "an object a line"

# A line of 3 MB is one line.
{
	printf '550 5.1.1 user unknown '
	head -c 3000000 /dev/zero | tr '\0' x
	printf '\n550 5.1.1 user unknown\n'
} >in
want_ok pmta-suppress classify --batch <in
want_eq "$(cut -f 1 out | sort | uniq -c | tr -s ' ')" " 2 gone.mailbox" "long"

# --flush answers before the next line is there.
mkfifo ask
pmta-suppress classify --batch --flush <ask >answers &
exec 3>ask
echo "550 5.1.1 user unknown" >&3
wait_until 10 test -s answers || fail "no answer while the input is open"
exec 3>&-
wait

# Mistakes name the mend.
want_exit 64 pmta-suppress classify
want_line err "write it in quotes"
want_exit 64 pmta-suppress classify --batch "550 no"
want_line err "leave the reply out"
want_exit 64 pmta-suppress classify --flush "550 no"
want_line err "add --batch"
want_exit 64 pmta-suppress classify --dsn-status x "550 no"
want_line err "classify: --dsn-status: 'x' is none; write a status code such as 5.1.1"
want_exit 64 pmta-suppress classify --vmta-ip bogus "550 no"
want_line err "--vmta-ip: 'bogus' is none; write an IP address such as"
want_ok pmta-suppress classify --vmta-ip 2001:db8::1 "550 no"
want_exit 64 pmta-suppress classify --rcpt x "550 no"
want_line err "write name@domain"
if [ -w /dev/full ]; then
	pmta-suppress classify "550 no" >/dev/full 2>err && fail "a full disk is no error"
	want_line err "cannot write"
fi

# What follows is said of the default settings; that these are others, too.
printf '[policy]\ngone-weak-days = 5\n' >weak.conf
want_ok pmta-suppress --config weak.conf classify '550 5.1.1'
want_line out "with the default settings, which yours are not"
want_ok pmta-suppress --config weak.conf classify '550 5.7.1 blocked by spamhaus.org'
want_no_line out "default settings"
printf '[policy]\nmode = observe\n' >observe.conf
want_ok pmta-suppress --config observe.conf classify --json '550 5.1.1'
want_line out '"follows":"nobody is suppressed, as [policy] mode is observe; else '

# Who sent it is ours, as it is where a row says it.
want_ok pmta-suppress classify --json --orig news@shop.example \
	"553 5.1.0 shop.example does not exist"
want_line out '"rule":"quoted.self-domain"'
want_line out '"folded":"553 5.1.0 <self-domain> does not exist"'
want_ok pmta-suppress rules explain --json --orig news@shop.example \
	"550 no mail from <news@shop.example>"
want_line out '<self-addr>'
want_exit 64 pmta-suppress classify --orig news "550 no"
want_line err "classify: --orig: 'news' is no address: nothing before or behind an @; write name@domain"
