/* claims.c - whom a report is about for sure: by the tokens in it. */
#include "mail/claims.h"

#include <string.h>

bool
claims_on(const struct claims *c)
{
	return c->settings != NULL && c->settings->keys != NULL &&
	    c->settings->keys->n > 0;
}

void
claims_begin(struct claims *c)
{
	c->whole = false;
	c->alone = STR("");
}

void
claims_header(struct claims *c, struct str value, int64_t at)
{
	if (claims_on(c) && !c->whole && value.n >= SIGN_TOKEN)
		c->whole = sign_verify_header(c->settings->keys, value, at,
		    &c->claim) == SIGN_OK;
}

void
claims_address(struct claims *c, struct str address, int64_t at)
{
	enum sign_cause why;

	if (!claims_on(c) || c->whole || address.n < SIGN_TOKEN)
		return;
	why = sign_verify_address(
	    c->settings->keys, address, STR(""), at, &c->claim);
	c->whole = why == SIGN_OK;
	if (why == SIGN_UNNAMED && c->alone.n == 0)
		c->alone = address;
}

/* Whether a token that stands alone is for one of those that ev names. */
static bool
is_for_named(struct claims *c, const struct event *ev)
{
	const char *const NAMED[] = { ev->address, ev->named };

	for (size_t i = 0; i < COUNT(NAMED) && c->alone.n > 0; i++)
		if (NAMED[i][0] != '\0' &&
		    sign_verify_address(c->settings->keys, c->alone,
			str_from(NAMED[i]), ev->time, &c->claim) == SIGN_OK)
			return true;
	return false;
}

static bool
lacks_recipient(enum skip why)
{
	return why == SKIP_NO_RECIPIENT || why == SKIP_BAD_ADDRESS ||
	    why == SKIP_REDACTED || why == SKIP_VERP;
}

bool
claims_fill(struct claims *c, struct event *ev)
{
	if (!claims_on(c) || (!c->whole && !is_for_named(c, ev)))
		return false;
	if (strcmp(ev->address, c->claim.rcpt) != 0) {
		if (ev->address[0] != '\0')
			memcpy(ev->named, ev->address, sizeof ev->named);
		memcpy(ev->address, c->claim.rcpt, sizeof ev->address);
	}
	if (strcmp(ev->named, ev->address) == 0)
		ev->named[0] = '\0';
	if (lacks_recipient(ev->skip))
		ev->skip = SKIP_NONE;
	ev->proof = PROOF_SIGNED;
	ev->found = FOUND_SIGNED;
	if (c->claim.stream[0] != '\0')
		ev->stream = str_from(c->claim.stream);
	if (c->claim.message_id[0] != '\0')
		ev->message_id = str_from(c->claim.message_id);
	return true;
}
