#!/bin/sh
# fresh.sh - runs README's two set-up lines, exactly as written, in a bare
# Debian 12: debootstrap's smallest, with a copy of this tree and nothing else.
# As root. All that is mounted or started ends with the script.
#   FRESH_MIRROR  where packages come from (debootstrap's own choice)
#   FRESH_DIR     the folder for it (a new one under /tmp, removed at the end)
set -eu

SRC=$(cd "$(dirname "$0")/.." && pwd)
MIRROR=${FRESH_MIRROR:-}

die() {
	printf 'fresh: %s\n' "$*" >&2
	exit 1
}

if [ "${1:-}" = --inside ]; then
	# In a mount and process namespace of its own.
	root=$2
	mount -t proc proc "$root/proc"
	mount --rbind /dev "$root/dev"
	cd "$SRC"
	awk '/^```sh$/ { on = 1; next } on && /^```/ { exit } on' README.md |
	while IFS= read -r line; do
		printf '\nfresh: $ %s\n' "$line"
		env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root TERM=dumb \
			chroot "$root" sh -c "cd /root/pmta-suppress && $line" \
			</dev/null || die "the README's line failed: $line"
	done
	exit
fi

[ "$(id -u)" -eq 0 ] || die "needs root, for debootstrap and chroot"
command -v debootstrap >/dev/null ||
	die "debootstrap is not here; run apt-get install debootstrap"
lines=$(awk '/^```sh$/ { on = 1; next } on && /^```/ { exit } on' \
	"$SRC/README.md" | wc -l)
[ "$lines" -eq 2 ] ||
	die "README.md's first sh block has $lines lines; it should have two"

dir=${FRESH_DIR:-$(mktemp -d /tmp/pmta-fresh.XXXXXX)}
trap 'rm -rf --one-file-system "$dir"' EXIT
trap 'exit 130' INT TERM
echo "fresh: a bare Debian 12 in $dir"
# shellcheck disable=SC2086 # none, or one word
debootstrap --variant=minbase bookworm "$dir/root" $MIRROR >"$dir/log" 2>&1 || {
	tail -n 20 "$dir/log"
	die "debootstrap failed"
}
for f in /etc/resolv.conf /etc/hosts; do
	[ ! -e "$f" ] || cat "$f" >"$dir/root$f"
done
mkdir -p "$dir/root/root/pmta-suppress"
cd "$SRC"
git ls-files -z --cached --others --exclude-standard |
	tar --null --ignore-failed-read -T - -cf - |
	tar -xf - -C "$dir/root/root/pmta-suppress"
# Lines that end here end with all they started; its mounts go with it.
unshare --mount --pid --fork --kill-child sh "$0" --inside "$dir/root"
echo "fresh: both lines of README.md work on a bare Debian 12"
