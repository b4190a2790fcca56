/* fields.c - header fields, as mails and reports carry them. */
#include "mail/fields.h"

#include <string.h>

#include "base/clock.h"

/* Bytes of the field name that a line begins with, 0 for none. */
static size_t
name_length(struct str line)
{
	size_t n = 0;
	size_t end;

	while (n < line.n && line.p[n] > ' ' && line.p[n] != ':' &&
	    line.p[n] != 0x7f)
		n++;
	end = n;
	while (end < line.n && (line.p[end] == ' ' || line.p[end] == '\t'))
		end++;
	return end < line.n && line.p[end] == ':' ? n : 0;
}

static size_t
append(char *p, size_t to, struct str s)
{
	if (s.n > 0)
		memmove(p + to, s.p, s.n);
	return to + s.n;
}

size_t
fields_unfold(char *p, size_t n)
{
	struct str rest = str_of(p, n);
	struct str line;
	size_t to = 0;
	bool in_field = false;

	while (str_cut(&rest, '\n', &line)) {
		bool joins = in_field &&
		    (line.n > 0 &&
			(ascii_is_space(line.p[0]) || name_length(line) == 0));

		line = str_trim(line);
		in_field = line.n > 0;
		if (in_field && joins)
			p[to - 1] = ' ';
		to = append(p, to, line);
		/* The last line may have had no end: no room for one. */
		if (to < n)
			p[to++] = '\n';
	}
	return to;
}

bool
fields_next(struct str *rest, struct field *f)
{
	struct str line;
	size_t n;

	f->apart = false;
	while (str_cut(rest, '\n', &line)) {
		if (str_trim(line).n == 0)
			f->apart = true;
		n = name_length(line);
		if (n == 0)
			continue;
		f->name = str_of(line.p, n);
		line = str_skip(line, n);
		f->value = str_trim(str_skip(line, str_chr(line, ':') + 1));
		return true;
	}
	return false;
}

struct str
fields_get(struct str text, struct str name)
{
	char first = name.n > 0 ? ascii_lower(name.p[0]) : '\0';
	struct str line;
	struct field f;

	/* Asked again and again: the first byte rules most lines out. */
	while (str_cut(&text, '\n', &line))
		if (line.n > name.n && ascii_lower(line.p[0]) == first &&
		    fields_next(&line, &f) && str_ieq(f.name, name))
			return f.value;
	return (struct str){ 0 };
}

/* "rfc822;", "x-local ;", "dns;": a word and a semicolon before any '@'. */
static struct str
without_type(struct str s)
{
	size_t semi = str_chr(s, ';');
	struct str type = str_trim(str_sub(s, 0, semi));

	if (semi == s.n || str_starts(s, STR("\"")) ||
	    str_chr(type, '@') < type.n || str_chr(type, '<') < type.n ||
	    str_chr(type, ' ') < type.n)
		return s;
	return str_trim(str_skip(s, semi + 1));
}

/* Without the comment that stands first, unless it is all there is. */
static struct str
without_comment(struct str s)
{
	size_t depth = 0;

	for (size_t i = 0; i < s.n && s.p[0] == '('; i++) {
		if (s.p[i] == '\\')
			i++;
		else if (s.p[i] == '(')
			depth++;
		else if (s.p[i] == ')' && --depth == 0)
			return i + 1 < s.n ? str_trim(str_skip(s, i + 1)) : s;
	}
	return s;
}

/* Without what stands in brackets behind an address, other addresses among
 * it: "user@example.com (was other@example.com)". */
static struct str
without_tail(struct str s)
{
	size_t open = str_find(s, STR(" ("));

	if (str_starts(s, STR("\"")) || !str_ends(s, STR(")")) ||
	    str_chr(s, '@') > open)
		return s;
	return str_trim(str_sub(s, 0, open));
}

struct str
fields_address(struct str value)
{
	/* Some gateways write the type twice. */
	struct str s = without_tail(without_comment(
	    without_type(without_type(str_trim(value)))));
	size_t open = str_rchr(s, '<');
	struct str in = str_skip(s, open + 1);
	size_t at;

	if (open < s.n && str_chr(in, '>') < in.n)
		s = str_trim(str_sub(in, 0, str_chr(in, '>')));
	/* "user@domain (comment)", "user@domain trailing words" */
	at = str_rchr(s, '@');
	if (at < s.n && s.p[0] != '"') {
		struct str tail = str_skip(s, at);
		struct str word;

		if (str_word(&tail, &word))
			s.n = (size_t)(word.p - s.p) + word.n;
	}
	return str_istarts(s, STR("mailto:")) ? str_skip(s, 7) : s;
}

/* Behind the last " for " of s: HELO names, which are the sender's to choose,
 * stand before it. */
static struct str
whom_for(struct str s)
{
	static const struct str FOR = { " for ", 5 };
	struct str whom = { 0 };
	struct str word;
	size_t at;

	while ((at = str_ifind(s, FOR)) < s.n) {
		s = str_skip(s, at + FOR.n);
		whom = s;
	}
	if (!str_word(&whom, &word) || str_chr(word, '@') == word.n)
		return (struct str){ 0 };
	if (word.p[0] == '<')
		word = str_sub(
		    str_skip(word, 1), 0, str_chr(str_skip(word, 1), '>'));
	return word;
}

/* How many of its ';' a date follows. */
static unsigned
count_dates(struct str s)
{
	struct str head, at;
	unsigned n = 0;
	int64_t utc;

	while (str_cut(&s, ';', &head)) {
		at = s;
		n += clock_take_mail(&at, &utc);
	}
	return n;
}

bool
fields_received(struct str value, struct str *whom, int64_t *utc)
{
	struct str rest, head;
	bool is_sure;

	/* Of one that is cut, PowerMTA's own words may be what is missing. */
	if (value.n > FIELDS_RECEIVED_MAX)
		value = str_sub(value, 0, 0);
	rest = value;
	/* A HELO name or an address in quotes, which PowerMTA writes before
	 * and behind its own date, may have been made to hold another. */
	is_sure = count_dates(value) == 1;
	while (is_sure && str_cut(&rest, ';', &head)) {
		if (!clock_parse_mail(str_trim(rest), utc))
			continue;
		*whom = whom_for(
		    str_of(value.p, (size_t)(head.p + head.n - value.p)));
		return true;
	}
	*whom = whom_for(value);
	return false;
}
