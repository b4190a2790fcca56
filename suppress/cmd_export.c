/* cmd_export.c - the list for the sending application, whole or as changes. */
#include <getopt.h>
#include <inttypes.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>

#include "args.h"
#include "base/number.h"
#include "base/quote.h"
#include "ending.h"
#include "export_delta.h"
#include "paths.h"
#include "provider_args.h"

struct export
{
	struct app *app;
	struct entry_filter filter;
	struct export_sink sink;
	bool filtered;
	bool reload; /* --reload */
	bool listed; /* --profile help */
	const char *cursor; /* --since-cursor, or NULL */
	const char *ack; /* --ack, or NULL */
	int64_t at, upto; /* the cursor's place before and behind */
	bool told; /* something since `at` went out, and waits for its ack */
};

/* What does not go together with --ack or a cursor. */
static bool
check_cursor(const struct export *x, struct err *e)
{
	const struct export_sink *s = &x->sink;
	const struct profile *p = s->rows.profile;

	if (x->ack != NULL &&
	    (x->cursor != NULL || x->filtered || s->rows.path != NULL ||
		s->split != SPLIT_NONE))
		return err_set(e, EX_USAGE,
		    "export: --ack does nothing but "
		    "move the cursor; give it alone");
	if (x->cursor != NULL && x->filtered)
		return err_set(e, EX_USAGE,
		    "export: a cursor carries every "
		    "change, so nothing may be left out; export without "
		    "--class, --scope, --since and --provider, or without a "
		    "cursor");
	if (x->cursor != NULL && (p->traits & PROFILE_WHOLE))
		return err_set(e, EX_USAGE,
		    "export: --profile %s: the file is the whole list there, "
		    "so a delta in its place would let all others go; export "
		    "without --since-cursor",
		    p->name);
	return x->cursor == NULL ||
	    args_cursor_or("export", str_from(x->cursor), e);
}

/* What the layout cannot be. */
static bool
check_profile(struct export *x, struct err *e)
{
	struct export_rows *r = &x->sink.rows;
	const struct profile *p = r->profile;

	if (p->traits & PROFILE_ONLY_JSON)
		r->json = true;
	if (r->json && !(p->traits & PROFILE_ALL) && p->json.open == NULL)
		return err_set(e, EX_USAGE,
		    "export: --json: profile %s has no JSON; leave it out",
		    p->name);
	if (r->hash != GLIB_PLAIN && !(p->traits & PROFILE_HASH))
		return err_set(e, EX_USAGE,
		    "export: --hash: profile %s must have the addresses "
		    "themselves; use generic, lines or mumara",
		    p->name);
	if (x->reload && (p->reload[0] == NULL || r->path == NULL))
		return err_set(e, EX_USAGE,
		    "export: --reload needs --output and a profile that is "
		    "reloaded: powermta");
	return true;
}

static bool
check_options(struct export *x, int argc, struct err *e)
{
	const struct export_sink *s = &x->sink;

	if (optind < argc && s->split != SPLIT_NONE && s->folder == NULL) {
		x->sink.folder = x->app->argv[optind++];
		if (s->rows.path != NULL)
			return err_set(e, EX_USAGE,
			    "export: --split-by writes files into the folder; "
			    "leave --output out");
	}
	if (optind < argc)
		return err_set(e, EX_USAGE,
		    "export: takes no words; name the "
		    "file with --output FILE");
	if (s->split != SPLIT_NONE && s->folder == NULL)
		return err_set(e, EX_USAGE,
		    "export: --split-by: no folder given; name it behind");
	if (paths_same(s->rows.path, s->lost.path))
		return err_set(e, EX_USAGE,
		    "export: --output and --lost name one file; name two");
	return check_cursor(x, e) && check_profile(x, e);
}

static bool
take_hash(struct export_rows *r, const char *name, struct err *e)
{
	return glib_digest_of(str_from(name), &r->hash) ||
	    args_wrong("export", "hash", name, "write md5, sha1 or sha256", e);
}

/* Options with a meaning of their own; the others are switches. */
static bool
take_option(struct export *x, int o, const char *command, struct err *e)
{
	struct export_sink *s = &x->sink;

	switch (o) {
	case 'p':
		x->listed = strcmp(optarg, "help") == 0;
		if (x->listed)
			return true;
		s->rows.profile = profile_or(command, optarg, e);
		return s->rows.profile != NULL;
	case 'h':
		return take_hash(&s->rows, optarg, e);
	case 's':
		return export_split_of(optarg, &s->split) ||
		    args_wrong(command, "split-by", optarg,
			"write stream, class or provider", e);
	case 'o':
		s->rows.path = args_output(optarg);
		return true;
	case 'l':
		return args_beside_or(
		    command, "--lost", optarg, &s->lost.path, e);
	case 'u':
		x->cursor = optarg;
		return true;
	case 'a':
		x->ack = optarg;
		return true;
	default:
		x->filtered = true;
		s->streams = s->streams || o == ARGS_SCOPE;
		return ARGS_IS_FILTER(o) &&
		    args_filter(x->app, &x->filter, o, optarg, e);
	}
}

