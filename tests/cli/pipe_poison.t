# Records that kill the worker (here: by its memory limit) go to quarantine/
# after the second death; all others are worked on.
. "$SRC/tests/cli/lib.sh"

cat >limit.conf <<END
[pipe]
row-limit = 8M
worker-memory = 80M
[store]
cache = 1M
END

bounce() { # RCPT
	row b "2026-11-20 08:00:00+0000" "$1" "5.1.1 (no)" \
		"smtp;550 5.1.1 no such user" "mx.gone.example (192.0.2.25)"
}

big() { # RCPT
	printf 'b,2026-11-20 08:00:01+0000,2026-11-20 08:00:01+0000,%s' \
		"news@send.example,$1,,failed,5.1.1 (no),\"smtp;550 5.1.1 no "
	head -c 8000000 /dev/zero | tr '\0' a
	printf '",mx.x.example (192.0.2.25),,smtp,a (192.0.2.1),smtp,%s\n' \
		198.51.100.11,192.0.2.25,x,,v,j,,x.example/v,p
}

{
	acct_header
	bounce ada@x.example
	big one@x.example
	big two@x.example
	bounce bob@x.example
	big three@x.example
	bounce cyd@x.example
} >rows
cat rows | pmta-suppress-pipe --config "$PWD/limit.conf" --log "$PWD/log" ||
	{ cat log; fail "exit $?"; }
if grep -q "there is no limit" log; then
	skip "this build takes more address space than the limit"
fi
pmta-suppress list >out
want_eq "$(grep -c @ out)" 3 "listed beside the poison"
want_eq "$(ls state/quarantine | wc -l)" 3 "records in quarantine/"
want_line log "died twice at byte"
# By whichever worker: each that died took its own sums along.
pmta-suppress status >out
want_line out "quarantined 3"
for file in state/quarantine/*; do
	want_eq "$(wc -c <"$file" | sed 's/...$//')" 8000 "size of $file"
	want_eq "$(stat -c %a "$file")" 600 "mode of $file"
done
pmta-suppress status >out
want_line out "quarantine 3 records"
