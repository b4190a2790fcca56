/* sim_replay.c - the same rows by any road, killed anywhere, and what a
 * person does to an incident: taken back, and back again. */
#include <stdio.h>

#include "base/clock.h"
#include "campaign.h"
#include "storm_sim.h"

#define DAY(n) (WORLD_BEGIN + (n) * CLOCK_DAY)

/* A month with deaths and an outage in it, its rows one behind the other. */
static void
month(struct sim *s, struct buf *rows)
{
	uint32_t n = s->is_short ? 600 : 3000;
	struct campaign c;
	struct world own, *w = &own;

	world_open(w);
	w->keep = true;
	campaign_init(&c, &GMAIL, 0, n);
	c.start = 28800;
	c.takes = 8 * 3600;
	campaign_deaths(w, &c, 30, 15, DAY(20), DAY(40));
	c.out_from = DAY(30) + 30000;
	c.out_to = c.out_from + 6 * 3600;
	campaign_run(w, &c, 0, 31);
	campaign_release(&c);
	*rows = w->kept;
	w->kept = (struct buf){ 0 };
	world_close(w);
}

/* Whether it tells what is true now: not how often it was told, nor who was
 * listed once and is not now. */
static bool
is_true_now(struct str line)
{
	struct str rest = line, field = STR("");

	if (str_starts(line, STR("change\t")))
		return false;
	for (int i = 0; i < 5; i++)
		(void)str_cut(&rest, '\t', &field);
	return !str_starts(line, STR("entry\t")) || !str_eq(field, STR("2"));
}

/* The dump's lines of that. */
static void
truth(struct world *w, struct buf *out)
{
	struct buf all = { 0 };
	struct str rest, line;

	world_dump(w, &all);
	rest = buf_str(&all);
	buf_clear(out);
	while (str_cut(&rest, '\n', &line))
		if (is_true_now(line)) {
			buf_add(out, line);
			buf_addc(out, '\n');
		}
	buf_release(&all);
}

#define SHOWN 6 /* lines that differ */

/* Both are sorted by the same words, so lines stand nearly side by side. */
static void
show_differences(struct str got, struct str want)
{
	struct str line, other;
	int shown = 0;

	while (str_cut(&got, '\n', &line) && shown < SHOWN) {
		if (!str_cut(&want, '\n', &other))
			other = STR("");
		if (str_eq(line, other))
			continue;
		printf("      got  %.*s\n      want %.*s\n", STR_ARG(line),
		    STR_ARG(other));
		shown++;
	}
}

static void
want_same(struct sim *s, const char *what, const struct buf *got,
    const struct buf *want)
{
	bool same = str_eq(buf_str(got), buf_str(want));

	sim_figure(s, what, same, IS, 1);
	if (!same)
		show_differences(buf_str(got), buf_str(want));
}

static void
replay(struct world *w, const struct buf *rows)
{
	world_source(w, buf_str(rows), ROAD_PIPE);
	world_source(w, buf_str(rows), ROAD_FILE);
}

enum verb { DISCARD, RELEASE, REMOVE };

static int64_t
act(struct world *w, enum verb v)
{
	struct incidents in;

	if (v == REMOVE)
		return world_remove(w);
	world_incidents(w, &in);
	return world_settle(w, in.id, v == DISCARD);
}

static void
undo_of(struct sim *s, enum verb v)
{
	static const char *const VERBS[] = { "discard", "release", "remove" };
	const char *verb = VERBS[v];
	struct buf rows, before = { 0 }, after = { 0 }, now = { 0 };
	struct world w;
	int64_t bulk, back;
	char line[80];
#define SAME(text, want) do { \
	truth(&w, &now); \
	snprintf(line, sizeof line, "undo, %s: %s", verb, text); \
	want_same(s, line, &now, &(want)); \
} while (0)

	month(s, &rows);
	world_open(&w);
	world_source(&w, buf_str(&rows), ROAD_PIPE);
	truth(&w, &before);
	bulk = act(&w, v);
	truth(&w, &after);
	snprintf(line, sizeof line, "undo, %s: it changes something", verb);
	sim_figure(s, line, str_eq(buf_str(&before), buf_str(&after)), IS, 0);
	replay(&w, &rows);
	SAME("a replay changes nothing", after);
	back = world_undo(&w, bulk);
	SAME("taken back it is as before", before);
	replay(&w, &rows);
	SAME("a replay brings nothing back", before);
	(void)world_undo(&w, back);
	SAME("the undo undone, it is as after", after);
	replay(&w, &rows);
	SAME("and a replay changes nothing", after);
#undef SAME
	buf_release(&before);
	buf_release(&after);
	buf_release(&now);
	buf_release(&rows);
	world_close(&w);
}

void
sim_undo(struct sim *s)
{
	undo_of(s, DISCARD);
	undo_of(s, RELEASE);
	undo_of(s, REMOVE);
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
		{ "50,000 rows a commit", 50000, 0, ROAD_PIPE, false },
		{ "100 rows a commit", 100, 0, ROAD_PIPE, false },
		{ "1 row a commit", 1, 0, ROAD_PIPE, false },
		{ "killed in 1 of 10 batches", 100, 100, ROAD_PIPE, false },
		{ "killed in half of the batches", 997, 500, ROAD_PIPE,
		    false },
		{ "as a file", 0, 0, ROAD_FILE, false },
		{ "as a pipe and as a file", 0, 0, ROAD_PIPE, true },
	};
	struct buf rows, want = { 0 }, got = { 0 };
	struct world w;
	char line[80];

	month(s, &rows);
	for (size_t i = 0; i < COUNT(RUNS); i++) {
		const struct run *r = &RUNS[i];

		world_open(&w);
		w.batch = r->batch;
		w.kills = r->kills;
		world_source(&w, buf_str(&rows), r->road);
		if (r->twice)
			world_source(&w, buf_str(&rows), ROAD_FILE);
		world_dump(&w, &got);
		world_incident_text(&w, &got);
		if (want.n == 0)
			buf_add(&want, buf_str(&got));
		snprintf(line, sizeof line, "the same dump, %s", r->name);
		want_same(s, line, &got, &want);
		world_close(&w);
	}
	buf_release(&want);
	buf_release(&got);
	buf_release(&rows);
}
