/* late.c - evidence that waits in memory and is put in all at once. */
#include <stdlib.h>

#include "store/inside.h"
#include "wrap/hash.h"

#define LATE_MAX 512 /* rows that wait at most */

/* The columns of evidence_put. */
static void
get(const void *ctx, size_t i, struct db_row *out)
{
	const struct evidence *ev = &((const struct evidence *)ctx)[i];
	const struct evidence_fact *f = &ev->fact;

	out->text = ev->address;
	out->number[2] = (int64_t)hash64(ev->address);
	out->number[3] = f->time;
	out->number[4] = f->kind;
	out->number[5] = ev->sub;
	out->number[6] = f->class;
	out->number[7] = f->strength;
	out->number[8] = f->state;
	out->number[9] = ev->marked;
	out->number[10] = evidence_clears(f);
	out->number[11] = (int64_t)f->message;
	out->number[12] = ev->queued;
	out->number[13] = ev->scope;
	out->number[14] = f->rule;
	out->number[15] = ev->provider;
	out->number[16] = ev->vmta;
	out->number[17] = ev->ip;
	out->number[18] = ev->cat;
	out->number[19] = ev->code;
	out->number[20] = ev->status;
	out->number[21] = ev->reply;
	out->number[22] = ev->bulk;
	out->number[23] = ev->stream;
	out->number[24] = ev->offset;
	out->number[25] = ev->length;
	out->number[26] = ev->incident;
	out->number[27] = f->trust;
}

struct evidence *
late_find(const struct store *s, struct str address)
{
	const int64_t *at = s->late.n == 0 ? NULL
	    : table_find(&s->late.at, hash64(address));
	struct evidence *ev = at == NULL ? NULL : &s->late.of[*at];

	return ev != NULL && str_eq(ev->address, address) ? ev : NULL;
}

void
late_about(struct store *s, struct str address)
{
	s->late.others = s->late.n > 0 &&
	    table_find(&s->late.at, hash64(address)) == NULL;
}

void
late_forget(struct store *s)
{
	s->late.n = 0;
	s->late.others = false;
	table_clear(&s->late.at);
	arena_release(&s->late.texts);
}

bool
late_settle(struct store *s, struct err *e)
{
	struct db_rows rows = { s->late.n, get, s->late.of };
	bool others = s->late.others, ok;

	s->late.others = false;
	if (s->late.n == 0 || others)
		return true;
	s->late.n = 0;
	ok = db_run_rows(s->db, SQL_EVIDENCE_PUT, &rows, e);
	late_forget(s);
	return ok;
}

bool
late_add(struct store *s, const struct evidence *ev, uint64_t hash,
    struct err *e)
{
	struct late *l = &s->late;
	char *address;
	int64_t *at;

	if (l->n == LATE_MAX && !late_settle(s, e))
		return false;
	if (l->of == NULL)
		l->of = calloc(LATE_MAX, sizeof *l->of);
	address = arena_text(&l->texts, ev->address);
	at = table_add(&l->at, hash);
	if (l->of == NULL || address == NULL || at == NULL)
		return err_memory(e);
	*at = (int64_t)l->n;
	l->of[l->n] = *ev;
	l->of[l->n++].address.p = address;
	return true;
}

bool
late_hold(struct store *s, const struct evidence *ev, int64_t incident)
{
	struct evidence *l = late_find(s, ev->address);

	if (l == NULL || l->fact.time != ev->fact.time ||
	    l->fact.kind != ev->fact.kind || l->sub != ev->sub ||
	    l->fact.state != EVIDENCE_COUNTS)
		return false;
	l->fact.state = EVIDENCE_HELD;
	l->marked = ev->fact.time;
	l->incident = incident;
	l->bulk = 0;
	s->rows_at = -1;
	return true;
}

void
late_release(struct store *s)
{
	late_forget(s);
	table_release(&s->late.at);
	free(s->late.of);
	s->late = (struct late){ 0 };
}
