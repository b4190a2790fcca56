# A database of an older version is stepped up by the first who writes; whoever
# else comes at that time waits for it.
. "$SRC/tests/cli/lib.sh"

for version in 1 2 3; do
	rm -rf state
	mkdir -m 700 state
	sqlite3 state/suppress.db <"$SRC/tests/data/schema-$version.sql"
	sqlite3 state/suppress.db "PRAGMA journal_mode = WAL" >wal
	sqlite3 state/suppress.db "INSERT INTO word (id, text)
		VALUES (1, 'policy'), (2, 'r')"
	want_exit 78 pmta-suppress list
	want_line err "suppress.db: of an older version ($version); let PowerMTA start the pipe again, or the folder's owner run 'pmta-suppress expire', which steps it up"
	cp -r state owner
	want_exit 0 pmta-suppress --state owner expire
	want_ok pmta-suppress --state owner list
	rm -r owner
	for i in 1 2 3 4; do
		(
			pmta-suppress add "u$i@b.example" --reason r \
				>out.$i 2>&1
			echo $? >exit.$i
		) &
	done
	wait
	for i in 1 2 3 4; do
		want_eq "$(cat exit.$i)" 0 "version $version: $(cat out.$i)"
	done
	want_eq "$(pmta-suppress list | grep -c '^u')" 4 "entries"
	want_eq "$(sqlite3 state/suppress.db 'PRAGMA integrity_check')" ok \
		"version $version"
done
