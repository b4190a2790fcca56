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

# No worker can be started: that is told at once, and the rows wait.
mkdir none
chmod 2750 none
printf '[pipe]\ndrain-timeout = 1s\n' >short.conf
chown 65534:65534 none 2>/dev/null && command -v setpriv >/dev/null ||
	skip "needs root and setpriv: no process for the worker"
# The tree may stand where nobody else gets to.
cp "$(command -v pmta-suppress-pipe)" nobodys-pipe
setpriv --reuid 65534 --regid 65534 --clear-groups prlimit --nproc=1 \
	./nobodys-pipe --config "$PWD/short.conf" --state "$PWD/none" \
	--log stderr <in 2>log &
pipe=$!
exec 3>in
acct_header >&3
wait_until 10 grep -q "cannot start the worker" log ||
	fail "it is not told while there is no worker"
exec 3>&-
wait "$pipe"
want_eq $? 0 "exit code"
want_line log "the next start works on them"
