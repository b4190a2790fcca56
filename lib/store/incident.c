/* incident.c - storms and breakers: one cause, many recipients, a number. */
#include "store/incident.h"

#include <stdlib.h>

#include "base/array.h"
#include "store/inside.h"

/* One key of one incident. */
struct look {
	struct incident_key key;
	size_t of;    /* index of its incident */
	int64_t next; /* index + 1 of the next with the same key, 0: none */
};

/* All of them are held in memory, bar their texts: they are few. */
struct incidents {
	bool read;
	struct held {
		struct incident in;
		bool changed;
	} *row;
	size_t n, cap;
	struct look *look;
	size_t n_look, cap_look;
	struct table at; /* hash of a key -> index of the first look + 1 */
};

const char *
incident_kind_name(enum incident_kind k)
{
	static const char *const NAMES[] = { "?", "storm", "our-fault",
		"breaker", "reports", "complaints" };

	return (size_t)k < COUNT(NAMES) ? NAMES[k] : "?";
}

void
incident_forget(struct store *s)
{
	if (s->incidents == NULL)
		return;
	s->incidents->read = false;
	s->incidents->n = s->incidents->n_look = 0;
	table_clear(&s->incidents->at);
}

void
incident_release_all(struct store *s)
{
	if (s->incidents == NULL)
		return;
	free(s->incidents->row);
	free(s->incidents->look);
	table_release(&s->incidents->at);
	free(s->incidents);
	s->incidents = NULL;
}

static uint64_t
key_hash(const struct incident_key *k)
{
	return table_mix(table_mix(table_mix(0, k->provider), k->class),
	    k->reply);
}

static bool
look_add(struct incidents *all, size_t of, const struct incident_key *k,
    struct err *e)
{
	int64_t *at = table_add(&all->at, key_hash(k));
	struct look *rows;

	if (at == NULL)
		return err_memory(e);
	rows = array_room(all->look, all->n_look, &all->cap_look, sizeof *rows,
	    e);
	if (rows == NULL)
		return false;
	all->look = rows;
	all->look[all->n_look++] = (struct look){ *k, of, *at };
	*at = (int64_t)all->n_look;
	return true;
}

static struct incident
row_take(struct stmt *st)
{
	return (struct incident){ .id = db_int(st, 0),
		.kind = (enum incident_kind)db_int(st, 1),
		.state = (enum incident_state)db_int(st, 2),
		.provider = db_int(st, 3), .class = db_int(st, 4),
		.reply = db_int(st, 5), .covers = db_int(st, 6),
		.opened = db_int(st, 7), .last = db_int(st, 8),
		.peak = db_int(st, 9), .peak_n = db_int(st, 10) };
}

static bool
held_add(struct incidents *all, const struct incident *in, struct err *e)
{
	struct held *rows;

	if (all->n > 0 && all->row[all->n - 1].in.id == in->id)
		return true;
	rows = array_room(all->row, all->n, &all->cap, sizeof *rows, e);
	if (rows == NULL)
		return false;
	all->row = rows;
	all->row[all->n++] = (struct held){ .in = *in };
	return true;
}

static bool
incidents_read(struct store *s, struct err *e)
{
	struct incidents *all = s->incidents;
	enum db_got got = DB_FAILED;
	struct stmt *st;

	if (all == NULL)
		all = s->incidents = calloc(1, sizeof *all);
	if (all == NULL)
		return err_memory(e);
	if (all->read)
		return true;
	incident_forget(s);
	st = db_bind(s->db, SQL_INCIDENT_LOAD, e, "");
	while (st != NULL && (got = db_step(st, e)) == DB_ROW) {
		struct incident in = row_take(st);
		struct incident_key k = { db_int(st, 11), db_int(st, 12),
			db_int(st, 13) };

		if (!held_add(all, &in, e) ||
		    !look_add(all, all->n - 1, &k, e)) {
			got = DB_FAILED;
			break;
		}
	}
	db_done(st);
	all->read = st != NULL && got != DB_FAILED;
	return all->read;
}

static struct held *
held_of(struct store *s, int64_t id)
{
	for (size_t i = 0; i < s->incidents->n; i++)
		if (s->incidents->row[i].in.id == id)
			return &s->incidents->row[i];
	return NULL;
}

bool
incident_add_key(struct store *s, int64_t id, const struct incident_key *k,
    struct err *e)
{
	struct held *h;

	if (!incidents_read(s, e) || !db_run(s->db, SQL_INCIDENT_KEY_ADD, e,
	    "iiii", id, k->provider, k->class, k->reply))
		return false;
	h = held_of(s, id);
	return h == NULL || db_changes(s->db) == 0 || look_add(s->incidents,
	    (size_t)(h - s->incidents->row), k, e);
}

bool
incident_open(struct store *s, struct incident *in,
    const struct incident_key *k, struct err *e)
{
	struct incident kept;

	if (!incidents_read(s, e) || !db_run(s->db, SQL_INCIDENT_ADD, e,
	    "iiiiiiiiiit", (int64_t)in->kind, (int64_t)in->state,
	    in->provider, in->class, in->reply, in->covers, in->opened,
	    in->last, in->peak, in->peak_n, in->text))
		return false;
	in->id = db_last_id(s->db);
	kept = *in;
	kept.text = STR("");
	return held_add(s->incidents, &kept, e) &&
	    incident_add_key(s, in->id, k, e);
}

