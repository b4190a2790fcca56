#!/bin/sh
# setup.sh - installs what pmta-suppress needs, with the system's own packages.
#
#   sh setup.sh build    what building needs
#   sh setup.sh test     that, and what the tests need
#   sh setup.sh demo     build, then make, then the demo
#   sh setup.sh check    test, then make, then every test
#
# -n before the word only prints the commands. Debian 12 and its kin (apt), Red
# Hat Enterprise Linux 9 and its kin (dnf, with EPEL and CRB). Works as root or
# with sudo, and on a system that has neither make nor a compiler yet.
set -eu

DEB_BUILD="gcc make pkg-config libc6-dev libsqlite3-dev libpcre2-dev
	libgmime-3.0-dev libjansson-dev libidn2-dev libxxhash-dev zlib1g-dev
	libcsv-dev"
DEB_TEST="libcmocka-dev clang libclang-rt-dev cppcheck shellcheck mandoc
	sqlite3 procps"
RPM_BUILD="gcc make pkgconf-pkg-config glibc-devel sqlite-devel pcre2-devel
	gmime30-devel jansson-devel libidn2-devel xxhash-devel zlib-devel
	libcsv-devel diffutils findutils"
RPM_TEST="libcmocka-devel clang compiler-rt libasan libubsan cppcheck
	ShellCheck mandoc sqlite procps-ng"

dry=
cd "$(dirname "$0")"

say() {
	printf 'setup: %s\n' "$*"
}

die() {
	printf 'setup: %s\n' "$*" >&2
	exit 1
}

usage() {
	sed -n 's/^#  *\(sh setup.sh .*\)/\1/p' setup.sh >&2
	exit 64
}

# Runs a command, told first; with -n it is only told.
run() {
	printf '+ %s\n' "$*"
	[ -n "$dry" ] || "$@"
}

# The same as root.
as_root() {
	if [ "$(id -u)" -eq 0 ]; then
		run "$@"
	elif command -v sudo >/dev/null 2>&1; then
		run sudo "$@"
	elif [ -n "$dry" ]; then
		run "$@"
	else
		die "must be root to install packages: run it as root, or install sudo"
	fi
}

# Packages of the list that are not installed.
deb_missing() {
	for package in "$@"; do
		case $(dpkg-query -W -f '${Status}' "$package" 2>/dev/null) in
		*" installed") ;;
		*) printf ' %s' "$package" ;;
		esac
	done
}

apt_install() {
	missing=$(deb_missing "$@")
	if [ -z "$missing" ]; then
		say "all packages are there"
		return
	fi
	say "installing$missing"
	as_root env DEBIAN_FRONTEND=noninteractive apt-get -q update ||
		die "apt-get update failed: is the network there, and are" \
			"/etc/apt/sources.list and sources.list.d right?"
	# shellcheck disable=SC2086
	as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -y \
		--no-install-recommends install $missing ||
		die "apt-get could not install:$missing; Debian 12 (bookworm) has" \
			"them all in main"
}

# CRB holds the -devel packages, EPEL what Red Hat does not have.
rpm_repositories() {
	id=$(sed -n 's/^ID="*\([a-z]*\)"*$/\1/p' /etc/os-release)
	rel=$(sed -n 's/^VERSION_ID="*\([0-9]*\).*/\1/p' /etc/os-release)
	rel=${rel:-9}
	[ "$id" != fedora ] || return 0
	as_root dnf -y install dnf-plugins-core || return 1
	case $id in
	rhel)
		as_root subscription-manager repos --enable \
			"codeready-builder-for-rhel-$rel-$(uname -m)-rpms" ||
			return 1
		# Red Hat has no package of EPEL's own: it is asked for by hand.
		rpm -q epel-release >/dev/null || {
			say "EPEL is not set up: install its epel-release package" \
				"for RHEL $rel as the EPEL project says, then" \
				"run this again"
			return 1
		}
		;;
	ol)
		as_root dnf config-manager --set-enabled \
			"ol${rel}_codeready_builder" || return 1
		as_root dnf -y install "oracle-epel-release-el$rel"
		;;
	*)
		as_root dnf config-manager --set-enabled crb || return 1
		as_root dnf -y install epel-release
		;;
	esac
}

dnf_install() {
	if rpm -q "$@" >/dev/null 2>&1; then
		say "all packages are there"
		return
	fi
	rpm_repositories ||
		die "could not turn on the CRB and EPEL repositories; turn them on" \
			"by hand and run this again"
	as_root dnf -y install "$@" ||
		die "dnf could not install one of: $*; INSTALL.md says which" \
			"repository each comes from"
}

# What INSTALL takes: build or test.
install_for() {
	if command -v apt-get >/dev/null 2>&1; then
		# shellcheck disable=SC2086
		case $1 in
		build) apt_install $DEB_BUILD ;;
		test) apt_install $DEB_BUILD $DEB_TEST ;;
		esac
	elif command -v dnf >/dev/null 2>&1; then
		# shellcheck disable=SC2086
		case $1 in
		build) dnf_install $RPM_BUILD ;;
		test) dnf_install $RPM_BUILD $RPM_TEST ;;
		esac
	else
		die "neither apt-get nor dnf is here; INSTALL.md names the packages," \
			"install them by hand, then run make"
	fi
}

build() {
	jobs=$(getconf _NPROCESSORS_ONLN 2>/dev/null) || jobs=1
	run make -j "$jobs" "$@"
}

if [ "${1:-}" = -n ]; then
	dry=yes
	shift
fi
[ $# -eq 1 ] || usage
case $1 in
build) install_for build ;;
test) install_for test ;;
demo)
	install_for build
	build all
	run make --no-print-directory demo
	;;
check) # its last line counts the tests
	install_for test
	build all units tools
	run make --no-print-directory check
	;;
*) usage ;;
esac
