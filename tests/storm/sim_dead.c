/* sim_dead.c - many fail at once, and they are dead indeed; or nobody can
 * know yet. */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "campaign.h"
#include "storm_sim.h"

#define DAY(n) (WORLD_BEGIN + (n) * CLOCK_DAY)

/* The people from `first` on are dead who have failed once. */
static int64_t
listed_of(const struct world *w, const struct campaign *c, int64_t *dead)
{
	int64_t n = 0;

	*dead = 0;
	for (uint32_t i = 0; i < c->n; i++) {
		bool is = c->who[i].dies == 0;

		*dead += is;
		n += is && w->listed[c->first + i];
	}
	return n;
}

/* So many of 100 were dead before they were ever mailed. */
static void
never_lived(struct world *w, struct campaign *c, uint64_t of_100)
{
	for (uint32_t i = 0; i < c->n; i++)
		if (world_roll(w, 100) < of_100)
			c->who[i].dies = 0;
}

/* ---- a dirty import ---- */

void
sim_import(struct sim *s)
{
	uint32_t old = s->is_short ? 2000 : 20000, new = old / 2;
	struct campaign was, import;
	struct incidents in;
	struct world w;
	int64_t dead, got;

	world_open(&w);
	campaign_init(&was, &GMAIL, 0, old);
	campaign_init(&import, &GMAIL, old, new);
	never_lived(&w, &import, 30);
	import.start = 36000;
	import.takes = 3600;
	campaign_run(&w, &was, 0, 35);
	for (int64_t day = 35; day < 38; day++) {
		campaign_run(&w, &import, day, day + 1);
		campaign_run(&w, &was, day, day + 1);
	}
	world_incidents(&w, &in);
	sim_figure(s, "dirty import, 30 % dead: incidents", in.n, IS, 0);
	got = listed_of(&w, &import, &dead);
	sim_figure(s, "dirty import: dead listed of all dead", got, IS, dead);
	sim_figure(s, "dirty import: living listed", w.n_listed - dead, IS,
	    0);
	campaign_release(&was);
	campaign_release(&import);
	world_close(&w);
}

/* ---- our own resolver ---- */

static void
resolver_row(struct world *w, uint32_t person, int64_t time, bool fails)
{
	static const char *const STATUS[] = {
		"5.1.2 (bad destination system: no such domain)",
		"5.4.4 (unable to route: no such domain)" };
	struct row r = { .type = fails ? "b" : "d", .time = time,
		.person = person, .domain = "d#.example",
		.mta = fails ? "" : "mx.d#.example (192.0.2.9)",
		.status = fails ? STATUS[person % 2] : "2.0.0 (success)",
		.diag = fails ? "" : "smtp;250 2.0.0 Ok: queued as 4XW#",
		.cat = fails ? "bad-domain" : "" };

	if (!w->listed[person])
		world_row(w, &r);
}

/* A thousand domains with one recipient each, mailed in ten minutes. */
static void
resolver_day(struct world *w, uint32_t n, int64_t day, bool fails)
{
	for (uint32_t i = 0; i < n; i++)
		resolver_row(w, i, DAY(day) + 32400 + i * 600 / n, fails);
	world_flush(w);
}

static void
resolver(struct sim *s, const char *what, int64_t days_before)
{
	uint32_t n = 1000;
	struct incidents in;
	struct world w;
	char line[80];

	world_open(&w);
	for (int64_t day = 0; day < days_before; day++)
		resolver_day(&w, n, day, false);
	/* Down on four mornings within ten days: enough for a dead domain. */
	for (int64_t day = 0; day < 10; day++) {
		resolver_day(&w, n, days_before + day, day % 3 == 0);
		if (day % 3 != 0)
			continue;
		snprintf(line, sizeof line, "%s: addresses on the list, day "
		    "%lld", what, (long long)day + 1);
		sim_figure(s, line, w.n_listed, IS, 0);
	}
	world_incidents(&w, &in);
	snprintf(line, sizeof line, "%s: domain entries", what);
	sim_figure(s, line, w.n_domains, IS, 0);
	snprintf(line, sizeof line, "%s: storms", what);
	sim_figure(s, line, in.storms, IS, 4);
	snprintf(line, sizeof line, "%s: held at the end", what);
	resolver_day(&w, n, days_before + 10, false);
	world_incidents(&w, &in);
	sim_figure(s, line, in.held, IS, 0);
	world_close(&w);
}

