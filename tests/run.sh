#!/bin/sh
# run.sh - every test: `run.sh BUILD [unit] [cli] [lint]` (all three without a
# word). Ends with "N passed, N failed, N skipped" on a line of its own.
set -u

SRC=$(cd "$(dirname "$0")/.." && pwd) || exit 1
BUILD=$(cd "${1:-$SRC/build}" && pwd) || exit 1
[ $# -eq 0 ] || shift
[ $# -gt 0 ] || set -- unit cli lint
OUT=$BUILD/test-unit
passed=0 failed=0 skipped=0

say() {
	printf '%s\n' "$*"
}

count() { # PASSED FAILED SKIPPED
	passed=$((passed + $1))
	failed=$((failed + $2))
	skipped=$((skipped + $3))
}

# One cmocka program. Also failures: words on stderr, a crash, no test at all.
unit() {
	name=${1##*/}
	tmp=$(mktemp -d "${TMPDIR:-/tmp}/pmta-unit.XXXXXX") || exit 1
	(
		cd "$SRC" || exit 1
		for var in $(env | sed -n 's/^\(PMTA_SUPPRESS_[A-Z_]*\)=.*/\1/p'); do
			unset "$var"
		done
		SRC=$SRC BUILD=$BUILD TMPDIR=$tmp HOME=$tmp LC_ALL=C TZ=UTC \
			CMOCKA_MESSAGE_OUTPUT=TAP timeout -k 5 300 "$1"
	) >"$OUT/$name.out" 2>"$OUT/$name.err" </dev/null
	rc=$?
	chmod -R u+rwx "$tmp" 2>/dev/null
	rm -rf "$tmp"
	bad=$(grep '^not ok ' "$OUT/$name.out" | grep -civ '# skip')
	off=$(grep '^not ok ' "$OUT/$name.out" | grep -ci '# skip')
	good=$(grep -c '^ok ' "$OUT/$name.out")
	why=
	if [ "$rc" -ne 0 ] && [ "$bad" -eq 0 ]; then
		why="ended with exit code $rc"
	elif [ -s "$OUT/$name.err" ] && [ "$bad" -eq 0 ]; then
		why="wrote to stderr"
	elif [ $((good + bad + off)) -eq 0 ]; then
		why="ran no test"
	fi
	[ -z "$why" ] || bad=$((bad + 1))
	count "$good" "$bad" "$off"
	if [ "$bad" -eq 0 ]; then
		say "ok   unit/$name ($good)"
		return
	fi
	say "FAIL unit/$name${why:+: $why}"
	grep -v '^ok ' "$OUT/$name.out" | tail -n 40 | sed 's/^/    /'
	tail -n 40 "$OUT/$name.err" | sed 's/^/    /'
}

# A script that prints ok, FAIL and skip lines and closes with its own counts.
script() {
	log=$BUILD/test-$1.log
	sh "$2" "$BUILD" | tee "$log" | sed '$d'
	counts=$(sed -n '$s/^\([0-9]*\) passed, \([0-9]*\) failed, \([0-9]*\) skipped$/\1 \2 \3/p' "$log")
	if [ -z "$counts" ]; then
		say "FAIL $1: it ended without its closing line"
		counts="0 1 0"
	fi
	# shellcheck disable=SC2086
	count $counts
}

rm -rf "$OUT"
mkdir -p "$OUT" || exit 1
for part in "$@"; do
	case $part in
	unit)
		for program in "$BUILD"/unit/test_*; do
			[ ! -x "$program" ] || unit "$program"
		done
		;;
	cli) script cli "$SRC/tests/cli/run.sh" ;;
	lint) script lint "$SRC/tests/lint.sh" ;;
	*)
		say "run.sh: no such part: $part; say unit, cli or lint" >&2
		exit 64
		;;
	esac
done
say "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
