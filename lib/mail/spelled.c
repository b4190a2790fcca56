/* spelled.c - the ways in which an address may stand in a text. */
#include "mail/spelled.h"

#include <string.h>

#include "wrap/glib.h"

/* Two lines, or none where they have no room: keys are far shorter. */
static void
add_forms(struct spelled *s, struct str key)
{
	char text[ADDRESS_MAX];
	size_t at, n;

	if (!glib_fold(key, text, sizeof text))
		return;
	n = strlen(text);
	at = str_rchr(str_of(text, n), '@');
	for (size_t i = 0; i < 2 && s->n + n + 1 <= sizeof s->lines; i++) {
		text[at] = i == 0 ? '@' : '=';
		memcpy(s->lines + s->n, text, n);
		s->lines[s->n + n] = '\n';
		s->n += n + 1;
	}
}

void
spelled_init(struct spelled *s, struct str key)
{
	char shown[ADDRESS_MAX];

	s->n = 0;
	if (str_rchr(key, '@') == key.n)
		return;
	add_forms(s, key);
	if (address_shown(key, shown, sizeof shown))
		add_forms(s, str_from(shown));
}

static bool
goes_on(char c, bool verp)
{
	return (c & 0x80) != 0 || ascii_is_alnum(c) || c == '.' || c == '_' ||
	    (!verp && (c == '-' || c == '+'));
}

static bool
stands_alone(struct str text, size_t at, struct str form)
{
	bool verp = str_rchr(form, '@') == form.n;
	size_t end = at + form.n;

	if (at > 0 && goes_on(text.p[at - 1], verp))
		return false;
	/* A full stop may end a sentence. */
	if (end < text.n && text.p[end] == '.')
		end++;
	return end == text.n || !(ascii_is_alnum(text.p[end]) ||
	    text.p[end] == '-' || (text.p[end] & 0x80) != 0);
}

bool
spelled_in(const struct spelled *s, struct str folded)
{
	for (size_t from = 0; from < s->n;) {
		struct str rest = str_of(s->lines + from, s->n - from);
		struct str form = str_sub(rest, 0, str_chr(rest, '\n'));

		for (size_t at = 0; at < folded.n; at++) {
			at += str_find(str_skip(folded, at), form);
			if (at < folded.n && stands_alone(folded, at, form))
				return true;
		}
		from += form.n + 1;
	}
	return false;
}
