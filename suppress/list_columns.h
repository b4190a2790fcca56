/* list_columns.h - which columns of a list of addresses mean what. */
#ifndef SUPPRESS_LIST_COLUMNS_H
#define SUPPRESS_LIST_COLUMNS_H

#include "mail/address.h"

enum list_column {
	COL_ADDRESS,
	COL_CLASS,
	COL_REASON,
	COL_SCOPE,
	COL_SINCE,
	COL_UNTIL,
	COL_ACTION,
	COL_SUBDOMAINS,
	COL_COUNT
};

#define NO_COLUMN ((size_t)-1)

/* Where each column stands among the names of a header, NO_COLUMN for none.
 * Case, blanks, '-' and '_' do not matter. False: none has addresses. */
bool list_columns(size_t at[COL_COUNT], const struct str *names, size_t n);

/* The first of the names that is this one. False: none is. */
bool list_find(const char *name, const struct str *names, size_t n, size_t *at);

/* The column that --column says: one of a header's names, or (*numbered) its
 * number from 1. False: there is none. */
bool list_column(const char *column, const struct str *names, size_t n,
    size_t *at, bool *numbered);

/* What a cell of our own export means, which puts a ' before what would run
 * as a formula in a spreadsheet. */
struct str list_cell(struct str field);

/* The key of the one address that a cell names: "Name <a@b>"; where it has
 * another one beside, ADDRESS_LOCAL_BAD, as for "a@b, c@d". key is ADDRESS_MAX
 * bytes. */
enum address_cause list_named(struct str cell, char *key);

/* The same, or of the address that it is: quotes before an @ may hold what
 * looks like a name and <>. Inline, for scrub asks it of every row. */
static inline enum address_cause
list_mailbox(struct str cell, char *key)
{
	return address_key(cell, key, ADDRESS_MAX) == ADDRESS_OK
	    ? ADDRESS_OK
	    : list_named(cell, key);
}

/* The same, but a cell that is "@domain", and no other, names a whole
 * domain. */
enum address_cause list_address(struct str cell, char *key);

/* Whether the line is one address whose local part stands in quotes, which CSV
 * would take for its own. */
bool list_is_quoted_address(struct str line);

/* Whether programs differ on where the fields of a CSV row begin, from the
 * first to number `last`: text stands behind a closing quote, or blanks before
 * an opening one. */
bool list_is_doubtful(struct str row, size_t last);
#define LIST_DOUBTFUL \
	"text stands outside a field's quotes: programs differ on where it " \
	"ends; put all of the field in quotes"

#endif
