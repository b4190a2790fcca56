/* fold.c - a reply's text with its variable parts replaced by tokens. */
#include "mail/reply.h"

#include <string.h>

#include "mail/address.h"
#include "mail/scan.h"
#include "mail/scantime.h"
#include "mail/tidy.h"

#define LOCAL_MIN 4 /* bytes of a local part that is looked for alone */

/* Text on its way from `in` (tidied) to `out` (folded). */
struct fold {
	struct reply_context c;
	struct str in;
	size_t at; /* what stands before it is done */
	size_t raw; /* and from here on waits to go out as it is */
	size_t limit; /* start of the next address, or in.n */
	size_t limit_end; /* and where it ends */
	struct str rcpt, local;
	char key[ADDRESS_MAX]; /* of rcpt, "" where only its bytes name it */
	bool local_is_word; /* letters only: it may be just a word */
	reply_map_fn *map; /* NULL: tokens go out */
	void *map_ctx;
	bool full;
	size_t n;
	char out[REPLY_TEXT_MAX];
};

static void
emit(struct fold *f, const char *p, size_t n)
{
	if (f->full || n > sizeof f->out - f->n) {
		f->full = true;
		return;
	}
	memcpy(f->out + f->n, p, n);
	f->n += n;
}

/* What has been passed over goes out as it is; what does not fit is cut
 * between words, so that folding again sees whole ones. */
static void
flush(struct fold *f)
{
	size_t n = f->at - f->raw;
	size_t room = sizeof f->out - f->n;

	if (!f->full && n > room) {
		while (room > 0 && f->in.p[f->raw + room] != ' ')
			room--;
		emit(f, f->in.p + f->raw, room);
		f->full = true;
	} else if (n > 0) {
		emit(f, f->in.p + f->raw, n);
	}
	f->raw = f->at;
}

/* Goes on behind what a token stands for. */
static void
pass(struct fold *f, size_t end)
{
	f->at = f->raw = end;
}

static void
emit_token(struct fold *f, const char *token, size_t end)
{
	struct str said = str_from(token);

	flush(f);
	if (f->map != NULL)
		said = f->map(f->map_ctx, said,
		    str_sub(f->in, f->at, end - f->at));
	emit(f, said.p, said.n);
	pass(f, end);
}

/* A date and a time of day are one <time>. */
static void
emit_time(struct fold *f, size_t end)
{
	struct str out;

	if (f->map != NULL) { /* nobody's name stands in a time */
		f->at = end;
		return;
	}
	flush(f);
	out = str_of(f->out, f->n);
	if (str_ends(out, STR("<time> ")) || str_ends(out, STR("<time>,")))
		f->n -= 1;
	else if (str_ends(out, STR("<time>, ")))
		f->n -= 2;
	else
		emit(f, "<time>", 6);
	pass(f, end);
}

/* The domain behind the @ at `at`: its end, or 0. */
static size_t
domain_end(struct str s, size_t at)
{
	size_t end = at + 1;

	if (end < s.n && s.p[end] == '[') {
		end += str_chr(str_skip(s, end), ']');
		return end < s.n ? end + 1 : 0;
	}
	while (end < s.n && (scan_kind(s.p[end]) & SCAN_WORD) != 0)
		end++;
	while (end > at + 1 &&
	    (scan_kind(s.p[end - 1]) & (SCAN_DOT | SCAN_JOIN)) != 0)
		end--;
	return end > at + 1 && s.p[at + 1] != '.' ? end : 0;
}

