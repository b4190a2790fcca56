# What is said of the options, and of wrong ones: exit 64, one line, the mend.
. "$SRC/tests/cli/lib.sh"

# usage TEXT ARGUMENT...: told on stderr, nothing on stdout.
usage() {
	usage_text=$1
	shift
	want_exit 64 pmta-suppress "$@"
	want_eq "$(cat err)" "pmta-suppress: $usage_text" "stderr of '$*'"
	[ ! -s out ] || fail "'$*' wrote to stdout"
}

want_ok pmta-suppress --version
want_line out "pmta-suppress "
want_ok pmta-suppress --help
cp out help
want_eq "$(awk 'length > 80' help)" "" "lines that are too long for a terminal"
want_ok pmta-suppress help
want_same help out "help and --help differ"
want_line out "'help classes' what verdicts mean, 'help profiles'"
want_ok pmta-suppress help classes
want_line out gone.mailbox
COLUMNS=80 want_ok pmta-suppress help classes
want_eq "$(awk 'length > 80' out)" "" "classes too wide for 80 columns"
want_line out "gone.mailbox      recipient: the mailbox does not exist"
want_line out "                  the address is suppressed at the first strong report, or on"
for name in check list show subject add remove import export ingest classify \
	rules status incident dump help; do
	grep -q "^  $name " help || fail "help does not name $name"
	want_ok pmta-suppress help "$name"
	want_line out "Usage: pmta-suppress $name"
	want_line out "Example: pmta-suppress"
	cp out one
	want_ok pmta-suppress "$name" --help
	want_same one out "help $name and $name --help differ"
done

see="see 'pmta-suppress help"
usage "no command given; name one: $see'"
usage "no command is called 'frobnicate'; $see'" frobnicate
usage "no command is called '\\x1b[2J'; $see'" "$(printf '\033[2J')"
usage "no option is called '--bogus'; $see'" --bogus
usage "no option is called '--sate', but '--state' is; $see'" --sate x check
usage "no command is called 'chek', but 'check' is; $see'" chek
usage "help: no command is called 'exprot', but 'export' is; $see'" help exprot
usage "check: no option is called '--stram=x', but '--stream' is; $see check'" \
	check --stram=x a@b.example
usage "add: --class: 'gone.mailbx' is no class that suppresses, but 'gone.mailbox' is; $see classes'" \
	add a@b.example --reason r --class gone.mailbx
usage "list: --class: 'block.pi' is none, but 'block.ip' is; $see classes'" \
	list --class block.pi
usage "export: --profile: 'sengrid' is none, but 'sendgrid' is; $see profiles'" \
	export --profile sengrid
usage "no option is called '-Z'; $see'" -Z
usage "option '--state' has no value: it needs one; $see'" --state
usage "help: no command is called 'nope'; $see'" help nope
usage "check: no option is called '--bogus'; $see check'" check --bogus a@b.example
usage "check: option '--state' stands before the command: pmta-suppress --state ... check" \
	check --state . a@b.example
usage "check: option '--config' stands before the command: pmta-suppress --config ... check" \
	check a@b.example --config=x.conf
usage "check: option '--stream' has no value: it needs one; $see check'" \
	check a@b.example --stream
usage "check: option '--json' has a value: it takes none; leave it out" \
	check --json=yes a@b.example
usage "add: no option is called '-d'; $see add'" add --reason=r -dash@b.example
usage "check: no address given; name one or more, or - for standard input" check
usage "show: no address given; name one, or @domain" show
usage "add: no address given; name one or more, or @domain" add --reason x
usage "add: no reason given: whoever asks later will want to know; give --reason TEXT" \
	add a@b.example
usage "remove: no address given; name one or more, or @domain, or say which by --class, --since, --provider, ..." remove
usage "import: no file given; name one, or - for standard input" import
usage "import: more than one file given; name one, or - for standard input" \
	import a b
usage "export: takes no words; name the file with --output FILE" export a
usage "ingest: no file given; name one or more: acct files, packed ones, raw mails, an mbox, a Maildir" \
	ingest
usage "status: 'now' is one word too many; leave it out" status now
usage "dump: 'now' is one word too many; leave it out" dump now
usage "incident: 'now' is one word too many; leave it out" incident list now
usage "verp: sign: no address given; name one" verp sign
usage "verp: sign: more than one address given; name one" \
	verp sign a@b.example c@d.example
usage "list: --limit: '0' is none; write a number from 1 on" list --limit 0
usage "list: --class: 'gon' is none; $see classes'" list --class gon
usage "list: --since: 'soon' is no time: write a day (2026-11-21), a time (2026-11-21T07:57:27Z) or a span (30d)" \
	list --since soon

# Wrong options are told even where there is no database; without one: 66.
want_exit 66 pmta-suppress check a@b.example
want_line err state
# A wrong setting is 78 and names its line.
echo 'nonsense' >wrong.conf
want_exit 78 pmta-suppress --config wrong.conf list
want_line err wrong.conf:1:
want_exit 66 pmta-suppress --config absent.conf list
want_line err absent.conf
want_ok pmta-suppress --config wrong.conf help
