/* cmd_anonymise.c - accounting rows for a bug report, without whom they are
 * about. */
#include <getopt.h>
#include <string.h>

#include "app.h"
#include "work/anon.h"
#include "wrap/inflate.h"

#define CHUNK (256u << 10)

struct anonymise {
	struct app *app;
	struct pseudo pseudo;
	struct anon *anon;
	struct rows *rows;
	struct inflate *in;
	struct buf bytes; /* read and not yet worked on */
	struct buf out;
	bool end;
};

static bool
parse_options(struct anonymise *y, int argc, char **argv, struct err *e)
{
	static const struct option LONGS[] = {
		{ "key", required_argument, NULL, 'k' },
		{ NULL, 0, NULL, 0 },
	};
	int o;

	if (!pseudo_init(&y->pseudo, e))
		return false;
	while ((o = app_option(argc, argv, ":k:", LONGS, e)) != -1) {
		if (o != 'k')
			return false;
		if (optarg[0] == '\0' || !str_copy(str_from(optarg),
		    y->pseudo.key, sizeof y->pseudo.key))
			return err_set(e, EX_USAGE, "anonymise: --key: %zu "
			    "bytes are %s; write 1 to 64 that nobody guesses",
			    strlen(optarg), optarg[0] == '\0' ? "no key"
			    : "too many");
	}
	if (argc - optind == 1)
		return true;
	return err_set(e, EX_USAGE, "anonymise: %s; name one, or - for "
	    "standard input", optind == argc ? "no file given"
	    : "more than one file given");
}

static bool
read_more(struct anonymise *y, struct err *e)
{
	size_t got;
	char *to = buf_room(&y->bytes, CHUNK);

	if (to == NULL)
		return err_memory(e);
	if (!inflate_read(y->in, to, CHUNK, &got, e))
		return false;
	y->bytes.n += got;
	y->end = got == 0;
	return true;
}

/* The row with the line end that it had. */
static bool
put_row(struct anonymise *y, enum rows_got got, const struct rows_row *row,
    struct err *e)
{
	const char *stop = y->bytes.p + y->bytes.n;
	const char *end = row->raw.p + row->raw.n;

	buf_clear(&y->out);
	if (!anon_row(y->anon, got, row, &y->out, e))
		return false;
	if (end < stop && *end == '\r')
		buf_addc(&y->out, '\r');
	if (end < stop)
		buf_addc(&y->out, '\n');
	if (!buf_ok(&y->out, e))
		return false;
	(void)fwrite(y->out.p, 1, y->out.n, stdout);
	return true;
}

static bool
all_rows(struct anonymise *y, struct err *e)
{
	struct rows_row row;
	enum rows_got got;
	bool last = false;

	while (!last) {
		last = y->end;
		if (!rows_feed(y->rows, buf_str(&y->bytes), last, e))
			return false;
		while ((got = rows_next(y->rows, &row)) != ROWS_MORE)
			if (!put_row(y, got, &row, e))
				return false;
		buf_drop(&y->bytes, y->bytes.n - rows_left(y->rows));
		if (!last && !read_more(y, e))
			return false;
	}
	return app_flush(stdout, e);
}

static bool
run(struct anonymise *y, const char *path, struct err *e)
{
	struct app *a = y->app;

	y->pseudo.verp_prefix = str_from(a->config.verp_prefix);
	y->pseudo.providers = rules_providers(a->rules);
	y->in = inflate_open(path, e);
	if (y->in == NULL)
		return false;
	y->anon = anon_open(&a->config, a->rules, &y->pseudo, e);
	y->rows = rows_open((size_t)a->config.row_limit, e);
	return y->anon != NULL && y->rows != NULL && all_rows(y, e);
}

/* Beside the rows: they go on as they are. */
static void
say(const struct anonymise *y)
{
	const struct anon_sums *s = anon_sums(y->anon);

	fprintf(stderr, "%s: %lld rows", y->app->prog, (long long)s->rows);
	if (s->replaced > 0)
		fprintf(stderr, ", %lld replaced whole (JSON, too long or no "
		    "rows)", (long long)s->replaced);
	if (s->differ > 0)
		fprintf(stderr, ", %lld mean something else now",
		    (long long)s->differ);
	fputs("; look through it before you send it\n", stderr);
}

int
cmd_anonymise(struct app *a, int argc, char **argv, struct err *e)
{
	struct anonymise y = { .app = a };

	if (parse_options(&y, argc, argv, e) && run(&y, argv[optind], e))
		say(&y);
	anon_close(y.anon);
	rows_close(y.rows);
	inflate_close(y.in);
	buf_release(&y.bytes);
	buf_release(&y.out);
	return e->code;
}
