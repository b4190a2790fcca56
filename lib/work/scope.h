/* scope.h - which stream of mail an event belongs to. */
#ifndef WORK_SCOPE_H
#define WORK_SCOPE_H

#include "base/buf.h"
#include "mail/event.h"

#define SCOPE_NAME_MAX 128 /* bytes of a stream's name that are kept */

/* The values of [pipe] stream-key, for people. */
#define SCOPE_KEYS "orig-domain, vmta, pool, job, job-prefix, header_NAME, none"

/* Whether [pipe] stream-key may be that. */
bool scope_is_key(struct str key);

/* The column "header_NAME" that the key names; empty: it names none. Without
 * its first 7 bytes it is the name of the field in a returned mail. */
struct str scope_column(struct str key);
#define SCOPE_HEADER(column) str_skip(column, 7)

/* A stream's name as scopes have it, into out of cap bytes, cut where it does
 * not fit: small letters; white space, quotes, commas and bytes that are not
 * ASCII as %XX. Of a name that is one already, the same. */
void scope_fold(struct str name, char *out, size_t cap);

/* Puts "stream:NAME" into out; nothing when the event names no stream. */
bool scope_of(struct str key, const struct event *ev, struct buf *out,
    struct err *e);

#endif
