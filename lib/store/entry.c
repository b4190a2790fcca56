/* entry.c - who is suppressed: one entry, and the change that each is told
 * with. */
#include "store/erase.h"
#include "store/inside.h"

enum { ACTION_ADD = 1, ACTION_CHANGE, ACTION_HOLD, ACTION_REMOVE };

const char *
entry_state_name(enum entry_state s)
{
	static const char *const NAMES[] = { "active", "held", "lifted",
		"ended" };

	return (size_t)s < COUNT(NAMES) ? NAMES[s] : "?";
}

/* "global" is no word: most entries are, and 0 costs nothing. */
static bool
scope_word(struct store *s, struct str scope, int64_t *id, struct err *e)
{
	if (scope.n == 0 || str_eq(scope, STR("global"))) {
		*id = 0;
		return true;
	}
	return store_word(s, scope, id, e);
}

static bool
scope_find(struct store *s, struct str scope, int64_t *id, struct err *e)
{
	return word_find(s, str_eq(scope, STR("global")) ? STR("") : scope,
	    id, e);
}

bool
entry_get(struct store *s, struct str address, struct str scope, enum class c,
    struct entry *out, bool *found, struct err *e)
{
	struct stmt *st;
	enum db_got got;
	struct str names[4];
	int64_t id;
	bool ok = true;

	*found = false;
	if (!scope_find(s, scope, &id, e))
		return false;
	wait_about(s, WAIT_ENTRY, address);
	st = db_bind(s->db, SQL_ENTRY_FULL, e, "tii", address, id, (int64_t)c);
	got = st == NULL ? DB_FAILED : db_step(st, e);
	if (got == DB_ROW && (ok = names_take(s, st, 7, names, e))) {
		*out = (struct entry){ .address = address,
		    .scope = names[0], .class = c,
		    .state = (enum entry_state)db_int(st, 1),
		    .since = db_int(st, 2), .until = db_int(st, 3),
		    .rule = names[1],
		    .source = names[2],
		    .reason = names[3], .mark = db_int(st, 4),
		    .bulk = db_int(st, 5), .incident = db_int(st, 6),
		    .subdomains = db_int(st, 11) != 0 };
		*found = true;
	}
	db_done(st);
	return got != DB_FAILED && ok;
}

/* What is stored, in numbers. */
struct entry_now {
	bool found;
	int64_t state, since, until, mark, bulk, incident, rule, source, reason,
	    change, subdomains;
};

static bool
entry_now(struct store *s, struct str address, int64_t scope, enum class c,
    struct entry_now *out, struct err *e)
{
	enum db_got got;
	struct stmt *st;

	wait_about(s, WAIT_ENTRY, address);
	st = db_bind(s->db, SQL_ENTRY_GET, e, "tii", address, scope,
	    (int64_t)c);
	got = st == NULL ? DB_FAILED : db_step(st, e);
	*out = (struct entry_now){ .found = got == DB_ROW };
	if (got == DB_ROW) {
		out->state = db_int(st, 1);
		out->since = db_int(st, 2);
		out->until = db_int(st, 3);
		out->mark = db_int(st, 4);
		out->bulk = db_int(st, 5);
		out->incident = db_int(st, 6);
		out->rule = db_int(st, 7);
		out->source = db_int(st, 8);
		out->reason = db_int(st, 9);
		out->change = db_int(st, 10);
		out->subdomains = db_int(st, 11);
	}
	db_done(st);
	return got != DB_FAILED;
}

/* What is told outward when an entry goes from `was` to `en`; 0: nothing. */
static int
entry_action(const struct entry_now *was, const struct entry *en)
{
	bool active = was->found && was->state == ENTRY_ACTIVE &&
	    (was->until == 0 || was->until > en->since);
	bool held = was->found && was->state == ENTRY_HELD;

	switch (en->state) {
	case ENTRY_ACTIVE:
		if (!active)
			return ACTION_ADD;
		return was->until != en->until ||
		    (was->subdomains != 0) != en->subdomains
		    ? ACTION_CHANGE : 0;
	case ENTRY_HELD:
		return held ? 0 : ACTION_HOLD;
	case ENTRY_LIFTED:
	case ENTRY_ENDED:
		return active || held ? ACTION_REMOVE : 0;
	}
	return 0;
}

