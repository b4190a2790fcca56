/* guard.c - what keeps the policy from listing an address whose evidence is
 * enough: the site's never-suppress list, and the mode that only observes. */
#include "work/inside.h"

/* How often a pattern has saved somebody is told in status. */
static bool
tell_never(struct work *w, const struct never_hit *hit, struct err *e)
{
	buf_clear(&w->text);
	buf_add(&w->text, hit->label);
	buf_adds(&w->text, " = ");
	buf_add(&w->text, hit->pattern);
	return buf_ok(&w->text, e) && notice_add(w->store,
	    STR("never-suppress"), buf_str(&w->text), 0, w->now, e);
}

bool
guard_stops(struct work *w, struct str address, bool *stops, struct err *e)
{
	struct never_hit hit;

	*stops = true;
	if (never_find(&w->config->never, address, &hit))
		return tell_never(w, &hit, e);
	*stops = w->config->observe;
	return true;
}
