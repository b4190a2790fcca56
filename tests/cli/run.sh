#!/bin/sh
# run.sh - runs tests/cli/*.t on the built programs, each in its own empty
# folder. `run.sh BUILD [NAME...]`; JOBS says how many at a time (2), TESTS
# another folder of tests.
# A test exits 0: passed, 77: skipped (its last line says why), else: failed.
# Also a failure: it takes over TEST_SECONDS (120), or leaves a process behind.
set -u

say() {
	printf '%s\n' "$*"
}

# Processes that carry the test's tag in their environment, by id.
tagged() {
	for environ in /proc/[0-9]*/environ; do
		if grep -qzxF "PMTA_TEST_TAG=$1" "$environ" 2>/dev/null; then
			pid=${environ#/proc/}
			say "${pid%/environ}"
		fi
	done
}

# Waits two seconds for them to end, kills what is left; prints what it was.
sweep() {
	tries=0
	while left=$(tagged "$1") && [ -n "$left" ] && [ "$tries" -lt 20 ]; do
		sleep 0.1
		tries=$((tries + 1))
	done
	for pid in $left; do
		tr '\0' ' ' <"/proc/$pid/cmdline" 2>/dev/null && echo
		kill -9 "$pid" 2>/dev/null
	done
}

# One test: its output and its result go to files in $OUT.
one() {
	name=$1
	tag=cli-$$-$name
	dir=$(mktemp -d "${TMPDIR:-/tmp}/pmta-cli.XXXXXX") || exit 1
	mkdir "$dir/work" "$dir/home"
	chmod 755 "$dir" "$dir/work" # tests that become another user enter
	began=$(date +%s)
	(
		cd "$dir/work" || exit 1
		for var in $(env | sed -n 's/^\(PMTA_SUPPRESS_[A-Z_]*\)=.*/\1/p'); do
			unset "$var"
		done
		PATH=$BUILD:$TOOLS:$PATH HOME=$dir/home LC_ALL=C TZ=UTC \
			PMTA_TEST_TAG=$tag \
			timeout -k 5 "${TEST_SECONDS:-120}" \
			sh "$TESTS/$name.t"
	) >"$OUT/$name.out" 2>&1 </dev/null
	rc=$?
	left=$(sweep "$tag")
	if [ "$rc" -eq 124 ] || [ "$rc" -eq 137 ]; then
		say "took longer than ${TEST_SECONDS:-120} s, or was killed" \
			>>"$OUT/$name.out"
	elif [ -n "$left" ]; then
		say "left behind: $left" >>"$OUT/$name.out"
		[ "$rc" -ne 0 ] || rc=1
	fi
	say "$rc $(($(date +%s) - began))" >"$OUT/$name.rc"
	chmod -R u+rwx "$dir" 2>/dev/null
	rm -rf "$dir"
}

if [ "${1:-}" = --one ]; then
	one "$2"
	exit 0
fi

SRC=$(cd "$(dirname "$0")/../.." && pwd) || exit 1
BUILD=$(cd "${1:-$SRC/build}" && pwd) || exit 1
[ $# -eq 0 ] || shift
TOOLS=$BUILD/tools
TESTS=${TESTS:-$SRC/tests/cli}
kind=${TESTS##*/}
OUT=$BUILD/test-$kind
export SRC BUILD TOOLS TESTS OUT
rm -rf "$OUT"
mkdir -p "$OUT" || exit 1
[ $# -gt 0 ] || set -- "$TESTS"/*.t

passed=0 failed=0 skipped=0
names=
for t in "$@"; do
	t=${t##*/}
	[ "$t" = "*.t" ] || names="$names ${t%.t}"
done
for name in $names; do
	say "$name"
done | xargs -r -n 1 -P "${JOBS:-2}" sh "$SRC/tests/cli/run.sh" --one
for name in $names; do
	read -r rc seconds <"$OUT/$name.rc" || rc=1
	case $rc in
	0)
		passed=$((passed + 1))
		say "ok   $kind/$name ($seconds s)"
		;;
	77)
		skipped=$((skipped + 1))
		say "skip $kind/$name: $(tail -n 1 "$OUT/$name.out")"
		;;
	*)
		failed=$((failed + 1))
		say "FAIL $kind/$name (exit $rc)"
		tail -n 80 "$OUT/$name.out" | cut -c1-400 | sed 's/^/    /'
		;;
	esac
done
say "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
