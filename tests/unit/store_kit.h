/* store_kit.h - a new database for each test, with a batch begun. */
#ifndef STORE_KIT_H
#define STORE_KIT_H

#include "unit.h"

#include "store/store.h"

static const struct store_settings SETTINGS = { .cache_bytes = 8 << 20,
	.checkpoint_bytes = 64 << 20 };

static inline struct store *
opened(const char *path, enum store_mode mode)
{
	struct err e = { 0 };
	struct store *s = store_open(path, mode, &SETTINGS, 0, &e);

	want_text("open", e.text, "");
	assert_non_null(s);
	return s;
}

static inline int
store_setup(void **state)
{
	struct err e = { 0 };

	unlink("s.db");
	unlink("s.db-wal");
	unlink("s.db-shm");
	*state = opened("s.db", STORE_WRITE);
	return store_begin(*state, &e) ? 0 : -1;
}

static inline int
store_teardown(void **state)
{
	store_close(*state);
	return 0;
}

/* Fails with the error's text when a call that should work does not. */
#define OK(call) do { \
	if (!(call)) \
		fail_msg("%s: %s", #call, e.text); \
} while (0)

#endif
