/*
 * fault_memory.c - the n-th allocation fails, for n = 1, 2, ...: an error with
 * words, or the answer of a clean run; never another answer, never a crash.
 * `fault_memory [EVERY]`: each EVERY-th n. GLib and GMime end the process
 * without memory, by design, so messages are not here: the worker is started
 * anew then.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "fault_alloc.h"
#include "fault_scene.h"
#include "mail/acct.h"
#include "wrap/hash.h"

/* The command's own files; no library holds them. */
#include "../../suppress/args.c"
#include "../../suppress/import_cells.c"
#include "../../suppress/import_list.c"
#include "../../suppress/import_sort.c"
#include "../../suppress/import_strays.c"
#include "../../suppress/list_columns.c"
#include "../../suppress/objects.c"
#include "../../suppress/profiles.c"
#include "../../suppress/records.c"

#define MAX_SHOWN 5

/* ---- what is run ---- */

struct bench {
	struct scene scene;
	struct scene_truth truth;
};

/* *answer: a hash of all that it found out. */
typedef bool subject_fn(struct bench *b, uint64_t *answer, struct err *e);

static void
add_number(uint64_t *answer, int64_t n)
{
	*answer = hash64_more(*answer, str_of((const char *)&n, sizeof n));
}

/* The life of a list, tried again where it stopped. */
static bool
run_scene(struct bench *b, uint64_t *answer, struct err *told)
{
	struct scene *s = &b->scene;
	struct err e = { 0 };
	size_t i = 0;
	int at;

	scene_wipe();
	if (scene_open(s, &e))
		while (i < SCENE_STEPS && scene_step(s, i, &e))
			i++;
	*told = e;
	scene_abandon(s);
	(void)fault_alloc_disarm();
	if (s->work == NULL)
		scene_close(s);
	err_clear(&e);
	if (s->work == NULL && !scene_open(s, &e))
		goto out;
	at = scene_where(s, &b->truth, i, i + 1, &e);
	if (at < 0)
		goto out;
	for (i = (size_t)at; i < SCENE_STEPS; i++)
		if (!scene_step(s, i, &e))
			goto out;
	at = scene_where(s, &b->truth, i, i, &e);
	add_number(answer, at);
	scene_close(s);
	add_number(answer, scene_sound(&e));
out:
	if (e.code != 0)
		printf("     afterwards: %s\n", e.text);
	scene_close(s);
	return told->code == 0;
}

static bool
take_rows(struct acct *a, struct rows *r, uint64_t *answer, struct err *e)
{
	static struct event ev;
	struct rows_row row;
	enum rows_got got;

	while ((got = rows_next(r, &row)) != ROWS_MORE) {
		if (got != ROWS_ROW)
			continue;
		if (acct_is_header(row.raw) && !acct_header(a, row.raw, NULL,
		    e))
			return false;
		if (!acct_row(a, &row, &ev, e))
			return false;
		*answer = hash64_more(*answer, str_from(ev.address));
		add_number(answer, (int64_t)ev.skip);
		*answer = hash64_more(*answer, ev.diag);
	}
	return true;
}

static bool
run_rows(struct bench *b, uint64_t *answer, struct err *e)
{
	struct acct_settings settings = { .verp_prefix = STR("news") };
	struct acct *a = acct_open(&settings, e);
	struct rows *r = a != NULL ? rows_open(ROWS_LIMIT_DEFAULT, e) : NULL;
	bool ok = r != NULL && rows_feed(r, buf_str(&b->scene.rows), true, e) &&
	    take_rows(a, r, answer, e);

	acct_close(a);
	rows_close(r);
	return ok;
}

static bool
run_rules(struct bench *b, uint64_t *answer, struct err *e)
{
	struct rules *r = rules_open(NULL, NULL, e);

	(void)b;
	if (r == NULL)
		return false;
	add_number(answer, (int64_t)rules_count(r));
	for (size_t i = 0; i < rules_count(r); i++)
		*answer = hash64_more(*answer, str_from(rules_at(r, i)->name));
	rules_close(r);
	return true;
}

static bool
run_config(struct bench *b, uint64_t *answer, struct err *e)
{
	static struct config c;
	struct config_where where = { .file = "fault.conf" };

	(void)b;
	memset(&c, 0, sizeof c);
	if (!config_load(&c, &where, e))
		return false;
	*answer = hash64_more(*answer, str_of((const char *)&c, sizeof c));
	return true;
}

