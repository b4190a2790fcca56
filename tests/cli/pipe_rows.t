# Header and rows through the pipe: they are on the list when it ends.
. "$SRC/tests/cli/lib.sh"

bounce() { # RCPT
	row b "2026-11-20 08:00:00+0000" "$1" \
		"5.1.1 (bad destination mailbox address)" \
		"smtp;550 5.1.1 <$1> no such user" "mx.gone.example (192.0.2.25)"
}

pipe_ok() { # STATE OPTION...: stdin through a pipe; exit 0
	pipe_state=$1
	shift
	cat | pmta-suppress-pipe --state "$PWD/$pipe_state" --log "$PWD/log" \
		"$@" 2>err ||
		{ cat err log; fail "the pipe program exited $?"; }
}

listed() { # STATE: how many addresses are listed
	pmta-suppress --state "$1" list | grep -c @
}

# Rows as they are, the last one without its newline.
{ acct_header; bounce ada@x.example; bounce bob@x.example | tr -d '\n'; } |
	pipe_ok one
[ ! -s err ] || { cat err; fail "it wrote to stderr"; }
want_exit 0 pmta-suppress --state one check ada@x.example
want_exit 0 pmta-suppress --state one check bob@x.example
want_exit 1 pmta-suppress --state one check eve@x.example
want_line log "rows 2 (b 2)"

# The journal has the bytes, owner only; nobody holds the stream any more.
seg=$(echo one/journal/*.0000000000000000.seg)
want_eq "$(stat -c %a "$seg")" 600 "mode of the segment"
{ acct_header; bounce ada@x.example; bounce bob@x.example | tr -d '\n'; } >sent
want_same sent "$seg" "the segment is not what was sent"
want_line "$(echo one/journal/*.stream)" "input = csv"
flock -n "$(echo one/journal/*.stream)" true || fail "the stream is locked"

# Standard input: a file, closed, at its end, not even open.
{ acct_header; bounce ada@x.example; } >file
pmta-suppress-pipe --state "$PWD/file-in" --log "$PWD/log" <file ||
	fail "stdin is a file: exit $?"
want_eq "$(listed file-in)" 1 "rows from a file on stdin"
want_ok pmta-suppress-pipe --state "$PWD/none" --log "$PWD/log" </dev/null
pmta-suppress-pipe --state "$PWD/none" --log "$PWD/log" <&- ||
	fail "closed stdin: exit $?"
pmta-suppress-pipe --state "$PWD/none" --log "$PWD/log" <&- >&- 2>&- ||
	fail "no descriptor at all: exit $?"
want_ok pmta-suppress --state none check --help
: | pipe_ok empty

# A mistake on the command line or in the settings costs no record.
{ acct_header; bounce ada@x.example; } | pipe_ok wrong --no-such --input xml stray
want_line err "'--no-such': no such option"
want_eq "$(listed wrong)" 1 "rows with a wrong option"
printf '[pipe]\nrow-limitt = 3\n' >bad.conf
{ acct_header; bounce ada@x.example; } | pipe_ok broken --config "$PWD/bad.conf"
want_line err "bad.conf:2"
want_line log "bad.conf:2"
want_eq "$(listed broken)" 1 "rows with broken settings"

# What strangers could smuggle into a command line is not taken: it comes again.
: | want_exit 75 pmta-suppress-pipe --from=x --state "$PWD/smuggled" --to=y
want_line err "write these three last"
[ ! -e smuggled ] || fail "a smuggled option was used"
want_no_line err state

# Broken rules: the built-in set, whole, and it is told.
mkdir rules.d
printf '[x]\nmatch = /(/\n' >rules.d/10-x.rules
printf '[paths]\nsite-rules = %s/rules.d\n' "$PWD" >rules.conf
{ acct_header; bounce ada@x.example; } | pipe_ok ruled --config "$PWD/rules.conf"
want_line log "the built-in rules alone are used"
want_eq "$(listed ruled)" 1 "rows with broken rules"
pmta-suppress --state ruled status >out 2>err
want_line out "10-x.rules"
mkdir no-rules
{ acct_header; bounce ada@x.example; } | pipe_ok bare --rules no-rules
want_line log "no-rules: no rules are here; name a folder that holds NN-name.rules"
want_line log "the built-in rules alone are used"
want_eq "$(listed bare)" 1 "rows with no rules"

want_ok pmta-suppress-pipe --help
want_line out "usage: pmta-suppress-pipe"
want_ok pmta-suppress-pipe --version
want_line out "pmta-suppress-pipe "
