# erase: the address is in no file of the database any more, and still blocked.
. "$SRC/tests/cli/lib.sh"

bounce() { # ADDRESS DAY
	row b "$2 08:00:00+0000" "$1" \
		"5.1.1 (bad destination mailbox address)" \
		"smtp;550 5.1.1 <$1>: user unknown" "mx.x.example (192.0.2.9)"
}
# Enough rows of others for pages to split around it.
{
	acct_header
	i=0
	while [ $i -lt 400 ]; do
		bounce "u$((i * 7919 % 1000))@x.example" 2026-10-05
		[ $i -ne 200 ] || bounce Ada@x.example 2026-10-06
		i=$((i + 1))
	done
} >rows.csv
holds() { # FILE...: those in which it stands
	LC_ALL=C grep -lia -e 'ada@x\.example' -e 'ada=x\.example' "$@"
}

pipe_rows rows.csv || fail "the pipe"
want_ok pmta-suppress check ada@x.example
want_ok pmta-suppress add ada@x.example --class refused.personal \
	--scope stream:news --reason 'a call from ada@x.example'
printf 'email\nada@x.example\nbob@x.example\n' >list.csv
want_ok pmta-suppress import list.csv --reason 'list of Ada@x.example'
cp state/suppress.db state/suppress.db.bak

# What would go is told, and nothing goes.
want_ok pmta-suppress erase ADA@x.example --dry-run
want_line out "ada@x.example: would be erased; stays blocked: manual since"
want_line out "3 entries, 1 evidence"
want_ok pmta-suppress show ada@x.example --json
want_line out '"erased":null'

holds state/suppress.db state/suppress.db-wal >found ||
	fail "it was not there before"
want_ok pmta-suppress erase ada@x.example
want_line out "ada@x.example: erased, nothing brings it back; stays blocked: manual"
want_line out "still in journal/"
want_line out ".seg: until 20"
want_line out "still in suppress.db.bak: until you delete it"
if holds state/suppress.db state/suppress.db-wal; then
	fail "the address is still in the database"
fi

# It still blocks; nobody else does.
want_ok pmta-suppress check ADA@X.example
want_line out "ada@x.example: suppressed: manual since"
want_exit 1 pmta-suppress check da@x.example nada@x.example
printf 'ada@x.example\n' | want_ok pmta-suppress check -
want_line out "suppressed: manual"
want_ok pmta-suppress show ada@x.example
want_line out "erased on 20"
want_line out "still blocked"
want_line out ", bulk 1: <erased>"
want_no_line out "evidence:"
want_no_line out "a call from"
hash=$(grep -o '#[0-9a-f]*' out | head -n 1)
want_eq "${#hash}" 65 "the hash"
want_ok pmta-suppress export --since-cursor c --output delta.csv
want_line delta.csv "$hash"
want_no_line delta.csv ada@

# Nobody writes it down again.
want_ok pmta-suppress add ada@x.example --reason again
want_line out "ada@x.example: erased on 20"
want_exit 0 pmta-suppress import list.csv
want_line err "list.csv:2: 'ada@x.example': erased on"
want_line out "0 imported, 1 listed already, 0 twice in the file, 0 bad, 1 erased"
{
	acct_header
	bounce ada@x.example 2026-11-01
	bounce new@x.example 2026-11-01
} >more.csv
want_ok pmta-suppress ingest more.csv rows.csv
want_line out "erased 1"
want_exit 0 pmta-suppress ingest rows.csv
rm -f state/suppress.db.bak
if holds state/suppress.db state/suppress.db-wal; then
	fail "the address is in the database again"
fi

# No undo, no bulk remove brings it back or lifts the block.
want_ok pmta-suppress undo 1
want_line out "undone: 1 changes of bulk 1"
want_line out "erased, which nothing brings back: 1"
want_exit 0 pmta-suppress remove --since 2020-01-01 --consent yes
want_ok pmta-suppress check ada@x.example
want_ok pmta-suppress expire
want_ok pmta-suppress check ada@x.example

# A second time changes nothing.
want_ok pmta-suppress erase ada@x.example --json
want_line out '"erased_before":"20'
want_line out "\"hash\":\"$hash\""
want_line out '"class":"manual"'

# An entry of one stream becomes a block of all; one on no list, too.
want_ok pmta-suppress add eve@y.example --class refused.personal \
	--scope stream:news --reason r --until 2199-01-01
want_exit 1 pmta-suppress check eve@y.example
want_ok pmta-suppress erase eve@y.example
want_line out "stays blocked: refused.personal"
want_ok pmta-suppress check eve@y.example
want_ok pmta-suppress erase nobody@y.example
want_line out "stays blocked: manual"
want_ok pmta-suppress check nobody@y.example

