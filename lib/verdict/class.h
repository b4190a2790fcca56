/* class.h - the classes a reply or report may have: who is at fault, what. */
#ifndef VERDICT_CLASS_H
#define VERDICT_CLASS_H

#include <stdbool.h>

#include "base/str.h"

/* Numbers are stored in databases: they never change, new ones go last. */
enum class {
	CLASS_UNKNOWN = 0,
	CLASS_GONE_MAILBOX = 1,
	CLASS_GONE_SYNTAX = 2,
	CLASS_GONE_INACTIVE = 3,
	CLASS_GONE_MOVED = 4,
	CLASS_GONE_DOMAIN = 5,
	CLASS_GONE_NULLMX = 6,
	CLASS_FULL_MAILBOX = 10,
	CLASS_FULL_SYSTEM = 11,
	CLASS_REFUSED_PERSONAL = 15,
	CLASS_REFUSED_LISTEXP = 16,
	CLASS_TEMP_GREYLIST = 20,
	CLASS_TEMP_SYSTEM = 21,
	CLASS_TEMP_NETWORK = 22,
	CLASS_TEMP_DNS = 23,
	CLASS_TEMP_ROUTE = 24,
	CLASS_TEMP_EXPIRED = 25,
	CLASS_BLOCK_IP = 30,
	CLASS_BLOCK_REPUTATION = 31,
	CLASS_BLOCK_CONTENT = 32,
	CLASS_BLOCK_ATTACHMENT = 33,
	CLASS_BLOCK_VIRUS = 34,
	CLASS_BLOCK_AUTH = 35,
	CLASS_BLOCK_PTR = 36,
	CLASS_BLOCK_RATE = 37,
	CLASS_BLOCK_POLICY = 38,
	CLASS_BLOCK_RELAY = 39,
	CLASS_SENDER_ADDRESS = 45,
	CLASS_SENDER_PROTOCOL = 46,
	CLASS_SENDER_SIZE = 47,
	CLASS_SENDER_SMTPUTF8 = 48,
	CLASS_SENDER_TLS = 49,
	CLASS_SENDER_LOGIN = 50,
	CLASS_SENDER_CONFIG = 51,
	CLASS_SELF_SUPPRESSED = 60,
	CLASS_SELF_DELETED = 61,
	CLASS_SELF_NODELIVERY = 62,
	CLASS_DSN_DELAYED = 65,
	CLASS_DSN_RELAYED = 66,
	CLASS_AUTO_REPLY = 70,
	CLASS_AUTO_CHALLENGE = 71,
	CLASS_AUTO_SUBSCRIBE = 72,
	CLASS_AUTO_UNSUBSCRIBE = 73,
	CLASS_FBL_ABUSE = 80,
	CLASS_FBL_OPTOUT = 81,
	CLASS_FBL_FRAUD = 82,
	CLASS_FBL_VIRUS = 83,
	CLASS_FBL_AUTH_FAILURE = 84,
	CLASS_FBL_NOT_SPAM = 85,
	CLASS_DELIVERED = 90, /* d rows: counted, no verdict */
	CLASS_RECEIVED = 91,  /* r rows */
	CLASS_MANUAL = 95,    /* entries made by a person or an import */
	CLASS_MAX = 96
};

/* What a class leads to before thresholds. */
enum decision {
	DECISION_IGNORE,
	DECISION_SUPPRESS_ADDRESS,
	DECISION_SUPPRESS_DOMAIN,
	DECISION_COUNT_SOFT,
	DECISION_SENDER_FAULT,
	DECISION_COMPLAINT
};

struct class_info {
	enum class class;
	const char *name;     /* "gone.mailbox" */
	enum decision decision;
	const char *fault;    /* "recipient", "sender", "provider", "nobody" */
	const char *meaning;  /* one plain sentence without a full stop */
	const char *follows;  /* what the default policy does, in plain words */
};

/* The row of a class; CLASS_UNKNOWN's for a number that is none. */
const struct class_info *class_info(enum class c);
const char *class_name(enum class c);
/* By name; false when there is none. */
bool class_of(struct str name, enum class *out);
/* All rows, in the table's order. */
const struct class_info *class_table(size_t *n);
/* Whether it is one of gone.*. */
bool class_is_gone(enum class c);
/* "gone" is every class that begins "gone."; "gone.mailbox" itself; "" any. */
bool class_fits(struct str want, enum class c);

/* "suppress-address", "count-soft", ... */
const char *decision_name(enum decision d);
/* By name; false when there is none. */
bool decision_of(struct str name, enum decision *out);

#endif