/* What is told where that is nothing, yet something must be: of who is on no
 * list never that he is. */
static int
entry_other_action(const struct entry *en)
{
	return en->state == ENTRY_ACTIVE ? ACTION_CHANGE
	    : en->state == ENTRY_HELD    ? ACTION_HOLD
					 : ACTION_REMOVE;
}

/* "-" is no rule: nothing is stored for it. */
bool
entry_words(struct store *s, const struct entry *en, struct str who,
    struct entry_words *w, struct err *e)
{
	return scope_word(s, en->scope, &w->scope, e) &&
	    store_word(s, who, &w->who, e) &&
	    store_word(s, str_eq(en->rule, STR("-")) ? STR("") : en->rule,
	        &w->rule, e) &&
	    store_word(s, en->source, &w->source, e) &&
	    store_word(s, en->reason, &w->reason, e);
}

/* Of an address that has none yet: the row waits. */
static bool
entry_add(struct store *s, const struct entry *en, const struct entry_words *w,
    int64_t change, struct err *e)
{
	struct db_row *row = wait_row(s, WAIT_ENTRY, en->address, e);

	if (row == NULL)
		return false;
	row->number[2] = w->scope;
	row->number[3] = (int64_t)en->class;
	row->number[4] = (int64_t)en->state;
	row->number[5] = en->since;
	row->number[6] = en->until;
	row->number[7] = w->rule;
	row->number[8] = w->source;
	row->number[9] = w->reason;
	row->number[10] = en->mark;
	row->number[11] = en->bulk;
	row->number[12] = en->incident;
	row->number[13] = change;
	row->number[14] = en->subdomains;
	return true;
}

static bool
entry_write(struct store *s, const struct entry *en,
    const struct entry_words *w, int64_t change, struct err *e)
{
	if (en->is_new)
		return entry_add(s, en, w, change, e);
	wait_about(s, WAIT_ENTRY, en->address);
	return db_run(s->db, SQL_ENTRY_PUT, e, "tiiiiiiiiiiiii", en->address,
	    w->scope, (int64_t)en->class, (int64_t)en->state, en->since,
	    en->until, w->rule, w->source, w->reason, en->mark, en->bulk,
	    en->incident, change, (int64_t)en->subdomains);
}

/* Numbers go on behind the last one, whoever gave it. */
static bool
change_number(struct store *s, struct err *e)
{
	if (!wait_any(s, WAIT_CHANGE) && !change_last(s, &s->last_change, e))
		return false;
	s->last_change++;
	return true;
}

/* was->change is the entry's last change before, and then this one. */
static bool
change_write(struct store *s, int action, const struct entry *en,
    const struct entry_words *w, int64_t now, struct entry_now *was,
    struct err *e)
{
	struct db_row *row;

	if (was->found &&
	    !change_settle(s, en->address, w->scope, en->class, e))
		return false;
	if (!change_number(s, e) ||
	    (row = wait_row(s, WAIT_CHANGE, en->address, e)) == NULL)
		return false;
	row->number[2] = s->last_change;
	row->number[3] = now;
	row->number[4] = action;
	row->number[5] = w->scope;
	row->number[6] = (int64_t)en->class;
	row->number[7] = w->who;
	row->number[8] = w->reason;
	row->number[9] = en->bulk;
	row->number[10] = was->change;
	row->number[11] = was->found ? was->state : -1;
	row->number[12] = was->since;
	row->number[13] = was->until;
	row->number[14] = was->rule;
	row->number[15] = was->source;
	row->number[16] = was->reason;
	row->number[17] = was->mark;
	row->number[18] = was->incident;
	row->number[19] = was->subdomains;
	was->change = s->last_change;
	return true;
}

bool
entry_put(struct store *s, const struct entry *en, struct str who, int64_t now,
    struct err *e)
{
	struct entry_words w;
	struct entry_now was = { 0 };
	int64_t erased;
	int action;

