/* anon_text.c - one field of an accounting row without whom it is about. */
#include "work/anon_text.h"

#include <string.h>

#include "mail/reply.h"
#include "mail/scan.h"

#define WORD_MIN 3 /* bytes of a local part that is looked for as a word */

static const struct column_kind {
	const char *name;
	enum anon_kind kind;
} KINDS[] = {
	{ "type", ANON_KEEP },
	{ "etype", ANON_KEEP },
	{ "timeLogged", ANON_KEEP },
	{ "timeQueued", ANON_KEEP },
	{ "timeFirstAttempt", ANON_KEEP },
	{ "totalSecondsQueued", ANON_KEEP },
	{ "dsnAction", ANON_KEEP },
	{ "dsnStatus", ANON_KEEP },
	{ "bounceCat", ANON_KEEP },
	{ "bounceCategory", ANON_KEEP },
	{ "srcType", ANON_KEEP },
	{ "dlvType", ANON_KEEP },
	{ "dlvEsmtpAvailable", ANON_KEEP },
	{ "dlvSize", ANON_KEEP },
	{ "dlvTlsProtocol", ANON_KEEP },
	{ "dlvTlsCipher", ANON_KEEP },
	{ "feedbackType", ANON_KEEP },
	{ "arf_Feedback-Type", ANON_KEEP },
	{ "format", ANON_KEEP },
	{ "userAgent", ANON_KEEP },
	{ "orig", ANON_ADDRESS },
	{ "mailFrom", ANON_ADDRESS },
	{ "rcpt", ANON_ADDRESS },
	{ "recipient", ANON_ADDRESS },
	{ "orcpt", ANON_ADDRESS },
	{ "header_X-HmXmrOriginalRecipient", ANON_ADDRESS },
	{ "header_Return-Path", ANON_ADDRESS },
	{ "arf_Original-Rcpt-To", ANON_ADDRESS },
	{ "arf_Original-Recipient", ANON_ADDRESS },
	{ "arf_Removal-Recipient", ANON_ADDRESS },
	{ "dsnDiag", ANON_REPLY },
	{ "dsnMta", ANON_HOST },
	{ "dsnReportingMta", ANON_HOST },
	{ "reportingMta", ANON_HOST },
	{ "reportedDomain", ANON_HOST },
	{ "srcMta", ANON_HOST },
	{ "dlvSourceIp", ANON_HOST },
	{ "dlvDestinationIp", ANON_HOST },
	{ "repSourceIp", ANON_HOST },
	{ "rcvSourceIp", ANON_HOST },
	{ "rcvDestinationIp", ANON_HOST },
	{ "arf_Source-IP", ANON_HOST },
	{ "vmta", ANON_NAME },
	{ "vmtaName", ANON_NAME },
	{ "vmtaPool", ANON_NAME },
	{ "vmtaPoolName", ANON_NAME },
	{ "jobId", ANON_NAME },
	{ "header_X-Job", ANON_NAME },
	{ "queue", ANON_QUEUE },
	{ "destDomain", ANON_QUEUE },
	{ "envId", ANON_ID },
	{ "header_X-EnvId", ANON_ID },
	{ "header_Message-ID", ANON_ID },
	{ "arf_Original-Envelope-Id", ANON_ID },
};

enum anon_kind
anon_kind_of(struct str column)
{
	column = str_trim(column);
	for (size_t i = 0; i < COUNT(KINDS); i++)
		if (str_ieq(column, str_from(KINDS[i].name)))
			return KINDS[i].kind;
	return ANON_OPAQUE;
}

/* ---- words of a field ---- */

static bool
is_gap(char c)
{
	return (unsigned char)c <= ' ' || strchr(",;\"'<>()[]{}|", c) != NULL;
}

/* The next run of s at *at between gaps; what stands before goes out. */
static bool
next_run(struct str s, size_t *at, bool (*gap)(char), struct str *word,
    struct buf *out)
{
	size_t end;

	while (*at < s.n && gap(s.p[*at]))
		buf_addc(out, s.p[(*at)++]);
	end = *at;
	while (end < s.n && !gap(s.p[end]))
		end++;
	*word = str_sub(s, *at, end - *at);
	*at = end;
	return word->n > 0;
}

static bool
next_word(struct str s, size_t *at, struct str *word, struct buf *out)
{
	return next_run(s, at, is_gap, word, out);
}

