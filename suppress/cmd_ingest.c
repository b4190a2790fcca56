/* cmd_ingest.c - works on rotated accounting files and kept mails as the pipe
 * would: gaps are filled, nothing is counted twice. */
#include <getopt.h>
#include <string.h>
#include <time.h>

#include "app.h"
#include "base/clock.h"
#include "base/quote.h"
#include "ingest_dry.h"
#include "ingest_file.h"
#include "out.h"
#include "paths.h"
#include "work/journal.h"
#include "work/keys.h"

#define STEP_BYTES (1u << 20)
#define PATIENCE 60000 /* ms that a busy database is waited for */
#define BUSY_PAUSE 5 /* ms between two tries */
#define PIPE_PAUSE 20 /* ms after a commit, for a pipe that lives */

struct ingest {
	struct app *app;
	struct journal *journal; /* NULL: no pipe ever ran */
	bool dry, json;
	int64_t busy_since; /* ticks; 0: not busy */
	unsigned failed; /* files that could not be read */
};

static void
pause_ms(long ms)
{
	struct timespec t = { .tv_nsec = ms * 1000000 };

	(void)nanosleep(&t, NULL);
}

/* Whether what failed was only a busy database, and is worth another try: then
 * e is clear again and some time has passed. */
static bool
wait_busy(struct ingest *g, struct err *e)
{
	int64_t now = clock_ticks();

	if (e->code != EX_TEMPFAIL)
		return false;
	if (g->busy_since == 0)
		g->busy_since = now;
	if (now - g->busy_since > PATIENCE)
		return false;
	err_clear(e);
	pause_ms(BUSY_PAUSE);
	return true;
}

/* Bulk work leaves the lock free: a pipe must not be kept waiting. */
static void
let_pipe_in(struct ingest *g)
{
	g->busy_since = 0;
	if (g->journal != NULL && journal_alive(g->journal, NULL))
		pause_ms(PIPE_PAUSE);
}

/* Copies the log; what cannot be now, the next writer does. */
static void
tidy(struct ingest *g, bool idle)
{
	struct err later = { 0 };

	(void)store_tidy(g->app->store, idle, &later);
}

static bool
commit(struct ingest *g, struct work *w, struct err *e)
{
	if (!work_pending(w))
		return true;
	if (!work_commit(w, e))
		return false;
	let_pipe_in(g);
	tidy(g, false);
	return true;
}

/* One step of the road; *end: there is no more now. */
static bool
step(struct ingest *g, struct work *w, struct follow *f, bool *end,
    struct err *e)
{
	enum follow_state state = FOLLOW_IDLE;

	if (!follow_step(f, STEP_BYTES, &state, e))
		return false;
	*end = state != FOLLOW_MORE;
	return (!*end && !work_due(w)) || commit(g, w, e);
}

/* *left: its last row stays for a later run. */
static bool
work_file(struct ingest *g, struct work *w, struct ingest_file *file,
    bool *left, struct err *e)
{
	struct follow *f = follow_open(w, &file->source, e);
	bool end = false;

	while (f != NULL && !end) {
		if (step(g, w, f, &end, e))
			continue;
		work_abandon(w);
		end = false;
		if (!wait_busy(g, e))
			break;
	}
	/* A break is told by itself. */
	if (e->code == 0 && file->broken.code == 0)
		(void)ingest_file_has(
		    file, follow_position(f), left, &file->broken);
	follow_close(f);
	return e->code == 0;
}

/* ---- what is said of each file ---- */

static bool
say_read_before(struct ingest *g, const char *path, struct err *e)
{
	char quoted[256];
	struct json *o;

	str_quote(str_from(path), quoted, sizeof quoted);
	if (!g->json) {
		printf("%s: nothing new: all of it was read before\n", quoted);
		return true;
	}
	o = json_new_object();
	json_text(o, "file", str_from(path));
	json_bool(o, "read_before", true);
	json_number(o, "rows", 0);
	return out_json(stdout, o, e);
}

static bool
say_sums_json(
    const char *path, const struct work_sums *s, bool left, struct err *e)
{
	struct json *o = json_new_object();
	struct json *skipped = json_new_object();
	struct json *rows = json_new_object();

	for (size_t i = 0; i < KIND_COUNT; i++)
		if (s->by_kind[i] != 0)
			json_number(
			    rows, kind_name((enum kind)i), s->by_kind[i]);
	for (size_t i = 1; i < SKIP_COUNT; i++)
		if (s->skipped[i] != 0)
			json_number(
			    skipped, skip_name((enum skip)i), s->skipped[i]);
	json_text(o, "file", str_from(path));
	json_bool(o, "read_before", false);
	json_number(o, "rows", s->rows);
	json_put(o, "rows_by_type", rows);
	json_number(o, "used", s->used);
	json_put(o, "skipped", skipped);
	json_number(o, "suppressed", s->suppressed);
	json_number(o, "held", s->held);
	json_bool(o, "last_row_left", left);
	return out_json(stdout, o, e);
}

struct said {
	const char *path;
	bool growing, left;
};

static bool
say_sums(
    struct ingest *g, const struct work *w, const struct said *f, struct err *e)
{
	struct buf b = { 0 };
	bool ok;

