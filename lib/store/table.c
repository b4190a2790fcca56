/* table.c - a map from 64-bit hashes to numbers, in memory. */
#include "store/table.h"

#include <stdlib.h>
#include <string.h>

#define TABLE_FIRST 64

static struct table_row *
table_place(const struct table *t, uint64_t key)
{
	size_t i = table_start(t, key);

	while (t->rows[i].key != 0 && t->rows[i].key != key)
		i = (i + 1) & (t->cap - 1);
	return &t->rows[i];
}

int64_t *
table_find(const struct table *t, uint64_t key)
{
	struct table_row *row;

	if (t->n == 0)
		return NULL;
	row = table_place(t, key == 0 ? 1 : key);
	return row->key == 0 ? NULL : &row->value;
}

static bool
table_grow(struct table *t)
{
	struct table new = { .n = t->n,
		.cap = t->cap == 0 ? TABLE_FIRST : t->cap * 2 };

	new.rows = calloc(new.cap, sizeof *new.rows);
	if (new.rows == NULL)
		return false;
	for (size_t i = 0; i < t->cap; i++)
		if (t->rows[i].key != 0)
			*table_place(&new, t->rows[i].key) = t->rows[i];
	free(t->rows);
	*t = new;
	return true;
}

int64_t *
table_add(struct table *t, uint64_t key)
{
	struct table_row *row;

	if ((t->n + 1) * 5 > t->cap * 3 && !table_grow(t))
		return NULL;
	key = key == 0 ? 1 : key;
	row = table_place(t, key);
	if (row->key == 0) {
		*row = (struct table_row){ key, 0 };
		t->n++;
	}
	return &row->value;
}

void
table_clear(struct table *t)
{
	if (t->n > 0)
		memset(t->rows, 0, t->cap * sizeof *t->rows);
	t->n = 0;
}

void
table_release(struct table *t)
{
	free(t->rows);
	*t = (struct table){ 0 };
}
