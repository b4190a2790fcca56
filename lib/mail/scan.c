/* scan.c - recognises IP addresses, host names, URLs and ids in text. */
#include "mail/scan.h"

#include <arpa/inet.h>
#include <string.h>

#define IP6_GROUPS 8
#define HOST_MAX 255
#define LABEL_MAX 63
#define ID_MIN 8 /* bytes of a word that may be an id */
#define CODE_MAX 12 /* bytes of a short code such as S2017062302 */
#define PATH_WORDS 4 /* words of a list's path that are kept */
#define PATH_WORD_MAX 16 /* bytes of each */

/* Digit 1 | letter 2 | not ASCII 4 | dot 8 | joins 16 | local 32 | hex 64. */
/* clang-format off */
const unsigned char SCAN_KIND[256] = {
	0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
	0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
	0, 32, 0, 32, 32, 32, 32, 32, 0, 0, 32, 32, 0, 16, 8, 32,
	65, 65, 65, 65, 65, 65, 65, 65, 65, 65, 0, 0, 0, 32, 0, 32,
	0, 66, 66, 66, 66, 66, 66, 2, 2, 2, 2, 2, 2, 2, 2, 2,
	2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 0, 0, 0, 32, 16,
	32, 66, 66, 66, 66, 66, 66, 2, 2, 2, 2, 2, 2, 2, 2, 2,
	2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 32, 32, 32, 32, 0,
	4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4,
	4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4,
	4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4,
	4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4,
	4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4,
	4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4,
	4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4,
	4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4,
};
/* clang-format on */

size_t
scan_digits(struct str s, size_t at)
{
	size_t n = 0;

	while (n < 5 && scan_is_kind(s, at + n, SCAN_DIGIT))
		n++;
	return n;
}

unsigned
scan_number(struct str s, size_t at, size_t digits)
{
	unsigned v = 0;

	for (size_t i = at; i < at + digits; i++)
		v = v * 10 + (unsigned)(s.p[i] - '0');
	return v;
}

bool
scan_is_end(struct str s, size_t at)
{
	if (scan_is_kind(s, at, SCAN_DIGIT | SCAN_ALPHA | SCAN_HIGH))
		return false;
	return !(
	    scan_is_char(s, at, '.') && scan_is_kind(s, at + 1, SCAN_DIGIT));
}

size_t
scan_ip4(struct str s, size_t at)
{
	for (int i = 0; i < 4; i++) {
		size_t n = scan_digits(s, at);

		if (n < 1 || n > 3 || scan_number(s, at, n) > 255)
			return 0;
		at += n;
		if (i < 3 && !scan_is_char(s, at++, '.'))
			return 0;
	}
	return scan_is_end(s, at) && !scan_is_kind(s, at, SCAN_JOIN) ? at : 0;
}

/* The end of what may be groups of an IPv6 address: at most four hex digits
 * each, at most eight, "::" once. What follows never changes the answer. */
static size_t
skip_groups(struct str s, size_t at)
{
	size_t end = at;
	size_t groups = 0;
	bool doubled = false;

	while (groups < (doubled ? IP6_GROUPS - 1 : IP6_GROUPS)) {
		size_t n = 0;

		while (scan_is_kind(s, at + n, SCAN_HEX))
			n++;
		if (n > 4 || scan_is_kind(s, at + n, SCAN_WORD & ~SCAN_DOT) ||
		    (scan_is_char(s, at + n, '.') &&
			scan_is_kind(s, at + n + 1, SCAN_DIGIT | SCAN_ALPHA)))
			break;
		if (n == 0 && doubled)
			break;
		doubled |= n == 0;
		groups += n > 0;
		at += n;
		if (n > 0)
			end = at;
		if (!scan_is_char(s, at, ':'))
			break;
		at++;
	}
	return end;
}

size_t
scan_ip6(struct str s, size_t at)
{
	char text[INET6_ADDRSTRLEN];
	unsigned char address[16];
	size_t end = skip_groups(s, at);

	if (end == at || !str_copy(str_sub(s, at, end - at), text, sizeof text))
		return 0;
	return inet_pton(AF_INET6, text, address) == 1 ? end : 0;
}

size_t
scan_path(struct str s, size_t at)
{
	size_t from = at;

	while (at < s.n && s.p[at] != ' ' && s.p[at] != '<' && s.p[at] != '>' &&
	    s.p[at] != '"')
		at++;
	while (at > from && memchr(".,;:!?)]}'", s.p[at - 1], 10) != NULL)
		at--;
	return at;
}

size_t
scan_url(struct str s, size_t at)
{
	struct str rest = str_skip(s, at);
	size_t head = str_istarts(rest, STR("http://")) ? 7
	    : str_istarts(rest, STR("https://"))        ? 8
							: 0;
	size_t end;

	if (head == 0)
		return 0;
	end = scan_path(s, at + head);
	return end > at + head ? end : 0;
}

