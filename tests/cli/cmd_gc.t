# gc: what is old goes, entries stay, and no file from before brings it back.
. "$SRC/tests/cli/lib.sh"

bounce() { # TYPE ADDRESS DAY
	row "$1" "$3 08:00:00+0000" "$2" \
		"5.1.1 (bad destination mailbox address)" \
		"smtp;550 5.1.1 <$2>: user unknown" "mx.x.example (192.0.2.9)"
}
year=$(($(date +%Y) - 2))
{
	acct_header
	bounce b old@x.example "$year-01-05"
	bounce d fine@x.example "$year-01-05"
	bounce b "new@x.example" "$(date +%Y-%m-%d -d '-2 days')"
} >rows.csv
want_ok pmta-suppress ingest rows.csv
want_ok pmta-suppress remove old@x.example --reason 'to be marked'
want_ok pmta-suppress add old@x.example --reason 'for all that'
want_ok pmta-suppress export --since-cursor slow --output slow.csv
want_ok pmta-suppress add late@x.example --reason r

want_ok pmta-suppress gc --dry-run
want_line out "would delete: evidence 1, counters 1, changes 0,"
want_ok pmta-suppress gc --dry-run --json
want_line out '"journal_segments":null'
want_ok pmta-suppress show old@x.example
want_line out "evidence:"
want_ok pmta-suppress gc
want_line out "deleted: evidence 1, counters 1, changes 0,"
want_line out "count no more"
want_ok pmta-suppress show old@x.example
want_no_line out "evidence: 2"
want_line out "entry: gone.mailbox, global: lifted"
want_line out "entry: manual, global: active"
want_ok pmta-suppress check new@x.example
want_ok pmta-suppress show new@x.example
want_line out "evidence: 2"

# The same rows in another file change nothing: the floor stands before them.
{
	acct_header
	bounce b old@x.example "$year-01-06"
	bounce b other@x.example "$year-01-05"
	bounce d fine@x.example "$year-01-05"
} >again.csv
want_ok pmta-suppress dump
cp out before
want_ok pmta-suppress ingest again.csv
want_line out "used 0 skipped 3 (old 3)"
want_ok pmta-suppress dump
want_same before out "old rows changed the database"
want_exit 1 pmta-suppress check other@x.example

# Changes: kept unless said, never past a cursor nor the last of an entry.
printf '[retain]\nchanges = 1s\n' >pmta-suppress.conf
want_ok pmta-suppress add late@x.example --reason r --until 2199-01-01
sleep 2
want_ok pmta-suppress gc
want_line out "evidence 0, counters 0, changes 1,"
want_ok pmta-suppress show old@x.example
want_line out "remove gone.mailbox"
want_ok pmta-suppress export --since-cursor slow --output slow.csv
want_line slow.csv late@x.example
want_ok pmta-suppress gc --json
want_line out '"journal_segments":0'
want_line out '"changes":1'
want_ok pmta-suppress gc --json
want_line out '"changes":0'
want_ok pmta-suppress export --since-cursor all --output all.csv
want_line all.csv late@x.example
want_line all.csv new@x.example

# A pipe that lives sees the floor rise.
printf '[retain]\nevidence = 30d\n[policy]\nwindow = 30d\n' >pmta-suppress.conf
mkfifo fifo
pmta-suppress-pipe --log stderr <fifo 2>pipe.log &
pipe=$!
exec 3>fifo
now=$(date +%Y-%m-%d -d '-1 days')
before=$(date +%Y-%m-%d -d '-60 days')
{
	acct_header
	bounce b one@p.example "$before"
} >&3
wait_until 20 pmta-suppress check one@p.example || fail "the pipe is asleep"
want_ok pmta-suppress gc
want_line out "deleted: evidence 1, counters 0,"
{
	bounce b two@p.example "$before"
	bounce b three@p.example "$now"
} >&3
wait_until 20 pmta-suppress check three@p.example || fail "the pipe stopped"
want_exit 1 pmta-suppress check two@p.example
exec 3>&-
wait "$pipe" || fail "the pipe's end"
want_ok pmta-suppress check one@p.example

# Never less than a judgement may look back on.
printf '[retain]\nevidence = 1s\n[policy]\nwindow = 30d\n' >pmta-suppress.conf
want_ok pmta-suppress gc
want_line out "evidence 0,"

# Files that were read long ago are forgotten, the sums are not.
want_ok pmta-suppress status
grep '^rows ' out >rows_before
printf '[retain]\nstreams = 1s\nevidence = 1s\n[policy]\nwindow = 1d\n' \
	>pmta-suppress.conf
sqlite3 state/suppress.db "UPDATE stream SET changed = 1" 2>found ||
	skip "no sqlite3 shell: the rest is not tested"
want_ok pmta-suppress gc --json
want_line out '"streams":3'
want_ok pmta-suppress status
grep '^rows ' out >rows_after
want_same rows_before rows_after "sums of status"
want_line out "of them free"
want_exit 64 pmta-suppress gc now

# What a storm withdraws is told in the time of events: a gc between two files of
# last week takes nothing of it.
rm -rf state
printf '[storm]\nrecipients = 3\n' >pmta-suppress.conf
storm() { # storm TYPE DAYS FIRST LAST: rows about s1@x.example and so on
	acct_header
	for i in $(seq "$3" "$4"); do
		bounce "$1" "s$i@x.example" "$(date +%Y-%m-%d -d "-$2 days")"
	done
}
storm d 20 1 6 >s1.csv
storm b 10 1 2 >s2.csv
storm b 10 3 6 >s3.csv
want_ok pmta-suppress ingest s1.csv s2.csv
want_ok pmta-suppress check s1@x.example s2@x.example
want_ok pmta-suppress gc
want_ok pmta-suppress ingest s3.csv
want_exit 1 pmta-suppress check s1@x.example s2@x.example s6@x.example
want_ok pmta-suppress incident list
want_line out "open   6  "

# The floor never sinks, and a dry run knows it; kept for good there is none.
floor_now() {
	want_ok pmta-suppress gc --json "$@"
	sed -n 's/.*"floor":\(.*\)}/\1/p' out | cut -c1-11
}
want_eq "$(floor_now --dry-run)" "$(floor_now)" "the floor of a dry run"
high=$(floor_now)
printf '[retain]\nevidence = 4000d\n' >pmta-suppress.conf
want_eq "$(floor_now --dry-run)" "$high" "a floor that was raised"
rm -rf state
want_ok pmta-suppress add a@x.example --reason r
printf '[retain]\nevidence = 0\n' >pmta-suppress.conf
want_eq "$(floor_now)" null "no floor"
want_ok pmta-suppress gc
want_no_line out "count no more"
