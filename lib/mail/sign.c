/* sign.c - proof of sending: tokens that say whom a mail of ours went to. */
#include "mail/sign.h"

#include <string.h>

#include "base/base32.h"
#include "base/clock.h"
#include "base/number.h"
#include "base/quote.h"
#include "wrap/glib.h"

#define VERSION_MARK '1' /* no base32: a token is told by it */
#define DAY_AT (1 + SIGN_NAME)
#define DAY_DIGITS 4 /* hex: until the year 2149 */
#define DAY_LAST 0xffff
#define TAG_AT (DAY_AT + DAY_DIGITS)
#define TAG 16
#define TAG_BYTES 10 /* 80 bits: exactly 16 letters */
#define BODY_MAX (ADDRESS_MAX + SIGN_STREAM_MAX + SIGN_MESSAGE_MAX + 2)
#define VALUE_MAX (SIGN_TOKEN + BASE32_LENGTH(BODY_MAX))

_Static_assert(TAG_AT + TAG == SIGN_TOKEN, "the parts make the token");
_Static_assert(BASE32_LENGTH(TAG_BYTES) == TAG, "no bit is spare");

static const char *const CAUSES[] = {
	[SIGN_OK] = "signed by us",
	[SIGN_NONE] = "there is no token in it",
	[SIGN_MALFORMED] = "what stands beside the token is none of the forms",
	[SIGN_NO_KEY] = "there is no key of that name",
	[SIGN_WRONG] = "the tag is wrong: forged, altered, or for another",
	[SIGN_UNNAMED] = "the token stands alone: name whom it is for",
	[SIGN_RETIRED] = "made after its key was retired",
	[SIGN_EXPIRED] = "too old",
	[SIGN_FUTURE] = "of a day that is yet to come",
};

const char *
sign_cause_text(enum sign_cause c)
{
	return (size_t)c < COUNT(CAUSES) ? CAUSES[c] : "unknown";
}

int64_t
sign_day(int64_t utc)
{
	return utc > 0 ? utc / CLOCK_DAY : 0;
}

static bool
all_base32(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (base32_value(s.p[i]) < 0)
			return false;
	return true;
}

bool
sign_is_name(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] != ascii_lower(s.p[i]))
			return false;
	return s.n == SIGN_NAME && all_base32(s);
}

const struct sign_key *
sign_key_find(const struct sign_keys *keys, struct str name)
{
	for (size_t i = 0; i < keys->n; i++)
		if (str_eq(name, str_from(keys->list[i].name)))
			return &keys->list[i];
	return NULL;
}

const struct sign_key *
sign_key_active(const struct sign_keys *keys)
{
	for (size_t i = keys->n; i > 0; i--)
		if (!keys->list[i - 1].is_retired)
			return &keys->list[i - 1];
	return NULL;
}

/* ---- what is signed ---- */

/* Bytes that a line of the signed text, a list and a terminal can bear. */
static bool
is_word(struct str s, bool ascii)
{
	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];

		if (c <= ' ' || c == 0x7f || (ascii && c > 0x7f))
			return false;
	}
	return true;
}

static bool
put_stream(struct sign_claim *c, struct str stream)
{
	/* These would tear a row of the lists that go out. */
	static const char *const TORN = ",\"'\\";

	if (!is_word(stream, true) ||
	    !str_copy(stream, c->stream, sizeof c->stream))
		return false;
	for (char *p = c->stream; *p != '\0'; p++) {
		if (strchr(TORN, *p) != NULL)
			return false;
		*p = ascii_lower(*p);
	}
	return true;
}

bool
sign_claim_make(struct sign_claim *c, struct str rcpt, struct str stream,
    struct str message_id, struct err *e)
{
	char shown[80];
	enum address_cause why;

