/*
 * fuzz_rows.c - the record finder: the same rows however the bytes come in,
 * every byte accounted for, and fields as libcsv has them.
 *
 * Input: three bytes choose limit, pieces and resync; the rest is CSV.
 */
#include <stdint.h>
#include <string.h>

#include "../unit/rows_run.h"
#include "wrap/csv.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
must(bool ok)
{
	if (!ok)
		abort();
}

/* Field i between commas, its quotes undone. */
static struct str
field_of(const struct rows_row *row, size_t i, struct buf *text)
{
	size_t from = i == 0 ? 0 : row->commas[i - 1] + 1;
	size_t to = i == row->n_commas ? row->raw.n : row->commas[i];
	struct str s = str_sub(row->raw, from, to - from);

	if (!str_starts(s, STR("\"")))
		return s;
	buf_clear(text);
	for (size_t k = 1; k + 1 < s.n; k++) {
		buf_addc(text, s.p[k]);
		if (s.p[k] == '"')
			must(s.p[++k] == '"');
	}
	return buf_str(text);
}

static void
compare_with_libcsv(struct csv *csv, const struct rows_row *row)
{
	const struct str *fields;
	struct err e = { 0 };
	struct buf text = { 0 };
	size_t n;

	if (row->malformed || row->n_commas >= CSV_FIELDS_MAX)
		return;
	must(csv_row(csv, row->raw, &fields, &n, &e));
	must(n == row->n_commas + 1);
	for (size_t i = 0; i < n; i++)
		must(str_eq(fields[i], field_of(row, i, &text)));
	buf_release(&text);
}

static void
fields_are_as_libcsv_has_them(struct str in)
{
	struct err e = { 0 };
	struct csv *csv = csv_open(&e);
	struct rows *r = rows_open(ROWS_LIMIT_DEFAULT, &e);
	struct rows_row row;
	enum rows_got got;

	must(csv != NULL && r != NULL);
	must(rows_feed(r, in, true, &e));
	while ((got = rows_next(r, &row)) != ROWS_MORE)
		if (got == ROWS_ROW)
			compare_with_libcsv(csv, &row);
	rows_close(r);
	csv_close(csv);
}

/* The input cut at each 0x1f into fields and written as one row: the finder
 * gives that row whole. */
static void
a_written_row_is_one_row(struct str in)
{
	struct err e = { 0 };
	struct rows *r = rows_open(in.n * 2 + 16, &e);
	struct buf out = { 0 };
	struct rows_row row;
	struct str field;
	size_t n = 0;

	must(r != NULL);
	while (str_cut(&in, '\x1f', &field)) {
		buf_adds(&out, n++ > 0 ? "," : "");
		csv_put(&out, field);
	}
	if (out.n > 0) {
		buf_adds(&out, "\r\nd,1");
		must(rows_feed(r, buf_str(&out), true, &e));
		must(rows_next(r, &row) == ROWS_ROW && !row.malformed);
		must(row.size == out.n - 3 && row.n_commas + 1 == n);
	}
	buf_release(&out);
	rows_close(r);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const size_t LIMITS[] = { 0, 1, 16, 63, 64, 200,
		ROWS_LIMIT_DEFAULT };
	struct rows_run whole = { 0 };
	struct rows_run cut;
	struct str in;

	if (size < 3)
		return 0;
	in = str_of((const char *)data + 3, size - 3);
	whole.limit = LIMITS[data[0] % COUNT(LIMITS)];
	whole.resync = data[2] >= 200;
	cut = whole;
	whole.first = in.n;
	cut.first = data[1];
	cut.step = data[2] % 100 + in.n / 64 + 1;
	must(rows_run(&whole, in) && rows_run(&cut, in));
	must(str_eq(buf_str(&whole.log), buf_str(&cut.log)));
	must(whole.left == cut.left);
	buf_release(&whole.log);
	buf_release(&cut.log);
	fields_are_as_libcsv_has_them(in);
	a_written_row_is_one_row(in);
	return 0;
}
