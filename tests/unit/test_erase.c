/* test_erase.c - what an erasure leaves, in the database and beside it. */
#include "unit.h"

#include "base/file.h"
#include "store/erase.h"
#include "wrap/glib.h"
#include "work/traces.h"

#define NOW INT64_C(1790000000)

static const struct store_settings SETTINGS = { false, 8 << 20, 64 << 20 };

#define OK(call) do { \
	if (!(call)) \
		fail_msg("%s: %s", #call, e.text); \
} while (0)

static int
store_setup(void **state)
{
	struct err e = { 0 };
	struct store *s;

	unlink("s.db");
	unlink("s.db-wal");
	unlink("s.db-shm");
	s = store_open("s.db", STORE_WRITE, &SETTINGS, 0, &e);
	*state = s;
	return s != NULL && store_begin(s, &e) ? 0 : -1;
}

static int
store_teardown(void **state)
{
	store_close(*state);
	return 0;
}

static void
put(struct store *s, const char *address, const char *scope, enum class c)
{
	struct err e = { 0 };
	struct entry en = { .address = str_from(address),
		.scope = str_from(scope), .class = c, .since = NOW - 100,
		.rule = STR("-"), .source = STR("policy"),
		.reason = STR("r") };

	OK(entry_put(s, &en, STR("policy"), NOW, &e));
}

static void
the_hash_is_hmac_sha256(void **state)
{
	char out[65];

	(void)state;
	glib_hmac_hex(STR("Jefe"), STR("what do ya want for nothing?"), out);
	assert_string_equal(out, "5bdcc146bf60754e6a042426089575c75a003f089d27"
	    "39839dec58b964ec3843");
}

static void
nothing_is_erased_at_first(void **state)
{
	struct err e = { 0 };
	char key[ERASED_KEY];
	bool any = true;

	OK(erased_any(*state, &any, &e));
	assert_false(any);
	OK(erased_key(*state, STR("a@b.example"), key, &e));
	assert_string_equal(key, "");
}

static void
the_strongest_entry_stays_as_a_global_block(void **state)
{
	struct err e = { 0 };
	struct erase_sums sums;
	struct entry en;
	char key[ERASED_KEY];
	bool found, any;
	int64_t at;

	put(*state, "a@b.example", "stream:n", CLASS_FBL_ABUSE);
	put(*state, "a@b.example", "global", CLASS_GONE_MAILBOX);
	put(*state, "c@b.example", "global", CLASS_GONE_MAILBOX);
	OK(store_erase(*state, STR("a@b.example"), STR("user:t"), NOW, &sums,
	    &e));
	want_number("entries", sums.entries, 2);
	want_number("changes", sums.changes, 2);
	want_number("class", sums.class, CLASS_FBL_ABUSE);
	want_number("since", sums.since, NOW - 100);
	OK(erased_any(*state, &any, &e));
	assert_true(any);
	OK(erased_key(*state, STR("a@b.example"), key, &e));
	assert_string_equal(key, sums.hash);
	OK(erased_key(*state, STR("@b.example"), key, &e));
	assert_string_equal(key, "");
	OK(entry_decides(*state, STR("a@b.example"), STR(""), NOW + 1, &en,
	    &found, &e));
	assert_true(found);
	want_number("class", en.class, CLASS_FBL_ABUSE);
	want_str("address", en.address, str_from(sums.hash));
	OK(erased_at(*state, STR("a@b.example"), &at, &e));
	want_number("at", at, NOW);
	OK(erased_at(*state, STR("c@b.example"), &at, &e));
	want_number("another", at, 0);
}

static void
what_was_erased_is_not_written_again(void **state)
{
	struct err e = { 0 };
	struct erase_sums sums;
	struct entry en;
	bool found;

	OK(store_erase(*state, STR("a@b.example"), STR("user:t"), NOW, &sums,
	    &e));
	put(*state, "a@b.example", "global", CLASS_GONE_MAILBOX);
	OK(entry_get(*state, STR("a@b.example"), STR("global"),
	    CLASS_GONE_MAILBOX, &en, &found, &e));
	assert_false(found);
	OK(store_erase(*state, STR("a@b.example"), STR("user:t"), NOW + 5,
	    &sums, &e));
	want_number("before", sums.before, NOW);
	want_number("since", sums.since, NOW);
}

static void
a_rolled_back_erasure_erased_nothing(void **state)
{
	struct err e = { 0 };
	struct erase_sums sums;
	bool any;

	OK(store_erase(*state, STR("a@b.example"), STR("user:t"), NOW, &sums,
	    &e));
	store_rollback(*state);
	OK(erased_any(*state, &any, &e));
	assert_false(any);
}

