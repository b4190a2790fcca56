# noise.part.sh - what the figures are worth: a program against itself.
# shellcheck shell=sh disable=SC2034,SC2154

made default "$rows"
before=$fresh
pair "$(libcsv default "$rows")" "$(libcsv default "$rows")"
row 0 "L against itself, 1 if nothing disturbs" "$(calc "$ratio")" - -
pair "$(ingest default "$rows")" "$(ingest default "$rows")"
row 0 "ingest against itself" "$(calc "$ratio")" - -
before=
