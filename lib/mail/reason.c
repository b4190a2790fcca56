/* reason.c - why a recipient failed, in a bounce's own words. */
#include "mail/reason.h"

#include <stdint.h>

#include "mail/phrases.h"
#include "mail/reply.h"

#define REASON_LINES 12 /* lines of a reason */
#define LINES_BEFORE 6 /* of text before the address */
#define REASON_MAX 2048 /* bytes of a reason */
#define HOST_REACH 300 /* bytes between a host's name and what it said */
#define SEARCH_MAX (16u << 10) /* bytes that are searched for another mention */

static const char *const FAILURES[] = { "unknown", "not exist", "n't exist",
	"fail", "undeliver", "not be delivered", "reject", "quota", "full",
	"550", "551", "552", "553", "554", "5.1.1", "no such", "not found",
	"invalid", "disabled", "refused", "not known", "unable", "could not",
	"couldn't", "cannot", "can't", "did not", "didn't", "denied",
	"not a valid", "no longer", "not our", "bounced", "unavailable",
	"not listed", "inactive", "not recognized", "exceed", "timeout",
	"timed out", "unrouteable", "expired", "loop", "blacklist", "blocked",
	"no mailbox", "not accept", "suspended", "terminated", "too large",
	"too many", "no route", "not have", "doesn't have", "not reachable",
	"not delivered", "deferred", "over limit", "disk space",
	"duplicated message-id",
	/* and in other languages */
	"unbekannt", "existiert nicht", "unzustellbar", "nicht zugestellt",
	"inconnu", "n'existe pas", "inexistant", "introuvable", "desconocid",
	"no existe", "inexistente", "sconosciut", "non esiste", "desconhecid",
	"não existe", "onbekend", "bestaat niet", "finns inte", "findes ikke",
	"finnes ikke", "nie istnieje", "neexistuje", "bulunamad",
	"не найден", "не существует", "неизвест", "переполнен",
	"не доставлен", "不存在", "已满", "退回", "存在しま", "見つか",
	"いっぱい", "존재하지" };

/* Of these, what says why, and not only that it failed. */
static const char *const CAUSES[] = { "unknown", "not exist", "n't exist",
	"no such", "not found", "quota", "mailbox full", "mailbox is full",
	"disabled", "suspended", "blocked", "expired", "timed out" };

static bool
says_why(struct str text)
{
	return PHRASES_IN(text, CAUSES);
}

