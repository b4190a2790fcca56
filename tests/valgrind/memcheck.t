# Commands and the pipe (mover, worker, adoption, a message) under valgrind:
# nothing is read that was not written, nothing is lost track of.
. "$SRC/tests/cli/lib.sh"

command -v valgrind >/dev/null || skip "no valgrind here"
[ -e "$BUILD/valgrind/no_jit.so" ] || skip "make valgrind builds it"
grep -q -e -fsanitize "$BUILD/flags" && skip "not with sanitizers"
calm
# Its own memory would count as the worker's.
printf '[pipe]\nworker-memory = 0\ndrain-timeout = 300s\n[journal]\nsegment-size = 16K\n' \
	>>pmta-suppress.conf
printf '[retain]\nevidence = 1d\n' | cat pmta-suppress.conf - >own.conf

check() {
	LD_PRELOAD=$BUILD/valgrind/no_jit.so valgrind -q --suppressions="$SRC/tests/valgrind/system.supp" \
		--error-exitcode=99 --leak-check=full \
		--errors-for-leak-kinds=definite --show-leak-kinds=definite \
		--trace-children=no --child-silent-after-fork=no \
		--log-file=found.%p "$@"
}
judged() { # WHAT: no process has found anything
	for found in found.*; do
		[ ! -s "$found" ] || { cat "$found"; fail "$1"; }
	done
	rm -f found.*
}
# try CODE COMMAND...
try() {
	want=$1
	shift
	check "$BUILD/pmta-suppress" "$@" >out 2>err
	got=$?
	judged "$*"
	[ "$got" -eq "$want" ] || { cat out err; fail "'$*' exited $got"; }
}

pmta_standin --make 300 --seed 3 --print >rows
{
	acct_header
	row b "2026-11-18 01:00:00+0000" odd@odd.example "5.9.9 (odd)" \
		"smtp;599 nobody knows what this means" "mx.odd.example (192.0.2.7)"
	row b "2026-11-18 02:00:00+0000" gone@b.example "5.1.1 (bad)" \
		"smtp;550 5.1.1 User unknown" "mx.b.example (192.0.2.9)"
	printf 'b,broken "row,x\n\001\377\n{"type":"b"}\n'
} >more
mkdir mails
cp "$SRC"/tests/fuzz/seeds/message/*.eml mails/
gzip -k rows

# shellcheck disable=SC2002 # it is to be a pipe
cat rows | check "$BUILD/pmta-suppress-pipe" --log "$PWD/log" || fail "exit $?"
judged "the pipe"
want_no_line log "exit code 99"
check "$BUILD/pmta-suppress-pipe" --log "$PWD/log" --input message \
	--from=x@y.example --to=bounce@s.example <mails/dsn-postfix.eml ||
	fail "exit $?"
judged "the pipe, a message"
# A mover that is killed, and the start that takes its stream up.
mkfifo in
check "$BUILD/pmta-suppress-pipe" --log "$PWD/log" <in &
pid=$!
exec 3>in
cat more >&3
wait_until 60 sh -c 'cat state/journal/*.seg | grep -q odd.example' ||
	fail "no bytes"
kill -9 "$pid"
exec 3>&-
wait "$pid"
rm -f found."$pid"
acct_header | check "$BUILD/pmta-suppress-pipe" --log "$PWD/log" ||
	fail "exit $?"
wait_until 120 sh -c '! pgrep -f "[p]mta-suppress-pipe --log '"$PWD"'"'
judged "the pipe, an adopted stream"

try 0 ingest rows.gz more mails
try 0 add hand@d.example @dom.example --reason asked
try 0 check hand@d.example
try 0 show gone@b.example
try 0 show --json gone@b.example
try 0 subject gone@b.example
try 0 list
try 0 export --output list.csv
try 0 export --profile sendgrid
try 0 export --since-cursor crm --output delta.csv
try 0 import list.csv --skip-bad --reason again
try 0 scrub list.csv --keep send.csv --drop not.csv
try 0 scrub --low-memory list.csv
try 0 changes --since 0
try 0 classify "550 5.1.1 User unknown"
try 0 rules explain "550 5.1.1 User unknown"
try 0 anonymise more
try 0 unknowns
try 0 disagreements
try 0 report codes --since 400d
try 0 policy test own.conf
try 0 status --json
try 1 incident list
try 0 verp key new
try 0 verp sign a@b.example
try 0 hold --domain d1.example --reason odd
try 0 remove --domain d2.example --reason odd
try 0 undo --list
try 0 erase hand@d.example
try 0 expire
try 0 --config own.conf gc
try 0 dump
try 0 help export
try 64 nothing
