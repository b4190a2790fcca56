/* cmd_import.c - takes a list of others: all of it or nothing. */
#include <getopt.h>
#include <string.h>

#include "args.h"
#include "base/clock.h"
#include "base/number.h"
#include "base/quote.h"
#include "import_list.h"
#include "import_report.h"
#include "out.h"
#include "paths.h"
#include "store/erase.h"

#define TOLD_DEFAULT 100 /* bad lines that are printed */

struct import {
	struct app *app;
	struct import_list list;
	char file[256]; /* its name, quoted */
	struct buf reason; /* of lines that give none */
	const char *told; /* --report, or NULL */
	bool listed_only; /* --profile help */
	bool dry, skip_bad, json;
	bool writes; /* not dry, and no bad line forbids it */
	unsigned long added, listed, erased;
	int64_t bulk;
};

static bool
take_option(struct import *m, int o, const char *command, struct err *e)
{
	uint64_t told;

	switch (o) {
	case 'r':
		return args_reason_or(command, optarg, &m->reason, e);
	case 'c':
		m->list.class_given = true;
		return args_entry_class_or(command, optarg, &m->list.class, e);
	case 'p':
		m->listed_only = strcmp(optarg, "help") == 0;
		if (m->listed_only)
			return true;
		m->list.profile = profile_or(command, optarg, e);
		return m->list.profile != NULL;
	case 'l':
		m->list.column = optarg;
		return true;
	case 't':
		if (!args_beside_or(command, "--report", optarg, &m->told, e))
			return false;
		m->list.keeps_bad = true;
		return true;
	case 'm':
		if (!number_u64(str_from(optarg), 0, 1000000000, &told))
			return args_wrong(command, "max-errors", optarg,
			    "write a number from 0 on", e);
		m->list.max_told = (unsigned long)told;
		return true;
	case 'n':
		m->dry = true;
		return true;
	case 'b':
		m->skip_bad = true;
		return true;
	case 'j':
		m->json = true;
		return true;
	default:
		return false;
	}
}

static bool
parse_options(struct import *m, int argc, char **argv, struct err *e)
{
	static const struct option LONGS[] = {
		{ "reason", required_argument, NULL, 'r' },
		{ "class", required_argument, NULL, 'c' },
		{ "profile", required_argument, NULL, 'p' },
		{ "column", required_argument, NULL, 'l' },
		{ "report", required_argument, NULL, 't' },
		{ "max-errors", required_argument, NULL, 'm' },
		{ "dry-run", no_argument, NULL, 'n' },
		{ "skip-bad", no_argument, NULL, 'b' },
		{ "json", no_argument, NULL, 'j' },
		{ NULL, 0, NULL, 0 },
	};
	int o;

	while ((o = app_option(argc, argv, ":r:nj", LONGS, e)) != -1)
		if (!take_option(m, o, argv[0], e))
			return false;
	if (m->listed_only)
		return true;
	if (argc - optind != 1)
		return err_set(e, EX_USAGE,
		    "import: %s; name one, or - for "
		    "standard input",
		    optind == argc ? "no file given"
				   : "more than one file given");
	if (paths_same(argv[optind], m->told))
		return err_set(e, EX_USAGE,
		    "import: --report would replace the list itself; name "
		    "another file");
	str_quote(strcmp(argv[optind], "-") == 0 ? STR("standard input")
						 : str_from(argv[optind]),
	    m->file, sizeof m->file);
	m->list.file = m->file;
	if (m->reason.n == 0)
		buf_addf(&m->reason, "imported from %s", m->file);
	return buf_ok(&m->reason, e);
}

static bool
is_active(const struct entry *en, int64_t now)
{
	return en->state == ENTRY_ACTIVE && (en->until == 0 || en->until > now);
}

