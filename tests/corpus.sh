#!/bin/sh
# corpus.sh - scores `classify --batch` on labelled replies and `ingest
# --dry-run` on labelled mails: `corpus.sh BUILD CORPUS`, CORPUS a folder with
# diag/, dsn/ and arf/, each with a truth.tsv. Not in the tree: licences differ;
# where it is absent this is a skip. CORPUS_PROG names another program that
# answers a line of class, decision, rule for each reply.
# Ends with 1 when a figure is below what we promise (see `hold`).
set -eu

SRC=$(cd "$(dirname "$0")/.." && pwd)
BUILD=${1:-$SRC/build}
CORPUS=${2:-${CORPUS:-}}
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
}' "$work/both" >"$work/replies.said"
cat "$work/replies.said"

# ---- mails ----
# Both lists are bytes to awk; addresses are compared without case and with
# A-labels (RFC 3492), as the corpus says.
LC_ALL=C
export LC_ALL
cat >"$work/mails.awk" <<'AWK'
# The text or number that a key has in a line of JSON; "" for null.
function value(line, key,    at, out, c) {
	at = index(line, "\"" key "\":")
	if (at == 0)
		return ""
	line = substr(line, at + length(key) + 3)
	if (substr(line, 1, 1) != "\"") {
		match(line, /^[^,}]*/)
		out = substr(line, 1, RLENGTH)
		return out == "null" ? "" : out
	}
	line = substr(line, 2)
	for (out = ""; (c = substr(line, 1, 1)) != "\"" && c != "";
	    line = substr(line, 2)) {
		if (c == "\\") {
			line = substr(line, 2)
			c = substr(line, 1, 1)
		}
		out = out c
	}
	return out
}
# The code points of UTF-8, in point[]; how many.
function points(s,    i, n, b, more) {
	n = more = 0
	for (i = 1; i <= length(s); i++) {
		b = byte[substr(s, i, 1)]
		if (more > 0 && b >= 128 && b < 192) {
			point[n] = point[n] * 64 + b - 128
			more--
			continue
		}
		more = b >= 240 ? 3 : b >= 224 ? 2 : b >= 192 ? 1 : 0
		point[++n] = b - (b >= 240 ? 240 : b >= 224 ? 224 : b >= 192 ? 192 : 0)
	}
	return n
}
function digit(d) {
	return substr("abcdefghijklmnopqrstuvwxyz0123456789", d + 1, 1)
}
function adapt(delta, n, first,    k) {
	delta = int(first ? delta / 700 : delta / 2)
	delta += int(delta / n)
	for (k = 0; delta > 455; k += 36)
		delta = int(delta / 35)
	return k + int(36 * delta / (delta + 38))
}
function variable(q, bias,    k, t, out) {
	for (k = 36;; k += 36) {
		t = k <= bias ? 1 : k >= bias + 26 ? 26 : k - bias
		if (q < t)
			return out digit(q)
		out = out digit(t + (q - t) % (36 - t))
		q = int((q - t) / (36 - t))
	}
}
function alabel(label,    n, i, out, code, delta, bias, done, basic, least) {
	if (label !~ /[\200-\377]/)
		return label
	n = points(label)
	for (i = 1; i <= n; i++)
		if (point[i] < 128)
			out = out sprintf("%c", point[i])
	done = basic = length(out)
	if (basic > 0)
		out = out "-"
	code = 128
	bias = 72
	for (delta = 0; done < n; delta++) {
		least = 1114112
		for (i = 1; i <= n; i++)
			if (point[i] >= code && point[i] < least)
				least = point[i]
		delta += (least - code) * (done + 1)
		code = least
		for (i = 1; i <= n; i++) {
			if (point[i] < code)
				delta++
			if (point[i] != code)
				continue
			out = out variable(delta, bias)
			bias = adapt(delta, done + 1, done == basic)
			delta = 0
			done++
		}
		code++
	}
	return "xn--" out
}
function plain(address,    at, many, part, i, out) {
	address = tolower(address)
	for (at = length(address); at > 0; at--)
		if (substr(address, at, 1) == "@")
			break
	out = substr(address, 1, at)
	many = split(substr(address, at + 1), part, ".")
	for (i = 1; i <= many; i++)
		out = out (i > 1 ? "." : "") alabel(part[i])
	return out
}
function suppresses(d) { return d ~ /suppress-|complaint/ }
# Whether what was told holds one of the acceptable addresses of a row.
function holds(told, rcpt,    many, part, i) {
	many = split(rcpt, part, "|")
	for (i = 1; i <= many; i++)
		if (part[i] == "-" || index(told, " " plain(part[i]) " "))
			return 1
	return 0
}
function add(set, what, n) { sum[set, what] += n }
# A mail counts in all the sets that it belongs to.
function count(file, what, n,    many, part, i) {
	many = split(sets[file], part, " ")
	for (i = 1; i <= many; i++)
		add(part[i], what, n)
}
function miss(what, file, text) { print what "\t" file "\t" text }
function row(file, class, also, rcpt,    must) {
	if (suppresses(class "|" also))
		may[file] = may[file] "|" rcpt
	if (name == "dsn" && class != "not-a-report" &&
	    !holds(told[file], rcpt)) {
		lost[file] = 1
		miss("not found", file, rcpt " (" class ")")
	}
	must = suppresses(class) && also == "" && rcpt !~ /(^|[|])-($|[|])/
	count(file, "must", must)
	if (!must)
		return
	count(file, "made", holds(struck[file], rcpt))
	if (!holds(struck[file], rcpt))
		miss("not made", file, rcpt " (" class ") got" said[file])
}
function sum_up(file,    many, part, i) {
	count(file, "mails", 1)
	count(file, "found", !(file in lost))
	gsub(/[|]-/, "", may[file])
	many = split(struck[file], part, " ")
	for (i = 1; i <= many; i++) {
		if (may[file] != "" && holds(" " part[i] " ", substr(may[file], 2)))
			continue
		count(file, "wrong", 1)
		miss("wrong", file, part[i] " got" said[file])
	}
}
function tell(set) {
	if (sum[set, "mails"] == 0)
		return
	printf "%-15s %4d mails  ", set, sum[set, "mails"]
	if (name == "dsn")
		printf "recipient found %.3f (%d)  ",
			sum[set, "found"] / sum[set, "mails"], sum[set, "found"]
	printf "required suppressions %d of %d  wrong %d\n",
		sum[set, "made"], sum[set, "must"], sum[set, "wrong"]
}
BEGIN {
	for (i = 1; i < 256; i++)
		byte[sprintf("%c", i)] = i
	FS = "\t"
}
# What we said: first file.
NR == FNR {
	file = substr(value($0, "file"), length(folder) + 2)
	rcpt = plain(value($0, "rcpt"))
	decision = value($0, "decision")
	said[file] = said[file] " " (rcpt == "" ? "-" : rcpt) ": " decision \
		" (" value($0, "rule") ")"
	if (rcpt == "")
		next
	if (!(file in told))
		told[file] = " "
	told[file] = told[file] rcpt " "
	if (!suppresses(decision) || index(struck[file], " " rcpt " "))
		next
	struck[file] = (struck[file] == "" ? " " : struck[file]) rcpt " "
	next
}
FNR == 1 {
	for (i = 1; i <= NF; i++)
		col[$i] = i
	next
}
{
	file = $col["file"]
	format = ("format" in col) ? $col["format"] : ""
	if (!(file in sets)) {
		files[++n] = file
		sets[file] = name " " name \
			($col["origin"] == "synth" ? "-synthetic" : "-real")
		if (name == "dsn" && $col["origin"] !~ /^(synth|sisimai)$/)
			sets[file] = sets[file] " dsn-independent"
		if (format ~ /^jmrp/)
			sets[file] = sets[file] " jmrp"
	}
	row(file, $col["class"], $col["also_ok"], $col["rcpt"])
}
END {
	for (i = 1; i <= n; i++)
		sum_up(files[i])
	tell(name)
	tell(name "-real")
	tell(name "-synthetic")
	tell("dsn-independent")
	tell("jmrp")
}
AWK

