/* work_kit.h - a database, rules and settings, and rows from memory. */
#ifndef WORK_KIT_H
#define WORK_KIT_H

#include "unit.h"

#include "work/work.h"

#define OK(call) do { \
	if (!(call)) \
		fail_msg("%s: %s", #call, e.text); \
} while (0)

/* Bytes in memory as a source; a gap may lie before one position. */
struct memory {
	struct str bytes;
	uint64_t gap;  /* 0: none */
	bool open;     /* more may come */
};

static inline bool
memory_read(void *ctx, struct piece *in, struct err *e)
{
	const struct memory *m = ctx;
	struct str rest = str_skip(m->bytes, (size_t)in->pos);

	(void)e;
	in->gap = m->gap != 0 && in->pos == m->gap;
	if (m->gap > in->pos && rest.n > m->gap - in->pos)
		rest.n = (size_t)(m->gap - in->pos);
	in->got = rest.n < in->n ? rest.n : in->n;
	if (in->got > 0)
		memcpy(in->p, rest.p, in->got);
	in->end = !m->open && in->pos + in->got == m->bytes.n;
	return true;
}

/* A database, rules and settings to work with. */
struct bench {
	struct config config;
	struct store *store;
	struct rules *rules;
	struct work *work;
};

static inline int
bench_setup(void **state)
{
	struct bench *b = calloc(1, sizeof *b);
	struct err e = { 0 };

	*state = b;
	unlink("suppress.db");
	unlink("suppress.db-wal");
	unlink("suppress.db-shm");
	config_default(&b->config);
	snprintf(b->config.state, sizeof b->config.state, ".");
	b->store = store_open("suppress.db", STORE_WRITE, &b->config.store, 0,
	    &e);
	b->rules = rules_open(NULL, NULL, &e);
	b->work = work_open(&b->config, b->store, b->rules, NULL, &e);
	return b->work != NULL ? 0 : -1;
}

static inline int
bench_teardown(void **state)
{
	struct bench *b = *state;

	work_close(b->work);
	rules_close(b->rules);
	store_close(b->store);
	free(b);
	return 0;
}

/* Works on all that the memory holds and commits. */
static inline void
work_all(struct bench *b, const char *name, enum road road, struct memory *m)
{
	struct source s = { .name = name, .road = road, .input = "",
		.ctx = m, .read = memory_read };
	enum follow_state state = FOLLOW_MORE;
	struct err e = { 0 };
	struct follow *f = follow_open(b->work, &s, &e);

	assert_non_null(f);
	while (state == FOLLOW_MORE)
		OK(follow_step(f, 1 << 20, &state, &e));
	OK(work_commit(b->work, &e));
	follow_close(f);
}

static inline void
work_text(struct bench *b, const char *name, const char *text)
{
	struct memory m = { str_from(text), 0, false };

	work_all(b, name, ROAD_PIPE, &m);
}

#endif