bool
scan_is_code(struct str s)
{
	return s.n > 3 && s.p[0] >= '2' && s.p[0] <= '5' &&
	    scan_is_kind(s, 1, SCAN_DIGIT) && scan_is_kind(s, 2, SCAN_DIGIT);
}

bool
scan_is_status(struct str word)
{
	size_t a = 2 + scan_digits(word, 2);
	size_t b;

	if (word.n < 5 || memchr("245", word.p[0], 3) == NULL ||
	    word.p[1] != '.' || a < 3 || a > 5 || !scan_is_char(word, a, '.'))
		return false;
	b = scan_digits(word, a + 1);
	return b >= 1 && b <= 4 && a + 1 + b == word.n;
}

/* Constant names with their lengths, so that most fall out at once. */
#define NAME(text)                       \
	{                                \
		(text), sizeof(text) - 1 \
	}

static bool
is_among(struct str name, const struct str *names, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (names[i].n == name.n && str_ieq(names[i], name))
			return true;
	return false;
}

static bool
is_common_tld(struct str label)
{
	static const struct str COMMON[] = { NAME("com"), NAME("net"),
		NAME("org"), NAME("edu"), NAME("gov"), NAME("mil"), NAME("int"),
		NAME("info"), NAME("biz"), NAME("name"), NAME("pro"),
		NAME("mobi"), NAME("app"), NAME("dev"), NAME("xyz"),
		NAME("online"), NAME("site"), NAME("shop"), NAME("store"),
		NAME("club"), NAME("top"), NAME("email"), NAME("cloud"),
		NAME("tech"), NAME("live"), NAME("test"), NAME("example"),
		NAME("invalid"), NAME("local"), NAME("internal") };

	/* Two letters are a country. */
	return label.n == 2 || is_among(label, COMMON, COUNT(COMMON));
}

/* Whether all letters of a label are small; *big: all are capitals. */
static bool
is_lower(struct str label, bool *big)
{
	bool small = true;

	*big = true;
	for (size_t i = 0; i < label.n; i++) {
		small = small && label.p[i] >= 'a' && label.p[i] <= 'z';
		*big = *big && label.p[i] >= 'A' && label.p[i] <= 'Z';
	}
	return small;
}

/* RESOLVER.ADR.RecipNotFound is no host, and neither is "full.Please". */
bool
scan_is_host(struct str word)
{
	struct str rest = word;
	struct str label = { 0 };
	size_t dots = 0;
	bool big;

	if (word.n > HOST_MAX || scan_is_char(word, word.n - 1, '.'))
		return false;
	while (str_cut(&rest, '.', &label)) {
		if (label.n == 0 || label.n > LABEL_MAX)
			return false;
		dots++;
	}
	if (dots < 2 || label.n < 2)
		return false;
	if (str_istarts(label, STR("xn--")))
		return true;
	if (!is_lower(label, &big) && !big)
		return false;
	return (dots > 2 && !big) || is_common_tld(label);
}

/* S3150, TSS04, OFR005_104, DOC-1369, S2017062302. */
static bool
is_short_code(struct str w)
{
	size_t at = 0;
	size_t from;

	while (at < w.n && w.p[at] >= 'A' && w.p[at] <= 'Z')
		at++;
	if (at == 0 || at > 6 || w.n > CODE_MAX)
		return false;
	if (scan_is_kind(w, at, SCAN_JOIN))
		at++;
	for (from = at; scan_is_kind(w, at, SCAN_DIGIT);)
		at++;
	if (at == from)
		return false;
	if (at < w.n && scan_is_kind(w, at, SCAN_JOIN)) {
		for (from = ++at; scan_is_kind(w, at, SCAN_DIGIT);)
			at++;
		if (at == from)
			return false;
	}
	return at == w.n;
}

/* Names of SMTP extensions, which replies speak of. */
static bool
is_extension(struct str w)
{
	return str_ieq(w, STR("SMTPUTF8")) || str_ieq(w, STR("UTF8SMTP")) ||
	    str_ieq(w, STR("8BITMIME"));
}

bool
scan_is_id(struct str word)
{
	size_t changes = 0; /* from letter to digit or back, in one part */
	size_t part = 0, part_changes = 0;
	unsigned before = 0;

	if (word.n < ID_MIN || is_short_code(word) || is_extension(word))
		return false;
	for (size_t i = 0; i < word.n; i++) {
		unsigned k = scan_kind(word.p[i]) & (SCAN_DIGIT | SCAN_ALPHA);

		if (k == 0) {
			part = part_changes = 0;
		} else {
			part++;
			part_changes += before != 0 && k != before;
			changes += before != 0 && k != before;
		}
		before = k;
		if (changes > 1 || (part_changes > 0 && part >= ID_MIN))
			return true;
	}
	return false;
}

