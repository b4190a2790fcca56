# made.sh - what several parts read and run.
# shellcheck shell=sh disable=SC2034,SC2154

# generated MIX ROWS: the file MIX.ROWS.csv.
generated() {
	"$BUILD/bench/gen_rows" "$1" "$2" >"$dir/$1.$2.csv" 2>"$dir/want"
}

# made MIX ROWS: the same, and that ingest counts what was generated.
made() {
	[ ! -e "$dir/$1.$2.csv" ] || return 0
	generated "$1" "$2"
	rm -rf "$dir/count"
	mkdir -m 700 "$dir/count"
	"$BUILD/pmta-suppress" --state "$dir/count" ingest "$dir/$1.$2.csv" \
		>"$dir/got"
	rm -rf "$dir/count"
	for kind in d b t f rb too-long; do
		want=$(sed "s/.* $kind \([0-9]*\).*/\1/" "$dir/want")
		got=$(sed -n "s/.*[(,] *$kind \([0-9]*\).*/\1/p" "$dir/got")
		[ "${got:-0}" = "$want" ] ||
			stop "$1: $kind: got ${got:-0}, want $want"
	done
}

libcsv() {
	echo "'$BUILD/bench/bench_rows' libcsv '$dir/$1.$2.csv'"
}

# ingest MIX ROWS: into the state folder as it is.
ingest() {
	echo "$program ingest '$dir/$1.$2.csv'"
}

# listed N: the file $cache/listed.N of N addresses, in no order.
listed() {
	[ -e "$cache/listed.$1" ] && return
	"$BUILD/bench/bench_scrub" suppressed "$1" >"$cache/listed.new"
	mv "$cache/listed.new" "$cache/listed.$1"
}

# mailing N: the file $cache/mailing.N of N lines, 5 % of them in listed.N.
mailing() {
	[ -e "$cache/mailing.$1" ] && return
	"$BUILD/bench/bench_scrub" list "$1" "$1" >"$cache/mailing.new"
	mv "$cache/mailing.new" "$cache/mailing.$1"
}

# database N: the state folder $cache/state.N that holds listed.N. Nobody
# changes it: whoever writes takes a copy.
database() {
	[ -e "$cache/state.$1" ] && return
	listed "$1"
	rm -rf "$cache/state.new"
	mkdir -m 700 "$cache/state.new"
	"$BUILD/pmta-suppress" --state "$cache/state.new" \
		import "$cache/listed.$1" >/dev/null
	mv "$cache/state.new" "$cache/state.$1"
}

# copied N: the word that makes the state folder a copy of database N.
copied() {
	echo "rm -rf '$dir/state'; cp -r '$cache/state.$1' '$dir/state'"
}

# live RATE SECONDS end|term N: into a copy of database N. Sets half most99 all
# write ended, in ms.
live() {
	database "$4"
	[ -e "$dir/default.$(($1 * $2)).csv" ] || generated default "$(($1 * $2))"
	sh -ec "$(copied "$4")"
	told=$("$BUILD/bench/bench_live" "$dir/default.$(($1 * $2)).csv" "$1" \
		"$2" "$3" "exec $pipe" "exec $program check -")
	read -r _ people half most99 all write ended _ lost <<-END
		$told
	END
	: "$people" "$half" "$most99" "$all" "$write" "$ended"
	[ "$lost" -eq 0 ] || stop "live $1 rows/s: $lost people are missing"
}

# Commands of rows 13 to 16 on lists of N; see scrub.part.sh.
unit() {
	echo "'$BUILD/bench/bench_scrub' unit '$cache/listed.$1' \
		'$cache/mailing.$1' 2>/dev/null"
}
on_list() {
	echo "'$BUILD/pmta-suppress' --state '$cache/state.$1'"
}
# A hundred processes, each asked for one.
asked_each() {
	echo "k=0; while [ \$k -lt 100 ]; do k=\$((k + 1))
		$(on_list "$1") check --quiet nobody@gmail.example || [ \$? -eq 1 ]
	done"
}
asked_all() {
	echo "$(on_list "$1") check - <'$cache/asked.$1'"
}
# lists N: all that these read.
lists() {
	database "$1"
	mailing "$1"
	head -n 1000000 "$cache/mailing.$1" >"$cache/asked.$1"
}
