/* anon_text.h - one field of an accounting row without whom it is about. */
#ifndef WORK_ANON_TEXT_H
#define WORK_ANON_TEXT_H

#include "mail/event.h"
#include "work/pseudo.h"

enum anon_kind {
	ANON_OPAQUE,   /* replaced whole */
	ANON_KEEP,     /* stays, unless an address stands in it */
	ANON_ADDRESS,  /* one address or several */
	ANON_HOST,     /* "host.name (192.0.2.1)", a domain, an IP address */
	ANON_NAME,     /* vmta, pool, job */
	ANON_QUEUE,    /* "domain/vmta" */
	ANON_ID,
	ANON_REPLY     /* dsnDiag */
};
/* By the column's name; unknown: ANON_OPAQUE. */
enum anon_kind anon_kind_of(struct str column);

/* Of a field that is no reply. */
void anon_field(const struct pseudo *p, enum anon_kind k, struct str s,
    struct buf *out);

/* How much of a reply is changed: with the local part of the recipient as a
 * word of its own, without it, or all variable parts as tokens. */
enum anon_depth { ANON_WORDS, ANON_PARTS, ANON_TOKENS, ANON_DEPTHS };
/* The reply of ev (its diag, or another field that is like one). */
void anon_reply(const struct pseudo *p, enum anon_depth d, struct str diag,
    const struct event *ev, struct buf *out);

#endif
