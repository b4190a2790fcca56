/* journal_clean.c - deletes what is worked on and old. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "work/journal_parts.h"

struct clean {
	struct journal *j;
	const struct journal_clean *how;
	struct parts all;
	struct part **old; /* segments that may go; as many rows as all has */
	size_t n;
	uint64_t bytes; /* of all that may go */
	uint64_t deleted;
};

/* Whether nobody writes to the stream's last segment any more. */
static bool
stream_free(struct journal *j, const struct part *first)
{
	struct err e = { 0 };
	int lock;

	if (first->kind != PART_STREAM)
		return true;
	if (!journal_claim(j, first->name, &lock, &e) || lock < 0)
		return false;
	close(lock);
	return true;
}

/* Whether part i is the last segment of its stream. */
static bool
is_last(const struct parts *all, size_t i)
{
	return i + 1 == all->n || all->row[i + 1].kind != PART_SEGMENT ||
	    strcmp(all->row[i + 1].name, all->row[i].name) != 0;
}

/* Notes which segments of rows [from, to), one stream, may go. */
static void
clean_judge(struct clean *c, size_t from, size_t to)
{
	struct part *row = c->all.row;
	uint64_t worked = c->how->worked(c->how->ctx, row[from].name);

	if (worked == UINT64_MAX)
		return;
	for (size_t i = from; i < to; i++) {
		if (row[i].kind != PART_SEGMENT ||
		    row[i].offset + row[i].size > worked)
			continue;
		if (is_last(&c->all, i) && !stream_free(c->j, &row[from]))
			continue;
		c->old[c->n++] = &row[i];
		c->bytes += row[i].size;
	}
}

static int
old_order(const void *a, const void *b)
{
	const struct part *x = *(struct part *const *)a;
	const struct part *y = *(struct part *const *)b;

	if (x->changed != y->changed)
		return x->changed < y->changed ? -1 : 1;
	if (x->offset != y->offset)
		return x->offset < y->offset ? -1 : 1;
	return strcmp(x->name, y->name);
}

/* What a segment came to is on the disk before the segment goes; once for all
 * of them. */
static bool
may_delete(const struct clean *c, struct err *e)
{
	return c->deleted > 0 || c->how->sync == NULL ||
	    c->how->sync(c->how->ctx, e);
}

static bool
clean_segments(struct clean *c, struct err *e)
{
	char file[PART_NAME_MAX];

	if (c->n > 0)
		qsort(c->old, c->n, sizeof *c->old, old_order);
	for (size_t i = 0; i < c->n; i++) {
		struct part *p = c->old[i];

		if (p->changed > c->how->now - c->how->keep &&
		    c->bytes <= c->how->max_bytes)
			break;
		if (!may_delete(c, e))
			return false;
		part_name(p, file);
		if (unlinkat(c->j->fd, file, 0) != 0 && errno != ENOENT)
			return journal_error(c->j, file, "delete", e);
		p->gone = true;
		c->bytes -= p->size;
		c->deleted++;
	}
	return true;
}

/* Deletes the stream's file when it has no segment left and nobody's lock; our
 * own lock is held meanwhile, so nobody can claim what is about to go. */
static bool
clean_stream(struct journal *j, const char *name, struct err *e)
{
	struct part p = { .kind = PART_STREAM };
	char file[PART_NAME_MAX];
	struct parts left;
	bool empty = false;
	bool ok = true;
	int lock;

	if (!journal_claim(j, name, &lock, e))
		return false;
	if (lock < 0)
		return true;
	if (parts_list(j, name, &left, e))
		empty = left.n == 1 && left.row[0].kind == PART_STREAM;
	else
		ok = false;
	parts_release(&left);
	(void)str_copy(str_from(name), p.name, sizeof p.name);
	part_name(&p, file);
	if (empty && unlinkat(j->fd, file, 0) != 0 && errno != ENOENT)
		ok = journal_error(j, file, "delete", e);
	close(lock);
	return ok;
}

/* Whether rows [from, to) are a stream and segments that all have gone. */
static bool
nothing_left(const struct clean *c, size_t from, size_t to)
{
	if (c->all.row[from].kind != PART_STREAM)
		return false;
	for (size_t i = from + 1; i < to; i++)
		if (!c->all.row[i].gone)
			return false;
	return true;
}

/* Calls fn for each run of rows that are one stream's. */
static bool
each_stream(struct clean *c,
    bool (*fn)(struct clean *c, size_t from, size_t to, struct err *e),
    struct err *e)
{
	bool ok = true;

	for (size_t i = 0, end; ok && i < c->all.n; i = end) {
		for (end = i + 1; end < c->all.n &&
		     strcmp(c->all.row[end].name, c->all.row[i].name) == 0;)
			end++;
		ok = fn(c, i, end, e);
	}
	return ok;
}

static bool
judge_one(struct clean *c, size_t from, size_t to, struct err *e)
{
	(void)e;
	clean_judge(c, from, to);
	return true;
}

static bool
finish_one(struct clean *c, size_t from, size_t to, struct err *e)
{
	return !nothing_left(c, from, to) ||
	    clean_stream(c->j, c->all.row[from].name, e);
}

bool
journal_clean(struct journal *j, const struct journal_clean *how,
    uint64_t *deleted, struct err *e)
{
	struct clean c = { .j = j, .how = how };
	bool ok = false;

	*deleted = 0;
	if (!parts_list(j, NULL, &c.all, e))
		goto out;
	c.old = calloc(c.all.n + 1, sizeof *c.old);
	if (c.old == NULL) {
		err_memory(e);
		goto out;
	}
	ok = each_stream(&c, judge_one, e) && clean_segments(&c, e) &&
	    each_stream(&c, finish_one, e);
	*deleted = c.deleted;
out:
	free(c.old);
	parts_release(&c.all);
	return ok;
}

bool
journal_forget(struct journal *j, const char *name, struct err *e)
{
	char file[PART_NAME_MAX];
	struct parts all;
	bool ok = parts_list(j, name, &all, e);

	/* The stream's file, which is the first, goes last: without it nobody
	 * looks for the rest. */
	for (size_t i = all.n; ok && i > 0; i--) {
		part_name(&all.row[i - 1], file);
		ok = unlinkat(j->fd, file, 0) == 0 || errno == ENOENT ||
		    journal_error(j, file, "delete", e);
	}
	parts_release(&all);
	return ok;
}