	if (g->json)
		return say_sums_json(f->path, work_sums(w), f->left, e);
	quote_add(&b, str_from(f->path));
	buf_adds(&b, ": ");
	work_sums_text(w, &b);
	if (f->growing)
		buf_adds(&b, " (still being written: run it again later)");
	else if (f->left)
		buf_adds(
		    &b, " (its last row has no end yet: run it again later)");
	buf_addc(&b, '\n');
	ok = out_text(&b, e);
	buf_release(&b);
	return ok;
}

/* ---- one file ---- */

/* The file's stream under its name, in a batch of its own. */
static bool
adopt(struct ingest *g, struct ingest_file *f, struct stream *st, bool *known,
    struct err *e)
{
	struct store *s = g->app->store;

	do {
		if (!store_begin(s, e))
			continue;
		if (ingest_file_adopt(f, s, g->app->now, st, known, e) &&
		    store_commit(s, e)) {
			g->busy_since = 0;
			return true;
		}
		store_rollback(s);
	} while (wait_busy(g, e));
	return false;
}

/* False only for what ends the whole run; a file that cannot be read stands
 * in *file_error. */
static bool
ingest_one(
    struct ingest *g, const char *path, struct err *file_error, struct err *e)
{
	struct app *a = g->app;
	struct ingest_file f;
	struct work *w = NULL;
	struct stream st = { 0 };
	bool known = false;
	bool has = true;
	bool left = false;
	bool ok = false;

	if (!ingest_file_open(&f, path, file_error))
		return true;
	if (!adopt(g, &f, &st, &known, e))
		goto out;
	if ((known || f.head_bytes == 0) &&
	    !ingest_file_has(&f, st.pos, &has, file_error)) {
		ok = true;
		goto out;
	}
	if (!has) {
		ok = say_read_before(g, path, e);
		goto out;
	}
	w = work_open(&a->config, a->store, a->rules, &a->log, e);
	if (w == NULL)
		goto out;
	ok = work_file(g, w, &f, &left, e) &&
	    say_sums(g, w, &(struct said){ path, f.growing, left }, e);
	/* What stood before the break is done; the break is told too. */
	if (ok && f.broken.code != 0)
		*file_error = f.broken;
out:
	work_close(w);
	ingest_file_close(&f);
	return ok;
}

/* ---- all files ---- */

/* What a token would have proved is not asked again: no run without them. */
static bool
has_keys(const struct app *a, struct err *e)
{
	struct keys k = { 0 };
	bool ok = keys_load(&a->config, &k, e);

	explicit_bzero(&k, sizeof k);
	return ok;
}

static bool
open_all(struct ingest *g, struct err *e)
{
	char path[CONFIG_PATH_MAX];
	struct err none = { 0 };

	while (!app_open_store(g->app, STORE_WRITE, BUSY_PAUSE, e))
		if (!wait_busy(g, e))
			return false;
	if (!has_keys(g->app, e) ||
	    !config_path(&g->app->config, "journal", path, e))
		return false;
	g->journal = journal_open(path, false, &none);
	return true;
}

/* Files are told as they fail, the rest is still done. */
static bool
ingest_files(struct ingest *g, char **paths, int n, struct err *e)
{
	for (int i = 0; i < n; i++) {
		struct err why = { 0 };

		if (!(g->dry ? ingest_dry(g->app, paths[i], g->json, &why, e)
			     : ingest_one(g, paths[i], &why, e)))
			return false;
		if (why.code == 0)
			continue;
		g->failed++;
		if (n == 1)
			return err_set(e, EX_NOINPUT, "%s", why.text);
		fprintf(stderr, "%s: %s\n", g->app->prog, why.text);
	}
	if (g->failed > 0)
		return err_set(e, EX_NOINPUT,
		    "ingest: %u of %d files could "
		    "not be read to their end: see above; the others are done",
		    g->failed, n);
	return true;
}

static bool
parse_options(struct ingest *g, int argc, char **argv, struct err *e)
{
	static const struct option LONGS[] = {
		{ "dry-run", no_argument, NULL, 'n' },
		{ "json", no_argument, NULL, 'j' },
		{ NULL, 0, NULL, 0 },
	};
	int o;

	while ((o = app_option(argc, argv, ":nj", LONGS, e)) != -1) {
		if (o == 'n')
			g->dry = true;
		else if (o == 'j')
			g->json = true;
		else
			return false;
	}
	if (optind == argc)
		return err_set(e, EX_USAGE,
		    "ingest: no file given; name one "
		    "or more: acct files, packed ones, raw mails, an mbox, a "
		    "Maildir");
	for (int i = optind; i < argc; i++)
		if (strcmp(argv[i], "-") == 0)
			return err_set(e, EX_USAGE,
			    "ingest: standard input "
			    "has no place to be left at: write it to a file "
			    "and name that");
	return true;
}

int
cmd_ingest(struct app *a, int argc, char **argv, struct err *e)
{
	struct ingest g = { .app = a };
	struct paths files = { 0 };

	if (!parse_options(&g, argc, argv, e) || (!g.dry && !open_all(&g, e)))
		return e->code;
	for (int i = optind; i < argc; i++)
		if (!paths_add(&files, argv[i], e))
			goto out;
	ingest_files(&g, files.list, (int)files.n, e);
	if (!g.dry)
		tidy(&g, true);
out:
	paths_release(&files);
	journal_close(g.journal);
	return e->code;
}
