/* import_sort.c - the rows of an import in the order of the database: written
 * in that order, a page is touched once. */
#include "import_sort.h"

#include <stdlib.h>
#include <string.h>

/* The first bytes stand beside the number: most comparisons need no more. */
struct sort_key {
	uint64_t head;
	uint32_t row;
};

static uint64_t
head_of(const char *s)
{
	uint64_t head = 0;

	for (int i = 0; i < 8; i++) {
		head = head << 8 | (unsigned char)*s;
		s += *s != '\0';
	}
	return head;
}

static int
compare_rest(const struct import_list *l, uint32_t a, uint32_t b)
{
	const struct import_row *x = &l->rows[a];
	const struct import_row *y = &l->rows[b];
	const struct import_more *mx = &l->more[x->more];
	const struct import_more *my = &l->more[y->more];
	int order = strcmp(l->text.p + x->key, l->text.p + y->key);

	if (order == 0 && mx != my)
		order = str_cmp(import_list_text(l, mx->scope),
		    import_list_text(l, my->scope));
	if (order == 0)
		order = (mx->class > my->class) - (mx->class < my->class);
	if (order == 0)
		order = (a > b) - (a < b);
	return order;
}

static int
compare(const void *a, const void *b, void *ctx)
{
	const struct sort_key *x = a;
	const struct sort_key *y = b;

	if (x->head != y->head)
		return x->head < y->head ? -1 : 1;
	return compare_rest(ctx, x->row, y->row);
}

/* Of rows for the same entry the first counts. */
static void
mark_twice(struct import_list *l, uint32_t before, uint32_t row)
{
	const struct import_row *a = &l->rows[before];
	struct import_row *b = &l->rows[row];
	const struct import_more *ma = &l->more[a->more];
	const struct import_more *mb = &l->more[b->more];

	b->twice = strcmp(l->text.p + a->key, l->text.p + b->key) == 0 &&
	    ma->class == mb->class &&
	    str_eq(import_list_text(l, ma->scope),
		import_list_text(l, mb->scope));
	l->twice += b->twice;
}

bool
import_sort(struct import_list *l, struct err *e)
{
	struct sort_key *keys = calloc(l->n + 1, sizeof *keys);
	size_t n = 0;

	l->order = calloc(l->n + 1, sizeof *l->order);
	if (keys == NULL || l->order == NULL) {
		free(keys);
		return err_memory(e);
	}
	for (size_t i = 0; i < l->n; i++)
		if (l->rows[i].why == 0)
			keys[n++] = (struct sort_key){
				.head = head_of(l->text.p + l->rows[i].key),
				.row = (uint32_t)i,
			};
	qsort_r(keys, n, sizeof *keys, compare, l);
	for (size_t i = 0; i < n; i++) {
		l->order[i] = keys[i].row;
		if (i > 0)
			mark_twice(l, keys[i - 1].row, keys[i].row);
	}
	l->n_order = n;
	free(keys);
	return true;
}
