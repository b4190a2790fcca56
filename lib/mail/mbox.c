/* mbox.c - a file of mails, one behind the other. */
#include "mail/mbox.h"

/* "07:57:27" or "07:57" */
static bool
is_time(struct str w)
{
	return w.n >= 5 && ascii_is_digit(w.p[0]) && ascii_is_digit(w.p[1]) &&
	    w.p[2] == ':' && ascii_is_digit(w.p[3]) && ascii_is_digit(w.p[4]);
}

static bool
is_year(struct str w)
{
	for (size_t i = 0; i < w.n; i++)
		if (!ascii_is_digit(w.p[i]))
			return false;
	return w.n == 4;
}

/* A sentence may begin with "From "; it hardly has a time and a year. */
bool
mbox_starts(struct str bytes)
{
	struct str line = str_sub(bytes, 0, MBOX_LINE_MAX), word;
	bool time = false, year = false;

	if (!str_starts(line, STR("From ")))
		return false;
	line = str_skip(str_sub(line, 0, str_chr(line, '\n')), 5);
	while (str_word(&line, &word)) {
		time |= is_time(word);
		year |= is_year(word);
	}
	return time && year;
}

size_t
mbox_cut(struct str in)
{
	size_t at = 0;

	for (;;) {
		struct str rest = str_skip(in, at);
		size_t end = str_chr(rest, '\n');

		if (end == rest.n)
			return in.n;
		at += end + 1;
		/* An empty line, CR or not, and the line behind it. */
		rest = str_skip(in, at);
		end = str_starts(rest, STR("\r\n")) ? 2
		    : str_starts(rest, STR("\n")) ? 1 : 0;
		if (end > 0 && mbox_starts(str_skip(rest, end)))
			return at + end;
	}
}
