#!/bin/sh
# run.sh - runs the fuzz programs: `run.sh BUILD SECONDS`. Each takes what is in
# tests/fuzz/seeds/NAME as a start; what it finds is kept in BUILD/fuzz-corpus.
# An input that breaks it is left in BUILD/fuzz-found and is a failure. JOBS says
# how many at a time (2); FUZZ_SEED a number that chance begins with, so that
# another run tries the same.
set -u

one() {
	name=${1##*/fuzz_}
	corpus=$BUILD/fuzz-corpus/$name
	log=$corpus.log
	mkdir -p "$corpus"
	set -- "$1" "$corpus"
	[ ! -d "$SRC/tests/fuzz/seeds/$name" ] || set -- "$@" "$SRC/tests/fuzz/seeds/$name"
	[ ! -f "$SRC/tests/fuzz/$name.dict" ] || set -- "$@" -dict="$SRC/tests/fuzz/$name.dict"
	[ -z "${FUZZ_SEED:-}" ] || set -- "$@" -seed="$FUZZ_SEED"
	"$@" -max_total_time="$SECONDS_EACH" -timeout=10 -rss_limit_mb=4096 \
		-max_len=65536 -print_final_stats=1 \
		-artifact_prefix="$BUILD/fuzz-found/$name-" >"$log" 2>&1
	echo $? >"$corpus.rc"
}

if [ "$1" = --one ]; then
	one "$2"
	exit 0
fi

SRC=$(cd "$(dirname "$0")/../.." && pwd) || exit 1
BUILD=$(cd "$1" && pwd) || exit 1
SECONDS_EACH=$2
export SRC BUILD SECONDS_EACH
passed=0 failed=0
mkdir -p "$BUILD/fuzz-found" "$BUILD/fuzz-corpus"
rm -f "$BUILD"/fuzz-corpus/*.rc
for program in "$BUILD"/fuzz/fuzz_*; do
	[ ! -x "$program" ] || printf '%s\n' "$program"
done | xargs -r -n 1 -P "${JOBS:-2}" sh "$0" --one
for program in "$BUILD"/fuzz/fuzz_*; do
	[ -x "$program" ] || continue
	name=${program##*/fuzz_}
	log=$BUILD/fuzz-corpus/$name.log
	if [ "$(cat "$BUILD/fuzz-corpus/$name.rc")" = 0 ]; then
		passed=$((passed + 1))
		echo "ok   fuzz/$name ($(sed -n 's/^stat::number_of_executed_units: *//p' "$log") inputs in $SECONDS_EACH s)"
	else
		failed=$((failed + 1))
		echo "FAIL fuzz/$name"
		tail -n 40 "$log" | cut -c1-400 | sed 's/^/    /'
	fi
done
echo "$passed passed, $failed failed, 0 skipped"
[ "$failed" -eq 0 ]
