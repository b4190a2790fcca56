# The settings in the code, the manual page and the sample file are the same.
. "$SRC/tests/cli/lib.sh"

print_keys | cut -f1-3 | tr '\t' '|' >code
[ "$(wc -l <code)" -gt 20 ] || fail "print_keys names too few settings"

awk '/^\[/ { s = substr($0, 2, length($0) - 2) }
	s != "bounce-categories" && s != "never-suppress" && /^#[a-z-]+ =/ { k = substr($1, 2); v = $0; sub(/^[^=]*= ?/, "", v)
		print s "|" k "|" v }' \
	"$SRC/conf-snippets/pmta-suppress.conf" >sample
want_same code sample "conf-snippets/pmta-suppress.conf differs from the code"

awk '/^\.Ss Section / { s = $3 }
	/^\.It Ic [a-z-]+ =/ { v = $0; sub(/^[^=]*= ?/, "", v)
		print s "|" $3 "|" v }' \
	"$SRC/man/pmta-suppress.conf.5" >page
want_same code page "man/pmta-suppress.conf.5 differs from the code"

# Every line of the sample is a setting that may be switched on.
sed 's/^#\([a-z-]* =\)/\1/' "$SRC/conf-snippets/pmta-suppress.conf" >all.conf
want_ok pmta-suppress --config all.conf classify "550 5.1.1 no such user"
want_ok pmta-suppress --config "$SRC/conf-snippets/pmta-suppress.conf" \
	classify "550 5.1.1 no such user"
