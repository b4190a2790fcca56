/* ending.c - ends what has run out, in commits of bounded size. */
#include "ending.h"

static bool
end_some(struct app *a, int64_t *ended, struct err *e)
{
	if (!store_begin(a->store, e))
		return false;
	if (entry_expire(a->store, a->now, ended, e))
		return store_commit(a->store, e) &&
		    store_tidy(a->store, false, e);
	store_rollback(a->store);
	return false;
}

bool
ending_all(struct app *a, int64_t *ended, struct err *e)
{
	int64_t n;

	*ended = 0;
	while (end_some(a, &n, e)) {
		*ended += n;
		if (n < ENTRY_EXPIRE_MAX)
			return true;
		app_let_pipe();
	}
	return false;
}