/* The local part before the @ at `at`: its start, or `at` for none. */
static size_t
local_start(const struct fold *f, size_t at, size_t end)
{
	size_t from = at;
	size_t start;

	while (from > f->at &&
	    (scan_kind(f->in.p[from - 1]) & (SCAN_WORD | SCAN_LOCAL)) != 0)
		from--;
	/* "to=user@example.com": only the recipient tells where it starts. */
	if (f->rcpt.n > 0 && end >= from + f->rcpt.n) {
		start = end - f->rcpt.n;
		if ((start == from || f->in.p[start - 1] == '=') &&
		    str_ieq(str_sub(f->in, start, f->rcpt.n), f->rcpt))
			return start;
	}
	while (from < at &&
	    (scan_kind(f->in.p[from]) &
		(SCAN_DIGIT | SCAN_ALPHA | SCAN_HIGH)) == 0)
		from++;
	return from;
}

/* Sets limit to the next address that starts at f->at or later. */
static void
find_address(struct fold *f)
{
	size_t at = f->at;

	for (;; at++) {
		at += str_chr(str_skip(f->in, at), '@');
		if (at >= f->in.n)
			break;
		f->limit_end = domain_end(f->in, at);
		if (f->limit_end == 0)
			continue;
		f->limit = local_start(f, at, f->limit_end);
		if (f->limit < at)
			return;
	}
	f->limit = f->limit_end = f->in.n;
}

/* Whether an address is the recipient, maybe with its domain written as
 * U-labels where rcpt has A-labels, or the other way round. */
static bool
is_rcpt(const struct fold *f, struct str a)
{
	char key[ADDRESS_MAX];

	if (f->rcpt.n > 0 && str_ieq(a, f->rcpt))
		return true;
	return f->key[0] != '\0' &&
	    address_key(a, key, sizeof key) == ADDRESS_OK &&
	    strcmp(key, f->key) == 0;
}

static bool
is_under(struct str host, struct str domain)
{
	return str_chr(domain, '.') < domain.n && str_iends(host, domain) &&
	    (host.n == domain.n || host.p[host.n - domain.n - 1] == '.');
}

/* Our envelope sender, or whom a receiver asks for besides: postmaster@ and
 * others at its domain. */
static bool
is_self(const struct fold *f, struct str a)
{
	return (a.n > 0 && str_ieq(a, f->c.self_addr)) ||
	    is_under(str_skip(a, str_rchr(a, '@') + 1), f->c.self_domain);
}

static void
fold_address(struct fold *f)
{
	struct str a = str_sub(f->in, f->limit, f->limit_end - f->limit);
	size_t end = f->limit_end;

	if (f->at < f->limit) /* it stands in <> */
		end++;
	emit_token(f, is_rcpt(f, a) ? "<rcpt>"
	    : is_self(f, a) ? "<self-addr>"
	    : "<addr>", end);
	find_address(f);
}

/* A token that stands in the text already. */
static bool
fold_token(struct fold *f)
{
	static const char *const TOKENS[] = { "<rcpt>", "<addr>", "<ip>",
		"<host>", "<id>", "<num>", "<url>", "<self-ip>",
		"<self-addr>", "<self-domain>", "<self-host>" };
	struct str rest = str_skip(f->in, f->at);

	if (str_starts(rest, STR("<time>"))) {
		emit_time(f, f->at + 6);
		return true;
	}
	for (size_t i = 0; i < COUNT(TOKENS); i++)
		if (str_starts(rest, str_from(TOKENS[i]))) {
			emit_token(f, TOKENS[i], f->at + strlen(TOKENS[i]));
			return true;
		}
	return false;
}

static void
fold_angle(struct fold *f)
{
	if (f->at + 1 == f->limit && f->limit_end < f->in.n &&
	    f->in.p[f->limit_end] == '>')
		fold_address(f);
	else if (!fold_token(f))
		f->at++;
}

static void
fold_ip(struct fold *f, size_t end)
{
	struct str ip = str_sub(f->in, f->at, end - f->at);
	bool ours = f->c.self_ip.n > 0 && scan_same_ip(ip, f->c.self_ip);

	emit_token(f, ours ? "<self-ip>" : "<ip>", end);
}

/* A blocklist's URL: its name, of its path what tells the list, and "<url>"
 * for the rest, where there is any. */
