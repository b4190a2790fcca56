/* fault_scene.c - the life of a small list, step by step. */
#include "fault_scene.h"

#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <sqlite3.h>

#include "base/file.h"
#include "wrap/hash.h"

#define BEGAN 1709251200 /* 2024-03-01 */
#define NOW (BEGAN + 90 * 86400)
#define WHO STR("user:fault")
#define IMPORTED 25
#define HEAD "type,timeLogged,timeQueued,orig,rcpt,orcpt,dsnStatus,dsnDiag," \
	"dsnMta,bounceCat,dlvType,dlvSourceIp,vmta,feedbackType\n"
#define TAIL "mx.b.example (192.0.2.9),%s,smtp,198.51.100.1,vm1,%s\n"

/* ---- rows ---- */

/* Bounces of all kinds, deliveries, complaints; each eighth is alike. */
static const struct row_kind {
	const char *type, *who, *status, *diag, *cat, *feedback;
	unsigned people;
} KINDS[] = {
	{ "b", "gone", "5.1.1 (no)", "smtp;550 5.1.1 User unknown",
	    "bad-mailbox", "", 1000 },
	{ "d", "fine", "2.0.0 (success)", "smtp;250 ok", "", "", 1000 },
	{ "t", "full", "4.2.2 (full)", "smtp;452 4.2.2 Mailbox full",
	    "quota-issues", "", 3 },
	{ "b", "off", "5.2.1 (disabled)", "smtp;550 5.2.1 Mailbox disabled",
	    "inactive-mailbox", "", 4 },
	{ "f", "angry", "", "", "", "abuse", 1000 },
	{ "b", "nowhere", "5.1.2 (no such domain)", "", "bad-domain", "", 2 },
	{ "b", "block", "5.7.1 (policy)", "smtp;550 5.7.1 Service unavailable; "
	    "client host blocked using list", "spam-related", "", 1000 },
	{ "d", "full", "2.0.0 (success)", "smtp;250 ok", "", "", 3 },
};

static void
add_row(struct buf *b, unsigned i)
{
	const struct row_kind *k = &KINDS[i % COUNT(KINDS)];
	long at = BEGAN + (long)i * 14400;

	buf_addf(b, "%s,%ld,%ld,n%u@s.example,%s%u@%s.example,,%s,%s,", k->type,
	    at, at - 60, i, k->who, i / (unsigned)COUNT(KINDS) % k->people,
	    k->who, k->status, k->diag);
	buf_addf(b, TAIL, k->cat, k->feedback);
}

bool
scene_init(struct scene *s, struct err *e)
{
	*s = (struct scene){ 0 };
	config_default(&s->config);
	snprintf(s->config.state, sizeof s->config.state, ".");
	buf_adds(&s->rows, HEAD);
	for (unsigned i = 0; i < SCENE_ROWS * SCENE_PIECES; i++) {
		add_row(&s->rows, i);
		s->piece_end[i / SCENE_ROWS] = s->rows.n;
	}
	s->rules = rules_open(NULL, NULL, e);
	return s->rules != NULL && buf_ok(&s->rows, e);
}

void
scene_release(struct scene *s)
{
	scene_close(s);
	rules_close(s->rules);
	buf_release(&s->rows);
}

/* ---- opening ---- */

static void
wipe_accepted(void)
{
	DIR *d = opendir("accepted");
	struct dirent *f;

	if (d == NULL)
		return;
	while ((f = readdir(d)) != NULL)
		if (f->d_name[0] != '.')
			(void)unlinkat(dirfd(d), f->d_name, 0);
	closedir(d);
}

void
scene_wipe(void)
{
	unlink("suppress.db");
	unlink("suppress.db-wal");
	unlink("suppress.db-shm");
	unlink("suppress.db-journal");
	wipe_accepted();
}

bool
scene_open(struct scene *s, struct err *e)
{
	s->store = store_open("suppress.db", STORE_WRITE, &s->config.store, 0,
	    e);
	if (s->store != NULL)
		s->work = work_open(&s->config, s->store, s->rules, NULL, e);
	return s->work != NULL;
}

void
scene_close(struct scene *s)
{
	work_close(s->work);
	store_close(s->store);
	s->work = NULL;
	s->store = NULL;
}

void
scene_abandon(struct scene *s)
{
	if (s->work != NULL)
		work_abandon(s->work);
	if (s->store != NULL && store_in_batch(s->store))
		store_rollback(s->store);
}

/* ---- steps ---- */

