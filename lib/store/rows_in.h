/* rows_in.h - rows in memory as a table of SQLite, so that one statement puts
 * all of them in (lib/store only). */
#ifndef STORE_ROWS_IN_H
#define STORE_ROWS_IN_H

#include "store/db.h"

struct sqlite3;

/* Makes the table `waiting` with columns c1 to c32 for this connection: the
 * rows of what *at points to while a statement runs. False: SQLite's error is
 * the connection's. */
bool rows_in_register(struct sqlite3 *raw, const struct db_rows *at);

#endif
