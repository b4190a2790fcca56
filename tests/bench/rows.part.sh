# rows.part.sh - rows 1, 2, 3, 5, 7: accounting rows.
# shellcheck shell=sh disable=SC2154

# made MIX: makes the file, and checks that ingest counts what was made.
made() {
	"$BUILD/bench/gen_rows" "$1" "$rows" >"$dir/$1.csv" 2>"$dir/$1.want"
	mkdir -m 700 "$dir/count"
	"$BUILD/pmta-suppress" --state "$dir/count" ingest "$dir/$1.csv" \
		>"$dir/$1.got"
	rm -rf "$dir/count"
	for kind in d b t f rb too-long; do
		want=$(sed "s/.* $kind \([0-9]*\).*/\1/" "$dir/$1.want")
		got=$(sed -n "s/.*[(,] *$kind \([0-9]*\).*/\1/p" "$dir/$1.got")
		[ "${got:-0}" = "$want" ] || {
			echo "$1: $kind: got ${got:-0}, want $want" >&2
			exit 1
		}
	done
}

libcsv() {
	echo "'$BUILD/bench/bench_rows' libcsv '$dir/$1.csv'"
}

ingest() {
	echo "$fresh $program ingest '$dir/$1.csv'"
}

# against_p NUMBER MIX MUST AIM
against_p() {
	command -v python3 >/dev/null || {
		row "$1" "ingest, $2, faster than P" "no python3" "$3" "$4"
		return
	}
	pair "rm -f '$dir'/p.db*; python3 '$here/peer.py' '$dir/$2.csv' \
		'$dir/p.db'" "$(ingest "$2")"
	row "$1" "ingest, $2 rows, faster than P" \
		"$(calc "$ratio")x ($cpu_a s)" "$3" "$4"
}

made default
pair "'$BUILD/bench/bench_rows' rows '$dir/default.csv'" "$(libcsv default)"
row 1 "record finder, default rows, to L" "$(calc "$ratio") +-$noise %" \
	"<= 0.15" 0.11
pair "$(ingest default)" "$(libcsv default)"
row 2 "ingest, default rows, to L ($cpu_b s)" \
	"$(calc "$ratio") ($cpu_a s) +-$noise %" "<= 0.60" 0.50
against_p 3 default 10x 15x
pair "$fresh cat '$dir/default.csv' | '$BUILD/pmta-suppress-pipe' \
	--state '$dir/state' --log stderr 2>/dev/null" "$(ingest default)"
row 7 "row 2 through the pipe, to ingest" \
	"$(calc "$ratio") ($cpu_a s) +-$noise %" "<= 1.35" 1.15
rm "$dir/default.csv"
made bounces
pair "$(ingest bounces)" "$(libcsv bounces)"
row 5 "ingest, bounces, to L ($cpu_b s)" \
	"$(calc "$ratio") ($cpu_a s) +-$noise %" "<= 6.0" 4.5
against_p 5 bounces 7x 10x
rm "$dir/bounces.csv"
