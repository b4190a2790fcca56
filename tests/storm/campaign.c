/* campaign.c - a newsletter's months at one provider. */
#include "campaign.h"

#include <stdlib.h>

#include "base/clock.h"

const struct answers GMAIL = { "gmail.com",
	"gmail-smtp-in.l.google.com (192.0.2.27)",
	"smtp;250 2.0.0 OK  1608024#00 d2si16402438qkb.205 - gsmtp",
	"smtp;550-5.1.1 The email account that you tried to reach does not "
	"exist. Please try double-checking the recipient's email address for "
	"typos or unnecessary spaces. Learn more at "
	"https://support.google.com/mail/?p=NoSuchUser d#si16402438qkb.205 - "
	"gsmtp", "5.1.1 (bad destination mailbox address)" };
const struct answers OUTLOOK = { "outlook.com",
	"outlook-com.olc.protection.outlook.com (192.0.2.33)",
	"smtp;250 2.6.0 <#@send.example> [InternalId=#, "
	"Hostname=DB3EUR04HT020.eop-eur04.prod.protection.outlook.com] 9331 "
	"bytes in 0.171, 53.201 KB/sec Queued mail for delivery -> 250 2.1.5",
	"smtp;550 5.5.0 Requested action not taken: mailbox unavailable "
	"(S2017062302). [DB5EUR03FT0#.eop-EUR03.prod.protection.outlook.com]",
	"5.5.0 (other or undefined protocol status)" };
const struct answers YAHOO = { "yahoo.com",
	"mta5.am0.yahoodns.net (192.0.2.41)", "smtp;250 ok dirdel",
	"smtp;554 delivery error: dd This user doesn't have a yahoo.com "
	"account (p#@yahoo.com) [0] - mta4431.mail.bf1.yahoo.com",
	"5.0.0 (undefined status)" };

void
campaign_init(struct campaign *c, const struct answers *at, uint32_t first,
    uint32_t n)
{
	*c = (struct campaign){ .at = at, .first = first, .n = n, .every = 1,
		.takes = CLOCK_DAY, .out_share = 100 };
	c->who = first + n > PEOPLE_MAX ? NULL : calloc(n, sizeof *c->who);
	if (c->who == NULL)
		world_die("campaign", NULL);
	for (uint32_t i = 0; i < n; i++)
		c->who[i].dies = INT64_MAX;
}

void
campaign_release(struct campaign *c)
{
	free(c->who);
}

static int64_t
moment(struct world *w, int64_t from, int64_t to)
{
	return from + (int64_t)world_roll(w, (uint64_t)(to - from));
}

void
campaign_deaths(struct world *w, struct campaign *c, uint64_t of_1000,
    uint64_t never_of_100, int64_t from, int64_t to)
{
	uint64_t dead = c->n * of_1000 / 1000;
	uint64_t never = dead * never_of_100 / 100;

	for (uint64_t i = 0; i < dead; i++) {
		struct person *p;

		do
			p = &c->who[world_roll(w, c->n)];
		while (p->dies != INT64_MAX);
		p->dies = i < never ? 0 : moment(w, from, to);
		p->joins = i < never ? moment(w, from, to) : 0;
	}
	for (uint64_t i = 0; i < never; i++) {
		struct person *p = &c->who[world_roll(w, c->n)];

		if (p->dies == INT64_MAX)
			p->joins = moment(w, from, to);
	}
}

static void
fails(struct world *w, const struct campaign *c, struct person *p,
    struct row *r)
{
	bool dead = p->dies <= r->time;

	r->type = "b";
	r->cat = "bad-mailbox";
	r->diag = c->at->gone;
	r->status = c->at->gone_status;
	if (!dead && c->out_diag != NULL) {
		r->diag = c->out_diag;
		r->status = c->out_status;
		r->cat = c->out_cat;
	}
	if (!dead)
		return;
	if (p->first_failed == 0)
		p->first_failed = r->time;
	p->sends_failed++;
	(void)w;
}

static bool
is_out(const struct campaign *c, int64_t time)
{
	int64_t again = c->out_again != 0 ? time - c->out_again : time;

	return (time >= c->out_from && time < c->out_to) ||
	    (again >= c->out_from && again < c->out_to);
}

