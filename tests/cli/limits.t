# What a command takes or gives at most: one less, that, and one more.
. "$SRC/tests/cli/lib.sh"

bytes() { # N
	head -c "$1" /dev/zero | tr '\0' x
}

# more N LIMIT CODE: what N ends with.
more() {
	if [ "$1" -le "$2" ]; then echo 0; else echo "$3"; fi
}

# A person's words.
for n in 999 1000 1001; do
	words=$(bytes "$n")
	want_exit "$(more "$n" 1000 64)" \
		pmta-suppress add "r$n@x.example" --reason "$words"
	printf 'address,reason\ni%s@x.example,%s\n' "$n" "$words" >words.csv
	want_exit "$(more "$n" 1000 65)" pmta-suppress import words.csv
done
want_line err "words.csv:2: reason '"
want_line err "longer than 1000 bytes"

# The name of a cursor.
for n in 63 64 65; do
	want_exit "$(more "$n" 64 64)" pmta-suppress export \
		--since-cursor "$(bytes "$n")" --output changes.csv
done

# Addresses that a line of policy test names.
for n in 999 1000 1001; do
	want_exit "$(more "$n" 1000 64)" \
		pmta-suppress policy test pmta-suppress.conf --samples "$n"
done

# The memory of scrub: at least, at most.
echo r999@x.example >list
for size in 65536 65537 17592186044415 17592186044416; do
	want_exit 0 pmta-suppress scrub list --memory "$size"
	want_line err "1 suppressed"
done
for size in 65535 17592186044417; do
	want_exit 64 pmta-suppress scrub list --memory "$size"
done

# What a stream's name keeps: two that differ behind that are one.
for n in 127 128 129; do
	name=$(bytes "$n")
	want_ok pmta-suppress add "s$n@x.example" --reason r \
		--scope "stream:$name"
	want_exit 0 pmta-suppress check "s$n@x.example" --stream "$name"
	want_exit $((n < 128)) \
		pmta-suppress check "s$n@x.example" --stream "${name}y"
done

# The bytes of a record that are shown.
for n in 8191 8192 8193; do
	{
		acct_header
		row b "2026-11-20 08:00:00+0000" "raw$n@x.example" \
			"5.1.1 (no)" "smtp;550 5.1.1 no such user" mx.x
	} >short.csv
	size=$(tail -n 1 short.csv | wc -c)
	sed "\$s/job1/$(bytes $((n - size + 4)))/" short.csv >long.csv
	want_eq "$(tail -n 1 long.csv | wc -c)" "$n" "bytes of the row"
	want_ok pmta-suppress ingest long.csv
	want_exit 0 pmta-suppress show "raw$n@x.example"
	want_eq "$(grep -c ' \.\.\.$' out)" "$((n > 8192))" "the row is cut"
done

# Files that an export makes.
rm -rf state
for n in 500 501; do # each is written to the disk
	seq 1 "$n" | sed 's/.*/u&@x.example,stream:s&/' |
		sed '1i address,scope' >streams.csv
	want_ok pmta-suppress import streams.csv --reason r
	rm -rf files
	want_exit "$(more "$n" 500 73)" \
		pmta-suppress export --split-by stream files
	want_eq "$(find files -type f | wc -l)" "$((n > 500 ? 0 : n))" "files"
done
want_line err "files: more than 500 files; split by something else"

# How far ahead of the clock a row may be: a day, and a minute around it.
now=$(date +%s)
for ahead in 86340 86460; do
	{
		acct_header
		row b "$(date -u -d "@$((now + ahead))" '+%Y-%m-%d %H:%M:%S+0000')" \
			"a$ahead@x.example" "5.1.1 (no)" \
			"smtp;550 5.1.1 no such user" mx.x
	} >ahead.csv
	pmta-suppress ingest ahead.csv >out 2>err || fail "exit $?"
	want_exit $((ahead > 86400)) pmta-suppress check "a$ahead@x.example"
done
