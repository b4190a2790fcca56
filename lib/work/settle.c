/* settle.c - a person's word on an incident: what it holds is applied or
 * dropped. */
#include "work/settle.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "work/inside.h"

#define AT_ONCE 64

/* What is held of one address, one row a class and stream. */
struct held_row {
	char address[ADDRESS_MAX], scope[256];
	enum class class;
};

struct held_rows {
	struct held_row row[AT_ONCE];
	size_t n;
};

static bool
keep_held(void *ctx, struct str address, enum class c, struct str scope,
    struct err *e)
{
	struct held_rows *all = ctx;
	struct held_row *r = &all->row[all->n];

	(void)e;
	r->class = c;
	if (!str_copy(scope, r->scope, sizeof r->scope))
		r->scope[0] = '\0';
	all->n += str_copy(address, r->address, sizeof r->address);
	return all->n < AT_ONCE;
}

static bool
apply(struct work *w, const struct held_row *r, struct settled *out,
    struct err *e)
{
	struct again g = { .address = str_from(r->address),
		.scope = str_from(r->scope),
		.ladder = policy_ladder(r->class), .bulk = w->bulk };
	int64_t before = w->sums.suppressed;

	if (!decide_again(w, &g, e))
		return false;
	out->listed += w->sums.suppressed - before;
	return true;
}

static bool
drop_entry(struct work *w, const struct held_row *r, int64_t incident,
    int64_t bulk, struct str who, struct settled *out, struct err *e)
{
	enum ladder l = policy_ladder(r->class);
	struct str address = str_from(r->address), scope = STR("global");
	struct standing was;
	bool lifted;

	if (policy_ladder_info(l)->stream && r->scope[0] != '\0')
		scope = str_from(r->scope);
	if (!entry_standing(w->store, address, scope, l, &was, e))
		return false;
	if (!was.found || was.state != ENTRY_HELD || was.incident != incident)
		return true;
	out->listed++;
	return entry_lift(w->store, address, scope, was.class, was.mark, who,
	    STR("incident discarded"), bulk, w->now, &lifted, e);
}

bool
incident_settle(struct work *w, int64_t incident, bool drop, int64_t bulk,
    struct str who, struct settled *out, struct err *e)
{
	struct held_rows *all = malloc(sizeof *all);
	char from[ADDRESS_MAX] = "", last[ADDRESS_MAX] = "";
	bool ok = all != NULL || err_memory(e);

	*out = (struct settled){ 0 };
	w->now = clock_now();
	w->bulk = drop ? 0 : bulk;
	do {
		if (!ok)
			break;
		all->n = 0;
		/* What is settled is not held any more; of the last address
		 * there may be more. */
		ok = incident_held(w->store, incident, str_from(from),
		    AT_ONCE, keep_held, all, e);
		for (size_t i = 0; i < all->n && ok; i++) {
			const struct held_row *r = &all->row[i];

			out->addresses += strcmp(r->address, last) != 0;
			memcpy(last, r->address, sizeof last);
			ok = evidence_settle(w->store, str_from(r->address),
			    policy_ladder(r->class), incident, drop, bulk, e) &&
			    (drop ? drop_entry(w, r, incident, bulk, who, out,
			        e) : apply(w, r, out, e));
		}
		memcpy(from, last, sizeof from);
	} while (ok && all->n > 0);
	w->bulk = 0;
	free(all);
	return ok && (out->addresses == 0 || incident_set_state(w->store, incident, drop
	    ? INCIDENT_DISCARDED : INCIDENT_RELEASED, bulk, e));
}
