/* test_scrub.c - a list's rows and cells, hits in order, the progress bar. */
#include "unit.h"

#include "base/file.h"

/* The command's own files; no library holds them. */
#include "../../suppress/list_columns.c"
#include "../../suppress/records.c"
#include "../../suppress/scrub_bar.c"
#include "../../suppress/scrub_cells.c"
#include "../../suppress/scrub_hits.c"

static unsigned
roll(unsigned *dice)
{
	*dice = *dice * 1103515245 + 12345;
	return *dice >> 16;
}

/* A few bytes that mean something to CSV, and some that do not. */
static struct str
random_text(unsigned *dice, const char *bytes, char *out, size_t max)
{
	size_t n = roll(dice) % (max + 1);

	for (size_t i = 0; i < n; i++)
		out[i] = bytes[roll(dice) % strlen(bytes)];
	return str_of(out, n);
}

static void
a_cell_cut_by_hand_is_the_one_that_libcsv_gives(void **state)
{
	struct err e = { 0 };
	struct csv *csv = csv_open(&e);
	unsigned dice = 7, cut = 0;
	char text[16];

	(void)state;
	for (unsigned i = 0; i < 400000; i++) {
		struct str row = random_text(&dice, "ab,\"\" @,", text, 14);
		const struct str *fields;
		struct str got;
		size_t n;

		if (row.n == 0)
			continue;
		assert_true(csv_row(csv, row, &fields, &n, &e));
		for (size_t c = 0; c < 4; c++) {
			if (!cut_simple(row, c, &got))
				continue;
			cut++;
			if (!str_eq(got, c < n ? fields[c] : STR("")))
				fail_msg("column %zu of <%.*s>: <%.*s>", c,
				    STR_ARG(row), STR_ARG(got));
		}
	}
	assert_true(cut > 400000);
	csv_close(csv);
}

static void
what_programs_read_otherwise_is_told(void **state)
{
	static const struct {
		const char *name, *row;
		size_t first; /* the field from which on it is doubtful */
	} ROWS[] = {
		{ "no quotes", "a, b ,c", SIZE_MAX },
		{ "quotes", "\"a, b\",\"c\"\"\",\"\"", SIZE_MAX },
		{ "a quote inside", "a\"b,c\"d,e", SIZE_MAX },
		{ "a blank behind", "a,\"b\" ,c", 1 },
		{ "text behind", "a,b,\"c\"d,e", 2 },
		{ "text behind, last", "a,\"b, c\" <d@e.f>", SIZE_MAX },
		{ "text behind, quotes", "\"a\" \"b,c\"", 0 },
		{ "behind a doubled quote", "\"a\"\"b\" ,c", 0 },
		{ "a blank before", "a, \"b\",c", SIZE_MAX },
		{ "a blank before, a comma inside", "a, \"b,c\"", 1 },
		{ "a blank before, never closed", "a,\t\"b", 1 },
		{ "a blank before, text behind", "a, \"b\" c,d", SIZE_MAX },
		{ "never closed", "a,\"b,c", SIZE_MAX },
		{ "nothing", "", SIZE_MAX },
		{ "a comma last", "\"a\",", SIZE_MAX },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(ROWS); i++) {
		struct str row = str_from(ROWS[i].row);
		size_t first = ROWS[i].first;

		want_bool(ROWS[i].name, list_is_doubtful(row, SIZE_MAX),
		    first != SIZE_MAX);
		for (size_t last = 0; last < 4; last++)
			want_bool(ROWS[i].name, list_is_doubtful(row, last),
			    last >= first);
	}
}

