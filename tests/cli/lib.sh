# lib.sh - what tests/cli/*.t share; each begins with `. "$SRC/tests/cli/lib.sh"`
# shellcheck shell=sh
# A test runs in an empty folder of its own. PATH finds the built programs and
# the stand-ins of tests/tools; nothing of the machine's own set-up is used:
# the state is ./state and the configuration ./pmta-suppress.conf.
set -u

# Files are the test's own whoever runs it.
umask 022
: >pmta-suppress.conf
PMTA_SUPPRESS_STATE=$PWD/state
PMTA_SUPPRESS_CONFIG=$PWD/pmta-suppress.conf
export PMTA_SUPPRESS_STATE PMTA_SUPPRESS_CONFIG

# calm [FILE]: rows made for a test fail more often than real ones do; no storm
# and no breaker holds them.
calm() {
	printf '%s\n' '[storm]' 'recipients = 1000000' \
		'breaker-floor = 1000000' 'report-floor = 1000000' \
		'complaint-floor = 1000000' >>"${1:-pmta-suppress.conf}"
}

fail() {
	printf 'FAILED: %s\n' "$*"
	exit 1
}

skip() {
	printf '%s\n' "$*"
	exit 77
}

# want_eq GOT WANT WHAT
want_eq() {
	if [ "$1" != "$2" ]; then
		printf '%s\n' "--- got" "$1" "--- want" "$2"
		fail "$3"
	fi
}

# want_exit CODE COMMAND...: runs it; its output is then in ./out and ./err.
want_exit() {
	want_code=$1
	shift
	"$@" >out 2>err
	got_code=$?
	if [ "$got_code" -ne "$want_code" ]; then
		printf '%s\n' "--- stdout"
		cat out
		printf '%s\n' "--- stderr"
		cat err
		fail "'$*' exited $got_code, want $want_code"
	fi
}

# want_ok COMMAND...: exit 0 and nothing on stderr.
want_ok() {
	want_exit 0 "$@"
	if [ -s err ]; then
		cat err
		fail "'$*' wrote to stderr"
	fi
}

# want_line FILE TEXT: some line of FILE has TEXT.
want_line() {
	if ! grep -qF -e "$2" "$1"; then
		printf '%s\n' "--- $1"
		cat "$1"
		fail "$1 has no '$2'"
	fi
}

# want_no_line FILE TEXT
want_no_line() {
	if grep -F -e "$2" "$1"; then
		fail "$1 has '$2'"
	fi
}

# want_same FILE FILE WHAT
want_same() {
	if ! cmp -s "$1" "$2"; then
		diff -u "$1" "$2" | head -n 60
		fail "$3"
	fi
}

# wait_until SECONDS COMMAND...: until the command succeeds.
wait_until() {
	wait_left=$(($1 * 20))
	shift
	while ! "$@" >/dev/null 2>&1; do
		[ "$wait_left" -gt 0 ] || return 1
		wait_left=$((wait_left - 1))
		sleep 0.05
	done
}

# A field of a CSV row, quoted where it must be.
csv_field() {
	case $1 in
	*[\",]* | *"
"*) printf '"%s"' "$(printf '%s' "$1" | sed 's/"/""/g')" ;;
	*) printf '%s' "$1" ;;
	esac
}

# The header of PowerMTA's usual 23 columns.
acct_header() {
	echo type,timeLogged,timeQueued,orig,rcpt,orcpt,dsnAction,dsnStatus,\
dsnDiag,dsnMta,bounceCat,srcType,srcMta,dlvType,dlvSourceIp,dlvDestinationIp,\
dlvEsmtpAvailable,dlvSize,vmta,jobId,envId,queue,vmtaPool
}

# gmail_rows TYPE DAY FIRST LAST: rows of u1@gmail.com and so on under that header,
# for d and b, one a second from 10:00 of that day in November 2026.
gmail_rows() {
	awk -v type="$1" -v day="$2" -v from="$3" -v to="$4" 'BEGIN {
		for (i = from; i <= to; i++) {
			t = sprintf("2026-11-%s 10:%02d:%02d+0000", day,
				i / 60, i % 60)
			split(type == "d" ? "relayed|2.0.0|250 2.0.0 OK" : \
				"failed|5.1.1|550 5.1.1 no such user", w, "|")
			printf "%s,%s,%s,n@s.example,u%d@gmail.com,,%s,%s,", type,
				t, t, i, w[1], w[2]
			printf "smtp;%s,gmail-smtp-in.l.google.com ", w[3]
			printf "(192.0.2.25),,smtp,,smtp,198.51.100.1,"
			printf "192.0.2.25,,,v,j,,q,p\n"
		}
	}'
}

# row TYPE TIME RCPT STATUS DIAG MTA [TIME_QUEUED [BOUNCE_CAT]]: one row under
# that header, for d, b, t. TIME as PowerMTA writes it: 2026-10-05 08:00:00+0000
row() {
	case $1 in
	d) row_action=relayed ;;
	t) row_action=delayed ;;
	*) row_action=failed ;;
	esac
	row_out=$1
	for row_field in "$2" "${7:-$2}" news@bounces.shop.example "$3" "" \
		"$row_action" "$4" "$5" "$6" "${8:-}" smtp \
		"app.shop.example (198.51.100.5)" smtp 198.51.100.11 192.0.2.25 \
		"8BITMIME,SIZE" "" vmta1 job1 "" "${3##*@}/vmta1" pool1; do
		row_out=$row_out,$(csv_field "$row_field")
	done
	printf '%s\n' "$row_out"
}

# report RCPT: a mail that says of one recipient that there is no such user.
report() {
	printf '%s\n' "From: mailer@x.example" "Subject: failure notice" \
		"MIME-Version: 1.0" \
		"Content-Type: message/delivery-status" "" \
		"Reporting-MTA: dns; mx.x.example" "" \
		"Final-Recipient: rfc822; $1" "Action: failed" \
		"Status: 5.1.1" \
		"Diagnostic-Code: smtp; 550 5.1.1 no such user"
}

# pipe_rows FILE [OPTION...]: the pipe program reads the file as PowerMTA
# would feed it; its log goes to ./pipe.log.
pipe_rows() {
	pipe_file=$1
	shift
	# shellcheck disable=SC2002 # it is to be a pipe
	cat "$pipe_file" | pmta-suppress-pipe --log stderr "$@" 2>pipe.log
}
