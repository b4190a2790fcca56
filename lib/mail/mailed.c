/* mailed.c - whom the mail went to that a report is about. */
#include "mail/mailed.h"

#include <string.h>

#include "mail/address.h"
#include "mail/reason.h"
#include "mail/recipient.h"

/* Whom the address names that a bounce came back to. */
static bool
verp_of(const struct mailed *m, const struct event *ev, char *whom)
{
	const struct message_settings *c = m->settings;

	return c != NULL && c->verp_prefix.n > 0 && ev->kind == KIND_MB &&
	    address_verp(ev->orig, c->verp_prefix, STR(""), whom,
		ADDRESS_MAX) == VERP_OK;
}

/* That one was mailed to, whoever failed behind him. */
static bool
fill_from_verp(const struct mailed *m, struct event *ev)
{
	struct event by = *ev;
	char whom[ADDRESS_MAX];

	if (!verp_of(m, ev, whom) || !recipient_take(&by, str_from(whom)))
		return false;
	if (ev->address[0] != '\0' && strcmp(by.address, ev->address) != 0)
		memcpy(ev->named, ev->address, sizeof ev->named);
	memcpy(ev->address, by.address, sizeof ev->address);
	ev->skip = SKIP_NONE;
	ev->found = FOUND_VERP;
	return true;
}

void
mailed_fill(struct mailed *m, struct event *ev)
{
	bool lacks = ev->skip == SKIP_NO_RECIPIENT ||
	    ev->skip == SKIP_BAD_ADDRESS || ev->skip == SKIP_REDACTED;
	bool sure = ev->found != FOUND_NONE && !lacks;

	if (!lacks && ev->skip != SKIP_NONE)
		return;
	if (!lacks)
		ev->found = FOUND_NAMED;
	if (!claims_fill(&m->claims, ev) && (sure || !fill_from_verp(m, ev)))
		return;
	if (!lacks)
		return;
	ev->rcpt = str_from(ev->address);
	if (ev->kind == KIND_MB && ev->diag.n == 0)
		ev->diag = reason_of_all(m->words);
}

/* Whom the mail went to that is reported, as a key. */
static bool
knows_whom(const struct mailed *m, const struct event *base, char *key)
{
	char whom[ADDRESS_MAX];

	if (m->claims.whole)
		return str_copy(
		    str_from(m->claims.claim.rcpt), key, ADDRESS_MAX);
	return verp_of(m, base, whom) &&
	    recipient_key(str_from(whom), key, ADDRESS_MAX);
}

void
mailed_pick(
    const struct mailed *m, const struct event *base, struct freeform *f)
{
	char key[ADDRESS_MAX], own[ADDRESS_MAX];
	size_t best = f->n;

	if (f->n < 2 || !knows_whom(m, base, key))
		return;
	for (size_t i = 0; i < f->n; i++) {
		if (recipient_key(f->hits[i].rcpt, own, sizeof own) &&
		    strcmp(own, key) == 0) {
			best = i;
			break;
		}
		if (best == f->n && f->hits[i].diag.n > 0)
			best = i;
	}
	f->hits[0] = f->hits[best < f->n ? best : 0];
	f->n = 1;
}
