# Every kind of line that the pipe's log may have is explained in its page.
. "$SRC/tests/cli/lib.sh"

cd "$SRC" || exit 1
{
	cat pipe/*.c lib/work/*.c | tr '\n\t' '  ' |
		grep -o 'LOG_AT_[A-Z]*, *"[a-z-]*"' | sed 's/.*"\(.*\)"/\1/'
	sed -n 's/.*\[NOTE_[A-Z]*\] = "\([a-z-]*\)".*/\1/p' pipe/shared.c
	sed -n 's/.*setup_tell([^,]*, "\([a-z-]*\)".*/\1/p' pipe/*.c
} | sort -u >"$OLDPWD/code"
cd "$OLDPWD" || exit 1
[ "$(wc -l <code)" -gt 15 ] || { cat code; fail "too few kinds were found"; }
awk '/^\.Sh / { on = /DIAGNOSTICS/ }
	on && sub(/^\.It Li /, "") { gsub(/ ,/, ""); gsub(/ /, "\n"); print }' \
	"$SRC/man/pmta-suppress-pipe.8" | sort -u >page
missing=$(comm -23 code page)
want_eq "$missing" "" "kinds of log lines that pmta-suppress-pipe.8 lacks"

# And every cause of "skipped" in that of the command.
sed -n 's/^\t\[SKIP_[A-Z_]*\] = "\(.*\)",/\1/p' "$SRC/lib/mail/event.c" |
	grep -vx none | sort -u >code
[ "$(wc -l <code)" -gt 15 ] || { cat code; fail "too few causes were found"; }
awk '/^\.It Li skipped/, /^\.It Li verdicts/ {
		if (sub(/^\.It Li /, "")) { gsub(/ ,/, ""); gsub(/ /, "\n"); print }
	}' "$SRC/man/pmta-suppress.1" | sort -u >page
missing=$(comm -23 code page)
want_eq "$missing" "" "causes of skipped rows that pmta-suppress.1 lacks"

# And what an export may have lost.
kinds=$(sed -n 's/^\t\[LOST_[A-Z]*\] = { "\(.*\)",/\1 ,/p' \
	"$SRC/suppress/export_lost.c" | tr '\n' ' ')
grep -qxF ".Pq ${kinds% }" "$SRC/man/pmta-suppress.1" ||
	fail "pmta-suppress.1 does not name as lost: $kinds"
