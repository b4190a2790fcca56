/* args.h - words of the command line made into what the store is asked. */
#ifndef SUPPRESS_ARGS_H
#define SUPPRESS_ARGS_H

#include "app.h"

#define ARGS_CURSOR_MAX 65
#define ARGS_REASON_MAX 1000 /* bytes of a person's words */

/* The key of an address, or of a domain when it starts with '@'; out is
 * ADDRESS_MAX bytes. */
enum address_cause args_target(struct str word, char *out);
/* The same for an operand of command: EX_DATAERR, names the word. */
bool args_target_or(
    const char *command, const char *word, char *out, struct err *e);

/* The one operand of a command, an address and no domain: EX_USAGE, or
 * EX_DATAERR. */
bool args_one_address(int argc, char **argv, char *out, struct err *e);

/* Options are over: EX_USAGE when words are left. */
bool args_no_more(int argc, char **argv, struct err *e);

struct option; /* of <getopt.h> */

/* EX_USAGE, and always false: the command has no verb of that name, or none is
 * given (NULL); option o of the command's longs is none of its verb's; value is
 * none of those that --NAME takes. mend says what there is. */
bool args_no_verb(
    const char *command, const char *word, const char *mend, struct err *e);
bool args_not_of_verb(const char *command, const char *verb,
    const struct option *longs, int o, struct err *e);
bool args_wrong(const char *command, const char *name, const char *value,
    const char *mend, struct err *e);

/* "global" or "stream:NAME" (printable, no white space) as the policy writes
 * it, in lower case; scope is APP_SCOPE_MAX bytes. */
bool args_scope(struct str word, char *scope);
/* The same for the value of --scope: EX_USAGE. */
bool args_scope_or(
    const char *command, const char *value, char *scope, struct err *e);
/* The same for the value of --stream, NAME or "stream:NAME". */
bool args_stream_or(
    const char *command, const char *name, char *scope, struct err *e);

/*
 * A time: "2026-11-21", "2026-11-21T07:57:27Z" and clock_parse()'s other
 * forms, or a span such as "30d": so long ago, with ahead so long from now.
 */
bool args_time(struct str s, int64_t now, bool ahead, int64_t *utc);
/* The same for the value of --NAME: EX_USAGE. */
bool args_time_or(const char *command, const char *name, const char *value,
    int64_t now, bool ahead, int64_t *utc, struct err *e);

/* A class that an entry may have: one that the policy acts on, or manual. */
bool args_entry_class(struct str name, enum class *out);
bool args_entry_class_or(
    const char *command, const char *value, enum class *out, struct err *e);

/* Words of a person or a file, appended as one line of UTF-8: white space and
 * controls become a space, other bytes that are none a '?'. */
void args_clean(struct buf *out, struct str words);
/* The value of --reason, cleaned into out: not empty, at most
 * ARGS_REASON_MAX bytes. */
bool args_reason_or(
    const char *command, const char *value, struct buf *out, struct err *e);

/* The same of --reason and --consent, either of them NULL: both are kept. */
bool args_consent_or(const char *command, const char *reason,
    const char *consent, struct buf *out, struct err *e);

/* A cursor's name: letters, digits, '.', '_', '-'; at most 64. */
bool args_cursor_or(const char *command, struct str name, struct err *e);

/* A file to write to; "-" is standard output, which is NULL. */
const char *args_output(const char *word);
/* One that cannot be standard output, since rows go there. */
bool args_beside_or(const char *command, const char *option, const char *word,
    const char **path, struct err *e);

/* Which entries: the options that list and export share. The long options'
 * letters are these, so that a command's switch hands them on. */
enum args_filter {
	ARGS_CLASS = 500,
	ARGS_SCOPE,
	ARGS_SINCE,
	ARGS_PROVIDER,
	ARGS_SOURCE,
	ARGS_LIMIT,
	ARGS_LIKE,
	ARGS_ALL,
	ARGS_UNTIL,
	ARGS_RULE,
	ARGS_REPLY,
	ARGS_DOMAIN,
	ARGS_STREAM
};
#define ARGS_IS_FILTER(c) ((c) >= ARGS_CLASS && (c) <= ARGS_STREAM)
/* The pattern of addresses, which may be given once; in lower case in a->like
 * from then on. */
bool args_like_or(struct app *a, const char *command, struct entry_filter *f,
    struct str pattern, struct err *e);
/* A scope stands in a->scope from then on. */
bool args_filter(struct app *a, struct entry_filter *f, int option,
    const char *value, struct err *e);

#endif