	if (!erased_at(s, en->address, &erased, e))
		return false;
	if (erased != 0)
		return true;
	if (!entry_words(s, en, who, &w, e) || (!en->is_new &&
	    !entry_now(s, en->address, w.scope, en->class, &was, e)))
		return false;
	action = entry_action(&was, en);
	if (was.found && action == 0 && was.state == (int64_t)en->state &&
	    was.since == en->since && was.until == en->until &&
	    was.rule == w.rule && was.source == w.source &&
	    was.reason == w.reason && was.mark == en->mark)
		return true;
	/* A person's other words are told. */
	if (action == 0 && !str_eq(en->source, STR("policy")) &&
	    (was.reason != w.reason || was.source != w.source))
		action = entry_other_action(en);
	/* The policy's are no change, yet the one before had these. */
	if (action == 0 && was.found &&
	    !change_settle(s, en->address, w.scope, en->class, e))
		return false;
	return (action == 0 ||
	    change_write(s, action, en, &w, now, &was, e)) &&
	    entry_write(s, en, &w, was.change, e);
}

/* Taking back what was new leaves a lifted entry: it must be told. */
static struct entry
entry_as_was(const struct undo_row *r, const struct entry_now *is,
    int64_t bulk)
{
	const struct entry_was *was = &r->was;
	bool none = was->state < 0;

	return (struct entry){ .address = str_from(r->address),
		.class = r->class,
		.state = none ? ENTRY_LIFTED : (enum entry_state)was->state,
		.since = none ? is->since : was->since,
		.until = none ? is->until : was->until,
		.mark = none ? is->mark : was->mark, .bulk = bulk,
		.incident = none ? is->incident : was->incident,
		.subdomains = (none ? is->subdomains : was->subdomains) != 0 };
}

bool
entry_put_back(struct store *s, const struct undo_row *r,
    const struct undo_by *by, bool *done, struct err *e)
{
	struct entry_words told = { .scope = r->scope, .reason = by->why,
		.who = by->who };
	struct entry_words w = { .scope = r->scope };
	bool none = r->was.state < 0;
	struct entry_now is;
	struct entry en;
	int action;

	if (!entry_now(s, str_from(r->address), r->scope, r->class, &is, e))
		return false;
	*done = is.found && is.change == r->last;
	if (!*done)
		return true;
	en = entry_as_was(r, &is, by->bulk);
	w.rule = none ? is.rule : r->was.rule;
	w.source = none ? is.source : r->was.source;
	w.reason = none ? is.reason : r->was.reason;
	action = entry_action(&is, &en);
	/* Also what is told as nothing is a change: an undo of it must find
	 * it. */
	if (action == 0)
		action = entry_other_action(&en);
	return change_write(s, action, &en, &told, by->now, &is, e) &&
	    entry_write(s, &en, &w, is.change, e);
}

bool
entry_lift(struct store *s, const struct entry_lift *l, struct str who,
    int64_t now, bool *lifted, struct err *e)
{
	struct entry en;
	bool found;

	*lifted = false;
	if (!entry_get(s, l->address, l->scope, l->class, &en, &found, e))
		return false;
	if (!found || en.state == ENTRY_LIFTED)
		return true;
	/* A run-out entry is no longer active, yet its evidence must go too. */
	*lifted = en.state == ENTRY_HELD ||
	    (en.state == ENTRY_ACTIVE && (en.until == 0 || en.until > now));
	en.state = ENTRY_LIFTED;
	en.mark = l->upto > en.mark ? l->upto : en.mark;
	en.reason = l->why;
	en.bulk = l->bulk;
	return entry_put(s, &en, who, now, e);
}

struct ended {
	char address[ADDRESS_MAX];
	int64_t scope;
	enum class class;
};

static bool
end_some(struct store *s, int64_t now, size_t *n, struct err *e)
{
	struct ended rows[16];
	struct stmt *st = db_bind(s->db, SQL_ENTRY_RUN_OUT, e, "ii", now,
	    (int64_t)COUNT(rows));
	enum db_got got = DB_FAILED;
	struct entry_words w = { 0 };
	bool ok;

	*n = 0;
	while (st != NULL && *n < COUNT(rows) &&
	    (got = db_step(st, e)) == DB_ROW) {
		rows[*n].scope = db_int(st, 1);
		rows[*n].class = (enum class)db_int(st, 2);
		str_copy(db_text(st, 0), rows[*n].address, ADDRESS_MAX);
		*n += 1;
	}
	db_done(st);
	ok = st != NULL && got != DB_FAILED &&
	    store_word(s, STR("ran out"), &w.reason, e) &&
	    store_word(s, STR("policy"), &w.who, e);
	for (size_t i = 0; i < *n && ok; i++) {
		struct entry en = { .address = str_from(rows[i].address),
		    .class = rows[i].class };

		struct entry_now was;

		w.scope = rows[i].scope;
		ok = entry_now(s, en.address, w.scope, en.class, &was, e) &&
		    change_write(s, ACTION_REMOVE, &en, &w, now, &was, e) &&
		    db_run(s->db, SQL_ENTRY_END, e, "tiii", en.address,
		        w.scope, (int64_t)en.class, was.change);
	}
	return ok;
}

