# JSON rows: told at once, counted, kept in the journal, not worked on.
. "$SRC/tests/cli/lib.sh"

cat >rows <<'END'
{"type":"b","rcpt":"ada@x.example","dsnDiag":"smtp;550 5.1.1 no such user"}
{"type":"b","rcpt":"bob@x.example","dsnDiag":"smtp;550 5.1.1 no such user"}
END
cat rows | pmta-suppress-pipe --log "$PWD/log" || fail "exit $?"
want_line log "JSON"
want_line log "skipped 2 (json 2)"
want_same rows "$(echo state/journal/*.seg)" "the journal is not what was sent"
want_line "$(echo state/journal/*.stream)" "input = json"
want_exit 1 pmta-suppress check ada@x.example
want_line log "kept in the journal but not worked on; configure CSV for this pipe"
# Of a file nothing is kept.
want_exit 0 pmta-suppress ingest rows
want_line out "skipped 2 (json 2)"
want_line err "JSON rows are counted but not worked on; configure CSV for this acct-file"
want_no_line err "journal"
pmta-suppress status >out
want_line out "JSON"
