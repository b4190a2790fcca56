/* test_steps.c - databases of older versions are stepped up; the result is
 * what a new one is. */
#include "unit.h"

#include "base/file.h"
#include "store/db.h"
#include "store/store.h"
#include "verdict/class.h"
#include "wrap/hash.h"

static const struct store_settings SETTINGS = { .cache_bytes = 1 << 20,
	.checkpoint_bytes = 1 << 20 };

/* tests/data/schema-N.sql as it was released. */
static void
make_old(const char *path, int version, const char *more)
{
	struct err e = { 0 };
	struct buf sql = { 0 };
	char from[512];
	struct db *d;

	snprintf(from, sizeof from, "%s/tests/data/schema-%d.sql",
	    getenv("SRC"), version);
	assert_true(file_read(from, 1 << 20, &sql, &e));
	d = db_open(path, true, 0, &e);
	assert_non_null(d);
	assert_non_null(buf_cstr(&sql));
	assert_true(db_exec(d, sql.p, &e));
	assert_true(db_exec(d, more, &e));
	db_close(d);
	buf_release(&sql);
}

static int64_t
number_of(const char *path, const char *sql)
{
	struct err e = { 0 };
	struct db *d = db_open(path, true, 0, &e);
	int64_t n = -1;

	assert_non_null(d);
	if (!db_number(d, sql, &n, &e))
		fail_msg("%s: %s", sql, e.text);
	db_close(d);
	return n;
}

static void
open_and_close(const char *path)
{
	struct err e = { 0 };
	struct store *s = store_open(path, STORE_WRITE, &SETTINGS, 0, &e);

	if (s == NULL)
		fail_msg("%s: %s", path, e.text);
	store_close(s);
}

static const char *const SAME[] = {
	"SELECT count(*) FROM sqlite_schema",
	"SELECT count(*) FROM pragma_table_info('evidence')",
	"SELECT count(*) FROM pragma_table_info('entry')",
	"SELECT count(*) FROM pragma_table_info('change')",
	"SELECT count(*) FROM pragma_table_info('incident')",
	"SELECT count(*) FROM pragma_table_info('counter')",
	"SELECT sum(length(name)) FROM class_name",
	"SELECT count(*) FROM pragma_index_list('evidence')",
	"SELECT wr + strict FROM pragma_table_list WHERE name = 'evidence'",
	"PRAGMA user_version",
};

static void
want_same(const char *old, const char *new)
{
	for (size_t i = 0; i < COUNT(SAME); i++)
		want_number(SAME[i], number_of(old, SAME[i]),
		    number_of(new, SAME[i]));
}

static void
an_old_database_becomes_what_a_new_one_is(void **state)
{
	(void)state;
	make_old("old.db", 1, "INSERT INTO word (id, text) VALUES "
	    "(1, 'policy'); INSERT INTO entry VALUES ('a@b.test', 0, 1, 0, "
	    "1700000000, 0, 0, 1, 0, 0, 0, 0, 0); INSERT INTO evidence VALUES"
	    "('a@b.test', 7, 2, 0, 1, 2, 0, 0, 0, 9, 0, 0, 3, 4, 5, 6, 0, 550,"
	    "5001001, 8, 0, 0, 0, 0), ('c@b.test', 9, 2, 0, 1, 2, 0, 0, 0, 9,"
	    "0, 0, 2, 4, 5, 6, 0, 551, 5001001, 8, 0, 0, 0, 0); INSERT INTO "
	    "counter VALUES (600, 4, 5, 1, 90, 0, 0, 3), (600, 4, 5, 1, 90, 0,"
	    "1, 2), (600, 4, 5, 2, 1, 8, -1, 7)");
	open_and_close("old.db");
	open_and_close("new.db");
	want_same("old.db", "new.db");
	want_number("entry kept", number_of("old.db",
	    "SELECT count(*) FROM suppressed_address "
	    "WHERE address = 'a@b.test' AND class = 'gone.mailbox'"), 1);
	want_number("counts of evidence go", number_of("old.db",
	    "SELECT sum(n) FROM counter WHERE bucket = 600 AND kind = 1"), 5);
}

static void
evidence_keeps_all_that_it_tells(void **state)
{
	(void)state;
	make_old("two.db", 2, "INSERT INTO evidence VALUES"
	    "('b@b.test', 9, 2, 3, 4, 5, 6, 7, 8, 90, 10, 11, 12, 13, 14, 15,"
	    "16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26),"
	    "('z@b.test', 7, 2, 0, 1, 2, 0, 0, 0, 9, 0, 0, 3, 4, 5, 6, 0, 550,"
	    "5001001, 8, 0, 0, 0, 0, 0, 0, 0)");
	open_and_close("two.db");
	open_and_close("three.db");
	want_same("two.db", "three.db");
	want_number("all columns", number_of("two.db",
	    "SELECT count(*) FROM evidence WHERE (address, time, kind, sub, "
	    "class, strength, state, marked, clears, message, queued, scope, "
	    "rule, provider, vmta, ip, cat, code, status, reply, bulk, "
	    "stream, offset, length, incident, proof, was) = ('b@b.test', 9, "
	    "2, 3, 4, 5, 6, 7, 8, 90, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, "
	    "20, 21, 22, 23, 24, 25, 26)"), 1);
	want_number("the oldest first", number_of("two.db",
	    "SELECT time FROM evidence ORDER BY rowid LIMIT 1"), 7);
}