	memset(c, 0, sizeof *c);
	why = address_key(rcpt, c->rcpt, sizeof c->rcpt);
	if (why != ADDRESS_OK)
		return err_set(e, EX_DATAERR,
		    "\"%s\": this is no address: %s; write user@domain",
		    str_quote(rcpt, shown, sizeof shown),
		    address_cause_text(why));
	if (!put_stream(c, str_trim(stream)))
		return err_set(e, EX_DATAERR,
		    "\"%s\": no name of a stream; take printable characters "
		    "but blanks, commas, quotes and backslashes, at most %d",
		    str_quote(stream, shown, sizeof shown), SIGN_STREAM_MAX);
	message_id = str_trim(message_id);
	if (!is_word(message_id, false) ||
	    !str_copy(message_id, c->message_id, sizeof c->message_id))
		return err_set(e, EX_DATAERR,
		    "\"%s\": no Message-ID; give it without blanks, at most "
		    "%d bytes", str_quote(message_id, shown, sizeof shown),
		    SIGN_MESSAGE_MAX);
	return true;
}

static struct str
body_of(const struct sign_claim *c, char out[BODY_MAX])
{
	/* It fits: each part has its bound. */
	(void)number_print(out, BODY_MAX, "%s\n%s\n%s", c->rcpt, c->stream,
	    c->message_id);
	return str_from(out);
}

/* The tag's letters; no NUL. */
static void
tag_of(const struct sign_key *k, const struct sign_claim *c, int64_t day,
    char out[TAG])
{
	char body[BODY_MAX], text[BODY_MAX + 32], mac[GLIB_HMAC];

	(void)number_print(text, sizeof text, "%c\n%s\n%0*llx\n%.*s",
	    VERSION_MARK, k->name, DAY_DIGITS, (unsigned long long)day,
	    STR_ARG(body_of(c, body)));
	glib_hmac(str_of(k->secret, sizeof k->secret), str_from(text), mac);
	base32_encode(str_of(mac, TAG_BYTES), out);
}

static void
token_of(const struct sign_key *k, const struct sign_claim *c, int64_t now,
    char out[SIGN_TOKEN + 1])
{
	int64_t day = sign_day(now) & DAY_LAST;

	(void)number_print(out, SIGN_TOKEN + 1, "%c%s%0*llx", VERSION_MARK,
	    k->name, DAY_DIGITS, (unsigned long long)day);
	tag_of(k, c, day, out + TAG_AT);
	out[SIGN_TOKEN] = '\0';
}

/* ---- making ---- */

/* LOCAL=DOMAIN, "" where it would need quotes or is no ASCII. */
static void
verp_of(const char *rcpt, char out[ADDRESS_MAX])
{
	struct str s = str_from(rcpt);
	size_t at = str_rchr(s, '@');

	out[0] = '\0';
	if (at == s.n || rcpt[0] == '"' || !is_word(s, true))
		return;
	memcpy(out, rcpt, s.n + 1);
	out[at] = '=';
}

/* A stream that an unquoted local part can carry between two '='. */
static bool
is_carried(const char *stream)
{
	struct str s = str_from(stream);

	for (size_t i = 0; i < s.n; i++)
		if (!ascii_is_alnum(s.p[i]) &&
		    str_chr(STR("-_."), s.p[i]) == 3)
			return false;
	return s.n > 0 && !str_starts(s, STR(".")) &&
	    !str_ends(s, STR(".")) && str_find(s, STR("..")) == s.n;
}

/* One form; out is "" and false where it does not fit. */
static bool
local_form(const struct sign_key *k, const struct sign_claim *c, int64_t now,
    const char *head, char *out)
{
	char token[SIGN_TOKEN + 1], verp[ADDRESS_MAX];
	bool streamed = c->stream[0] != '\0';

	token_of(k, c, now, token);
	verp_of(c->rcpt, verp);
	return verp[0] != '\0' && number_print(out, SIGN_LOCAL_MAX + 1,
	    "%s%s%s%s%s%s", head, token, streamed ? "=" : "", c->stream,
	    streamed ? "=" : "-", verp);
}

bool
sign_local(const struct sign_key *k, const struct sign_claim *c,
    struct str prefix, int64_t now, char out[SIGN_LOCAL_MAX + 1])
{
	struct sign_claim some = *c;
	char head[SIGN_LOCAL_MAX + 1] = "", token[SIGN_TOKEN + 1];

