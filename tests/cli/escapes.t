# Bytes of strangers that would steer a terminal, break a line of output or a
# log, or run in a spreadsheet: no command lets them through, whatever field
# they came in. Only scrub and anonymise give rows back as they came.
. "$SRC/tests/cli/lib.sh"

calm
# Escape, bell, backspace, C1 as a byte and as UTF-8, a turned line (U+202E),
# a line end, and what a spreadsheet would run.
evil=$(printf '\033[31m\007\010\233\302\2332J\342\200\256=cmd()\rX')
nasty=$(printf '%s\ntype,x\nd,2026' "$evil")
{
	acct_header
	for field in diag mta status rcpt orig vmta job env queue cat; do
		diag="smtp;550 5.1.1 User unknown" mta="mx.b.example (192.0.2.1)"
		status="5.1.1 (bad)" rcpt=$field@b.example orig=n@s.example
		vmta=v1 job=j1 env=e1 queue=b.example/v1 cat=bad-mailbox
		eval "$field=\"\$$field\$nasty\""
		printf 'b,2026-10-05 08:00:00+0000,2026-10-05 07:59:00+0000'
		for value in "$orig" "$rcpt" "" failed "$status" "$diag" "$mta" \
			"$cat" smtp "app (10.0.0.1)" smtp 10.0.0.2 192.0.2.1 "" 1 \
			"$vmta" "$job" "$env" "$queue" "$vmta"; do
			printf ',%s' "$(csv_field "$value")"
		done
		printf '\n'
	done
	row b "2026-10-05 09:00:00+0000" "\"=cmd()\"@b.example" "5.1.1 (bad)" \
		"smtp;550 5.1.1 =1+1 $evil" "mx.b.example (192.0.2.1)"
	row b "2026-10-05 09:00:01+0000" odd@b.example "5.9.9 (odd)" \
		"smtp;599 5.9.9 nobody knows $nasty" "mx.b.example (192.0.2.1)"
} >rows
printf 'type,%s,rcpt,timeLogged\nb,1,x@b.example,2026\n' "$evil" >header
{
	printf 'From: a@b.example\nTo: bounce@s.example\nSubject: %s\n' "$evil"
	printf 'Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n'
	printf -- '--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; %s\n\n' "$evil"
	printf 'Final-Recipient: rfc822; mail@b.example\nAction: failed\nStatus: 5.1.1\n'
	printf 'Diagnostic-Code: smtp; 550 5.1.1 unknown %s\nRemote-MTA: dns; %s\n\n--b--\n' "$evil" "$evil"
} >mail.eml
{
	printf 'address,reason\n'
	printf 'listed@i.example,"because %s"\n' "$nasty"
	printf '%s@i.example,x\n' "$evil"
} >import.csv

# clean WHAT FILE [csv]: tab, newline and what can be seen; CSV has CR LF.
clean() {
	sed "s/$(printf '\r')\$//" "$2" >plain
	[ "${3:-}" = csv ] || cp "$2" plain
	if LC_ALL=C grep -naP '[\x00-\x08\x0b-\x1f\x7f]|\xc2[\x80-\x9f]|\xe2\x80[\xaa-\xae]|\xe2\x81[\xa6-\xa9]' plain |
		cat -v | head -n 3 | grep .; then
		fail "$1 lets control bytes through"
	fi
	if ! iconv -f UTF-8 -t UTF-8 <"$2" >/dev/null 2>&1; then
		fail "$1 prints what is no UTF-8"
	fi
}
# try COMMAND...: whatever it answers, no raw byte of theirs is in it.
try() {
	pmta-suppress "$@" >out 2>err
	[ $? -lt 128 ] || { cat err; fail "'$1' crashed"; }
	kind=
	case $1 in
	export | changes | list) kind=csv ;;
	esac
	clean "'$*' on stdout" out "$kind"
	clean "'$*' on stderr" err
}

# shellcheck disable=SC2002
cat rows | pmta-suppress-pipe --log "$PWD/log" 2>err || fail "exit $?"
clean "the pipe's stderr" err
pmta-suppress-pipe --log "$PWD/log" --input message --from=x@y.example \
	--to="$evil@s.example" <mail.eml || fail "exit $?"
pmta-suppress-pipe --log "$PWD/log" <header || fail "exit $?"
clean "the pipe's log" log
try ingest rows header mail.eml "$evil"
try ingest --dry-run rows header mail.eml
try ingest --dry-run --json rows mail.eml
try import import.csv --report report.csv
clean "the report of an import" report.csv csv
try import import.csv --skip-bad
try add hand@h.example --reason "$nasty"
try add "$evil@h.example" --reason x
try add @h.example --reason "$evil"
for json in "" --json; do
	for address in odd@b.example listed@i.example hand@h.example \
		mail@b.example "\"=cmd()\"@b.example" "$evil@x.example"; do
		# shellcheck disable=SC2086
		{
			try check $json "$address"
			try show $json "$address"
			try subject $json "$address"
		}
	done
	for command in list export "changes --since 0" status "report codes" \
		unknowns disagreements "incident list --all" "undo --list" \
		"export --profile sendgrid" "rules list"; do
		# shellcheck disable=SC2086
		try $command $json
	done
	try classify $json "550 5.1.1 $nasty"
	try classify $json --mta "$evil" --rcpt "$evil" --dsn-status "$evil" "$evil"
	try rules explain $json "550 5.1.1 $nasty"
	try verp verify $json "$evil"
	try list $json "$evil"
	try policy test pmta-suppress.conf $json
done
try dump
try "$evil"
try check --"$evil"
try help "$evil"
try --config "$evil" list
try --state "$evil" list
printf '[no %s]\n%s = %s\n' "$evil" "$evil" "$evil" >bad.conf
try --config bad.conf list
mkdir rules
printf '[a.b]\nclass = %s\nmatch = /%s/\n' "$evil" "$evil" >rules/10-x.rules
try --rules rules rules lint
try scrub "$evil"
printf 'email\na@b.example\n' >list.csv
try scrub --column "$evil" list.csv

# No cell that a spreadsheet would run.
pmta-suppress export >out
grep -q '=cmd' out || fail "the entry to look at is not there"
grep -nE '(^|,)"?[=+@-]' out | grep -v '@h.example' && fail "a formula"
want_exit 0 pmta-suppress export --raw
exit 0