/* Where the label that ends right before `at` (at a dot) starts. */
static size_t
label_before(struct str host, size_t at)
{
	while (at > 0 && host.p[at - 1] != '.')
		at--;
	return at;
}

/* A list's domain keeps one short label in front: zen, bl, www. */
static struct str
with_one_label(struct str host, size_t domain)
{
	size_t label;

	if (domain < 2)
		return str_skip(host, domain);
	label = label_before(host, domain - 1);
	if (domain - 1 - label > 8 || !scan_is_kind(host, label, SCAN_ALPHA))
		return str_skip(host, domain);
	return str_skip(host, label);
}

struct str
scan_blocklist(struct str host)
{
	static const struct str LISTS[] = { NAME("spamhaus.org"),
		NAME("spamhaus.net"), NAME("spamcop.net"), NAME("sorbs.net"),
		NAME("barracudacentral.org"), NAME("barracudanetworks.com"),
		NAME("abuseat.org"), NAME("uceprotect.net"), NAME("surbl.org"),
		NAME("uribl.com"), NAME("surriel.com"), NAME("mailspike.net"),
		NAME("mailspike.org"), NAME("invaluement.com"),
		NAME("cloudmark.com"), NAME("senderscore.com"),
		NAME("senderscore.net"), NAME("senderbase.org"),
		NAME("talosintelligence.com"), NAME("dnswl.org"),
		NAME("lashback.com"), NAME("gbudb.net"), NAME("manitu.net"),
		NAME("backscatterer.org"), NAME("spamrats.com"),
		NAME("junkemailfilter.com"), NAME("njabl.org"),
		NAME("mail-abuse.com"), NAME("mail-abuse.org"),
		NAME("trendmicro.com"), NAME("spfbl.net"), NAME("s5h.net"),
		NAME("fusionzero.com"), NAME("cobion.com"), NAME("openspf.org"),
		NAME("openspf.net"), NAME("office.com"), NAME("proofpoint.com"),
		NAME("returnpath.net") };
	static const struct str LABELS[] = { NAME("dnsbl"), NAME("rbl"),
		NAME("dnsrbl"), NAME("blacklist"), NAME("blocklist"),
		NAME("blackholes"), NAME("rhsbl"), NAME("sbl"), NAME("xbl"),
		NAME("pbl"), NAME("zen") };
	size_t at = label_before(host, host.n);
	size_t domain = at > 0 ? label_before(host, at - 1) : 0;
	size_t end;

	if (is_among(str_skip(host, domain), LISTS, COUNT(LISTS)))
		return with_one_label(host, domain);
	for (at = 0; at < domain; at = end + 1) {
		struct str rest = str_skip(host, at);

		end = at + str_chr(rest, '.');
		if (is_among(str_sub(rest, 0, end - at), LABELS, COUNT(LABELS)))
			return rest;
	}
	return str_of(host.p, 0);
}

static bool
names_a_list(struct str word)
{
	static const struct str WORDS[] = { NAME("sbl"), NAME("sblcss"),
		NAME("css"), NAME("xbl"), NAME("cbl"), NAME("pbl"), NAME("dbl"),
		NAME("zrd"), NAME("domain") };

	return is_among(word, WORDS, COUNT(WORDS));
}

size_t
scan_list_path(struct str host, struct str s, size_t at, size_t end)
{
	size_t from = at;
	bool named = false, listing = false;

	if (!str_iends(host, STR("spamhaus.org")))
		return at;
	for (int i = 0; i < PATH_WORDS && !listing; i++) {
		size_t word = at + 1;
		size_t to = word;
		size_t stop;

		if (at == end || s.p[at] != '/')
			break;
		while (to < end && scan_is_kind(s, to, SCAN_ALPHA))
			to++;
		stop = to;
		while (stop < end && scan_is_kind(s, stop, SCAN_DIGIT))
			stop++;
		listing = stop > to;
		if (to == word || to - word > PATH_WORD_MAX ||
		    (stop < end && memchr("/?#", s.p[stop], 3) == NULL) ||
		    (listing && !names_a_list(str_sub(s, word, to - word))))
			break;
		named = named || names_a_list(str_sub(s, word, to - word));
		at = to;
	}
	return named ? at : from;
}

bool
scan_same_ip(struct str a, struct str b)
{
	char text[2][INET6_ADDRSTRLEN];
	unsigned char address[2][16];

	if (str_ieq(a, b))
		return true;
	return str_chr(a, ':') < a.n && str_chr(b, ':') < b.n &&
	    str_copy(a, text[0], sizeof text[0]) &&
	    str_copy(b, text[1], sizeof text[1]) &&
	    inet_pton(AF_INET6, text[0], address[0]) == 1 &&
	    inet_pton(AF_INET6, text[1], address[1]) == 1 &&
	    memcmp(address[0], address[1], sizeof address[0]) == 0;
}