	if (prefix.n > 0 && !number_print(head, sizeof head, "%.*s-",
	    STR_ARG(prefix)))
		return false;
	some.message_id[0] = '\0';
	if (is_carried(c->stream) && local_form(k, &some, now, head, out))
		return true;
	some.stream[0] = '\0';
	if (local_form(k, &some, now, head, out))
		return true;
	token_of(k, &some, now, token);
	return number_print(out, SIGN_LOCAL_MAX + 1, "%s%s", head, token);
}

void
sign_header(const struct sign_key *k, const struct sign_claim *c, int64_t now,
    struct buf *out)
{
	char token[SIGN_TOKEN + 1], text[BODY_MAX];
	struct str body = body_of(c, text);
	char *to;

	token_of(k, c, now, token);
	buf_adds(out, token);
	to = buf_room(out, BASE32_LENGTH(body.n));
	if (to == NULL)
		return;
	base32_encode(body, to);
	out->n += BASE32_LENGTH(body.n);
}

/* ---- verifying ---- */

/* The four digits; -1: they are none. */
static int64_t
day_of(struct str s)
{
	int64_t day = 0;

	if (s.n < DAY_DIGITS)
		return -1;
	for (size_t i = 0; i < DAY_DIGITS; i++) {
		char c = ascii_lower(s.p[i]);

		if (!ascii_is_digit(c) && (c < 'a' || c > 'f'))
			return -1;
		day = day * 16 + (ascii_is_digit(c) ? c - '0' : c - 'a' + 10);
	}
	return day;
}

/* Whether s begins with a token's form. */
static bool
has_form(struct str s)
{
	return s.n >= SIGN_TOKEN && s.p[0] == VERSION_MARK &&
	    all_base32(str_sub(s, 1, SIGN_NAME)) &&
	    day_of(str_skip(s, DAY_AT)) >= 0 &&
	    all_base32(str_sub(s, TAG_AT, TAG));
}

/* How long it takes tells nobody how many letters were right. */
static bool
same_tag(const char *a, const char *b)
{
	unsigned char differs = 0;

	for (size_t i = 0; i < TAG; i++)
		differs |= (unsigned char)(a[i] ^ b[i]);
	return differs == 0;
}

/* Whether a token with the right tag proves at this time. */
static enum sign_cause
timely(const struct sign_keys *keys, const struct sign_key *k, int64_t day,
    int64_t now)
{
	if (k->is_retired && day > k->retired)
		return SIGN_RETIRED;
	if (day > sign_day(now) + 1)
		return SIGN_FUTURE;
	return now >= (day + 1) * CLOCK_DAY + keys->lifetime ? SIGN_EXPIRED
							     : SIGN_OK;
}

/* Whether token (its form is right, in lower case) is what c says. */
static enum sign_cause
check(const struct sign_keys *keys, struct str token, int64_t now,
    struct sign_claim *c)
{
	const struct sign_key *k =
	    sign_key_find(keys, str_sub(token, 1, SIGN_NAME));
	char want[TAG];

	(void)str_copy(str_sub(token, 1, SIGN_NAME), c->key, sizeof c->key);
	c->day = day_of(str_skip(token, DAY_AT));
	if (k == NULL)
		return SIGN_NO_KEY;
	tag_of(k, c, c->day, want);
	return same_tag(want, token.p + TAG_AT)
	    ? timely(keys, k, c->day, now) : SIGN_WRONG;
}

/* Only what proves may tell anything. */
static enum sign_cause
finish(enum sign_cause why, struct sign_claim *c)
{
	if (why != SIGN_OK)
		c->rcpt[0] = c->stream[0] = c->message_id[0] = '\0';
	return why;
}

/* The first token of a local part, and what stands behind it. */
static bool
find_token(struct str local, struct str *token, struct str *rest)
{
	for (size_t i = 0; i + SIGN_TOKEN <= local.n; i++) {
		struct str s = str_skip(local, i);

		if (i > 0 && local.p[i - 1] != '-' && local.p[i - 1] != '+')
			continue;
		if (!has_form(s))
			continue;
		*token = str_sub(s, 0, SIGN_TOKEN);
		*rest = str_skip(s, SIGN_TOKEN);
		if (rest->n == 0 || rest->p[0] == '-' || rest->p[0] == '=')
			return true;
	}
	return false;
}

