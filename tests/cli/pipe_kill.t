# kill -9 of mover, worker, or both, at any moment: what had left the pipe is
# worked on once; what had not is written again, as the acct-file would be.
. "$SRC/tests/cli/lib.sh"

seed=${PMTA_TEST_SEED:-$(date +%s)}
echo "seed $seed"
rows=8000
cat >small.conf <<END
[journal]
segment-size = 256K
END
calm small.conf

for victim in worker mover both; do
	for blocks in 1 3; do
		rm -rf state
		pmta_standin --make "$rows" --seed "$((seed % 100000))" \
			--blocks "$blocks" --kill "$victim" --kills 4 \
			--hold-read-end --wait 60 -- \
			"$(command -v pmta-suppress-pipe)" \
			--config "$PWD/small.conf" --state "$PWD/state" \
			--log "$PWD/log" >out 2>err ||
			{ cat out err log; fail "$victim, $blocks blocks"; }
		cat out
		got=$(pmta-suppress list | grep -c @)
		want_eq "$got" $((rows * 3 / 4)) \
			"listed after kills of $victim, $blocks blocks"
	done
done
want_no_line log "quarantine"
