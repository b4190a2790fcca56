/* mail_claims.c - the tokens that a mail report carries. */
#include "mail/mail_claims.h"

#include "mail/fields.h"

/* Where a mail tells whom it was sent to, the surest first. */
static const char *const SENT_TO[] = { "Delivered-To", "X-Original-To", "To" };

struct str
mail_sent_to(struct str head, struct str to)
{
	for (size_t i = 0; i < COUNT(SENT_TO) && to.n == 0; i++)
		to = fields_get(head, str_from(SENT_TO[i]));
	return fields_address(to);
}

static void
take_headers(const struct report *r, int64_t at, struct claims *c)
{
	struct str name = c->settings->header;

	for (size_t i = 0; i < r->n; i++)
		if (r->parts[i].kind == PART_ORIGINAL)
			claims_header(
			    c, fields_get(r->parts[i].text, name), at);
	/* JMRP may send the mail itself; others return it as text. */
	claims_header(c, fields_get(r->head, name), at);
	for (size_t i = 0; i < r->n; i++)
		if (r->parts[i].kind == PART_TEXT)
			claims_header(
			    c, fields_get(r->parts[i].text, name), at);
}

static void
take_addresses(const struct report *r, const struct event *base,
    struct claims *c)
{
	struct str received = { 0 };
	int64_t utc;

	claims_address(c, fields_address(base->orig), base->time);
	(void)fields_received(
	    fields_get(r->head, STR("Received")), &received, &utc);
	claims_address(c, received, base->time);
	for (size_t i = 0; i < COUNT(SENT_TO); i++)
		claims_address(c,
		    fields_address(fields_get(r->head, str_from(SENT_TO[i]))),
		    base->time);
}

void
mail_claims(const struct report *r, const struct event *base, struct claims *c)
{
	claims_begin(c);
	if (!claims_on(c))
		return;
	if (c->settings->header.n > 0)
		take_headers(r, base->time, c);
	take_addresses(r, base, c);
}
