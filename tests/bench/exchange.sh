#!/bin/sh
# exchange.sh - export and import of a long list, side by side with the sqlite3
# shell: `exchange.sh BUILD`. BENCH_LIST says how many addresses (1000000),
# BENCH_RUNS how often each is run (5). CPU seconds of whole processes, medians.
set -eu

BUILD=$(cd "$1" && pwd)
list=${BENCH_LIST:-1000000}
runs=${BENCH_RUNS:-5}
suppress=$BUILD/pmta-suppress
dir=$(mktemp -d "${TMPDIR:-/tmp}/pmta-bench.XXXXXX")
trap 'rm -rf "$dir"' EXIT

# Addresses of 22 bytes on average, in no order.
awk -v n="$list" 'BEGIN {
	split("mail info j.smith kate office sales jens ml news a.mueller", w)
	print "email"
	for (i = 0; i < n; i++) {
		k = (i * 7919 + 12345) % n
		printf "%s%d@d%d.example\n", w[1 + k % 10], k, k % 997
	}
}' >"$dir/list.csv"
bytes=$(sed 1d "$dir/list.csv" | wc -c)
echo "$list addresses, $((bytes / list - 1)) bytes each"

# cpu FILE COMMAND...: user and system seconds and the peak memory in KiB of a
# run, appended.
cpu() {
	into=$1
	shift
	"${TIME:-/usr/bin/time}" -f '%U %S %M' -o "$dir/time" "$@" \
		>"$dir/out" 2>"$dir/err" || { cat "$dir/err"; exit 1; }
	awk '{ print $1 + $2, $3 }' "$dir/time" >>"$dir/$into"
}
# median FILE: of its first column, then the least and the most.
median() {
	sort -n "$dir/$1" | awk '{ v[NR] = $1 }
		END { printf "%.2f (%.2f to %.2f)", v[int((NR + 1) / 2)], v[1], v[NR] }'
}
middle() {
	sort -n "$dir/$1" | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'
}
peak() {
	awk '$2 > m { m = $2 } END { print int(m / 1024) }' "$dir/$1"
}

# What a user would type: the same rows, columns and times.
cat >"$dir/export.sql" <<'SQL'
.mode csv
.headers on
SELECT en.address, coalesce(sc.text, 'global') AS scope,
	CASE en.class WHEN 95 THEN 'manual' ELSE en.class END AS class,
	re.text AS reason, so.text AS source,
	strftime('%Y-%m-%dT%H:%M:%SZ', en.since, 'unixepoch') AS since,
	'' AS last_seen, CASE en.until WHEN 0 THEN ''
	ELSE strftime('%Y-%m-%dT%H:%M:%SZ', en.until, 'unixepoch') END AS until,
	'' AS provider, '' AS code, '' AS status, '' AS diagnostic, en.change,
	CASE en.subdomains WHEN 0 THEN '' ELSE 'yes' END AS subdomains
FROM entry en
LEFT JOIN word sc ON sc.id = en.scope
LEFT JOIN word re ON re.id = en.reason
LEFT JOIN word so ON so.id = en.source
WHERE en.state = 0 AND (en.until = 0
	OR en.until > CAST(strftime('%s', 'now') AS INTEGER))
ORDER BY en.address, en.scope, en.class;
SQL

i=0
while [ "$i" -lt "$runs" ]; do
	rm -rf "$dir/state"
	mkdir "$dir/state"
	cpu import "$suppress" --state "$dir/state" import "$dir/list.csv" \
		--reason imported
	i=$((i + 1))
done
db=$dir/state/suppress.db
size=$(stat -c %s "$db")
awk -v n="$list" -v s="$size" 'BEGIN {
	printf "disk: %.1f bytes a suppression, its change with it\n", s / n }'
echo "import: $(median import) CPU s, $(awk -v n="$list" \
	-v s="$(middle import)" 'BEGIN { printf "%d", n / s }') rows a CPU second, peak $(peak import) MiB"

i=0
while [ "$i" -lt "$runs" ]; do
	cpu export "$suppress" --state "$dir/state" export
	mv "$dir/out" "$dir/ours"
	cpu shell sqlite3 -init /dev/null -batch "$db" ".read $dir/export.sql"
	i=$((i + 1))
done
# Both tell the same, but for how they quote and end lines.
for f in ours out; do
	tr -d '\r"' <"$dir/$f" | cksum >"$dir/sum.$f"
done
cmp "$dir/sum.ours" "$dir/sum.out" || { echo "the exports differ" >&2; exit 1; }
echo "export: $(median export) CPU s, peak $(peak export) MiB (with the database's pages that it maps)"
echo "sqlite3 shell: $(median shell) CPU s"
awk -v a="$(middle shell)" -v b="$(middle export)" \
	'BEGIN { printf "export is %.1f times as fast\n", a / b }'
