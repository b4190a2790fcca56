/* cmd_add.c - puts addresses and domains on the list by hand. */
#include <getopt.h>

#include "args.h"
#include "base/clock.h"
#include "base/quote.h"
#include "out.h"
#include "store/erase.h"

struct add {
	struct app *app;
	struct entry en; /* what every address gets */
	int64_t bulk;
	bool json, force;
	struct buf reason;
	struct buf said; /* printed once all is committed */
};

static bool
parse_options(struct add *d, int argc, char **argv, struct err *e)
{
	static const struct option LONGS[] = {
		{ "reason", required_argument, NULL, 'r' },
		{ "class", required_argument, NULL, 'c' },
		{ "scope", required_argument, NULL, 's' },
		{ "until", required_argument, NULL, 'u' },
		{ "subdomains", no_argument, NULL, 'd' },
		{ "force", no_argument, NULL, 'f' },
		{ "json", no_argument, NULL, 'j' },
		{ NULL, 0, NULL, 0 },
	};
	const char *reason = NULL;
	int64_t now = d->app->now;
	int o;

	while ((o = app_option(argc, argv, ":r:j", LONGS, e)) != -1) {
		if (o == 'r') {
			reason = optarg;
		} else if (o == 'j') {
			d->json = true;
		} else if (o == 'd') {
			d->en.subdomains = true;
		} else if (o == 'f') {
			d->force = true;
		} else if (o == 'c') {
			if (!args_entry_class_or(
				argv[0], optarg, &d->en.class, e))
				return false;
		} else if (o == 's') {
			if (!args_scope_or(argv[0], optarg, d->app->scope, e))
				return false;
			d->en.scope = str_from(d->app->scope);
		} else if (o == 'u') {
			if (!args_time_or(argv[0], "until", optarg, now, true,
				&d->en.until, e))
				return false;
		} else {
			return false;
		}
	}
	if (d->en.until != 0 && d->en.until <= now)
		return err_set(e, EX_USAGE,
		    "add: --until has passed: it would "
		    "suppress nobody; name a time to come");
	if (optind == argc)
		return err_set(e, EX_USAGE,
		    "add: no address given; name one "
		    "or more, or @domain");
	if (!args_reason_or(argv[0], reason, &d->reason, e))
		return false;
	d->en.reason = buf_str(&d->reason);
	return true;
}

static void
end_line(struct add *d, struct json *o, struct err *e)
{
	json_print(o, &d->said, e);
	buf_addc(&d->said, '\n');
	json_free(o);
}

static void
say(struct add *d, const struct entry *en, bool was_active, struct err *e)
{
	struct json *o;

	if (!d->json) {
		quote_add(&d->said, en->address);
		buf_adds(&d->said,
		    was_active ? ": was listed, is now: " : ": listed: ");
		out_entry(&d->said, en, en->address);
		buf_addc(&d->said, '\n');
		return;
	}
	o = json_new_object();
	json_text(o, "address", en->address);
	json_bool(o, "was_listed", was_active);
	out_entry_json(o, en, d->app->now);
	json_none(o, "erased");
	end_line(d, o, e);
}

/* Who was erased is blocked already, and is not written down again. */
static void
say_erased(struct add *d, struct str key, int64_t at, struct err *e)
{
	char day[CLOCK_TEXT];
	struct json *o;

	if (!d->json) {
		quote_add(&d->said, key);
		buf_addf(&d->said, ": erased on %.10s, still blocked\n",
		    clock_text(at, day));
		return;
	}
	o = json_new_object();
	json_text(o, "address", key);
	json_none(o, "was_listed");
	out_no_entry_json(o);
	json_time(o, "erased", at);
	end_line(d, o, e);
}

/* A second time keeps the first `since`; the new words count. */
static bool
add_one(struct add *d, const char *key, struct err *e)
{
	struct entry old = { 0 };
	struct entry en = d->en;
	int64_t now = d->app->now, erased;
	bool found = false;
	bool active;

	en.address = str_from(key);
	en.bulk = d->bulk;
	if (!erased_at(d->app->store, en.address, &erased, e))
		return false;
	if (erased != 0) {
		say_erased(d, en.address, erased, e);
		return e->code == 0;
	}
	if (!entry_get(
		d->app->store, en.address, en.scope, en.class, &old, &found, e))
		return false;
	active = found && old.state == ENTRY_ACTIVE &&
	    (old.until == 0 || old.until > now);
	en.subdomains = en.subdomains || (active && old.subdomains);
	en.since = active ? old.since : now;
	en.mark = found ? old.mark : 0;
	en.state = ENTRY_ACTIVE;
	if (!entry_put(d->app->store, &en, str_from(d->app->who), now, e))
		return false;
	say(d, &en, active, e);
	return e->code == 0;
}

/* One whom the policy may not list is listed by hand on purpose only. */
static bool
may_list(const struct add *d, const char *word, char *key, struct err *e)
{
	char a[128], b[128], c[64];
	struct never_hit hit;

	if (!args_target_or("add", word, key, e))
		return false;
	if (d->en.subdomains && key[0] != '@')
		return err_set(e, EX_USAGE, "add: --subdomains: '%s' is no "
		    "domain; write @domain",
		    str_quote(str_from(word), a, sizeof a));
	if (d->force ||
	    !never_find(&d->app->config.never, str_from(key), &hit))
		return true;
	return err_set(e, EX_DATAERR,
	    "add: '%s' is on [never-suppress] (%s = %s); "
	    "to list it all the same, add --force",
	    str_quote(str_from(word), a, sizeof a),
	    str_quote(hit.label, c, sizeof c),
	    str_quote(hit.pattern, b, sizeof b));
}

static bool
add_all(struct add *d, char **words, int n, struct err *e)
{
	struct store *s = d->app->store;
	char key[ADDRESS_MAX];

	/* All are looked at before the first is written. */
	for (int i = 0; i < n; i++)
		if (!may_list(d, words[i], key, e))
			return false;
	if (!store_begin(s, e))
		return false;
	if (n > 1 &&
	    !store_new_bulk(
		s, STR("add"), str_from(d->app->who), d->app->now, &d->bulk, e))
		goto undo;
	for (int i = 0; i < n; i++)
		if (!args_target_or("add", words[i], key, e) ||
		    !add_one(d, key, e))
			goto undo;
	if (!buf_ok(&d->said, e))
		goto undo;
	return store_commit(s, e);
undo:
	store_rollback(s);
	return false;
}

int
cmd_add(struct app *a, int argc, char **argv, struct err *e)
{
	struct add d = { .app = a,
		.en = { .class = CLASS_MANUAL,
		    .scope = STR("global"),
		    .rule = STR("-"),
		    .source = STR("manual") } };

	if (parse_options(&d, argc, argv, e) && app_ready(a, e) &&
	    add_all(&d, argv + optind, argc - optind, e))
		out_text(&d.said, e);
	buf_release(&d.reason);
	buf_release(&d.said);
	return e->code;
}