/* "user=example.com", and no setting such as "from=example.com". */
static bool
is_verp(struct str word)
{
	static const struct str KEYS[] = { { "from", 4 }, { "mailfrom", 8 },
		{ "header.from", 11 }, { "smtp.mailfrom", 13 },
		{ "header.d", 8 }, { "header.i", 8 }, { "helo", 4 },
		{ "smtp.helo", 9 }, { "domain", 6 }, { "host", 4 },
		{ "d", 1 }, { "i", 1 }, { "s", 1 }, { "id", 2 },
		{ "ip", 2 }, { "client-ip", 9 }, { "client", 6 } };
	size_t at = str_rchr(word, '=');

	if (at == 0 || at == word.n || str_chr(str_skip(word, at + 1), '.') ==
	    word.n - at - 1)
		return false;
	for (size_t i = 0; i < COUNT(KEYS); i++)
		if (str_ieq(str_sub(word, 0, at), KEYS[i]))
			return false;
	return true;
}

static bool
names_somebody(struct str s)
{
	return str_chr(s, '@') < s.n || is_verp(s);
}

static bool
is_type(struct str word)
{
	return str_ieq(word, STR("rfc822")) || str_ieq(word, STR("utf-8")) ||
	    str_ieq(word, STR("dns")) || str_ieq(word, STR("smtp"));
}

static void
add_word(const struct pseudo *p, enum anon_kind k, struct str word,
    struct buf *out)
{
	if (is_type(word))
		buf_add(out, word);
	else if (pseudo_is_ip(word))
		pseudo_ip(p, word, out);
	else if (k == ANON_ADDRESS || names_somebody(word))
		pseudo_address(p, word, out);
	else
		pseudo_domain(p, word, out);
}

static void
add_words(const struct pseudo *p, enum anon_kind k, struct str s,
    struct buf *out)
{
	struct str word;

	for (size_t at = 0; next_word(s, &at, &word, out);)
		add_word(p, k, word, out);
}

/* Of what may stay: nobody is named in it. */
static bool
is_harmless(struct str s)
{
	struct buf none = { 0 };
	struct str word;
	bool ok = s.n <= 256;

	for (size_t at = 0; ok && next_word(s, &at, &word, &none);)
		ok = !names_somebody(word) && !pseudo_is_ip(word) &&
		    !scan_is_host(word);
	for (size_t i = 0; i < s.n; i++)
		ok &= (s.p[i] & 0x80) == 0;
	buf_release(&none);
	return ok;
}

static void
add_queue(const struct pseudo *p, struct str s, struct buf *out)
{
	size_t slash = str_chr(s, '/');

	add_words(p, ANON_HOST, str_sub(s, 0, slash), out);
	if (slash == s.n)
		return;
	buf_addc(out, '/');
	pseudo_name(p, 'v', str_skip(s, slash + 1), out);
}

void
anon_field(const struct pseudo *p, enum anon_kind k, struct str s,
    struct buf *out)
{
	if (s.n == 0)
		return;
	switch (k) {
	case ANON_KEEP:
		if (is_harmless(s))
			buf_add(out, s);
		else
			pseudo_name(p, 'x', s, out);
		return;
	case ANON_ADDRESS:
	case ANON_HOST:
		add_words(p, k, s, out);
		return;
	case ANON_NAME:
		pseudo_name(p, 'v', s, out);
		return;
	case ANON_QUEUE:
		add_queue(p, s, out);
		return;
	case ANON_ID:
		pseudo_id(p, s, out);
		return;
	case ANON_REPLY:
	case ANON_OPAQUE:
		pseudo_name(p, 'x', s, out);
		return;
	}
}

/* ---- replies ---- */

struct rewriting {
	const struct pseudo *p;
	struct buf word;
	bool failed; /* a word of before had no memory */
};

/* In <> or not, as it stood. */
static void
add_bare(struct rewriting *w, struct str piece,
    void (*add)(const struct pseudo *, struct str, struct buf *))
{
	bool angle = piece.n > 1 && piece.p[0] == '<' &&
	    piece.p[piece.n - 1] == '>';

	if (angle)
		piece = str_sub(piece, 1, piece.n - 2);
	if (angle)
		buf_addc(&w->word, '<');
	add(w->p, piece, &w->word);
	if (angle)
		buf_addc(&w->word, '>');
}

static void
add_url(struct rewriting *w, struct str url)
{
	size_t colon = str_find(url, STR("://"));
	size_t host = colon < url.n ? colon + 3 : 0;
	size_t end = host;

	while (end < url.n && scan_is_kind(url, end, SCAN_WORD))
		end++;
	buf_add(&w->word, str_sub(url, 0, host));
	if (pseudo_is_ip(str_sub(url, host, end - host)))
		pseudo_ip(w->p, str_sub(url, host, end - host), &w->word);
	else
		pseudo_domain(w->p, str_sub(url, host, end - host), &w->word);
	pseudo_id(w->p, str_skip(url, end), &w->word);
}

