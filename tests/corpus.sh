#!/bin/sh
# corpus.sh - scores `classify --batch` on labelled replies: `corpus.sh BUILD
# CORPUS`, CORPUS a folder with diag/truth.tsv. Not in the tree: licences
# differ; where it is absent this is a skip. CORPUS_PROG names another program
# that answers a line of class, decision, rule for each reply.
set -eu

SRC=$(cd "$(dirname "$0")/.." && pwd)
BUILD=${1:-$SRC/build}
CORPUS=${2:-${CORPUS:-$SRC/../shared/corpus}}
TRUTH=$CORPUS/diag/truth.tsv
if [ ! -r "$TRUTH" ]; then
	echo "SKIP corpus: $TRUTH is not there; say where: make corpus CORPUS=FOLDER"
	exit 0
fi
work=$(mktemp -d "${TMPDIR:-/tmp}/pmta-corpus.XXXXXX")
trap 'rm -rf "$work"' EXIT INT TERM

awk -F '\t' 'NR > 1 && $4 == "smtp"' "$TRUTH" >"$work/truth"
cut -f 2 "$work/truth" >"$work/lines"
if [ -n "${CORPUS_PROG:-}" ]; then
	"$CORPUS_PROG" <"$work/lines" >"$work/got"
else
	# A folder of its own: no state, no configuration of this machine.
	printf '[paths]\nsite-rules =\n' >"$work/conf"
	"$BUILD/pmta-suppress" --config "$work/conf" --state "$work" \
		classify --batch <"$work/lines" >"$work/got"
fi
if [ "$(wc -l <"$work/lines")" -ne "$(wc -l <"$work/got")" ]; then
	echo "FAIL corpus: $(wc -l <"$work/lines") replies in," \
		"$(wc -l <"$work/got") answers out"
	exit 1
fi
paste "$work/truth" "$work/got" >"$work/both"

# Columns: 1 id, 2 text, 6 origin, 7 class, 8 also_ok; then what we said: 12
# class, 13 decision, 14 rule.
awk -F '\t' '
function supp(d) { return d ~ /^suppress-/ }
function strict(d) {
	return supp(d) ? "suppress" : d == "sender-fault" ? "fault" : "soft"
}
function add(set) {
	n[set]++
	lenient[set] += ok
	strict3[set] += strict($13) == strict($7)
	may = $7 ~ /^suppress-/ || $8 ~ /suppress-/
	wrong[set] += supp($13) && !may
	innocent[set] += !may
	must = $7 ~ /^suppress-/ && $8 !~ /[a-z]/
	missed[set] += must && !supp($13)
	guilty[set] += must
}
function tell(set) {
	if (n[set] == 0)
		return
	printf "%-12s %4d lines  lenient %.3f  strict3 %.3f  " \
		"wrong suppressions %d of %d  missed %d of %d\n", set, n[set],
		lenient[set] / n[set], strict3[set] / n[set], wrong[set],
		innocent[set], missed[set], guilty[set]
}
{
	ok = $13 == $7
	many = split($8, also, "|")
	for (i = 1; i <= many; i++)
		ok = ok || $13 == also[i]
	add("all")
	if ($6 == "crisp" || $6 == "zone-mta" || $6 == "own" || $6 == "kumomta") {
		add("independent")
		add($6)
	}
	if (!ok)
		printf "miss\t%s\twant %s%s\tgot %s (%s)\t%s\t%s\n", $1, $7,
			$8 != "" ? "|" $8 : "", $13, $12, $14, $2
}
END {
	tell("all")
	tell("independent")
	tell("crisp")
	tell("zone-mta")
	tell("own")
	tell("kumomta")
}' "$work/both"
