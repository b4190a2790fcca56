/*
 * storm_sim - what a storm, a breaker and a forger can do to the list:
 * generated traffic of simulated months through the real road, and a table of
 * the figures. storm_sim [--short] [SCENARIO ...]; exit 1 when one is not as
 * it should be.
 */
#include "storm_sim.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"

static const struct scenario {
	const char *name;
	sim_fn *run;
} SCENARIOS[] = {
	{ "blocklist", sim_blocklist },
	{ "greeting", sim_greeting },
	{ "gmail", sim_gmail },
	{ "import", sim_import },
	{ "resolver", sim_resolver },
	{ "small", sim_small },
	{ "only-bounces", sim_only_bounces },
	{ "first", sim_first },
	{ "forged-bounces", sim_forged_bounces },
	{ "forged-complaints", sim_forged_complaints },
	{ "signed", sim_signed },
	{ "genuine", sim_genuine },
	{ "undo", sim_undo },
	{ "kills", sim_kills },
};

void
sim_figure(struct sim *s, const char *what, int64_t got, enum wanted wanted,
    int64_t bound)
{
	static const char *const WORDS[] = { "", "at most ", "at least " };
	bool ok = wanted == IS ? got == bound : wanted == MOST ? got <= bound
	    : got >= bound;

	printf("%-4s  %-64s %8lld  %s%lld\n", ok ? "pass" : "FAIL", what,
	    (long long)got, WORDS[wanted], (long long)bound);
	fflush(stdout);
	s->failed += !ok;
}

static bool
is_asked(const char *name, char **names)
{
	for (char **n = names; *n != NULL; n++)
		if (strcmp(*n, name) == 0)
			return true;
	return *names == NULL;
}

int
main(int argc, char **argv)
{
	struct sim s = { .is_short = argc > 1 &&
	    strcmp(argv[1], "--short") == 0 };
	char **names = argv + (argc > 0) + s.is_short;

	for (size_t i = 0; i < COUNT(SCENARIOS); i++) {
		int64_t began = clock_ticks();

		if (!is_asked(SCENARIOS[i].name, names))
			continue;
		s.scenario = SCENARIOS[i].name;
		SCENARIOS[i].run(&s);
		printf("      %s took %lld ms\n", s.scenario,
		    (long long)(clock_ticks() - began));
	}
	printf("%lld figures are not as they should be\n",
	    (long long)s.failed);
	return s.failed > 0;
}
