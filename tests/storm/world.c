/* world.c - a sender, the providers it writes to, and the time that passes. */
#include "world.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../tools/rows_made.h"
#include "base/clock.h"
#include "base/number.h"
#include "work/settle.h"

#define NEWS "news@send.example"

_Noreturn void
world_die(const char *what, const struct err *e)
{
	fprintf(stderr, "storm_sim: %s: %s\n", what,
	    e != NULL ? e->text : "no memory or no room");
	exit(EX_SOFTWARE);
}

uint64_t
world_roll(struct world *w, uint64_t sides)
{
	w->dice = w->dice * 6364136223846793005u + 1442695040888963407u;
	return (w->dice >> 33) % sides;
}

static void
engine_open(struct world *w)
{
	struct err e = { 0 };
	char path[CONFIG_PATH_MAX];

	if (!config_path(&w->config, "suppress.db", path, &e))
		world_die("path", &e);
	w->store = store_open(path, STORE_WRITE, &w->config.store, 0, &e);
	w->rules = rules_open(NULL, NULL, &e);
	if (w->store == NULL || w->rules == NULL)
		world_die("open", &e);
	w->work = work_open(&w->config, w->store, w->rules, NULL, &e);
	if (w->work == NULL)
		world_die("open", &e);
}

static void
engine_close(struct world *w)
{
	work_close(w->work);
	rules_close(w->rules);
	store_close(w->store);
}

void
world_open(struct world *w)
{
	const char *tmp = getenv("TMPDIR");

	*w = (struct world){ .dice = 20201214 };
	if (snprintf(w->dir, sizeof w->dir, "%s/pmta-storm.XXXXXX",
	    tmp == NULL ? "/tmp" : tmp) >= (int)sizeof w->dir ||
	    mkdtemp(w->dir) == NULL)
		world_die("TMPDIR", NULL);
	config_default(&w->config);
	snprintf(w->config.state, sizeof w->config.state, "%s", w->dir);
	/* Commits come where the rows say so, not the clock. */
	w->config.commit_ms = 60000;
	w->listed = calloc(PEOPLE_MAX, sizeof *w->listed);
	w->ever = calloc(PEOPLE_MAX, sizeof *w->ever);
	if (w->listed == NULL || w->ever == NULL)
		world_die("open", NULL);
	engine_open(w);
}

void
world_restart(struct world *w)
{
	engine_close(w);
	engine_open(w);
}

static int
unlink_one(const char *path, const struct stat *st, int type, struct FTW *f)
{
	(void)st;
	(void)type;
	(void)f;
	return remove(path);
}

void
world_close(struct world *w)
{
	engine_close(w);
	(void)nftw(w->dir, unlink_one, 8, FTW_DEPTH | FTW_PHYS);
	free(w->listed);
	free(w->ever);
	buf_release(&w->rows);
	buf_release(&w->kept);
}

/* ---- rows ---- */

/* Text with each '#' as the number. */
static void
add_numbered(struct buf *b, const char *text, uint64_t n)
{
	for (; *text != '\0'; text++)
		if (*text == '#')
			buf_addf(b, "%llu", (unsigned long long)n);
		else
			buf_addc(b, *text);
}

static void
add_time(struct buf *b, int64_t time)
{
	char text[CLOCK_TEXT];

	clock_text(time, text);
	text[10] = ' ';
	text[19] = '\0';
	buf_adds(b, text);
	buf_adds(b, "+0000,");
}

void
world_row(struct world *w, const struct row *r)
{
	struct buf *b = &w->rows;
	bool good = r->type[0] == 'd';

	if (b->n == 0)
		buf_adds(b, HEADER);
	buf_adds(b, r->type);
	buf_addc(b, ',');
	add_time(b, r->time);
	add_time(b, r->queued != 0 ? r->queued
	    : r->time - r->time % CLOCK_DAY);
	buf_adds(b, r->orig != NULL ? r->orig : NEWS);
	buf_addf(b, ",p%06u@", r->person);
	add_numbered(b, r->domain, r->person);
	buf_adds(b, good ? ",,relayed," : ",,failed,");
	buf_adds(b, r->status);
	buf_adds(b, ",\"");
	add_numbered(b, r->diag, w->rows_written);
	buf_adds(b, "\",");
	add_numbered(b, r->mta, r->person);
	buf_addc(b, ',');
	buf_adds(b, r->cat);
	buf_adds(b, ",smtp,app.example (198.51.100.5),smtp,198.51.100.11,"
	    "192.0.2.1,\"8BITMIME,SIZE\",18344,vmta1,job1,,");
	add_numbered(b, r->domain, r->person);
	buf_adds(b, "/vmta1,pool1\r\n");
	w->rows_written++;
	if (b->n > 8 << 20)
		world_flush(w);
}

void
world_text(struct world *w, const char *text)
{
	buf_adds(&w->rows, text);
}

