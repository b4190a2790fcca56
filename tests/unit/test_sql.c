/* test_sql.c - what sql/embed.sh says of a statement is what SQLite says. */
#include "unit.h"

#include <sqlite3.h>

#include "store/db.h"
#include "store/sql.h"

static const struct { const char *table; unsigned bit; } TABLES[] = {
	{ "evidence", DB_TABLE_EVIDENCE },
	{ "change", DB_TABLE_CHANGE },
	{ "fresh", DB_TABLE_FRESH },
	{ "entry", DB_TABLE_ENTRY },
};

static unsigned named; /* since it was 0 */

static int
on_table(void *ctx, int what, const char *a, const char *b, const char *c,
    const char *d)
{
	(void)ctx;
	(void)b;
	(void)c;
	(void)d;
	for (size_t i = 0; i < COUNT(TABLES); i++)
		if ((what == SQLITE_READ || what == SQLITE_INSERT ||
		    what == SQLITE_UPDATE || what == SQLITE_DELETE) &&
		    strcmp(a, TABLES[i].table) == 0)
			named |= TABLES[i].bit;
	return SQLITE_OK;
}

static int
on_open(sqlite3 *raw, char **why, const struct sqlite3_api_routines *api)
{
	(void)why;
	(void)api;
	return sqlite3_set_authorizer(raw, on_table, NULL);
}

/* A statement that reads what waits and does not say so would not find it. */
static void
statements_tell_the_tables_that_they_name(void **state)
{
	struct err e = { 0 };
	unsigned n = 0;
	struct db *d;

	(void)state;
	sqlite3_auto_extension((void (*)(void))on_open);
	d = db_open("tables.db", true, 0, &e);
	assert_non_null(d);
	assert_true(db_exec(d, SQL_SCHEMA, &e));
	for (int i = 0; i < SQL_COUNT; i++) {
		/* Some are about a table that policy test makes in its copy. */
		bool copy = strncmp(SQL_TEXT[i].name, "replay_", 7) == 0;
		struct stmt *st;

		named = 0;
		st = db_bind(d, (enum sql_name)i, &e, "");
		if (st == NULL && !copy)
			fail_msg("%s: %s", SQL_TEXT[i].name, e.text);
		db_done(st);
		/* The last number is kept in sqlite_sequence, too. */
		if ((named & ~SQL_TEXT[i].tables) != 0)
			fail_msg("%s names %x and tells %x", SQL_TEXT[i].name,
			    named, SQL_TEXT[i].tables);
		n += named != 0;
	}
	assert_true(n > 50);
	db_close(d);
}

int
main(void)
{
	static const struct CMUnitTest TESTS[] = {
		cmocka_unit_test(statements_tell_the_tables_that_they_name),
	};

	return cmocka_run_group_tests(TESTS, unit_enter_folder,
	    unit_leave_folder);
}
