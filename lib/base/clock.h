/* clock.h - the time of day, and time as text. */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stdint.h>

#include "base/str.h"

#define CLOCK_TEXT 21 /* "2026-11-21T07:57:27Z" and its NUL */
#define CLOCK_DAY 86400

/* Seconds since 1970 UTC. Only programs ask; what depends on time below
 * them takes it as an argument, so tests say what time it is. */
int64_t clock_now(void);
/* Milliseconds that only go forward, for waiting. */
int64_t clock_ticks(void);

/*
 * UTC seconds of PowerMTA's forms: "2019-02-08 21:53:41+0000"
 * (zone also "+00:00", "Z" or none = UTC; 'T' for the space; a fraction is
 * dropped), "02/08/2019 21:53:41+0000", "1568740380". False for anything
 * else, impossible dates, and years outside 1990 to 2199.
 */
bool clock_parse(struct str s, int64_t *utc);

/* A mail's date-time (RFC 5322 3.3), "Sat, 21 Nov 2026 07:57:27 +0100". */
bool clock_parse_mail(struct str s, int64_t *utc);
/* The same of what *s begins with, which goes; whatever stands behind. */
bool clock_take_mail(struct str *s, int64_t *utc);

/* RFC 3339 UTC; out is CLOCK_TEXT bytes. Returns out. */
const char *clock_text(int64_t utc, char *out);

/* As in a mail's Date, "Sat, 21 Nov 2026 07:57:27 +0000"; out is
 * CLOCK_MAIL_TEXT bytes. Returns out. */
#define CLOCK_MAIL_TEXT 32
const char *clock_mail_text(int64_t utc, char *out);

/* "90s", "15m", "36h", "30d", "4w"; a bare number counts as seconds. False
 * for anything else, also for more than 200 years. */
bool clock_span(struct str s, int64_t *seconds);
/* The largest unit that the span is a whole number of, "days", "hours",
 * "minutes" or "seconds", and how many seconds it has. */
const char *clock_unit(int64_t span, int64_t *seconds);

#endif
