# What the binaries and the files they open are protected by: how they were
# built, flags of descriptors, modes of files, folders and links of others.
. "$SRC/tests/cli/lib.sh"

command -v readelf >/dev/null || skip "no readelf here"
pmta-suppress --version >/dev/null || fail "no program"

# ---- how they were built ----

has() { # PROGRAM WHAT OPTION PATTERN
	readelf -W "$3" "$1" 2>/dev/null | grep -q "$4" ||
		fail "${1##*/}: no $2"
}
built_with() {
	grep -q -e "$1" "$BUILD/flags"
}
for program in pmta-suppress pmta-suppress-pipe; do
	p=$BUILD/$program
	has "$p" "position-independent code" -h 'Type: *DYN'
	has "$p" "PIE flag" -d 'FLAGS_1.*PIE'
	has "$p" "read-only relocations" -l GNU_RELRO
	has "$p" "early binding" -d 'FLAGS.*\(NOW\|BIND_NOW\)'
	has "$p" "stack protector" --dyn-syms __stack_chk_fail
	readelf -W -l "$p" | grep 'GNU_STACK' | grep -q 'RWE\|R E' &&
		fail "$program: its stack can be run"
	readelf -W -l "$p" | grep 'LOAD' | grep -q 'RWE' &&
		fail "$program: memory to write and run"
	readelf -W -d "$p" | grep -q 'RPATH\|RUNPATH' &&
		fail "$program: looks for libraries where it was built"
	readelf -W -d "$p" | grep -q 'TEXTREL' &&
		fail "$program: relocations in its code"
	if built_with -D_FORTIFY_SOURCE=2 && ! built_with -fsanitize; then
		has "$p" "fortified calls" --dyn-syms '_chk@\|_chk *$'
	fi
done
# The linker keeps the mark only where the system's start files have it too.
if built_with -fcf-protection; then
	find "$BUILD/lib" "$BUILD/pipe" "$BUILD/suppress" "$BUILD/gen" \
		-name '*.o' >objects
	[ -s objects ] || fail "no objects in $BUILD"
	while read -r object; do
		has "$object" "guarded branches and returns" -n 'IBT, SHSTK'
	done <objects
fi
readelf -W -d "$BUILD/pmta-suppress-pipe" | grep -q 'libpq' &&
	fail "the pipe links what it does not need"

# ---- descriptors and modes ----

# modes WHAT MASK: every file below ./state, whatever the caller's umask is.
modes() {
	want_eq "$(find state -perm /007)" "" "$1: others may do something"
	want_eq "$(find state -perm /020)" "" "$1: the group may write"
	want_eq "$(find state/journal state/quarantine -perm /070 2>/dev/null)" \
		"" "$1: the group may read the journal"
}
kept_from_children() { # PID
	for info in /proc/"$1"/fdinfo/*; do
		[ "${info##*/}" -gt 2 ] || continue
		flags=$(sed -n 's/^flags:[[:space:]]*//p' "$info")
		case $flags in
		*2??????) ;;
		*) fail "descriptor ${info##*/} of $1 ($(readlink \
			"/proc/$1/fd/${info##*/}")) goes to children: $flags" ;;
		esac
	done
}
umask 000
mkdir state
chmod 2750 state
pmta_standin --make 200 --seed 4 --print >rows
mkfifo in
pmta-suppress-pipe --log "$PWD/log" <in &
pid=$!
exec 3>in
cat rows >&3
taken() {
	[ "$(pmta-suppress list 2>/dev/null | grep -c @)" -gt 100 ]
}
wait_until 20 taken || { cat log; fail "rows are not taken"; }
worker=$(cut -d ' ' -f 1 "/proc/$pid/task/$pid/children")
kept_from_children "$pid"
kept_from_children "$worker"
exec 3>&-
wait "$pid" || fail "exit $?"
want_ok pmta-suppress verp key new
want_ok pmta-suppress export --output list.csv
modes "umask 000"
want_eq "$(stat -c %a list.csv)" 640 "mode of an export"
umask 022

# ---- links of others ----

if command -v strace >/dev/null && ! built_with -fsanitize &&
	! built_with --coverage; then
	# A file a process: no line is cut by another's.
	strace -ff -qq -o trace -e trace=open,openat \
		pmta-suppress-pipe --log "$PWD/log" <rows || fail "exit $?"
	cat trace.* >trace
	grep -v ENOENT trace | grep 'open' | grep -v 'O_CLOEXEC' >bare
	[ ! -s bare ] || { cat bare; fail "opened for children, too"; }
	# Files made or written: a link at their place is not followed.
	grep 'O_RDWR\|O_WRONLY\|O_CREAT' trace |
		grep -v 'ENOENT\|O_NOFOLLOW\|"/dev/\|"/proc/' >follow
	[ ! -s follow ] || { cat follow; fail "opened through links"; }
fi
mkdir elsewhere linked
chmod 2750 linked
echo precious >elsewhere/file
ln -s "$PWD/elsewhere/file" linked/suppress.db
for options in "add a@b.example --reason x" "import rows" "list" \
	"verp key new"; do
	rm -f linked/verp-keys
	ln -s "$PWD/elsewhere/file" linked/verp-keys
	# shellcheck disable=SC2086
	pmta-suppress --state linked $options >out 2>err && {
		cat out
		fail "'$options' went through a link"
	}
	[ -s err ] || fail "'$options': no word of the link"
done
ln -s "$PWD/elsewhere/file" linked.csv
want_exit 73 pmta-suppress export --output linked.csv
want_eq "$(cat elsewhere/file)" precious "the file behind the links"

# The folder may be one, as where it was moved to a larger disk.
mkdir elsewhere/real
chmod 2750 elsewhere/real
ln -s elsewhere moved
ln -s moved/real aslink
acct_header | pmta-suppress-pipe --state "$PWD/aslink" --log stderr 2>err
want_no_line err "cannot open"
want_ok pmta-suppress --state aslink add a@b.example --reason x
want_exit 0 pmta-suppress --state elsewhere/real check a@b.example

# ---- folders that others may write to ----

mkdir open
chmod 777 open
want_exit 78 pmta-suppress --state open list
want_line err "open"
acct_header | pmta-suppress-pipe --state "$PWD/open" --log stderr 2>err
code=$?
want_eq "$code" 75 "exit code for a folder that others may write to"
want_eq "$(ls open)" "" "files in a folder that others may write to"
chmod 1777 open
want_exit 78 pmta-suppress --state open list
