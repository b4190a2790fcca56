/*
 * fault_calls.c - each question and each change alone: the n-th statement is
 * refused, is interrupted, or the n-th allocation fails, for n = 1, 2, ...: an
 * error with words or the answer of a clean run, and the list as it was.
 * `fault_calls [EVERY [NAME]]`: each EVERY-th n.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sqlite3.h>

#include "fault_alloc.h"
#include "fault_calls.h"
#include "wrap/hash.h"

#define MAX_SHOWN 5
#define EACH 40 /* up to this n none is left out; nor any refusal, as each
                 * statement is made ready once */

/* ---- statements that fail ---- */

enum fault { FAULT_REFUSED, FAULT_INTERRUPTED, FAULT_ALLOC, FAULT_ALLOC_SQLITE,
	FAULT_COUNT };

static const char *const FAULTS[] = { "refused", "interrupted", "memory",
	"sqlite's memory" };

/* SQLite's hooks of a connection that is opened later have no context. */
static struct {
	enum fault kind;
	uint64_t at, seen, failed; /* at 0: none fails */
} HOOK;

static bool
hook_fails(enum fault kind)
{
	if (HOOK.at == 0 || HOOK.kind != kind || ++HOOK.seen != HOOK.at)
		return false;
	HOOK.failed++;
	return true;
}

static int
on_prepare(void *ctx, int what, const char *a, const char *b, const char *c,
    const char *d)
{
	bool whole = what == SQLITE_SELECT || what == SQLITE_INSERT ||
	    what == SQLITE_UPDATE || what == SQLITE_DELETE ||
	    what == SQLITE_PRAGMA;

	(void)ctx;
	(void)a;
	(void)b;
	(void)c;
	(void)d;
	return whole && hook_fails(FAULT_REFUSED) ? SQLITE_DENY : SQLITE_OK;
}

static int
on_progress(void *ctx)
{
	(void)ctx;
	return hook_fails(FAULT_INTERRUPTED);
}

static int
on_open(sqlite3 *db, char **why, const struct sqlite3_api_routines *api)
{
	(void)why;
	(void)api;
	sqlite3_progress_handler(db, 1, on_progress, NULL);
	return sqlite3_set_authorizer(db, on_prepare, NULL);
}

static void
arm(enum fault kind, uint64_t n)
{
	HOOK.kind = kind;
	HOOK.seen = HOOK.failed = 0;
	HOOK.at = kind < FAULT_ALLOC ? n : 0;
	fault_alloc_arm(kind < FAULT_ALLOC ? 0 : n, kind == FAULT_ALLOC_SQLITE,
	    false);
}

static bool
disarm(void)
{
	bool any = HOOK.failed > 0 || fault_alloc_failed() > 0;

	HOOK.at = 0;
	fault_alloc_disarm();
	return any;
}

/* ---- one call ---- */

bool
calls_text(struct calls *c, struct str s, struct err *e)
{
	c->rows++;
	c->answer = hash64_more(c->answer, s);
	return !c->refuse || err_set(e, EX_CANTCREAT, "refused");
}

bool
calls_number(struct calls *c, int64_t n, struct err *e)
{
	return calls_text(c, str_of((const char *)&n, sizeof n), e);
}

static bool
run_call(struct calls *c, const struct call *call, struct err *e)
{
	struct store *s = c->scene.store;
	bool ok;

	c->answer = c->rows = 0;
	ok = (!call->writes || store_begin(s, e)) && call->run(c, e);
	if (store_in_batch(s))
		store_rollback(s);
	return ok;
}

static bool
add_line(void *ctx, struct str line, struct err *e)
{
	(void)e;
	*(uint64_t *)ctx = hash64_more(*(uint64_t *)ctx, line);
	return true;
}

struct sums {
	uint64_t points, borne, wrong, dump;
};

static void
wrong(const struct call *call, const char *how, uint64_t n, const char *what,
    const struct err *e, struct sums *sums)
{
	if (++sums->wrong <= MAX_SHOWN)
		printf("     %s, %s %llu: %s: %s\n", call->name, how,
		    (unsigned long long)n, what, e->text);
}