bool
reason_is_in(struct str line)
{
	return PHRASES_IN(line, FAILURES);
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

/* Behind "550 ", "554 5.1.1 ": what a line of a transcript is about. */
static struct str
skip_codes(struct str line)
{
	struct str word;

	while (
	    line.n > 0 && ascii_is_digit(line.p[0]) && str_word(&line, &word))
		line = str_trim(line);
	return line;
}

/* Whether a line begins what is told of another recipient. */
static bool
starts_other(struct str line, struct str rcpt)
{
	struct str word;

	line = str_trim(line);
	if (str_istarts(line, STR(">>> RCPT TO:")))
		return str_ifind(line, rcpt) == line.n;
	line = skip_codes(line);
	if (!str_word(&line, &word))
		return false;
	return str_chr(word, '@') < word.n &&
	    (str_starts(word, STR("<")) || str_ends(word, STR(":")) ||
		str_ends(word, STR("...")) || str_trim(line).n == 0) &&
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
			return line_at(words, (size_t)(line.p - words.p));
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
	rest = str_sub(words, 0, SEARCH_MAX);
	at = reply_start(rest, "55");
	if (at == rest.n)
		at = reply_start(rest, "44");
	/* One that begins there is read to its end. */
	return at < rest.n ? paragraph(str_skip(words, at), rcpt)
			   : str_skip(rest, at);
}

/* Text that ends with the line before the address, and begins behind what is
 * told of another. */
static struct str
text_before(struct str words, size_t at, struct str rcpt)
{
	size_t line_from = str_rchr(str_sub(words, 0, at), '\n');
	size_t end = line_from < at ? line_from : 0;
	size_t from = end;

	for (unsigned i = 0; i < LINES_BEFORE && from > 0; i++) {
		size_t nl = str_rchr(str_sub(words, 0, from - 1), '\n');
		size_t next = nl == from - 1 ? 0 : nl + 1;

		struct str line = str_sub(words, next, from - next);

		if (str_chr(line, '@') < line.n &&
		    str_ifind(line, rcpt) == line.n)
			break;
		from = next;
	}
	if (end - from > REASON_MAX)
		from = end - REASON_MAX;
	return str_trim(str_sub(words, from, end - from));
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

/*
 * Sendmail's transcript ends what it tells of a recipient with a line of its
 * own, "550 5.1.1 <rcpt>... User unknown"; what the other side had said, if
 * anything, stands right above it, "<<< 550 ...". Empty: no such line.
 */
static struct str
transcript_of(struct str words, size_t at, struct str rcpt)
{
	struct str line = line_at(words, at);
	struct str about = skip_codes(line);
	struct str above;
	size_t from;

	if (about.n == line.n ||
	    str_ifind(about, rcpt) > (str_starts(about, STR("<")) ? 1u : 0u) ||
	    str_find(about, STR("... ")) == about.n)
		return str_sub(words, at, 0);
	from = (size_t)(line.p - words.p);
	for (unsigned i = 0; i < LINES_BEFORE && from > 0; i++) {
		above = line_at(words, from - 1);
		if (above.n == 0 || starts_other(above, rcpt) ||
		    str_starts(above, STR(">>>")))
			break;
		from = (size_t)(above.p - words.p);
		if (str_starts(above, STR("<<< ")))
			return str_of(above.p + 4,
			    (size_t)(line.p + line.n - above.p - 4));
	}
	return line;
}

/* Where in a line a label ends that a reason follows; 0: there is none. */
static size_t
label_end(struct str line)
{
	static const char *const STARTS[] = { "reason:",
		"the response from the remote server was:",
		"the response was:", "grund:", "fehler:", "motif:", "motif :",
		"raison:", "raison :", "erreur:", "erreur :", "motivo:",
		"causa:", "reden:", "orsak:", "årsag:", "syy:", "powód:",
		"důvod:", "dôvod:", "neden:", "причина:", "Причина:",
		"причина недоставки:", "Причина недоставки:", "原因:", "原因：",
		"退信原因:", "退信原因：", "理由:", "理由：", "사유:",
		"실패 사유:" };
	static const struct str INSIDE = { "smtp diagnostic:", 16 };
	size_t at = str_ifind(line, INSIDE);

	for (size_t i = 0; i < COUNT(STARTS); i++)
		if (str_istarts(line, str_from(STARTS[i])))
			return str_from(STARTS[i]).n;
	return at < line.n ? at + INSIDE.n : 0;
}

/* What follows such a label, before anything is told of another recipient;
 * empty when there is none. */
static struct str
labelled_reason(struct str words, size_t at, struct str rcpt)
{
	struct str rest = str_skip(words, at);
	struct str line;
	size_t end;

	(void)str_cut(&rest, '\n', &line);
	for (unsigned i = 0; i < REASON_LINES; i++) {
		if (!str_cut(&rest, '\n', &line) || starts_other(line, rcpt))
			break;
		line = str_trim(line);
		end = label_end(line);
		if (end > 0)
			return paragraph(
			    behind(words, (size_t)(line.p - words.p) + end),
			    rcpt);
	}
	return str_sub(words, at, 0);
}

/* Whether a line only leads up to the reason: "because:", "Technical details:",
 * "could not be delivered due to the following error." */
static bool
leads_up(struct str line)
{
	static const char *const LEADS[] = { "the following error",
		"the following reason" };

	return str_ends(line, STR(":")) ||
	    (PHRASES_IN(line, LEADS) && !says_why(line));
}

/* What stands behind the address, or, when that only leads up to it, what
 * stands behind that. */
static struct str
told_behind(struct str words, size_t at, struct str rcpt)
{
	struct str p = paragraph(behind(words, at), rcpt);

	if (p.n > 0 && leads_up(p) && str_chr(p, '\n') == p.n)
		p = paragraph(
		    behind(words, (size_t)(p.p - words.p) + p.n), rcpt);
	return p;
}

/* Sendmail's "(reason: ...)" closes a bracket that it opened before. */
static struct str
without_bracket(struct str s)
{
	int open = 0;

	for (size_t i = 0; i < s.n; i++)
		open += (s.p[i] == '(') - (s.p[i] == ')');
	return open < 0 && str_ends(s, STR(")")) ? str_sub(s, 0, s.n - 1) : s;
}

/* Whether a word stands before an address that may be who fails. */
static bool
is_subject(struct str before)
{
	static const struct str MARKS = { "<'\"", 3 };

	/* Scripts without spaces: address and text are one word. */
	if (before.n > 0 && (before.p[before.n - 1] & 0x80) != 0)
		return false;
	before = str_trim(before);
	while (before.n > 0 &&
	    str_chr(MARKS, before.p[before.n - 1]) < MARKS.n)
		before = str_trim(str_sub(before, 0, before.n - 1));
	if (before.n == 0)
		return false;
	/* Other scripts put what fails before it, too: "宛先 <...> は". */
	return (ascii_is_alnum(before.p[before.n - 1]) ||
		   (before.p[before.n - 1] & 0x80) != 0) &&
	    !str_iends(before, STR(" to")) && !str_iends(before, STR(" for"));
}

/* What is told behind an address, p, with the line's words before it: "The user
 * <user@example.com> does not exist". */
static struct str
with_subject(struct str words, size_t at, struct str rcpt, struct str p)
{
	struct str line = line_at(words, at);
	size_t from = (size_t)(line.p - words.p);

	if (p.p >= line.p + line.n ||
	    !is_subject(str_sub(words, from, at - from)))
		return p;
	return paragraph(str_skip(words, from), rcpt);
}

static struct str
reason_with_bracket(struct str words, struct str rcpt)
{
	size_t at = place_of(words, rcpt);
	struct str p, line, reply;
	size_t code;

	if (words.n == 0)
		return words;
	p = transcript_of(words, at, rcpt);
	if (p.n > 0)
		return p;
	p = told_behind(words, at + rcpt.n, rcpt);
	code = reply_start(p, "54");
	if (code < p.n)
		return str_skip(p, code);
	reply = labelled_reason(words, at, rcpt);
	if (reply.n > 0)
		return reply;
	p = with_subject(words, at, rcpt, p);
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
	line = text_before(words, at, rcpt);
	return p.n == 0 || says_why(line) ? line : p;
}

struct str
reason_of(struct str words, struct str rcpt)
{
	return without_bracket(reason_with_bracket(words, rcpt));
}

struct str
reason_of_all(struct str words)
{
	struct str rest = str_sub(words, 0, SEARCH_MAX);
	struct str line;
	size_t at = reply_start(rest, "55");

	if (at == rest.n)
		at = reply_start(rest, "44");
	if (at < rest.n)
		return paragraph(str_skip(words, at), STR("@"));
	while (str_cut(&rest, '\n', &line))
		if (reason_is_in(line))
			return paragraph(
			    str_skip(words, (size_t)(line.p - words.p)),
			    STR("@"));
	return str_sub(words, 0, 0);
}

struct str
reason_host(struct str words, struct str reason)
{
	static const char *const CUES[] = { "host ", "while talking to " };
	size_t at = place_of(words, reason);
	struct str before = str_sub(words, 0, at);
	struct str host = { 0 };
	struct str word = { 0 };

	if (at >= words.n || reply_start(reason, "54") != 0)
		return host;
	if (at > HOST_REACH)
		before = str_skip(before, at - HOST_REACH);
	before = str_trim(before);
	/* What does not follow "said:" or "<<<" is the reporter's own word. */
	if (!str_ends(before, STR(":")) && !str_ends(before, STR("<<<")))
		return host;
	for (size_t i = 0; i < COUNT(CUES); i++) {
		struct str cue = str_from(CUES[i]);
		struct str rest = before;
		size_t n;

		while ((n = str_ifind(rest, cue)) < rest.n) {
			rest = str_skip(rest, n + cue.n);
			if (host.p == NULL || rest.p > host.p)
				host = rest;
		}
	}
	if (!str_word(&host, &word))
		return word;
	host = str_sub(word, 0, str_chr(word, '['));
	while (str_ends(host, STR(":")) || str_ends(host, STR(".")))
		host.n--;
	return str_chr(host, '.') < host.n ? host : (struct str){ 0 };
}

struct str
reason_status(struct str reason)
{
	struct str none = { 0 };
	struct reply_codes codes;
	struct reply_status st;

	reply_codes(reason, &codes);
	if (codes.code != 0 || codes.status.class != 0)
		return none;
	for (size_t i = 1; i < reason.n; i++) {
		struct str s = str_skip(reason, i + 1);
		size_t n = 0;

		if (reason.p[i] != '#' ||
		    (reason.p[i - 1] != '(' && reason.p[i - 1] != ' ') ||
		    !reply_status_of(s, &st))
			continue;
		while (n < s.n && (ascii_is_digit(s.p[n]) || s.p[n] == '.'))
			n++;
		return str_sub(s, 0, n);
	}
	return none;
}

struct str
reason_of_dovecot(struct str words)
{
	static const struct str CUE = { "was automatically rejected:", 27 };

	words = str_trim(str_skip(words, str_ifind(words, CUE) + CUE.n));
	return str_trim(str_sub(words, 0, str_find(words, STR("\n\n"))));
}
