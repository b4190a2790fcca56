/* buf.h - bytes that grow; running out of memory is remembered, not fatal. */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include "base/err.h"
#include "base/str.h"

/* All zero is an empty buffer. After a failed growth `failed` stays set and
 * what was added since is lost: test buf_ok() once, when the work is done. */
struct buf {
	char *p;
	size_t n, cap;
	bool failed;
};

void buf_add(struct buf *b, struct str s);
void buf_addc(struct buf *b, char c);
void buf_adds(struct buf *b, const char *cstr);
/* Also the failure of what is added. */
void buf_join(struct buf *b, const struct buf *from);
void buf_addf(struct buf *b, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
/* Room for n more bytes at the end; NULL (and failed) without memory. The
 * caller writes there and raises b->n itself. */
char *buf_room(struct buf *b, size_t n);
/* Drops the first n bytes. */
void buf_drop(struct buf *b, size_t n);
void buf_clear(struct buf *b);   /* keeps the memory, forgets the failure */
void buf_release(struct buf *b); /* back to all zero */
struct str buf_str(const struct buf *b);
/* The bytes with a NUL behind them (not counted), or NULL without memory. */
const char *buf_cstr(struct buf *b);
/* False and an error told when memory ran out on the way. */
bool buf_ok(const struct buf *b, struct err *e);

#endif
