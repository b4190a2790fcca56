/* test_snapshot.c - the list in memory answers as the database does. */
#include "unit.h"

#include "store/hashed.h"
#include "store/snapshot.h"

#define NOW INT64_C(1790000000)
#define DAY INT64_C(86400)

static const struct store_settings SETTINGS = { false, 8 << 20, 64 << 20 };

#define OK(call) do { \
	if (!(call)) \
		fail_msg("%s: %s", #call, e.text); \
} while (0)

static struct store *
opened(enum store_mode mode)
{
	struct err e = { 0 };
	struct store *s = store_open("s.db", mode, &SETTINGS, 0, &e);

	want_text("open", e.text, "");
	assert_non_null(s);
	return s;
}

static int
setup(void **state)
{
	unlink("s.db");
	unlink("s.db-wal");
	unlink("s.db-shm");
	*state = opened(STORE_WRITE);
	return 0;
}

static int
teardown(void **state)
{
	store_close(*state);
	return 0;
}

static void
put(struct store *s, const char *address, const char *scope, enum class c,
    enum entry_state state, int64_t until)
{
	struct err e = { 0 };
	struct entry en = { .address = str_from(address),
		.scope = str_from(scope), .class = c, .state = state,
		.since = NOW - DAY, .until = until, .rule = STR("-"),
		.source = STR("manual"), .reason = STR("r") };

	OK(entry_put(s, &en, STR("user:t"), NOW, &e));
}

static struct snapshot *
taken(struct store *s, const char *scope, uint64_t memory, bool low)
{
	struct snapshot_wants w = { str_from(scope), NOW, memory, low };
	struct err e = { 0 };
	struct snapshot *n = snapshot_open(s, &w, &e);
	bool more = true;

	want_text("snapshot", e.text, "");
	assert_non_null(n);
	while (more)
		OK(snapshot_fill(n, 100, &more, &e));
	return n;
}

static bool
listed(struct snapshot *n, const char *key, struct entry_brief *b)
{
	struct err e = { 0 };
	struct probe p = snapshot_probe(n, str_from(key));

	*b = (struct entry_brief){ 0 };
	if (snapshot_maybe(n, &p))
		OK(snapshot_ask(n, str_from(key), &p, b, &e));
	return b->found;
}

/* Addresses and domains of every kind and state, from a small wheel. */
static void
key_of(unsigned i, char *out, size_t cap)
{
	if (i % 7 == 0)
		snprintf(out, cap, "@d%u.example", i % 30);
	else
		snprintf(out, cap, "u%u@d%u.example", i % 1500, i % 30);
}

static void
put_all(struct store *s)
{
	static const char *const SCOPES[] = { "global", "stream:news",
		"stream:shop" };
	static const enum class CLASSES[] = { CLASS_MANUAL, CLASS_FBL_ABUSE,
		CLASS_GONE_MAILBOX, CLASS_FULL_MAILBOX };
	struct err e = { 0 };
	unsigned dice = 1;
	char key[64];

	OK(store_begin(s, &e));
	for (unsigned i = 0; i < 3000; i++) {
		dice = dice * 1103515245 + 12345;
		key_of(dice >> 8 & 0xfff, key, sizeof key);
		if (key[0] == '@' && (dice >> 20) % 4 != 0)
			continue;
		put(s, key, SCOPES[(dice >> 4) % 3],
		    CLASSES[(dice >> 6) % 4], (enum entry_state)((dice >> 10) %
		    5 % 4), (dice >> 12) % 3 == 0 ? NOW + DAY : (dice >> 12) %
		    3 == 1 ? NOW : 0);
	}
	OK(store_commit(s, &e));
}

static void
every_answer_is_that_of_entry_decides(void **state)
{
	static const struct {
		const char *name, *scope;
		uint64_t memory;
		bool low;
	} ROWS[] = {
		{ "global", "", UINT64_MAX, false },
		{ "a stream", "stream:news", UINT64_MAX, false },
		{ "an unknown stream", "stream:other", UINT64_MAX, false },
		{ "low", "stream:news", UINT64_MAX, true },
		{ "low and cramped", "", 64, true },
		{ "low on the way", "stream:shop", 1 << 12, false },
	};
	struct store *s = *state;
	struct err e = { 0 };

	put_all(s);
	for (size_t k = 0; k < COUNT(ROWS); k++) {
		struct snapshot *n = taken(s, ROWS[k].scope, ROWS[k].memory,
		    ROWS[k].low);
		unsigned hits = 0;

		for (unsigned i = 0; i < 4096; i++) {
			struct entry_brief got;
			struct entry want;
			bool found;
			char key[64];

			key_of(i, key, sizeof key);
			OK(entry_decides(s, str_from(key),
			    str_from(ROWS[k].scope), NOW, &want, &found, &e));
			if (key[0] == '@')
				continue;
			hits += found;
			want_bool(key, listed(n, key, &got), found);
			if (!found)
				continue;
			want_number(key, got.class, want.class);
			want_number(key, got.since, want.since);
			want_bool(key, got.by_domain, want.address.p[0] == '@');
			want_bool(key, got.scope == 0,
			    str_eq(want.scope, STR("global")));
		}
		want_bool(ROWS[k].name, hits > 100 && hits < 4000, true);
		want_bool(ROWS[k].name, snapshot_size(n).low,
		    ROWS[k].low || ROWS[k].memory < 1 << 20);
		snapshot_close(n);
	}
}

