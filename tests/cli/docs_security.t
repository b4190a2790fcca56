# pmta-suppress-security(7): each test that it names is there.
. "$SRC/tests/cli/lib.sh"

page=$SRC/man/pmta-suppress-security.7
grep -o '\(unit\|cli\|fuzz\|fault\)/[a-z_]*\.[ct]' "$page" | sort -u >named
[ "$(wc -l <named)" -gt 20 ] || { cat named; fail "it names too few tests"; }
while read -r name; do
	[ -f "$SRC/tests/$name" ] || fail "no test tests/$name"
done <named
# Limits that it gives are those of the code.
for limit in "REPLY_TEXT_MAX 2048" "MESSAGE_BYTES_MAX (1u << 20)" \
	"MESSAGE_DEPTH_MAX 16" "MESSAGE_PARTS_MAX 256" \
	"MESSAGE_REPORTS_MAX 1000"; do
	grep -qF "#define $limit" "$SRC"/lib/mail/*.h ||
		fail "the code no longer says $limit; change the page"
done
