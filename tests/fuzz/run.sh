#!/bin/sh
# run.sh - runs the fuzz programs: `run.sh BUILD SECONDS`. Each takes what is in
# tests/fuzz/seeds/NAME as a start; what it finds is kept in BUILD/fuzz-corpus.
# An input that breaks it is left in BUILD/fuzz-found and is a failure.
set -u

SRC=$(cd "$(dirname "$0")/../.." && pwd) || exit 1
BUILD=$(cd "$1" && pwd) || exit 1
seconds=$2
passed=0 failed=0
mkdir -p "$BUILD/fuzz-found"
for program in "$BUILD"/fuzz/fuzz_*; do
	[ -x "$program" ] || continue
	name=${program##*/fuzz_}
	corpus=$BUILD/fuzz-corpus/$name
	mkdir -p "$corpus"
	set -- "$corpus"
	[ ! -d "$SRC/tests/fuzz/seeds/$name" ] || set -- "$@" "$SRC/tests/fuzz/seeds/$name"
	[ ! -f "$SRC/tests/fuzz/$name.dict" ] || set -- "$@" -dict="$SRC/tests/fuzz/$name.dict"
	log=$BUILD/fuzz-corpus/$name.log
	if "$program" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=4096 \
		-max_len=65536 -print_final_stats=1 \
		-artifact_prefix="$BUILD/fuzz-found/$name-" "$@" >"$log" 2>&1; then
		passed=$((passed + 1))
		echo "ok   fuzz/$name ($(sed -n 's/^stat::number_of_executed_units: *//p' "$log") inputs in $seconds s)"
	else
		failed=$((failed + 1))
		echo "FAIL fuzz/$name"
		tail -n 40 "$log" | sed 's/^/    /'
	fi
done
echo "$passed passed, $failed failed, 0 skipped"
[ "$failed" -eq 0 ]
