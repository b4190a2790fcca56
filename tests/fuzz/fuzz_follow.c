/*
 * fuzz_follow.c - any bytes as a stream: rows, JSON rows, a message. Read in one
 * piece by one program, or in pieces by several that die in between and are
 * adopted, it comes to the same database.
 *
 * Input: a byte says what comes in, one how large the pieces are, one where the
 * programs die, two where bytes are lost; the rest is the stream.
 */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "../unit/work_kit.h"
#include "base/clock.h"

#define HEAD 5
#define BATCHES 8 /* between deaths, at most */
#define STEPS 1000 /* and those that come to nothing */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int64_t at_work; /* the time since which an input is run; 0: none is */

/* In place of the library's: the time of day stands while an input is run, so
 * that a second that goes by makes no difference. */
int
clock_gettime(clockid_t id, struct timespec *t)
{
	int rc = (int)syscall(SYS_clock_gettime, id, t);

	if (id == CLOCK_REALTIME && at_work != 0)
		*t = (struct timespec){ .tv_sec = at_work };
	return rc;
}

static void
must(bool ok, const struct err *e)
{
	if (ok)
		return;
	fprintf(stderr, "%s\n", e->text);
	abort();
}

static const char *
state_folder(void)
{
	static char dir[64];

	if (dir[0] == '\0') {
		snprintf(dir, sizeof dir, "%s/pmta-fuzz.XXXXXX",
		    access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
		if (mkdtemp(dir) == NULL)
			abort();
	}
	return dir;
}

/* What the last run left of whom has accepted mail. */
static void
wipe(void)
{
	char path[128];
	const struct dirent *f;
	DIR *d;

	snprintf(path, sizeof path, "%s/accepted", state_folder());
	d = opendir(path);
	while (d != NULL && (f = readdir(d)) != NULL)
		if (f->d_name[0] != '.')
			(void)unlinkat(dirfd(d), f->d_name, 0);
	if (d != NULL)
		closedir(d);
}

static bool
add_line(void *ctx, struct str line, struct err *e)
{
	struct buf *b = ctx;

	buf_add(b, line);
	buf_addc(b, '\n');
	return buf_ok(b, e);
}

struct plan {
	struct memory m;
	const char *input;
	size_t piece; /* 0: all at once */
	unsigned die; /* bits: after which batch */
};

static bool
do_batch(struct bench *b, struct follow *f, const struct plan *p,
    enum follow_state *state, bool lost, struct err *e)
{
	if (!follow_step(f, p->piece > 0 ? p->piece : 1 << 20, state, e))
		return false;
	if (lost) {
		work_abandon(b->work);
		*state = FOLLOW_MORE;
		return true;
	}
	return work_commit(b->work, e);
}

/* Opens, works on, is killed with or without the last batch, opened anew. */
static void
run(const struct plan *p, struct rules *rules, struct buf *dump)
{
	struct bench b = { .rules = rules };
	struct memory m = p->m;
	struct source s = { .name = "20261121T075727Z-1-1", .road = ROAD_PIPE,
		.input = p->input, .ctx = &m, .read = memory_read };
	enum follow_state state = FOLLOW_MORE;
	struct err e = { 0 };
	unsigned batch = 0;
	size_t steps = 0;

	config_default(&b.config);
	snprintf(b.config.state, sizeof b.config.state, "%s", state_folder());
	wipe();
	b.store = store_open(":memory:", STORE_WRITE, &b.config.store, 0, &e);
	must(b.store != NULL, &e);
	while (state != FOLLOW_END) {
		bool dies = true;
		struct follow *f;

		b.work = work_open(&b.config, b.store, rules, NULL, &e);
		must(b.work != NULL, &e);
		f = follow_open(b.work, &s, &e);
		must(f != NULL, &e);
		do {
			bool lost = batch < 32 && p->die >> batch++ & 1;

			/* The clock stands, so no time limit tells. */
			if (++steps > p->m.bytes.n + STEPS)
				abort();
			dies = lost || batch % BATCHES == 0;
			must(do_batch(&b, f, p, &state, lost, &e), &e);
		} while (state != FOLLOW_END && !dies);
		follow_close(f);
		work_close(b.work);
	}
	must(store_dump(b.store, add_line, dump, &e), &e);
	store_close(b.store);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const INPUTS[] = { "", "csv", "json", "message" };
	static const size_t PIECES[] = { 1, 64, 300, 4096 };
	static struct rules *rules;
	struct buf whole = { 0 }, cut = { 0 };
	struct plan p = { 0 };
	struct err e = { 0 };

	if (size < HEAD)
		return 0;
	if (rules == NULL)
		rules = rules_open(NULL, NULL, &e);
	must(rules != NULL, &e);
	p.input = INPUTS[data[0] % COUNT(INPUTS)];
	p.m.bytes = str_of((const char *)data + HEAD, size - HEAD);
	p.m.gap = (uint64_t)data[3] << 8 | data[4];
	if (p.m.gap >= p.m.bytes.n || p.input[0] == 'j')
		p.m.gap = 0;
	at_work = clock_now();
	run(&p, rules, &whole);
	p.piece = PIECES[data[1] % COUNT(PIECES)];
	p.die = data[2] * 0x01010101u;
	run(&p, rules, &cut);
	at_work = 0;
	if (!str_eq(buf_str(&whole), buf_str(&cut))) {
		fprintf(stderr, "--- at once\n%.*s--- in pieces\n%.*s",
		    STR_ARG(buf_str(&whole)), STR_ARG(buf_str(&cut)));
		abort();
	}
	buf_release(&whole);
	buf_release(&cut);
	return 0;
}
