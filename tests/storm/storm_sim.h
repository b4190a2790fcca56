/* storm_sim.h - scenarios, and the table of what came of them. */
#ifndef STORM_SIM_H
#define STORM_SIM_H

#include "world.h"

enum wanted { IS, MOST, LEAST };

/* How much is done: the short form takes seconds. */
struct sim {
	bool is_short;
	const char *scenario;  /* that is running */
	int64_t failed, rows;
};

/* One row of the table. */
void sim_figure(struct sim *s, const char *what, int64_t got,
    enum wanted wanted, int64_t bound);

typedef void sim_fn(struct sim *s);
sim_fn sim_blocklist, sim_greeting, sim_import, sim_resolver, sim_first;
sim_fn sim_gmail, sim_small, sim_only_bounces;
sim_fn sim_forged_bounces, sim_forged_complaints, sim_signed, sim_genuine;
sim_fn sim_undo, sim_kills;

#endif
