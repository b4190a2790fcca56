# [never-suppress]: seeds, own domains and monitors are never listed by the
# policy, and what is there already is told.
. "$SRC/tests/cli/lib.sh"

gone() {
	row b "2026-11-0$1 08:00:00+0000" "$2" "5.1.1 (bad mailbox)" \
		"smtp;550 5.1.1 <$2>: user unknown" "mx.b.example (192.0.2.9)"
}
{
	acct_header
	gone 1 seed-1@seeds.example
	gone 2 ceo@shop.example
	gone 3 ada@b.example
} >rows.csv
# One was listed before the settings came.
{
	acct_header
	gone 1 seed-0@seeds.example
} >before.csv
want_ok pmta-suppress ingest before.csv
cat >pmta-suppress.conf <<'END'
[never-suppress]
seeds = seed-*@seeds.example
own = @Shop.Example
probe = probe@check.example
END
want_ok pmta-suppress ingest rows.csv
want_exit 1 pmta-suppress check seed-1@seeds.example ceo@shop.example
want_ok pmta-suppress check ada@b.example

# show says which line it was, and what would have been.
want_ok pmta-suppress show seed-1@seeds.example
want_line out "seed-1@seeds.example: not suppressed"
want_line out "warning: [never-suppress] seeds = seed-*@seeds.example: the policy does not list it"
want_line out "warning: without that it would be listed: gone.mailbox since 2026-11-01T08:00:00Z, global (first hit, strong; rule "
want_line out "evidence: 2026-11-01T08:00:00Z b: gone.mailbox, strong: counts"
want_ok pmta-suppress show ceo@shop.example --json
want_line out '"never_suppress":"own = @shop.example","would_list":[{"class":"gone.mailbox"'
want_ok pmta-suppress show ada@b.example --json
want_line out '"never_suppress":null,"would_list":[]'
want_ok pmta-suppress show ada@b.example
want_no_line out warning

# What is listed goes on to suppress until somebody lifts it; it is told.
want_ok pmta-suppress check seed-0@seeds.example
want_ok pmta-suppress show seed-0@seeds.example
want_line out "YET an entry suppresses it: 'remove' lifts that"
want_ok pmta-suppress status
want_line out "never      3 lines of [never-suppress]; YET 1 entries suppress such addresses, e.g. seed-0@seeds.example"
want_line out "notice     never-suppress: seeds = seed-*@seeds.example (1 times"
want_ok pmta-suppress status --json
want_line out '"never_suppress":{"patterns":3,"entries":1,"example":"seed-0@seeds.example"}'
want_ok pmta-suppress remove seed-0@seeds.example --reason seed
want_ok pmta-suppress status
want_line out "never      3 lines of [never-suppress]"
want_no_line out YET

# By hand only on purpose.
want_exit 65 pmta-suppress add probe@check.example --reason r
want_line err "add: 'probe@check.example' is on [never-suppress] (probe = probe@check.example); to list it all the same, add --force"
want_exit 65 pmta-suppress add ok@b.example @shop.example --reason r
want_exit 65 pmta-suppress add @check.example --reason r
want_line err "(probe = probe@check.example)"
want_exit 1 pmta-suppress check ok@b.example
want_ok pmta-suppress add probe@check.example --reason r --force
want_ok pmta-suppress check probe@check.example
printf 'email\nold@b.example\nseed-9@seeds.example\n' >list.csv
want_exit 65 pmta-suppress import list.csv
want_line err "is on [never-suppress]; take it out"
want_exit 0 pmta-suppress import list.csv --skip-bad
want_exit 1 pmta-suppress check seed-9@seeds.example
want_ok pmta-suppress check old@b.example

# Wrong lines name themselves.
printf '[never-suppress]\nown = shop.example\n' >pmta-suppress.conf
want_exit 78 pmta-suppress status
want_line err 'pmta-suppress.conf:2: own: "shop.example": this is no address; write name@domain, @domain or a pattern'
