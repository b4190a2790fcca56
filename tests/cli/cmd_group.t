# A member of the group who may write nothing can check, list, show and export,
# while a writer has the database open and while none has. Needs root.
. "$SRC/tests/cli/lib.sh"

[ "$(id -u)" -eq 0 ] || skip "not root: cannot become other users"
command -v setpriv >/dev/null || skip "no setpriv here"
OWNER=41001 MEMBER=41002 STRANGER=41003 GROUP=41010

# as USER COMMAND...: a user of that number; the member has the group.
as() {
	as_user=$1
	shift
	case $as_user in
	"$MEMBER") as_groups=--groups=$GROUP ;;
	*) as_groups=--clear-groups ;;
	esac
	setpriv --reuid="$as_user" --regid="$as_user" "$as_groups" "$@"
}
as "$MEMBER" pmta-suppress --version >/dev/null 2>&1 ||
	skip "another user cannot run the built program where it is"

# Whoever starts as root becomes the folder's owner before anything is made.
mkdir state
chown "$OWNER:$GROUP" state
chmod 2750 state
want_ok pmta-suppress add ada@x.example --reason r
want_eq "$(find state -type f ! -user "$OWNER")" "" "files of another owner"
want_eq "$(find state -type f ! -group "$GROUP")" "" "files of another group"
want_eq "$(find state -name '*.db*' ! -perm 640)" "" "files of another mode"

reads() {
	want_exit 0 as "$MEMBER" pmta-suppress check ada@x.example
	want_exit 1 as "$MEMBER" pmta-suppress check bob@x.example
	echo ada@x.example >mailing.list
	want_exit 1 as "$MEMBER" pmta-suppress scrub --fail-if-dropped mailing.list
	want_line err "0 kept, 1 suppressed"
	want_exit 0 as "$MEMBER" pmta-suppress list
	want_line out ada@x.example
	want_exit 0 as "$MEMBER" pmta-suppress export
	want_line out ada@x.example
	want_exit 0 as "$MEMBER" pmta-suppress show ada@x.example
	want_exit 0 as "$MEMBER" pmta-suppress status
	want_exit 0 as "$MEMBER" pmta-suppress dump
	want_exit 0 as "$MEMBER" pmta-suppress policy test pmta-suppress.conf
	want_exit 1 as "$MEMBER" pmta-suppress policy apply --dry-run
	want_exit 0 as "$MEMBER" pmta-suppress hold '*' --reason r --dry-run
	want_exit 0 as "$MEMBER" pmta-suppress remove --like '*' --reason r \
		--dry-run
}
reads
# While somebody has it open for writing, and is in the midst of it.
mkfifo ask
pmta-suppress import - <ask >import.out 2>&1 &
exec 3>ask
sleep 0.3
reads
echo new@x.example >&3
exec 3>&-
wait
want_line import.out "1 imported"
reads
want_exit 0 as "$MEMBER" pmta-suppress check new@x.example
# A long check sees what comes meanwhile.
mkfifo q a
as "$MEMBER" pmta-suppress check - <q >a &
exec 3>q 4<a
echo later@x.example >&3
read -r line <&4
want_eq "$line" "later@x.example: not suppressed" "before"
want_ok pmta-suppress add later@x.example --reason r
echo later@x.example >&3
read -r line <&4
case $line in *": suppressed: "*) ;; *) fail "after: $line" ;; esac
exec 3>&-
wait

# The member writes nothing, the stranger reads nothing: told, with the mend.
before=$(pmta-suppress dump | cksum)
for words in "add b@x.example --reason r" "remove ada@x.example --reason r" \
	"export --since-cursor c"; do
	# shellcheck disable=SC2086 # the words of one command
	as "$MEMBER" pmta-suppress $words >out 2>err && fail "a member may: $words"
	[ ! -s out ] || fail "rows before the error: $words"
	grep -q '^pmta-suppress: ' err || { cat err; fail "said nothing: $words"; }
done
want_eq "$(pmta-suppress dump | cksum)" "$before" "a member changed it"
# Nor can a pipe of a member's keep anything: it takes nothing.
printf 'type,timeLogged\n' >rows
as "$MEMBER" pmta-suppress-pipe --log stderr <rows >out 2>err
want_eq $? 75 "exit code of a pipe that can write nowhere"
want_line err "nothing was taken"
as "$STRANGER" pmta-suppress check ada@x.example >out 2>err &&
	fail "a stranger may ask"
[ ! -s out ] || fail "a stranger was told"
want_line err "suppress.db: Permission denied; ask the folder's owner, or to be put into its group"
want_no_line err "start pmta-suppress-pipe"

# Secrets are the owner's alone.
want_ok pmta-suppress verp key new
want_exit 66 as "$MEMBER" pmta-suppress verp key list
want_line err "verp-keys: Permission denied; run this as the folder's owner"

# Root's own files are read as the folder's owner: that is said.
mkdir -m 700 private
echo email >private/in.csv
want_exit 66 pmta-suppress import private/in.csv
want_line err "started by root, this runs as the owner of "

# A folder that everybody may write to is refused.
chmod 2757 state
want_exit 78 pmta-suppress check ada@x.example
want_line err "everybody may write here"
