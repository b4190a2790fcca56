# The worker has no more memory than [pipe] worker-memory; a limit that
# is less than the program itself is none, and is told.
. "$SRC/tests/cli/lib.sh"

mkfifo in
# limit SIZE: the worker's limit in bytes, as the kernel has it.
limit() {
	printf '[pipe]\nworker-memory = %s\n' "$1" >limit.conf
	pmta-suppress-pipe --config "$PWD/limit.conf" --log "$PWD/log" <in &
	pipe=$!
	exec 3>in
	acct_header >&3
	tries=0
	until worker=$(pgrep -P "$pipe") && [ -e state/suppress.db ] &&
		tr '\0' ' ' <"/proc/$worker/cmdline" | grep -q . &&
		sed -n 's/^Max data size *\([^ ]*\).*/\1/p' \
			"/proc/$worker/limits" >got && [ -s got ] &&
		{ [ "$(cat got)" != unlimited ] || [ -s log ]; }; do
		tries=$((tries + 1))
		[ "$tries" -lt 100 ] || break
		sleep 0.1
	done
	exec 3>&-
	wait "$pipe" || fail "the pipe ended with $?"
}

limit 3G
if grep -q "there is no limit" log; then
	skip "this build takes more memory than the limit"
fi
want_eq "$(cat got)" 3221225472 "the worker's limit"
limit 1M
want_eq "$(cat got)" unlimited "a limit that cannot be"
want_line log "worker-memory is less than the program itself takes, so there is no limit; raise it"
