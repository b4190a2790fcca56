/* reply.c - the codes of an SMTP reply (its folding is in fold.c). */
#include "mail/reply.h"

#include "base/number.h"

#define TYPE_MAX 16 /* bytes of "smtp" in "smtp;550 ..." */
#define STATUS_TEXT 16 /* bytes that a status takes as text */

static bool
is_type(struct str s)
{
	static const char *const TYPES[] = { "smtp", "dns", "lmtp", "esmtp",
		"rfc822", "unix", "x400" };

	if (str_istarts(s, STR("x-")))
		return s.n > 2;
	for (size_t i = 0; i < COUNT(TYPES); i++)
		if (str_ieq(s, str_from(TYPES[i])))
			return true;
	return false;
}

struct str
reply_type(struct str diag, struct str *text)
{
	struct str s = str_trim(diag);
	size_t end = str_chr(str_sub(s, 0, TYPE_MAX + 1), ';');
	struct str type;

	*text = s;
	if (end > TYPE_MAX || end >= s.n)
		return str_of(s.p, 0);
	type = str_trim(str_sub(s, 0, end));
	if (!is_type(type))
		return str_of(s.p, 0);
	*text = str_trim(str_skip(s, end + 1));
	return type;
}

/* Takes up to max digits off *s; false when there is none or one more. */
static bool
take_digits(struct str *s, size_t max, unsigned *out)
{
	size_t n = 0;
	unsigned v = 0;

	while (n < s->n && n <= max && ascii_is_digit(s->p[n]))
		v = v * 10 + (unsigned)(s->p[n++] - '0');
	if (n == 0 || n > max)
		return false;
	*s = str_skip(*s, n);
	*out = v;
	return true;
}

static bool
take(struct str *s, char c)
{
	if (s->n == 0 || s->p[0] != c)
		return false;
	*s = str_skip(*s, 1);
	return true;
}

/* "5.1.1" at the start of *s, not a part of a longer word or an IP. */
static bool
take_status(struct str *s, struct reply_status *out)
{
	struct str rest = *s;
	unsigned class, subject, detail;

	if (!take_digits(&rest, 1, &class) || !take(&rest, '.') ||
	    !take_digits(&rest, 3, &subject) || !take(&rest, '.') ||
	    !take_digits(&rest, 3, &detail))
		return false;
	if (class != 2 && class != 4 && class != 5)
		return false;
	if (rest.n > 0 && ascii_is_alnum(rest.p[0]))
		return false;
	if (rest.n > 1 && rest.p[0] == '.' && ascii_is_alnum(rest.p[1]))
		return false;
	*out = (struct reply_status){ (uint16_t) class, (uint16_t)subject,
		(uint16_t)detail };
	*s = rest;
	return true;
}

/* "550" at the start of *s. */
static bool
take_code(struct str *s, unsigned *out)
{
	struct str rest = *s;
	unsigned v;

	if (!take_digits(&rest, 3, &v) || v < 250 || v > 599)
		return false;
	if (rest.n > 0 && ascii_is_alnum(rest.p[0]))
		return false;
	if (rest.n > 1 && rest.p[0] == '.' && ascii_is_alnum(rest.p[1]))
		return false;
	*out = v;
	*s = rest;
	return true;
}

static void
skip_marks(struct str *s)
{
	while (s->n > 0 &&
	    (ascii_is_space(s->p[0]) || str_chr(STR("-#:,([<"), s->p[0]) < 7))
		*s = str_skip(*s, 1);
}

void
reply_codes(struct str text, struct reply_codes *out)
{
	struct str s;
	unsigned again;

	*out = (struct reply_codes){ 0 };
	reply_type(text, &s);
	skip_marks(&s);
	if (take_status(&s, &out->status))
		return;
	if (!take_code(&s, &out->code))
		return;
	skip_marks(&s);
	if (take_status(&s, &out->status))
		return;
	/* Some gateways put a code of their own in front: "550 550 5.1.1". */
	if (take_code(&s, &again)) {
		skip_marks(&s);
		take_status(&s, &out->status);
	}
}

bool
reply_status_of(struct str s, struct reply_status *out)
{
	struct reply_status got;

	s = str_trim(s);
	if (!take_status(&s, &got))
		return false;
	*out = got;
	return true;
}

int64_t
reply_status_number(struct reply_status s)
{
	return (int64_t)s.class * 1000000 + s.subject * 1000 + s.detail;
}

struct reply_status
reply_status_from(int64_t number)
{
	if (number < 2000000 || number > 5999999)
		return (struct reply_status){ 0 };
	return (struct reply_status){ (uint16_t)(number / 1000000),
		(uint16_t)(number / 1000 % 1000), (uint16_t)(number % 1000) };
}

const char *
reply_status_text(struct reply_status s, char *out)
{
	if (s.class == 0 ||
	    !number_print(out, STATUS_TEXT, "%u.%u.%u", (unsigned)s.class,
		(unsigned)s.subject, (unsigned)s.detail))
		out[0] = '\0';
	return out;
}
