# A stream may be called anything: its name is folded, and never widens to all
# mail.
. "$SRC/tests/cli/lib.sh"

printf '[pipe]\nstream-key = header_X-Campaign\n' >pmta-suppress.conf
f() { # RCPT CAMPAIGN
	printf 'f,2026-11-18 08:00:00+0000,n@s.example,%s,opt-out,%s\n' "$@"
}
{
	echo type,timeLogged,orig,rcpt,feedbackType,header_X-Campaign
	f a@x.example "Weekly News"
	f b@x.example weekly
	f c@x.example '"""Sale"", 50 %"'
	f d@x.example 'Été'
} >rows
want_ok pmta-suppress ingest rows
want_ok pmta-suppress list --scope "stream:Weekly News"
want_line out "stream:weekly%20news"
want_no_line out "b@x.example"
want_ok pmta-suppress list
want_no_line out "global"
for name in "Weekly News" " weekly news" stream:Weekly%20News weekly%20news; do
	want_exit 0 pmta-suppress check --stream "$name" a@x.example
done
want_exit 1 pmta-suppress check --stream "weekly" a@x.example
want_exit 1 pmta-suppress check a@x.example
want_exit 0 pmta-suppress check --stream '"Sale", 50 %' c@x.example
want_exit 0 pmta-suppress check --stream 'Été' d@x.example
want_exit 1 pmta-suppress check --stream 'Eté' d@x.example
want_exit 64 pmta-suppress check --stream ' ' a@x.example

# A token is of the stream that entries are of.
want_ok pmta-suppress verp key new
for name in "Weekly News" "Été"; do
	want_ok pmta-suppress verp sign a@x.example --stream "$name" \
		--message-id 1@x.example
	token=$(tail -n 1 out)
	want_ok pmta-suppress verp verify "$token" --json
	stream=$(sed -n 's/.*"stream":"\([^"]*\)".*/\1/p' out)
	want_ok pmta-suppress add t@x.example --scope "stream:$name" --reason r
	want_line out ", stream:$stream"
done
want_eq "$stream" "%c3%89t%c3%a9" "a name with letters beyond ASCII"
