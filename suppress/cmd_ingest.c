/* cmd_ingest.c - works on rotated accounting files and kept mails as the pipe
 * would: gaps are filled, nothing is counted twice. */
#include <getopt.h>
#include <string.h>
#include <time.h>

#include "app.h"
#include "base/clock.h"
#include "ingest_dry.h"
#include "ingest_file.h"
#include "ingest_say.h"
#include "out.h"
#include "paths.h"
#include "work/journal.h"
#include "work/keys.h"

#define STEP_BYTES (1u << 20)
#define PATIENCE 60000 /* ms that a busy database is waited for */
#define BUSY_PAUSE 5 /* ms between two tries */
#define LOOK_EVERY 50 /* ms between looks for a pipe */

/* Small files share a batch: what is said of them waits for its commit. */
struct batch {
	size_t first; /* file that it begins with */
	bool midway; /* the file at hand began in an earlier one */
	unsigned failed; /* files that could not be read */
	struct buf said, told; /* for standard output; for standard error */
};

struct ingest {
	struct app *app;
	struct work *work;
	struct journal *journal; /* NULL: no pipe has run yet */
	bool dry, json;
	int64_t busy_since; /* ticks; 0: not busy */
	int64_t looked; /* ticks when a pipe was looked for */
	unsigned failed; /* files that could not be read */
	struct batch batch;
	struct ingest_folder folder; /* of the file before */
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

/* The first pipe may start while we work. */
static void
look_for_journal(struct ingest *g)
{
	char path[CONFIG_PATH_MAX];
	struct err none = { 0 };

	if (g->journal == NULL &&
	    config_path(&g->app->config, "journal", path, &none))
		g->journal = journal_open(path, false, &none);
}

/* Whether a pipe lives; if none does, batches may be long. */
static bool
look_for_pipe(struct ingest *g)
{
	bool alive;

	g->looked = clock_ticks();
	look_for_journal(g);
	alive = g->journal != NULL && journal_alive(g->journal, NULL);
	work_alone(g->work, !alive);
	return alive;
}

/* Bulk work leaves the lock free: a pipe must not be kept waiting. */
static void
let_pipe_in(struct ingest *g)
{
	g->busy_since = 0;
	if (look_for_pipe(g))
		app_let_pipe();
}

/* Copies the log; what cannot be now, the next writer does. */
static void
tidy(struct ingest *g, bool idle)
{
	struct err later = { 0 };

	(void)store_tidy(g->app->store, idle, &later);
}

/* Says what waited to be true. */
static bool
speak(struct ingest *g, struct err *e)
{
	struct batch *b = &g->batch;
	bool ok = out_text(&b->said, e) && buf_ok(&b->told, e);

	if (ok && b->told.n > 0)
		fwrite(b->told.p, 1, b->told.n, stderr);
	g->failed += b->failed;
	b->failed = 0;
	buf_clear(&b->said);
	buf_clear(&b->told);
	return ok;
}

/* next: the first file that is not done with. */
static bool
commit(struct ingest *g, size_t next, struct err *e)
{
	if (work_pending(g->work)) {
		if (!work_commit(g->work, e))
			return false;
		let_pipe_in(g);
		tidy(g, false);
	}
	g->batch.first = next;
	return speak(g, e);
}

/* Nothing of the batch is done: its files are to be worked on again. */
static void
abandon(struct ingest *g)
{
	work_abandon(g->work);
	g->batch.failed = 0;
	buf_clear(&g->batch.said);
	buf_clear(&g->batch.told);
}

/* ---- one file ---- */

/* One step of the road; *end: there is no more now. */
static bool
step(struct ingest *g, struct follow *f, size_t nth, bool *end, struct err *e)
{
	enum follow_state state = FOLLOW_IDLE;
	bool midway = g->batch.midway;

	if (clock_ticks() - g->looked >= LOOK_EVERY)
		(void)look_for_pipe(g);
	if (!follow_step(f, STEP_BYTES, &state, e))
		return false;
	*end = state != FOLLOW_MORE;
	if (*end ? !midway : !work_due(g->work))
		return true;
	g->batch.midway = true;
	if (commit(g, nth, e))
		return true;
	g->batch.midway = midway;
	return false;
}

/* *left: its last row stays for a later run. */
static bool
work_file(struct ingest *g, struct ingest_file *file, size_t nth, bool *left,
    struct err *e)
{
	struct follow *f = follow_open(g->work, &file->source, e);
	bool end = false;
	uint64_t pos;

