/* reason.c - why a recipient failed, in a bounce's own words. */
#include "mail/reason.h"

#include <stdint.h>

#define REASON_LINES 12 /* lines of a reason */
#define LINES_BEFORE 6 /* of text before the address */
#define REASON_MAX 2048 /* bytes of a reason */
#define SEARCH_MAX (16u << 10) /* bytes that are searched for another mention */

static const char *const FAILURES[] = { "unknown", "not exist", "fail",
	"undeliver", "not be delivered", "reject", "quota", "full", "550",
	"551", "552", "553", "554", "5.1.1", "no such", "not found", "invalid",
	"disabled", "refused", "not known", "unable", "could not", "couldn't",
	"cannot", "can't", "did not", "didn't", "denied", "not a valid",
	"no longer", "not our", "bounced", "unavailable", "not listed",
	"inactive", "not recognized", "exceed", "timeout", "timed out",
	"unrouteable", "expired", "loop", "blacklist", "blocked", "no mailbox",
	"not accept", "suspended", "terminated", "too large", "too many",
	"no route", "not have", "doesn't have", "not reachable",
	"not delivered", "deferred", "over limit", "disk space" };

bool
reason_is_in(struct str line)
{
	for (size_t i = 0; i < COUNT(FAILURES); i++)
		if (str_ifind(line, str_from(FAILURES[i])) < line.n)
			return true;
	return false;
}

/* Where an SMTP reply of that class begins in s ("550 ", "550-"), or s.n. */
static size_t
reply_start(struct str s, const char *classes)
{
	for (size_t i = 0; i + 4 <= s.n; i++) {
		if ((s.p[i] != classes[0] && s.p[i] != classes[1]) ||
		    s.p[i + 1] < '0' || s.p[i + 1] > '5' ||
		    !ascii_is_digit(s.p[i + 2]) ||
		    (s.p[i + 3] != ' ' && s.p[i + 3] != '-'))
			continue;
		if (i == 0 ||
		    (!ascii_is_alnum(s.p[i - 1]) && s.p[i - 1] != '.' &&
			s.p[i - 1] != '-' && s.p[i - 1] != '+'))
			return i;
	}
	return s.n;
}

/* Whether a line begins what is told of another recipient. */
static bool
starts_other(struct str line, struct str rcpt)
{
	struct str word;

	if (!str_word(&line, &word))
		return false;
	return str_chr(word, '@') < word.n &&
	    (str_starts(word, STR("<")) || str_ends(word, STR(":")) ||
		str_trim(line).n == 0) &&
	    str_ifind(word, rcpt) == word.n;
}

/* From s on: up to an empty line, another recipient or REASON_LINES. */
static struct str
paragraph(struct str s, struct str rcpt)
{
	struct str rest = str_sub(s, 0, REASON_MAX);
	struct str line;
	size_t n = 0;

	for (unsigned i = 0; i < REASON_LINES; i++) {
		if (!str_cut(&rest, '\n', &line))
			break;
		if (i > 0 &&
		    (str_trim(line).n == 0 || starts_other(line, rcpt)))
			break;
		n = (size_t)(line.p + line.n - s.p);
	}
	return str_trim(str_sub(s, 0, n));
}

/* Behind what ends an address: brackets, punctuation, rules, line ends. */
static struct str
behind(struct str words, size_t at)
{
	static const struct str SKIP = { ">):;,.\"'-=*", 11 };
	struct str s = str_skip(words, at);

	while (s.n > 0 &&
	    (ascii_is_space(s.p[0]) || str_chr(SKIP, s.p[0]) < SKIP.n))
		s = str_skip(s, 1);
	return s;
}

static struct str
line_at(struct str words, size_t at)
{
	size_t from = str_rchr(str_sub(words, 0, at), '\n');
	struct str s;

	from = from == at ? 0 : from + 1;
	/* The end of a line as long as the mail is enough. */
	if (at - from > REASON_MAX / 2)
		from = at - REASON_MAX / 2;
	s = str_skip(words, from);
	return str_trim(
	    str_sub(s, 0, str_chr(str_sub(s, 0, REASON_MAX), '\n')));
}

/* The first line behind the first mention that names rcpt and a failure. */
static struct str
told_again(struct str words, struct str rcpt)
{
	struct str rest = str_sub(words, 0, SEARCH_MAX);
	struct str line;

	while (str_cut(&rest, '\n', &line))
		if (str_ifind(line, rcpt) < line.n && reason_is_in(line))
			return str_sub(str_trim(line), 0, REASON_MAX);
	return (struct str){ 0 };
}

/* A reply in a line that names rcpt, else the first one of words. */
static struct str
reply_of(struct str words, struct str rcpt)
{
	struct str rest = str_sub(words, 0, SEARCH_MAX);
	struct str line;
	size_t at;

	while (str_cut(&rest, '\n', &line)) {
		at = reply_start(line, "54");
		if (at < line.n && str_ifind(line, rcpt) < line.n)
			return paragraph(
			    str_skip(words, (size_t)(line.p - words.p) + at),
			    rcpt);
	}
	words = str_sub(words, 0, SEARCH_MAX);
	at = reply_start(words, "55");
	if (at == words.n)
		at = reply_start(words, "44");
	return paragraph(str_skip(words, at), rcpt);
}

/* Text that ends with the line before the address. */
static struct str
text_before(struct str words, size_t at)
{
	size_t from = at;

	for (unsigned i = 0; i < LINES_BEFORE && from > 0; i++) {
		size_t nl = str_rchr(str_sub(words, 0, from - 1), '\n');

		from = nl == from - 1 ? 0 : nl + 1;
	}
	if (at - from > REASON_MAX)
		from = at - REASON_MAX;
	return str_trim(str_sub(words, from, at - from));
}

/* Where rcpt stands if it is a view of words, else its first mention. */
static size_t
place_of(struct str words, struct str rcpt)
{
	uintptr_t from = (uintptr_t)words.p;
	uintptr_t at = (uintptr_t)rcpt.p;

	return at >= from && at < from + words.n ? at - from
						 : str_ifind(words, rcpt);
}

struct str
reason_of(struct str words, struct str rcpt)
{
	size_t at = place_of(words, rcpt);
	struct str p, line, reply;
	size_t code;

	if (words.n == 0)
		return words;
	p = paragraph(behind(words, at + rcpt.n), rcpt);
	/* "because:", "Technical details:" */
	if (p.n > 0 && str_ends(p, STR(":")) && str_chr(p, '\n') == p.n)
		p = paragraph(
		    behind(words, (size_t)(p.p - words.p) + p.n), rcpt);
	code = reply_start(p, "54");
	if (code < p.n)
		return str_skip(p, code);
	line = line_at(words, at);
	if (reason_is_in(str_sub(line, 0, str_ifind(line, rcpt))))
		return paragraph(
		    str_skip(words, (size_t)(line.p - words.p)), rcpt);
	if (reason_is_in(p))
		return p;
	reply = reply_of(words, rcpt);
	if (reply.n == 0)
		reply = told_again(str_skip(words, at + rcpt.n), rcpt);
	if (reply.n > 0)
		return reply;
	return p.n > 0 ? p : text_before(words, at);
}