/* Who was erased is blocked already, and is not written down again. */
static bool
is_erased(struct import *m, struct import_row *row, bool *is, struct err *e)
{
	struct str key = import_list_text(&m->list, row->key);
	char day[CLOCK_TEXT], why[64], quoted[160];
	int64_t at = 0;

	if (m->app->store != NULL &&
	    !erased_at(m->app->store, key, &at, e))
		return false;
	*is = at != 0;
	if (at == 0)
		return true;
	(void)number_print(why, sizeof why, "erased on %.10s, still blocked",
	    clock_text(at, day));
	if (m->erased++ < m->list.max_told)
		fprintf(stderr, "pmta-suppress: %s:%lu: '%s': %s\n", m->file,
		    row->line, str_quote(key, quoted, sizeof quoted), why);
	row->erased = true;
	import_list_refuse(&m->list, row, why);
	return true;
}

/* A row as the entry that it asks for. */
static struct entry
entry_of(const struct import *m, const struct import_row *row)
{
	const struct import_more *more = &m->list.more[row->more];
	struct str scope = import_list_text(&m->list, more->scope);
	struct str reason = import_list_text(&m->list, more->reason);

	return (struct entry){ .address = import_list_text(&m->list, row->key),
		.scope = scope.n > 0 ? scope : STR("global"),
		.class = more->class,
		.until = more->until,
		.rule = STR("-"),
		.source = STR("import"),
		.subdomains = more->subdomains,
		.bulk = m->bulk,
		.since = more->since != 0 ? more->since : m->app->now,
		.reason = reason.n > 0 ? reason : buf_str(&m->reason) };
}

/* An entry that stands keeps what it says: the first reason counts. */
static bool
write_row(struct import *m, struct import_row *row, struct err *e)
{
	struct app *a = m->app;
	struct entry en = entry_of(m, row);
	struct entry old = { 0 };
	bool found = false, erased;

	if (!is_erased(m, row, &erased, e) || erased)
		return e->code == 0;
	if (a->store != NULL &&
	    !entry_get(
		a->store, en.address, en.scope, en.class, &old, &found, e))
		return false;
	row->listed = found && is_active(&old, a->now);
	if (row->listed) {
		m->listed++;
		return true;
	}
	m->added++;
	en.mark = found ? old.mark : 0;
	return !m->writes ||
	    entry_put(a->store, &en, str_from(a->who), a->now, e);
}

static bool
write_rows(struct import *m, uint32_t *order, size_t n, struct err *e)
{
	for (size_t i = 0; i < n; i++)
		if (!m->list.rows[order[i]].twice &&
		    !write_row(m, &m->list.rows[order[i]], e))
			return false;
	return true;
}

/* New entries are one run; what is there already comes behind it. */
static bool
write_new(struct import *m, struct err *e)
{
	struct app *a = m->app;
	struct import_list *l = &m->list;
	struct entry_run run;
	size_t left = 0;

	if (!entry_run_begin(
		a->store, &run, str_from(a->who), m->bulk, a->now, e))
		return false;
	for (size_t i = 0; i < l->n_order; i++) {
		struct import_row *row = &l->rows[l->order[i]];
		struct entry en = entry_of(m, row);
		bool added, erased;

		if (row->twice)
			continue;
		if (!is_erased(m, row, &erased, e))
			return false;
		if (erased)
			continue;
		if (!entry_run_add(a->store, &run, &en, &added, e))
			return false;
		m->added += added;
		if (!added)
			l->order[left++] = l->order[i];
	}
	return entry_run_end(a->store, &run, e) &&
	    write_rows(m, l->order, left, e);
}

/* One batch, one number: what an undo or a crash would take is the whole. */
static bool
write_all(struct import *m, struct err *e)
{
	struct app *a = m->app;
	struct err later = { 0 };

	if (!store_begin(a->store, e))
		return false;
	if (!store_new_bulk(a->store, buf_str(&m->reason), str_from(a->who),
		a->now, &m->bulk, e) ||
	    !write_new(m, e)) {
		store_rollback(a->store);
		return false;
	}
	if (m->added == 0) {
		store_rollback(a->store);
		m->bulk = 0;
		return true;
	}
	if (!store_commit(a->store, e))
		return false;
	/* Copies the log; what cannot be now, the next writer does. */
	(void)store_empty_log(a->store, &later);
	return true;
}