bool
scene_piece_read(void *ctx, struct piece *in, struct err *e)
{
	const struct scene_piece *m = ctx;
	struct str rest = str_skip(m->bytes, (size_t)in->pos);

	(void)e;
	in->got = rest.n < in->n ? rest.n : in->n;
	in->end = m->whole && in->got == rest.n;
	if (in->got > 0)
		memcpy(in->p, rest.p, in->got);
	return true;
}

static bool
step_rows(struct scene *s, int64_t nr, struct err *e)
{
	struct scene_piece m = { str_of(s->rows.p, s->piece_end[nr]), false };
	struct source from = { .name = "20240301T000000Z-1-0", .input = "csv",
		.road = ROAD_PIPE, .ctx = &m, .read = scene_piece_read };
	enum follow_state state = FOLLOW_MORE;
	struct follow *f = follow_open(s->work, &from, e);
	bool ok = f != NULL;

	while (ok && state == FOLLOW_MORE)
		ok = follow_step(f, 2000, &state, e);
	ok = ok && work_commit(s->work, e);
	if (!ok)
		work_abandon(s->work);
	follow_close(f);
	return ok;
}

static bool
step_tidy(struct scene *s, int64_t nr, struct err *e)
{
	(void)nr;
	return store_tidy(s->store, true, e);
}

static bool
import_one(struct scene *s, int64_t i, int64_t bulk, struct err *e)
{
	struct entry en = { .scope = STR("global"), .class = CLASS_MANUAL,
		.state = ENTRY_ACTIVE, .since = BEGAN, .rule = STR("-"),
		.until = i % 3 == 0 ? BEGAN + 30 * 86400 : 0,
		.source = STR("import"), .reason = STR("asked by mail"),
		.mark = 0, .bulk = bulk };
	char who[64];

	snprintf(who, sizeof who, "import%lld@b.example", (long long)i);
	en.address = str_from(who);
	return entry_put(s->store, &en, WHO, NOW, e);
}

static bool
step_import(struct scene *s, int64_t nr, struct err *e)
{
	int64_t bulk;
	bool ok;

	(void)nr;
	if (!store_begin(s->store, e))
		return false;
	ok = store_new_bulk(s->store, STR("import"), WHO, NOW, &bulk, e);
	for (int64_t i = 0; ok && i < IMPORTED; i++)
		ok = import_one(s, i, bulk, e);
	if (ok && store_commit(s->store, e))
		return true;
	if (store_in_batch(s->store))
		store_rollback(s->store);
	return false;
}

static bool
step_remove(struct scene *s, int64_t nr, struct err *e)
{
	static const char *const WHOM[] = { "gone1@gone.example",
		"gone2@gone.example", "import4@b.example" };
	int64_t bulk;
	bool ok, lifted;

	(void)nr;
	if (!store_begin(s->store, e))
		return false;
	ok = store_new_bulk(s->store, STR("remove"), WHO, NOW, &bulk, e);
	for (size_t i = 0; ok && i < COUNT(WHOM); i++)
		ok = entry_lift(s->store, &(struct entry_lift){
		    str_from(WHOM[i]), STR("global"),
		    i < 2 ? CLASS_GONE_MAILBOX : CLASS_MANUAL, NOW,
		    STR("ours"), bulk }, WHO, NOW, &lifted, e);
	if (ok && store_commit(s->store, e))
		return true;
	if (store_in_batch(s->store))
		store_rollback(s->store);
	return false;
}

static bool
is_import(void *ctx, const struct bulk_row *row, struct err *e)
{
	(void)e;
	if (str_eq(row->what, STR("import")))
		*(int64_t *)ctx = row->id;
	return true;
}

static bool
step_undo(struct scene *s, int64_t nr, struct err *e)
{
	struct undo_sums sums;
	int64_t bulk = 0, as;

	(void)nr;
	if (!bulk_list(s->store, 10, is_import, &bulk, e) ||
	    !store_begin(s->store, e))
		return false;
	if (store_new_bulk(s->store, STR("undo"), WHO, NOW, &as, e) &&
	    store_undo(s->store, bulk, as, WHO, NOW, &sums, e) &&
	    store_commit(s->store, e))
		return true;
	if (store_in_batch(s->store))
		store_rollback(s->store);
	return false;
}

static bool
step_expire(struct scene *s, int64_t nr, struct err *e)
{
	int64_t ended;

	if (!store_begin(s->store, e))
		return false;
	if (entry_expire(s->store, NOW + nr * 86400, &ended, e) &&
	    store_commit(s->store, e))
		return true;
	if (store_in_batch(s->store))
		store_rollback(s->store);
	return false;
}