bool
entry_expire(struct store *s, int64_t now, int64_t *ended, struct err *e)
{
	size_t n;

	*ended = 0;
	do {
		if (!end_some(s, now, &n, e))
			return false;
		*ended += (int64_t)n;
	} while (n > 0 && *ended < ENTRY_EXPIRE_MAX);
	return true;
}

bool
entry_run_out(struct store *s, int64_t now, int64_t *n, struct err *e)
{
	*n = 0;
	return db_one(s->db, SQL_ENTRY_RUN_OUT_COUNT, n, e, "i", now);
}

bool
entry_standing(struct store *s, struct str address, struct str scope,
    enum ladder l, struct standing *out, struct err *e)
{
	struct stmt *st;
	enum db_got got = DB_FAILED;
	int64_t id;

	*out = (struct standing){ .none = true };
	if (!scope_find(s, scope, &id, e))
		return false;
	wait_about(s, WAIT_ENTRY, address);
	st = db_bind(s->db, SQL_ENTRY_ALL, e, "t", address);
	while (st != NULL && (got = db_step(st, e)) == DB_ROW) {
		enum class c = (enum class)db_int(st, 1);
		int64_t state = db_int(st, 2), mark = db_int(st, 5);

		out->none = false;
		if (db_int(st, 0) != id || policy_ladder(c) != l)
			continue;
		out->mark = mark > out->mark ? mark : out->mark;
		if (state != ENTRY_ACTIVE && state != ENTRY_HELD &&
		    (state != ENTRY_ENDED || out->found ||
		    (out->ended && db_int(st, 4) <= out->until)))
			continue;
		out->ended = state == ENTRY_ENDED;
		out->found = !out->ended;
		out->class = c;
		out->state = (enum entry_state)state;
		out->since = db_int(st, 3);
		out->until = db_int(st, 4);
		out->by_policy = db_int(st, 6) != 0;
		out->incident = db_int(st, 7);
	}
	db_done(st);
	return got != DB_FAILED;
}

bool
entry_scope(struct store *s, struct str scope, int64_t *id, struct err *e)
{
	*id = 0;
	return scope.n == 0 || scope_find(s, scope, id, e);
}

bool
cursor_get(struct store *s, struct str name, int64_t *at, int64_t *pending,
    bool *found, struct err *e)
{
	struct stmt *st = db_bind(s->db, SQL_CURSOR_GET, e, "t", name);
	enum db_got got = st == NULL ? DB_FAILED : db_step(st, e);

	*at = *pending = 0;
	*found = got == DB_ROW && db_int(st, 0) >= 0;
	if (got == DB_ROW) {
		*at = *found ? db_int(st, 0) : 0;
		*pending = db_int(st, 1);
	}
	db_done(st);
	return got != DB_FAILED;
}

bool
cursor_pend(struct store *s, struct str name, int64_t pending, struct err *e)
{
	return db_run(s->db, SQL_CURSOR_PEND, e, "ti", name, pending);
}

bool
cursor_move(struct store *s, struct str name, int64_t at, int64_t now,
    struct err *e)
{
	return db_run(s->db, SQL_CURSOR_MOVE, e, "tii", name, at, now);
}

bool
cursor_list(struct store *s, cursor_fn *fn, void *ctx, struct err *e)
{
	struct stmt *st = db_bind(s->db, SQL_CURSOR_LIST, e, "");
	enum db_got got = DB_FAILED;

	while (st != NULL && (got = db_step(st, e)) == DB_ROW) {
		struct cursor_row row = { .name = db_text(st, 0),
			.at = db_int(st, 1), .pending = db_int(st, 2),
			.moved = db_int(st, 3) };

		if (!fn(ctx, &row, e))
			break;
	}
	db_done(st);
	return got != DB_FAILED && e->code == 0;
}
