#!/bin/sh
# tour.sh - prints README.md with the output of its console blocks as the
# programs give it now: `tour.sh BUILD >new && mv new README.md`. The commands
# run one after the other in one shell, in a folder whose build/ holds the
# programs and what the demo leaves there.
set -eu

here=$(cd "$(dirname "$0")/.." && pwd)
programs=$(cd "$1" && pwd)
dir=$(mktemp -d "${TMPDIR:-/tmp}/pmta-tour.XXXXXX")
trap 'rm -rf "$dir"' EXIT
cd "$dir"
mkdir build
ln -s "$programs/pmta-suppress" "$programs/pmta-suppress-pipe" build/
sh "$here/demo.sh" build >demo.out 2>&1 || {
	cat demo.out >&2
	exit 1
}

in_block=
while IFS= read -r line <&3; do
	case $in_block$line in
	'```console')
		in_block=yes
		printf '%s\n' "$line"
		;;
	'yes```')
		in_block=
		printf '%s\n' "$line"
		;;
	'yes$ '*)
		printf '%s\n' "$line"
		eval "${line#??}" 2>&1 </dev/null || [ $? -eq 1 ]
		;;
	yes*) ;; # the output of last time
	*) printf '%s\n' "$line" ;;
	esac
done 3<"$here/README.md"
