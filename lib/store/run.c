/* run.c - many new entries at once: their changes are one run of numbers, that
 * takes no rows of its own. */
#include "store/inside.h"

bool
entry_run_begin(struct store *s, struct entry_run *r, struct str who,
    int64_t bulk, int64_t now, struct err *e)
{
	int64_t last;

	*r = (struct entry_run){ .bulk = bulk, .now = now };
	if (!change_last(s, &last, e))
		return false;
	r->first = r->next = last + 1;
	return store_word(s, who, &r->who, e);
}

/* Whether the key comes behind the last one: only then is the order of keys
 * that of numbers. */
static bool
in_order(const struct entry_run *r, struct str address, int64_t scope,
    enum class c)
{
	int order = str_cmp(str_from(r->address), address);

	if (r->next == r->first || order != 0)
		return order < 0;
	return r->scope < scope || (r->scope == scope && r->class < c);
}

bool
entry_run_add(struct store *s, struct entry_run *r, const struct entry *en,
    bool *added, struct err *e)
{
	struct entry_words w;

	*added = false;
	if (!entry_words(s, en, STR(""), &w, e))
		return false;
	if (!in_order(r, en->address, w.scope, en->class))
		return true;
	if (!db_run(s->db, SQL_RUN_ENTRY, e, "tiiiiiiiiii", en->address,
	    w.scope, (int64_t)en->class, en->since, en->until, w.rule,
	    w.source, w.reason, r->bulk, r->next,
	    (int64_t)en->subdomains))
		return false;
	*added = db_changes(s->db) > 0;
	if (!*added)
		return true;
	r->scope = w.scope;
	r->class = en->class;
	r->next++;
	return str_copy(en->address, r->address, sizeof r->address) ||
	    err_set(e, EX_SOFTWARE, "an address is too long for its place");
}

bool
entry_run_end(struct store *s, struct entry_run *r, struct err *e)
{
	if (r->next == r->first)
		return true;
	/* The last one gets a row, so the numbers go on behind it. */
	return db_run(s->db, SQL_RUN_ADD, e, "iiiii", r->first, r->next - 1,
	    r->now, r->who, r->bulk) &&
	    change_settle(s, str_from(r->address), r->scope, r->class, e);
}

bool
change_settle(struct store *s, struct str address, int64_t scope,
    enum class c, struct err *e)
{
	return db_run(s->db, SQL_RUN_SETTLE, e, "tii", address, scope,
	    (int64_t)c);
}
