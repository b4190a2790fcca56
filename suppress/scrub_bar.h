/* scrub_bar.h - a line on a terminal that tells how far the work is. */
#ifndef SUPPRESS_SCRUB_BAR_H
#define SUPPRESS_SCRUB_BAR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct scrub_bar {
	bool on; /* standard error is a terminal */
	int64_t began, next; /* milliseconds */
	uint64_t total; /* bytes of the file; 0: unknown */
	bool shown;
};

/* path: the file that is read, "-" for standard input. */
void scrub_bar_begin(struct scrub_bar *b, const char *path);

/* Whether a tenth of a second has gone by. */
bool scrub_bar_due(struct scrub_bar *b);
void scrub_bar_show(
    struct scrub_bar *b, const char *what, uint64_t rows, uint64_t bytes);
/* Takes the line away: what is told then begins at its start. */
void scrub_bar_end(struct scrub_bar *b);

/* How far it is. */
struct scrub_bar_at {
	uint64_t rows, done, total; /* done of total bytes; total 0: unknown */
	int64_t ms; /* since it began */
};
/* The words of the line; out is cap bytes. */
void scrub_bar_text(char *out, size_t cap, const char *what,
    const struct scrub_bar_at *at);

#endif
