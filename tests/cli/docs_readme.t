# What README.md shows is what the programs print: its tour is run again on the
# sample records. Times, streams and lines of rules change from run to run.
. "$SRC/tests/cli/lib.sh"

unset PMTA_SUPPRESS_STATE PMTA_SUPPRESS_CONFIG
no_times() {
	sed -e 's/20[0-9][0-9]-[0-9][0-9]-[0-9][0-9][T ][0-9:]*/TIME/g' \
		-e 's/20[0-9]\{6\}T[0-9]\{6\}Z-[0-9]*-[0-9a-f]*/STREAM/g' \
		-e 's/\.rules:[0-9]*/.rules:N/g' \
		-e 's/[0-9]* bytes/N bytes/g' "$@"
}

TMPDIR=$PWD sh "$SRC/tests/tour.sh" "$BUILD" >now 2>err ||
	{ cat err; fail "tests/tour.sh failed"; }
[ "$(grep -c '^\$ ' now)" -ge 5 ] || fail "README.md has no tour"
no_times now >got
no_times "$SRC/README.md" >want
want_same want got "README.md's tour differs: see tests/tour.sh"

# The two set-up lines are the first block, and they are nothing else.
awk '/^```sh$/ { on = 1; next } on && /^```/ { exit } on' "$SRC/README.md" >lines
want_eq "$(cat lines)" "sh setup.sh demo
sh setup.sh check" "the set-up lines"