# The pipe that lives is neither kept waiting nor does it write it again.
mkfifo fifo
pmta-suppress-pipe --log stderr <fifo 2>pipe.log &
pipe=$!
exec 3>fifo
{
	acct_header
	bounce zoe@z.example 2026-10-07
} >&3
wait_until 20 pmta-suppress check zoe@z.example || fail "the pipe is asleep"
want_ok pmta-suppress erase Zoe@z.example
if LC_ALL=C grep -qia zoe@z.example state/suppress.db state/suppress.db-wal; then
	fail "the address is still in the database"
fi
bounce zoe@z.example 2026-10-08 >&3
bounce after@z.example 2026-10-08 >&3
wait_until 20 pmta-suppress check after@z.example || fail "the pipe stopped"
exec 3>&-
wait "$pipe" || fail "the pipe's end"
want_ok pmta-suppress check zoe@z.example
if LC_ALL=C grep -qia zoe@z.example state/suppress.db state/suppress.db-wal; then
	fail "the pipe wrote it again"
fi
want_ok pmta-suppress status
want_line out "erased 3"

# Who comes back is told of once more.
want_exit 1 pmta-suppress remove nobody@y.example --reason r
want_line out "nobody@y.example: not lifted: erased on 20"
for part in "--stream news" "--class manual"; do
	# shellcheck disable=SC2086 # words
	want_exit 1 pmta-suppress remove nobody@y.example $part --consent yes
	want_line out "the block holds for all mail: leave --class, --scope"
done
want_ok pmta-suppress remove nobody@y.example --consent 'signed up again'
want_line out "nobody@y.example: lifted: manual, global"
want_exit 1 pmta-suppress check nobody@y.example
want_ok pmta-suppress undo --list
want_exit 1 pmta-suppress undo "$(awk '$5 == "remove" { print $1; exit }' out)"
want_line out "erased, which nothing brings back: 1"
want_exit 1 pmta-suppress check nobody@y.example
want_ok pmta-suppress add nobody@y.example --reason r
want_ok pmta-suppress check nobody@y.example

want_exit 64 pmta-suppress erase
want_exit 65 pmta-suppress erase @y.example
want_line err "erase: '@y.example' is a whole domain"
want_exit 65 pmta-suppress erase nobody

# However it is written: capitals beyond ASCII, U-labels; and whatever was said
# of it goes from its changes.
want_ok pmta-suppress add --reason \
	'call from Bob@Bücher.example and BOB@BÜCHER.EXAMPLE' \
	'bob@bücher.example'
want_ok pmta-suppress add --reason 'GRÜN@X.example rang' 'grün@x.example'
want_ok pmta-suppress add --reason 'a Mr Plain rang' plain@x.example
want_ok pmta-suppress add --reason 'as BOB=BÜCHER.example said' other@x.example
want_ok pmta-suppress erase 'bob@bücher.example'
want_ok pmta-suppress erase 'GRÜN@x.example'
want_ok pmta-suppress erase plain@x.example
if LC_ALL=C.UTF-8 grep -qaiE 'call from|GRÜN|B=BÜCHER' state/suppress.db \
	state/suppress.db-wal; then
	fail "a reason with the address is still in the database"
fi
want_ok pmta-suppress changes
want_line out "<erased>"
for word in rang 'call from' BÜCHER; do
	want_no_line out "$word"
done

# A copy that a former deletion left in free space goes as well.
command -v sqlite3 >found || skip "no sqlite3 shell: the rest is not tested"
sqlite3 state/suppress.db "PRAGMA secure_delete = 0;
	INSERT INTO notice VALUES ('k', 'of zed@old.example', 0, 1, 1, 1);
	DELETE FROM notice WHERE kind = 'k';
	PRAGMA wal_checkpoint(TRUNCATE);" >found
grep -qa zed@old.example state/suppress.db || fail "nothing was left behind"
want_ok pmta-suppress erase zed@old.example
want_line out "rewritten   the database"
if grep -qa zed@old.example state/suppress.db state/suppress.db-wal; then
	fail "the copy in free space is still there"
fi
want_ok pmta-suppress check zed@old.example

# A longer address that holds it is another one, and stays.
want_ok pmta-suppress add nada@k.example.net ada@k.example --reason r
want_ok pmta-suppress erase ada@k.example
want_no_line out rewritten
want_ok pmta-suppress check nada@k.example.net
want_line out "nada@k.example.net: suppressed"
