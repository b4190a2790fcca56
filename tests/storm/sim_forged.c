/* sim_forged.c - reports that anybody can write, and those that are true. */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "campaign.h"
#include "storm_sim.h"
#include "work/keys.h"

#define DAY(n) (WORLD_BEGIN + (n) * CLOCK_DAY)
#define WEEKS 5

static const char DSN[] =
    "From: MAILER-DAEMON@mx.example.net\n"
    "To: bounce+77@send.example\n"
    "Subject: Undelivered Mail Returned to Sender\n"
    "Message-ID: <report%llu@mx.example.net>\n"
    "MIME-Version: 1.0\n"
    "Content-Type: multipart/report; report-type=delivery-status; "
    "boundary=\"b\"\n\n"
    "--b\nContent-Type: text/plain\n\n"
    "Your message could not be delivered.\n\n"
    "--b\nContent-Type: message/delivery-status\n\n"
    "Reporting-MTA: dns; mx.example.net\n\n"
    "Final-Recipient: rfc822; p%06u@yahoo.com\n"
    "Action: failed\nStatus: 5.1.1\n"
    "Diagnostic-Code: smtp; 550 5.1.1 <p%06u@yahoo.com>: Recipient address "
    "rejected: User unknown in local recipient table\n\n"
    "--b\nContent-Type: message/rfc822\n\n"
    "From: News <news@send.example>\nSubject: News\n"
    "Message-ID: <news%llu@send.example>\n\nHello\n\n--b--\n\n";
static const char ARF[] =
    "From: fbl@example.net\n"
    "To: fbl@send.example\n"
    "Subject: Abuse report\n"
    "Message-ID: <report%llu@mx.example.net>\n"
    "MIME-Version: 1.0\n"
    "Content-Type: multipart/report; report-type=feedback-report; "
    "boundary=\"b\"\n\n"
    "--b\nContent-Type: text/plain\n\nThis is an abuse report.\n\n"
    "--b\nContent-Type: message/feedback-report\n\n"
    "Feedback-Type: abuse\nUser-Agent: Fbl/1\nVersion: 1\n"
    "Original-Rcpt-To: <p%06u@yahoo.com>\n"
    "Removal-Recipient: p%06u@yahoo.com\n\n"
    "--b\nContent-Type: message/rfc822\n\n"
    "From: News <news@send.example>\nSubject: News\n"
    "Message-ID: <news%llu@send.example>\n\nHello\n\n--b--\n\n";

/* One mail of an mbox, come in at time. */
static void
mail(struct world *w, bool complaint, uint32_t person, int64_t time)
{
	time_t at = (time_t)time;
	uint64_t n = ++w->rows_written;
	char day[64];
	struct tm tm;

	gmtime_r(&at, &tm);
	strftime(day, sizeof day, "%a, %d %b %Y %H:%M:%S +0000", &tm);
	buf_addf(&w->rows, "From x@y.example Thu Oct  1 00:00:00 2020\n"
	    "Return-Path: <>\n"
	    "Received: from mx.example.net (mx.example.net [192.0.2.10])\n"
	    " by mail.send.example (PowerMTA) id h1 for "
	    "<bounce+77@send.example>;\n %s\n", day);
	if (complaint)
		buf_addf(&w->rows, ARF, (unsigned long long)n, person, person,
		    (unsigned long long)n);
	else
		buf_addf(&w->rows, DSN, (unsigned long long)n, person, person,
		    (unsigned long long)n);
}

/* orig NULL: of nobody's making. */
static void
rb_row(struct world *w, uint32_t person, const char *orig, int64_t time)
{
	struct row r = { .type = "rb", .time = time, .person = person,
		.domain = YAHOO.domain, .mta = YAHOO.mta,
		.status = "5.1.1 (bad destination mailbox address)",
		.diag = "smtp;550 5.1.1 <p#@yahoo.com>: user unknown",
		.cat = "bad-mailbox", .orig = orig };

	world_row(w, &r);
}

static void
f_row(struct world *w, uint32_t person, const char *orig, int64_t time)
{
	char text[CLOCK_TEXT];

	clock_text(time, text);
	text[10] = ' ';
	text[19] = '\0';
	if (w->rows.n == 0)
		world_text(w, "type,timeLogged,orig,rcpt,format,feedbackType,"
		    "userAgent,reportingMta\r\n");
	buf_addf(&w->rows, "f,%s+0000,%s,p%06u@yahoo.com,arf,abuse,Fbl/1,"
	    "mx.example.net\r\n", text, orig != NULL ? orig
	        : "news@send.example", person);
}