static void
what_is_written_meanwhile_is_not_seen(void **state)
{
	struct err e = { 0 };
	struct store *reader;
	struct snapshot *n;
	struct entry_brief b;

	OK(store_begin(*state, &e));
	put(*state, "a@x.example", "global", CLASS_MANUAL, ENTRY_ACTIVE, 0);
	OK(store_commit(*state, &e));
	reader = opened(STORE_READ);
	n = taken(reader, "", UINT64_MAX, false);
	OK(store_begin(*state, &e));
	put(*state, "a@x.example", "global", CLASS_MANUAL, ENTRY_LIFTED, 0);
	put(*state, "b@x.example", "global", CLASS_MANUAL, ENTRY_ACTIVE, 0);
	OK(store_commit(*state, &e));
	want_bool("before", listed(n, "a@x.example", &b), true);
	want_bool("after", listed(n, "b@x.example", &b), false);
	snapshot_close(n);
	n = taken(reader, "", UINT64_MAX, false);
	want_bool("lifted", listed(n, "a@x.example", &b), false);
	want_bool("added", listed(n, "b@x.example", &b), true);
	snapshot_close(n);
	store_close(reader);
}

static void
an_empty_list_holds_nobody(void **state)
{
	struct entry_brief b;
	struct snapshot *n = taken(*state, "", UINT64_MAX, false);

	want_bool("empty", listed(n, "a@x.example", &b), false);
	want_number("entries", snapshot_size(n).entries, 0);
	snapshot_close(n);
}

static void
digests_answer_for_addresses(void **state)
{
	struct snapshot_wants w = { STR("stream:news"), NOW, UINT64_MAX,
		false };
	struct err e = { 0 };
	struct entry_brief b;
	char hex[GLIB_HEX_MAX];
	bool more = true;
	struct hashed *h;

	OK(store_begin(*state, &e));
	put(*state, "a@x.example", "global", CLASS_FULL_MAILBOX, ENTRY_ACTIVE,
	    0);
	put(*state, "a@x.example", "stream:news", CLASS_MANUAL, ENTRY_ACTIVE,
	    0);
	put(*state, "b@x.example", "global", CLASS_MANUAL, ENTRY_HELD, 0);
	put(*state, "@d.example", "global", CLASS_MANUAL, ENTRY_ACTIVE, 0);
	OK(store_commit(*state, &e));
	h = hashed_open(*state, &w, GLIB_SHA1, &e);
	assert_non_null(h);
	while (more)
		OK(hashed_fill(h, 1, &more, &e));
	glib_digest(GLIB_SHA1, STR("a@x.example"), hex);
	assert_true(hashed_find(h, str_from(hex), &b));
	want_number("the stronger", b.class, CLASS_MANUAL);
	want_number("since", b.since, NOW - DAY);
	want_bool("its scope", b.scope != 0, true);
	glib_digest(GLIB_SHA1, STR("b@x.example"), hex);
	want_bool("held", hashed_find(h, str_from(hex), &b), false);
	want_number("domains", hashed_size(h).domains, 1);
	hashed_close(h);
	w.memory = 0;
	more = true;
	h = hashed_open(*state, &w, GLIB_MD5, &e);
	assert_non_null(h);
	want_bool("no memory", hashed_fill(h, 100, &more, &e), false);
	want_number("no memory", e.code, EX_OSERR);
	hashed_close(h);
}

int
main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(every_answer_is_that_of_entry_decides),
		T(what_is_written_meanwhile_is_not_seen),
		T(an_empty_list_holds_nobody),
		T(digests_answer_for_addresses),
	};

	return cmocka_run_group_tests(tests, unit_enter_folder,
	    unit_leave_folder);
}
