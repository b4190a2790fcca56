/* cmd_export.c - the list for the sending application, whole or as changes. */
#include <getopt.h>
#include <inttypes.h>

#include "args.h"
#include "base/number.h"
#include "export_rows.h"

struct export
{
	struct app *app;
	struct entry_filter filter;
	struct export_rows rows;
	bool filtered;
	const char *cursor; /* --since-cursor, or NULL */
	const char *ack; /* --ack, or NULL */
	int64_t at, upto; /* the cursor's place before and behind */
	bool told; /* something since `at` went out, and waits for its ack */
};

static bool
check_options(const struct export *x, int argc, struct err *e)
{
	if (optind < argc)
		return err_set(e, EX_USAGE,
		    "export: takes no words; name the "
		    "file with --output FILE");
	if (x->ack != NULL &&
	    (x->cursor != NULL || x->filtered || x->rows.path != NULL))
		return err_set(e, EX_USAGE,
		    "export: --ack does nothing but "
		    "move the cursor; give it alone");
	if (x->cursor != NULL && x->filtered)
		return err_set(e, EX_USAGE,
		    "export: a cursor carries every "
		    "change, so nothing may be left out; export without "
		    "--class, --scope, --since and --provider, or without a "
		    "cursor");
	return x->cursor == NULL ||
	    args_cursor_or("export", str_from(x->cursor), e);
}

static bool
parse_options(struct export *x, int argc, char **argv, struct err *e)
{
	static const struct option LONGS[] = {
		{ "output", required_argument, NULL, 'o' },
		{ "since-cursor", required_argument, NULL, 'u' },
		{ "ack", required_argument, NULL, 'a' },
		{ "class", required_argument, NULL, ARGS_CLASS },
		{ "scope", required_argument, NULL, ARGS_SCOPE },
		{ "since", required_argument, NULL, ARGS_SINCE },
		{ "provider", required_argument, NULL, ARGS_PROVIDER },
		{ "raw", no_argument, NULL, 'r' },
		{ "json", no_argument, NULL, 'j' },
		{ NULL, 0, NULL, 0 },
	};
	int o;

	while ((o = app_option(argc, argv, ":o:j", LONGS, e)) != -1) {
		if (o == 'o')
			x->rows.path = optarg;
		else if (o == 'u')
			x->cursor = optarg;
		else if (o == 'a')
			x->ack = optarg;
		else if (o == 'r')
			x->rows.raw = true;
		else if (o == 'j')
			x->rows.json = true;
		else if (!ARGS_IS_FILTER(o) ||
		    !args_filter(&x->filter, o, optarg, argv[0], e))
			return false;
		else
			x->filtered = true;
	}
	return check_options(x, argc, e);
}

/* "NAME" or "NAME:NUMBER"; *number -1: none. */
static bool
split_ack(const char *word, struct str *name, int64_t *number, struct err *e)
{
	struct str s = str_from(word);
	size_t colon = str_rchr(s, ':');

	*name = str_sub(s, 0, colon);
	*number = -1;
	if (colon < s.n &&
	    !number_i64(str_skip(s, colon + 1), 0, INT64_MAX, number))
		return err_set(e, EX_USAGE,
		    "export: --ack: no number behind "
		    "the colon; write NAME or NAME:NUMBER");
	return args_cursor_or("export", *name, e);
}

static bool
move_cursor(struct app *a, struct str name, int64_t to, struct err *e)
{
	if (!store_begin(a->store, e))
		return false;
	if (!cursor_move(a->store, name, to, a->now, e)) {
		store_rollback(a->store);
		return false;
	}
	return store_commit(a->store, e);
}

