# make install and make uninstall, into a folder.
. "$SRC/tests/cli/lib.sh"

install_to() {
	make -s -C "$SRC" -o all BUILD="$BUILD" DESTDIR="$PWD/root" "$@" \
		>make.out 2>&1 || { cat make.out; fail "make $* failed"; }
}

install_to install
for f in usr/local/bin/pmta-suppress-pipe usr/local/bin/pmta-suppress \
	usr/local/share/man/man1/pmta-suppress.1 \
	usr/local/share/man/man5/pmta-suppress.conf.5 \
	usr/local/share/man/man5/pmta-suppress-rules.5 \
	usr/local/share/man/man5/pmta-suppress-database.5 \
	usr/local/share/man/man7/pmta-suppress-security.7 \
	usr/local/share/man/man8/pmta-suppress-pipe.8 \
	usr/local/share/pmta-suppress/rules/providers.conf \
	usr/local/share/doc/pmta-suppress/INSTALL.md \
	usr/local/share/doc/pmta-suppress/conf-snippets/pmta-acct.conf \
	etc/pmta-suppress/pmta-suppress.conf etc/pmta-suppress/rules.d; do
	[ -e "root/$f" ] || fail "$f was not installed"
done
find root -name '*.new' >new
want_eq "$(cat new)" "" "files left half installed"
want_eq "$(find root/usr/local/share/pmta-suppress/rules -name '*.rules' | wc -l)" \
	"$(find "$SRC/rules" -name '*.rules' | wc -l)" "rules"
want_ok root/usr/local/bin/pmta-suppress --version

# The program that runs is not disturbed, settings stay as they are.
mkfifo fifo
mkdir state
root/usr/local/bin/pmta-suppress-pipe --log "$PWD/log" <fifo &
exec 3>fifo
acct_header >&3
echo "# mine" >root/etc/pmta-suppress/pmta-suppress.conf
install_to install
want_eq "$(cat root/etc/pmta-suppress/pmta-suppress.conf)" "# mine" "settings"
row b "2026-10-05 08:00:00+0000" gone@there.example "5.1.1 (no)" \
	"smtp;550 5.1.1 no such user" "mx.there.example (192.0.2.25)" >&3
exec 3>&-
wait $! || fail "the running program exited $?"
want_exit 0 pmta-suppress check gone@there.example

# What is written says where things are.
install_to install PREFIX=/opt/ps SYSCONFDIR=/opt/ps/conf
for f in share/man/man8/pmta-suppress-pipe.8 share/man/man5/pmta-suppress.conf.5 \
	share/doc/pmta-suppress/conf-snippets/pmta-acct.conf \
	share/doc/pmta-suppress/INSTALL.md; do
	grep -q "/opt/ps/" "root/opt/ps/$f" || fail "$f does not say /opt/ps"
	if grep -e /usr/local -e /etc/pmta-suppress "root/opt/ps/$f"; then
		fail "$f says where things are not"
	fi
done
install_to uninstall PREFIX=/opt/ps SYSCONFDIR=/opt/ps/conf
rm -r root/opt
install_to uninstall
find root -type f >left
want_eq "$(cat left)" root/etc/pmta-suppress/pmta-suppress.conf "what is left"

# Where git does not tell what belongs to it, there is no tar file of nothing.
want_exit 2 env GIT_DIR="$PWD/none" make -s -C "$SRC" BUILD="$PWD/dist" dist
find dist -name '*.gz' >made
want_eq "$(cat made)" "" "a tar file without git"
