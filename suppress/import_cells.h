/* import_cells.h - what the columns of a file to import are, and what a row
 * says in them. */
#ifndef SUPPRESS_IMPORT_CELLS_H
#define SUPPRESS_IMPORT_CELLS_H

#include "app.h"
#include "list_columns.h"
#include "profiles.h"
#include "wrap/json.h"

struct import_cells {
	const struct profile *profile;
	const char *column; /* of the addresses, as --column says; or NULL */
	bool theirs; /* the class is by the profile's words */
	bool json; /* no cell has a ' before a formula */
	size_t at[COL_COUNT]; /* field number, or NO_COLUMN */
	size_t word, truth; /* of CELL_WORD and CELL_TRUE */
	char numbers[COL_COUNT + 2][24]; /* times that JSON gives as numbers */
};

/* What a row says beside its address; empty where it says nothing. */
struct import_said {
	struct str scope, reason;
	char folded[APP_SCOPE_MAX]; /* the scope stands here */
	enum class class; /* the caller's default, until the row says one */
	int64_t since, until;
	bool subdomains;
};

/* What is wrong with one line. */
struct import_fault {
	const char *column, *why;
	struct str culprit;
	struct str address; /* of the row, as it stands there; "": unknown */
};

void import_cells_init(
    struct import_cells *c, const struct profile *p, bool theirs,
    const char *column);
/* Finds the columns by the first line, which is a header or a row; false: no
 * column has addresses. */
bool import_cells_settle(struct import_cells *c, const struct str *fields,
    size_t n, bool *header);
/* The fields of a JSON object, into CSV_FIELDS_MAX places of fields. */
void import_cells_object(struct import_cells *c, const struct json *j,
    struct str *fields, size_t *n);
/* The name of the member that is the address. */
const char *import_cells_address(const struct import_cells *c);

/* The key (ADDRESS_MAX bytes) and what else the row says; false: f tells what
 * is wrong. Texts are the fields'. */
bool import_cells_judge(const struct import_cells *c, const struct str *fields,
    size_t n, int64_t now, char *key, struct import_said *out,
    struct import_fault *f);

#endif
