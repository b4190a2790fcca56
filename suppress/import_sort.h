/* import_sort.h - the rows of an import in the order of the database. */
#ifndef SUPPRESS_IMPORT_SORT_H
#define SUPPRESS_IMPORT_SORT_H

#include "import_list.h"

/* Fills l->order, and marks rows for the same entry as an earlier one. */
bool import_sort(struct import_list *l, struct err *e);

#endif
