/*
 * world.h - a sender, the providers it writes to, and the time that passes:
 * rows in the order of event time go through the real road into a real
 * database, and a consumer keeps a list of its own by the change feed alone.
 */
#ifndef STORM_WORLD_H
#define STORM_WORLD_H

#include "base/buf.h"
#include "store/incident.h"
#include "work/work.h"

#define PEOPLE_MAX 600000 /* numbers of recipients, over all providers */

/* The first second of the simulated months: Thursday, 1 October 2020. */
#define WORLD_BEGIN INT64_C(1601510400)

struct world {
	struct config config;
	struct store *store;
	struct rules *rules;
	struct work *work;
	char dir[64];
	struct buf rows;       /* waiting, whole ones */
	uint64_t rows_written;
	uint64_t streams;      /* sources so far; each has a name of its own */
	enum road road;
	uint64_t batch;        /* rows a commit; 0: as the settings say */
	uint64_t kills;        /* of 1,000 batches, how many are lost first */
	uint64_t dice;
	struct buf kept;       /* all rows since world_keep(), for a replay */
	bool keep;
	/* The consumer of the feed. */
	int64_t cursor;
	bool *listed;          /* by number of a recipient */
	int64_t n_listed, n_domains, withdrawn;
	uint8_t *ever;         /* was on the list at some time */
};

/* A new database in a folder of its own; any failure ends the program. */
void world_open(struct world *w);
void world_close(struct world *w);
/* As if the program had ended and were started again. */
void world_restart(struct world *w);
_Noreturn void world_die(const char *what, const struct err *e);

/* 0 .. sides - 1, by the seed. */
uint64_t world_roll(struct world *w, uint64_t sides);

/* One row of the default columns. */
struct row {
	const char *type;      /* "b", "d", "t", "rb" */
	int64_t time;
	uint32_t person;
	const char *domain;    /* its number is put for the first '#' */
	const char *mta;       /* dsnMta */
	const char *status, *diag; /* '#' is put in a number that varies */
	const char *cat;
	const char *orig;      /* NULL: the newsletter's */
	int64_t queued;        /* 0: the start of the day */
};
void world_row(struct world *w, const struct row *r);
void world_text(struct world *w, const char *text); /* other rows, mails */
/* What waits is worked on and committed; the consumer reads the feed. */
void world_flush(struct world *w);
/* Works on a text as a source of its own. */
void world_source(struct world *w, struct str text, enum road road);

/* ---- what came of it ---- */
struct incidents {
	int64_t n, storms, faults, breakers, reports, complaints;
	int64_t held;          /* addresses, of all of them */
	int64_t id;            /* of the newest that holds */
	int64_t opened;        /* when the first did; 0: none */
};
void world_incidents(struct world *w, struct incidents *out);
int64_t world_active(struct world *w);
int64_t world_held(struct world *w);
int64_t world_listed(const struct world *w, uint32_t from, uint32_t to);
/* The whole database as text; and all incidents, appended. */
void world_dump(struct world *w, struct buf *out);
void world_incident_text(struct world *w, struct buf *out);
/* incident_settle() in a batch; the number of its bulk. */
int64_t world_settle(struct world *w, int64_t incident, bool drop);
/* Removes all that is listed, as `remove` does; the number of its bulk. */
int64_t world_remove(struct world *w);
int64_t world_undo(struct world *w, int64_t bulk);

#endif