static void
what_a_cell_is_asked_by(void **state)
{
	static const struct {
		const char *name, *cell;
		enum glib_digest hashed;
		const char *key;
		int cause;
	} ROWS[] = {
		{ "an address", "A@X.example", GLIB_PLAIN, "a@x.example",
		    ADDRESS_OK },
		{ "with a name", "Ada <a@x.example>", GLIB_PLAIN,
		    "a@x.example", ADDRESS_OK },
		{ "named by itself", "\"a@x.example\" <A@x.example>",
		    GLIB_PLAIN, "a@x.example", ADDRESS_OK },
		{ "in single quotes", "'a@x.example' <a@x.example>",
		    GLIB_PLAIN, "a@x.example", ADDRESS_OK },
		{ "in other quotes", "\xe2\x80\x9c" "a@x.example\xe2\x80\x9d "
		    "<a@x.example>", GLIB_PLAIN, "a@x.example", ADDRESS_OK },
		{ "letters right before it", "\xe5\x90\x8d" "a@x.example "
		    "<a@x.example>", GLIB_PLAIN, "a@x.example", ADDRESS_OK },
		{ "an @ that is none", "Ada @ Home, a@b <a@x.example>",
		    GLIB_PLAIN, "a@x.example", ADDRESS_OK },
		{ "itself behind", "<a@x.example> (a@x.example.)", GLIB_PLAIN,
		    "a@x.example", ADDRESS_OK },
		{ "its own quotes", "\"a b\"@x.example <\"a b\"@x.example>",
		    GLIB_PLAIN, "\"a b\"@x.example", ADDRESS_OK },
		{ "two", "A <a@x.example>, B <b@x.example>", GLIB_PLAIN, "",
		    ADDRESS_LOCAL_BAD },
		{ "two, the second bare", "B <b@x.example>, a@x.example",
		    GLIB_PLAIN, "", ADDRESS_LOCAL_BAD },
		{ "two, the first bare", "a@x.example <b@x.example>",
		    GLIB_PLAIN, "", ADDRESS_LOCAL_BAD },
		{ "two, one as the name", "\"a@x.example\" <b@x.example>",
		    GLIB_PLAIN, "", ADDRESS_LOCAL_BAD },
		{ "two, one in other quotes", "\xe2\x80\x9c" "a@x.example"
		    "\xe2\x80\x9d <b@x.example>", GLIB_PLAIN, "",
		    ADDRESS_LOCAL_BAD },
		{ "two, one at a sentence's end", "see a@x.example... "
		    "<b@x.example>", GLIB_PLAIN, "", ADDRESS_LOCAL_BAD },
		{ "two, one with quotes of its own", "\"a b\"@x.example "
		    "<b@x.example>", GLIB_PLAIN, "", ADDRESS_LOCAL_BAD },
		{ "two, one not ASCII", "\xc3\xa4@\xc3\xa4.example "
		    "<b@x.example>", GLIB_PLAIN, "", ADDRESS_LOCAL_BAD },
		{ "two, one a comment", "(a@x.example) b@x.example",
		    GLIB_PLAIN, "", ADDRESS_LOCAL_BAD },
		{ "a domain", "@x.example", GLIB_PLAIN, "", ADDRESS_NO_AT },
		{ "a domain that looks quoted", "[@x.example", GLIB_PLAIN, "",
		    ADDRESS_LOCAL_BAD },
		{ "empty", "", GLIB_PLAIN, "", ADDRESS_EMPTY },
		{ "a digest", "D41D8CD98F00B204E9800998ECF8427E", GLIB_MD5,
		    "d41d8cd98f00b204e9800998ecf8427e", ADDRESS_OK },
		{ "too short for one", "d41d8cd98f00b204e9800998ecf8427",
		    GLIB_MD5, "", CAUSE_DIGEST },
		{ "another's length", "d41d8cd98f00b204e9800998ecf8427e",
		    GLIB_SHA1, "", CAUSE_DIGEST },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(ROWS); i++) {
		struct scrub_cells c = { .hashed = ROWS[i].hashed };
		char key[ADDRESS_MAX];

		want_number(ROWS[i].name, scrub_cells_key(&c,
		    str_from(ROWS[i].cell), key), ROWS[i].cause);
		want_text(ROWS[i].name, key, ROWS[i].key);
	}
}

static void
write_file(const char *path, struct str s)
{
	struct file_new f;
	struct err e = { 0 };

	assert_true(file_new_open(&f, path, 0600, &e));
	assert_true(file_new_write(&f, s, &e));
	assert_true(file_new_done(&f, &e));
	file_new_release(&f);
}

