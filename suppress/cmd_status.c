/* cmd_status.c - what the database and the journal hold, and how far the
 * reading is. */
#include <dirent.h>
#include <getopt.h>
#include <inttypes.h>

#include "base/clock.h"
#include "base/quote.h"
#include "args.h"
#include "out.h"
#include "status_cursors.h"
#include "status_incidents.h"
#include "status_journal.h"
#include "status_policy.h"

struct status {
	struct app *app;
	bool json;
	struct json *root;
	struct json *part; /* the object or list being filled */
	struct buf text;
	enum tally tally; /* the one being told */
	bool failures, deliveries; /* such rows were read */
	size_t n; /* told in this part */
	int64_t sum;
	struct status_journal journal;
	int64_t finished; /* streams and files read to their end */
	int64_t waiting; /* bytes of the journal that are not worked on */
};

/* ---- one part: a heading and "name number" pairs ---- */

static void
begin_part(struct status *s)
{
	s->part = json_new_object();
	s->n = 0;
	s->sum = 0;
}

static void
put_number(struct status *s, const char *name, int64_t n)
{
	json_number(s->part, name, n);
	buf_addf(&s->text, "%s%s %" PRId64, s->n > 0 ? ", " : "", name, n);
	s->n++;
	s->sum += n;
}

static void
end_part(struct status *s, const char *key)
{
	if (s->n == 0)
		buf_adds(&s->text, "none");
	buf_addc(&s->text, '\n');
	json_put(s->root, key, s->part);
	s->part = NULL;
}

static void
put_head(struct status *s, const char *name)
{
	buf_addf(&s->text, "%-10s ", name);
}

/* ---- the database ---- */

static bool
tell_database(struct status *s, struct err *e)
{
	struct app *a = s->app;
	struct store_counts c;
	char path[CONFIG_PATH_MAX];
	struct json *o;

	if (!store_count(a->store, a->now, &c, e) ||
	    !config_path(&a->config, "suppress.db", path, e))
		return false;
	o = json_new_object();
	json_text(o, "path", str_from(path));
	json_number(o, "version", STORE_VERSION);
	json_number(o, "bytes", c.bytes);
	json_number(o, "free_bytes", c.free_bytes);
	json_number(o, "evidence", c.evidence);
	json_number(o, "replies", c.replies);
	json_number(o, "changes", c.changes);
	json_put(s->root, "database", o);
	put_head(s, "database");
	quote_add(&s->text, str_from(path));
	buf_addf(&s->text, ", version %d, %" PRId64 " bytes, %" PRId64
	    " of them free, %" PRId64 " evidence, %" PRId64 " replies, %" PRId64
	    " changes\n", STORE_VERSION, c.bytes, c.free_bytes, c.evidence,
	    c.replies, c.changes);
	put_head(s, "entries");
	begin_part(s);
	put_number(s, "active", c.entries_active);
	put_number(s, "held", c.entries_held);
	put_number(s, "lifted", c.entries_lifted);
	put_number(s, "ended", c.entries_ended);
	end_part(s, "entries");
	return true;
}

static bool
on_class(void *ctx, enum class c, int64_t n, struct err *e)
{
	(void)e;
	put_number(ctx, class_name(c), n);
	return true;
}

static bool
tell_classes(struct status *s, struct err *e)
{
	put_head(s, "by class");
	begin_part(s);
	if (!entry_count_by_class(s->app->store, s->app->now, on_class, s, e))
		return false;
	end_part(s, "active_by_class");
	return true;
}

/* ---- what was read ---- */

static const char *
tally_name(enum tally t, int64_t sub)
{
	switch (t) {
	case TALLY_ROWS:
		return kind_name((enum kind)sub);
	case TALLY_SKIP:
		return skip_name((enum skip)sub);
	case TALLY_CLASS:
		return class_name((enum class)sub);
	case TALLY_DECISION:
		return decision_name((enum decision)sub);
	case TALLY_OTHER:
		break;
	}
	return "other";
}

static bool
on_tally(void *ctx, enum tally t, int64_t sub, int64_t n, struct err *e)
{
	struct status *s = ctx;

	(void)e;
	if (t != s->tally)
		return true;
	if (t == TALLY_ROWS) {
		s->failures = s->failures || sub == KIND_B;
		s->deliveries = s->deliveries || sub == KIND_D;
	}
	put_number(s, tally_name(t, sub), n);
	return true;
}

