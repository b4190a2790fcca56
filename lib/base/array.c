/* array.c - arrays that grow while elements are added behind them. */
#include "base/array.h"

#include <stdlib.h>

#define FIRST 64 /* elements */

void *
array_room(void *array, size_t n, size_t *cap, size_t size, struct err *e)
{
	size_t more = *cap == 0 ? FIRST : *cap * 2;
	void *grown;

	if (n < *cap)
		return array;
	grown = reallocarray(array, more, size);
	if (grown == NULL)
		err_memory(e);
	else
		*cap = more;
	return grown;
}