static void
fold_list(struct fold *f, struct str list, size_t path, size_t end)
{
	size_t kept = scan_list_path(list, f->in, path, end);
	size_t digits = kept;

	flush(f);
	emit(f, list.p, list.n);
	emit(f, f->in.p + path, kept - path);
	if (kept > path)
		while (digits < end && scan_is_kind(f->in, digits, SCAN_DIGIT))
			digits++;
	if (digits > kept)
		emit(f, "<num>", 5);
	if (kept == path || digits < end)
		emit(f, " <url>", 6);
	pass(f, end);
}

static void
fold_host(struct fold *f, size_t end)
{
	struct str host = str_sub(f->in, f->at, end - f->at);
	struct str list = scan_blocklist(host);
	bool url = end < f->in.n && f->in.p[end] == '/';

	if (list.n > 0 && url) {
		fold_list(f, list, end, scan_path(f->in, end));
	} else if (list.n > 0) {
		flush(f);
		emit(f, list.p, list.n);
		pass(f, end);
	} else if (is_under(host, f->c.self_host) &&
	    host.n == f->c.self_host.n) {
		emit_token(f, "<self-host>", end);
	} else if (is_under(host, f->c.self_domain)) {
		emit_token(f, "<self-domain>", end);
	} else if (url) {
		emit_token(f, "<url>", scan_path(f->in, end));
	} else {
		emit_token(f, "<host>", end);
	}
}

static void
fold_url(struct fold *f, size_t end)
{
	struct str url = str_sub(f->in, f->at, end - f->at);
	struct str host = str_skip(url, str_chr(url, ':') + 3);
	size_t n = 0;

	while (n < host.n && (scan_kind(host.p[n]) & SCAN_WORD) != 0)
		n++;
	host.n = n;
	if (scan_is_host(host))
		host = scan_blocklist(host);
	else
		host.n = 0;
	if (host.n > 0)
		fold_list(f, host, (size_t)(host.p + host.n - f->in.p), end);
	else
		emit_token(f, "<url>", end);
	find_address(f);
}

/* The recipient's local part, standing alone. One that is only letters may
 * be a plain word ("blocked@"), so it must stand in quotes, too. */
static bool
fold_local(struct fold *f)
{
	size_t end = f->at + f->local.n;
	char before;

	if (((f->in.p[f->at] ^ f->local.p[0]) & ~0x20) != 0 || end > f->limit ||
	    !str_ieq(str_sub(f->in, f->at, f->local.n), f->local))
		return false;
	if (end < f->in.n &&
	    ((scan_kind(f->in.p[end]) & (SCAN_WORD & ~SCAN_DOT)) != 0 ||
		f->in.p[end] == '@'))
		return false;
	if (end + 1 < f->in.n && f->in.p[end] == '.' &&
	    (scan_kind(f->in.p[end + 1]) & (SCAN_WORD & ~SCAN_DOT)) != 0)
		return false;
	flush(f);
	before = f->n > 0 ? f->out[f->n - 1] : '\0';
	if (f->local_is_word && before != '<' && before != '"' &&
	    before != '\'' && !str_starts(str_skip(f->in, end), STR("...")))
		return false;
	if (before == '<' && end < f->in.n && f->in.p[end] == '>') {
		f->n--;
		end++;
	}
	emit_token(f, "<rcpt>", end);
	return true;
}

/* "AUP#1310": a code, not a number. */
static bool
is_numbered_code(struct fold *f, size_t digits)
{
	flush(f);
	return digits <= 6 && f->n > 1 && f->out[f->n - 1] == '#' &&
	    f->out[f->n - 2] >= 'A' && f->out[f->n - 2] <= 'Z';
}