# mails NAME: CORPUS/NAME/truth.tsv and the mails that it names.
mails() {
	if [ ! -r "$CORPUS/$1/truth.tsv" ]; then
		echo "SKIP corpus: $CORPUS/$1/truth.tsv is not there"
		return 0
	fi
	"$BUILD/pmta-suppress" --config "$work/conf" --state "$work" \
		ingest --dry-run --json "$CORPUS/$1/mail"/* >"$work/said"
	awk -v name="$1" -v folder="$CORPUS/$1" -f "$work/mails.awk" \
		"$work/said" "$CORPUS/$1/truth.tsv"
}
printf '[paths]\nsite-rules =\n' >"$work/conf"

# hold FILE: every figure against the least that we promise. One label of the
# real bounces has a digit less than its mail.
hold() {
	awk '
	function least(what, got, want) {
		if (got + 0 >= want)
			return
		print "FAIL " $1 ": " what " " got ", at least " want
		failed = 1
	}
	function most(what, got, want) {
		if (got + 0 <= want)
			return
		print "FAIL " $1 ": " what " " got ", at most " want
		failed = 1
	}
	function after(word,   i) {
		for (i = 1; i < NF; i++)
			if ($i == word)
				return $(i + 1)
	}
	$1 == "all" || $1 == "independent" {
		least("lenient", after("lenient"), $1 == "all" ? .97 : .95)
		most("wrong", after("suppressions"), 0)
		most("missed of 82", after("missed") * 82 / $NF, 1)
	}
	$1 == "dsn-real" {
		least("found", after("found"), .985)
		least("made", after("suppressions") / $(NF - 2), .98)
		most("wrong", $NF, 1)
	}
	$1 == "arf" || $1 == "jmrp" {
		least("made", after("suppressions") / $(NF - 2), 1)
		most("wrong", $NF, 0)
	}
	END { exit failed }' "$1"
}

"$BUILD/pmta-suppress" --config "$work/conf" --state "$work" rules lint \
	>/dev/null
mails dsn >"$work/dsn.said"
mails arf >"$work/arf.said"
cat "$work/dsn.said" "$work/arf.said"
hold "$work/replies.said" && hold "$work/dsn.said" && hold "$work/arf.said"
