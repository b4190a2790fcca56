/*
 * acct_shape - writes the same accounting rows in another shape: reads
 * well-formed CSV with a header from stdin, writes CSV to stdout.
 *   --shuffle SEED  the columns in another order (type stays the first)
 *   --epoch         timeLogged and timeQueued as epoch seconds
 *   --again N       the header again after every N rows, shuffled anew
 *   --lf            LF ends a line, not CRLF
 */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "wrap/csv.h"

struct shape {
	struct csv *csv;
	struct str header;     /* as it was read */
	size_t order[CSV_FIELDS_MAX];
	size_t n;              /* columns */
	bool is_time[CSV_FIELDS_MAX];
	uint64_t seed;         /* 0: the order stays */
	uint64_t again;        /* 0: the header once */
	bool epoch;
	const char *end;
	struct buf out;
};

/* A small generator (xorshift): the same seed gives the same order. */
static uint64_t
draw(uint64_t *seed)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 7;
	*seed ^= *seed << 17;
	return *seed;
}

static void
shuffle(struct shape *s)
{
	for (size_t i = 0; i < s->n; i++)
		s->order[i] = i;
	if (s->seed == 0)
		return;
	for (size_t i = s->n - 1; i > 1; i--) {
		size_t j = 1 + (size_t)(draw(&s->seed) % i);
		size_t was = s->order[i];

		s->order[i] = s->order[j];
		s->order[j] = was;
	}
}

static void
put_time(struct shape *s, struct str field)
{
	int64_t utc;

	if (s->epoch && clock_parse(field, &utc))
		buf_addf(&s->out, "%lld", (long long)utc);
	else
		csv_put(&s->out, field);
}

static bool
put_row(struct shape *s, struct str row, bool header, struct err *e)
{
	const struct str *fields;
	size_t n;

	if (!csv_row(s->csv, row, &fields, &n, e))
		return false;
	if (header) {
		s->n = n;
		for (size_t i = 0; i < n; i++)
			s->is_time[i] = str_ieq(fields[i], STR("timeLogged")) ||
			    str_ieq(fields[i], STR("timeQueued"));
		shuffle(s);
	}
	if (n != s->n)
		return err_set(e, EX_DATAERR, "stdin: a row has %zu fields, "
		    "the header %zu; give well-formed rows", n, s->n);
	for (size_t i = 0; i < n; i++) {
		size_t from = s->order[i];

		if (i > 0)
			buf_addc(&s->out, ',');
		if (s->is_time[from] && !header)
			put_time(s, fields[from]);
		else
			csv_put(&s->out, fields[from]);
	}
	buf_adds(&s->out, s->end);
	return true;
}

/* The first row of rest, without its line end; quotes may hold line ends. */
static bool
next_row(struct str *rest, struct str *row)
{
	bool quoted = false;
	size_t i;

	if (rest->n == 0)
		return false;
	for (i = 0; i < rest->n && (quoted || rest->p[i] != '\n'); i++)
		if (rest->p[i] == '"')
			quoted = !quoted;
	*row = str_sub(*rest, 0, i);
	*rest = str_skip(*rest, i < rest->n ? i + 1 : i);
	if (str_ends(*row, STR("\r")))
		*row = str_sub(*row, 0, row->n - 1);
	return true;
}

static bool
reshape(struct shape *s, struct str in, struct err *e)
{
	struct str row;
	uint64_t rows = 0;

	if (!next_row(&in, &s->header) || !put_row(s, s->header, true, e))
		return false;
	while (next_row(&in, &row)) {
		if (!put_row(s, row, false, e))
			return false;
		if (s->again > 0 && ++rows % s->again == 0 &&
		    !put_row(s, s->header, true, e))
			return false;
	}
	return buf_ok(&s->out, e);
}

static bool
read_all(struct buf *in, struct err *e)
{
	for (;;) {
		char *room = buf_room(in, 65536);
		size_t n = room != NULL ? fread(room, 1, 65536, stdin) : 0;

		if (n == 0)
			return buf_ok(in, e);
		in->n += n;
	}
}

static bool
options(struct shape *s, int argc, char **argv, struct err *e)
{
	static const struct option LONGS[] = {
		{ "shuffle", required_argument, NULL, 's' },
		{ "again", required_argument, NULL, 'a' },
		{ "epoch", no_argument, NULL, 'e' },
		{ "lf", no_argument, NULL, 'l' },
		{ NULL, 0, NULL, 0 }
	};
	int c;

	while ((c = getopt_long(argc, argv, "", LONGS, NULL)) != -1) {
		switch (c) {
		case 's':
			s->seed = strtoull(optarg, NULL, 10);
			break;
		case 'a':
			s->again = strtoull(optarg, NULL, 10);
			break;
		case 'e':
			s->epoch = true;
			break;
		case 'l':
			s->end = "\n";
			break;
		default:
			return err_set(e, EX_USAGE, "wrong option; the head of "
			    "acct_shape.c lists them");
		}
	}
	return true;
}

int
main(int argc, char **argv)
{
	static struct shape s = { .end = "\r\n" };
	struct buf in = { 0 };
	struct err e = { 0 };

	if (options(&s, argc, argv, &e) &&
	    (s.csv = csv_open(&e)) != NULL && read_all(&in, &e) &&
	    reshape(&s, buf_str(&in), &e) &&
	    fwrite(s.out.p, 1, s.out.n, stdout) != s.out.n)
		err_set(&e, EX_IOERR, "stdout: cannot write");
	if (fflush(stdout) != 0)
		err_set(&e, EX_IOERR, "stdout: cannot write");
	if (e.code != 0)
		fprintf(stderr, "acct_shape: %s\n", e.text);
	csv_close(s.csv);
	buf_release(&in);
	buf_release(&s.out);
	return e.code;
}
