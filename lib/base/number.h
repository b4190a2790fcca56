/* number.h - text to numbers, always with a range. */
#ifndef BASE_NUMBER_H
#define BASE_NUMBER_H

#include <stdint.h>

#include "base/str.h"

/* Decimal digits only (one '-' first for i64), nothing before or behind, and
 * within [min, max]; else false and *out untouched. */
bool number_u64(struct str s, uint64_t min, uint64_t max, uint64_t *out);
bool number_i64(struct str s, int64_t min, int64_t max, int64_t *out);

/* "123", "64K", "4G" (powers of 1024; also "64KiB"): bytes. */
bool number_size(struct str s, uint64_t min, uint64_t max, uint64_t *out);

/* snprintf that fails when the text does not fit (out is then ""). */
bool number_print(char *out, size_t cap, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

#endif
