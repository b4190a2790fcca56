/* cmd_changes.c - the numbered feed of what was added and removed. */
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdio_ext.h>
#include <time.h>
#include <unistd.h>

#include "args.h"
#include "base/clock.h"
#include "base/number.h"
#include "out.h"
#include "wrap/csv.h"

#define LOOK_MS 200 /* how often a commit of others is looked for */

static volatile sig_atomic_t stopped;

struct changes {
	struct app *app;
	int64_t after; /* the last one told */
	bool follow, json;
	bool gone; /* nobody reads any more */
	struct buf line;
};

static void
on_signal(int number)
{
	(void)number;
	stopped = 1;
}

static bool
parse_options(struct changes *c, int argc, char **argv, struct err *e)
{
	static const struct option LONGS[] = {
		{ "since", required_argument, NULL, 's' },
		{ "follow", no_argument, NULL, 'f' },
		{ "json", no_argument, NULL, 'j' },
		{ NULL, 0, NULL, 0 },
	};
	int o;

	while ((o = app_option(argc, argv, ":fj", LONGS, e)) != -1) {
		if (o == '?')
			return false;
		c->follow = c->follow || o == 'f';
		c->json = c->json || o == 'j';
		if (o == 's' &&
		    !number_i64(str_from(optarg), 0, INT64_MAX, &c->after))
			return args_wrong("changes", "since", optarg, "write "
			    "the number of the last change that you have, or "
			    "0", e);
	}
	return args_no_more(argc, argv, e);
}

static bool
put_json(struct changes *c, const struct change_row *row, struct err *e)
{
	struct json *o = json_new_object();
	bool ok;

	json_number(o, "change", row->n);
	json_time(o, "at", row->at);
	json_text(o, "action", row->action);
	json_text(o, "address", row->address);
	json_text(o, "scope", row->scope);
	json_text(o, "class", str_from(class_name(row->class)));
	json_text(o, "who", row->who);
	json_text_or_none(o, "why", row->why);
	json_number_or_none(o, "bulk", row->bulk);
	ok = json_print(o, &c->line, e);
	json_free(o);
	buf_addc(&c->line, '\n');
	return ok;
}

/* The address is for a program to act on: it stays as it is. */
static void
put_csv(struct changes *c, const struct change_row *row)
{
	char at[CLOCK_TEXT];
	struct buf *b = &c->line;

	buf_addf(b, "%" PRId64 ",%s,%.*s,", row->n, clock_text(row->at, at),
	    STR_ARG(row->action));
	csv_put(b, row->address);
	buf_addc(b, ',');
	csv_put_defused(b, row->scope);
	buf_addf(b, ",%s,", class_name(row->class));
	csv_put_defused(b, row->who);
	buf_addc(b, ',');
	csv_put_defused(b, row->why);
	buf_addf(b, ",%" PRId64 "\r\n", row->bulk);
}

/* A change_fn: a line at a time, so that what is told is told whole. */
static bool
put_change(void *ctx, const struct change_row *row, struct err *e)
{
	struct changes *c = ctx;

	buf_clear(&c->line);
	if (!c->json)
		put_csv(c, row);
	else if (!put_json(c, row, e))
		return false;
	if (!out_text(&c->line, e))
		return false;
	c->after = row->n;
	if (!ferror(stdout))
		return !stopped;
	c->gone = errno == EPIPE || (errno == EINTR && stopped);
	return c->gone ? false : app_flush(stdout, e);
}

static bool
tell(struct changes *c, struct err *e)
{
	if (!change_feed(c->app->store, c->after, put_change, c, e))
		return false;
	if (c->gone || fflush(stdout) == 0)
		return true;
	c->gone = errno == EPIPE || (errno == EINTR && stopped);
	return c->gone || app_flush(stdout, e);
}

/* Sleeps a moment; false: a signal came, or the reader has closed. */
static bool
wait_for_more(struct changes *c, const sigset_t *mask)
{
	struct pollfd out = { .fd = STDOUT_FILENO };
	struct timespec moment = { .tv_nsec = LOOK_MS * 1000000L };
	int n = ppoll(&out, 1, &moment, mask);

	/* A pipe says POLLERR as soon as nobody can read it. */
	if (n > 0 && (out.revents & (POLLERR | POLLNVAL)))
		c->gone = true;
	return !stopped && !c->gone;
}

static bool
follow(struct changes *c, struct err *e)
{
	struct sigaction act = { .sa_handler = on_signal };
	struct sigaction ignore = { .sa_handler = SIG_IGN };
	sigset_t block, before;
	int64_t seen = -1, now = 0;
	bool ok = true;

	sigemptyset(&block);
	sigaddset(&block, SIGINT);
	sigaddset(&block, SIGTERM);
	sigaction(SIGINT, &act, NULL);
	sigaction(SIGTERM, &act, NULL);
	sigaction(SIGPIPE, &ignore, NULL);
	sigprocmask(SIG_BLOCK, &block, &before);
	do {
		ok = store_moved(c->app->store, &now, e);
		/* A slow reader must not keep a signal from ending it. */
		sigprocmask(SIG_SETMASK, &before, NULL);
		if (ok && now != seen)
			ok = tell(c, e);
		sigprocmask(SIG_BLOCK, &block, NULL);
		seen = now;
	} while (ok && !stopped && wait_for_more(c, &before));
	sigprocmask(SIG_SETMASK, &before, NULL);
	return ok;
}

/* A reader that is ahead of us would miss all till we are there. */
static bool
check_since(const struct changes *c, struct err *e)
{
	int64_t last;

	if (!change_last(c->app->store, &last, e))
		return false;
	return c->after <= last ||
	    err_set(e, EX_DATAERR,
		"changes: --since %" PRId64 ": the last change is %" PRId64
		": the database is an older one; start with --since 0",
		c->after, last);
}

int
cmd_changes(struct app *a, int argc, char **argv, struct err *e)
{
	struct changes c = { .app = a };

	if (!parse_options(&c, argc, argv, e) || !app_ready(a, e) ||
	    !check_since(&c, e))
		return e->code;
	if (!c.json)
		puts("change,at,action,address,scope,class,who,why,bulk\r");
	if (c.follow)
		follow(&c, e);
	else
		tell(&c, e);
	buf_release(&c.line);
	/* Whoever closed the pipe has all that he wanted: what waits for him
	 * is no error. */
	if (c.gone) {
		__fpurge(stdout);
		clearerr(stdout);
	}
	return e->code;
}
