# exchange.part.sh - rows 17, 18, 19: a long list in and out.
# shellcheck shell=sh disable=SC2154

BENCH_LIST=${BENCH_LIST:-$rows} BENCH_RUNS=$pairs sh "$here/exchange.sh" \
	"$BUILD" >"$dir/exchange"
said() {
	sed -n "s/.*$1.*/\\1/p" "$dir/exchange"
}
row 17 "export as CSV, faster than the sqlite3 shell" \
	"$(said 'export is \([0-9.]*\) times')x" 2.5x 4x
row 18 "import, unsorted, rows a CPU second" \
	"$(said ', \([0-9]*\) rows a CPU')" 150000 250000
row 19 "bytes on disk a suppression" "$(said 'disk: \([0-9.]*\) bytes')" \
	"<= 64" 52
rm "$dir/exchange"
