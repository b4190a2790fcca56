/* fault_calls.h - what may be asked and done with a list, call by call. */
#ifndef FAULT_CALLS_H
#define FAULT_CALLS_H

#include "fault_scene.h"

#define CALLS_NOW (INT64_C(1709251200) + 90 * 86400)
#define CALLS_WHO STR("user:fault")

/* A list with something of all there is in it. */
struct calls {
	struct scene scene;  /* open */
	int64_t incident;    /* that holds evidence and entries */
	int64_t bulk, run;   /* of an import; of one by key */
	uint64_t answer;     /* all that a call told, as a hash */
	uint64_t rows;       /* what its function was given */
	bool refuse;         /* the function gives up at its first row */
};

struct call {
	const char *name;
	bool (*run)(struct calls *c, struct err *e);
	bool writes; /* in a batch that is never committed */
};

extern const struct call CALLS_ASK[], CALLS_CHANGE[];
extern const size_t CALLS_ASK_N, CALLS_CHANGE_N;

/* Adds what the scene lacks; committed. */
bool calls_prepare(struct calls *c, struct err *e);

/* For the functions that calls give rows to. */
bool calls_number(struct calls *c, int64_t n, struct err *e);
bool calls_text(struct calls *c, struct str s, struct err *e);

#endif
