/* test_sql.c - what sql/embed.sh says of a statement is what SQLite says. */
#include "unit.h"

#include <sqlite3.h>

#include "store/db_ours.h"
#include "store/sql.h"

static const struct { const char *table; unsigned bit; } TABLES[] = {
	{ "evidence", DB_TABLE_EVIDENCE },
	{ "change", DB_TABLE_CHANGE },
	{ "fresh", DB_TABLE_FRESH },
	{ "entry", DB_TABLE_ENTRY },
};

static int
on_table(void *ctx, int what, const char *a, const char *b, const char *c,
    const char *d)
{
	unsigned *named = ctx;

	(void)b;
	(void)c;
	(void)d;
	for (size_t i = 0; i < COUNT(TABLES); i++)
		if ((what == SQLITE_READ || what == SQLITE_INSERT ||
		    what == SQLITE_UPDATE || what == SQLITE_DELETE) &&
		    strcmp(a, TABLES[i].table) == 0)
			*named |= TABLES[i].bit;
	return SQLITE_OK;
}

/* A statement that reads what waits and does not say so would not find it. */
static void
statements_tell_the_tables_that_they_name(void **state)
{
	struct db_rows rows = { 0 };
	unsigned named, n = 0;
	sqlite3_stmt *st;
	sqlite3 *raw;

	(void)state;
	assert_int_equal(sqlite3_open(":memory:", &raw), SQLITE_OK);
	assert_int_equal(db_ours(raw, &rows), SQLITE_OK);
	assert_int_equal(sqlite3_exec(raw, SQL_SCHEMA, NULL, NULL, NULL),
	    SQLITE_OK);
	sqlite3_set_authorizer(raw, on_table, &named);
	for (int i = 0; i < SQL_COUNT; i++) {
		bool copy = strncmp(SQL_TEXT[i].name, "replay_", 7) == 0;

		named = 0;
		if (sqlite3_prepare_v2(raw, SQL_TEXT[i].text, -1, &st, NULL) !=
		    SQLITE_OK) {
			/* Of a table that policy test makes in its copy. */
			if (!copy)
				fail_msg("%s: %s", SQL_TEXT[i].name,
				    sqlite3_errmsg(raw));
			continue;
		}
		sqlite3_finalize(st);
		/* The last number is kept in sqlite_sequence, too. */
		if ((named & ~SQL_TEXT[i].tables) != 0)
			fail_msg("%s names %x and tells %x", SQL_TEXT[i].name,
			    named, SQL_TEXT[i].tables);
		n += named != 0;
	}
	assert_true(n > 50);
	sqlite3_close(raw);
}

int
main(void)
{
	static const struct CMUnitTest TESTS[] = {
		cmocka_unit_test(statements_tell_the_tables_that_they_name),
	};

	return cmocka_run_group_tests(TESTS, NULL, NULL);
}
