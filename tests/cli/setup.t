# setup.sh: what it would run, with -n, and what it says when it cannot.
. "$SRC/tests/cli/lib.sh"

want_exit 64 sh "$SRC/setup.sh"
want_line err "sh setup.sh demo"
want_exit 64 sh "$SRC/setup.sh" install

# Only these tools, and no package manager but the ones made here.
mkdir bin
for tool in sh sed id uname dirname env getconf cat; do
	ln -s "$(command -v "$tool")" "bin/$tool"
done
want_exit 1 env PATH="$PWD/bin" sh "$SRC/setup.sh" -n build
want_line err "neither apt-get nor dnf"

printf '#!/bin/sh\nexit 1\n' >bin/dpkg-query
printf '#!/bin/sh\necho "ran: $0 $*"\n' >bin/apt-get
chmod +x bin/dpkg-query bin/apt-get
want_ok env PATH="$PWD/bin" sh "$SRC/setup.sh" -n demo
want_line out "apt-get -q update"
want_line out "libgmime-3.0-dev"
want_line out "make --no-print-directory demo"
want_no_line out "libcmocka-dev"
want_no_line out "ran:"
want_ok env PATH="$PWD/bin" sh "$SRC/setup.sh" -n check
want_line out "libcmocka-dev"
want_line out "make --no-print-directory check"

# All there: nothing is installed, no network is asked.
printf '#!/bin/sh\necho "install ok installed"\n' >bin/dpkg-query
want_ok env PATH="$PWD/bin" sh "$SRC/setup.sh" test
want_line out "all packages are there"
want_no_line out "ran:"

rm bin/apt-get bin/dpkg-query
printf '#!/bin/sh\nexit 1\n' >bin/rpm
printf '#!/bin/sh\necho "ran: $0 $*"\n' >bin/dnf
chmod +x bin/rpm bin/dnf
want_ok env PATH="$PWD/bin" sh "$SRC/setup.sh" -n test
want_line out "gmime30-devel"
want_line out "libcmocka-devel"
want_no_line out "ran:"
