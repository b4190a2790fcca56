# Storms, breakers and forgeries on simulated months: the short form of
# `make storm`.
. "$SRC/tests/cli/lib.sh"

TMPDIR=$PWD
export TMPDIR
storm_sim --short >table || {
	grep -v '^pass' table
	fail "figures are not as they should be"
}
[ "$(grep -c '^pass' table)" -gt 100 ] || {
	cat table
	fail "too few figures"
}
