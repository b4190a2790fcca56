/* quoted.c - lines of a text that somebody else wrote. */
#include "mail/quoted.h"

#include <string.h>

#define VERB 4 /* letters of a command of SMTP */

/* ">>> RCPT To:<user@example.com>", not ">>> as I said" */
static bool
is_command(struct str line)
{
	struct str prompt = STR(">>> ");
	struct str word;

	if (!str_starts(line, prompt))
		return false;
	line = str_skip(line, prompt.n);
	if (!str_word(&line, &word) || word.n != VERB)
		return false;
	for (size_t i = 0; i < word.n; i++)
		if (word.p[i] < 'A' || word.p[i] > 'Z')
			return false;
	return true;
}

static bool
is_quoted(struct str line)
{
	return str_starts(line, STR(">")) && !is_command(line) &&
	    !str_starts(line, STR(">From "));
}

static bool
is_address_alone(struct str line)
{
	struct str rest = str_skip(line, 1);
	struct str word;

	return str_word(&rest, &word) && str_chr(word, '@') < word.n &&
	    str_trim(rest).n == 0;
}

/* The bytes of the quoted lines that text begins with; *list: they are no more
 * than addresses. */
static size_t
quoted_length(struct str text, bool *list)
{
	struct str rest = text;
	struct str line;
	size_t n = 0;

	*list = true;
	while (str_cut(&rest, '\n', &line) && is_quoted(line)) {
		*list = *list && is_address_alone(line);
		n = rest.n > 0 ? (size_t)(rest.p - text.p) : text.n;
	}
	return n;
}

size_t
quoted_drop(char *p, size_t n)
{
	struct str rest = str_of(p, n);
	size_t kept = 0;

	while (rest.n > 0) {
		bool list;
		size_t quoted = quoted_length(rest, &list);
		size_t line = str_chr(rest, '\n') + 1;
		size_t take = quoted > 0 ? quoted
		    : line < rest.n      ? line
					 : rest.n;

		if (quoted == 0 || list) {
			memmove(p + kept, rest.p, take);
			kept += take;
		}
		rest = str_skip(rest, take);
	}
	return kept;
}
