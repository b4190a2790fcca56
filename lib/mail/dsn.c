/* dsn.c - delivery status: the fields of RFC 3464 and RFC 6533 as events. */
#include "mail/dsn.h"

#include <stddef.h>

#include "mail/recipient.h"
#include "mail/reply.h"

static const struct {
	const char *name;
	size_t slot;
} SLOTS[] = {
	{ "Original-Recipient", offsetof(struct dsn_group, original) },
	{ "Final-Recipient", offsetof(struct dsn_group, final) },
	{ "X-Actual-Recipient", offsetof(struct dsn_group, actual) },
	{ "Action", offsetof(struct dsn_group, action) },
	{ "Status", offsetof(struct dsn_group, status) },
	{ "Diagnostic-Code", offsetof(struct dsn_group, diag) },
	{ "Remote-MTA", offsetof(struct dsn_group, mta) },
	{ "X-PowerMTA-BounceCategory", offsetof(struct dsn_group, bounce_cat) },
};

static struct str *
slot_of(struct dsn_group *g, struct str name)
{
	for (size_t i = 0; i < COUNT(SLOTS); i++)
		if (str_ieq(name, str_from(SLOTS[i].name)))
			return (
			    struct str *)(void *)((char *)g + SLOTS[i].slot);
	return NULL;
}

/* "dns; mx.example.com (192.0.2.1)" without its type. */
static struct str
without_dns(struct str mta)
{
	size_t semi = str_chr(mta, ';');

	if (semi < mta.n && str_chr(str_sub(mta, 0, semi), '.') >= semi)
		return str_trim(str_skip(mta, semi + 1));
	return mta;
}

static bool
names_someone(const struct dsn_group *g)
{
	return g->original.p != NULL || g->final.p != NULL;
}

static bool
is_any(const struct dsn_group *g)
{
	return names_someone(g) || g->action.p != NULL || g->status.p != NULL;
}

/* Whether a field of that slot belongs to the next recipient already. */
static bool
opens_next(
    const struct dsn_group *g, const struct str *slot, const struct field *f)
{
	bool names = slot == &g->original || slot == &g->final;

	if (!names)
		return false;
	return slot->p != NULL ||
	    (f->apart && names_someone(g) &&
		(g->action.p != NULL || g->status.p != NULL));
}

bool
dsn_next(struct dsn *d, struct dsn_group *g)
{
	struct field f;

	*g = (struct dsn_group){ 0 };
	while (d->has_held || fields_next(&d->rest, &f)) {
		struct str *slot;

		if (d->has_held)
			f = d->held;
		d->has_held = false;
		if (str_ieq(f.name, STR("Original-Envelope-Id")))
			d->envid = f.value;
		if (str_ieq(f.name, STR("Reporting-MTA")))
			d->reporting = without_dns(f.value);
		slot = slot_of(g, f.name);
		if (slot == NULL)
			continue;
		if (opens_next(g, slot, &f)) {
			d->held = f;
			d->has_held = true;
			return true;
		}
		if (slot->n == 0)
			*slot = f.value;
	}
	return is_any(g);
}

/* The last word on a recipient that was not a failure. */
static bool
is_failure(const struct dsn_group *g)
{
	static const char *const NOT[] = { "delay", "relay", "expand",
		"deliver", "success" };
	static const char *const IS[] = { "fail", "error", "expire" };
	struct reply_status st;

	for (size_t i = 0; i < COUNT(IS); i++)
		if (str_istarts(g->action, str_from(IS[i])))
			return true;
	for (size_t i = 0; i < COUNT(NOT); i++)
		if (str_istarts(g->action, str_from(NOT[i])))
			return false;
	return !reply_status_of(g->status, &st) || st.class == 5;
}

/* The first of the three that is of use; what is wrong with the last else. */
static void
take_recipient(const struct dsn_group *g, struct event *ev)
{
	ev->skip = SKIP_NO_RECIPIENT;
	if (g->original.n > 0 && recipient_take_original(ev, g->original)) {
		ev->found = FOUND_NAMED;
		recipient_key(g->final, ev->named, sizeof ev->named);
		if (str_eq(str_from(ev->named), str_from(ev->address)))
			ev->named[0] = '\0';
		return;
	}
	if (ev->skip == SKIP_REDACTED)
		return;
	if (g->final.n > 0 && recipient_take(ev, g->final))
		return;
	if (ev->skip != SKIP_REDACTED && g->actual.n > 0)
		(void)recipient_take(ev, g->actual);
}

void
dsn_event(const struct dsn *d, const struct dsn_group *g, struct event *ev)
{
	ev->action = g->action;
	ev->status = g->status;
	ev->diag = g->diag;
	ev->bounce_cat = g->bounce_cat;
	ev->mta = without_dns(g->mta);
	if (d->envid.n > 0)
		ev->envid = d->envid;
	take_recipient(g, ev);
	if (!is_failure(g))
		ev->skip = SKIP_NOT_A_FAILURE;
}

bool
dsn_is_in(struct str text)
{
	struct field f;

	while (fields_next(&text, &f))
		if (str_ieq(f.name, STR("Final-Recipient")) ||
		    str_ieq(f.name, STR("Original-Recipient")))
			return true;
	return false;
}
