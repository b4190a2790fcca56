/*
 * sign.h - proof of sending: tokens that say whom a mail of ours went to, and
 * that nobody else can make.
 *
 * A token is 23 letters and digits that stand in any case: '1', two of the
 * key's name, four hex digits of the day (since 1970, UTC), and a tag of 16:
 * the first 80 bits, in base32, of HMAC-SHA-256 with the key's secret over
 *   "1\nKEY\nDAY\nRECIPIENT\nSTREAM\nMESSAGE-ID"
 * where the last two may be empty; the recipient is its key (address_key()),
 * the stream in lower case. It comes in two forms:
 *
 * in an address, which proves a recipient (and a stream):
 *   PREFIX-TOKEN-LOCAL=DOMAIN@...          the recipient is LOCAL@DOMAIN
 *   PREFIX-TOKEN=STREAM=LOCAL=DOMAIN@...   and its mail was of that stream
 *   PREFIX-TOKEN@..., PREFIX-TOKEN=STREAM@...   whom the report itself names
 * in a header field, white space between any two characters:
 *   TOKEN and "RECIPIENT\nSTREAM\nMESSAGE-ID" in base32
 */
#ifndef MAIL_SIGN_H
#define MAIL_SIGN_H

#include <stdint.h>

#include "base/buf.h"
#include "mail/address.h"

#define SIGN_KEYS_MAX 32
#define SIGN_NAME 2 /* characters of a key's name */
#define SIGN_SECRET 32 /* bytes */
#define SIGN_TOKEN 23
#define SIGN_LOCAL_MAX 64 /* RFC 5321 4.5.3.1.1 */
#define SIGN_READ_MAX 320 /* bytes of a local part: one as long is not ours */
#define SIGN_STREAM_MAX 128
#define SIGN_MESSAGE_MAX 512

struct sign_key {
	char name[SIGN_NAME + 1];
	char secret[SIGN_SECRET];
	int64_t made; /* UTC seconds */
	bool is_retired;
	int64_t retired; /* the last day whose tokens it proves */
};

struct sign_keys {
	struct sign_key list[SIGN_KEYS_MAX]; /* the oldest first */
	size_t n;
	int64_t lifetime; /* seconds behind its day that a token proves */
};

/* What a token says. */
struct sign_claim {
	char rcpt[ADDRESS_MAX]; /* key; "": none */
	char stream[SIGN_STREAM_MAX + 1];
	char message_id[SIGN_MESSAGE_MAX + 1];
	char key[SIGN_NAME + 1];
	int64_t day; /* since 1970 */
};

enum sign_cause {
	SIGN_OK,
	SIGN_NONE, /* no token in it */
	SIGN_MALFORMED, /* a token, and then something that is none of ours */
	SIGN_NO_KEY, /* no key of that name */
	SIGN_WRONG, /* the tag is not that key's: forged, altered, another's */
	SIGN_UNNAMED, /* the token alone, and nobody named to try it on */
	SIGN_RETIRED, /* made after its key was retired */
	SIGN_EXPIRED,
	SIGN_FUTURE /* of a day later than tomorrow */
};

const char *sign_cause_text(enum sign_cause c);

/* The UTC day that a token tells, from 1970 on; 0 for what is before. */
int64_t sign_day(int64_t utc);

/* Whether s can be a key's name: a-z and 2-7. */
bool sign_is_name(struct str s);
const struct sign_key *sign_key_find(
    const struct sign_keys *keys, struct str name);
/* The key that signs: the newest that is not retired; NULL: none. */
const struct sign_key *sign_key_active(const struct sign_keys *keys);

/* Fills c in the form that is signed; false with an error told (EX_DATAERR)
 * when something is not fit for it. stream and message_id may be empty. */
bool sign_claim_make(struct sign_claim *c, struct str rcpt, struct str stream,
    struct str message_id, struct err *e);

/*
 * The local part for c behind prefix (may be empty), by key k on the day of
 * now, into out: with the stream and the recipient where both fit in 64
 * bytes, else without the stream, else the token alone. The message id is not
 * part of it. False when the prefix leaves no room for any.
 */
bool sign_local(const struct sign_key *k, const struct sign_claim *c,
    struct str prefix, int64_t now, char out[SIGN_LOCAL_MAX + 1]);

/* The header field's value for c: appended. */
void sign_header(const struct sign_key *k, const struct sign_claim *c,
    int64_t now, struct buf *out);

/* Whether a token's form stands in an address or a local part, right or not:
 * nobody but a token that proves may tell the recipient of such a one. */
bool sign_is_in(struct str address);

/*
 * What an address or a local part proves at the time now. named is whom the
 * report itself names (any form; may be empty), for a token that stands alone.
 * Whatever comes but SIGN_OK proves nothing: out->rcpt is "" then.
 */
enum sign_cause sign_verify_address(const struct sign_keys *keys,
    struct str address, struct str named, int64_t now, struct sign_claim *out);

/* The same of a header field's value. */
enum sign_cause sign_verify_header(const struct sign_keys *keys,
    struct str value, int64_t now, struct sign_claim *out);

#endif
