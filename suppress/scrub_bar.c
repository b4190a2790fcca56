/* scrub_bar.c - a line on a terminal that tells how far the work is. */
#include "scrub_bar.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/number.h"

#define STEP 100 /* milliseconds */
#define WIDTH 20 /* of the bar */

void
scrub_bar_begin(struct scrub_bar *b, const char *path)
{
	struct stat st;
	bool known = strcmp(path, "-") == 0 ? fstat(STDIN_FILENO, &st) == 0
					    : stat(path, &st) == 0;

	*b = (struct scrub_bar){ .on = isatty(STDERR_FILENO) != 0,
		.began = clock_ticks() };
	if (known && S_ISREG(st.st_mode))
		b->total = (uint64_t)st.st_size;
}

bool
scrub_bar_due(struct scrub_bar *b)
{
	int64_t now;

	if (!b->on)
		return false;
	now = clock_ticks();
	if (now < b->next)
		return false;
	b->next = now + STEP;
	return true;
}

void
scrub_bar_text(char *out, size_t cap, const char *what,
    const struct scrub_bar_at *at)
{
	uint64_t spent = at->ms > 0 ? (uint64_t)at->ms : 1;
	uint64_t rate = at->rows * 1000 / spent, total = at->total;
	uint64_t part = at->done < total ? at->done : total;
	uint64_t left = part > 0
	    ? (uint64_t)((double)spent * (double)(total - part) /
	      (double)part / 1000)
	    : 0;
	char bar[WIDTH + 1];

	if (part == 0) {
		(void)number_print(out, cap, "%s: %" PRIu64 " rows, %" PRIu64
		    " a second", what, at->rows, rate);
		return;
	}
	for (unsigned i = 0; i < WIDTH; i++)
		bar[i] = (double)i < (double)part / (double)total * WIDTH ? '#'
									  : '.';
	bar[WIDTH] = '\0';
	(void)number_print(out, cap, "%s: [%s] %u %%, %" PRIu64 " rows, %"
	    PRIu64 " a second, %" PRIu64 ":%02" PRIu64 " left", what, bar,
	    (unsigned)((double)part / (double)total * 100), at->rows, rate,
	    left / 60, left % 60);
}

void
scrub_bar_show(
    struct scrub_bar *b, const char *what, uint64_t rows, uint64_t bytes)
{
	struct scrub_bar_at at = { rows, bytes, bytes > 0 ? b->total : 0,
		clock_ticks() - b->began };
	char line[160];

	scrub_bar_text(line, sizeof line, what, &at);
	/* To the line's start, the words, and what is left of the old ones. */
	fprintf(stderr, "\r%s\033[K", line);
	fflush(stderr);
	b->shown = true;
}

void
scrub_bar_end(struct scrub_bar *b)
{
	if (b->shown)
		fputs("\r\033[K", stderr);
	b->shown = false;
}
