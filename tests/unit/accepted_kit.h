/* accepted_kit.h - a set of who took mail, for tests of it. */
#ifndef ACCEPTED_KIT_H
#define ACCEPTED_KIT_H

#include "unit.h"

#include "base/clock.h"
#include "store/accepted.h"

#define DAY INT64_C(86400)
#define WEEK (7 * DAY)
#define MONDAY INT64_C(1794787200) /* 2026-11-16T00:00:00Z */
#define FIRST "2026-11-16.0"
#define SECOND "2026-11-16.1"
#define HEAD 64 /* bytes before the blocks */
#define DIR_OF(name) "set/" name

/* A hash for each number, as evenly spread as hash64()'s. */
static inline uint64_t
hash_of(uint64_t n)
{
	n = (n + 1) * UINT64_C(0x9e3779b97f4a7c15);
	n = (n ^ n >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	n = (n ^ n >> 27) * UINT64_C(0x94d049bb133111eb);
	return n ^ n >> 31;
}

static inline struct accepted *
open_set(bool write)
{
	struct err e = { 0 };
	struct accepted *a = accepted_open("set", write, &e);

	if (a == NULL)
		fail_msg("accepted_open: %s", e.text);
	return a;
}

static inline void
add(struct accepted *a, uint64_t n, int64_t time)
{
	struct err e = { 0 };

	if (!accepted_add(a, hash_of(n), time, &e))
		fail_msg("accepted_add: %s", e.text);
}

static inline void
add_many(struct accepted *a, uint64_t from, uint64_t behind, int64_t time)
{
	for (uint64_t n = from; n < behind; n++)
		add(a, n, time);
}

static inline void
tidy(struct accepted *a)
{
	struct err e = { 0 };

	if (!accepted_tidy(a, &e))
		fail_msg("accepted_tidy: %s", e.text);
}

static inline void
want_answer(const char *row, const struct accepted *a, uint64_t n, int64_t time,
    enum accepted_answer want)
{
	want_number(row, accepted_lately(a, hash_of(n), time), want);
}

static inline bool
exists(const char *path)
{
	return access(path, F_OK) == 0;
}

static inline int64_t
size_of(const char *path)
{
	struct stat st;

	if (stat(path, &st) != 0)
		fail_msg("%s: %s", path, strerror(errno));
	return st.st_size;
}

struct sum {
	int64_t files, recipients, bytes, last_week, stop_after;
};

static inline bool
sum_up(
    void *ctx, int64_t week, int64_t recipients, int64_t bytes, struct err *e)
{
	struct sum *s = ctx;

	assert_true(week >= s->last_week);
	s->last_week = week;
	s->files++;
	s->recipients += recipients;
	s->bytes += bytes;
	if (s->files == s->stop_after)
		return err_set(e, EX_IOERR, "stopped");
	return true;
}

static inline struct sum
sum_of(const struct accepted *a)
{
	struct sum s = { 0 };
	struct err e = { 0 };

	assert_true(accepted_each(a, sum_up, &s, &e));
	return s;
}

/* No set from the test before. */
static inline int
start_empty(void **state)
{
	(void)state;
	return exists("set") ? nftw("set", unit_remove, 8, FTW_DEPTH | FTW_PHYS)
			     : 0;
}

#define TEST(f) cmocka_unit_test_setup(f, start_empty)

#endif
