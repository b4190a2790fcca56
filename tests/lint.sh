#!/bin/sh
# lint.sh - checks that read the sources: `lint.sh BUILD`. A tool that is not
# there is a skip, or a failure with LINT_STRICT=1. Silence is a pass.
set -u

SRC=$(cd "$(dirname "$0")/.." && pwd) || exit 1
BUILD=$(cd "${1:-$SRC/build}" && pwd) || exit 1
cd "$SRC" || exit 1
passed=0 failed=0 skipped=0

# lint NAME TOOL COMMAND...: passes when the command says nothing and exits 0.
lint() {
	name=$1 tool=$2
	shift 2
	if ! command -v "$tool" >/dev/null; then
		if [ -n "${LINT_STRICT:-}" ]; then
			failed=$((failed + 1))
			echo "FAIL lint/$name: $tool is not installed; run sh setup.sh test"
		else
			skipped=$((skipped + 1))
			echo "skip lint/$name: $tool is not installed"
		fi
		return
	fi
	told=$("$@" 2>&1)
	rc=$?
	if [ "$rc" -eq 0 ] && [ -z "$told" ]; then
		passed=$((passed + 1))
		echo "ok   lint/$name"
	else
		failed=$((failed + 1))
		echo "FAIL lint/$name (exit $rc)"
		printf '%s\n' "$told" | head -n 60 | sed 's/^/    /'
	fi
}

# Sources that git would take, or all where there is no git.
files() {
	find . \( -name build -o -name .git \) -prune -o -type f \
		\( "$@" \) -print | sort
}

run_cppcheck() {
	mkdir -p "$BUILD/cppcheck"
	cppcheck --quiet --std=c11 --language=c -j 2 --inline-suppr \
		--enable=warning,portability,performance \
		--cppcheck-build-dir="$BUILD/cppcheck" \
		--suppressions-list=tests/cppcheck.txt --error-exitcode=1 \
		-D_GNU_SOURCE -D__linux__ -Ilib -I"$BUILD/gen" \
		lib pipe suppress
}

run_shellcheck() {
	# shellcheck disable=SC2046
	shellcheck -x -P SCRIPTDIR -e SC1091 $(files -name '*.sh') .ci/run
	# In tests a cat makes a pipe, and file names are their own.
	# shellcheck disable=SC2046
	shellcheck -s sh -S warning -e SC1091,SC2010 \
		$(files -path './tests/cli/*.t' -o -path './tests/fault/*.t')
}

run_mandoc() {
	set -- man/*.[1-9]
	[ -e "$1" ] || return 0
	# What it says about other manuals depends on the machine, not on these.
	mandoc -T lint "$@" 2>&1 |
		grep -v -e 'referenced manual not found' -e 'mandoc\.db'
	return 0
}

# Every directive in conf-snippets is one that PowerMTA's guide has.
run_directives() {
	awk 'FNR == NR { if ($0 !~ /^#/) known[$1]; next }
		/^[ \t]*(#|$)/ { next }
		{ word = $1; sub(/^<\/?/, "", word); sub(/>$/, "", word) }
		!(word in known) { print FILENAME ":" FNR ": " word \
			": not a directive of PowerMTA" }' \
		tests/data/powermta-directives.txt \
		conf-snippets/pmta-[abft]*.conf
}

lint cppcheck cppcheck run_cppcheck
lint shellcheck shellcheck run_shellcheck
lint mandoc mandoc run_mandoc
lint powermta-directives awk run_directives
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
