/* event.h - one fact that PowerMTA or a report told, normalised. */
#ifndef MAIL_EVENT_H
#define MAIL_EVENT_H

#include <stdint.h>

#include "base/str.h"
#include "mail/address.h"

/* Numbers are stored: they never change. */
enum kind {
	KIND_NONE = 0,   /* a type that is not known */
	KIND_D = 1,      /* delivery */
	KIND_B = 2,      /* bounce: given up by us */
	KIND_T = 3,      /* transient: one attempt put off */
	KIND_TQ = 4,     /* transient of a whole queue, no recipient */
	KIND_R = 5,      /* receipt */
	KIND_RB = 6,     /* remote bounce: an asynchronous DSN */
	KIND_RS = 7,     /* remote status: delayed or positive DSN */
	KIND_F = 8,      /* feedback loop */
	KIND_MB = 9,     /* raw message: bounce */
	KIND_MF = 10,    /* raw message: feedback */
	KIND_MU = 11,    /* raw message: unsubscribe */
	KIND_COUNT
};

const char *kind_name(enum kind k); /* "d", ..., "mb" */

/* Whether others report a bounce, who may be anybody. */
static inline bool
kind_is_report(enum kind k)
{
	return k == KIND_RB || k == KIND_MB;
}

/* By the type column, any case, also "delivery", "feedback-loop", ... */
enum kind kind_of(struct str type);
/* The lower-case spelling of a type word ("Bounce": "bounce", not "b"), which
 * stands for ever; empty when it is none. */
struct str kind_word(struct str type);

/* Why a row or report gave nothing to work on. Counted under these names. */
enum skip {
	SKIP_NONE,           /* it is of use */
	SKIP_UNKNOWN_TYPE,
	SKIP_NO_HEADER,      /* a row before any header */
	SKIP_NO_COLUMN,      /* the header lacks a column that is needed */
	SKIP_FIELD_COUNT,    /* more or fewer fields than the header names */
	SKIP_MALFORMED,      /* and therefore not usable */
	SKIP_TOO_LONG,
	SKIP_NOISE,          /* passed over while resynchronising */
	SKIP_BAD_TIME,
	SKIP_FUTURE,         /* more than a day ahead of the clock */
	SKIP_OLD,            /* before the floor that gc has raised */
	SKIP_NO_RECIPIENT,
	SKIP_BAD_ADDRESS,
	SKIP_REDACTED,
	SKIP_VERP,           /* VERP that cannot be split for sure */
	SKIP_OURSELVES,      /* b rows PowerMTA made (x-pmta, list hit) */
	SKIP_NOT_SMTP,       /* d rows of discard, file, pipe */
	SKIP_NOT_A_FAILURE,  /* rs, delayed or positive reports */
	SKIP_NOT_A_COMPLAINT, /* not-spam, auth-failure */
	SKIP_JSON,           /* JSON rows: kept, not worked on */
	SKIP_NOT_A_REPORT,   /* a raw message that is none */
	SKIP_DUPLICATE,      /* already counted, by whatever road */
	SKIP_QUARANTINED,
	SKIP_ERASED,         /* its recipient was erased on request */
	SKIP_TOO_MANY,       /* recipients of one report, past its limit */
	SKIP_COUNT
};

const char *skip_name(enum skip s); /* "unknown-type" */

/* What proves that mail of ours went to the recipient of a report. */
enum proof {
	PROOF_NONE = 0,
	PROOF_SIGNED = 1 /* a token that only we can have made (sign.h) */
};

/* What told the recipient. Numbers are stored: they never change. */
enum found {
	FOUND_NONE = 0,
	FOUND_NAMED = 1,  /* the row's or the report's own words */
	FOUND_VERP = 2,   /* the address that the report was sent to */
	FOUND_SIGNED = 3  /* a token that proves it */
};

const char *found_name(enum found f); /* "named"; "none" */

/*
 * Views point into the row's or message's memory and stand until the next
 * one is taken; address is the event's own copy.
 */
struct event {
	enum kind kind;
	enum skip skip;        /* why it is of no use, or SKIP_NONE */
	int64_t time;          /* timeLogged, UTC seconds */
	int64_t queued;        /* timeQueued, 0: unknown */
	char address[ADDRESS_MAX]; /* key of whom the verdict is about; "" */
	char named[ADDRESS_MAX];   /* rb: another recipient that is only told
	                            * (forwarded to), "" for none */
	struct str rcpt;       /* recipient column as it stands */
	struct str orig;       /* envelope sender */
	struct str diag;       /* dsnDiag as it stands, "smtp;550 ..." */
	struct str status;     /* dsnStatus as it stands */
	struct str mta;        /* dsnMta: "host.name (192.0.2.1)" */
	struct str action;     /* dsnAction */
	struct str bounce_cat;
	struct str dlv_type;
	struct str source_ip;  /* dlvSourceIp: ours */
	struct str vmta, pool, job, envid, queue;
	struct str message_id; /* of the message reported on, else "" */
	struct str feedback;   /* feedbackType */
	struct str format;
	enum proof proof;
	enum found found;      /* what told address */
	struct str stream;     /* that the proof says, else the header field
	                        * that names the stream of mail; may be "" */
};

/* Sets ev->skip unless a reason stands there already: the first counts. */
static inline void
event_skip(struct event *ev, enum skip why)
{
	if (ev->skip == SKIP_NONE)
		ev->skip = why;
}

#endif
