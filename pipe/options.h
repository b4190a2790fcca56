/* options.h - the command line of pmta-suppress-pipe. */
#ifndef PIPE_OPTIONS_H
#define PIPE_OPTIONS_H

#include "work/config.h"

/* All strings are the command line's own; NULL: not given. */
struct options {
	struct config_where where;
	const char *input; /* "csv", "json", "message" */
	const char *from, *to, *envid; /* envelope of a message */
	const char *log;
	bool help, version;
	bool refused; /* an option where strangers could have put it */
};

/*
 * Reads the command line. A mistake costs no record: the first one is told in
 * e (EX_USAGE), what is wrong is left out and the rest is used.
 *
 * Envelope values come from strangers and PowerMTA puts them in before it
 * splits the command line, so a value with spaces could smuggle options in:
 * after --from, --to or --envid only these three are taken. Another one there
 * sets `refused`: to go on without it could be to write to a wrong place, and
 * a message comes again.
 */
void options_parse(struct options *o, int argc, char **argv, struct err *e);

/* The text of --help. */
const char *options_help(void);

#endif