/* ---- the engine ---- */

/* Bytes of which more and more are there. */
struct memory {
	struct str bytes;
	size_t there;
};

static bool
memory_read(void *ctx, struct piece *in, struct err *e)
{
	const struct memory *m = ctx;
	struct str rest = str_skip(str_sub(m->bytes, 0, m->there),
	    (size_t)in->pos);

	(void)e;
	in->got = rest.n < in->n ? rest.n : in->n;
	if (in->got > 0)
		memcpy(in->p, rest.p, in->got);
	in->end = in->pos + in->got == m->bytes.n;
	return true;
}

/* Moves on by so many rows; quotes hold no newline here. */
static void
memory_more(struct memory *m, uint64_t rows)
{
	while (rows-- > 0 && m->there < m->bytes.n) {
		const char *at = memchr(m->bytes.p + m->there, '\n',
		    m->bytes.n - m->there);

		m->there = at == NULL ? m->bytes.n
		    : (size_t)(at + 1 - m->bytes.p);
	}
}

static enum follow_state
step(struct world *w, struct follow *f)
{
	enum follow_state state = FOLLOW_MORE;
	struct err e = { 0 };

	while (state == FOLLOW_MORE) {
		if (!follow_step(f, 1 << 20, &state, &e))
			world_die("work", &e);
		if (state == FOLLOW_MORE && work_due(w->work) &&
		    !work_commit(w->work, &e))
			world_die("commit", &e);
	}
	return state;
}

void
world_source(struct world *w, struct str text, enum road road)
{
	struct memory m = { .bytes = text };
	char name[32];
	struct source s = { .name = name, .road = road, .input = "",
		.ctx = &m, .read = memory_read };
	enum follow_state state = FOLLOW_IDLE;
	struct err e = { 0 };
	struct follow *f;

	snprintf(name, sizeof name, "source%llu",
	    (unsigned long long)w->streams++);
	f = follow_open(w->work, &s, &e);
	while (f != NULL && state != FOLLOW_END) {
		if (w->batch == 0)
			m.there = text.n;
		memory_more(&m, w->batch);
		state = step(w, f);
		if (w->kills > 0 && world_roll(w, 1000) < w->kills) {
			/* What is not committed is lost; the source stays. */
			work_abandon(w->work);
			follow_close(f);
			world_restart(w);
			f = follow_open(w->work, &s, &e);
			state = FOLLOW_IDLE;
			continue;
		}
		if (!work_commit(w->work, &e))
			world_die("commit", &e);
	}
	if (f == NULL)
		world_die("source", &e);
	follow_close(f);
}

/* ---- the consumer ---- */

static void
consumer_takes(struct world *w, uint64_t person, bool is)
{
	if (w->listed[person] == is)
		return;
	w->listed[person] = is;
	w->n_listed += is ? 1 : -1;
	w->withdrawn += !is;
	w->ever[person] |= is;
}

static bool
on_change(void *ctx, const struct entry_row *row, struct err *e)
{
	struct world *w = ctx;
	struct str a = row->entry.address;
	bool is = str_eq(row->action, STR("add")) ||
	    str_eq(row->action, STR("change"));
	uint64_t person;

	(void)e;
	if (row->change > w->cursor)
		w->cursor = row->change;
	if (a.n > 0 && a.p[0] == '@')
		w->n_domains += is ? 1 : -1;
	else if (a.n > 7 && number_u64(str_sub(a, 1, 6), 0, PEOPLE_MAX - 1,
	    &person))
		consumer_takes(w, person, is);
	return true;
}

void
world_flush(struct world *w)
{
	struct entry_filter all = { .all_states = true,
		.now = WORLD_BEGIN };
	struct err e = { 0 };

	if (!buf_ok(&w->rows, &e))
		world_die("rows", &e);
	if (w->rows.n == 0)
		return;
	if (w->keep)
		buf_add(&w->kept, buf_str(&w->rows));
	world_source(w, buf_str(&w->rows), w->road);
	buf_clear(&w->rows);
	if (!entry_changed(w->store, w->cursor, &all, on_change, w, &e))
		world_die("feed", &e);
}

/* ---- asking ---- */

static bool
on_incident(void *ctx, const struct incident *in, struct err *e)
{
	struct incidents *out = ctx;

	(void)e;
	out->n++;
	out->storms += in->kind == INCIDENT_STORM;
	out->faults += in->kind == INCIDENT_FAULT;
	out->breakers += in->kind == INCIDENT_BREAKER;
	out->reports += in->kind == INCIDENT_REPORTS;
	out->complaints += in->kind == INCIDENT_COMPLAINTS;
	if (out->opened == 0 || in->opened < out->opened)
		out->opened = in->opened;
	return true;
}

