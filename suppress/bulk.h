/* bulk.h - many entries, chosen by what they have in common. */
#ifndef SUPPRESS_BULK_H
#define SUPPRESS_BULK_H

#include "app.h"

/* The long options that remove and hold share; args.h gives the letters. */
#define BULK_OPTIONS \
	{ "reason", required_argument, NULL, 'r' }, \
	{ "class", required_argument, NULL, ARGS_CLASS }, \
	{ "scope", required_argument, NULL, ARGS_SCOPE }, \
	{ "stream", required_argument, NULL, ARGS_STREAM }, \
	{ "consent", required_argument, NULL, 'c' }, \
	{ "since", required_argument, NULL, ARGS_SINCE }, \
	{ "until", required_argument, NULL, ARGS_UNTIL }, \
	{ "provider", required_argument, NULL, ARGS_PROVIDER }, \
	{ "rule", required_argument, NULL, ARGS_RULE }, \
	{ "reply-like", required_argument, NULL, ARGS_REPLY }, \
	{ "domain", required_argument, NULL, ARGS_DOMAIN }, \
	{ "like", required_argument, NULL, ARGS_LIKE }, \
	{ "source", required_argument, NULL, ARGS_SOURCE }, \
	{ "dry-run", no_argument, NULL, 'n' }, \
	{ "json", no_argument, NULL, 'j' }

struct bulk_request {
	const char *verb;           /* "remove" or "hold" */
	struct entry_filter filter;
	struct str reason;
	bool consent;  /* complaints, too */
	bool dry_run, json;
};

/* Lifts or holds every entry that the filter chooses, as one bulk; prints what
 * it did, or would do. The exit code: 1 when nothing was chosen. */
int bulk_run(struct app *a, const struct bulk_request *r, struct err *e);

/* Whether the filter says anything at all: "everything" must be meant. */
bool bulk_is_chosen(const struct entry_filter *f);

#endif