static bool
hash_row(void *ctx, const struct entry_row *row, struct err *e)
{
	uint64_t *sum = ctx;

	(void)e;
	*sum = hash64_more(*sum, row->entry.address);
	*sum = hash64_more(*sum, row->diagnostic);
	return true;
}

/* As check and list ask: nothing is written. */
static bool
step_ask(struct scene *s, int64_t nr, struct err *e)
{
	struct entry_filter f = { .now = NOW };
	struct entry en;
	bool found;

	(void)nr;
	s->asked = 1;
	return entry_decides(s->store, STR("gone3@gone.example"), STR(""), NOW,
	           &en, &found, e) &&
	    entry_list(s->store, &f, hash_row, &s->asked, e);
}

static const struct scene_act {
	const char *name;
	bool (*run)(struct scene *s, int64_t nr, struct err *e);
	int64_t nr;
} STEPS[SCENE_STEPS] = {
	{ "rows 0", step_rows, 0 },
	{ "rows 1", step_rows, 1 },
	{ "checkpoint", step_tidy, 0 },
	{ "rows 2", step_rows, 2 },
	{ "import", step_import, 0 },
	{ "rows 3", step_rows, 3 },
	{ "expire", step_expire, 0 },
	{ "remove", step_remove, 0 },
	{ "undo", step_undo, 0 },
	{ "rows 4", step_rows, 4 },
	{ "checkpoint", step_tidy, 0 },
	{ "expire later", step_expire, 400 },
	{ "ask", step_ask, 0 },
	{ "rows 5", step_rows, 5 },
};

bool
scene_step(struct scene *s, size_t i, struct err *e)
{
	return STEPS[i].run(s, STEPS[i].nr, e);
}

const char *
scene_step_name(size_t i)
{
	return i < SCENE_STEPS ? STEPS[i].name : "the end";
}

/* ---- what is true ---- */

static bool
add_line(void *ctx, struct str line, struct err *e)
{
	buf_add(ctx, line);
	buf_addc(ctx, '\n');
	return buf_ok(ctx, e);
}

/* Steps that change nothing would prove nothing. */
static bool
step_counts(const struct scene_truth *t, size_t i, struct err *e)
{
	bool same = str_eq(buf_str(&t->dump[i]), buf_str(&t->dump[i + 1]));
	bool quiet = STEPS[i].run == step_tidy || STEPS[i].run == step_ask;

	return same == quiet || err_set(e, EX_SOFTWARE, "step %s: the dump %s",
	    STEPS[i].name, same ? "is as before" : "has changed");
}

bool
scene_learn(struct scene *s, struct scene_truth *t, struct err *e)
{
	scene_wipe();
	if (!scene_open(s, e))
		return false;
	for (size_t i = 0; i <= SCENE_STEPS; i++) {
		if (!store_dump(s->store, add_line, &t->dump[i], e))
			return false;
		if (i < SCENE_STEPS && !scene_step(s, i, e))
			return err_at(e, "step %s", scene_step_name(i));
	}
	for (size_t i = 0; i < SCENE_STEPS; i++)
		if (!step_counts(t, i, e))
			return false;
	scene_close(s);
	return true;
}

int
scene_where(struct scene *s, const struct scene_truth *t, size_t from,
    size_t to, struct err *e)
{
	struct buf now = { 0 };
	int at = -1;

	if (!store_dump(s->store, add_line, &now, e))
		goto out;
	for (size_t i = from; i <= to && i <= SCENE_STEPS && at < 0; i++)
		if (str_eq(buf_str(&now), buf_str(&t->dump[i])))
			at = (int)i;
out:
	buf_release(&now);
	return at;
}

bool
scene_sound(struct err *e)
{
	sqlite3 *db = NULL;
	sqlite3_stmt *st = NULL;
	bool ok = false;

	if (sqlite3_open_v2("suppress.db", &db, SQLITE_OPEN_READWRITE,
	    "unix") == SQLITE_OK &&
	    sqlite3_prepare_v2(db, "PRAGMA integrity_check", -1, &st, NULL) ==
	    SQLITE_OK && sqlite3_step(st) == SQLITE_ROW)
		ok = strcmp((const char *)sqlite3_column_text(st, 0),
		    "ok") == 0;
	if (!ok)
		err_set(e, EX_DATAERR, "suppress.db: integrity_check: %s",
		    st != NULL ? (const char *)sqlite3_column_text(st, 0)
		               : sqlite3_errmsg(db));
	sqlite3_finalize(st);
	sqlite3_close(db);
	return ok;
}

bool
scene_told(const struct err *e)
{
	return e->code != 0 && e->text[0] != '\0';
}
