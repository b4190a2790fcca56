/* cmd_gc.c - deletes what is older than [retain] says, a slice at a time. */
#include <getopt.h>

#include "args.h"
#include "base/clock.h"
#include "out.h"
#include "store/retain.h"
#include "work/journal.h"

struct gc {
	struct app *app;
	struct journal *journal; /* NULL: no pipe ever ran */
	bool dry, json;
	int64_t cut[RETAIN_COUNT]; /* 0: kept for good */
	int64_t gone[RETAIN_COUNT];
	int64_t floor; /* rows from before count no more; 0: all count */
	uint64_t segments;
};

/* Storms are told in the time of events: while rows of last week are worked
 * on, what is young by these is not old. */
static bool
storm_now(struct gc *g, int64_t *now, struct err *e)
{
	if (!store_horizon_read(g->app->store, now, e))
		return false;
	if (*now == 0 || *now > g->app->now)
		*now = g->app->now;
	return true;
}

/* Evidence that a judgement may still need stays; so do streams while there
 * may be evidence that names them. */
static bool
set_cuts(struct gc *g, struct err *e)
{
	const struct config *c = &g->app->config;
	int64_t *cut = g->cut, now;

	if (!storm_now(g, &now, e))
		return false;
	for (size_t i = 0; i < RETAIN_COUNT; i++)
		cut[i] = c->retain[i] == 0 ? 0 : (i == RETAIN_SHARE ||
		    i == RETAIN_FRESH ? now : g->app->now) - c->retain[i];
	if (cut[RETAIN_EVIDENCE] > g->app->now - c->policy.window)
		cut[RETAIN_EVIDENCE] = g->app->now - c->policy.window;
	if (cut[RETAIN_STREAMS] > cut[RETAIN_EVIDENCE] - 2 * CLOCK_DAY)
		cut[RETAIN_STREAMS] = cut[RETAIN_EVIDENCE] - 2 * CLOCK_DAY;
	for (size_t i = 0; i < RETAIN_COUNT; i++)
		cut[i] = cut[i] < 0 ? 0 : cut[i];
	if (!level_get(g->app->store, STR("floor"), &g->floor, e))
		return false;
	if (g->floor < cut[RETAIN_EVIDENCE]) /* it only rises */
		g->floor = cut[RETAIN_EVIDENCE];
	return true;
}

static bool
let_pipe_in(struct gc *g, struct err *e)
{
	if (g->journal != NULL && journal_alive(g->journal, NULL))
		app_let_pipe();
	return store_tidy(g->app->store, false, e);
}

/* Before anything is deleted: no replay brings it back in between. */
static bool
raise_floor(struct gc *g, struct err *e)
{
	struct store *s = g->app->store;

	if (g->cut[RETAIN_EVIDENCE] == 0)
		return true;
	if (!store_begin(s, e))
		return false;
	if (retain_floor(s, g->cut[RETAIN_EVIDENCE], e))
		return store_commit(s, e);
	store_rollback(s);
	return false;
}

static bool
clean_table(struct gc *g, enum retain what, struct err *e)
{
	struct retain_walk w = { .what = what, .cut = g->cut[what] };
	struct store *s = g->app->store;

	if (w.cut == 0)
		return true;
	if (g->dry)
		return retain_count(s, what, w.cut, &g->gone[what], e);
	while (!w.done) {
		if (!store_begin(s, e))
			return false;
		if (!retain_slice(s, &w, e)) {
			store_rollback(s);
			return false;
		}
		if (!store_commit(s, e) || !let_pipe_in(g, e))
			return false;
	}
	g->gone[what] = w.deleted;
	return true;
}

static uint64_t
worked_on(void *ctx, const char *name)
{
	struct err e = { 0 };
	struct stream st;
	bool found = false;

	if (!stream_find(ctx, str_from(name), &st, &found, &e) || !found)
		return UINT64_MAX;
	return st.pos;
}

static bool
sync_worked(void *ctx, struct err *e)
{
	return store_sync(ctx, e);
}

/* What the pipe does every ten minutes: it may not run any more. */
static bool
clean_journal(struct gc *g, struct err *e)
{
	struct journal_clean how = { .now = g->app->now,
		.keep = g->app->config.journal_keep,
		.max_bytes = (uint64_t)g->app->config.journal_bytes,
		.worked = worked_on,
		.sync = sync_worked,
		.ctx = g->app->store };

	return g->dry || g->journal == NULL ||
	    journal_clean(g->journal, &how, &g->segments, e);
}

static bool
clean_all(struct gc *g, struct err *e)
{
	char path[CONFIG_PATH_MAX];
	struct err none = { 0 };

	if (!config_path(&g->app->config, "journal", path, e))
		return false;
	g->journal = journal_open(path, false, &none);
	if (!g->dry && !raise_floor(g, e))
		return false;
	for (size_t i = 0; i < RETAIN_COUNT; i++)
		if (!clean_table(g, (enum retain)i, e))
			return false;
	return clean_journal(g, e) &&
	    (g->dry || store_tidy(g->app->store, true, e));
}

static void
say(const struct gc *g, struct err *e)
{
	struct json *o;
	char floor[CLOCK_TEXT];

	if (g->json) {
		o = json_new_object();
		json_bool(o, "dry_run", g->dry);
		for (size_t i = 0; i < RETAIN_COUNT; i++)
			json_number(o, retain_name((enum retain)i),
			    g->gone[i]);
		if (g->dry)
			json_none(o, "journal_segments");
		else
			json_number(o, "journal_segments",
			    (int64_t)g->segments);
		json_time(o, "floor", g->floor);
		out_json(stdout, o, e);
		return;
	}
	printf("%s", g->dry ? "would delete:" : "deleted:");
	for (size_t i = 0; i < RETAIN_COUNT; i++)
		printf(" %s %lld%s", retain_name((enum retain)i),
		    (long long)g->gone[i], i + 1 < RETAIN_COUNT ? "," : "");
	if (!g->dry)
		printf("; journal segments %llu",
		    (unsigned long long)g->segments);
	if (g->floor != 0)
		printf("; rows from before %s count no more",
		    out_time(g->floor, floor));
	putchar('\n');
}

int
cmd_gc(struct app *a, int argc, char **argv, struct err *e)
{
	static const struct option LONGS[] = {
		{ "dry-run", no_argument, NULL, 'n' },
		{ "json", no_argument, NULL, 'j' },
		{ NULL, 0, NULL, 0 },
	};
	struct gc g = { .app = a };
	int o;

	while ((o = app_option(argc, argv, ":nj", LONGS, e)) != -1) {
		if (o != 'n' && o != 'j')
			return e->code;
		g.dry |= o == 'n';
		g.json |= o == 'j';
	}
	if (!args_no_more(argc, argv, e) || !app_ready(a, e))
		return e->code;
	if (set_cuts(&g, e) && clean_all(&g, e))
		say(&g, e);
	journal_close(g.journal);
	return e->code;
}
