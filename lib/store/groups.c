/* groups.c - rows counted by what they have in common, in memory. */
#include "store/groups.h"

#include <stdlib.h>
#include <string.h>

#include "wrap/hash.h"

#define GROUPS_FIRST 64

static bool
grow(struct groups *g)
{
	size_t cap = g->cap == 0 ? GROUPS_FIRST : g->cap * 2;
	struct group *list = reallocarray(g->list, cap, sizeof *list);

	if (list == NULL)
		return false;
	g->list = list;
	g->cap = cap;
	return true;
}

struct group *
groups_at(struct groups *g, const int64_t key[GROUP_KEYS], struct err *e)
{
	int64_t *at = table_add(&g->at, hash64(str_of((const char *)key,
	    GROUP_KEYS * sizeof *key)));
	struct group *new;

	if (at == NULL || (g->n == g->cap && !grow(g))) {
		err_memory(e);
		return NULL;
	}
	if (*at == 0) {
		new = &g->list[g->n];
		*at = (int64_t)++g->n;
		*new = (struct group){ .first = INT64_MAX, .last = INT64_MIN };
		memcpy(new->key, key, sizeof new->key);
	}
	return &g->list[*at - 1];
}

void
group_add(struct group *to, int64_t n, int64_t first, int64_t last)
{
	to->n += n;
	to->first = first < to->first ? first : to->first;
	to->last = last > to->last ? last : to->last;
}

/* The whole that a group is a part of; NULL: no memory. */
static struct group *
whole_of(struct groups *wholes, const struct group *part, size_t common,
    struct err *e)
{
	int64_t key[GROUP_KEYS] = { 0 };

	memcpy(key, part->key, common * sizeof *key);
	return groups_at(wholes, key, e);
}

static bool
add_wholes(struct groups *wholes, const struct groups *parts, size_t common,
    struct err *e)
{
	for (size_t i = 0; i < parts->n; i++) {
		const struct group *part = &parts->list[i];
		struct group *whole = whole_of(wholes, part, common, e);

		if (whole == NULL)
			return false;
		group_add(whole, part->n, part->first, part->last);
	}
	return true;
}

static int
most_first(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x < y) - (x > y);
}

/* The rows of the last of the first `limit`. */
static bool
least_of(const struct groups *wholes, int64_t limit, int64_t *least,
    struct err *e)
{
	int64_t *n = malloc((wholes->n + 1) * sizeof *n);

	*least = 0;
	if (n == NULL)
		return err_memory(e);
	for (size_t i = 0; i < wholes->n; i++)
		n[i] = wholes->list[i].n;
	qsort(n, wholes->n, sizeof *n, most_first);
	if (limit > 0 && (uint64_t)limit <= wholes->n)
		*least = n[limit - 1];
	free(n);
	return true;
}

static bool
keep_from(struct groups *g, struct groups *wholes, size_t common,
    int64_t least, struct err *e)
{
	size_t kept = 0;

	for (size_t i = 0; i < g->n; i++) {
		struct group *whole = whole_of(wholes, &g->list[i], common, e);

		if (whole == NULL)
			return false;
		if (whole->n >= least)
			g->list[kept++] = g->list[i];
	}
	g->n = kept;
	return true;
}

bool
groups_keep_most(struct groups *g, size_t common, int64_t limit, struct err *e)
{
	struct groups wholes = { 0 };
	int64_t least;
	bool ok = add_wholes(&wholes, g, common, e) &&
	    least_of(&wholes, limit, &least, e) &&
	    keep_from(g, &wholes, common, least, e);

	groups_release(&wholes);
	return ok;
}

static void
get(const void *ctx, size_t i, struct db_row *out)
{
	const struct group *one = &((const struct groups *)ctx)->list[i];

	out->text = (struct str){ 0 };
	memcpy(&out->number[1], one->key, sizeof one->key);
	out->number[GROUP_KEYS + 1] = one->n;
	out->number[GROUP_KEYS + 2] = one->first;
	out->number[GROUP_KEYS + 3] = one->last;
}

struct db_rows
groups_rows(const struct groups *g)
{
	return (struct db_rows){ g->n, get, g };
}

void
groups_release(struct groups *g)
{
	free(g->list);
	table_release(&g->at);
	*g = (struct groups){ 0 };
}
