/* cmd_incident.c - storms and breakers: what they are, and a person's word on
 * what they hold. */
#include <getopt.h>
#include <inttypes.h>
#include <string.h>

#include "args.h"
#include "base/clock.h"
#include "base/number.h"
#include "incident_rows.h"
#include "incident_show.h"
#include "out.h"
#include "work/settle.h"

struct request {
	struct app *app;
	const char *verb;
	int64_t id;
	const char *reason;
	bool all, json, dry_run;
};

/* allowed: the letters of this verb's options. */
static bool
parse(struct request *r, const char *allowed, int argc, char **argv,
    struct err *e)
{
	static const struct option LONGS[] = {
		{ "all", no_argument, NULL, 'a' },
		{ "json", no_argument, NULL, 'j' },
		{ "reason", required_argument, NULL, 'r' },
		{ "dry-run", no_argument, NULL, 'n' },
		{ NULL, 0, NULL, 0 },
	};
	int o;

	while ((o = app_option(argc, argv, ":", LONGS, e)) != -1) {
		if (o == '?')
			return false;
		if (strchr(allowed, o) == NULL)
			return args_not_of_verb(
			    "incident", r->verb, LONGS, o, e);
		r->all |= o == 'a';
		r->json |= o == 'j';
		r->dry_run |= o == 'n';
		if (o == 'r')
			r->reason = optarg;
	}
	return true;
}

/* The incident's number, and after it `more` words. */
static bool
parse_id(struct request *r, int more, int argc, char **argv, struct err *e)
{
	if (argc - optind == 1 + more &&
	    number_i64(str_from(argv[optind]), 1, INT64_MAX, &r->id))
		return true;
	return err_set(e, EX_USAGE, "incident: %s takes one incident's number"
	    "%s; 'incident list --all' tells them", r->verb,
	    more > 0 ? " and a text in quotes" : " alone");
}

static bool
open_store(struct request *r, enum store_mode mode, struct err *e)
{
	return app_open_store(r->app, mode, APP_WAIT, e);
}

/* ---- list ---- */

struct listing {
	struct sheet sheet;
	bool json;
	unsigned open;
};

static bool
list_one(void *ctx, const struct incident_row *row, struct err *e)
{
	struct listing *l = ctx;
	struct sheet *t = &l->sheet;
	char id[24], held[24], at[CLOCK_TEXT];
	struct json *o;

	l->open += row->open;
	if (l->json) {
		o = json_new_object();
		incident_row_json(o, row);
		return out_json(stdout, o, e);
	}
	snprintf(id, sizeof id, "%" PRId64, row->in->id);
	snprintf(held, sizeof held, "%" PRId64, row->held);
	sheet_cell(t, str_from(id));
	sheet_cell(t, str_from(row->state));
	sheet_cell(t, str_from(held));
	sheet_cell(t, str_from(incident_kind_name(row->in->kind)));
	sheet_cell(t, row->provider);
	sheet_cell(t, str_from(class_name((enum class)row->in->class)));
	sheet_cell(t, str_from(out_time(row->in->opened, at)));
	return buf_ok(&t->cells, e);
}

static int
run_list(struct request *r, int argc, char **argv, struct err *e)
{
	static const char *const HEADS[] = { "NO", "STATE", "HELD", "KIND",
		"PROVIDER", "CLASS", "OPENED" };
	struct listing l = { .json = false };

	if (!parse(r, "aj", argc, argv, e) || !args_no_more(argc, argv, e) ||
	    !open_store(r, STORE_READ, e))
		return e->code;
	l.json = r->json;
	sheet_init(&l.sheet, stdout, HEADS, COUNT(HEADS));
	if (incident_rows(r->app, r->all, list_one, &l, e))
		sheet_done(&l.sheet, e);
	sheet_release(&l.sheet);
	return e->code != 0 ? e->code : l.open > 0 ? 0 : 1;
}

/* ---- show ---- */

static int
run_show(struct request *r, int argc, char **argv, struct err *e)
{
	if (parse(r, "j", argc, argv, e) && parse_id(r, 0, argc, argv, e) &&
	    open_store(r, STORE_READ, e))
		incident_show(r->app, r->id, r->json, e);
	return e->code;
}

/* ---- release, discard ---- */

static bool
is_known(struct request *r, struct err *e)
{
	struct incident in;
	bool found;

	if (!incident_get(r->app->store, r->id, &in, &found, e))
		return false;
	return found || incident_unknown(r->id, e);
}

/* In the open batch; *bulk is what undo takes. */
static bool
settle(struct request *r, struct str reason, int64_t *bulk,
    struct settled *done, struct err *e)
{
	struct app *a = r->app;
	struct str who = str_from(a->who);
	struct ruling ruling = { .incident = r->id,
		.drop = strcmp(r->verb, "discard") == 0, .who = who };
	struct work *w = work_open(&a->config, a->store, a->rules, NULL, e);
	struct buf what = { 0 };
	bool ok;

