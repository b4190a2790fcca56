/* err.c - one error, told once, with the mend. */
#include "base/err.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/utf8.h"

/* What would steer a terminal or break the line becomes '?': a path may be
 * anybody's. Values are quoted before they come here. */
static void
tame(char *text)
{
	struct str rest = str_from(text);
	uint32_t code;

	for (size_t n; rest.n > 0; text += n, rest = str_skip(rest, n)) {
		n = utf8_next(rest, &code);
		if (n > 0 && !utf8_is_unsafe(code))
			continue;
		n = n > 0 ? n : 1;
		memset(text, '?', n);
	}
}

/* A cut must not leave half of a UTF-8 character at the end. */
static void
drop_half_character(char *text, size_t n)
{
	size_t back = 0;
	size_t want;
	unsigned char lead;

	while (back < 3 && back < n &&
	    ((unsigned char)text[n - 1 - back] & 0xc0) == 0x80)
		back++;
	if (back == n)
		return;
	lead = (unsigned char)text[n - 1 - back];
	want = lead >= 0xf0 ? 3 : lead >= 0xe0 ? 2 : lead >= 0xc0 ? 1 : 0;
	if (back < want)
		text[n - 1 - back] = '\0';
}

bool
err_set(struct err *e, int code, const char *fmt, ...)
{
	va_list ap;
	int n;

	if (e->code != 0)
		return false;
	e->code = code;
	va_start(ap, fmt);
	n = vsnprintf(e->text, sizeof e->text, fmt, ap);
	va_end(ap);
	if (n < 0)
		e->text[0] = '\0';
	else if ((size_t)n >= sizeof e->text)
		drop_half_character(e->text, sizeof e->text - 1);
	tame(e->text);
	return false;
}

bool
err_memory(struct err *e)
{
	return err_set(e, EX_OSERR,
	    "out of memory: the system gives no more; free some or raise "
	    "the limit, then run it again");
}

const char *
err_mend(int why, const char *other)
{
	switch (why) {
	case EMFILE:
		return "raise the limit of open files (ulimit -n)";
	case ENFILE:
		return "raise the system's limit of open files (fs.file-max)";
	case ENOSPC:
	case EDQUOT:
		return "make room on the disk";
	default:
		return other;
	}
}

bool
err_at(struct err *e, const char *fmt, ...)
{
	char old[sizeof e->text];
	size_t head;
	size_t tail;
	va_list ap;
	int n;

	if (e->code == 0)
		return false;
	memcpy(old, e->text, sizeof old);
	va_start(ap, fmt);
	n = vsnprintf(e->text, sizeof e->text - 2, fmt, ap);
	va_end(ap);
	if (n < 0)
		e->text[0] = '\0';
	head = strlen(e->text);
	memcpy(e->text + head, ": ", 3);
	head += 2;
	tail = strlen(old);
	if (tail > sizeof e->text - 1 - head)
		tail = sizeof e->text - 1 - head;
	memcpy(e->text + head, old, tail);
	e->text[head + tail] = '\0';
	drop_half_character(e->text, head + tail);
	tame(e->text);
	return false;
}

void
err_clear(struct err *e)
{
	e->code = 0;
	e->text[0] = '\0';
}
