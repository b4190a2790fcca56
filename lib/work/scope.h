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

/* Puts "stream:NAME" into out; nothing when the event names no stream, or one
 * that could not stand in a line of a list. */
bool scope_of(struct str key, const struct event *ev, struct buf *out,
    struct err *e);

#endif