/* What comes out is what went in, however broken the quotes are. */
static void
the_records_of_a_file_are_all_of_its_bytes(void **state)
{
	unsigned dice = 3;
	char text[64];

	(void)state;
	for (unsigned i = 0; i < 2000; i++) {
		struct str in = random_text(&dice, "a,\"\"\n\r\n", text, 60);
		struct err e = { 0 };
		struct buf out = { 0 };
		struct record rec;
		struct records *r;
		bool more = true;

		write_file("list", in);
		r = records_open("list", &e);
		assert_non_null(r);
		while (records_next(r, &rec, &more, &e) && more)
			buf_add(&out, rec.raw);
		want_text("error", e.text, "");
		want_str("bytes", buf_str(&out), in);
		records_close(r);
		buf_release(&out);
	}
}

static void
a_stray_quote_costs_its_own_line(void **state)
{
	static const struct {
		const char *name, *in, *want; /* faults as !, rows by | */
	} ROWS[] = {
		{ "none", "a,b\n\"c\nd\",e\nf", "a,b|\"c\nd\",e|f|" },
		{ "never closed", "a\n\"b\nc\nd\n", "a|!\"b|c|d|" },
		{ "closed by the next row's", "\"a,1\n\"b\",\"2\"\nc",
		    "!\"a,1|\"b\",\"2\"|c|" },
		{ "inside a field", "a\"b,1\nc\"d\n", "a\"b,1|c\"d|" },
		{ "text behind it, one line", "\"a\"b,1\nc\n", "\"a\"b,1|c|" },
		{ "blanks behind it", "\"a\nb\" ,c\nd", "\"a\nb\" ,c|d|" },
		{ "the same for two lines", "\",a\"b,\"\n\",c\"d,\"\nd\"e\n",
		    "!\",a\"b,\"|!\",c\"d,\"|d\"e|" },
		{ "doubled", "\"a\"\"\nb\"\nc", "\"a\"\"\nb\"|c|" },
		{ "CRLF", "\"a\r\nb\"\r\nc\r\n", "\"a\r\nb\"|c|" },
		{ "the last byte", "a\n\"", "a|!\"|" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(ROWS); i++) {
		struct err e = { 0 };
		struct buf got = { 0 };
		struct record rec;
		struct records *r;
		bool more = true;

		write_file("list", str_from(ROWS[i].in));
		r = records_open("list", &e);
		while (records_next(r, &rec, &more, &e) && more) {
			buf_adds(&got, rec.fault != NULL ? "!" : "");
			buf_add(&got, rec.text);
			buf_addc(&got, '|');
		}
		want_str(ROWS[i].name, buf_str(&got), str_from(ROWS[i].want));
		records_close(r);
		buf_release(&got);
	}
}

static void
a_field_holds_lines_up_to_64_kib(void **state)
{
	static const struct {
		const char *name;
		size_t lines; /* of 7 bytes */
		const char *close;
		int64_t rows, faults;
	} ROWS[] = {
		{ "150 lines", 150, "\",x\n", 3, 0 },
		{ "just a row", 9360, "\",x\n", 3, 0 },
		{ "too long for one", 9364, "\",x\n", 9367, 2 },
		{ "never closed", 20000, "\n", 20003, 1 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(ROWS); i++) {
		struct buf in = { 0 };
		struct err e = { 0 };
		struct record rec;
		struct records *r;
		int64_t rows = 0, faults = 0;
		bool more = true;

		buf_adds(&in, "a\nb,\"");
		for (size_t k = 0; k < ROWS[i].lines; k++)
			buf_adds(&in, "p@x.yz\n");
		buf_adds(&in, ROWS[i].close);
		buf_adds(&in, "c\n");
		write_file("list", buf_str(&in));
		r = records_open("list", &e);
		while (records_next(r, &rec, &more, &e) && more) {
			rows++;
			faults += rec.fault != NULL;
		}
		want_number(ROWS[i].name, rows, ROWS[i].rows);
		want_number(ROWS[i].name, faults, ROWS[i].faults);
		records_close(r);
		buf_release(&in);
	}
}

/* A row of so many bytes behind others, which decide where reading stops. */
static void
want_row(size_t before, size_t n, const char *line_end)
{
	struct buf in = { 0 };
	struct err e = { 0 };
	struct record rec;
	struct records *r;
	bool more;

	buf_adds(&in, "\xef\xbb\xbf");
	for (size_t i = 1; i < before; i++)
		buf_addc(&in, i % 1000 == 0 ? '\n' : 'x');
	buf_addc(&in, '\n');
	for (size_t i = 0; i < n; i++)
		buf_addc(&in, 'y');
	buf_adds(&in, line_end);
	buf_adds(&in, "z\n");
	write_file("list", buf_str(&in));
	r = records_open("list", &e);
	do
		assert_true(records_next(r, &rec, &more, &e) && more);
	while (rec.fault == NULL && !str_starts(rec.text, STR("y")));
	want_bool("too long", rec.fault != NULL, n > RECORD_MAX);
	want_number("raw", (int64_t)rec.raw.n,
	    n > RECORD_MAX ? 0 : (int64_t)(n + strlen(line_end)));
	assert_true(records_next(r, &rec, &more, &e) && more);
	want_str("behind it", rec.text, STR("z"));
	records_close(r);
	buf_release(&in);
}

static void
a_row_is_as_long_wherever_it_stands(void **state)
{
	static const size_t BEFORE[] = { 1, 1000, 65530, 65531, 65532, 65533,
		65534, 65535, 65536, 65537, 131000 };

	(void)state;
	for (size_t i = 0; i < COUNT(BEFORE); i++)
		for (size_t n = RECORD_MAX - 1; n <= RECORD_MAX + 1; n++) {
			want_row(BEFORE[i], n, "\n");
			want_row(BEFORE[i], n, "\r\n");
		}
}

static void
hits_come_in_the_order_of_their_bytes(void **state)
{
	struct scrub_hits h = { 0 };
	struct err e = { 0 };
	unsigned dice = 5;
	char text[16];

	(void)state;
	for (unsigned i = 0; i < 5000; i++)
		assert_true(scrub_hits_add(&h,
		    random_text(&dice, "ab@.\xc3", text, 12), &e));
	assert_false(scrub_hits_full(&h));
	scrub_hits_sort(&h);
	for (size_t i = 1; i < h.n; i++)
		assert_true(str_cmp(scrub_hits_key(&h, i - 1),
		    scrub_hits_key(&h, i)) <= 0);
	scrub_hits_clear(&h);
	while (!scrub_hits_full(&h))
		assert_true(scrub_hits_add(&h, STR("a@x.example"), &e));
	assert_true(h.n <= SCRUB_HITS_MAX);
	assert_true(h.keys.n < SCRUB_HITS_BYTES + ADDRESS_MAX);
	scrub_hits_release(&h);
}

static void
the_bar_tells_rate_and_time_left(void **state)
{
	static const struct {
		const char *name, *want;
		struct scrub_bar_at at;
	} ROWS[] = {
		{ "half", "scrub: [##########..........] 50 %, 2000 rows, "
		    "1000 a second, 0:02 left", { 2000, 500, 1000, 2000 } },
		{ "minutes", "scrub: [##..................] 10 %, 100 rows, "
		    "10 a second, 1:30 left", { 100, 10, 100, 10000 } },
		{ "all, and more than the file had", "scrub: "
		    "[####################] 100 %, 5 rows, 5 a second, "
		    "0:00 left", { 5, 20, 10, 1000 } },
		{ "a pipe", "scrub: 2000 rows, 1000 a second",
		    { 2000, 0, 0, 2000 } },
		{ "at once", "scrub: 0 rows, 0 a second", { 0, 0, 0, 0 } },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(ROWS); i++) {
		char got[160];

		scrub_bar_text(got, sizeof got, "scrub", &ROWS[i].at);
		want_text(ROWS[i].name, got, ROWS[i].want);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    a_cell_cut_by_hand_is_the_one_that_libcsv_gives),
		cmocka_unit_test(what_programs_read_otherwise_is_told),
		cmocka_unit_test(what_a_cell_is_asked_by),
		cmocka_unit_test(the_records_of_a_file_are_all_of_its_bytes),
		cmocka_unit_test(a_stray_quote_costs_its_own_line),
		cmocka_unit_test(a_field_holds_lines_up_to_64_kib),
		cmocka_unit_test(a_row_is_as_long_wherever_it_stands),
		cmocka_unit_test(hits_come_in_the_order_of_their_bytes),
		cmocka_unit_test(the_bar_tells_rate_and_time_left),
	};

	return cmocka_run_group_tests(tests, unit_enter_folder,
	    unit_leave_folder);
}
