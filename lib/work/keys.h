/* keys.h - the keys of the tokens that prove sending: STATE/verp-keys. */
#ifndef WORK_KEYS_H
#define WORK_KEYS_H

#include "mail/acct.h"
#include "mail/message.h"
#include "work/config.h"

/* The keys, and which state of the file they are of. All zero: not yet
 * looked for. */
struct keys {
	struct sign_keys list;
	int64_t asked; /* when the file was looked at last, UTC seconds */
	int64_t mark; /* tells one state of the file from another */
};

/*
 * Reads the file; none is no error and no keys. After a failure (EX_CONFIG: a
 * line that is none, a key twice, a file that others may read; EX_NOINPUT:
 * one that may not be read) there are no keys.
 */
bool keys_load(const struct config *c, struct keys *k, struct err *e);

/* The same for who runs long: looks at most every few seconds, and reads only
 * a file that has changed, so that each failure is told once. */
bool keys_refresh(
    const struct config *c, struct keys *k, int64_t now, struct err *e);

/* What the readers of rows and mails are told, with these keys. All is
 * borrowed. */
void keys_settings(const struct keys *k, const struct config *c,
    struct acct_settings *rows, struct message_settings *mails);

/* Writes the file anew (0600). */
bool keys_save(
    const struct config *c, const struct sign_keys *list, struct err *e);

/* Adds a key with a random name and secret, made now; EX_DATAERR when there
 * are too many. It signs from then on. */
const struct sign_key *keys_new(
    struct sign_keys *list, int64_t now, struct err *e);

#endif
