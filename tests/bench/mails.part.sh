# mails.part.sh - row 21: a folder of mails, against a program that only parses
# them with GMime. BENCH_MAILS says how many (20000), made of tests/data/mail.
# shellcheck shell=sh disable=SC2154

mails=${BENCH_MAILS:-20000}
mkdir "$dir/mails"
# Copies of the samples, no two the same.
awk -v mails="$mails" -v to="$dir/mails/" '
	FNR == 1 { n++ }
	{ text[n] = text[n] $0 "\n" }
	END {
		for (i = 0; i < mails; i++) {
			file = to i
			printf "X-Bench: %d\n%s", i, text[i % n + 1] >file
			close(file)
		}
	}' "$here"/../data/mail/*.eml
pair "$fresh $program ingest '$dir/mails' >'$dir/out'" \
	"find '$dir/mails' -type f | xargs '$BUILD/bench/bench_gmime' >'$dir/out'"
row 21 "mails in a folder, to GMime alone" \
	"$ratio ($(calc "$mails / $cpu_a") a CPU s)" '<= 1.5' 1.2
