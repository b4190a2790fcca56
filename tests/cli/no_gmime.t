# A machine from which GMime is gone: what reads no mail does not notice, a mail
# waits in the journal until it is there again.
. "$SRC/tests/cli/lib.sh"

lacks=$(dirname "$(command -v pmta_standin)")/no_gmime.so
LD_PRELOAD=$lacks pmta-suppress --version >out 2>&1 ||
	skip "this build takes no other library before its own"

report ada@x.example >ada.eml
{
	acct_header
	row b "2026-11-20 08:00:00+0000" bob@x.example "5.1.1 (no)" \
		"smtp;550 5.1.1 no such user" "mx.gone.example (192.0.2.25)"
} >rows
export LD_PRELOAD="$lacks"
want_exit 69 pmta-suppress ingest ada.eml
want_line err "install GMime 3"
want_ok pmta-suppress ingest rows
want_exit 0 pmta-suppress check bob@x.example

printf '[pipe]\ndrain-timeout = 1s\n' >short.conf
pmta-suppress-pipe --config "$PWD/short.conf" --input message \
	--log "$PWD/log" <ada.eml || fail "exit $?, with the mail in the journal"
want_line log "install GMime 3"
want_no_line log "died"
want_exit 1 pmta-suppress check ada@x.example
unset LD_PRELOAD
pmta-suppress-pipe --log "$PWD/log" <rows || fail "exit $?"
want_exit 0 pmta-suppress check ada@x.example
