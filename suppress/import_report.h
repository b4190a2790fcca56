/* import_report.h - what became of each line of an import, as CSV. */
#ifndef SUPPRESS_IMPORT_REPORT_H
#define SUPPRESS_IMPORT_REPORT_H

#include "import_list.h"

/* Writes path whole or not at all: line, address, result (accepted, duplicate,
 * invalid or erased), why; in the order of the lines. */
bool import_report_write(
    const struct import_list *l, const char *path, struct err *e);

#endif