static void
another_process_sees_it_at_its_next_batch(void **state)
{
	struct err e = { 0 };
	struct erase_sums sums;
	struct store *other;
	int64_t at;

	OK(store_commit(*state, &e));
	other = store_open("s.db", STORE_WRITE, &SETTINGS, 0, &e);
	assert_non_null(other);
	OK(store_begin(other, &e));
	OK(erased_at(other, STR("a@b.example"), &at, &e));
	want_number("before", at, 0);
	OK(store_commit(other, &e));
	OK(store_begin(*state, &e));
	OK(store_erase(*state, STR("a@b.example"), STR("user:t"), NOW, &sums,
	    &e));
	OK(store_commit(*state, &e));
	OK(store_begin(other, &e));
	OK(erased_at(other, STR("a@b.example"), &at, &e));
	want_number("after", at, NOW);
	store_close(other);
}

/* ---- traces ---- */

struct seen {
	unsigned files, lines;
	uint64_t hits, offset;
	int64_t expires;
	char line[64];
};

static bool
on_file(void *ctx, const struct trace *t, struct err *e)
{
	struct seen *s = ctx;

	(void)e;
	s->files++;
	s->hits += t->hits;
	s->expires = t->expires;
	return true;
}

static bool
on_line(void *ctx, const char *file, uint64_t offset, struct str line,
    struct err *e)
{
	struct seen *s = ctx;

	(void)file;
	(void)e;
	s->lines++;
	s->offset = offset;
	str_copy(str_sub(line, 0, sizeof s->line - 1), s->line,
	    sizeof s->line);
	return true;
}

static void
file_with(const char *path, size_t before, const char *text)
{
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	for (size_t i = 0; i < before; i++)
		fputc(i % 100 == 99 ? '\n' : 'x', f);
	fputs(text, f);
	for (size_t i = 0; i < 9000; i++)
		fputc('y', f);
	assert_int_equal(fclose(f), 0);
}

/* Also where a block of the reading ends. */
static void
an_address_is_found_wherever_it_stands(void **state)
{
	static const size_t AT[] = { 0, 1, 4095, (1 << 20) - 5, 1 << 20,
		(1 << 20) + 4090, (1 << 20) + 4096, (1 << 20) + 8190,
		(1 << 20) + 8192, 2 << 20, (2 << 20) + 4090, 3 << 20 };
	struct config c;
	struct err e = { 0 };

	(void)state;
	config_default(&c);
	assert_true(str_copy(STR("."), c.state, sizeof c.state));
	c.journal_keep = 100;
	(void)mkdir("journal", 0700);
	for (size_t i = 0; i < COUNT(AT); i++) {
		struct seen s = { 0 };

		file_with("journal/a.seg", AT[i], "\nf,Ada=B.example@n\n");
		OK(traces_each(&c, STR("ada@b.example"), on_file, on_line, &s,
		    &e));
		want_number("files", s.files, 1);
		want_number("hits", (int64_t)s.hits, 1);
		want_number("lines", s.lines, 1);
		want_number("offset", (int64_t)s.offset, (int64_t)AT[i] + 1);
		assert_string_equal(s.line, "f,Ada=B.example@n");
		assert_true(s.expires > NOW - INT64_C(1000000000));
	}
	unlink("journal/a.seg");
	rmdir("journal");
}

static void
a_longer_address_is_another_where_that_is_asked(void **state)
{
	struct config c;
	struct err e = { 0 };
	uint64_t hits;

	(void)state;
	config_default(&c);
	assert_true(str_copy(STR("."), c.state, sizeof c.state));
	file_with("suppress.db", 0, "nada@b.example");
	OK(traces_in_database(&c, STR("ada@b.example"), false, &hits, &e));
	want_number("loosely", (int64_t)hits, 1);
	OK(traces_in_database(&c, STR("ada@b.example"), true, &hits, &e));
	want_number("alone", (int64_t)hits, 0);
	unlink("suppress.db");
}

int
main(void)
{
	static const struct CMUnitTest TESTS[] = {
		cmocka_unit_test(the_hash_is_hmac_sha256),
		cmocka_unit_test_setup_teardown(nothing_is_erased_at_first,
		    store_setup, store_teardown),
		cmocka_unit_test_setup_teardown(
		    the_strongest_entry_stays_as_a_global_block, store_setup,
		    store_teardown),
		cmocka_unit_test_setup_teardown(
		    what_was_erased_is_not_written_again, store_setup,
		    store_teardown),
		cmocka_unit_test_setup_teardown(
		    a_rolled_back_erasure_erased_nothing, store_setup,
		    store_teardown),
		cmocka_unit_test_setup_teardown(
		    another_process_sees_it_at_its_next_batch, store_setup,
		    store_teardown),
		cmocka_unit_test(an_address_is_found_wherever_it_stands),
		cmocka_unit_test(
		    a_longer_address_is_another_where_that_is_asked),
	};

	return cmocka_run_group_tests(TESTS, unit_enter_folder,
	    unit_leave_folder);
}