	while (f != NULL && !end) {
		if (step(g, f, nth, &end, e))
			continue;
		end = false;
		if (!g->batch.midway)
			break;
		abandon(g);
		if (!wait_busy(g, e))
			break;
	}
	if (e->code != 0) {
		follow_close(f);
		return false;
	}
	if (!follow_finish(f, &pos, e))
		return false;
	/* A break is told by itself. */
	if (file->broken.code == 0)
		(void)ingest_file_has(file, pos, left, &file->broken);
	return true;
}

/* In the batch. *file_error: the file cannot be read, or not to its end; what
 * stood before the break is done. */
static bool
read_file(struct ingest *g, struct ingest_file *f, size_t nth,
    struct ingest_said *say, struct err *file_error, struct err *e)
{
	struct store *s = g->app->store;
	struct buf *out = &g->batch.said;
	struct stream st = { 0 };
	bool known = false;
	bool has = true;

	if (!work_begin(g->work, e) ||
	    !ingest_file_adopt(f, s, g->app->now, &st, &known, e))
		return false;
	if ((known || f->head_bytes == 0) &&
	    !ingest_file_has(f, st.pos, &has, file_error))
		return true;
	say->empty = !known;
	if (!has)
		return ingest_say_nothing(say, out, e);
	work_sums_clear(g->work);
	if (!work_file(g, f, nth, &say->left, e))
		return false;
	if (f->broken.code != 0)
		*file_error = f->broken;
	say->growing = f->growing;
	return ingest_say_sums(say, g->work, out, e);
}

/* False only for what ends the whole run; a file that cannot be read stands
 * in *file_error. */
static bool
ingest_one(struct ingest *g, const char *path, size_t nth,
    struct err *file_error, struct err *e)
{
	struct ingest_said say = { .path = path, .json = g->json };
	struct ingest_file f;
	bool ok;

	g->batch.midway = false;
	if (!ingest_file_open(&f, path, &g->folder, file_error)) {
		if (file_error->code != 0)
			return true;
		/* Nobody is to wait for the lock while we wait for bytes. */
		if (!commit(g, nth, e))
			return false;
		if (!ingest_file_open_other(&f, path, file_error))
			return true;
	}
	ok = read_file(g, &f, nth, &say, file_error, e);
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

	while (!app_open_store(g->app, STORE_WRITE, BUSY_PAUSE, e))
		if (!wait_busy(g, e))
			return false;
	return has_keys(g->app, e) &&
	    config_path(&g->app->config, "journal", path, e);
}

/* Files are told as they fail, the rest is still done. */
static bool
note_failure(struct ingest *g, size_t files, const struct err *why,
    struct err *e)
{
	if (why->code == 0)
		return true;
	g->batch.failed++;
	if (files > 1) {
		buf_addf(&g->batch.told, "%s: %s\n", g->app->prog, why->text);
		return buf_ok(&g->batch.told, e);
	}
	return (g->dry || commit(g, files, e)) &&
	    err_set(e, EX_NOINPUT, "%s", why->text);
}

static bool
dry_files(struct ingest *g, const struct paths *files, struct err *e)
{
	for (size_t i = 0; i < files->n; i++) {
		struct err why = { 0 };

		if (!ingest_dry(g->app, files->list[i], g->json, &why, e) ||
		    !note_failure(g, files->n, &why, e) || !speak(g, e))
			return false;
	}
	return true;
}

/* One file and, where a commit is due, what came before it. */
static bool
work_one(struct ingest *g, const struct paths *files, size_t i, struct err *e)
{
	struct err why = { 0 };

	if (!ingest_one(g, files->list[i], i, &why, e) ||
	    !note_failure(g, files->n, &why, e))
		return false;
	return (i + 1 < files->n && !work_due(g->work)) || commit(g, i + 1, e);
}

static bool
work_files(struct ingest *g, const struct paths *files, struct err *e)
{
	struct app *a = g->app;

	g->work = work_open(&a->config, a->store, a->rules, &a->log, e);
	if (g->work == NULL)
		return false;
	for (size_t i = 0; i < files->n;) {
		if (work_one(g, files, i, e)) {
			i++;
			continue;
		}
		abandon(g);
		if (!wait_busy(g, e))
			return false;
		i = g->batch.first;
	}
	return true;
}

static bool
ingest_files(struct ingest *g, const struct paths *files, struct err *e)
{
	if (!(g->dry ? dry_files(g, files, e) : work_files(g, files, e)))
		return false;
	if (g->failed > 0)
		return err_set(e, EX_NOINPUT,
		    "ingest: %u of %zu files could "
		    "not be read to their end: see above; the others are done",
		    g->failed, files->n);
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
	ingest_files(&g, &files, e);
	if (!g.dry)
		tidy(&g, true);
out:
	work_close(g.work);
	ingest_folder_release(&g.folder);
	buf_release(&g.batch.said);
	buf_release(&g.batch.told);
	paths_release(&files);
	journal_close(g.journal);
	return e->code;
}
