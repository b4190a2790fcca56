/* incident_page.h - what a person is told of one incident: how much came, what
 * was replied, and to which of ours. Whatever the size of the database, only
 * what belongs to the incident, or to its time, is read. */
#ifndef STORE_INCIDENT_PAGE_H
#define STORE_INCIDENT_PAGE_H

#include "store/incident.h"

#define INCIDENT_SPAN_MAX (INT64_C(7) * 86400) /* of an incident's time that
                                                * figures are of: its last */

struct incident_figures {
	int64_t from, to;   /* the time that the next three are of */
	int64_t recipients; /* that fail, on each day; of a breaker (also that
	                     * of reports, of complaints) new entries that
	                     * came */
	int64_t accepted;   /* of them, who took mail lately; of a breaker those
	                     * that passed */
	int64_t attempts;   /* of the provider */
	int64_t first;      /* the first of them, to ten minutes; 0: none */
	int64_t held, held_all; /* addresses: now, and ever */
	int64_t bulk;       /* that settled it; 0: it is not settled */
};
bool incident_figures(struct store *s, const struct incident *in,
    struct incident_figures *out, struct err *e);

/* One reply of an incident. */
struct incident_reply {
	int64_t n;
	struct str provider, folded, sample;
	struct str rule;      /* empty: only counted, not held */
	enum class class;
	int64_t code, status; /* 0: as rule */
};
typedef bool incident_reply_fn(void *ctx, const struct incident_reply *r,
    struct err *e);
/* By volume, at most limit: of what it holds or held; when that is nothing, as
 * in a fault of our own, of what was counted of its class in f's time. */
bool incident_replies(struct store *s, const struct incident *in,
    const struct incident_figures *f, int64_t limit, incident_reply_fn *fn,
    void *ctx, struct err *e);

/* Which of ours were told so, the same way; what was only counted has all IPs
 * of a vmta in one text, blanks between them. */
struct incident_ours {
	int64_t n;
	struct str vmta, ip;
};
typedef bool incident_ours_fn(void *ctx, const struct incident_ours *o,
    struct err *e);
bool incident_ours(struct store *s, const struct incident *in,
    const struct incident_figures *f, int64_t limit, incident_ours_fn *fn,
    void *ctx, struct err *e);

/* The incident that holds evidence on address, among its newest; 0: none. */
bool incident_of(struct store *s, struct str address, int64_t *incident,
    struct err *e);

#endif
