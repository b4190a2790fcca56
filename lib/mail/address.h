/* address.h - mail addresses: the key under which one is listed. */
#ifndef MAIL_ADDRESS_H
#define MAIL_ADDRESS_H

#include "base/str.h"

#define ADDRESS_MAX 512 /* bytes of a key with its NUL; RFC 5321: 64+1+255,
                         * and UTF-8 local parts grow when folded */

enum address_cause {
	ADDRESS_OK,
	ADDRESS_EMPTY,
	ADDRESS_NO_AT,        /* also: nothing before or behind the @ */
	ADDRESS_LOCAL_LONG,   /* RFC 5321 4.5.3.1.1: 64 octets */
	ADDRESS_LOCAL_BAD,    /* a byte that may not stand there, dots alone */
	ADDRESS_DOMAIN_LONG,
	ADDRESS_DOMAIN_BAD,   /* label, character, one label only, IDN error */
	ADDRESS_LITERAL,      /* user@[192.0.2.1]: not a listable address */
	ADDRESS_NOT_UTF8,
	ADDRESS_REDACTED      /* redacted@, a hash instead, undisclosed */
};

/*
 * The key of an address as it comes from a row, a report or a file: outer white
 * space, one pair of <> and an "rfc822;" / "utf-8;" type go (behind "utf-8;"
 * also the escapes of RFC 6533, unitext.h); the local part is lower-cased
 * (ASCII) or NFC and case folded (UTF-8, never to ASCII: sharp s is not ss),
 * quotes around it go where it needs none, and it needs none for dots, wherever
 * they are: "a..b"@ and a..b@ are one mailbox; the domain becomes lower-case
 * A-labels (UTS 46, non-transitional) without a trailing dot. out (ADDRESS_MAX
 * bytes) gets the key with a NUL, "" when it is none. Fast for plain ASCII.
 */
enum address_cause address_key(struct str in, char *out, size_t cap);

/* "no @ in it" and so on: a few words for a message. */
const char *address_cause_text(enum address_cause c);
const char *address_cause_name(enum address_cause c); /* "no-at" */

/* The same for a domain alone; out gets "@example.com". */
enum address_cause address_domain_key(struct str in, char *out, size_t cap);

/* The key with its domain in U-labels; false: that is no other than key, or
 * has no room. */
bool address_shown(struct str key, char *out, size_t cap);

/* The part behind the last @ ("" when there is none). */
struct str address_domain(struct str key);

/*
 * Whether a recipient was made unreadable: local part with "redacted" as a
 * word, with "**" in it, "undisclosed..." or empty, "x...@": PowerMTA's
 * privacy-policy shapes ("...@d", 16 hex digits of siphash, 64 of hmac-sha256),
 * hashes as Validity sends them (32 or 40 hex digits), digests in base64 (RFC
 * 6590: 24, 28 or 44 characters, padded). 16 digits without a letter are
 * somebody's number, not a hash. Such a one is counted, never listed.
 */
bool address_is_redacted(struct str key);

/*
 * PowerMTA's VERP: LOCAL-RCPTLOCAL=RCPTDOMAIN@DOMAIN in an orig.
 * prefix is LOCAL ("" : unknown). hint is the rcpt of the row: where LOCAL is
 * unknown and the split ambiguous, a split that gives the hint is taken. The
 * decoded recipient ("user@domain", not canonical) goes to out. VERP_NONE: no
 * '=' with a domain behind it, another prefix, or another scheme (SRS, BATV,
 * the tokens of sign.h);
 * VERP_AMBIGUOUS: cannot be split for sure.
 */
enum verp { VERP_NONE, VERP_OK, VERP_AMBIGUOUS };
enum verp address_verp(struct str orig, struct str prefix, struct str hint,
    char *out, size_t cap);

#endif
