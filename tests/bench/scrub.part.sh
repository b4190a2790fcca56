# scrub.part.sh - rows 13 to 16: scrub and check. Its own table says more.
# shellcheck shell=sh disable=SC2154

BENCH_LIST=${BENCH_LIST:-$rows} BENCH_RUNS=$pairs sh "$here/scrub.sh" "$BUILD"