enum road_of { ROWS, MAILS };

static void
report(struct world *w, enum road_of road, bool complaint, uint32_t person,
    int64_t time)
{
	if (road == MAILS)
		mail(w, complaint, person, time);
	else if (complaint)
		f_row(w, person, NULL, time);
	else
		rb_row(w, person, NULL, time);
}

/* Each of n people is named once within an hour, beginning at time. */
static void
forge(struct world *w, enum road_of road, bool complaint, uint32_t n,
    int64_t time)
{
	world_flush(w);
	for (uint32_t i = 0; i < n; i++)
		report(w, road, complaint, i, time + (int64_t)i * 3600 / n);
	world_flush(w);
}

/* People who have accepted mail every week, and go on to. */
static void
lively(struct world *w, struct campaign *c, uint32_t n)
{
	campaign_init(c, &YAHOO, 0, n);
	c->every = 7;
	c->start = 32400;
	c->takes = 3600;
	campaign_run(w, c, 0, WEEKS * 7 + 1);
}

static void
forged(struct sim *s, bool complaint, enum road_of road, const char *trust)
{
	uint32_t n = s->is_short ? 1000 : 10000;
	bool is_signed = strcmp(trust, "signed") == 0;
	struct campaign c;
	struct incidents in;
	struct err e = { 0 };
	struct world w;
	int64_t floor;
	char line[80];
	const char *what = complaint ? road == MAILS ? "forged ARF"
	    : "forged f rows" : road == MAILS ? "forged DSNs"
	    : "forged rb rows";

	world_open(&w);
	if (is_signed && (!str_copy(str_from(trust), w.config.trust_bounces,
	        sizeof w.config.trust_bounces) ||
	        !str_copy(str_from(trust), w.config.trust_complaints,
	            sizeof w.config.trust_complaints)))
		world_die("trust", &e);
	floor = is_signed ? 0 : complaint ? w.config.storm.complaint_floor
	    : w.config.storm.report_floor;
	lively(&w, &c, n);
	forge(&w, road, complaint, n, DAY(WEEKS * 7 + 2));
	snprintf(line, sizeof line, "%s, %s: suppressed when named once",
	    what, trust);
	sim_figure(s, line, w.n_listed, MOST, complaint ? floor : 0);
	world_incidents(&w, &in);
	snprintf(line, sizeof line, "%s, %s: incidents", what, trust);
	sim_figure(s, line, in.n, IS, !is_signed);
	snprintf(line, sizeof line, "%s, %s: held", what, trust);
	sim_figure(s, line, in.held, is_signed ? IS : LEAST, is_signed ? 0
	    : n - floor);
	/* A complaint counts at the first hit, so each day has its floor. */
	forge(&w, road, complaint, n, DAY(WEEKS * 7 + 3) + 1800);
	snprintf(line, sizeof line, "%s, %s: named again next day", what,
	    trust);
	sim_figure(s, line, w.n_listed, MOST, complaint ? 2 * floor : floor);
	world_incidents(&w, &in);
	sim_figure(s, "  and held", in.held, is_signed ? IS : LEAST,
	    is_signed ? 0 : n - 2 * floor);
	for (int64_t id = 1; id <= in.n; id++)
		(void)world_settle(&w, id, true);
	world_incidents(&w, &in);
	snprintf(line, sizeof line, "%s, %s: held after discard", what,
	    trust);
	sim_figure(s, line, in.held + world_held(&w), IS, 0);
	campaign_release(&c);
	world_close(&w);
}

void
sim_forged_bounces(struct sim *s)
{
	forged(s, false, MAILS, "signed");
	forged(s, false, ROWS, "signed");
	forged(s, false, MAILS, "default");
	forged(s, false, ROWS, "default");
}

void
sim_forged_complaints(struct sim *s)
{
	forged(s, true, MAILS, "signed");
	forged(s, true, ROWS, "signed");
	forged(s, true, MAILS, "default");
	forged(s, true, ROWS, "default");
}

/* ---- signed ones, in a flood of others ---- */

