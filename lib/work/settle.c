/* settle.c - a person's word on an incident: what it holds is applied or
 * dropped. */
#include "work/settle.h"

#include "base/arena.h"
#include "base/clock.h"
#include "work/inside.h"

/* What is held of one address, one a class and stream. Judging changes what is
 * held, so all of it is read before. */
struct held_row {
	struct held_row *next;
	const char *address, *scope;
	enum class class;
};

struct held_rows {
	struct arena memory;
	struct held_row *first, *last;
};

/* The same text as the row before has is not copied again. */
static const char *
text_of(struct arena *a, struct str s, const char *before)
{
	return before != NULL && str_eq(s, str_from(before)) ? before
	                                                     : arena_text(a, s);
}

static bool
keep_held(void *ctx, struct str address, enum class c, struct str scope,
    struct err *e)
{
	struct held_rows *all = ctx;
	struct held_row *last = all->last;
	struct held_row *r = arena_take(&all->memory, sizeof *r);

	if (r == NULL)
		return err_memory(e);
	*r = (struct held_row){ .class = c,
		.address = text_of(&all->memory, address,
		    last == NULL ? NULL : last->address),
		.scope = text_of(&all->memory, scope,
		    last == NULL ? NULL : last->scope) };
	if (r->address == NULL || r->scope == NULL)
		return err_memory(e);
	if (last == NULL)
		all->first = r;
	else
		last->next = r;
	all->last = r;
	return true;
}

static bool
apply(struct work *w, const struct held_row *held, struct settled *out,
    struct err *e)
{
	struct again g = { .address = str_from(held->address),
		.scope = str_from(held->scope),
		.ladder = policy_ladder(held->class), .bulk = w->bulk };
	int64_t before = w->sums.suppressed;

	if (!decide_again(w, &g, e))
		return false;
	out->listed += w->sums.suppressed - before;
	return true;
}

static bool
drop_entry(struct work *w, const struct held_row *held,
    const struct ruling *r, struct settled *out, struct err *e)
{
	enum ladder l = policy_ladder(held->class);
	struct str address = str_from(held->address), scope = STR("global");
	struct standing was;
	bool lifted;

	if (policy_ladder_info(l)->stream && held->scope[0] != '\0')
		scope = str_from(held->scope);
	if (!entry_standing(w->store, address, scope, l, &was, e))
		return false;
	if (!was.found || was.state != ENTRY_HELD ||
	    was.incident != r->incident)
		return true;
	out->listed++;
	return entry_lift(w->store, &(struct entry_lift){ .address = address,
	    .scope = scope, .class = was.class, .upto = was.mark,
	    .why = STR("incident discarded"), .bulk = r->bulk }, r->who,
	    w->now, &lifted, e);
}

static bool
settle_one(struct work *w, const struct held_row *held,
    const struct ruling *r, struct settled *out, struct err *e)
{
	return evidence_settle(w->store, str_from(held->address),
	    policy_ladder(held->class), r->incident, r->drop, r->bulk, e) &&
	    (r->drop ? drop_entry(w, held, r, out, e)
	             : apply(w, held, out, e));
}

bool
incident_settle(struct work *w, const struct ruling *r, struct settled *out,
    struct err *e)
{
	struct held_rows all = { 0 };
	const char *address = NULL; /* one address, one pointer */
	bool ok;

	*out = (struct settled){ 0 };
	w->now = clock_now();
	w->bulk = r->drop ? 0 : r->bulk;
	ok = incident_held(w->store, r->incident, keep_held, &all, e);
	for (const struct held_row *h = all.first; h != NULL && ok;
	     h = h->next) {
		out->addresses += h->address != address;
		address = h->address;
		ok = settle_one(w, h, r, out, e);
	}
	w->bulk = 0;
	arena_release(&all.memory);
	return ok && (out->addresses == 0 || incident_set_state(w->store,
	    r->incident, r->drop ? INCIDENT_DISCARDED : INCIDENT_RELEASED,
	    r->bulk, e));
}
