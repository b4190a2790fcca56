# exchange.part.sh - rows 17, 18, 19: a long list in and out.
# shellcheck shell=sh disable=SC2034,SC2154

# Addresses of 22 bytes on average, in no order.
awk -v n="$list" 'BEGIN {
	split("mail info j.smith kate office sales jens ml news a.mueller", w)
	print "email"
	for (i = 0; i < n; i++) {
		k = (i * 7919 + 12345) % n
		printf "%s%d@d%d.example\n", w[1 + k % 10], k, k % 997
	}
}' >"$dir/list.csv"

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

before=$fresh
alone "$program import '$dir/list.csv' --reason imported"
before=
row 18 "import, unsorted, rows a CPU second" \
	"$(awk -v n="$list" -v s="$cpu_a" 'BEGIN { printf "%d", n / s }')" \
	150000 250000
row 19 "bytes on disk a suppression" \
	"$(calc "$(stat -c %s "$dir/state/suppress.db") / $list")" "<= 64" 52

# Both tell the same, but for how they quote and end lines.
export_ours="$program export"
export_shell="sqlite3 -init /dev/null -batch '$dir/state/suppress.db' \
	'.read $dir/export.sql'"
sum() {
	sh -c "$1" | tr -d '\r"' | cksum
}
if command -v sqlite3 >/dev/null; then
	[ "$(sum "$export_ours")" = "$(sum "$export_shell")" ] ||
		stop "the exports differ"
	pair "$export_shell >'$dir/out'" "$export_ours >'$dir/out'"
	row 17 "export as CSV, faster than the sqlite3 shell" \
		"$(calc "$ratio")x ($(calc "$cpu_b") s)" 2.5x 4x
fi
row 17 "export, peak memory of our own" \
	"$(calc "$("$BUILD/bench/bench_peak" "$BUILD/pmta-suppress" --state \
		"$dir/state" export) / 1024") MB" - -
rm -rf "$dir/state" "$dir/list.csv" "$dir/out"