/* A dry run needs no database; with one it knows who is listed. */
static bool
open_store(struct import *m, struct err *e)
{
	struct err why = { 0 };

	if (!m->dry)
		return app_open_store(m->app, STORE_WRITE, APP_WAIT, e);
	return app_open_store(m->app, STORE_READ, APP_WAIT, &why) ||
	    why.code == EX_NOINPUT || err_set(e, why.code, "%s", why.text);
}

static bool
print_sums(const struct import *m, struct err *e)
{
	const struct import_list *l = &m->list;
	struct json *o;

	if (!m->json) {
		printf("%s: %lu lines: %lu %s, %lu listed already, %lu twice "
		       "in the file, %lu bad",
		    m->file, l->lines, m->added,
		    m->writes ? "imported" : "would be imported", m->listed,
		    l->twice, l->bad);
		if (m->erased > 0)
			printf(", %lu erased", m->erased);
		if (l->hashes > 0)
			printf(", %lu not carried", l->hashes);
		if (m->bulk != 0)
			printf(" (bulk %lld)", (long long)m->bulk);
		putchar('\n');
		return true;
	}
	o = json_new_object();
	json_text(o, "file", str_from(m->file));
	json_number(o, "lines", (int64_t)l->lines);
	json_number(o, "imported", m->writes ? (int64_t)m->added : 0);
	json_number(o, "would_import", (int64_t)m->added);
	json_number(o, "listed_already", (int64_t)m->listed);
	json_number(o, "twice_in_file", (int64_t)l->twice);
	json_number(o, "bad", (int64_t)l->bad);
	json_bool(o, "dry_run", m->dry);
	json_number_or_none(o, "bulk", m->bulk);
	json_number(o, "erased", (int64_t)m->erased);
	json_number(o, "not_carried", (int64_t)l->hashes);
	return out_json(stdout, o, e);
}

static void
tell_bad(const struct import *m, struct err *e)
{
	const struct import_list *l = &m->list;

	if (l->hashes > 0)
		fprintf(stderr,
		    "pmta-suppress: %s: %lu of %lu lines: erased, cannot be "
		    "carried: only the database they are from knows whose "
		    "hash it is; erase them here by address\n",
		    m->file, l->hashes, l->lines);
	if (l->bad > l->max_told && l->max_told > 0)
		fprintf(stderr,
		    "pmta-suppress: %s: and %lu more bad lines; "
		    "raise --max-errors to see them\n",
		    m->file, l->bad - l->max_told);
	if (l->bad > 0 && !m->skip_bad)
		err_set(e, EX_DATAERR,
		    "%s: %lu of %lu lines are bad: nothing "
		    "%s imported; mend them, or take the others with "
		    "--skip-bad",
		    m->file, l->bad, l->lines, m->dry ? "would be" : "was");
}

int
cmd_import(struct app *a, int argc, char **argv, struct err *e)
{
	struct import m = { .app = a,
		.list = { .class = CLASS_MANUAL,
		    .never = &a->config.never,
		    .now = a->now,
		    .report = stderr,
		    .max_told = TOLD_DEFAULT } };

	if (!parse_options(&m, argc, argv, e))
		goto out;
	if (m.listed_only) {
		profile_print(stdout, e);
		goto out;
	}
	if (!open_store(&m, e) ||
	    !import_list_read(&m.list, argv[optind], e))
		goto out;
	m.writes = !m.dry && (m.list.bad == 0 || m.skip_bad);
	if (!(m.writes ? write_all(&m, e)
		       : write_rows(&m, m.list.order, m.list.n_order, e)) ||
	    !print_sums(&m, e) ||
	    (m.told != NULL && !import_report_write(&m.list, m.told, e)))
		goto out;
	tell_bad(&m, e);
out:
	import_list_release(&m.list);
	buf_release(&m.reason);
	return e->code;
}
