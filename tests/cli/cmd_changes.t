# changes: numbered, in order, whole; resumed by number; followed at once.
. "$SRC/tests/cli/lib.sh"

mkdir state
cr=$(printf '\r')
HEAD=change,at,action,address,scope,class,who,why,bulk
# feed [OPTION...]: number, action and address of each change, in one line.
feed() {
	want_ok pmta-suppress changes "$@"
	want_eq "$(sed -n 1p out)" "$HEAD$cr" "the header"
	got=$(sed 1d out | cut -d, -f1,3,4 | tr '\n' ' ')
}
want_exit 66 pmta-suppress changes
want_ok pmta-suppress add b@x.example --reason 'so, "it" is'
want_ok pmta-suppress add --reason =1 -- -c@x.example
feed
want_eq "$got" "1,add,b@x.example 2,add,-c@x.example " "two adds"
want_line out ',"so, ""it"" is",0'
want_line out ",'=1,0"

# An import's changes take no rows, and yet are all there, by number.
for i in 5 3 1 4 2; do echo "i$i@x.example"; done >list
want_ok pmta-suppress import list
want_ok pmta-suppress remove b@x.example --reason back
RUN="3,add,i1@x.example 4,add,i2@x.example 5,add,i3@x.example 6,add,i4@x.example 7,add,i5@x.example "
feed --since 2
want_eq "$got" "${RUN}8,remove,b@x.example " "the import between"
feed --since 5
want_eq "$got" "6,add,i4@x.example 7,add,i5@x.example 8,remove,b@x.example " "resumed in it"
feed --since 8
want_eq "$got" "" "nothing new"
# What changes again keeps what it was told as.
want_ok pmta-suppress hold i2@x.example --reason storm
want_ok pmta-suppress add i3@x.example --reason 'other words'
want_ok pmta-suppress remove i4@x.example --reason back
want_ok pmta-suppress undo 3
feed --since 2
want_eq "$got" "${RUN}8,remove,b@x.example 9,hold,i2@x.example 10,change,i3@x.example 11,remove,i4@x.example 12,add,i2@x.example " \
	"later changes"
want_line out "other words"
want_ok pmta-suppress show i2@x.example --json
want_line out '"changes":[{"change":4,'
want_ok pmta-suppress show i5@x.example --json
want_line out '"changes":[{"change":7,'
want_ok pmta-suppress show i1@x.example --json
want_line out '"changes":[{"change":3,'
# Two imports side by side, the second over the first.
printf 'i1@x.example\nj@x.example\ni4@x.example\n' >second
want_ok pmta-suppress import second
feed --since 12
want_eq "$got" "13,add,j@x.example 14,add,i4@x.example " "the second import"
# A delta by a cursor says the same.
want_exit 0 pmta-suppress export --since-cursor k --output k.csv
want_ok pmta-suppress import - <<'END'
k1@x.example
k2@x.example
END
want_ok pmta-suppress remove k1@x.example --reason back
want_exit 0 pmta-suppress export --since-cursor k --output k.csv
want_eq "$(sed 1d k.csv | cut -d, -f1,2 | sort | tr '\n' ' ')" \
	"add,k2@x.example remove,k1@x.example " "the delta"
# Undo of the first import: what was changed since stays.
want_ok pmta-suppress undo 1
want_line out "2 "
want_exit 1 pmta-suppress check i1@x.example
want_exit 0 pmta-suppress check j@x.example
feed --since 17
want_eq "$(echo "$got" | grep -c remove,i1@x.example)" 1 "the undo is told"

want_ok pmta-suppress changes --since 1 --json
want_line out '{"change":2,"at":"20'
want_line out '"action":"add","address":"-c@x.example","scope":"global","class":"manual","who":"user:'
want_exit 64 pmta-suppress changes --since x
want_line err "changes: --since: 'x' is none; write the number of the last change that you have, or 0"
want_exit 64 pmta-suppress changes more
# A number from another database would miss everything.
last=$(pmta-suppress changes | tail -n 1 | cut -d, -f1)
want_ok pmta-suppress changes --since "$last"
for follow in "" --follow; do
	# shellcheck disable=SC2086 # none or one word
	want_exit 65 timeout 5 pmta-suppress changes --since $((last + 1)) $follow
	want_line err "the last change is $last: the database is an older one; start with --since 0"
	want_eq "$(cat out)" "" "no header"
done

# Followed: what is committed is told within a second; a signal ends it.
pmta-suppress changes --since "$last" --follow >none &
quiet=$!
pmta-suppress changes --follow >followed &
pid=$!
wait_until 5 grep -q i5@x.example followed || fail "what is there already"
want_ok pmta-suppress add late@x.example --reason r
wait_until 1 grep -q ,add,late@x.example, followed || fail "not within a second"
wait_until 5 grep -q ,add,late@x.example, none || fail "the other has not"
kill -TERM $pid
wait $pid || fail "SIGTERM: exit $?"
kill -INT $quiet
wait $quiet || fail "SIGINT: exit $?"
want_eq "$(sed 1d none | cut -d, -f3,4)" add,late@x.example "only what is new"
want_ok pmta-suppress changes
want_same out followed "followed and asked for"
# So does a reader that goes; also one that never reads.
{
	pmta-suppress changes --follow
	echo $? >code
} | head -n 3 >few
wait_until 3 test -s code || fail "still follows nobody"
want_eq "$(cat code)" 0 "the exit code"
want_eq "$(wc -l <few)" 3 "three lines"