/* The list is as it was, for who goes on with the same connection. */
static void
judge(struct calls *c, const struct call *call, const char *how, uint64_t n,
    uint64_t want, struct sums *sums)
{
	struct err e = { 0 };
	uint64_t dump = 0;

	if (!store_dump(c->scene.store, add_line, &dump, &e))
		wrong(call, how, n, "no dump afterwards", &e, sums);
	else if (dump != sums->dump)
		wrong(call, how, n, "half a change", &e, sums);
	else if (!run_call(c, call, &e))
		wrong(call, how, n, "not to be done again", &e, sums);
	else if (c->answer != want)
		wrong(call, how, n, "another answer again", &e, sums);
}

/* A new connection each time: it has prepared and read nothing. */
static bool
try_point(struct calls *c, const struct call *call, enum fault kind,
    uint64_t n, uint64_t want, struct sums *sums)
{
	struct err e = { 0 };
	bool ok, any;

	scene_close(&c->scene);
	if (!scene_open(&c->scene, &e)) {
		wrong(call, FAULTS[kind], n, "does not open", &e, sums);
		return false;
	}
	arm(kind, n);
	ok = run_call(c, call, &e);
	any = disarm();
	if (!any)
		return false;
	sums->points++;
	sums->borne += ok;
	if (ok && c->answer != want)
		wrong(call, FAULTS[kind], n, "another answer", &e, sums);
	else if (!ok && !scene_told(&e))
		wrong(call, FAULTS[kind], n, "an error without words", &e,
		    sums);
	judge(c, call, FAULTS[kind], n, want, sums);
	return true;
}

/* Whoever is given rows may have enough of them. */
static void
try_refusal(struct calls *c, const struct call *call, uint64_t want,
    struct sums *sums)
{
	struct err e = { 0 };

	if (c->rows == 0)
		return;
	c->refuse = true;
	if (run_call(c, call, &e) || e.code != EX_CANTCREAT)
		wrong(call, "refused row", 1, "went on", &e, sums);
	c->refuse = false;
	judge(c, call, "refused row", 1, want, sums);
}

static void
try_call(struct calls *c, const struct call *call, uint64_t every,
    struct sums *sums)
{
	struct err e = { 0 };
	uint64_t want;

	if (!run_call(c, call, &e)) {
		wrong(call, "clean run", 0, "failed", &e, sums);
		return;
	}
	want = c->answer;
	try_refusal(c, call, want, sums);
	for (int kind = 0; kind < FAULT_COUNT; kind++)
		for (uint64_t n = 1; try_point(c, call, (enum fault)kind, n,
		    want, sums); n += n < EACH || kind == FAULT_REFUSED ? 1
		    : every + n / 16)
			;
}

static uint64_t
try_all(struct calls *c, const struct call *calls, size_t n, uint64_t every,
    const char *only)
{
	struct sums sums = { 0 };
	struct err e = { 0 };
	uint64_t bad = 0;

	if (!store_dump(c->scene.store, add_line, &sums.dump, &e)) {
		printf("FAIL fault/calls: %s\n", e.text);
		return 1;
	}
	for (size_t i = 0; i < n; i++) {
		if (only != NULL && strcmp(only, calls[i].name) != 0)
			continue;
		sums.points = sums.borne = sums.wrong = 0;
		try_call(c, &calls[i], every, &sums);
		printf("%s fault/call %s (%llu failures, %llu of them borne, "
		    "%llu wrong)\n", sums.wrong > 0 ? "FAIL" : "ok  ",
		    calls[i].name, (unsigned long long)sums.points,
		    (unsigned long long)sums.borne,
		    (unsigned long long)sums.wrong);
		fflush(stdout);
		bad += sums.wrong;
	}
	return bad;
}

int
main(int argc, char **argv)
{
	uint64_t every = argc > 1 ? strtoull(argv[1], NULL, 10) : 1;
	const char *only = argc > 2 ? argv[2] : NULL;
	static struct calls c;
	struct err e = { 0 };
	uint64_t bad;

	fault_alloc_take_sqlite();
	sqlite3_auto_extension((void (*)(void))on_open);
	if (!scene_init(&c.scene, &e) || !calls_prepare(&c, &e)) {
		fprintf(stderr, "fault_calls: %s\n", e.text);
		return 1;
	}
	bad = try_all(&c, CALLS_ASK, CALLS_ASK_N, every, only);
	bad += try_all(&c, CALLS_CHANGE, CALLS_CHANGE_N, every, only);
	scene_release(&c.scene);
	return bad > 0;
}
