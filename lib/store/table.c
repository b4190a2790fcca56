/* table.c - a map from 64-bit keys to numbers, in memory. */
#include "store/table.h"

#include <stdlib.h>
#include <string.h>

#define TABLE_FIRST 64

static struct table_row *
table_place(struct table_row *rows, size_t cap, uint64_t key)
{
	size_t i = table_slot(cap, key);

	while (rows[i].key != 0 && rows[i].key != key)
		i = (i + 1) & (cap - 1);
	return &rows[i];
}

int64_t *
table_find(const struct table *t, uint64_t key)
{
	struct table_row *row;

	if (t->n == 0)
		return NULL;
	row = table_place(t->rows, t->cap, key == 0 ? 1 : key);
	return row->key == 0 ? NULL : &row->value;
}

static bool
table_grow(struct table *t)
{
	size_t cap = t->cap == 0 ? TABLE_FIRST : t->cap * 2;
	struct table_row *rows = calloc(cap, sizeof *rows);

	if (rows == NULL)
		return false;
	for (size_t i = 0; i < t->cap; i++)
		if (t->rows[i].key != 0)
			*table_place(rows, cap, t->rows[i].key) = t->rows[i];
	free(t->rows);
	t->rows = rows;
	t->cap = cap;
	return true;
}

int64_t *
table_add(struct table *t, uint64_t key)
{
	struct table_row *row;

	if ((t->n + 1) * 5 > t->cap * 3 && !table_grow(t))
		return NULL;
	key = key == 0 ? 1 : key;
	row = table_place(t->rows, t->cap, key);
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
