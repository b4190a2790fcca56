/* array.h - arrays that grow while elements are added behind them. */
#ifndef BASE_ARRAY_H
#define BASE_ARRAY_H

#include <stddef.h>

#include "base/err.h"

/*
 * Room for one element more behind n of `size` bytes: where the array then
 * stands, to be freed by its owner. It has room for *cap; NULL and 0 are none
 * yet. NULL: no memory, and the array stays as it is.
 */
void *array_room(void *array, size_t n, size_t *cap, size_t size,
    struct err *e);

#endif
