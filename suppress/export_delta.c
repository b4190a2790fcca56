/* export_delta.c - changes for a layout that has each address once. */
#include "export_delta.h"

#include <string.h>


/* The entries of one address that go where the changed one went. */
struct stand {
	const struct export_delta *delta;
	struct str group;  /* of a split */
	int64_t change;    /* of the row that is looked at */
	bool later;        /* another entry has a later change */
	bool stands;       /* one is in force */
	int64_t best;      /* the change of the strongest in force */
	enum class class;  /* its */
	bool lost;         /* one that the reader may know went */
	enum class went;   /* the strongest of those */
};

static bool
in_force(const struct entry *en, int64_t now)
{
	return en->state == ENTRY_ACTIVE && (en->until == 0 || en->until > now);
}

/* An entry_fn: one more entry of the address. */
static bool
weigh(void *ctx, const struct entry_row *row, struct err *e)
{
	struct stand *st = ctx;
	const struct export_delta *d = st->delta;
	const struct profile *p = d->sink->rows.profile;
	const struct entry *en = &row->entry;

	(void)e;
	if (!export_sink_carries(d->sink, row, st->group))
		return true;
	st->later = st->later || row->change > st->change;
	if (!in_force(en, d->now)) {
		if (row->change > d->after &&
		    (!st->lost ||
			profile_rank(p, en->class) > profile_rank(p, st->went)))
			st->went = en->class;
		st->lost = st->lost || row->change > d->after;
		return true;
	}
	if (!st->stands ||
	    profile_rank(p, en->class) > profile_rank(p, st->class)) {
		st->best = row->change;
		st->class = en->class;
	}
	st->stands = true;
	return true;
}

/* An entry_fn: writes the strongest, as it is now. */
static bool
put_best(void *ctx, const struct entry_row *row, struct err *e)
{
	const struct stand *st = ctx;

	return row->change != st->best || row->entry.class != st->class ||
	    export_sink_put(st->delta->sink, row, e);
}

/* Whether the list there has another word for the address than it ought to. */
static bool
is_reworded(const struct profile *p, const struct stand *st)
{
	return st->lost &&
	    profile_rank(p, st->went) > profile_rank(p, st->class) &&
	    strcmp(profile_word_of(p, st->went),
		profile_word_of(p, st->class)) != 0;
}

/* The last of an address's changes speaks for all of them. Whoever is still
 * suppressed by another entry must not be taken off the list there. */
bool
export_delta_put(void *ctx, const struct entry_row *row, struct err *e)
{
	const struct export_delta *d = ctx;
	const struct profile *p = d->sink->rows.profile;
	struct entry_filter all = { .address = row->entry.address,
		.all_states = true,
		.now = d->now };
	struct stand st = { .delta = d,
		.change = row->change,
		.group = export_sink_key(d->sink, row) };

	if ((p->traits & PROFILE_ALL) ||
	    !export_sink_carries(d->sink, row, st.group))
		return export_sink_put(d->sink, row, e);
	if (!entry_list(d->store, &all, weigh, &st, e))
		return false;
	if (st.later)
		return true;
	if (!st.stands)
		return export_sink_put(d->sink, row, e);
	/* What stood before is there, unless its word must be another one. */
	return (st.best <= d->after && !is_reworded(p, &st)) ||
	    entry_list(d->store, &all, put_best, &st, e);
}
