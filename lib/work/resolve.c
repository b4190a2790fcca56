/* resolve.c - of how many reports the recipient can be told. */
#include "work/resolve.h"

#include "base/clock.h"
#include "store/share.h"
#include "work/inside.h"

static const enum kind KINDS[RESOLVE_KINDS] = { KIND_F, KIND_MF, KIND_RB,
	KIND_MB, KIND_MU };

/* As share_key's class; stored, it never changes. */
static int64_t
group_of(enum kind k, enum resolve r, enum road road)
{
	return (road == ROAD_FILE ? 600 : 400) + (int64_t)k * 8 + (int64_t)r;
}

static bool
has_kind(enum kind k)
{
	for (size_t i = 0; i < COUNT(KINDS); i++)
		if (KINDS[i] == k)
			return true;
	return false;
}

static bool
add(struct work *w, enum kind k, enum resolve r, enum road road, int64_t time,
    struct err *e)
{
	struct share_key key = { .class = group_of(k, r, road) };

	return share_add(w->store, &key, time, 1, 0, e);
}

/* Other reasons to skip say nothing about the recipient. */
bool
resolve_event(struct work *w, const struct event *ev, enum skip why,
    const struct place *at, struct err *e)
{
	bool lacks = why == SKIP_NO_RECIPIENT || why == SKIP_BAD_ADDRESS ||
	    why == SKIP_REDACTED || why == SKIP_VERP;

	if (!has_kind(ev->kind) || (at->known && ev->address[0] != '\0') ||
	    ev->time <= 0 || ev->time > w->now + CLOCK_DAY ||
	    (!lacks && why != SKIP_NONE))
		return true;
	return add(w, ev->kind, lacks ? RESOLVE_NOT
	    : ev->found == FOUND_NONE ? RESOLVE_NAMED
	    : (enum resolve)ev->found, at->stream->road, ev->time, e);
}

bool
resolve_trust(struct work *w, const struct evidence_fact *f, struct err *e)
{
	if (!has_kind(f->kind))
		return true;
	if (f->state == EVIDENCE_UNVERIFIED)
		return add(w, f->kind, RESOLVE_UNVERIFIED, ROAD_PIPE, f->time,
		    e);
	if (f->trust == TRUST_PLAIN)
		return true;
	return add(w, f->kind, f->trust == TRUST_SIGNED ? RESOLVE_PROVED
	    : RESOLVE_DOUBTED, ROAD_PIPE, f->time, e);
}

/* What came by both roads came once: the larger of the two. */
static bool
sum_of(struct store *s, enum kind k, enum resolve r, int64_t from, int64_t *n,
    struct err *e)
{
	*n = 0;
	for (enum road road = ROAD_PIPE; road <= ROAD_FILE; road++) {
		struct share_key key = { .class = group_of(k, r, road) };
		struct share_sum sum;

		if (!share_span(s, &key, from, INT64_MAX, &sum, NULL, e))
			return false;
		if (sum.n > *n)
			*n = sum.n;
	}
	return true;
}

bool
resolve_list(struct store *s, struct resolve_row rows[RESOLVE_KINDS],
    size_t *n, struct err *e)
{
	int64_t now;

	*n = 0;
	if (!store_horizon_read(s, &now, e))
		return false;
	for (size_t i = 0; i < COUNT(KINDS); i++) {
		struct resolve_row *row = &rows[*n];
		int64_t any = 0;

		*row = (struct resolve_row){ .kind = KINDS[i] };
		for (unsigned r = 0; r < RESOLVE_COUNT; r++) {
			enum kind k = KINDS[i];

			if (!sum_of(s, k, (enum resolve)r, now - 28 *
			    CLOCK_DAY, &row->weeks[r], e) || !sum_of(s, k,
			    (enum resolve)r, now - CLOCK_DAY, &row->day[r], e))
				return false;
			any += row->weeks[r];
		}
		*n += any > 0;
	}
	return true;
}
