#!/bin/sh
# run.sh - how many rows a second: `run.sh BUILD`. BENCH_ROWS says how many rows
# (200000): 92 deliveries, 5 deferrals and 3 bounces of a hundred, each of its
# own recipient. The figures are of this machine; compare on one machine only.
set -eu

BUILD=$(cd "$1" && pwd)
rows=${BENCH_ROWS:-200000}
dir=$(mktemp -d "${TMPDIR:-/tmp}/pmta-bench.XXXXXX")
trap 'rm -rf "$dir"' EXIT

awk -v rows="$rows" 'BEGIN {
	print "type,timeLogged,timeQueued,orig,rcpt,orcpt,dsnAction,dsnStatus," \
	    "dsnDiag,dsnMta,bounceCat,srcType,srcMta,dlvType,dlvSourceIp," \
	    "dlvDestinationIp,dlvEsmtpAvailable,dlvSize,vmta,jobId,envId,queue," \
	    "vmtaPool"
	for (i = 0; i < rows; i++) {
		d = sprintf("2026-10-%02d %02d:%02d:%02d+0000", 1 + i / rows * 28,
		    i / 3600 % 24, i / 60 % 60, i % 60)
		k = i % 100
		t = k < 92 ? "d" : k < 97 ? "t" : "b"
		s = k < 92 ? "2.0.0 (success)" : k < 97 ? \
		    "4.7.1 (delivery not authorized)" : \
		    "5.1.1 (bad destination mailbox address)"
		g = k < 92 ? "smtp;250 2.0.0 Ok: queued as 4XW" i : k < 97 ? \
		    "smtp;451 4.7.1 Greylisted, please try again later" : \
		    "smtp;550 5.1.1 <r" i "@d" i % 997 ".example>: User unknown"
		printf "%s,%s,%s,news-r%d=d%d.example@b.example,r%d@d%d.example,,%s," \
		    "%s,\"%s\",mx.d%d.example (192.0.2.%d),,smtp," \
		    "app.example (198.51.100.5),smtp,198.51.100.11,192.0.2.%d," \
		    "\"8BITMIME,SIZE,PIPELINING\",18344,vmta1,job1,,d%d.example/vmta1," \
		    "pool1\r\n", t, d, d, i, i % 997, i, i % 997,
		    k < 92 ? "relayed" : k < 97 ? "delayed" : "failed", s, g,
		    i % 997, i % 250, i % 250, i % 997
	}
}' >"$dir/acct.csv"
echo "$rows rows, $(wc -c <"$dir/acct.csv") bytes"

for mode in rows events; do
	[ ! -x "$BUILD/bench/bench_rows" ] || "$BUILD/bench/bench_rows" "$mode" "$dir/acct.csv"
done

# clock NAME COMMAND...: rows a second of wall time.
clock() {
	name=$1
	shift
	began=$(date +%s%N)
	"$@" >"$dir/out" 2>&1 || { cat "$dir/out"; exit 1; }
	took=$((($(date +%s%N) - began) / 1000000 + 1))
	echo "$name: $took ms, $((rows * 1000 / took)) rows/s"
}

through_pipe() {
	# shellcheck disable=SC2002 # it is to be a pipe
	cat "$dir/acct.csv" | "$BUILD/pmta-suppress-pipe" --state "$dir/pipe" \
		--log stderr
}

mkdir "$dir/pipe" "$dir/file"
clock pipe through_pipe
clock ingest "$BUILD/pmta-suppress" --state "$dir/file" ingest "$dir/acct.csv"
clock "ingest again" "$BUILD/pmta-suppress" --state "$dir/file" ingest "$dir/acct.csv"

BENCH_LIST=${BENCH_LIST:-$rows} sh "$(dirname "$0")/scrub.sh" "$BUILD"