/* Failures are a share of what was tried: without deliveries there is none. */
static void
tell_no_deliveries(struct status *s)
{
	if (s->tally == TALLY_ROWS && s->failures && !s->deliveries)
		buf_adds(&s->text, "; NO DELIVERIES, SO NO STORM CAN BE TOLD: "
		    "let PowerMTA write d records, too");
}

static bool
tell_tallies(struct status *s, struct err *e)
{
	static const struct {
		enum tally tally;
		const char *head, *key;
	} PARTS[] = {
		{ TALLY_ROWS, "rows", "rows" },
		{ TALLY_SKIP, "skipped", "skipped" },
		{ TALLY_CLASS, "verdicts", "verdicts" },
		{ TALLY_DECISION, "decisions", "decisions" },
	};

	for (size_t i = 0; i < COUNT(PARTS); i++) {
		s->tally = PARTS[i].tally;
		put_head(s, PARTS[i].head);
		begin_part(s);
		if (!tally_list(s->app->store, on_tally, s, e))
			return false;
		tell_no_deliveries(s);
		end_part(s, PARTS[i].key);
	}
	return true;
}

/* ---- streams ---- */

static void
put_stream(struct status *s, struct str name, const struct stream *st,
    int64_t changed, uint64_t lag)
{
	struct str road = st->road == ROAD_FILE ? STR("file") : STR("pipe");
	struct json *o = json_new_object();
	char time[CLOCK_TEXT];

	json_text(o, "name", name);
	json_text(o, "road", road);
	json_number(o, "position", (int64_t)st->pos);
	json_number(o, "rows", st->rows);
	json_number(o, "lag_bytes", (int64_t)lag);
	json_time(o, "changed", changed);
	json_push(s->part, o);
	s->waiting += (int64_t)lag;
	put_head(s, "stream");
	quote_add(&s->text, name);
	buf_addf(&s->text,
	    " (%.*s): %" PRId64 " rows, %" PRIu64 " bytes, "
	    "lag %" PRIu64 " bytes, at %s\n",
	    STR_ARG(road), st->rows, st->pos, lag, out_time(changed, time));
}

/* Streams and files that are wholly read are only counted. */
static bool
on_stream(void *ctx, struct str name, const struct stream *st, int64_t changed,
    struct err *e)
{
	struct status *s = ctx;
	uint64_t end = status_journal_end(&s->journal, name);
	uint64_t lag = end > st->pos ? end - st->pos : 0;

	if (st->finished && lag == 0)
		s->finished++;
	else
		put_stream(s, name, st, changed, lag);
	return buf_ok(&s->text, e);
}

static bool
tell_streams(struct status *s, struct err *e)
{
	static const struct stream UNKNOWN = { .road = ROAD_PIPE };

	s->part = json_new_list();
	if (!stream_list(s->app->store, on_stream, s, e))
		return false;
	/* The database has not heard of these: nobody works on them yet. */
	for (size_t i = 0; i < s->journal.n; i++) {
		const struct stream_end *at = &s->journal.ends[i];

		if (!at->told)
			put_stream(s, str_from(at->name), &UNKNOWN, 0, at->end);
	}
	json_put(s->root, "streams", s->part);
	s->part = NULL;
	json_number(s->root, "streams_finished", s->finished);
	put_head(s, "finished");
	buf_addf(&s->text, "%" PRId64 " streams and files read to their end\n",
	    s->finished);
	return true;
}

/* ---- folders ---- */

