#!/bin/sh
# embed.sh - turns the rule files into C, so that they are built in.
set -eu
echo "/* Made from rules/ by rules/embed.sh. */"
echo '#include "verdict/builtin.h"'
n=0
for f in "$@"; do
	n=$((n + 1))
	echo "static const char FILE_${n}[] = {"
	od -An -v -td1 "$f" | sed 's/  */,/g; s/^,//; s/$/,/'
	echo "0 };"
done
echo "const struct builtin_file BUILTIN_FILES[] = {"
n=0
for f in "$@"; do
	n=$((n + 1))
	echo "	{ \"${f##*/}\", { FILE_$n, sizeof FILE_$n - 1 } },"
done
echo "};"
echo "const unsigned BUILTIN_COUNT = $n;"
