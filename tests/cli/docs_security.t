# pmta-suppress-security(7): each test that it names is there.
. "$SRC/tests/cli/lib.sh"

page=$SRC/man/pmta-suppress-security.7
grep -o '\(unit\|cli\|fuzz\|fault\)/[a-z_]*\.[ct]' "$page" | sort -u >named
[ "$(wc -l <named)" -gt 20 ] || { cat named; fail "it names too few tests"; }
while read -r name; do
	[ -f "$SRC/tests/$name" ] || fail "no test tests/$name"
done <named
# Limits that it gives are those of the code, and the tests beside them name
# them.
limits=0
while read -r name value; do
	value=$(echo "$value" | sed 's/ KiB/ << 10/; s/ MiB/ << 20/')
	grep -hE "#define $name " "$SRC"/lib/*/*.h | head -n 1 |
		sed 's/^#define [A-Z_]* *(*\([0-9]*\)u*\( << [0-9]*\)*.*/\1\2/' >code
	[ "$(($(cat code)))" -eq "$(($value))" ] ||
		fail "$name is $(cat code) in the code, $value on the page"
	grep -rqw "$name" "$SRC"/tests/unit || case $name in
	RULES_MATCH_LIMIT) ;; # its test tries a pattern that goes past it
	*) fail "no unit test names $name" ;;
	esac
	limits=$((limits + 1))
done <<END
$(sed -n 's/^\.\(It \)*Dv \([A-Z_]*\) No = \([0-9]*\( [KM]iB\)*\).*/\2 \3/p' "$page")
END
[ "$limits" -gt 15 ] || fail "only $limits limits on the page"
