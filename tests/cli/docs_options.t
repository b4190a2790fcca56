# Commands and options in the programs' own help and in the manual pages are
# the same; the pages' examples run.
. "$SRC/tests/cli/lib.sh"

# COMMAND|--option for each option that a help text lists.
pmta-suppress help >out
awk '/^  [a-z]/ { print $1 }' out >commands
[ "$(wc -l <commands)" -gt 8 ] || fail "the help names too few commands"
{
	sed -n 's/^  \(--[a-z-]*\).*/general|\1/p' out
	while read -r command; do
		pmta-suppress help "$command" |
			sed -n "s/^  \\(--[a-z-]*\\).*/$command|\\1/p"
	done <commands
} | sort >code

# The same of a page: .Ss starts a command, .It Fl an option or several.
options_of() {
	awk '/^\.Sh / { s = "" } /^\.Sh DESCRIPTION/ { s = "general" }
		/^\.Ss / { s = $2 }
		s != "" && /^\.It Fl/ {
			n = split($0, word, " ")
			for (i = 1; i <= n; i++)
				if (word[i] == "Fl") print s "|-" word[i + 1]
		}' "$1" | sort
}
options_of "$SRC/man/pmta-suppress.1" >page
want_same code page "man/pmta-suppress.1 differs from the help texts"
sed -n 's/^\.Ss //p' "$SRC/man/pmta-suppress.1" >page
want_same commands page "man/pmta-suppress.1: other commands"

pmta-suppress-pipe --help | grep -o -e '--[a-z]*' | sort -u |
	sed 's/^/general|/' >code
options_of "$SRC/man/pmta-suppress-pipe.8" | sed 's/|-\(-[a-z]*\).*/|-\1/' |
	sort -u >page
want_same code page "man/pmta-suppress-pipe.8 differs from the help text"

# The examples, one after the other. What they name is put there first.
cp "$SRC/tests/data/sample-acct.csv" acct.csv
cp acct.csv acct-2026-11-20-0000.csv
printf 'email,reason\njo@old.example,left\n' >old-list.csv
printf 'email,name\njo@old.example,Jo\n' >list.csv
cat >bounce.eml <<'END'
Return-Path: <>
Received: from mx.example (192.0.2.1) by mta.example id 1 for
	<bounce@example.com>; Fri, 20 Nov 2026 10:00:00 +0000
From: MAILER-DAEMON@mx.example
To: bounce@example.com
Subject: Undelivered Mail Returned to Sender
Message-ID: <1@mx.example>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary=b

--b
Content-Type: text/plain

It could not be delivered.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; gone@mx.example
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 <gone@mx.example>: no such user

--b--
END
for page in pmta-suppress-pipe.8 pmta-suppress.1; do
	awk '/^\.Sh / { on = /EXAMPLES/ } !on { next }
		sub(/^\.Dl \$ /, "") || sub(/^\$ /, "") || sub(/^    /, "") {
			if (sub(/\\e$/, "")) printf "%s", $0
			else print
		}' "$SRC/man/$page" >examples
	[ -s examples ] || fail "man/$page has no example"
	while IFS= read -r line; do
		case $line in *send-it*) continue ;; esac
		sh -c "$line" >out 2>err </dev/null
		code=$?
		[ "$code" -le 1 ] || { cat err; fail "$page: '$line' exited $code"; }
		want_no_line err "rror:"
	done <examples
done
want_exit 0 pmta-suppress check gone@mx.example

# The examples that the help texts give.
while read -r command; do
	line=$(pmta-suppress help "$command" | sed -n 's/^Example: //p')
	[ -n "$line" ] || fail "help $command gives no example"
	case $line in
	*/var/log/pmta/* | *send-it* | *./rules*) continue ;;
	esac
	sh -c "$line" >out 2>err </dev/null
	code=$?
	[ "$code" -le 1 ] || { cat err; fail "help: '$line' exited $code"; }
done <commands
