#!/bin/sh
# run.sh - what fails underneath, and what becomes of the list: `run.sh BUILD`.
# FAULT=short takes a part of it (CI). Looks for: half a change, a change that
# is lost or made twice, an error without words, a crash, a writer that waits.
# FAULT_DIR is where the lists stand (a memory file system is quickest). Ends
# with "N passed, N failed, N skipped".
set -u

SRC=$(cd "$(dirname "$0")/../.." && pwd) || exit 1
BUILD=$(cd "$1" && pwd) || exit 1
passed=0 failed=0 skipped=0

say() {
	printf '%s\n' "$*"
}

if [ "${FAULT:-long}" = short ]; then
	every=41 every_memory=83 every_cut=29 seeds=1
	export FAULT_KILLS="${FAULT_KILLS:-60}" \
		FAULT_LOCKED="${FAULT_LOCKED:-3}" \
		FAULT_MEMORY_EVERY="${FAULT_MEMORY_EVERY:-401}" \
		FAULT_COMMANDS="${FAULT_COMMANDS:-check show import \
export-delta ingest classify verp-key mover worker worker-message}" \
		FAULT_PARTS="${FAULT_PARTS:-the_database_is_locked \
the_clock_jumps nothing_can_be_kept}"
else
	every=1 every_memory=1 every_cut=1 seeds=5
	export TEST_SECONDS="${TEST_SECONDS:-20000}"
fi

if [ -z "${FAULT_DIR:-}" ]; then
	FAULT_DIR=${TMPDIR:-/tmp}
	[ ! -w /dev/shm ] || FAULT_DIR=/dev/shm
fi
dir=$(mktemp -d "$FAULT_DIR/pmta-fault.XXXXXX") || exit 1
trap 'rm -rf "$dir"' EXIT

# driver NAME [ARG...]: prints ok, FAIL and skip lines of its own.
driver() {
	name=$1
	shift
	log=$BUILD/fault-$name.log
	(cd "$dir" && exec "$BUILD/fault/$name" "$@") >"$log" 2>&1
	rc=$?
	cat "$log"
	bad=$(grep -c '^FAIL ' "$log")
	if [ "$rc" -ne 0 ] && [ "$bad" -eq 0 ]; then
		say "FAIL fault/$name: ended with exit code $rc"
		bad=1
	fi
	passed=$((passed + $(grep -c '^ok ' "$log")))
	skipped=$((skipped + $(grep -c '^skip ' "$log")))
	failed=$((failed + bad))
}

driver fault_run "$every"
driver fault_memory "$every_memory"
driver fault_calls "$every"
driver fault_power "$every_cut" "$seeds"

log=$BUILD/fault-scripts.log
TESTS=$SRC/tests/fault JOBS=1 sh "$SRC/tests/cli/run.sh" "$BUILD" >"$log"
sed '$d' "$log"
# shellcheck disable=SC2046
set -- $(sed -n '$s/^\([0-9]*\) passed, \([0-9]*\) failed, \([0-9]*\) skipped$/\1 \2 \3/p' "$log")
if [ $# -ne 3 ]; then
	say "FAIL fault: the scripts ended without their closing line"
	set -- 0 1 0
fi
say "$((passed + $1)) passed, $((failed + $2)) failed, $((skipped + $3)) skipped"
[ $((failed + $2)) -eq 0 ] && [ "$passed" -gt 0 ]