static void
evidence_is_found_by_its_hash(void **state)
{
	(void)state;
	make_old("three-old.db", 3, "INSERT INTO evidence VALUES"
	    "('b@b.test', 9, 2, 3, 4, 5, 6, 7, 8, 90, 10, 11, 12, 13, 14, 15,"
	    "16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26)");
	open_and_close("three-old.db");
	open_and_close("four.db");
	want_same("three-old.db", "four.db");
	want_number("all columns", number_of("three-old.db",
	    "SELECT count(*) FROM evidence WHERE (address, hash, time, kind, "
	    "sub, class, strength, state, marked, clears, message, queued, "
	    "scope, rule, provider, vmta, ip, cat, code, status, reply, bulk, "
	    "stream, offset, length, incident, proof, was) = ('b@b.test', "
	    "hash_of('b@b.test'), 9, 2, 3, 4, 5, 6, 7, 8, 90, 10, 11, 12, 13, "
	    "14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26)"), 1);
	/* It is kept: the same on every machine and for good. */
	want_number("the hash", number_of("four.db",
	    "SELECT hash_of('b@b.test')"), (int64_t)hash64(STR("b@b.test")));
	assert_true(hash64(STR("b@b.test")) == UINT64_C(0x8a9906652b6c7046));
}

static void
an_old_database_is_only_read_after_a_writer_stepped_it_up(void **state)
{
	struct err e = { 0 };

	(void)state;
	make_old("read.db", 1, "SELECT 1");
	assert_null(store_open("read.db", STORE_READ, &SETTINGS, 0, &e));
	want_number("code", e.code, EX_CONFIG);
}

static void
what_cannot_be_stepped_up_stays_as_it_is(void **state)
{
	static const char *const BROKEN[] = { "DROP TABLE evidence",
		"PRAGMA user_version = -1" };

	(void)state;
	for (size_t i = 0; i < COUNT(BROKEN); i++) {
		struct err e = { 0 };
		int64_t before;

		unlink("bad.db");
		make_old("bad.db", 3, BROKEN[i]);
		before = number_of("bad.db", "PRAGMA user_version");
		assert_null(store_open("bad.db", STORE_WRITE, &SETTINGS, 0,
		    &e));
		assert_true(e.code != 0 && e.text[0] != '\0');
		want_number("version", number_of("bad.db",
		    "PRAGMA user_version"), before);
		assert_null(store_open("bad.db", STORE_WRITE, &SETTINGS, 0,
		    &e));
	}
}

/* A pipe goes on with the old program after an installation. */
static void
who_works_on_it_notices_a_newer_version(void **state)
{
	struct err e = { 0 };
	struct store *s = store_open("new.db", STORE_WRITE, &SETTINGS, 0, &e);
	struct db *d = db_open("new.db", true, 0, &e);

	(void)state;
	assert_non_null(s);
	assert_non_null(d);
	assert_true(store_begin(s, &e) && store_commit(s, &e));
	assert_true(db_exec(d, "PRAGMA user_version = 99", &e));
	db_close(d);
	assert_false(store_begin(s, &e));
	assert_true(str_find(str_from(e.text), STR("newer version (99")) <
	    strlen(e.text));
	store_close(s);
}

static void
the_names_of_classes_are_those_of_the_code(void **state)
{
	char sql[256];
	int64_t n = 0;

	(void)state;
	open_and_close("names.db");
	for (int c = 0; c < CLASS_MAX; c++) {
		const struct class_info *info = class_info((enum class)c);

		if (info->class != (enum class)c)
			continue;
		snprintf(sql, sizeof sql, "SELECT count(*) FROM class_name "
		    "WHERE class = %d AND name = '%s'", c, info->name);
		want_number(info->name, number_of("names.db", sql), 1);
		n++;
	}
	want_number("all", number_of("names.db",
	    "SELECT count(*) FROM class_name"), n);
}

int
main(void)
{
	static const struct CMUnitTest TESTS[] = {
		cmocka_unit_test(an_old_database_becomes_what_a_new_one_is),
		cmocka_unit_test(evidence_keeps_all_that_it_tells),
		cmocka_unit_test(evidence_is_found_by_its_hash),
		cmocka_unit_test(
		    an_old_database_is_only_read_after_a_writer_stepped_it_up),
		cmocka_unit_test(what_cannot_be_stepped_up_stays_as_it_is),
		cmocka_unit_test(who_works_on_it_notices_a_newer_version),
		cmocka_unit_test(the_names_of_classes_are_those_of_the_code),
	};

	return cmocka_run_group_tests(TESTS, unit_enter_folder,
	    unit_leave_folder);
}
