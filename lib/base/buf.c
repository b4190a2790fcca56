/* buf.c - bytes that grow; running out of memory is remembered, not fatal. */
#include "base/buf.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FIRST_CAP 64

static bool
grow(struct buf *b, size_t need)
{
	size_t cap = b->cap > 0 ? b->cap : FIRST_CAP;
	char *p;

	/* No object may be larger than PTRDIFF_MAX. */
	if (need > PTRDIFF_MAX)
		return false;
	while (cap < need)
		cap = cap > PTRDIFF_MAX / 2 ? need : cap * 2;
	p = realloc(b->p, cap);
	if (p == NULL)
		return false;
	b->p = p;
	b->cap = cap;
	return true;
}

char *
buf_room(struct buf *b, size_t n)
{
	size_t need;

	if (b->failed)
		return NULL;
	if (__builtin_add_overflow(b->n, n, &need)) {
		b->failed = true;
		return NULL;
	}
	/* Also for no bytes at all there is a place to point at. */
	if ((need > b->cap || b->p == NULL) && !grow(b, need)) {
		b->failed = true;
		return NULL;
	}
	return b->p + b->n;
}

void
buf_add(struct buf *b, struct str s)
{
	char *to;

	if (s.n == 0)
		return;
	to = buf_room(b, s.n);
	if (to == NULL)
		return;
	memcpy(to, s.p, s.n);
	b->n += s.n;
}

void
buf_addc(struct buf *b, char c)
{
	char *to = buf_room(b, 1);

	if (to == NULL)
		return;
	*to = c;
	b->n++;
}

void
buf_join(struct buf *b, const struct buf *from)
{
	buf_add(b, buf_str(from));
	b->failed |= from->failed;
}

void
buf_adds(struct buf *b, const char *cstr)
{
	buf_add(b, str_from(cstr));
}

void
buf_addf(struct buf *b, const char *fmt, ...)
{
	va_list ap;
	char *to;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	to = n < 0 ? NULL : buf_room(b, (size_t)n + 1);
	if (to == NULL) {
		b->failed = true;
		return;
	}
	va_start(ap, fmt);
	vsnprintf(to, (size_t)n + 1, fmt, ap);
	va_end(ap);
	b->n += (size_t)n;
}

void
buf_drop(struct buf *b, size_t n)
{
	if (n >= b->n) {
		b->n = 0;
		return;
	}
	memmove(b->p, b->p + n, b->n - n);
	b->n -= n;
}

void
buf_clear(struct buf *b)
{
	b->n = 0;
	b->failed = false;
}

void
buf_release(struct buf *b)
{
	free(b->p);
	*b = (struct buf){ 0 };
}

struct str
buf_str(const struct buf *b)
{
	return str_of(b->p, b->n);
}

const char *
buf_cstr(struct buf *b)
{
	char *end = buf_room(b, 1);

	if (end == NULL)
		return NULL;
	*end = '\0';
	return b->p;
}

bool
buf_ok(const struct buf *b, struct err *e)
{
	return !b->failed || err_memory(e);
}
