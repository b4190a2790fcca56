/* cmd_check.c - may these addresses be mailed? */
#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "args.h"
#include "base/clock.h"
#include "base/number.h"
#include "base/quote.h"
#include "out.h"
#include "store/incident_page.h"

enum answer { ANSWER_NO, ANSWER_YES, ANSWER_NO_ADDRESS };

struct check {
	struct app *app;
	char scope[ARGS_SCOPE_MAX]; /* "stream:NAME" or "" */
	bool json, quiet;
	unsigned count[3]; /* by answer */
};

/* One address, and what is said of it. */
struct checked {
	struct str asked;
	char key[ADDRESS_MAX];
	enum answer answer;
	const char *cause;  /* why it is no address */
	struct entry entry; /* that suppresses it */
	int64_t incident;   /* that holds what else would count; 0: none */
};

static bool
print_json(const struct checked *k, struct err *e)
{
	struct json *o = json_new_object();

	json_text(o, "asked", k->asked);
	if (k->answer == ANSWER_NO_ADDRESS) {
		json_none(o, "address");
		json_text(o, "error", str_from(k->cause));
		return out_json(stdout, o, e);
	}
	json_text(o, "address", str_from(k->key));
	json_bool(o, "suppressed", k->answer == ANSWER_YES);
	if (k->answer == ANSWER_YES) {
		json_text(o, "entry", k->entry.address);
		out_entry_json(o, &k->entry);
	}
	if (k->incident != 0)
		json_number(o, "held_in_incident", k->incident);
	return out_json(stdout, o, e);
}

static bool
print_text(const struct checked *k, struct err *e)
{
	struct str key = str_from(k->key);
	struct buf b = { 0 };
	bool ok;

	quote_add(&b, k->answer == ANSWER_NO_ADDRESS ? k->asked : key);
	if (k->answer == ANSWER_NO_ADDRESS) {
		buf_addf(&b, ": no address: %s", k->cause);
	} else if (k->answer == ANSWER_NO) {
		buf_adds(&b, ": not suppressed");
		if (k->incident != 0)
			buf_addf(&b, ": held in incident %lld",
			    (long long)k->incident);
	} else {
		buf_adds(&b, ": suppressed: ");
		out_entry(&b, &k->entry, key);
	}
	buf_addc(&b, '\n');
	ok = out_text(&b, e);
	buf_release(&b);
	return ok;
}

/* Answers one address; false only for an error of ours. */
static bool
check_one(struct check *c, struct str asked, struct err *e)
{
	struct checked k = { .asked = asked, .answer = ANSWER_NO_ADDRESS };
	enum address_cause cause = args_target(asked, k.key);
	struct store *s = c->app->store;
	bool found = false;

	k.cause = address_cause_text(cause);
	if (cause == ADDRESS_OK) {
		if (!entry_decides(s, str_from(k.key), str_from(c->scope),
		    c->app->now, &k.entry, &found, e))
			return false;
		k.answer = found ? ANSWER_YES : ANSWER_NO;
	}
	c->count[k.answer]++;
	if (c->quiet)
		return true;
	if (k.answer == ANSWER_NO &&
	    !incident_of(s, str_from(k.key), &k.incident, e))
		return false;
	return c->json ? print_json(&k, e) : print_text(&k, e);
}

/* Line for line, each answered before the next is read. */
static bool
check_input(struct check *c, struct err *e)
{
	char *line = NULL;
	size_t cap = 0;
	ssize_t n;
	bool ok = false;

	while ((n = getline(&line, &cap, stdin)) != -1) {
		struct str s = str_of(line, (size_t)n);

		if (s.n > 0 && s.p[s.n - 1] == '\n')
			s.n--;
		if (s.n > 0 && s.p[s.n - 1] == '\r')
			s.n--;
		/* A caller may keep this open for days. */
		c->app->now = clock_now();
		if (!check_one(c, s, e) || !app_flush(stdout, e))
			goto out;
	}
	if (ferror(stdin)) {
		err_set(e, EX_IOERR,
		    "check: standard input: cannot read on: "
		    "%s; run it again",
		    strerror(errno));
		goto out;
	}
	ok = true;
out:
	free(line);
	return ok;
}

static bool
parse_options(struct check *c, int argc, char **argv, struct err *e)
{
	static const struct option LONGS[] = {
		{ "stream", required_argument, NULL, 's' },
		{ "json", no_argument, NULL, 'j' },
		{ "quiet", no_argument, NULL, 'q' },
		{ NULL, 0, NULL, 0 },
	};
	int o;

	while ((o = app_option(argc, argv, ":s:jq", LONGS, e)) != -1) {
		switch (o) {
		case 's':
			if (!number_print(c->scope, sizeof c->scope,
				"stream:%s", optarg) ||
			    !args_is_scope(str_from(c->scope)))
				return err_set(e, EX_USAGE,
				    "check: --stream: "
				    "no stream can be called that; name one "
				    "as 'list' shows it behind 'stream:'");
			break;
		case 'j':
			c->json = true;
			break;
		case 'q':
			c->quiet = true;
			break;
		default:
			return false;
		}
	}
	if (optind == argc)
		return err_set(e, EX_USAGE,
		    "check: no address given; name "
		    "one or more, or - for standard input");
	return true;
}

int
cmd_check(struct app *a, int argc, char **argv, struct err *e)
{
	struct check c = { .app = a };

	if (!parse_options(&c, argc, argv, e) || !app_ready(a, e))
		return e->code;
	if (argc - optind == 1 && strcmp(argv[optind], "-") == 0)
		return check_input(&c, e) ? 0 : e->code;
	for (int i = optind; i < argc; i++)
		if (!check_one(&c, str_from(argv[i]), e))
			return e->code;
	if (c.count[ANSWER_NO_ADDRESS] > 0) {
		err_set(e, EX_DATAERR,
		    "check: %u of %d were no address; "
		    "write each as name@domain",
		    c.count[ANSWER_NO_ADDRESS], argc - optind);
		return e->code;
	}
	return c.count[ANSWER_YES] > 0 ? 0 : 1;
}
