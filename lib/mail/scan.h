/* scan.h - recognises IP addresses, host names, URLs and ids in text. */
#ifndef MAIL_SCAN_H
#define MAIL_SCAN_H

#include "base/str.h"

/* What a byte is. A word is a run of SCAN_WORD bytes; the local part of an
 * address may hold SCAN_LOCAL bytes besides. */
enum scan_kind {
	SCAN_DIGIT = 1,
	SCAN_ALPHA = 2,
	SCAN_HIGH = 4, /* not ASCII */
	SCAN_DOT = 8,
	SCAN_JOIN = 16, /* - and _ */
	SCAN_LOCAL = 32,
	SCAN_HEX = 64,
	SCAN_WORD = SCAN_DIGIT | SCAN_ALPHA | SCAN_HIGH | SCAN_DOT | SCAN_JOIN
};

extern const unsigned char SCAN_KIND[256];

static inline unsigned
scan_kind(char c)
{
	return SCAN_KIND[(unsigned char)c];
}

static inline bool
scan_is_kind(struct str s, size_t at, unsigned kinds)
{
	return at < s.n && (scan_kind(s.p[at]) & kinds) != 0;
}

static inline bool
scan_is_char(struct str s, size_t at, char c)
{
	return at < s.n && s.p[at] == c;
}

/* How many digits stand at `at`, counted up to 5, and their value. */
size_t scan_digits(struct str s, size_t at);
unsigned scan_number(struct str s, size_t at, size_t digits);
/* Nothing follows that would make it part of something longer. */
bool scan_is_end(struct str s, size_t at);

/* Each of these: the end of what starts at s[at], or 0 when none does. */

size_t scan_ip4(struct str s, size_t at);
size_t scan_ip6(struct str s, size_t at);
/* Whether two texts are one IP address: IPv6 has several forms. */
bool scan_same_ip(struct str a, struct str b);
/* http:// or https:// and what follows, up to white space, <, > or ". */
size_t scan_url(struct str s, size_t at);
/* The rest of a URL whose host ended right before at, also when empty. */
size_t scan_path(struct str s, size_t at);

/* A host name with two dots or more, or one in a common top level domain. */
bool scan_is_host(struct str word);
/* A queue or trace id: 8 bytes or more that mix letters and digits, and no
 * short code such as S3150, OFR005_104 or DOC-1369. */
bool scan_is_id(struct str word);
/* Whether s starts with three digits that may be a reply code, and more. */
bool scan_is_code(struct str s);
/* Whether word is an enhanced status code. */
bool scan_is_status(struct str word);

/* The part of a blocklist's host name that tells which one it is,
 * "zen.spamhaus.org"; empty for any other host. */
struct str scan_blocklist(struct str host);

/* The first words of the path at `at` (up to end, from scan_path) on a host
 * of spamhaus.org: where they end, or `at` when no word names a list. A
 * listing's digits ("SBL12345") stand behind that. */
size_t scan_list_path(struct str host, struct str s, size_t at, size_t end);

#endif
