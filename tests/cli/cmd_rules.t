# rules: lint, list, explain; a site's own files.
. "$SRC/tests/cli/lib.sh"

want_ok pmta-suppress rules lint
want_line out " 0 errors, "
want_ok pmta-suppress rules list
grep -q "^RULE  *CLASS  *DECISION  *WHERE$" out || fail "the head of the list"
want_ok pmta-suppress rules list --json
want_line out '"class":"gone.mailbox"'

mkdir site
printf '[paths]\nsite-rules = %s\n' "$PWD/site" >pmta-suppress.conf
cat >site/01-mine.rules <<'END'
[mine.left]
match  = /has left us/
unless = /has left us a note/
class  = gone.mailbox
advice = Suppress it.
sample = 550 he has left us
END
want_ok pmta-suppress classify "550 he has left us"
want_line out "rule        mine.left ($PWD/site/01-mine.rules:1)"

want_ok pmta-suppress rules explain "550 user unknown, he has left us"
want_line out "verdict   gone.mailbox, suppress-address, by mine.left"
want_line out "wins   mine.left"
want_line out "matches, but another comes before it"
want_ok pmta-suppress rules explain "550 he has left us a note"
want_line out 'pattern matches'
want_ok pmta-suppress rules explain --json "550 he has left us"
want_line out '"state":"wins"'
want_ok pmta-suppress rules explain xyzzy
want_line out "by no rule and no code"

# A sample that is lost is an error of the configuration.
echo 'sample = 550 nobody has gone' >>site/01-mine.rules
want_exit 78 pmta-suppress rules lint
want_line out "01-mine.rules:7: error: mine.left: its sample"

# A broken file refuses every command that needs rules.
echo 'match = /(/' >>site/01-mine.rules
want_exit 78 pmta-suppress rules lint
want_line err "01-mine.rules:8: [mine.left] pattern '(': missing"
want_exit 78 pmta-suppress classify "550 no"
printf '[x]\n' >site/local.rules
want_exit 78 pmta-suppress rules list
want_line err "call it NN-name.rules"

rm -r site

# A folder of rules that holds none: the codes alone would judge.
mkdir none
for word in --rules PMTA_SUPPRESS_RULES; do
	if [ "$word" = --rules ]; then set -- --rules none; else
		set --
		export PMTA_SUPPRESS_RULES=none
	fi
	want_exit 78 pmta-suppress "$@" classify "550 5.1.1 blocked"
	want_line err "none: no rules are here; name a folder that holds"
done
unset PMTA_SUPPRESS_RULES

want_exit 64 pmta-suppress rules
want_line err "say lint, list or explain"
want_exit 64 pmta-suppress rules lint twice
want_exit 64 pmta-suppress rules explain