static void
mail_one(struct world *w, struct campaign *c, uint32_t at, int64_t time)
{
	struct person *p = &c->who[at];
	struct row r = { .type = "d", .time = time, .person = c->first + at,
		.domain = c->at->domain, .mta = c->at->mta,
		.status = "2.0.0 (success)", .diag = c->at->ok, .cat = "" };

	if (p->joins > time || w->listed[r.person])
		return;
	if (p->dies <= time || (is_out(c, time) &&
	    world_roll(w, 100) < c->out_share))
		fails(w, c, p, &r);
	world_row(w, &r);
}

static bool
is_living(const struct campaign *c, uint32_t i)
{
	return c->who[i].dies == INT64_MAX;
}

/* How many of the living the consumer would not mail now. */
static int64_t
living_listed(const struct world *w, const struct campaign *c)
{
	int64_t n = 0;

	for (uint32_t i = 0; i < c->n; i++)
		n += is_living(c, i) && w->listed[c->first + i];
	return n;
}

/* The consumer reads the feed, and what it holds is looked at. */
static void
look(struct world *w, struct campaign *c, int64_t time)
{
	struct incidents in;
	int64_t n;

	world_flush(w);
	n = living_listed(w, c);
	if (c->out_to != 0 && c->opened == 0) {
		world_incidents(w, &in);
		c->opened = in.opened;
	}
	if (c->opened == 0 || time <= c->opened) {
		if (n > c->most_before)
			c->most_before = n;
	} else if (time > c->opened + 60 && n > c->most_after) {
		c->most_after = n;
	}
}

#define LOOK_EVERY 30 /* seconds, near the outage */
#define LOOK_ROWS 5
#define STRIDE 7919   /* a prime: each day has an order of its own */

/* Until the storm opens nothing may be missed. */
static bool
is_due(const struct campaign *c, int64_t time, int64_t looked, uint64_t k)
{
	if (!is_out(c, time) && !is_out(c, time - 7200))
		return false;
	return c->opened == 0 || c->out_again != 0 ? k % LOOK_ROWS == 0
	    : time >= looked + LOOK_EVERY;
}

static void
run_day(struct world *w, struct campaign *c, int64_t day)
{
	int64_t begin = WORLD_BEGIN + day * CLOCK_DAY + c->start;
	int64_t looked = begin;

	for (uint64_t k = 0; k < c->n; k++) {
		int64_t time = begin + (int64_t)k * c->takes / c->n;
		uint32_t at = (uint32_t)((k * STRIDE + (uint64_t)day * 131) %
		    c->n);

		if (is_due(c, time, looked, k)) {
			look(w, c, time);
			looked = time;
		}
		mail_one(w, c, at, time);
	}
	look(w, c, begin + c->takes);
}

/* Who is dead and on the list now, after how many days of failing. */
static void
note_listed(const struct world *w, struct campaign *c)
{
	for (uint32_t i = 0; i < c->n; i++) {
		struct person *p = &c->who[i];

		if (p->first_failed != 0 && p->listed_after == 0 &&
		    w->listed[c->first + i])
			p->listed_after = p->sends_failed;
	}
}

void
campaign_run(struct world *w, struct campaign *c, int64_t from, int64_t to)
{
	for (int64_t day = from; day < to; day++)
		if (day % c->every == 0) {
			run_day(w, c, day);
			note_listed(w, c);
		}
}

void
campaign_sums(const struct world *w, const struct campaign *c,
    struct deaths *out)
{
	*out = (struct deaths){ 0 };
	for (uint32_t i = 0; i < c->n; i++) {
		const struct person *p = &c->who[i];

		if (is_living(c, i)) {
			out->living_listed += w->listed[c->first + i];
			out->living_ever += w->ever[c->first + i];
			continue;
		}
		out->dead += p->first_failed != 0;
		/* The first day, and three further ones. */
		out->in_time += p->listed_after != 0 &&
		    p->listed_after <= 4 && w->listed[c->first + i];
	}
}
