/* err.h - one error, told once, with the mend. */
#ifndef BASE_ERR_H
#define BASE_ERR_H

#include <stdbool.h>
#include <sysexits.h>

struct err {
	int code;       /* a sysexits.h code; 0: no error */
	char text[512]; /* "file:line: what: why; mend", cut to fit */
};

/* Keeps the first error told. Always false, so: return err_set(...); */
bool err_set(struct err *e, int code, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* The one error every allocation that fails gives (EX_OSERR). Always false. */
bool err_memory(struct err *e);

/* The mend of what the system refused with the errno why: its own where that
 * tells it, as of too many open files and of a full disk; else other. */
const char *err_mend(int why, const char *other);

/* Puts "place: " before an error already told, cut to fit. Always false. */
bool err_at(struct err *e, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* Forgets the error, so that e can be used again. */
void err_clear(struct err *e);

#endif
