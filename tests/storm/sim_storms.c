/* sim_storms.c - many fail at once, and it is not their fault. */
#include <stdio.h>

#include "base/clock.h"
#include "campaign.h"
#include "storm_sim.h"

#define DAY(n) (WORLD_BEGIN + (n) * CLOCK_DAY)

/* A list of n that was mailed daily for some weeks, all alive. */
static void
normal(struct world *w, struct campaign *c, int64_t days)
{
	campaign_run(w, c, 0, days);
}

static const char S3150[] = "smtp;550 5.7.1 Unfortunately, messages from "
    "[198.51.100.11] weren't sent. Please contact your Internet service "
    "provider since part of their network is on our block list (S3150). You "
    "can also refer your provider to "
    "http://mail.live.com/mail/troubleshooting.aspx#errors. "
    "[DB5EUR03FT0#.eop-EUR03.prod.protection.outlook.com]";
static const char BANNER[] = "smtp;554 mx#.receiver.example ESMTP not "
    "accepting messages from 198.51.100.11";

static void
whole_queue(struct sim *s, const char *diag, const char *status,
    const char *cat, const char *what)
{
	uint32_t n = s->is_short ? 5000 : 100000;
	struct incidents in;
	struct campaign c;
	struct world w;
	char line[80];

	world_open(&w);
	campaign_init(&c, &OUTLOOK, 0, n);
	c.every = 7;
	c.takes = 3600;
	c.out_from = DAY(14);
	c.out_to = DAY(15);
	c.out_diag = diag;
	c.out_status = status;
	c.out_cat = cat;
	normal(&w, &c, 22);
	world_incidents(&w, &in);
	snprintf(line, sizeof line, "%s: suppressed of %lu", what,
	    (unsigned long)n);
	sim_figure(s, line, world_active(&w), IS, 0);
	snprintf(line, sizeof line, "%s: incidents", what);
	sim_figure(s, line, in.n, IS, 1);
	snprintf(line, sizeof line, "%s: ever on the list", what);
	sim_figure(s, line, w.withdrawn, IS, 0);
	campaign_release(&c);
	world_close(&w);
}

void
sim_blocklist(struct sim *s)
{
	whole_queue(s, S3150, "5.7.1 (delivery not authorized)",
	    "spam-related", "S3150 in an hour");
}

void
sim_greeting(struct sim *s)
{
	whole_queue(s, BANNER, "5.0.0 (undefined status)", "policy-related",
	    "5xx greeting");
}

/* ---- Gmail, December 2020 ---- */

struct december {
	const char *name;
	uint32_t people;
	int64_t every, start, takes; /* days; seconds of the day */
	int64_t out_at;              /* second of the day */
	uint64_t out_share;
	bool in_short;
	int64_t again;               /* days after it: a second one */
};

#define BEFORE 61 /* days: October and November */
#define MONTH 31
#define OUT_DAY (BEFORE + 13)

static const struct december DECEMBERS[] = {
	{ "2,000 daily", 2000, 1, 0, CLOCK_DAY, 14 * 3600, 100, true, 0 },
	{ "2,000 weekly", 2000, 7, 28800, 6 * 3600, 28800, 100, true, 0 },
	{ "2,000 weekly in 20 min", 2000, 7, 36000, 1200, 36120, 100, true, 0 },
	{ "20,000 daily", 20000, 1, 0, CLOCK_DAY, 21 * 3600, 100, false, 0 },
	{ "20,000 daily, 1 of 10", 20000, 1, 0, CLOCK_DAY, 12 * 3600, 10,
	    false, 0 },
	{ "20,000 weekly", 20000, 7, 28800, 6 * 3600, 30000, 50, false, 0 },
	{ "20,000 daily in 20 min", 20000, 1, 36000, 1200, 36600, 100,
	    false, 0 },
	{ "20,000 daily, out twice", 20000, 1, 0, CLOCK_DAY, 9 * 3600, 100,
	    false, 1 },
	{ "2,000 weekly, out twice", 2000, 7, 28800, 6 * 3600, 30000, 100,
	    true, 7 },
	{ "20,000 weekly, out twice, 1 of 3", 20000, 7, 36000, 1200, 36120,
	    33, false, 7 },
	{ "200,000 weekly", 200000, 7, 28800, 8 * 3600, 36000, 100, false, 0 },
	{ "200,000 weekly in 20 min", 200000, 7, 36000, 1200, 36700, 100,
	    false, 0 },
	{ "200,000 daily", 200000, 1, 0, CLOCK_DAY, 9 * 3600, 100, false, 0 },
};

static void
december_figures(struct sim *s, const struct december *d, struct world *w,
    const struct campaign *c, bool outage)
{
	struct incidents in;
	struct deaths sums;
	char line[80];
#define FIGURE(text, got, wanted, bound) do { \
	snprintf(line, sizeof line, "Gmail, %s: %s", d->name, text); \
	sim_figure(s, line, got, wanted, bound); \
} while (0)

	world_incidents(w, &in);
	campaign_sums(w, c, &sums);
	FIGURE(outage ? "storms" : "calm month: storms", in.n, d->again != 0
	    ? MOST : IS, outage + (d->again != 0));
	FIGURE("dead listed in time, in 10,000", sums.dead == 0 ? 0
	    : sums.in_time * 10000 / sums.dead, LEAST, 9900);
	if (!outage) {
		FIGURE("calm month: living ever listed", sums.living_ever, IS,
		    0);
		return;
	}
	FIGURE("living listed before it opened", c->most_before, MOST,
	    w->config.storm.recipients);
	/* The second outage has a first minute as well. */
	FIGURE("living listed a minute later", c->most_after, MOST, d->again
	    != 0 ? w->config.storm.recipients : 0);
	FIGURE("living on the list at the end", sums.living_listed, IS, 0);
	FIGURE("held at the end", in.held, IS, 0);
#undef FIGURE
}

static void
december(struct sim *s, const struct december *d, bool outage)
{
	/* Weekly sends fall on days that 7 divides. */
	int64_t day = OUT_DAY - OUT_DAY % d->every;
	struct campaign c;
	struct world w;

	world_open(&w);
	campaign_init(&c, &GMAIL, 0, d->people);
	c.every = d->every;
	c.start = d->start;
	c.takes = d->takes;
	campaign_deaths(&w, &c, 20, 15, DAY(BEFORE), DAY(BEFORE + MONTH));
	if (outage) {
		c.out_from = DAY(day) + d->out_at;
		c.out_to = c.out_from + 6 * 3600;
		c.out_share = d->out_share;
		c.out_again = d->again * CLOCK_DAY;
	}
	campaign_run(&w, &c, 0, BEFORE + MONTH + 4 * d->every);
	december_figures(s, d, &w, &c, outage);
	campaign_release(&c);
	world_close(&w);
}

void
sim_gmail(struct sim *s)
{
	for (size_t i = 0; i < COUNT(DECEMBERS); i++) {
		if (s->is_short && !DECEMBERS[i].in_short)
			continue;
		december(s, &DECEMBERS[i], true);
		if (DECEMBERS[i].again == 0)
			december(s, &DECEMBERS[i], false);
	}
}
