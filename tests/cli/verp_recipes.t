# The recipes of INSTALL.md make the tokens that `verp sign` makes, and those
# that stand beside them.
. "$SRC/tests/cli/lib.sh"

# block LANGUAGE: the text of the first fenced block of that language
block() {
	awk -v fence="\`\`\`$1" '$0 == fence { on = 1; next }
		/^```/ { if (on) exit } on' "$SRC/INSTALL.md"
}
block sh >sign.sh
block python >sign.py
block php >sign.php
block text >vectors
for f in sign.sh sign.py sign.php vectors; do
	[ -s "$f" ] || fail "INSTALL.md has no $f"
done
printf '[pipe]\nverp-prefix = bounce\n' >pmta-suppress.conf
want_ok pmta-suppress verp key new
VERP_KEY=$(sed -n 's/^\[\(.*\)\]$/\1/p' state/verp-keys)
VERP_SECRET=$(sed -n 's/^secret = //p' state/verp-keys)
export VERP_KEY VERP_SECRET

# same RUN...: for some recipients, as the program
same() {
	VERP_KEY=k2 VERP_DAY=512a \
		VERP_SECRET=000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f \
		"$@" bounce Ada@Example.com news '<1@shop.example>' >got
	want_same got vectors "$*: the vectors"
	for rcpt in bob@x.example A-B=c+d@Mail.X.example '"a b"@x.example' \
		an.address.that.is.much.too.long.to.fit@mail.example.com; do
		while :; do
			day=$(($(date +%s) / 86400))
			"$@" bounce "$rcpt" a.stream '<Ab=1@x>' >got || fail "$*"
			pmta-suppress verp sign "$rcpt" | head -n 1 >want
			pmta-suppress verp sign "$rcpt" --stream a.stream \
				--message-id '<Ab=1@x>' | tail -n 1 >>want
			[ "$day" -ne $(($(date +%s) / 86400)) ] || break
		done
		want_same got want "$*: $rcpt"
		want_exit 0 pmta-suppress verp verify "$(head -n 1 got)" \
			--rcpt "$rcpt"
		want_ok pmta-suppress verp verify "$(tail -n 1 got)"
	done
}
none="none of them is here"
if command -v openssl >/dev/null && command -v base32 >/dev/null; then
	same sh sign.sh
	none=
fi
for run in "python3 sign.py" "php sign.php"; do
	if command -v "${run% *}" >/dev/null; then
		# shellcheck disable=SC2086 # a program and its script
		same $run
		none=
	else
		echo "${run% *} is not here: its recipe was not tried"
	fi
done
[ -z "$none" ] || skip "$none"