static bool
run_import(struct bench *b, uint64_t *answer, struct err *e)
{
	struct import_list l = { .class = CLASS_MANUAL, .now = 1709251200 };
	bool ok = import_list_read(&l, "fault.csv", e);

	(void)b;
	if (ok) {
		add_number(answer, (int64_t)l.n);
		add_number(answer, (int64_t)l.bad);
		add_number(answer, (int64_t)l.twice);
		for (size_t i = 0; i < l.n; i++)
			*answer = hash64_more(*answer,
			    import_list_text(&l, l.rows[i].key));
	}
	import_list_release(&l);
	return ok;
}

static const struct subject {
	const char *name;
	subject_fn *run;
	bool sqlite;
	bool lasts; /* all from the n-th on fail, until the step was given up */
} SUBJECTS[] = {
	{ "list", run_scene, false, false },
	{ "list on and on", run_scene, false, true },
	{ "list, sqlite's", run_scene, true, false },
	{ "list, sqlite's on and on", run_scene, true, true },
	{ "rows", run_rows, false, false },
	{ "rules", run_rules, false, false },
	{ "configuration", run_config, false, false },
	{ "import", run_import, false, false },
};

/* ---- the loop ---- */

struct sums {
	uint64_t points, borne, wrong;
};

static void
judge_point(const struct subject *s, uint64_t n, bool ok, bool same,
    const struct err *e, struct sums *sums)
{
	const char *what = NULL;

	sums->points++;
	sums->borne += ok;
	if (ok && !same)
		what = "another answer";
	else if (!ok && !scene_told(e))
		what = "an error without words";
	else if (!ok && s->run == run_scene && !same)
		what = "not to be gone on with";
	if (what != NULL && ++sums->wrong <= MAX_SHOWN)
		printf("     %s, allocation %llu: %s: %s\n", s->name,
		    (unsigned long long)n, what, e->text);
}

static uint64_t
run_subject(const struct subject *s, struct bench *b, uint64_t every)
{
	struct sums sums = { 0 };
	struct err e = { 0 };
	uint64_t want = 0;

	if (!s->run(b, &want, &e)) {
		printf("FAIL fault/memory %s: %s\n", s->name, e.text);
		return 1;
	}
	for (uint64_t n = 1;; n += n < 20 ? 1 : every) {
		uint64_t got = 0;
		bool ok;

		err_clear(&e);
		fault_alloc_arm(n, s->sqlite, s->lasts);
		ok = s->run(b, &got, &e);
		if (fault_alloc_failed() == 0)
			break;
		(void)fault_alloc_disarm();
		judge_point(s, n, ok, got == want, &e, &sums);
	}
	(void)fault_alloc_disarm();
	printf("%s fault/memory %s (%llu failures, %llu of them borne, %llu "
	    "wrong)\n", sums.wrong > 0 ? "FAIL" : "ok  ", s->name,
	    (unsigned long long)sums.points, (unsigned long long)sums.borne,
	    (unsigned long long)sums.wrong);
	fflush(stdout);
	return sums.wrong;
}

static bool
put_file(const char *path, struct buf *b, struct err *e)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0640);
	bool ok = fd >= 0 && file_write_all(fd, buf_str(b));

	if (fd >= 0)
		close(fd);
	buf_release(b);
	return ok || err_set(e, EX_IOERR, "%s: cannot write", path);
}

static bool
put_files(struct err *e)
{
	struct buf b = { 0 };

	buf_adds(&b, "[journal]\nsegment-size = 8M\n[storm]\nrecipients = 9\n"
	    "[bounce-categories]\nmine = gone.mailbox\n");
	if (!put_file("fault.conf", &b, e))
		return false;
	buf_adds(&b, "address,reason,since\n");
	for (int i = 0; i < 2000; i++)
		buf_addf(&b, "a%d@b%d.example,\"asked, by mail\",2024-03-01\n",
		    i % 1900, i % 7);
	buf_adds(&b, "no address at all\n");
	return put_file("fault.csv", &b, e);
}

int
main(int argc, char **argv)
{
	uint64_t every = argc > 1 ? strtoull(argv[1], NULL, 10) : 1;
	static struct bench b;
	struct err e = { 0 };
	uint64_t bad = 0;

	fault_alloc_take_sqlite();
	if (!put_files(&e) || !scene_init(&b.scene, &e) ||
	    !scene_learn(&b.scene, &b.truth, &e)) {
		fprintf(stderr, "fault_memory: %s\n", e.text);
		return 1;
	}
	for (size_t i = 0; i < COUNT(SUBJECTS); i++)
		if (argc < 3 || strcmp(argv[2], SUBJECTS[i].name) == 0)
			bad += run_subject(&SUBJECTS[i], &b,
			    every > 0 ? every : 1);
	for (size_t i = 0; i <= SCENE_STEPS; i++)
		buf_release(&b.truth.dump[i]);
	scene_release(&b.scene);
	return bad > 0;
}
