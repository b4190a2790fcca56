# anonymise: whom rows are about is gone, what they mean is not.
. "$SRC/tests/cli/lib.sh"

# Awkward local parts beside the sample: a word of the reply, VERP, U-labels.
{
	cat "$SRC/tests/data/sample-acct.csv"
	acct_header
	for who in user@kunde.shop ada.lovelace@firma.de ada@gmail.com \
		sales+42@sub.host.co.uk jürgen@bücher.example x@outlook.com; do
		row b "2026-10-05 08:00:00+0000" "$who" "5.1.1 (bad destination)" \
			"smtp;550 5.1.1 <$who>: user ${who%@*} unknown, see ${who%@*}=${who#*@} on mx.${who#*@} [192.0.2.77] id AB12cd34EF56" \
			"mx1.${who#*@} (192.0.2.77)"
		row t "2026-10-05 08:00:00+0000" "$who" "4.2.2 (full)" \
			"$(printf 'smtp;452-4.2.2 The mailbox of \n452 4.2.2 "%s" is full' "$who")" \
			"mx1.${who#*@} (192.0.2.77)"
	done
	row b "2026-10-05 08:00:00+0000" eve@kunde.shop "5.1.1 (bad destination)" \
		"smtp;550 5.1.1 <eve@mail.com@other.shop>: two of them" mx.kunde.shop
	echo '"b",2026-10-05 08:00:00+0000,,,"eve@kunde.shop"'
	echo '{"type":"b","rcpt":"eve@kunde.shop"}'
} >rows.csv
want_exit 0 pmta-suppress anonymise rows.csv
cp out anon.csv
want_line err "look through it before you send it"
want_no_line err "something else"

# Nobody is left in it, whatever the case, also as VERP writes it.
LC_ALL=C grep -aoiE '[a-z0-9._+-]+[@=][a-z0-9-]+(\.[a-z0-9-]+)+' rows.csv |
	grep -vi '^redacted@' | sort -u >addresses
[ "$(wc -l <addresses)" -gt 50 ] || fail "too few addresses in the sample"
# Whole ones: a pseudonym may end in somebody's short name.
if LC_ALL=C grep -aiwFf addresses anon.csv; then
	fail "an address is left"
fi
for left in mail.com@other other.shop kunde.shop firma.de lovelace 192.0.2.77 jürgen AB12cd34EF56 \
	shop.example autumn-sale; do
	want_no_line anon.csv "$left"
done
# Providers, codes and wording are.
for stays in @gmail.com @outlook.com "550 5.1.1 <" "452 4.2.2 The mailbox of" \
	"2026-10-05 08:00:00+0000" '"8BITMIME,SIZE"'; do
	want_line anon.csv "$stays"
done

# The same rows, columns and verdicts.
verdicts() {
	pmta-suppress ingest --dry-run --json "$1" |
		sed 's/"file":"[^"]*",//; s/"rcpt":"[^"]*",/"rcpt":"",/
			s/,"reply":.*,"skip"/,"skip"/'
}
verdicts rows.csv >want
verdicts anon.csv >got
[ "$(wc -l <want)" -gt 50 ] || fail "too few rows"
want_same want got "the verdicts differ"
head -n 1 rows.csv >head_want
head -n 1 anon.csv >head_got
want_same head_want head_got "the header"
want_line anon.csv '"b",2026-10-05 08:00:00+0000,,,"'

# A key gives the same names again, each run without one gives others.
want_exit 0 pmta-suppress anonymise --key secret rows.csv
cp out one.csv
pmta-suppress anonymise --key secret - <rows.csv >two.csv 2>err
want_same one.csv two.csv "the key does not repeat it"
if cmp -s one.csv anon.csv; then
	fail "no key gave what a key gives"
fi
# One person has one name, in every column.
name=$(sed -n 's/.*,\([a-z]*\)@gmail.com,,failed.*/\1/p' one.csv | head -n 1)
[ -n "$name" ] || fail "ada@gmail.com has no name"
want_line one.csv "<$name@gmail.com>: user $name unknown, see $name=gmail.com"

# Columns that are not known are nobody's business.
printf 'type,timeLogged,rcpt,dsnDiag,userString,header_Subject\r\nb,2026-10-05 08:00:00+0000,a@b.example,smtp;550 no,Ada Lovelace,"Dear Ada, hi"\r\n' >crlf.csv
want_exit 0 pmta-suppress anonymise crlf.csv
want_no_line out Ada
want_eq "$(grep -c "$(printf '\r')$" out)" 2 "line ends"
grep -qE ',x[0-9]+,"x[0-9]+"' out || fail "quotes of a replaced column"

gzip -k crlf.csv
want_exit 0 pmta-suppress anonymise crlf.csv.gz
want_exit 64 pmta-suppress anonymise
want_exit 66 pmta-suppress anonymise none.csv