static struct str
map_part(void *ctx, struct str token, struct str piece)
{
	struct rewriting *w = ctx;

	w->failed |= w->word.failed;
	buf_clear(&w->word);
	if (str_eq(token, piece))
		return token;
	if (str_eq(token, STR("<rcpt>")) || str_eq(token, STR("<addr>")))
		add_bare(w, piece, pseudo_address);
	else if (str_ends(token, STR("ip>")))
		pseudo_ip(w->p, piece, &w->word);
	else if (str_eq(token, STR("<url>")))
		add_url(w, piece);
	else if (str_eq(token, STR("<id>")) || str_eq(token, STR("<num>")))
		pseudo_id(w->p, piece, &w->word);
	else
		pseudo_domain(w->p, piece, &w->word);
	return buf_str(&w->word);
}

static bool
is_word_end(struct str s, size_t at)
{
	return at >= s.n || !scan_is_kind(s, at, SCAN_DIGIT | SCAN_ALPHA |
	    SCAN_HIGH | SCAN_JOIN);
}

/* Puts what add makes of `what` wherever it stands as a whole word. */
static void
replace(struct buf *text, const struct pseudo *p, struct str what,
    void (*add)(const struct pseudo *, struct str, struct buf *))
{
	struct buf out = { 0 };
	struct str s = buf_str(text);
	size_t at;

	if (what.n < WORD_MIN)
		return;
	while ((at = str_ifind(s, what)) < s.n) {
		bool whole = is_word_end(s, at + what.n) && (at == 0 ||
		    is_word_end(s, at - 1));

		buf_add(&out, str_sub(s, 0, at));
		if (whole)
			add(p, str_sub(s, at, what.n), &out);
		else
			buf_addc(&out, s.p[at]);
		s = str_skip(s, at + (whole ? what.n : 1));
	}
	buf_add(&out, s);
	out.failed |= text->failed;
	buf_release(text);
	*text = out;
}

/* What is in no address that anybody has. */
static bool
is_no_address(char c)
{
	return !scan_is_kind(str_of(&c, 1), 0, SCAN_WORD) &&
	    strchr("+=@", c) == NULL;
}

/* Whether the word, or of "a@b@c" one of its pairs, stood in the reply. */
static bool
stood_in(struct str before, struct str word)
{
	if (str_ifind(before, word) < before.n)
		return true;
	for (size_t at = str_chr(word, '@'); at < word.n;) {
		struct str behind = str_skip(word, at + 1);
		size_t from = at, next = at + 1 + str_chr(behind, '@');
		struct str pair;

		while (from > 0 && word.p[from - 1] != '@')
			from--;
		pair = str_sub(word, from, next - from);
		if (str_ifind(before, pair) < before.n)
			return true;
		at = next;
	}
	return false;
}

/* Words that name somebody and stood in the reply before go at last. */
static void
replace_left(struct buf *text, const struct pseudo *p, struct str before)
{
	struct buf out = { 0 };
	struct str word;

	for (size_t at = 0; next_run(buf_str(text), &at, is_no_address,
	    &word, &out);)
		if (names_somebody(word) && stood_in(before, word))
			pseudo_address(p, word, &out);
		else
			buf_add(&out, word);
	out.failed |= text->failed;
	buf_release(text);
	*text = out;
}

static bool
is_others(const struct pseudo *p, struct str domain)
{
	return provider_find(p->providers, STR(""), domain) ==
	    PROVIDER_OTHER;
}

static void
replace_known(struct buf *text, const struct pseudo *p, enum anon_depth d,
    const struct event *ev)
{
	struct str known[] = { ev->rcpt, ev->orig,
		str_from(ev->address), str_from(ev->named) };

	for (size_t i = 0; i < COUNT(known); i++) {
		struct str domain = address_domain(known[i]);

		if (domain.n > 0 && is_others(p, domain))
			replace(text, p, domain, pseudo_domain);
		if (d == ANON_WORDS)
			replace(text, p, str_sub(known[i], 0,
			    str_rchr(known[i], '@')), pseudo_local);
	}
}

void
anon_reply(const struct pseudo *p, enum anon_depth d, struct str diag,
    const struct event *ev, struct buf *out)
{
	struct reply_context c = { .rcpt = ev->rcpt.n > 0 ? ev->rcpt
		: str_from(ev->address),
		.self_ip = ev->source_ip,
		.self_domain = address_domain(ev->orig),
		.self_host = str_chr(ev->vmta, '.') < ev->vmta.n ? ev->vmta
		    : STR("") };
	struct rewriting w = { .p = p };
	struct buf text = { 0 };
	struct str rest, type = reply_type(diag, &rest);

	if (type.n > 0 && is_harmless(type)) {
		buf_add(out, type);
		buf_addc(out, ';');
	}
	if (d == ANON_TOKENS)
		reply_fold(rest, &c, &text);
	else
		reply_rewrite(rest, &c, map_part, &w, &text);
	replace_known(&text, p, d, ev);
	replace_left(&text, p, diag);
	buf_join(out, &text);
	out->failed |= w.failed || w.word.failed;
	buf_release(&text);
	buf_release(&w.word);
}
