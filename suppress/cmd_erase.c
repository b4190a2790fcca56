/* cmd_erase.c - an address and all that is known of it goes; a keyed hash
 * stays and still blocks. */
#include <getopt.h>
#include <stdlib.h>

#include "args.h"
#include "base/clock.h"
#include "base/quote.h"
#include "out.h"
#include "store/erase.h"
#include "traces_out.h"
#include "work/traces.h"

struct erase {
	struct app *app;
	char key[ADDRESS_MAX];
	bool dry, json;
	struct erase_sums sums;
	bool rewritten;  /* the database was, to be rid of old copies */
};

static bool
parse_options(struct erase *r, int argc, char **argv, struct err *e)
{
	static const struct option LONGS[] = {
		{ "dry-run", no_argument, NULL, 'n' },
		{ "json", no_argument, NULL, 'j' },
		{ NULL, 0, NULL, 0 },
	};
	int o;

	while ((o = app_option(argc, argv, ":nj", LONGS, e)) != -1) {
		if (o != 'n' && o != 'j')
			return false;
		r->dry |= o == 'n';
		r->json |= o == 'j';
	}
	return args_one_address(argc, argv, r->key, e);
}

/* A dry run does the same and takes it back. */
static bool
erase_rows(struct erase *r, struct err *e)
{
	struct app *a = r->app;

	if (!store_begin(a->store, e))
		return false;
	if (store_erase(a->store, str_from(r->key), str_from(a->who), a->now,
	    &r->sums, e) && !r->dry)
		return store_commit(a->store, e);
	store_rollback(a->store);
	return e->code == 0;
}

/* How often it still stands in the database's files. Only where it does is
 * it worth a look at all rows whether it is a part of another address. */
static bool
count_left(struct erase *r, uint64_t *hits, struct err *e)
{
	const struct config *c = &r->app->config;
	struct str key = str_from(r->key);
	bool longer = false;

	return traces_in_database(c, key, false, hits, e) && (*hits == 0 ||
	    (store_has_longer(r->app->store, key, &longer, e) && (!longer ||
	        traces_in_database(c, key, true, hits, e))));
}

/*
 * What is deleted is overwritten; yet when pages were split in former times,
 * copies may have been left in their free space. They go with a database that
 * is written anew.
 */
static bool
erase_bytes(struct erase *r, struct err *e)
{
	struct store *s = r->app->store;
	uint64_t left;

	if (!store_clear_log(s, e) || !count_left(r, &left, e))
		return false;
	if (left == 0)
		return true;
	/* The copy is as large as the database: beside it is room. */
	(void)setenv("SQLITE_TMPDIR", r->app->config.state, 1);
	if (!store_rewrite(s, e) || !count_left(r, &left, e))
		return false;
	r->rewritten = true;
	return left == 0 || err_set(e, EX_SOFTWARE, "erase: the address still "
	    "stands %llu times in suppress.db; please report this",
	    (unsigned long long)left);
}

static void
say_text(struct erase *r, struct buf *b)
{
	const struct erase_sums *s = &r->sums;
	char time[CLOCK_TEXT];

	quote_add(b, str_from(r->key));
	if (s->before != 0)
		buf_addf(b, ": was erased on %.10s already; stays blocked: ",
		    clock_text(s->before, time));
	else
		buf_addf(b, ": %s; stays blocked: ", r->dry
		    ? "would be erased" : "erased, nothing brings it back");
	buf_addf(b, "%s since %s, global\n", class_name(s->class),
	    out_time(s->since, time));
	buf_addf(b, "    hash        %s\n", s->hash);
	buf_addf(b, "    %s%lld entries, %lld evidence; %lld changes carry the "
	    "hash, %lld sample replies are taken out\n",
	    r->dry ? "would go    " : "gone        ", (long long)s->entries,
	    (long long)s->evidence, (long long)s->changes,
	    (long long)s->replies);
	if (r->rewritten)
		buf_adds(b, "    rewritten   the database, to be rid of old "
		    "copies in its free space\n");
}

static struct json *
said_json(struct erase *r)
{
	const struct erase_sums *s = &r->sums;
	struct json *o = json_new_object();

	json_text(o, "address", str_from(r->key));
	json_bool(o, "dry_run", r->dry);
	json_text(o, "hash", str_from(s->hash));
	json_text(o, "class", str_from(class_name(s->class)));
	json_time(o, "since", s->since);
	json_time(o, "erased_before", s->before);
	json_number(o, "entries", s->entries);
	json_number(o, "evidence", s->evidence);
	json_number(o, "changes", s->changes);
	json_number(o, "replies", s->replies);
	json_bool(o, "rewritten", r->rewritten);
	return o;
}

/* What is told comes before an error of the traces: it is done. */
static void
say(struct erase *r, struct err *e)
{
	struct traces_out t = { .app = r->app };
	struct buf b = { 0 };
	struct json *o;

	if (traces_out_find(&t, r->key, false, e) && r->json) {
		o = said_json(r);
		json_put(o, "still_in", traces_out_take_files(&t));
		out_json(stdout, o, e);
	} else if (!r->json) {
		say_text(r, &b);
		buf_add(&b, buf_str(&t.text));
		out_text(&b, e);
	}
	buf_release(&b);
	traces_out_release(&t);
}

int
cmd_erase(struct app *a, int argc, char **argv, struct err *e)
{
	struct erase r = { .app = a };
	struct err bytes = { 0 };

	if (!parse_options(&r, argc, argv, e) || !app_ready(a, e) ||
	    !erase_rows(&r, e))
		return e->code;
	if (!r.dry)
		(void)erase_bytes(&r, &bytes);
	say(&r, e);
	if (bytes.code != 0)
		err_set(e, bytes.code, "erase: blocked and gone from the "
		    "tables, yet bytes of it may be left: %s; then run it "
		    "again", bytes.text);
	return e->code;
}