/* The consumer has what was exported: the next delta starts behind it. */
static bool
acknowledge(struct export *x, struct err *e)
{
	struct app *a = x->app;
	struct str name;
	int64_t number;
	int64_t at = 0;
	int64_t pending = 0;
	bool found = false;

	if (!split_ack(x->ack, &name, &number, e) ||
	    !app_open_store(a, STORE_WRITE, APP_WAIT, e) ||
	    !cursor_get(a->store, name, &at, &pending, &found, e))
		return false;
	/* One that only waits for its first ack is not found, but pends. */
	if (!found && pending <= 0)
		return err_set(e, EX_DATAERR,
		    "export: no cursor is called "
		    "'%.*s'; export --since-cursor makes it",
		    STR_ARG(name));
	if (number < 0)
		number = pending > at ? pending : at;
	/* Acknowledged before: told twice is no error. */
	if (number <= at)
		return true;
	if (number > pending)
		return err_set(e, EX_DATAERR,
		    "export: cursor '%.*s' waits at "
		    "%" PRId64 ", not %" PRId64 ": that was never exported; "
		    "give the number that the export told",
		    STR_ARG(name), pending, number);
	return move_cursor(a, name, number, e);
}

/* Where the cursor stands and where this export will take it. What runs out
 * becomes a change first, so that it is told as a removal. */
static bool
begin_cursor(struct export *x, struct err *e)
{
	struct app *a = x->app;
	int64_t pending;
	int64_t ended;
	bool found = false;

	if (!store_begin(a->store, e))
		return false;
	if (!entry_expire(a->store, a->now, &ended, e)) {
		store_rollback(a->store);
		return false;
	}
	/* The last number before the reading: what comes meanwhile is told
	 * again rather than missed. */
	if (!store_commit(a->store, e) ||
	    !cursor_get(
		a->store, str_from(x->cursor), &x->at, &pending, &found, e))
		return false;
	x->told = pending > 0;
	return change_last(a->store, &x->upto, e);
}

/* The file is in place, or the reader must say that it has all. */
static bool
end_cursor(struct export *x, struct err *e)
{
	struct app *a = x->app;

	/* Before the first change there is nothing that could be missed. */
	if ((x->rows.path != NULL || x->upto == 0) &&
	    !move_cursor(a, str_from(x->cursor), x->upto, e))
		return false;
	if (x->rows.path != NULL)
		return true;
	if (!store_begin(a->store, e))
		return false;
	if (!cursor_pend(a->store, str_from(x->cursor), x->upto, e)) {
		store_rollback(a->store);
		return false;
	}
	if (!store_commit(a->store, e))
		return false;
	fprintf(stderr,
	    "pmta-suppress: %" PRId64 " rows, up to change "
	    "%" PRId64 "; once they are taken in: pmta-suppress export --ack "
	    "%s:%" PRId64 "\n",
	    x->rows.rows, x->upto, x->cursor, x->upto);
	return true;
}

static bool
export_list(struct export *x, struct err *e)
{
	struct app *a = x->app;
	bool whole;

	if (!app_open_store(
		a, x->cursor != NULL ? STORE_WRITE : STORE_READ, APP_WAIT, e))
		return false;
	if (x->cursor != NULL && !begin_cursor(x, e))
		return false;
	x->rows.actions = x->cursor != NULL;
	/* A new cursor: the whole list. Once that was told its reader may have
	 * taken it, so the removals since are told too. */
	whole = x->at == 0 && !x->told;
	if (!export_rows_begin(&x->rows, e))
		return false;
	if (whole ? !entry_list(
			a->store, &x->filter, export_rows_put, &x->rows, e)
		  : !entry_changed(a->store, x->at, &x->filter, export_rows_put,
			&x->rows, e))
		return false;
	return export_rows_done(&x->rows, e) &&
	    (x->cursor == NULL || end_cursor(x, e));
}

int
cmd_export(struct app *a, int argc, char **argv, struct err *e)
{
	struct export x = { .app = a, .filter = { .now = a->now } };

	if (!parse_options(&x, argc, argv, e))
		return e->code;
	if (x.ack != NULL)
		acknowledge(&x, e);
	else
		export_list(&x, e);
	export_rows_release(&x.rows);
	return e->code;
}
