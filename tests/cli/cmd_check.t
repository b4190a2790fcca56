# check: a line an address, and the exit code.
. "$SRC/tests/cli/lib.sh"

want_ok pmta-suppress add ada@x.example --reason asked
want_ok pmta-suppress add @gone.example --reason asked
want_ok pmta-suppress add eve@x.example --reason asked --scope stream:news
want_ok pmta-suppress add old@x.example --reason asked --until 1s
want_ok pmta-suppress add soon@x.example --reason asked --until 2199-01-02

# check WANT-CODE WANT-OUT ARGUMENT...
check() {
	check_code=$1 check_out=$2
	shift 2
	want_exit "$check_code" pmta-suppress check "$@"
	want_eq "$(sed 's/since [-0-9T:]*Z/since T/' out)" "$check_out" \
		"stdout of check $*"
	[ "$check_code" -ge 64 ] || [ ! -s err ] || fail "check $* wrote to stderr"
}

check 0 "ada@x.example: suppressed: manual since T, global" ada@x.example
check 0 "ada@x.example: suppressed: manual since T, global" " <ADA@X.Example.> "
check 1 "bob@x.example: not suppressed" bob@x.example
check 0 "bob@x.example: not suppressed
ada@x.example: suppressed: manual since T, global" bob@x.example ada@x.example
check 0 "any@gone.example: suppressed: manual since T, global, @gone.example" \
	any@gone.example
check 0 "@gone.example: suppressed: manual since T, global" @gone.example
check 1 "any@sub.gone.example: not suppressed" any@sub.gone.example
check 1 "eve@x.example: not suppressed; listed for stream:news (manual)" \
	eve@x.example
NONE='"entry":null,"class":null,"scope":null,"state":null,"since":null,"until":null,"rule":null,"source":null,"reason":null,"subdomains":null,"held_in_incident":null'
check 1 '{"asked":"eve@x.example","address":"eve@x.example","error":null,"suppressed":false,'"$NONE"',"streams":[{"scope":"stream:news","class":"manual"}]}' \
	--json eve@x.example
want_ok pmta-suppress add zoe@x.example --reason asked --scope stream:a
want_ok pmta-suppress add zoe@x.example --reason asked --scope stream:b --class fbl.abuse
check 1 "zoe@x.example: not suppressed; listed for stream:a (manual), stream:b (fbl.abuse)" \
	zoe@x.example
want_ok pmta-suppress remove zoe@x.example --scope stream:a --reason back
check 1 "zoe@x.example: not suppressed; listed for stream:b (fbl.abuse)" zoe@x.example
check 1 "zoe@x.example: not suppressed" --stream a zoe@x.example
check 0 "eve@x.example: suppressed: manual since T, stream:news" \
	--stream news eve@x.example
check 1 "eve@x.example: not suppressed" eve@x.example --stream other
check 0 "ada@x.example: suppressed: manual since T, global" \
	--stream other ada@x.example
check 0 "soon@x.example: suppressed: manual since T until 2199-01-02T00:00:00Z, global" \
	soon@x.example
check 0 "" --quiet ada@x.example
check 1 "" -q bob@x.example
sleep 2
check 1 "old@x.example: not suppressed" old@x.example

# 65 wins: what is no address was not answered.
want_exit 65 pmta-suppress check ada@x.example nosuch
want_line out "nosuch: no address: "
want_line err "check: 1 of 2 were no address"
want_exit 65 pmta-suppress check "$(printf 'no\033such')"
want_line out 'no\x1bsuch: no address: '

# One mailbox under many addresses counts only when it is asked for.
want_ok pmta-suppress add joe@gmail.com p.at@gmail.com --reason asked
check 1 "j.oe+shop@gmail.com: not suppressed" j.oe+shop@gmail.com
check 0 "j.oe+shop@gmail.com: suppressed: manual since T, global, joe@gmail.com" \
	--provider-key j.oe+shop@gmail.com
check 0 "joe@googlemail.com: suppressed: manual since T, global, joe@gmail.com" \
	--provider-key joe@googlemail.com
check 0 "p.at@gmail.com: suppressed: manual since T, global" \
	--provider-key p.at@gmail.com
check 1 "pat@gmail.com: not suppressed" --provider-key pat@gmail.com
check 1 "bob+x@x.example: not suppressed" --provider-key bob+x@x.example

# Standard input: a line for a line, also for what is no address; exit 0.
printf 'ADA@x.example\r\n\nnosuch\n<bob@x.example>\nlast@gone.example' >in
want_exit 0 sh -c 'pmta-suppress check - <in'
want_eq "$(sed 's/: .*//' out | tr '\n' '|')" \
	"ada@x.example||nosuch|bob@x.example|last@gone.example|" "lines"
want_eq "$(wc -l <out)" 5 "a line for each line"
printf '\357\273\277ada@x.example\n' >in
want_exit 0 sh -c 'pmta-suppress check --json - <in'
want_line out '{"asked":"ada@x.example","address":"ada@x.example","error":null,"suppressed":true'
printf '\357\273\277ada@x.example\n' >>in
want_exit 0 sh -c 'pmta-suppress check - <in'
want_eq "$(grep -c 'no address' out)" 1 "a BOM at the begin alone"
want_exit 0 sh -c 'pmta-suppress check - </dev/null'
[ ! -s out ] || fail "no input, but an answer"

# Each answer comes before the next question.
mkfifo ask tell
pmta-suppress check - <ask >tell &
exec 3>ask 4<tell
echo ada@x.example >&3
read -r line <&4
case $line in "ada@x.example: suppressed: "*) ;; *) fail "got $line" ;; esac
want_ok pmta-suppress remove ada@x.example --reason back
echo ada@x.example >&3
read -r line <&4
want_eq "$line" "ada@x.example: not suppressed" "the second answer"
exec 3>&-
wait

# JSON: an object a line.
want_exit 0 pmta-suppress check --json @gone.example
want_line out '{"asked":"@gone.example","address":"@gone.example","error":null,"suppressed":true,"entry":"@gone.example","class":"manual","scope":"global","state":"active","since":"'
want_exit 1 pmta-suppress check --json bob@x.example
want_eq "$(cat out)" \
	'{"asked":"bob@x.example","address":"bob@x.example","error":null,"suppressed":false,'"$NONE"',"streams":[]}' json
want_exit 65 pmta-suppress check --json nosuch
want_line out '{"asked":"nosuch","address":null,"error":"'
want_line out '"suppressed":null,'"$NONE"',"streams":[]}'

# A full disk is an error.
if [ -c /dev/full ]; then
	want_exit 74 sh -c 'pmta-suppress check @gone.example >/dev/full'
	want_line err "standard output: cannot write"
fi

# A stream's name is as the policy writes it, however it is typed.
for name in News NEWS stream:news stream:News Stream:nEWS; do
	check 0 "eve@x.example: suppressed: manual since T, stream:news" \
		--stream $name eve@x.example
done
want_ok pmta-suppress add kay@x.example --reason asked --scope stream:Sale
check 0 "kay@x.example: suppressed: manual since T, stream:sale" \
	--stream sale kay@x.example
