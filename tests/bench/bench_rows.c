/*
 * bench_rows - CPU seconds to read accounting rows: bench_rows MODE FILE [N]
 *   rows    the record finder alone
 *   events  the finder, and an event of every row
 *   libcsv  libcsv with empty callbacks, the baseline
 * The file is mapped and read N times (default 1) in pieces of 1 MiB.
 */
#include <csv.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "mail/acct.h"

#define PIECE (1u << 20)

struct totals {
	uint64_t rows, malformed, used, skipped, kept;
};

static double
cpu_seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void
on_field(void *p, size_t n, void *ctx)
{
	(void)p;
	(void)n;
	(void)ctx;
}

static void
on_row(int end, void *ctx)
{
	struct totals *t = ctx;

	(void)end;
	t->rows++;
}

static bool
run_libcsv(struct str in, struct totals *t)
{
	struct csv_parser p;

	if (csv_init(&p, 0) != 0)
		return false;
	for (size_t at = 0; at < in.n; at += PIECE) {
		struct str piece = str_sub(in, at, PIECE);

		if (csv_parse(&p, piece.p, piece.n, on_field, on_row, t) !=
		    piece.n)
			return false;
	}
	csv_fini(&p, on_field, on_row, t);
	csv_free(&p);
	return true;
}

static bool
take_event(
    struct acct *a, const struct rows_row *row, struct totals *t, struct err *e)
{
	static struct event ev;

	if (acct_is_header(row->raw))
		return acct_header(a, row->raw, NULL, e);
	if (!acct_row(a, row, &ev, e))
		return false;
	if (ev.skip == SKIP_NONE)
		t->kept++;
	else
		t->skipped++;
	return true;
}

/* a NULL: rows only. */
static bool
run_rows(struct str in, struct acct *a, struct totals *t, struct err *e)
{
	struct rows *r = rows_open(ROWS_LIMIT_DEFAULT, e);
	struct rows_row row;
	bool ok = false;

	if (r == NULL)
		return false;
	for (size_t at = 0; at < in.n;) {
		struct str piece = str_sub(in, at, PIECE);

		if (!rows_feed(r, piece, at + piece.n == in.n, e))
			goto out;
		while (rows_next(r, &row) != ROWS_MORE) {
			t->rows++;
			t->malformed += row.malformed;
			t->used += row.size;
			if (a != NULL && !take_event(a, &row, t, e))
				goto out;
		}
		if (at + piece.n == in.n)
			break;
		at += piece.n - rows_left(r);
	}
	ok = true;
out:
	rows_close(r);
	return ok;
}

static bool
run(const char *mode, struct str in, struct totals *t, struct err *e)
{
	struct acct_settings settings = { 0 };
	struct acct *a;
	bool ok;

	if (strcmp(mode, "libcsv") == 0)
		return run_libcsv(in, t);
	if (strcmp(mode, "rows") == 0)
		return run_rows(in, NULL, t, e);
	a = acct_open(&settings, e);
	ok = a != NULL && run_rows(in, a, t, e);
	acct_close(a);
	return ok;
}

static bool
map(const char *path, struct str *in)
{
	struct stat st;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return false;
	if (fstat(fd, &st) == 0) {
		in->n = (size_t)st.st_size;
		in->p = mmap(
		    NULL, in->n, PROT_READ, MAP_PRIVATE | MAP_POPULATE, fd, 0);
	}
	close(fd);
	return in->n > 0 && in->p != MAP_FAILED;
}

int
main(int argc, char **argv)
{
	struct str in = { NULL, 0 };
	struct totals t = { 0 };
	struct err e = { 0 };
	double before;
	double took;
	long times = argc > 3 ? strtol(argv[3], NULL, 10) : 1;

	if (argc < 3 || !map(argv[2], &in)) {
		fputs("usage: bench_rows rows|events|libcsv FILE [TIMES]\n",
		    stderr);
		return EX_USAGE;
	}
	before = cpu_seconds();
	for (long i = 0; i < times; i++)
		if (!run(argv[1], in, &t, &e)) {
			fprintf(stderr, "bench_rows: %s\n", e.text);
			return EX_SOFTWARE;
		}
	took = cpu_seconds() - before;
	printf("%s: %.3f s CPU, %llu rows, %.0f ns/row, %llu malformed, "
	       "%llu events, %llu passed over\n",
	    argv[1], took, (unsigned long long)t.rows,
	    took * 1e9 / (double)(t.rows > 0 ? t.rows : 1),
	    (unsigned long long)t.malformed, (unsigned long long)t.kept,
	    (unsigned long long)t.skipped);
	return 0;
}
