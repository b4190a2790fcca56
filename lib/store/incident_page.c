/* incident_page.c - what a person is told of one incident. */
#include "store/incident_page.h"

#include "policy/storm.h"
#include "store/inside.h"
#include "store/share.h"

static bool
is_breaker(const struct incident *in)
{
	return in->kind == INCIDENT_BREAKER || in->kind == INCIDENT_REPORTS ||
	    in->kind == INCIDENT_COMPLAINTS;
}

/* A breaker looks an hour back; what a storm covers began before it opened. */
static void
span_of(const struct incident *in, struct incident_figures *f)
{
	f->from = is_breaker(in) ? in->opened - 3600 : in->covers;
	f->from -= f->from % SHARE_BUCKET;
	f->to = in->last - in->last % SHARE_BUCKET + SHARE_BUCKET;
	if (f->to - f->from > INCIDENT_SPAN_MAX)
		f->from = f->to - INCIDENT_SPAN_MAX;
}

/* Keys of single replies are parts of one that has any reply. */
static bool
count_recipients(struct store *s, const struct incident *in,
    struct incident_figures *f, struct err *e)
{
	struct stmt *st = db_bind(s->db, SQL_INCIDENT_SHARE, e, "iii", in->id,
	    f->from, f->to);
	struct share_sum whole = { 0 }, parts = { 0 };
	enum db_got got = DB_FAILED;

	while (st != NULL && (got = db_step(st, e)) == DB_ROW) {
		struct share_sum sum = { db_int(st, 1), db_int(st, 2) };
		int64_t first = db_int(st, 3);

		if (db_int(st, 0) != 0) {
			parts.n += sum.n;
			parts.accepted += sum.accepted;
		} else if (sum.n > whole.n) {
			whole = sum;
		}
		if (f->first == 0 || first < f->first)
			f->first = first;
	}
	db_done(st);
	if (parts.n > whole.n)
		whole = parts;
	f->recipients = whole.n;
	f->accepted = whole.accepted;
	return st != NULL && got != DB_FAILED;
}

/* The pipe and its parallel file tell of the same deliveries. */
static bool
count_attempts(struct store *s, const struct incident *in,
    struct incident_figures *f, struct err *e)
{
	struct share_key k = { .provider = in->provider };
	struct share_sum sum[3];

	for (int64_t i = 0; i < 3; i++) {
		k.class = STORM_FAILED + i;
		if (!share_span(s, &k, f->from, f->to, &sum[i], NULL, e))
			return false;
	}
	f->attempts = sum[0].n + (sum[1].n > sum[2].n ? sum[1].n : sum[2].n);
	return true;
}

static bool
find_bulk(struct store *s, const struct incident *in, int64_t *bulk,
    struct err *e)
{
	*bulk = 0;
	return in->state == INCIDENT_OPEN || db_one(s->db, SQL_INCIDENT_BULK,
	    bulk, e, "ii", in->id, (int64_t)in->state);
}

bool
incident_figures(struct store *s, const struct incident *in,
    struct incident_figures *out, struct err *e)
{
	*out = (struct incident_figures){ 0 };
	span_of(in, out);
	return count_recipients(s, in, out, e) &&
	    count_attempts(s, in, out, e) &&
	    incident_sums(s, in->id, &out->held, &out->held_all, e) &&
	    find_bulk(s, in, &out->bulk, e);
}

/* What is held, or else what was counted. */
static struct stmt *
bind_one(struct store *s, const struct incident *in,
    const struct incident_figures *f, const enum sql_name names[2],
    int64_t limit, struct err *e)
{
	int64_t provider = in->provider;

	if (f->held_all > 0)
		return db_bind(s->db, names[0], e, "ii", in->id, limit);
	/* A group of those without a name; they are counted together. */
	if (provider < 0 && !word_find(s, STR("other"), &provider, e))
		return NULL;
	return db_bind(s->db, names[1], e, "iiiii", f->from, f->to,
	    provider, in->class, limit);
}

bool
incident_replies(struct store *s, const struct incident *in,
    const struct incident_figures *f, int64_t limit, incident_reply_fn *fn,
    void *ctx, struct err *e)
{
	static const enum sql_name NAMES[2] = { SQL_INCIDENT_REPLIES,
		SQL_INCIDENT_REPLIES_COUNTED };
	struct stmt *st = bind_one(s, in, f, NAMES, limit, e);
	enum db_got got = DB_FAILED;

	while (st != NULL && (got = db_step(st, e)) == DB_ROW) {
		struct incident_reply r = { .provider = db_text(st, 0),
			.folded = db_text(st, 1), .sample = db_text(st, 2),
			.rule = db_text(st, 3),
			.class = (enum class)db_int(st, 4),
			.code = db_int(st, 5), .status = db_int(st, 6),
			.n = db_int(st, 7) };

		if (!fn(ctx, &r, e))
			break;
	}
	db_done(st);
	return got != DB_FAILED && e->code == 0;
}

bool
incident_ours(struct store *s, const struct incident *in,
    const struct incident_figures *f, int64_t limit, incident_ours_fn *fn,
    void *ctx, struct err *e)
{
	static const enum sql_name NAMES[2] = { SQL_INCIDENT_OURS,
		SQL_INCIDENT_OURS_COUNTED };
	struct stmt *st = bind_one(s, in, f, NAMES, limit, e);
	enum db_got got = DB_FAILED;

	while (st != NULL && (got = db_step(st, e)) == DB_ROW) {
		struct incident_ours o = { .vmta = db_text(st, 0),
			.ip = db_text(st, 1), .n = db_int(st, 2) };

		if (!fn(ctx, &o, e))
			break;
	}
	db_done(st);
	return got != DB_FAILED && e->code == 0;
}

bool
incident_of(struct store *s, struct str address, int64_t *incident,
    struct err *e)
{
	*incident = 0;
	return db_one(s->db, SQL_INCIDENT_OF, incident, e, "t", address);
}
