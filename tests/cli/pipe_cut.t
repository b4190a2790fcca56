# A row that the end of a pipe has cut is not taken for a whole one; the file
# beside the pipe has it.
. "$SRC/tests/cli/lib.sh"

cat >acct.csv <<'END'
type,timeLogged,dsnStatus,dsnDiag,rcpt
b,2026-10-05 08:00:00+0000,5.1.1,smtp;550 5.1.1 no such user,ann@x.example
b,2026-10-05 08:00:01+0000,5.1.1,smtp;550 5.1.1 no such user,bob@x.example.net
END
head -c $(($(wc -c <acct.csv) - 5)) acct.csv >cut.csv
tail -c 10 cut.csv
want_ok pmta-suppress-pipe <cut.csv
want_exit 0 pmta-suppress check ann@x.example
want_exit 1 pmta-suppress check bob@x.example
want_ok pmta-suppress status
want_line out "skipped    field-count 1"
want_ok pmta-suppress ingest acct.csv
want_exit 0 pmta-suppress check bob@x.example.net
want_exit 1 pmta-suppress check bob@x.example

# What stands behind the columns that matter may be cut.
cat >whole.csv <<'END'
type,timeLogged,rcpt,dsnStatus,dsnDiag,jobId
END
printf 'b,2026-10-05 08:00:02+0000,cyd@x.example,5.1.1,smtp;550 5.1.1 no such user,job' >>whole.csv
want_ok pmta-suppress-pipe <whole.csv
want_exit 0 pmta-suppress check cyd@x.example

# A type of feedback that is cut is another one: "not-spam" would be a complaint.
cat >spam.csv <<'END'
type,timeLogged,rcpt,feedbackType
f,2026-10-05 08:00:03+0000,dan@x.example,not-spam
END
head -c -6 spam.csv | pmta-suppress-pipe || fail "pipe: exit $?"
want_exit 1 pmta-suppress check dan@x.example
# A time that is cut is another row's, which would count once more.
cat >time.csv <<'END'
type,rcpt,dsnStatus,dsnDiag,timeLogged
b,eve@x.example,5.1.1,smtp;550 5.1.1 no such user,1790000000
END
head -c -2 time.csv | pmta-suppress-pipe || fail "pipe: exit $?"
want_exit 1 pmta-suppress check eve@x.example
