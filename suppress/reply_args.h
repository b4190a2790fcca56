/* reply_args.h - a reply on the command line, and what is known beside it. */
#ifndef SUPPRESS_REPLY_ARGS_H
#define SUPPRESS_REPLY_ARGS_H

#include "app.h"
#include "mail/address.h"

struct reply_args {
	const char *dsn_status, *mta, *rcpt, *orig, *vmta_ip; /* NULL: none */
	char key[ADDRESS_MAX]; /* of rcpt */
	bool json, batch, flush;
	struct buf text; /* the words, with single spaces */
};

/* Takes the options of `command`, and with batch_too --batch and --flush.
 * EX_USAGE. Give back with reply_args_release(), also after an error. */
bool reply_args_parse(struct reply_args *r, const char *command, bool batch_too,
    int argc, char **argv, struct err *e);
void reply_args_release(struct reply_args *r);

/* The failure that text is, with what the options say; r is borrowed. */
struct failure reply_args_failure(const struct reply_args *r, struct str text);

#endif
