/* sql.h - the schema and the named statements of sql/ (sql/embed.sh). */
#ifndef STORE_SQL_H
#define STORE_SQL_H

struct sql_text {
	const char *name, *text;
	unsigned tables; /* DB_TABLE_* that it names */
};

extern const char SQL_SCHEMA[];
extern const struct sql_text SQL_TEXT[]; /* by enum sql_name */
extern const char *const SQL_STEPS[];    /* step i takes version i+1 to i+2 */
extern const unsigned SQL_STEP_COUNT;

#endif