bool
incident_find(struct store *s, const struct incident_key *k, int64_t time,
    int64_t again, struct incident *out, bool *found, struct err *e)
{
	int64_t *at, i;

	*found = false;
	if (!incidents_read(s, e))
		return false;
	at = table_find(&s->incidents->at, key_hash(k));
	for (i = at == NULL ? 0 : *at; i > 0 && !*found;
	    i = s->incidents->look[i - 1].next) {
		const struct incident *in = &s->incidents->row[
		    s->incidents->look[i - 1].of].in;

		if (time < in->covers || time > in->last + again)
			continue;
		*out = *in;
		*found = true;
	}
	return true;
}

bool
incident_over(struct store *s, int64_t id, int64_t time, int64_t n,
    struct err *e)
{
	struct held *h;

	if (!incidents_read(s, e))
		return false;
	h = held_of(s, id);
	if (h == NULL)
		return true;
	if (time > h->in.last) {
		h->in.last = time;
		h->changed = true;
	}
	if (n > h->in.peak_n) {
		h->in.peak = time - time % COUNTER_BUCKET;
		h->in.peak_n = n;
		h->changed = true;
	}
	return true;
}

bool
incident_flush(struct store *s, struct err *e)
{
	if (s->incidents == NULL)
		return true;
	for (size_t i = 0; i < s->incidents->n; i++) {
		struct held *h = &s->incidents->row[i];

		if (h->changed && !db_run(s->db, SQL_INCIDENT_KEEP, e, "iiii",
		    h->in.id, h->in.last, h->in.peak, h->in.peak_n))
			return false;
		h->changed = false;
	}
	return true;
}

bool
incident_set_state(struct store *s, int64_t id, enum incident_state state,
    int64_t bulk, struct err *e)
{
	struct held *h;

	if (!incidents_read(s, e))
		return false;
	h = held_of(s, id);
	if (h != NULL)
		h->in.state = state;
	return db_run(s->db, SQL_INCIDENT_CHANGE_ADD, e, "iii", id, bulk,
	    (int64_t)state) &&
	    db_run(s->db, SQL_INCIDENT_STATE, e, "ii", id, (int64_t)state);
}

bool
incident_get(struct store *s, int64_t id, struct incident *out, bool *found,
    struct err *e)
{
	struct stmt *st = db_bind(s->db, SQL_INCIDENT_GET, e, "i", id);
	enum db_got got = st == NULL ? DB_FAILED : db_step(st, e);

	*found = got == DB_ROW;
	if (*found) {
		*out = row_take(st);
		buf_clear(&s->names);
		buf_add(&s->names, db_text(st, 11));
		out->text = buf_str(&s->names);
	}
	db_done(st);
	return got != DB_FAILED && buf_ok(&s->names, e);
}

bool
incident_list(struct store *s, incident_fn *fn, void *ctx, struct err *e)
{
	struct stmt *st = db_bind(s->db, SQL_INCIDENT_LIST, e, "");
	enum db_got got = DB_FAILED;

	while (st != NULL && (got = db_step(st, e)) == DB_ROW) {
		struct incident in = row_take(st);

		in.text = db_text(st, 11);
		if (!fn(ctx, &in, e))
			break;
	}
	db_done(st);
	return got != DB_FAILED && e->code == 0;
}

bool
incident_note(struct store *s, int64_t id, struct str who, struct str text,
    int64_t now, struct err *e)
{
	return db_run(s->db, SQL_INCIDENT_NOTE_ADD, e, "iitt", id, now, who,
	    text);
}

bool
incident_notes(struct store *s, int64_t id, incident_note_fn *fn, void *ctx,
    struct err *e)
{
	struct stmt *st = db_bind(s->db, SQL_INCIDENT_NOTE_LIST, e, "i", id);
	enum db_got got = DB_FAILED;

	while (st != NULL && (got = db_step(st, e)) == DB_ROW)
		if (!fn(ctx, db_int(st, 0), db_text(st, 1), db_text(st, 2), e))
			break;
	db_done(st);
	return got != DB_FAILED && e->code == 0;
}

bool
incident_held(struct store *s, int64_t id, incident_held_fn *fn, void *ctx,
    struct err *e)
{
	struct stmt *st = db_bind(s->db, SQL_INCIDENT_HELD, e, "i", id);
	enum db_got got = DB_FAILED;

	while (st != NULL && (got = db_step(st, e)) == DB_ROW)
		if (!fn(ctx, db_text(st, 0), (enum class)db_int(st, 1),
		    db_text(st, 2), e))
			break;
	db_done(st);
	return got != DB_FAILED && e->code == 0;
}

bool
incident_sums(struct store *s, int64_t id, int64_t *held, int64_t *all,
    struct err *e)
{
	struct stmt *st = db_bind(s->db, SQL_INCIDENT_SUMS, e, "i", id);
	bool ok = st != NULL && db_step(st, e) == DB_ROW;

	if (ok) {
		*held = db_int(st, 0);
		*all = db_int(st, 1);
	}
	db_done(st);
	return ok;
}
