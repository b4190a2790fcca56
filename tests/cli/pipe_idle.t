# What waits takes no CPU: a pipe of records, one to which nothing came, and a
# message that is not at its end where the folder cannot be used.
. "$SRC/tests/cli/lib.sh"

# waits NAME INPUT [OPTION...]: from its second second on.
waits() {
	name=$1
	input=$2
	shift 2
	mkfifo "$name.in"
	pmta-suppress-pipe --log "$PWD/log" "$@" <"$name.in" &
	pipe=$!
	exec 3>"$name.in"
	cat "$input" >&3
	sleep 1
	before=$(ticks_of "$pipe")
	sleep 2
	used=$(($(ticks_of "$pipe") - before))
	exec 3>&-
	wait "$pipe"
	[ "$used" -lt 40 ] || fail "$name: $used ticks of CPU in two seconds"
}
ticks_of() { # PID: its own and its children's
	cat /proc/[0-9]*/stat 2>/dev/null | awk -v p="$1" '
		$1 == p || $4 == p { n += $14 + $15 } END { print n + 0 }'
}

{
	acct_header
	row b "2026-11-20 08:00:00+0000" a@x.example "5.1.1 (no)" \
		"smtp;550 5.1.1 no such user" "mx.gone.example (192.0.2.25)"
} >rows
waits rows rows
waits nothing /dev/null
report bob@x.example | head -c 300 >half
rm -rf state/journal
: >state/journal
waits message half --input message
