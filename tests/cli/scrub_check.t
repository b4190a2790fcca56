# scrub and check agree on every address of random lists, whatever its spelling.
. "$SRC/tests/cli/lib.sh"

# words SEED N: N spellings of a few hundred addresses, some of them none.
words() {
	awk -v seed="$1" -v n="$2" 'BEGIN {
		srand(seed)
		split("@ @x @. [192.0.2.1] \" \"a b\" .a a. a..b ü Ü ß 漢字 \303 " \
		    "redacted undisclosed-recipients \"q\\\"q\" a+b a(b a,b", odd, " ")
		for (i = 0; i < n; i++) {
			u = "u" int(rand() * 300)
			d = "d" int(rand() * 12) (rand() < 0.1 ? ".sub" : "") ".example"
			if (rand() < 0.05)
				d = (rand() < 0.5 ? "Bücher" : "xn--bcher-kva") ".example"
			if (rand() < 0.1)
				u = odd[1 + int(rand() * 22)]
			a = u "@" d
			r = rand()
			if (r < 0.1) a = toupper(a)
			else if (r < 0.15) a = "<" a ">"
			else if (r < 0.2) a = "  " a " "
			else if (r < 0.25) a = a "."
			else if (r < 0.28) a = "\"" u "\"@" d
			else if (r < 0.3) a = u
			else if (r < 0.32) a = "rfc822;" a
			print a
		}
	}'
}

words 1 400 >listed
pmta-suppress import listed --skip-bad --max-errors 0 --reason r >/dev/null 2>&1
for d in 1 4 7; do
	want_ok pmta-suppress add "@d$d.example" --reason r --until 2199-01-01
done
for u in 5 6; do
	want_ok pmta-suppress add "u$u@d2.example" --reason r --scope stream:news
done
want_ok pmta-suppress hold 'u2*@d3.example' --reason r

# agree NAME OPTION...: the rows that scrub keeps are those that check names
# "not suppressed", but for whole domains, to which no mail goes; a row is what
# stands in quotes of a CSV file.
agree() {
	agree_name=$1
	shift
	pmta-suppress check --json "$@" - <asked |
		awk '/"suppressed":false/ && !/"address":"@/ { print NR }' >want
	{
		echo n,email
		awk '{ gsub(/"/, "\"\""); print NR ",\"" $0 "\"" }' asked
	} >asked.csv
	want_exit 0 pmta-suppress scrub "$@" asked.csv
	sed '1d; s/,.*//' out >got
	[ "$(wc -l <want)" -gt 100 ] || fail "$agree_name: too few are kept"
	want_same want got "$agree_name"
	want_exit 0 pmta-suppress scrub "$@" --low-memory asked.csv
	sed '1d; s/,.*//' out >got
	want_same want got "$agree_name, in little memory"
	want_exit 0 pmta-suppress scrub "$@" --drop dropped.csv asked.csv
	sed '1d; s/,.*//' out >got
	want_same want got "$agree_name, with --drop"
	[ "$(($(wc -l <out) + $(wc -l <dropped.csv)))" -eq \
		"$(($(wc -l <asked) + 2))" ] || fail "$agree_name: rows are lost"
}
for seed in 2 3 4; do
	words $seed 1500 >asked
	agree "list $seed"
	agree "list $seed of a stream" --stream news
done
