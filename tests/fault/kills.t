# kill -9 of mover, worker or both at chance moments, one to five instances at
# once, each start taking up what the dead left. While the test holds the pipe
# nothing is missing; where the pipe dies with its reader, as PowerMTA's does,
# those rows are missing that lay in it unread, and no others: the parallel
# acct-file brings them back. Then the list is what a run without a kill gives.
. "$SRC/tests/cli/lib.sh"

want=${FAULT_KILLS:-500}
seed=${PMTA_TEST_SEED:-$(date +%s)}
echo "seed $seed"
printf '[journal]\nsegment-size = 256K\n' >small.conf
calm small.conf
calm
pipe=$(command -v pmta-suppress-pipe)

# count NAME: the number behind it in what the stand-in printed.
count() {
	sed -n "s/.* $1 \([0-9]*\).*/\1/p" out
}

# A row has its address in its first line, and addresses come once.
only_the_unread_are_missing() {
	grep -o 'r[0-9]*-[0-9]*@d[0-9]*' lost | sort >gone
	grep '^b,' rows | grep -o 'r[0-9]*-[0-9]*@d[0-9]*' | sort |
		comm -23 - gone >want
	pmta-suppress list | grep -o 'r[0-9]*-[0-9]*@d[0-9]*' | sort >got
	want_same want got "$1: what is missing is not what was unread"
	lost=$((lost + $(wc -l <gone)))
}

# one SEED VICTIM BLOCKS HOLD: a run, and the same rows without a kill.
one() {
	rm -rf state clean log rest lost
	: >lost
	pmta_standin --make 6000 --seed "$1" --print >rows
	want_ok pmta-suppress --state clean ingest rows
	# shellcheck disable=SC2086
	pmta_standin --make 6000 --seed "$1" --blocks "$3" --kill "$2" \
		--kills 8 $4 --lost lost --wait 60 -- "$pipe" --config "$PWD/small.conf" \
		--state "$PWD/state" --log "$PWD/log" >out 2>err ||
		{ cat out err log; fail "$2, $3 at once, seed $1"; }
	killed=$((killed + $(count killed-movers) + $(count killed-workers)))
	if [ -z "$4" ]; then
		only_the_unread_are_missing "$2, $3 at once, seed $1"
		want_ok pmta-suppress ingest rows
	fi
	pmta-suppress --state clean dump >clean.dump
	pmta-suppress dump >killed.dump
	want_same clean.dump killed.dump "$2, $3 at once, seed $1, ${4:-not held}"
	want_no_line log quarantine
}

killed=0 runs=0 lost=0
while [ "$killed" -lt "$want" ]; do
	case $((runs % 3)) in
	0) victim=worker ;;
	1) victim=both ;;
	2) victim=mover ;;
	esac
	case $((runs / 3 % 3)) in
	0) blocks=1 ;;
	1) blocks=2 ;;
	2) blocks=5 ;;
	esac
	hold=--hold-read-end
	[ $((runs % 2)) -eq 0 ] || hold=
	one $(((seed + runs) % 100000)) "$victim" "$blocks" "$hold"
	runs=$((runs + 1))
done
echo "$killed processes killed in $runs runs, $lost rows lost unread"