/* A word of digits, dots and dashes that is no time and no IP address. */
static void
fold_number(struct fold *f, struct str word, unsigned kinds)
{
	size_t end = f->at + word.n;

	if (kinds == SCAN_DIGIT && (word.n < 4 || is_numbered_code(f, word.n)))
		f->at = end;
	else if (word.n < 4 || scan_is_status(word))
		f->at = end;
	else if (scan_is_code(word) && word.p[3] == '-')
		f->at += 4;
	else if (kinds == SCAN_DIGIT || word.n >= 8)
		emit_token(f, "<num>", end);
	else
		f->at = end;
}

/* A time may start with any number, or with the name of a month or day. */
static bool
may_be_time(struct str word, unsigned kinds)
{
	if ((scan_kind(word.p[0]) & SCAN_DIGIT) != 0)
		return !scan_is_status(word);
	return word.n == 3 && kinds == SCAN_ALPHA && word.p[0] <= 'Z' &&
	    word.p[1] >= 'a' && word.p[2] >= 'a';
}

/* What may go over more than one word. */
static bool
fold_long(struct fold *f, struct str word, unsigned kinds)
{
	struct str s = str_of(f->in.p, f->limit);
	size_t end = f->at + word.n;

	if ((kinds & SCAN_DOT) != 0 && (kinds & SCAN_ALPHA) == 0 &&
	    (end = scan_ip4(f->in, f->at)) != 0) {
		fold_ip(f, end);
		return true;
	}
	end = f->at + word.n;
	if (end < f->in.n && f->in.p[end] == ':') {
		if ((scan_kind(word.p[0]) & SCAN_HEX) != 0 &&
		    (end = scan_ip6(s, f->at)) != 0) {
			fold_ip(f, end);
			return true;
		}
		if ((word.p[0] | 0x20) == 'h' &&
		    (end = scan_url(f->in, f->at)) != 0) {
			fold_url(f, end);
			return true;
		}
	}
	if (may_be_time(word, kinds) && (end = scan_time(s, f->at)) != 0) {
		emit_time(f, end);
		return true;
	}
	return false;
}

/* The word at f->at, a run of letters, digits, dots, dashes, underscores;
 * dots and dashes at its end are not part of it. */
static struct str
word_at(const struct fold *f, unsigned *kinds)
{
	size_t end = f->at;
	size_t i = f->at;
	unsigned waiting = 0;
	unsigned k = SCAN_ALPHA;

	while (i < f->limit && ((k = scan_kind(f->in.p[i])) & SCAN_ALPHA) != 0)
		i++;
	*kinds = i > end ? SCAN_ALPHA : 0;
	end = i;
	for (; i < f->limit; i++) {
		k = scan_kind(f->in.p[i]) & SCAN_WORD;
		if (k == 0 ||
		    (k == SCAN_DOT && i + 1 < f->limit &&
			f->in.p[i + 1] == '.'))
			break;
		waiting |= k;
		if ((k & (SCAN_DOT | SCAN_JOIN)) == 0) {
			*kinds |= waiting;
			end = i + 1;
		}
	}
	return str_of(f->in.p + f->at, end - f->at);
}

static void
fold_word(struct fold *f)
{
	unsigned kinds;
	struct str word = word_at(f, &kinds);
	size_t end = f->at + word.n;
	bool colon = end < f->in.n && f->in.p[end] == ':';

	if (f->local.n >= LOCAL_MIN && fold_local(f))
		return;
	if (kinds == SCAN_ALPHA && word.n != 3 && !colon)
		f->at = end;
	else if ((kinds & SCAN_HIGH) == 0 && fold_long(f, word, kinds))
		return;
	else if ((kinds & (SCAN_ALPHA | SCAN_HIGH)) == 0)
		fold_number(f, word, kinds);
	else if ((kinds & SCAN_DOT) != 0 &&
	    (scan_is_host(word) || is_under(word, f->c.self_domain) ||
		is_under(word, f->c.self_host)))
		fold_host(f, end);
	else if ((kinds & SCAN_DIGIT) != 0 && (kinds & SCAN_HIGH) == 0 &&
	    scan_is_id(word))
		emit_token(f, "<id>", end);
	else
		f->at = end;
}

