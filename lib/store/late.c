/* late.c - evidence among the rows that wait: the first of each address. */
#include "store/inside.h"
#include "wrap/hash.h"

/* The columns of evidence_put. */
enum { HASH = 2, TIME, KIND, SUB, CLASS, STRENGTH, STATE, MARKED, CLEARS,
	MESSAGE, QUEUED, SCOPE, RULE, PROVIDER, VMTA, IP, CAT, CODE, STATUS,
	REPLY, BULK, STREAM, OFFSET, LENGTH, INCIDENT, PROOF };

bool
late_add(struct store *s, const struct evidence *ev, struct err *e)
{
	const struct evidence_fact *f = &ev->fact;
	struct db_row *row = wait_row(s, WAIT_EVIDENCE, ev->address, e);

	if (row == NULL)
		return false;
	row->number[HASH] = (int64_t)hash64(ev->address);
	row->number[TIME] = f->time;
	row->number[KIND] = f->kind;
	row->number[SUB] = ev->sub;
	row->number[CLASS] = f->class;
	row->number[STRENGTH] = f->strength;
	row->number[STATE] = f->state;
	row->number[MARKED] = ev->marked;
	row->number[CLEARS] = evidence_clears(f);
	row->number[MESSAGE] = (int64_t)f->message;
	row->number[QUEUED] = ev->queued;
	row->number[SCOPE] = ev->scope;
	row->number[RULE] = f->rule;
	row->number[PROVIDER] = ev->provider;
	row->number[VMTA] = ev->vmta;
	row->number[IP] = ev->ip;
	row->number[CAT] = ev->cat;
	row->number[CODE] = ev->code;
	row->number[STATUS] = ev->status;
	row->number[REPLY] = ev->reply;
	row->number[BULK] = ev->bulk;
	row->number[STREAM] = ev->stream;
	row->number[OFFSET] = ev->offset;
	row->number[LENGTH] = ev->length;
	row->number[INCIDENT] = ev->incident;
	row->number[PROOF] = f->trust;
	return true;
}

bool
late_clears(const struct store *s, struct str address, bool *clears)
{
	const struct db_row *row = wait_find(s, WAIT_EVIDENCE, address);

	*clears = row != NULL && row->number[CLEARS] != 0;
	return row != NULL;
}

bool
late_hold(struct store *s, const struct evidence *ev, int64_t incident)
{
	struct db_row *row = wait_find(s, WAIT_EVIDENCE, ev->address);

	if (row == NULL || row->number[TIME] != ev->fact.time ||
	    row->number[KIND] != (int64_t)ev->fact.kind ||
	    row->number[SUB] != ev->sub ||
	    row->number[STATE] != EVIDENCE_COUNTS)
		return false;
	row->number[STATE] = EVIDENCE_HELD;
	row->number[INCIDENT] = incident;
	row->number[BULK] = 0;
	s->rows_at = -1;
	return true;
}
