# Two or five at once on one state folder, and one that starts before the old
# one has ended.
. "$SRC/tests/cli/lib.sh"
calm

pipe=$(command -v pmta-suppress-pipe)
for blocks in 2 5; do
	rm -rf state
	pmta_standin --make 10000 --seed "$blocks" --blocks "$blocks" \
		--write-timeout 1000 -- "$pipe" --state "$PWD/state" \
		--log "$PWD/log" >out 2>err ||
		{ cat out err log; fail "$blocks at once"; }
	[ ! -s err ] || { cat err; fail "$blocks at once: words on stderr"; }
	want_eq "$(pmta-suppress list | grep -c @)" 7500 "$blocks at once"
done
rm -rf state
pmta_standin --make 10000 --seed 3 --restart-overlap -- "|$pipe" \
	--state "$PWD/state" --log "$PWD/log" >out 2>err ||
	{ cat out err log; fail "restart with overlap"; }
want_line out "starts 2"
want_eq "$(pmta-suppress list | grep -c @)" 7500 "restart with overlap"