static void
fold_text(struct fold *f)
{
	size_t end;

	find_address(f);
	while (f->at < f->in.n && !f->full) {
		if (f->at == f->limit) {
			fold_address(f);
		} else if ((scan_kind(f->in.p[f->at]) &
			       (SCAN_DIGIT | SCAN_ALPHA | SCAN_HIGH)) != 0) {
			fold_word(f);
		} else if (f->in.p[f->at] == '<') {
			fold_angle(f);
		} else {
			for (end = f->at + 1; end < f->limit &&
			     (scan_kind(f->in.p[end]) &
				 (SCAN_DIGIT | SCAN_ALPHA | SCAN_HIGH)) == 0 &&
			     f->in.p[end] != '<';)
				end++;
			f->at = end;
		}
		if (f->at > f->limit)
			find_address(f);
	}
	flush(f);
	while (f->n > 0 && f->out[f->n - 1] == ' ')
		f->n--;
}

static bool
has_high(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if ((s.p[i] & 0x80) != 0)
			return true;
	return false;
}

/* Only an internationalised domain can be written in two ways. */
static void
know_key(struct fold *f)
{
	struct str domain = str_skip(f->rcpt, str_rchr(f->rcpt, '@') + 1);

	f->key[0] = '\0';
	if (!has_high(f->rcpt) && str_ifind(domain, STR("xn--")) == domain.n)
		return;
	if (address_key(f->rcpt, f->key, sizeof f->key) != ADDRESS_OK)
		f->key[0] = '\0';
}

/* A report about mail to one's own domain quotes that domain as the
 * recipient's: it says nothing about the sender. */
static void
know_self(struct fold *f)
{
	struct str domain = str_skip(f->rcpt, str_rchr(f->rcpt, '@') + 1);

	if (is_under(domain, f->c.self_domain) ||
	    is_under(f->c.self_domain, domain))
		f->c.self_domain.n = 0;
}

static void
know_recipient(struct fold *f, struct str rcpt)
{
	rcpt = str_trim(rcpt);
	if (rcpt.n > 1 && rcpt.p[0] == '<' && rcpt.p[rcpt.n - 1] == '>')
		rcpt = str_sub(rcpt, 1, rcpt.n - 2);
	f->rcpt = rcpt;
	f->local = str_sub(rcpt, 0, str_rchr(rcpt, '@'));
	/* It is looked for as a word, so it has to end like one. */
	if (f->local.n == rcpt.n || scan_is_status(f->local) ||
	    !scan_is_kind(
		f->local, f->local.n - 1, SCAN_DIGIT | SCAN_ALPHA | SCAN_HIGH))
		f->local.n = 0;
	f->local_is_word = true;
	for (size_t i = 0; i < f->local.n; i++)
		f->local_is_word &= ascii_is_alpha(f->local.p[i]);
}

static void
fold_run(struct fold *f, struct str text, const struct reply_context *c)
{
	static const struct reply_context NOTHING = { 0 };
	char tidied[REPLY_TEXT_MAX];

	f->c = c != NULL ? *c : NOTHING;
	f->in = str_of(tidied, tidy(str_sub(text, 0, REPLY_TEXT_MAX), tidied));
	f->at = f->raw = f->n = 0;
	f->full = false;
	know_recipient(f, f->c.rcpt);
	know_key(f);
	know_self(f);
	fold_text(f);
}

void
reply_fold(struct str text, const struct reply_context *c, struct buf *out)
{
	struct fold f;

	f.map = NULL;
	fold_run(&f, text, c);
	buf_add(out, str_of(f.out, f.n));
}

void
reply_rewrite(struct str text, const struct reply_context *c,
    reply_map_fn *map, void *ctx, struct buf *out)
{
	struct fold f;

	f.map = map;
	f.map_ctx = ctx;
	fold_run(&f, text, c);
	buf_add(out, str_of(f.out, f.n));
}
