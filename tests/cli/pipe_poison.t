# Records that kill the worker, or keep it for too long (here: by a library that
# dies of an address), go to quarantine/ after the second death; all others are
# worked on.
. "$SRC/tests/cli/lib.sh"

poison=$(dirname "$(command -v pmta_standin)")/poison.so
LD_PRELOAD=$poison pmta-suppress --version >out 2>&1 ||
	skip "this build takes no other library before its own"

bounce() { # RCPT
	row b "2026-11-20 08:00:00+0000" "$1" "5.1.1 (no)" \
		"smtp;550 5.1.1 no such user" "mx.gone.example (192.0.2.25)"
}

{
	acct_header
	bounce ada@x.example
	bounce one@poison.example
	bounce two@poison.example
	bounce bob@x.example
	bounce three@hang.example
	bounce cyd@x.example
} >rows
LD_PRELOAD=$poison pmta-suppress-pipe --log "$PWD/log" <rows ||
	{ cat log; fail "exit $?"; }
pmta-suppress list >out
want_eq "$(grep -c @ out)" 3 "listed beside the poison"
want_eq "$(ls state/quarantine | wc -l)" 3 "records in quarantine/"
want_line log "died twice at byte"
want_line log "the worker died at a record, by signal 14"
# By whichever worker: each that died took its own sums along.
pmta-suppress status >out
want_line out "quarantined 3"
for file in state/quarantine/*; do
	want_eq "$(grep -Ec '@(poison|hang).example' "$file")" 1 "what is in $file"
	want_eq "$(stat -c %a "$file")" 600 "mode of $file"
done
pmta-suppress status >out
want_line out "quarantine 3 records"

# A mail that a pipe's worker takes from its process: the same, and rows go on.
mkfifo in
LD_PRELOAD=$poison pmta-suppress-pipe --log "$PWD/log" <in &
pipe=$!
exec 5>in
acct_header >&5
wait_until 10 sh -c 'ls state/journal/.handover-*' || fail "nobody listens"
report four@poison.example | LD_PRELOAD=$poison pmta-suppress-pipe \
	--input message --log "$PWD/log" || fail "a mail left to a pipe: exit $?"
bounce eve@x.example >&5
exec 5>&-
wait "$pipe" || { cat log; fail "exit $?"; }
want_exit 0 pmta-suppress check eve@x.example
want_eq "$(ls state/quarantine | wc -l)" 4 "records in quarantine/"
