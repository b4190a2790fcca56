/* storm.c - when so many fail at once that the cause is not theirs; pure. */
#include "policy/storm.h"

#include <stdio.h>

#include "base/clock.h"

const struct storm_settings STORM_DEFAULTS = {
	.recipients = 50,
	.share = 100,
	.young_share = 4000,
	.factor = 5,
	.window = CLOCK_DAY,
	.quiet = 3600,
	.breaker_floor = 250,
	.breaker_share = 500,
	.report_floor = 100,
	.report_share = 100,
	.complaint_floor = 100,
	.complaint_share = 100,
};

const int64_t STORM_WINDOW_SPAN[STORM_WINDOWS] = { 600, 3600, CLOCK_DAY };
static const char *const WINDOW_NAME[STORM_WINDOWS] = { "10 minutes",
	"an hour", "a day" };

enum storm_kind
storm_kind(enum class c)
{
	switch (c) {
	case CLASS_TEMP_GREYLIST:
	case CLASS_TEMP_EXPIRED:
	case CLASS_REFUSED_LISTEXP:
	case CLASS_SELF_SUPPRESSED:
	case CLASS_SELF_DELETED:
	case CLASS_SELF_NODELIVERY:
		return STORM_NEVER;
	default:
		break;
	}
	if (policy_ladder(c) != LADDER_NONE)
		return STORM_HELD;
	return c < CLASS_DSN_DELAYED ? STORM_TOLD : STORM_NEVER;
}

/* Those who fail and are known to have taken mail: without the wrong answers
 * that the filters give. */
static int64_t
living(const struct storm_look *l, const struct storm_count *c)
{
	int64_t wrong = (int64_t)(l->false_rate * (double)c->recipients);

	if (l->young || l->fault_is_ours)
		return c->recipients;
	return c->accepted > wrong ? c->accepted - wrong : 0;
}

/* Nobody can tell the living from the dead yet: then it takes more of them. */
static bool
is_blind(const struct storm_look *l)
{
	return l->young && !l->fault_is_ours;
}

static int64_t
floor_of(const struct storm_settings *s, const struct storm_look *l)
{
	return is_blind(l) ? s->recipients * s->factor : s->recipients;
}

bool
storm_near(const struct storm_settings *s, const struct storm_look *l,
    size_t window)
{
	return living(l, &l->window[window]) >= floor_of(s, l);
}

int64_t
storm_usual(const struct storm_settings *s, int64_t n, int64_t in_storm,
    int64_t attempts)
{
	int64_t most = attempts * s->share / STORM_WHOLE;

	return n - in_storm + (in_storm < most ? in_storm : most);
}

/* Of what in 10,000 attempts the line is drawn. */
static int64_t
line_of(const struct storm_settings *s, const struct storm_look *l,
    const struct storm_base *b)
{
	int64_t line = is_blind(l) ? s->young_share : s->share;
	const struct storm_count *w = &b->four_weeks;
	int64_t before;

	if (!b->whole || w->attempts == 0)
		return line;
	before = living(l, w) * STORM_WHOLE / w->attempts * s->factor;
	return before > line ? before : line;
}

bool
storm_is(const struct storm_settings *s, const struct storm_look *l,
    const struct storm_base *b, char *text, size_t cap)
{
	int64_t line = line_of(s, l, b);

	/* Who never sends d rows has no attempts that anything is a share
	 * of. */
	if (!b->deliveries && !l->fault_is_ours && !l->everywhere)
		return false;
	for (size_t i = 0; i < STORM_WINDOWS; i++) {
		const struct storm_count *c = &l->window[i];
		int64_t n = living(l, c);

		if (n < floor_of(s, l) || c->attempts == 0 ||
		    n * STORM_WHOLE < c->attempts * line)
			continue;
		if (cap > 0)
			snprintf(text, cap, "%lld recipients%s of %lld "
			    "attempts in %s, the line is %lld.%02lld %%%s",
			    (long long)n, l->young || l->fault_is_ours ? ""
			        : " that took mail lately",
			    (long long)c->attempts, WINDOW_NAME[i],
			    (long long)(line / 100), (long long)(line % 100),
			    is_blind(l) ? "; nobody knows yet who took mail"
			                : "");
		return true;
	}
	return false;
}

static int64_t
run_line(const struct storm_settings *s)
{
	int64_t line = s->share * s->factor;

	return line < STORM_WHOLE / 4 ? line : STORM_WHOLE / 4;
}

/* Where half of the attempts fail, the score is there with the recipients that
 * make a storm. */
static int64_t
run_height(const struct storm_settings *s)
{
	return s->recipients * (STORM_WHOLE - 2 * run_line(s));
}

#define RUN_MOST 2000000000 /* what a cell of share.h holds */

int64_t
storm_run(const struct storm_settings *s, int64_t score, int64_t attempts)
{
	int64_t most = 2 * run_height(s);

	most = most < RUN_MOST ? most : RUN_MOST;
	score -= attempts * run_line(s);
	score = (score > 0 ? score : 0) + STORM_WHOLE;
	/* It must be over soon when mail is taken again. */
	return score < most ? score : most;
}

bool
storm_run_is(const struct storm_settings *s, int64_t score,
    const struct storm_base *b, char *text, size_t cap)
{
	const struct storm_count *w = &b->four_weeks;
	int64_t line = run_line(s);

	if (score < run_height(s) || !b->deliveries)
		return false;
	/* Where that many fail on any day, a run is no news. */
	if (b->whole && w->attempts > 0 &&
	    b->calm * STORM_WHOLE / w->attempts * s->factor > line)
		return false;
	snprintf(text, cap, "a run of failures of recipients that took mail "
	    "lately, far over %lld.%02lld %% of the latest attempts",
	    (long long)(line / 100), (long long)(line % 100));
	return true;
}

#define FOUR_WEEKS_HOURS (28 * 24)

bool
storm_of_reports(const struct storm_settings *s, int64_t hour, int64_t day,
    const struct storm_base *b, char *text, size_t cap)
{
	int64_t before = b->four_weeks.recipients * s->factor /
	    FOUR_WEEKS_HOURS;
	int64_t line = day * s->report_share / STORM_WHOLE;

	line = before > line ? before : line;
	line = line > s->report_floor ? line : s->report_floor;
	if (hour <= line)
		return false;
	snprintf(text, cap, "%lld reports in an hour, the line is %lld",
	    (long long)hour, (long long)line);
	return true;
}

int64_t
storm_floor(const struct storm_settings *s, int64_t group)
{
	return group == STORM_LISTED ? s->breaker_floor
	    : group == STORM_COMPLAINED ? s->complaint_floor
	    : s->report_floor;
}

/* A few hours do not tell what is usual. */
#define PAST_HOURS 96

int64_t
storm_breaker(const struct storm_settings *s, int64_t group, int64_t day,
    int64_t entries, int64_t hours)
{
	int64_t floor = storm_floor(s, group);
	int64_t share = group == STORM_LISTED ? s->breaker_share
	    : group == STORM_REPORTED ? s->report_share : s->complaint_share;
	int64_t by_volume = day * share / STORM_WHOLE;
	int64_t by_past = group == STORM_LISTED ? 0 : entries * s->factor /
	    (hours > PAST_HOURS ? hours : PAST_HOURS);

	if (by_volume > floor)
		floor = by_volume;
	return by_past > floor ? by_past : floor;
}