static void
tell_journal(struct status *s)
{
	const struct status_journal *j = &s->journal;
	const struct config *c = &s->app->config;
	int64_t one;
	const char *unit = clock_unit(c->journal_keep, &one);
	struct json *o;
	char time[CLOCK_TEXT];

	put_head(s, "journal");
	if (j->why != NULL) {
		buf_addf(&s->text, "%s\n", j->why);
		json_none(s->root, "journal");
		return;
	}
	o = json_new_object();
	json_number(o, "files", (int64_t)j->sizes.files);
	json_number(o, "bytes", (int64_t)j->sizes.bytes);
	json_number(o, "streams", (int64_t)j->sizes.streams);
	json_number(o, "alive", (int64_t)j->sizes.alive);
	json_number(o, "waiting_bytes", s->waiting);
	json_time(o, "oldest", j->sizes.oldest);
	json_number(o, "keep_seconds", c->journal_keep);
	json_number(o, "keep_bytes", c->journal_bytes);
	json_put(s->root, "journal", o);
	buf_addf(&s->text,
	    "%" PRIu64 " files, %" PRIu64 " bytes, oldest %s, "
	    "%" PRIu64 " streams, %" PRIu64 " alive; kept %" PRId64
	    " %s, at most %" PRId64 " bytes%s\n",
	    j->sizes.files, j->sizes.bytes, out_time(j->sizes.oldest, time),
	    j->sizes.streams, j->sizes.alive, c->journal_keep / one, unit,
	    c->journal_bytes, s->waiting > 0 && j->sizes.alive == 0
	    ? "; ROWS WAIT AND NO PIPE IS ALIVE: let PowerMTA start it" : "");
}

static bool
tell_quarantine(struct status *s, struct err *e)
{
	char path[CONFIG_PATH_MAX];
	const struct dirent *file;
	int64_t n = 0;
	DIR *d;

	if (!config_path(&s->app->config, "quarantine", path, e))
		return false;
	d = opendir(path);
	/* Made with the first record that goes there. */
	while (d != NULL && (file = readdir(d)) != NULL)
		n += file->d_name[0] != '.';
	if (d != NULL)
		closedir(d);
	json_number(s->root, "quarantine", n);
	put_head(s, "quarantine");
	buf_addf(&s->text, "%" PRId64 " records%s\n", n,
	    n > 0 ? "; look at them in STATE/quarantine" : "");
	return true;
}

static bool
on_notice(void *ctx, const struct notice_row *row, struct err *e)
{
	struct status *s = ctx;
	struct json *o = json_new_object();
	char time[CLOCK_TEXT];

	json_text(o, "kind", row->kind);
	json_text(o, "text", row->text);
	json_time(o, "first", row->first);
	json_time(o, "last", row->last);
	json_number(o, "times", row->n);
	json_push(s->part, o);
	put_head(s, "notice");
	quote_add(&s->text, row->kind);
	buf_adds(&s->text, ": ");
	quote_add(&s->text, row->text);
	buf_addf(&s->text, " (%" PRId64 " times, last %s)\n", row->n,
	    out_time(row->last, time));
	return buf_ok(&s->text, e);
}

static bool
tell_notices(struct status *s, struct err *e)
{
	s->part = json_new_list();
	if (!notice_list(s->app->store, on_notice, s, e))
		return false;
	json_put(s->root, "notices", s->part);
	s->part = NULL;
	return true;
}

static bool
print_all(struct status *s, struct err *e)
{
	struct json *root = s->root;

	if (!s->json)
		return out_text(&s->text, e);
	s->root = NULL;
	return out_json(stdout, root, e);
}

int
cmd_status(struct app *a, int argc, char **argv, struct err *e)
{
	static const struct option LONGS[] = {
		{ "json", no_argument, NULL, 'j' },
		{ NULL, 0, NULL, 0 },
	};
	struct status s = { .app = a };
	int o;

	while ((o = app_option(argc, argv, ":j", LONGS, e)) != -1) {
		if (o != 'j')
			return e->code;
		s.json = true;
	}
	if (!args_no_more(argc, argv, e))
		return e->code;
	if (!app_ready(a, e))
		return e->code;
	s.root = json_new_object();
	if (status_journal_read(&s.journal, &a->config, e) &&
	    status_policy(a, s.root, &s.text, e) &&
	    tell_database(&s, e) && tell_classes(&s, e) &&
	    status_incidents(a, s.root, &s.text, e) &&
	    tell_tallies(&s, e) && status_reports(a, s.root, &s.text, e) &&
	    status_cursors(a, s.root, &s.text, e) && tell_streams(&s, e)) {
		tell_journal(&s);
		if (tell_quarantine(&s, e) && tell_notices(&s, e))
			print_all(&s, e);
	}
	status_journal_release(&s.journal);
	json_free(s.part);
	json_free(s.root);
	buf_release(&s.text);
	return e->code;
}