/* The envelope sender that a mail to the person had. */
static void
sign(const struct sign_key *k, uint32_t person, int64_t time,
    char orig[ADDRESS_MAX])
{
	char rcpt[ADDRESS_MAX], local[SIGN_LOCAL_MAX + 1];
	struct sign_claim c;
	struct err e = { 0 };

	snprintf(rcpt, sizeof rcpt, "p%06u@yahoo.com", person);
	if (!sign_claim_make(&c, str_from(rcpt), STR(""), STR(""), &e) ||
	    !sign_local(k, &c, STR("b"), time, local))
		world_die("sign", &e);
	snprintf(orig, ADDRESS_MAX, "%s@send.example", local);
}

#define SIGNED 20

/* Everybody is named within an hour; the first few by what is signed. */
static void
flood(struct world *w, const struct sign_key *k, bool complaint, uint32_t n,
    int64_t time)
{
	char orig[ADDRESS_MAX];

	for (uint32_t i = 0; i < n; i++) {
		uint32_t person = n - 1 - i;
		int64_t at = time + (int64_t)i * 3600 / n;

		if (person >= SIGNED) {
			report(w, ROWS, complaint, person, at);
			continue;
		}
		sign(k, person, at, orig);
		if (complaint)
			f_row(w, person, orig, at);
		else
			rb_row(w, person, orig, at);
	}
	world_flush(w);
}

static void
signed_in_flood(struct sim *s, bool complaint)
{
	uint32_t n = s->is_short ? 1000 : 10000;
	const struct sign_key *k;
	struct sign_keys keys = { .n = 0 };
	struct err e = { 0 };
	struct campaign c;
	struct world w;

	world_open(&w);
	k = keys_new(&keys, WORLD_BEGIN, &e);
	if (k == NULL || !keys_save(&w.config, &keys, &e))
		world_die("keys", &e);
	world_restart(&w);
	lively(&w, &c, n);
	flood(&w, k, complaint, n, DAY(WEEKS * 7 + 2));
	sim_figure(s, complaint ? "signed complaints in a forged flood: applied"
	    : "signed bounces in a forged flood: applied",
	    world_listed(&w, 0, SIGNED), IS, SIGNED);
	sim_figure(s, "  and of the forged", world_listed(&w, SIGNED, n),
	    MOST, complaint ? w.config.storm.complaint_floor : 0);
	campaign_release(&c);
	world_close(&w);
}

void
sim_signed(struct sim *s)
{
	signed_in_flood(s, false);
	signed_in_flood(s, true);
}

/* ---- genuine ones, ten times as many as usual ---- */

#define USUAL 3 /* a day, of complaints and of late bounces */

/* Persons from `at` on complain or bounce late in this day. */
static void
genuine_day(struct world *w, int64_t day, uint32_t *at, uint32_t n)
{
	world_flush(w);
	for (uint32_t i = 0; i < n; i++)
		report(w, ROWS, true, (*at)++, DAY(day) + 36000 + i * 60);
	world_flush(w);
	for (uint32_t i = 0; i < n; i++)
		report(w, MAILS, false, (*at)++, DAY(day) + 50000 + i * 60);
	world_flush(w);
}

void
sim_genuine(struct sim *s)
{
	uint32_t people = 3000, at = 0, from;
	struct campaign c;
	struct incidents in;
	struct world w;

	world_open(&w);
	campaign_init(&c, &YAHOO, 0, people);
	c.takes = 6 * 3600;
	for (int64_t day = 0; day < 40; day++) {
		campaign_run(&w, &c, day, day + 1);
		if (day >= 10)
			genuine_day(&w, day, &at, USUAL);
	}
	from = at;
	genuine_day(&w, 40, &at, 10 * USUAL);
	sim_figure(s, "complaints, 10 times the usual: applied",
	    world_listed(&w, from, from + 10 * USUAL), IS, 10 * USUAL);
	sim_figure(s, "late bounces, 10 times the usual: at the first",
	    world_listed(&w, from + 10 * USUAL, at), IS, 0);
	at = from;
	campaign_run(&w, &c, 41, 42);
	genuine_day(&w, 42, &at, 10 * USUAL);
	sim_figure(s, "late bounces, 10 times the usual: at the second",
	    world_listed(&w, from + 10 * USUAL, at), IS, 10 * USUAL);
	world_incidents(&w, &in);
	sim_figure(s, "genuine reports: incidents", in.n, IS, 0);
	campaign_release(&c);
	world_close(&w);
}
