/* ingest_dry.h - what each event of a file would lead to, without a
 * database. */
#ifndef SUPPRESS_INGEST_DRY_H
#define SUPPRESS_INGEST_DRY_H

#include "app.h"

/*
 * Prints one line for each event of the file: JSON, or words. False only for
 * what ends the run; a file that cannot be read stands in *file_error.
 */
bool ingest_dry(struct app *a, const char *path, bool json,
    struct err *file_error, struct err *e);

#endif
