/* db_ours.h - functions and the table of rows in memory that statements use. */
#ifndef STORE_DB_OURS_H
#define STORE_DB_OURS_H

#include <sqlite3.h>

#include "store/db.h"

/*
 * holds(text, lines): whether the text, folded, holds one of the lines.
 * hash_of(text): hash64() of it. waiting: what stands in *rows while a
 * statement runs. An SQLite code.
 */
int db_ours(sqlite3 *raw, const struct db_rows *rows);

#endif
