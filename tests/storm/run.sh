#!/bin/sh
# run.sh - storms, breakers and forgeries on simulated months: `run.sh BUILD`.
# STORM=short takes seconds; STORM="gmail undo" runs these scenarios alone.
set -eu

BUILD=$(cd "$1" && pwd)
case ${STORM:-} in
short) set -- --short ;;
*)
	# shellcheck disable=SC2086 # words
	set -- ${STORM:-}
	;;
esac
exec "$BUILD/tools/storm_sim" "$@"
