# No statement that an incident, an undo or one address needs reads the large
# tables from end to end.
. "$SRC/tests/cli/lib.sh"

sqlite3 plans.db <"$SRC/sql/schema.sql"
columns=$(seq -s , -f 'c%g' 32)
sqlite3 plans.db "CREATE TABLE waiting ($columns)" # our rows in memory
# explain FILE: the plan of each of its statements, behind the name.
explain() {
	awk '/^-- name: / { name = $3; print ".print = " name
		print "EXPLAIN QUERY PLAN"; next }
		/^--/ || name == "" { next } { gsub(/hash_of/, "abs"); print }
	' "$1" | sqlite3 plans.db # which knows no function of ours
}
for file in incident evidence entry share; do
	explain "$SRC/sql/$file.sql" >"$file.plan" || fail "sql/$file.sql"
	grep -q '^= ' "$file.plan" || fail "sql/$file.sql has no statement"
done
# Some are about all entries, by their purpose; "ch" is a selection.
cat incident.plan evidence.plan entry.plan share.plan | awk '
	/^= / { name = $2; next }
	name ~ /^(entry_(scan|addresses|class_counts|state_counts)|evidence_(scan|hashes))$/ { next }
	name == "table_counts" || /USING INDEX/ || /SCAN ch$/ { next }
	/SCAN (evidence|entry|change|counter|share|fresh|e|en|c|ch|co|s)( |$)/ {
		print name ": " $0; bad = 1 }
	END { exit bad }' || fail "statements that read a whole table"
want_line incident.plan "SEARCH evidence USING INDEX evidence_incident"
want_line entry.plan "INDEX evidence_bulk"
want_line entry.plan "INDEX change_bulk"
