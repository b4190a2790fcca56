# What was imported is erased like anything else, and scrub, export and the feed
# know of it.
. "$SRC/tests/cli/lib.sh"

printf 'email\nada@a.example\nbob@a.example\ncy@a.example\n' >list.csv
want_ok pmta-suppress import list.csv --reason old
want_ok pmta-suppress erase bob@a.example
want_ok pmta-suppress check bob@a.example
printf '%s\n' new@a.example bob@a.example Ada@A.example >mailing.txt
for how in '' --low-memory; do
	# shellcheck disable=SC2086 # no option is no word
	want_exit 0 pmta-suppress scrub $how mailing.txt
	want_eq "$(cat out)" new@a.example "scrub $how"
done
want_exit 0 pmta-suppress scrub --drop dropped mailing.txt
want_line dropped bob@a.example
# A digest tells nothing of who was erased: that is said.
printf 'bob@a.example' | md5sum | cut -c 1-32 >hashed.txt
want_exit 0 pmta-suppress scrub --hashed md5 hashed.txt
want_line err "1 erased addresses are blocked"
want_ok pmta-suppress changes
want_no_line out bob@
want_line out ",#"
want_exit 0 pmta-suppress export --profile lines --lost lost.csv
want_eq "$(cat out)" "ada@a.example
cy@a.example" "addresses alone"
want_line lost.csv ",#"
for how in --dry-run --json; do
	rm -f told.csv
	want_exit 0 pmta-suppress import list.csv --reason again \
		--report told.csv "$how"
	want_line err "erased on"
	want_line told.csv '3,bob@a.example,erased,"erased on 20'
done
want_no_line out bob@
# Twice in the file it is erased once, whether it is written or not.
printf 'email\nbob@a.example\nBOB@a.example\n' >twice.csv
for how in --dry-run --skip-bad; do
	want_exit 0 pmta-suppress import twice.csv --report told.csv $how
	want_line out "1 twice in the file, 0 bad, 1 erased"
	want_line told.csv '2,bob@a.example,erased,'
	want_line told.csv '3,bob@a.example,duplicate,'
done
want_ok pmta-suppress undo 1
want_ok pmta-suppress check bob@a.example
