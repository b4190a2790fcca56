# The n-th allocation of a whole program fails: of each command, of the pipe's
# mover, of its worker, for rows and for a message. See fault_program.c.
. "$SRC/tests/cli/lib.sh"

every=${FAULT_MEMORY_EVERY:-1}
fault=$BUILD/fault
[ -x "$fault/fault_program" ] || skip "make fault builds it"

# ---- the state that each begins with ----

cat >>pmta-suppress.conf <<END
[storm]
recipients = 20
[journal]
segment-size = 16K
END
cp pmta-suppress.conf own.conf
printf '[retain]\nevidence = 1d\n' >>own.conf

DATE=2026-11
many() { # TYPE DAY FROM TO STATUS DIAG
	for i in $(seq "$3" "$4"); do
		row "$1" "$DATE-$2 10:00:$(printf %02d $((i % 60)))+0000" \
			"u$i@gmail.com" "$5" "$6" \
			"gmail-smtp-in.l.google.com (192.0.2.25)"
	done
}
{
	acct_header
	for day in 03 05 09 12; do
		many d $day 1 60 "2.0.0 (success)" "smtp;250 2.0.0 OK"
	done
	many b 17 1 40 "5.1.1 (bad destination mailbox address)" \
		"smtp;550 5.1.1 The account that you tried to reach does not exist"
	row b "$DATE-18 01:00:00+0000" odd@odd.example "5.9.9 (odd)" \
		"smtp;599 nobody knows what this means" "mx.odd.example (192.0.2.7)"
	row b "$DATE-18 02:00:00+0000" gone@b.example "5.1.1 (bad)" \
		"smtp;550 5.1.1 User unknown" "mx.b.example (192.0.2.9)" \
		"$DATE-18 01:59:00+0000" policy-related
} >before.csv
{
	acct_header
	for i in 1 2 3 4 5 6; do
		row b "$DATE-19 0$i:00:00+0000" "n$i@c.example" "5.1.1 (bad)" \
			"smtp;550 5.1.1 User unknown" "mx.c.example (192.0.2.9)"
		row d "$DATE-19 0$i:10:00+0000" "m$i@c.example" "2.0.0 (ok)" \
			"smtp;250 ok" "mx.c.example (192.0.2.9)"
	done
} >rows.csv
acct_header >header.csv
seq 1 30 | sed 's/.*/i&@import.example,asked,2024-03-0&/' |
	sed 's/-0\([0-9]\)[0-9]$/-0\1/; 1i address,reason,since' >import.csv
mkdir mails
# No two tell of one failure: which of them came first is no matter.
cp "$SRC"/tests/data/mail/dsn-postfix.eml "$SRC"/tests/data/mail/arf.eml \
	mails/ 2>/dev/null ||
	cp "$SRC"/tests/fuzz/seeds/message/dsn-postfix.eml \
		"$SRC"/tests/fuzz/seeds/message/arf.eml mails/
printf '550 5.1.1 User unknown\n452 4.2.2 full\n' >replies

# All that is said stands at one second.
printf '@%019d' 1795262400 >clock # 2026-11-21 16:00
FAULT_CLOCK=$PWD/clock
export FAULT_CLOCK
clocked() {
	LD_PRELOAD=$fault/shim_clock.so "$@" >out 2>err || {
		cat out err
		fail "'$*' in a clean run"
	}
}
clocked pmta-suppress-pipe --log "$PWD/log" <before.csv
clocked pmta-suppress import import.csv --reason old
clocked pmta-suppress add hand@d.example @dom.example --reason asked
clocked pmta-suppress add gone@erase.example away@erase.example --reason asked
clocked pmta-suppress erase gone@erase.example
clocked pmta-suppress verp key new
clocked pmta-suppress export --since-cursor crm --output delta.csv
clocked pmta-suppress incident list
cp -a state base
token=$(LD_PRELOAD=$fault/shim_clock.so pmta-suppress verp sign a@b.example |
	head -n 1)
token=${token##* }

# ---- the programs ----

bad=0

names=
# try NAME [OPTION...] -- PROGRAM...
try() {
	name=$1
	shift
	names="$names ${name%% *}"
	case " ${FAULT_COMMANDS:-$name} " in
	*" $name "*) ;;
	*) return ;;
	esac
	for lasts in "" --lasts; do
		[ -z "$lasts" ] || [ "$every" -eq 1 ] || continue
		# shellcheck disable=SC2086
		"$fault/fault_program" --name "$name" --every "$every" $lasts \
			--preload "$fault/shim_clock.so $fault/shim_memory.so" \
			"$@" || bad=1
	done
}
s=pmta-suppress
try check -- $s check u1@gmail.com gone@b.example i1@import.example
try scrub --output send.csv -- $s scrub import.csv --keep send.csv
try list -- $s list
try show -- $s show gone@b.example
try subject -- $s subject gone@b.example
try erase --writes -- $s erase away@erase.example
try add --writes -- $s add new@d.example @new.example --reason asked
try remove --writes -- $s remove --domain import.example --reason odd
try hold --writes -- $s hold --domain import.example --reason odd
try undo --writes -- $s undo 1
try expire --writes -- $s expire
try gc --piecemeal -- $s --config own.conf gc
try import --writes -- $s import import.csv --reason again --class manual
try import-new --writes -- $s import rows.csv --reason x --skip-bad
try export --output list.csv -- $s export --output list.csv
try export-delta --writes --output delta.csv -- \
	$s export --since-cursor crm --output delta.csv
try changes -- $s changes --since 0
try ingest --piecemeal -- $s ingest rows.csv
try ingest-mails --piecemeal -- $s ingest mails
try classify -- $s classify '550 5.1.1 User unknown'
try classify-batch --input replies -- $s classify --batch
try anonymise -- $s anonymise before.csv --key k
try rules -- $s rules lint
try unknowns -- $s unknowns
try disagreements -- $s disagreements
try report -- $s report codes
try policy -- $s policy test own.conf
try status -- $s status
try incident -- $s incident show 1
try incident-release --writes -- $s incident release 1 --reason seen
try verp -- $s verp verify "$token" --rcpt a@b.example
try verp-key --writes --loose --then "$s verp key list >/dev/null" -- \
	$s verp key new
try dump -- $s dump
try help -- $s help export

# Each start takes up what the one before has left; nothing is passed over.
none='! ls state/quarantine/* >/dev/null 2>&1'
for who in mover worker; do
	children=
	[ $who = mover ] || children=--children
	# shellcheck disable=SC2086
	try "$who" $children --piecemeal --input rows.csv --again header.csv \
		--then "$none" -- pmta-suppress-pipe --log "$PWD/log"
	# shellcheck disable=SC2086
	try "$who-message" $children --piecemeal --input mails/dsn-postfix.eml \
		--again /dev/null --then "$none" -- pmta-suppress-pipe \
		--log "$PWD/log" --input message --from=x@y.example \
		--to=bounce@s.example
done

$s help | sed -n 's/^  \([a-z]\{1,\}\)  .*/\1/p' >known
while read -r name; do
	case " $names " in
	*" $name "*) ;;
	*) fail "no run of '$name': add it here" ;;
	esac
done <known
[ -s known ] || fail "help names no command"
[ "$bad" -eq 0 ] || fail "see above"