static bool
parse_options(struct export *x, int argc, char **argv, struct err *e)
{
	static const struct option LONGS[] = {
		{ "output", required_argument, NULL, 'o' },
		{ "profile", required_argument, NULL, 'p' },
		{ "lost", required_argument, NULL, 'l' },
		{ "hash", required_argument, NULL, 'h' },
		{ "split-by", required_argument, NULL, 's' },
		{ "reload", no_argument, NULL, 'R' },
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
		if (o == 'r')
			x->sink.rows.raw = true;
		else if (o == 'j')
			x->sink.rows.json = true;
		else if (o == 'R')
			x->reload = true;
		else if (o == '?' || !take_option(x, o, argv[0], e))
			return false;
	}
	x->sink.streams =
	    x->sink.streams || x->sink.split == SPLIT_STREAM;
	return x->listed || check_options(x, argc, e);
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
		return args_wrong("export", "ack", word,
		    "write NAME or NAME:NUMBER", e);
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
		    "%" PRId64 ", not %" PRId64 ": nothing up to there was "
		    "exported since it moved; export again, and give the "
		    "number that this tells",
		    STR_ARG(name), pending, number);
	return move_cursor(a, name, number, e);
}

/* Who may not write is told before any row goes out, not after the last: the
 * cursor is written, and that taken back. */
static bool
may_move(const struct export *x, struct err *e)
{
	struct store *s = x->app->store;
	struct str name = str_from(x->cursor);
	int64_t at, pending;
	bool found;
	bool ok;

	if (!store_begin(s, e))
		return false;
	ok = cursor_get(s, name, &at, &pending, &found, e) &&
	    cursor_pend(s, name, pending, e);
	store_rollback(s);
	return ok;
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

	/* The last number before the reading: what comes meanwhile is told
	 * again rather than missed. */
	if (!may_move(x, e) || !ending_all(a, &ended, e) ||
	    !cursor_get(
		a->store, str_from(x->cursor), &x->at, &pending, &found, e))
		return false;
	x->told = pending > 0;
	return change_last(a->store, &x->upto, e);
}

static bool
in_files(const struct export *x)
{
	return x->sink.rows.path != NULL || x->sink.split != SPLIT_NONE;
}

/* The file is in place, or the reader must say that it has all. */
static bool
end_cursor(struct export *x, struct err *e)
{
	struct app *a = x->app;

	/* Before the first change there is nothing that could be missed. */
	if ((in_files(x) || x->upto == 0) &&
	    !move_cursor(a, str_from(x->cursor), x->upto, e))
		return false;
	if (in_files(x))
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
	    x->sink.told, x->upto, x->cursor, x->upto);
	return true;
}

/* Names the command that makes them read the file, or runs it: no shell, and
 * our own environment. */
static bool
reload(const struct export *x, struct err *e)
{
	const struct profile *p = x->sink.rows.profile;
	char *argv[COUNT(p->reload)] = { NULL };
	char word[COUNT(p->reload)][16];
	int status = 0;
	pid_t pid;
	int rc;

	if (!x->reload) {
		fprintf(stderr,
		    "pmta-suppress: %s: in place; it counts after: %s %s\n",
		    x->sink.rows.path, p->reload[0], p->reload[1]);
		return true;
	}
	for (size_t i = 0; p->reload[i] != NULL; i++)
		if (str_copy(str_from(p->reload[i]), word[i], sizeof word[i]))
			argv[i] = word[i];
	rc = posix_spawnp(&pid, argv[0], NULL, NULL, argv, NULL);
	if (rc == 0 && waitpid(pid, &status, 0) == pid && status == 0)
		return true;
	return err_set(e, EX_UNAVAILABLE,
	    "export: --reload: '%s %s' %s%s: %s is in place, yet the old list "
	    "counts; run it by hand",
	    p->reload[0], p->reload[1], rc == 0 ? "failed" : "cannot start: ",
	    rc == 0 ? "" : strerror(rc), x->sink.rows.path);
}

static bool
export_list(struct export *x, struct err *e)
{
	struct app *a = x->app;
	struct export_sink *s = &x->sink;
	struct export_delta delta = { .sink = s, .now = a->now };
	bool whole;

	if (!app_open_store(
		a, x->cursor != NULL ? STORE_WRITE : STORE_READ, APP_WAIT, e) ||
	    !provider_or(a, &x->filter.provider, e))
		return false;
	if (x->cursor != NULL && !begin_cursor(x, e))
		return false;
	s->rows.actions = x->cursor != NULL;
	/* A new cursor: the whole list. Once that was told its reader may have
	 * taken it, so the removals since are told too. */
	whole = x->at == 0 && !x->told;
	delta.store = a->store;
	delta.after = x->at;
	if (!export_sink_begin(s, e))
		return false;
	if (whole ? !entry_list(a->store, &x->filter, export_sink_put, s, e)
		  : !entry_changed(
			a->store, x->at, &x->filter, export_delta_put, &delta, e))
		return false;
	return export_sink_done(s, stderr, e) &&
	    (x->cursor == NULL || end_cursor(x, e)) &&
	    (s->rows.profile->reload[0] == NULL || s->rows.path == NULL ||
		reload(x, e));
}

int
cmd_export(struct app *a, int argc, char **argv, struct err *e)
{
	struct export x = { .app = a, .filter = { .now = a->now } };

	x.sink.rows.profile = profile_find("generic");
	if (!parse_options(&x, argc, argv, e))
		goto out;
	if (x.listed)
		profile_print(stdout, e);
	else if (x.ack != NULL)
		acknowledge(&x, e);
	else
		export_list(&x, e);
out:
	export_sink_release(&x.sink);
	return e->code;
}
