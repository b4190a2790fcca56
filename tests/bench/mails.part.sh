# mails.part.sh - rows 20 and 21: mails, made of tests/data/mail.
# shellcheck shell=sh disable=SC2034,SC2154

# reports N FOLDER: reports of 10 kB, each about somebody else.
reports() {
	mkdir "$2"
	LC_ALL=C awk -v reports="$1" -v to="$2/" -v date="$(date -uR)" '
		{ text = text $0 "\n" }
		END {
			sub(/Sat, 21 Nov 2026 08:57:27 \+0100/, date, text)
			for (i = 0; length(body) < 9200; i++)
				body = body "<p>Line " i " of a letter, with =C3=A4 " \
					"and <a href=3D\"https://x.example/" i \
					"\">a link</a>\n"
			sub(/Hello\n/, body, text)
			for (i = 0; i < reports; i++) {
				one = text
				gsub(/[Uu]ser@example\.org/,
					"reader" i "@example.org", one)
				printf "%s", one >(to i ".eml")
				close(to i ".eml")
			}
		}' "$here/../data/mail/arf.eml"
}

# Row 20: each report to a process of its own. Where a pipe of records lives its
# worker takes them; all of that pipe is counted, its start and its end as well.
reports 200 "$dir/reports"
before="$fresh; $program add first@example.org --reason bench"
one_each() {
	echo "for mail in '$dir'/reports/*; do $1 <\"\$mail\"; done"
}
alone=$(one_each "$pipe --input message")
beside="rm -f '$dir/rows'; mkfifo '$dir/rows'; $pipe <'$dir/rows' & lives=\$!
exec 9>'$dir/rows'; echo type,timeLogged,rcpt,dsnDiag >&9
until [ -p '$dir'/state/journal/.handover-* ]; do sleep 0.01; done
$(one_each "$pipe --input message 9>&-"); exec 9>&-; wait \$lives"
for spawned in "$alone" "$beside"; do
	sh -ec "$before; $spawned" >/dev/null
	sh -c "$program status" | grep -q 'fbl.abuse 200$' ||
		stop "not all of 200 reports were stored"
done
# spawned WHAT COMMAND
spawned() {
	if [ -z "$python" ]; then
		row 20 "$1, faster than Python" "no python3" 15x 25x
		return
	fi
	pair "$(one_each "'$python' -c 'import email, sys
for part in email.message_from_binary_file(sys.stdin.buffer).walk():
    part.get_content_type()'")" "$2"
	row 20 "$1, faster than Python" \
		"$(calc "$ratio")x ($(calc "$cpu_b * 5") ms)" 15x 25x
}
spawned "a report by a process beside a pipe" "$beside"
spawned "the same with no pipe" "$alone"

# Row 21: copies of the samples in a folder, no two the same.
mails=${BENCH_MAILS:-20000}
mkdir "$dir/mails"
awk -v mails="$mails" -v to="$dir/mails/" '
	FNR == 1 { n++ }
	{ text[n] = text[n] $0 "\n" }
	END {
		for (i = 0; i < mails; i++) {
			file = to i
			printf "X-Bench: %d\n%s", i, text[i % n + 1] >file
			close(file)
		}
	}' "$here"/../data/mail/*.eml
before=$fresh
# folder WHAT FOLDER N MUST AIM
folder() {
	pair "$program ingest '$2' >'$dir/out'" "find '$2' -type f |
		xargs '$BUILD/bench/bench_gmime' >'$dir/out'"
	row 21 "$1 in a folder, to GMime alone" "$(calc "$ratio") ($(awk \
		"BEGIN { printf \"%d\", $3 / $cpu_a }") a CPU s)" "$4" "$5"
}
folder "mails" "$dir/mails" "$mails" '<= 1.5' 1.2
reports $((mails / 5)) "$dir/letters"
folder "reports of 10 kB" "$dir/letters" $((mails / 5)) '<= 1.5' 1.2
before=
rm -r "$dir/mails" "$dir/reports" "$dir/letters"
