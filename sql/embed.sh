#!/bin/sh
# embed.sh - turns sql/*.sql into C: `embed.sh names FILE...` an enum of the
# statements ("-- name: entry_get" starts one), `embed.sh text FILE...` their
# texts, the schema and the steps.
set -eu
mode=$1
shift
bytes() { # one file's bytes as a C initialiser
	od -An -v -td1 "$1" | sed 's/  */,/g; s/^,//; s/$/,/'
}
named=
for f in "$@"; do
	case $f in
	*/schema.sql | */steps/*) ;;
	*) named="$named $f" ;;
	esac
done
echo "/* Made from sql/ by sql/embed.sh. */"
if [ "$mode" = names ]; then
	echo "#ifndef GEN_SQL_NAMES_H"
	echo "#define GEN_SQL_NAMES_H"
	echo "enum sql_name {"
	# shellcheck disable=SC2086
	awk '/^-- name: /{ printf "\tSQL_%s,\n", toupper($3) }' $named
	echo "	SQL_COUNT"
	echo "};"
	echo "#endif"
	exit 0
fi
echo '#include "store/sql.h"'
for f in "$@"; do
	case $f in
	*/schema.sql)
		echo "const char SQL_SCHEMA[] = {"
		bytes "$f"
		echo "0 };"
		;;
	esac
done
echo "const struct sql_text SQL_TEXT[] = {"
# shellcheck disable=SC2086
awk '
function flush() {
	tables = names("evidence") + 2 * names("change")
	tables += 4 * names("fresh") + 8 * names("entry")
	if (name != "")
		printf "\t{ \"%s\",\n%s\t    , %d },\n", name, text, tables
}
function names(table) { # sqlite_sequence has its name in quotes
	return plain ~ ("(FROM|INTO|JOIN|UPDATE) " table "[^_a-z]|\047" table "\047")
}
/^-- name: /{ flush(); name = $3; text = plain = ""; next }
/^--/ || name == "" { next }
{ plain = plain " " $0 " "; gsub(/\\/, "\\\\"); gsub(/"/, "\\\""); text = text "\t    \"" $0 "\\n\"\n" }
END { flush() }' $named
echo "};"
n=0
for f in "$@"; do
	case $f in
	*/steps/*)
		n=$((n + 1))
		echo "static const char STEP_${n}[] = {"
		bytes "$f"
		echo "0 };"
		;;
	esac
done
echo "const char *const SQL_STEPS[] = {"
i=0
while [ "$i" -lt "$n" ]; do
	i=$((i + 1))
	echo "	STEP_$i,"
done
echo "	0"
echo "};"
echo "const unsigned SQL_STEP_COUNT = $n;"