/* The local part in lower case, as a view of out. */
static struct str
local_of(struct str address, char out[SIGN_READ_MAX])
{
	struct str s = str_trim(address);
	size_t n;

	if (s.n >= 2 && s.p[0] == '<' && s.p[s.n - 1] == '>')
		s = str_sub(s, 1, s.n - 2);
	s = str_sub(s, 0, str_rchr(s, '@'));
	n = s.n < SIGN_READ_MAX ? s.n : 0;
	for (size_t i = 0; i < n; i++)
		out[i] = ascii_lower(s.p[i]);
	return str_of(out, n);
}

bool
sign_is_in(struct str address)
{
	char text[SIGN_READ_MAX];
	struct str token, rest;

	/* Asked of every report: most have no such digit. */
	if (str_chr(address, VERSION_MARK) == address.n)
		return false;
	return find_token(local_of(address, text), &token, &rest);
}

/* LOCAL=DOMAIN into c. */
static bool
take_verp(struct str verp, struct str stream, struct sign_claim *c)
{
	char rcpt[SIGN_READ_MAX];
	struct err ignored = { 0 };
	size_t at = str_rchr(verp, '=');

	if (at == verp.n || !str_copy(verp, rcpt, sizeof rcpt))
		return false;
	rcpt[at] = '@';
	return sign_claim_make(c, str_from(rcpt), stream, STR(""), &ignored);
}

/* What stands behind a token, into what c says. */
static enum sign_cause
take_rest(struct str rest, struct str named, struct sign_claim *c)
{
	struct str stream = { NULL, 0 };
	struct err ignored = { 0 };

	if (str_starts(rest, STR("="))) {
		rest = str_skip(rest, 1);
		stream = str_sub(rest, 0, str_chr(rest, '='));
		rest = str_skip(rest, stream.n);
		if (stream.n == 0)
			return SIGN_MALFORMED;
	}
	if (rest.n > 0)
		return take_verp(str_skip(rest, 1), stream, c)
		    ? SIGN_OK : SIGN_MALFORMED;
	return sign_claim_make(c, named, stream, STR(""), &ignored)
	    ? SIGN_OK : SIGN_UNNAMED;
}

enum sign_cause
sign_verify_address(const struct sign_keys *keys, struct str address,
    struct str named, int64_t now, struct sign_claim *out)
{
	char text[SIGN_READ_MAX];
	struct str token, rest;
	enum sign_cause why;

	memset(out, 0, sizeof *out);
	if (!find_token(local_of(address, text), &token, &rest))
		return SIGN_NONE;
	why = take_rest(rest, named, out);
	if (why == SIGN_OK)
		why = check(keys, token, now, out);
	return finish(why, out);
}

/* value without white space, in lower case; false: too long. */
static bool
squeeze(struct str value, char *out, size_t cap, size_t *n)
{
	*n = 0;
	for (size_t i = 0; i < value.n; i++) {
		if (ascii_is_space(value.p[i]))
			continue;
		if (*n == cap)
			return false;
		out[(*n)++] = ascii_lower(value.p[i]);
	}
	return true;
}

/* The three lines of body into c; false: other lines, or not as signed. */
static bool
take_body(struct str body, struct sign_claim *c)
{
	char again[BODY_MAX];
	struct str rcpt = { NULL, 0 }, stream = { NULL, 0 }, rest = body;
	struct err ignored = { 0 };

	(void)(str_cut(&rest, '\n', &rcpt) && str_cut(&rest, '\n', &stream));
	return sign_claim_make(c, rcpt, stream, rest, &ignored) &&
	    str_eq(body, body_of(c, again));
}

enum sign_cause
sign_verify_header(const struct sign_keys *keys, struct str value, int64_t now,
    struct sign_claim *out)
{
	char text[VALUE_MAX], body[BODY_MAX];
	struct str s;
	size_t n;

	memset(out, 0, sizeof *out);
	if (!squeeze(value, text, sizeof text, &n))
		return SIGN_NONE;
	s = str_of(text, n);
	if (!has_form(s))
		return SIGN_NONE;
	return finish(base32_decode(str_skip(s, SIGN_TOKEN), body, sizeof body,
		&n) && take_body(str_of(body, n), out)
	    ? check(keys, s, now, out) : SIGN_MALFORMED, out);
}
