/* status_policy.c - whether the policy lists, and whom it must not. */
#include "status_policy.h"

#include <inttypes.h>

#include "base/quote.h"

/* Entries on addresses that the settings say are never to be suppressed. */
struct standing_on {
	const struct never *never;
	int64_t n;
	char address[ADDRESS_MAX]; /* the first */
};

static bool
on_address(void *ctx, struct str address, struct err *e)
{
	struct standing_on *s = ctx;
	struct never_hit hit;

	(void)e;
	if (never_find(s->never, address, &hit) && s->n++ == 0)
		str_copy(address, s->address, sizeof s->address);
	return true;
}

static bool
tell_never(struct app *a, struct json *root, struct buf *text, struct err *e)
{
	struct standing_on s = { .never = &a->config.never };
	struct json *o;

	if (s.never->n > 0 &&
	    !entry_addresses(a->store, a->now, on_address, &s, e))
		return false;
	o = json_new_object();
	json_number(o, "patterns", s.never->n);
	json_number(o, "entries", s.n);
	json_text_or_none(o, "example", str_from(s.address));
	json_put(root, "never_suppress", o);
	if (s.never->n == 0)
		return true;
	buf_addf(text, "never      %u lines of [never-suppress]",
	    (unsigned)s.never->n);
	if (s.n > 0) {
		buf_addf(text, "; YET %" PRId64 " entries suppress such "
		    "addresses, e.g. ", s.n);
		quote_add(text, str_from(s.address));
		buf_adds(text, ": 'show' tells, 'remove' lifts");
	}
	buf_addc(text, '\n');
	return true;
}

bool
status_policy(struct app *a, struct json *root, struct buf *text,
    struct err *e)
{
	bool observe = a->config.observe;

	json_text(root, "mode", observe ? STR("observe") : STR("enforce"));
	buf_adds(text, observe
	    ? "mode       OBSERVE: evidence is kept, yet the policy lists "
	      "NOBODY; see [policy] mode\n" : "mode       enforce\n");
	return tell_never(a, root, text, e);
}