void
sim_resolver(struct sim *s)
{
	resolver(s, "our resolver fails", 35);
	resolver(s, "our resolver fails, new installation", 2);
}

/* ---- small senders, new installations ---- */

/* 300 a day, of them so many dead: no incident, and they are listed. */
void
sim_small(struct sim *s)
{
	struct incidents in;
	struct deaths sums;
	struct campaign c;
	struct world w;

	world_open(&w);
	campaign_init(&c, &GMAIL, 0, 300);
	campaign_deaths(&w, &c, 40, 15, DAY(30), DAY(60));
	campaign_run(&w, &c, 0, 64);
	world_incidents(&w, &in);
	campaign_sums(&w, &c, &sums);
	sim_figure(s, "300 a day, 4 % die in a month: incidents", in.n, IS,
	    0);
	sim_figure(s, "300 a day: dead listed in time of all", sums.in_time,
	    IS, sums.dead);
	campaign_release(&c);
	world_close(&w);
}

/* A pipe that was given bounces alone. */
void
sim_only_bounces(struct sim *s)
{
	uint32_t n = s->is_short ? 2000 : 20000;
	struct incidents in;
	struct world w;

	world_open(&w);
	for (uint32_t i = 0; i < n; i++) {
		struct row r = { .type = "b", .person = i,
			.time = DAY(0) + (int64_t)i * 30 * CLOCK_DAY / n,
			.domain = GMAIL.domain, .mta = GMAIL.mta,
			.status = GMAIL.gone_status, .diag = GMAIL.gone,
			.cat = "bad-mailbox" };

		world_row(&w, &r);
	}
	world_flush(&w);
	world_incidents(&w, &in);
	sim_figure(s, "rows b alone: incidents", in.n, IS, 0);
	sim_figure(s, "rows b alone: dead listed of all", w.n_listed, IS, n);
	world_close(&w);
}

/* The first campaign that a new installation sees. */
static void
first(struct sim *s, uint64_t dead_of_100)
{
	uint32_t n = s->is_short ? 5000 : 100000;
	struct incidents in;
	struct campaign c;
	struct world w;
	int64_t dead, got;
	char line[80];

	world_open(&w);
	campaign_init(&c, &GMAIL, 0, n);
	never_lived(&w, &c, dead_of_100);
	c.start = 32400;
	c.takes = 2 * 3600;
	for (int64_t day = 0; day < 4; day++) {
		campaign_run(&w, &c, day, day + 1);
		got = listed_of(&w, &c, &dead);
		snprintf(line, sizeof line, "first campaign, %d %% dead: of "
		    "%lld listed after %lld days", (int)dead_of_100,
		    (long long)dead, (long long)day + 1);
		sim_figure(s, line, got, LEAST, day < 3 ? 0 : dead * 99 / 100);
	}
	world_incidents(&w, &in);
	snprintf(line, sizeof line, "first campaign, %d %% dead: storms",
	    (int)dead_of_100);
	sim_figure(s, line, in.storms, IS, 0);
	snprintf(line, sizeof line, "first campaign, %d %% dead: breakers",
	    (int)dead_of_100);
	sim_figure(s, line, in.breakers, MOST, dead_of_100 > 4 ? 4 : 0);
	campaign_release(&c);
	world_close(&w);
}

void
sim_first(struct sim *s)
{
	first(s, 4);
	first(s, 10);
}