	buf_addf(&what, "%s of incident %" PRId64, r->verb, r->id);
	ok = w != NULL && is_known(r, e) && buf_ok(&what, e) &&
	    store_new_bulk(a->store, buf_str(&what), who, a->now, bulk, e);
	ruling.bulk = *bulk;
	ok = ok && incident_settle(w, &ruling, done, e);
	buf_clear(&what);
	buf_addf(&what, "%s (bulk %" PRId64 "): %.*s", ruling.drop
	    ? "discarded" : "released", *bulk, STR_ARG(reason));
	ok = ok && buf_ok(&what, e) && incident_note(a->store, r->id, who,
	    buf_str(&what), a->now, e);
	buf_release(&what);
	work_close(w);
	return ok;
}

/* A dry run does it all, and takes it back; where nothing is held there is
 * nothing to keep. */
static bool
settle_or_try(struct request *r, struct str reason, int64_t *bulk,
    struct settled *done, struct err *e)
{
	struct store *s = r->app->store;

	if (!store_begin(s, e))
		return false;
	if (settle(r, reason, bulk, done, e) && !r->dry_run &&
	    done->addresses > 0)
		return store_commit(s, e);
	store_rollback(s);
	return e->code == 0;
}

static void
say_settled(const struct request *r, int64_t bulk, const struct settled *s,
    struct err *e)
{
	bool drop = strcmp(r->verb, "discard") == 0;
	struct json *o;

	if (r->json) {
		o = json_new_object();
		json_text(o, "verb", str_from(r->verb));
		json_number(o, "incident", r->id);
		json_bool(o, "dry_run", r->dry_run);
		json_number(o, "addresses", s->addresses);
		json_number(o, "entries", s->listed);
		json_number_or_none(o, "bulk",
		    r->dry_run || s->addresses == 0 ? 0 : bulk);
		out_json(stdout, o, e);
		return;
	}
	if (s->addresses == 0) {
		printf("nothing %s: incident %" PRId64 " holds nobody, and "
		    "stays as it is\n", drop ? "discarded" : "released",
		    r->id);
		return;
	}
	printf("%s%s: %" PRId64 " addresses of incident %" PRId64 "; %" PRId64
	    " entries%s\n", r->dry_run ? "would be " : "", drop ? "discarded"
	    : "released", s->addresses, r->id, s->listed, drop
	    ? " that were held are lifted" : " follow");
	if (!r->dry_run)
		printf("bulk %" PRId64 "; to take it back: pmta-suppress undo "
		    "%" PRId64 "\n", bulk, bulk);
}

static int
run_settle(struct request *r, int argc, char **argv, struct err *e)
{
	struct buf reason = { 0 };
	struct settled done = { 0 };
	int64_t bulk = 0;

	if (parse(r, "jnr", argc, argv, e) && parse_id(r, 0, argc, argv, e) &&
	    args_reason_or("incident", r->reason, &reason, e) &&
	    open_store(r, STORE_WRITE, e) &&
	    settle_or_try(r, buf_str(&reason), &bulk, &done, e))
		say_settled(r, bulk, &done, e);
	buf_release(&reason);
	return e->code != 0 ? e->code : done.addresses > 0 ? 0 : 1;
}

/* ---- note ---- */

static bool
note_or(const char *words, struct buf *out, struct err *e)
{
	size_t n = str_trim(str_from(words)).n;

	if (n == 0 || n > ARGS_REASON_MAX)
		return err_set(e, EX_USAGE, "incident: note takes a text of 1 "
		    "to %d bytes; write it behind the number, in quotes",
		    ARGS_REASON_MAX);
	return args_reason_or("incident", words, out, e);
}

static int
run_note(struct request *r, int argc, char **argv, struct err *e)
{
	struct app *a = r->app;
	struct buf text = { 0 };

	if (parse(r, "", argc, argv, e) && parse_id(r, 1, argc, argv, e) &&
	    note_or(argv[optind + 1], &text, e) &&
	    open_store(r, STORE_WRITE, e) && store_begin(a->store, e)) {
		if (!is_known(r, e) || !incident_note(a->store, r->id,
		    str_from(a->who), buf_str(&text), a->now, e) ||
		    !store_commit(a->store, e))
			store_rollback(a->store);
	}
	buf_release(&text);
	return e->code;
}

/* ---- the verbs ---- */

int
cmd_incident(struct app *a, int argc, char **argv, struct err *e)
{
	static const struct {
		const char *name;
		int (*run)(struct request *r, int argc, char **argv,
		    struct err *e);
	} VERBS[] = {
		{ "list", run_list },
		{ "show", run_show },
		{ "release", run_settle },
		{ "discard", run_settle },
		{ "note", run_note },
	};
	struct request r = { .app = a };

	for (size_t i = 0; argc > 1 && i < COUNT(VERBS); i++) {
		if (strcmp(argv[1], VERBS[i].name) != 0)
			continue;
		r.verb = VERBS[i].name;
		argv[1] = argv[0]; /* its messages speak of "incident" */
		return VERBS[i].run(&r, argc - 1, argv + 1, e);
	}
	args_no_verb("incident", argc > 1 ? argv[1] : NULL, "say list, show N, "
	    "release N, discard N or note N TEXT; 'pmta-suppress help "
	    "incident' tells more", e);
	return e->code;
}
