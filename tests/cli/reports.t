# Reports: how many there are of whom the recipient can be told, and what is
# believed of them, in status and show.
. "$SRC/tests/cli/lib.sh"

{
	acct_header
	row d "2026-11-03 08:00:00+0000" took@x.example "2.0.0 (success)" \
		"smtp;250 2.0.0 ok" "mx.x.example (192.0.2.9)"
	row d "2026-11-10 08:00:00+0000" took@x.example "2.0.0 (success)" \
		"smtp;250 2.0.0 ok" "mx.x.example (192.0.2.9)"
} >before.csv
cat >feedback.csv <<'END'
type,timeLogged,orig,rcpt,feedbackType,feedbackFormat
f,2026-11-02 08:00:00+0000,,a@x.example,abuse,arf
f,2026-11-17 08:00:00+0000,,b@x.example,abuse,arf
f,2026-11-17 08:00:01+0000,,c@x.example,abuse,arf
f,2026-11-17 08:00:02+0000,,redacted@x.example,abuse,arf
f,2026-11-17 08:00:03+0000,,,abuse,arf
f,2026-11-17 08:00:04+0000,,d@x.example,not-spam,arf
END
cat >remote.csv <<'END'
type,timeLogged,orig,rcpt,orcpt,dsnStatus,dsnDiag,dsnMta
rb,2026-11-17 09:00:00+0000,,took@x.example,,5.1.1,smtp;550 5.1.1 no such user,mx.x.example (192.0.2.9)
rb,2026-11-17 09:00:01+0000,,never@x.example,,5.1.1,smtp;550 5.1.1 no such user,mx.x.example (192.0.2.9)
END
want_ok pmta-suppress ingest before.csv feedback.csv remote.csv
want_ok pmta-suppress status
want_line out "reports f  24 h: 4 came, of 50.0 % the recipient is known; 28 days: 5 came, of 60.0 % the recipient is known (proved 0, doubted 0, unverified 0)"
want_line out "reports rb 24 h: 2 came, of 100.0 % the recipient is known; 28 days: 2 came, of 100.0 % the recipient is known (proved 0, doubted 1, unverified 0)"
want_no_line out "reports mb"
# The same rows by the pipe, too, came once.
want_ok pmta-suppress-pipe <feedback.csv
want_ok pmta-suppress-pipe <remote.csv
want_ok pmta-suppress status
want_line out "reports f  24 h: 4 came, of 50.0 % the recipient is known; 28 days: 5 came, of 60.0 % the recipient is known (proved 0, doubted 0, unverified 0)"
want_line out "reports rb 24 h: 2 came, of 100.0 % the recipient is known; 28 days: 2 came, of 100.0 % the recipient is known (proved 0, doubted 1, unverified 0)"
want_ok pmta-suppress status --json
want_line out '{"kind":"f","last_24h":{"came":4,"unresolved":2,"named":2,"verp":0,"signed":0,"proved":0,"doubted":0,"unverified":0},"last_28d":{"came":5,'
want_exit 1 pmta-suppress check took@x.example
want_exit 0 pmta-suppress check never@x.example
want_ok pmta-suppress show took@x.example
want_line out "proof       doubted: not signed, and the address took mail lately"
want_ok pmta-suppress show took@x.example --json
want_line out '"state":"counts","incident":null,"proof":"doubted"'

# Nothing but proof counts: the others are kept, shown and counted.
printf '[trust]\ncomplaints = signed\nbounces = signed\n' >>pmta-suppress.conf
cat >forged.csv <<'END'
type,timeLogged,orig,rcpt,feedbackType,feedbackFormat
f,2026-11-18 08:00:00+0000,,victim@x.example,abuse,arf
END
want_ok pmta-suppress ingest forged.csv
want_exit 1 pmta-suppress check victim@x.example
want_ok pmta-suppress show victim@x.example
want_line out "fbl.abuse, strong: does not count: nothing proves that we sent"
want_ok pmta-suppress show victim@x.example --json
want_line out '"state":"unverified"'
want_ok pmta-suppress status
want_line out "reports f  24 h: 5 came, of 60.0 %"
want_line out "(proved 0, doubted 0, unverified 1)"
cp forged.csv again.csv
echo >>again.csv
want_ok pmta-suppress ingest again.csv
want_ok pmta-suppress status
want_line out "(proved 0, doubted 0, unverified 1)"

# More complaints in an hour than ever: the rest is one incident.
{
	echo "type,timeLogged,orig,rcpt,feedbackType,feedbackFormat"
	n=0
	while [ $n -lt 150 ]; do
		printf 'f,2026-11-19 08:%02d:%02d+0000,,c%d@x.example,abuse,arf\n' \
			$((n / 60)) $((n % 60)) $n
		n=$((n + 1))
	done
} >flood.csv
: >pmta-suppress.conf
want_ok pmta-suppress ingest flood.csv
want_ok pmta-suppress incident show 1
want_line out "incident 1: complaints, open"
want_line out "provider    all of them"
want_line out "touched     150 new entries came, 100 of them passed"
want_line out "held        50 addresses now, 50 in all"
want_line out "who is reported again on a later day is applied"
want_no_line out "no vmta"
want_ok pmta-suppress incident show 1 --json
want_line out '"came":150,"passed":100'
want_ok pmta-suppress incident discard 1 --reason forged
want_exit 1 pmta-suppress incident list
want_eq "$(pmta-suppress list --class fbl | awk 'NR > 1' | wc -l)" 103 listed
