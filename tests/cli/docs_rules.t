# The rules page: its example is a rule, its classes are the program's.
. "$SRC/tests/cli/lib.sh"

page=$SRC/man/pmta-suppress-rules.5
mkdir rules.d
awk '/^\.Bd -literal/ { on = 1; next } /^\.Ed/ { on = 0 } on' "$page" \
	>rules.d/50-example.rules
want_line rules.d/50-example.rules "[partner.left]"
printf '[paths]\nsite-rules = %s\n' "$PWD/rules.d" >pmta-suppress.conf
want_ok pmta-suppress rules lint
want_ok pmta-suppress classify "550 5.7.1 <jo@partner.example> has left the company"
want_line out partner.left

# The keys that FORMAT.md names are those of the page.
# shellcheck disable=SC2016 # the ` are Markdown's
sed -n 's/^| `\([a-z]*\)`.*/\1/p' "$SRC/rules/FORMAT.md" | sort >format
sed -n '1,/^\.Ss Classes/s/^\.It Ic \([a-z]*\).*/\1/p' "$page" | sort >keys
want_same format keys "rules/FORMAT.md and the page name other keys"
