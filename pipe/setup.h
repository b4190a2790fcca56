/* setup.h - what the program works out before it takes its first byte. */
#ifndef PIPE_SETUP_H
#define PIPE_SETUP_H

#include "options.h"
#include "work/journal.h"

#define PROG "pmta-suppress-pipe"

struct setup {
	struct options options;
	struct config config;
	struct log log;
	struct journal_info info;
	char name[JOURNAL_NAME_MAX]; /* of our stream */
	char journal[CONFIG_PATH_MAX];
	char database[CONFIG_PATH_MAX];
};

/*
 * Settings, state folder, log, and the names of things. What is wrong with
 * the command line or the settings is told and worked around. False: nothing
 * can be kept (EX_TEMPFAIL), told by the caller.
 */
bool setup_open(struct setup *s, int argc, char **argv, struct err *e);
void setup_close(struct setup *s);

/* Tells an error of the start on stderr and in the log, wherever that is. */
void setup_tell(struct setup *s, const char *kind, const struct err *e);

#endif
