/* sim_replay.c - the same rows by any road, killed anywhere, and what a
 * person does to an incident: taken back, and back again. */
#include <stdio.h>

#include "base/clock.h"
#include "campaign.h"
#include "storm_sim.h"

#define DAY(n) (WORLD_BEGIN + (n) * CLOCK_DAY)

/* A month with deaths and an outage in it; its rows are kept. */
static void
month(struct sim *s, struct world *w)
{
	uint32_t n = s->is_short ? 600 : 3000;
	struct campaign c;

	w->keep = true;
	campaign_init(&c, &GMAIL, 0, n);
	c.start = 28800;
	c.takes = 8 * 3600;
	campaign_deaths(w, &c, 30, 15, DAY(20), DAY(40));
	c.out_from = DAY(30) + 30000;
	c.out_to = c.out_from + 6 * 3600;
	campaign_run(w, &c, 0, 31);
	campaign_release(&c);
}

/* The dump without how often each thing was told: what is true now. */
static void
truth(struct world *w, struct buf *out)
{
	struct buf all = { 0 };
	struct str rest, line;

	world_dump(w, &all);
	rest = buf_str(&all);
	buf_clear(out);
	while (str_cut(&rest, '\n', &line))
		if (!str_starts(line, STR("change\t"))) {
			buf_add(out, line);
			buf_addc(out, '\n');
		}
	buf_release(&all);
}

static bool
is_same(struct sim *s, const char *what, const struct buf *a,
    const struct buf *b)
{
	bool same = str_eq(buf_str(a), buf_str(b));

	sim_figure(s, what, same, IS, 1);
	return same;
}

static void
replay(struct world *w)
{
	world_source(w, buf_str(&w->kept), ROAD_PIPE);
	world_source(w, buf_str(&w->kept), ROAD_FILE);
}

static void
undo_of(struct sim *s, bool drop)
{
	const char *verb = drop ? "discard" : "release";
	struct buf before = { 0 }, after = { 0 }, now = { 0 };
	struct incidents in;
	struct world w;
	int64_t bulk, back;
	char line[80];
#define SAME(text, want) do { \
	truth(&w, &now); \
	snprintf(line, sizeof line, "undo, %s: %s", verb, text); \
	is_same(s, line, &now, &(want)); \
} while (0)

	world_open(&w);
	month(s, &w);
	world_incidents(&w, &in);
	truth(&w, &before);
	bulk = world_settle(&w, in.id, drop);
	truth(&w, &after);
	snprintf(line, sizeof line, "undo, %s: it changes something", verb);
	sim_figure(s, line, str_eq(buf_str(&before), buf_str(&after)), IS, 0);
	replay(&w);
	SAME("a replay changes nothing", after);
	back = world_undo(&w, bulk);
	SAME("taken back it is as before", before);
	replay(&w);
	SAME("a replay brings nothing back", before);
	(void)world_undo(&w, back);
	SAME("the undo undone, it is as after", after);
	replay(&w);
	SAME("and a replay changes nothing", after);
#undef SAME
	buf_release(&before);
	buf_release(&after);
	buf_release(&now);
	world_close(&w);
}

void
sim_undo(struct sim *s)
{
	undo_of(s, true);
	undo_of(s, false);
}

/* ---- kills ---- */

struct run {
	const char *name;
	uint64_t batch, kills;
	enum road road;
	bool twice;
};

void
sim_kills(struct sim *s)
{
	static const struct run RUNS[] = {
		{ "100 rows a commit", 100, 0, ROAD_PIPE, false },
		{ "1 row a commit", 1, 0, ROAD_PIPE, false },
		{ "killed in 1 of 10 batches", 100, 100, ROAD_PIPE, false },
		{ "killed in half of the batches", 997, 500, ROAD_PIPE,
		    false },
		{ "as a file", 0, 0, ROAD_FILE, false },
		{ "as a pipe and as a file", 0, 0, ROAD_PIPE, true },
	};
	struct buf want = { 0 }, got = { 0 };
	struct world first, w;
	char line[80];

	world_open(&first);
	month(s, &first);
	world_dump(&first, &want);
	world_incident_text(&first, &want);
	for (size_t i = 0; i < COUNT(RUNS); i++) {
		const struct run *r = &RUNS[i];

		world_open(&w);
		w.batch = r->batch;
		w.kills = r->kills;
		world_source(&w, buf_str(&first.kept), r->road);
		if (r->twice)
			world_source(&w, buf_str(&first.kept), ROAD_FILE);
		world_dump(&w, &got);
		world_incident_text(&w, &got);
		snprintf(line, sizeof line, "the same dump, %s", r->name);
		is_same(s, line, &got, &want);
		world_close(&w);
	}
	buf_release(&want);
	buf_release(&got);
	world_close(&first);
}