static bool
add_incident(void *ctx, const struct incident *in, struct err *e)
{
	char at[CLOCK_TEXT], last[CLOCK_TEXT];

	buf_addf(ctx, "incident %lld %s state %d class %lld opened %s last "
	    "%s peak %lld: %.*s\n", (long long)in->id,
	    incident_kind_name(in->kind), (int)in->state,
	    (long long)in->class, clock_text(in->opened, at),
	    clock_text(in->last, last), (long long)in->peak_n,
	    STR_ARG(in->text));
	return buf_ok(ctx, e);
}

void
world_incident_text(struct world *w, struct buf *out)
{
	struct err e = { 0 };

	if (!incident_list(w->store, add_incident, out, &e))
		world_die("incidents", &e);
}

void
world_incidents(struct world *w, struct incidents *out)
{
	struct err e = { 0 };
	int64_t held, all;

	*out = (struct incidents){ 0 };
	if (!incident_list(w->store, on_incident, out, &e))
		world_die("incidents", &e);
	for (int64_t id = 1; id <= out->n; id++) {
		if (!incident_sums(w->store, id, &held, &all, &e))
			world_die("incidents", &e);
		if (held > 0)
			out->id = id;
		out->held += held;
	}
}

static void
count(struct world *w, struct store_counts *c)
{
	struct err e = { 0 };

	if (!store_count(w->store, WORLD_BEGIN, c, &e))
		world_die("count", &e);
}

int64_t
world_active(struct world *w)
{
	struct store_counts c;

	count(w, &c);
	return c.entries_active;
}

int64_t
world_held(struct world *w)
{
	struct store_counts c;

	count(w, &c);
	return c.entries_held;
}

int64_t
world_listed(const struct world *w, uint32_t from, uint32_t to)
{
	int64_t n = 0;

	for (uint32_t i = from; i < to; i++)
		n += w->listed[i];
	return n;
}

static bool
add_line(void *ctx, struct str line, struct err *e)
{
	buf_add(ctx, line);
	buf_addc(ctx, '\n');
	return buf_ok(ctx, e);
}

void
world_dump(struct world *w, struct buf *out)
{
	struct err e = { 0 };

	buf_clear(out);
	if (!store_dump(w->store, add_line, out, &e))
		world_die("dump", &e);
}

int64_t
world_settle(struct world *w, int64_t incident, bool drop)
{
	struct ruling r = { incident, drop, 0, STR("user:sim") };
	struct settled sums;
	struct err e = { 0 };

	if (!store_begin(w->store, &e) || !store_new_bulk(w->store,
	    STR("settle"), r.who, WORLD_BEGIN, &r.bulk, &e) ||
	    !incident_settle(w->work, &r, &sums, &e) ||
	    !store_commit(w->store, &e))
		world_die("settle", &e);
	return r.bulk;
}

/* Addresses, each with its NUL. */
static bool
keep_address(void *ctx, const struct entry_row *row, struct err *e)
{
	buf_add(ctx, row->entry.address);
	buf_addc(ctx, '\0');
	return buf_ok(ctx, e);
}

#define NOW (WORLD_BEGIN + INT64_C(365) * CLOCK_DAY)

static bool
remove_one(struct world *w, struct str address, int64_t bulk, struct err *e)
{
	struct entry_lift l = { .address = address, .scope = STR("global"),
		.class = CLASS_GONE_MAILBOX, .upto = NOW, .why = STR("a test"),
		.bulk = bulk };
	bool did;

	return entry_lift(w->store, &l, STR("user:sim"), NOW, &did, e) &&
	    (!did || evidence_void(w->store, &l, e));
}

int64_t
world_remove(struct world *w)
{
	struct entry_filter f = { .class = STR("gone.mailbox"), .now = NOW };
	struct buf all = { 0 };
	struct str rest, address;
	struct err e = { 0 };
	int64_t bulk = 0;

	if (!entry_list(w->store, &f, keep_address, &all, &e) ||
	    !store_begin(w->store, &e) || !store_new_bulk(w->store,
	        STR("remove"), STR("user:sim"), NOW, &bulk, &e))
		world_die("remove", &e);
	rest = buf_str(&all);
	while (str_cut(&rest, '\0', &address))
		if (!remove_one(w, address, bulk, &e))
			world_die("remove", &e);
	if (!store_commit(w->store, &e))
		world_die("remove", &e);
	buf_release(&all);
	return bulk;
}

int64_t
world_undo(struct world *w, int64_t bulk)
{
	struct undo_sums sums;
	struct err e = { 0 };
	int64_t as = 0;

	if (!store_begin(w->store, &e) || !store_new_bulk(w->store,
	    STR("undo"), STR("user:sim"), WORLD_BEGIN, &as, &e) ||
	    !store_undo(w->store, bulk, as, STR("user:sim"), WORLD_BEGIN,
	        &sums, &e) || !store_commit(w->store, &e))
		world_die("undo", &e);
	return as;
}
