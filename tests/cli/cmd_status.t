# status and dump: what is there, in words and as JSON.
. "$SRC/tests/cli/lib.sh"

want_exit 66 pmta-suppress status
{ acct_header
  row b "2026-10-05 08:00:00+0000" ada@x.example "5.1.1 (bad destination mailbox address)" \
	"smtp;550 5.1.1 <ada@x.example>: user unknown" "mx.x.example (192.0.2.9)"
  row d "2026-10-05 08:00:01+0000" bob@x.example "2.0.0 (success)" \
	"smtp;250 2.0.0 ok" "mx.x.example (192.0.2.9)"
  echo nonsense,row
} >acct.csv
want_ok pmta-suppress ingest acct.csv
want_ok pmta-suppress add cyd@x.example --reason r
want_ok pmta-suppress status
want_line out "/state/suppress.db, version 4, "
want_line out "entries    active 2, held 0, lifted 0, ended 0"
want_line out "by class   gone.mailbox 1, manual 1"
grep -q "^rows  *none 1, d 1, b 1" out || { cat out; fail "rows"; }
grep -q "^skipped  *[a-z-]* 1" out || { cat out; fail "skipped"; }
want_line out "verdicts   gone.mailbox 1"
want_line out "decisions  suppress-address 1"
want_line out "finished   1 streams and files read to their end"
want_line out "journal    none yet"
want_no_line out "NO PIPE IS ALIVE"
want_line out "quarantine 0 records"
want_ok pmta-suppress status --json
for key in '{"mode":"enforce","never_suppress":{"patterns":0,"entries":0,"example":null},"database":{"path":"' '"version":4' '"entries":{"active":2,"held":0,"lifted":0,"ended":0}' \
	'"active_by_class":{"gone.mailbox":1,"manual":1}' '"streams":[]' \
	'"streams_finished":1' '"journal":null' '"quarantine":0' '"notices":[]'; do
	want_line out "$key"
done
mkdir -p state/quarantine
echo x >state/quarantine/one
want_ok pmta-suppress status
want_line out "quarantine 1 records"

# A journal that is not wholly worked on: the lag is told.
mkdir -p state/journal
chmod 700 state/journal
name=20261121T075727Z-1234-9f3a0001
echo 'input = csv' >state/journal/$name.stream
acct_header >state/journal/$name.0000000000000000.seg
want_ok pmta-suppress status
want_line out "journal    1 files, "
want_line out "; kept 7 days, at most 4294967296 bytes"
want_line out "1 streams, 0 alive"
want_line out "; ROWS WAIT AND NO PIPE IS ALIVE: let PowerMTA start it"
want_line out "stream     $name (pipe): 0 rows, 0 bytes, lag $(acct_header | wc -c) bytes, at -"
want_ok pmta-suppress status --json
want_line out '"lag_bytes":'"$(acct_header | wc -c)"
want_line out '"alive":0,"waiting_bytes":'"$(acct_header | wc -c)"

want_ok pmta-suppress dump
cp out one
want_line out cyd@x.example
want_ok pmta-suppress dump
want_same one out "dump is not the same twice"

# Bytes of a stranger: only the TABs between columns stand as they are.
{ acct_header
  row b "2026-10-05 09:00:00+0000" dan@x.example "5.1.1 (bad destination mailbox address)" \
	"$(printf 'smtp;550 5.1.1 no user \033[31m\\ red')" "mx.x.example (192.0.2.9)" |
	sed "s/,vmta1,/,v$(printf '\033')m,/"
} >esc.csv
want_ok pmta-suppress ingest esc.csv
want_ok pmta-suppress dump
if LC_ALL=C grep -q "$(printf '[\001-\010\013-\037]')" out; then
	fail "a control byte got through"
fi
want_line out 'v\x1bm'
want_line out "$(printf 'evidence\tdan@x.example\t')"
# How long the journal is kept, in the unit that tells it.
printf '[journal]\nkeep = 36h\n' >keep.conf
want_ok pmta-suppress --config keep.conf status
want_line out "; kept 36 hours, at most "

# Whoever has failures alone written is not guarded against storms, and told.
want_no_line out "NO STORM"
{ acct_header; sed -n 2p acct.csv; } >alone.csv
want_ok pmta-suppress --state alone ingest alone.csv
want_ok pmta-suppress --state alone status
want_line out "rows       b 1; NO DELIVERIES, SO NO STORM CAN BE TOLD: let PowerMTA write d records, too"
# Who reads the changes: how far, since when, and what waits for his word.
want_no_line out "cursor"
want_ok pmta-suppress status --json
want_line out '"cursors":[]'
want_exit 0 pmta-suppress export --since-cursor crm
want_ok pmta-suppress export --since-cursor nightly --output changes.csv
want_ok pmta-suppress add eve@x.example --reason r
want_ok pmta-suppress status
last=$(sed -n 's/^database .*, \([0-9]*\) changes$/\1/p' out)
before=$((last - 1))
want_line out "cursor     crm: at change 0, $last behind, moved -; waits for --ack of $before"
want_line out "cursor     nightly: at change $before, 1 behind, moved $(date -u +%Y-)"
want_ok pmta-suppress status --json
want_line out '"cursors":[{"name":"crm","at":0,"behind":'"$last"',"waits_for_ack":true,"moved":null},{"name":"nightly","at":'"$before"',"behind":1,"waits_for_ack":false,"moved":"'
want_ok pmta-suppress export --ack crm
want_ok pmta-suppress status
want_line out "cursor     crm: at change $before, 1 behind, moved $(date -u +%Y-)"
want_no_line out "waits for"
