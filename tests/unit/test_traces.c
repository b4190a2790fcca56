/* test_traces.c - where an address stands in the files of the state folder. */
#include "unit.h"

#include "work/traces.h"

#define KEY STR("ann@b.example")
#define BLOCK (1u << 20)

struct told {
	struct buf files, lines; /* "file hits\n", "file offset line\n" */
	int64_t expires;         /* of the last one */
	bool refuse;
};

static bool
on_trace(void *ctx, const struct trace *t, struct err *e)
{
	struct told *f = ctx;

	buf_addf(&f->files, "%s %llu\n", t->file, (unsigned long long)t->hits);
	f->expires = t->expires;
	return !f->refuse || err_set(e, EX_CANTCREAT, "refused");
}

static bool
on_line(void *ctx, const char *file, uint64_t offset, struct str line,
    struct err *e)
{
	struct told *f = ctx;

	buf_addf(&f->lines, "%s %llu %.*s\n", file, (unsigned long long)offset,
	    STR_ARG(line));
	return !f->refuse || err_set(e, EX_CANTCREAT, "refused");
}

static const struct config HERE = { .state = ".", .journal_keep = 86400 };

static int
setup(void **state)
{
	int rc = unit_enter_folder(state);

	if (rc != 0 || mkdir("journal", 0700) != 0 ||
	    mkdir("quarantine", 0700) != 0)
		return -1;
	return 0;
}

static void
want_found(const char *row, struct str key, const char *files,
    const char *lines)
{
	struct told f = { 0 };
	struct err e = { 0 };

	want_bool(row, traces_each(&HERE, key, on_trace, on_line, &f, &e),
	    true);
	want_str(row, buf_str(&f.files), str_from(files));
	want_str(row, buf_str(&f.lines), str_from(lines));
	buf_release(&f.files);
	buf_release(&f.lines);
}

static void
it_is_found_in_any_case_and_as_a_return_path(void **state)
{
	(void)state;
	unit_write("journal/s.0.csv",
	    STR("b,Ann@B.Example\nb,news-ann=b.example@s.example\nb,x\n"));
	want_found("journal", KEY, "journal/s.0.csv 2\n",
	    "journal/s.0.csv 0 b,Ann@B.Example\n"
	    "journal/s.0.csv 16 b,news-ann=b.example@s.example\n");
	unit_write("journal/s.0.csv", STR("b,an@b.example\n"));
	want_found("another", KEY, "", "");
	unlink("journal/s.0.csv");
}

static void
a_line_is_told_once_and_a_namesake_is_not(void **state)
{
	(void)state;
	unit_write("quarantine/r",
	    STR("ann@b.example,ann@b.example\njoann@b.example\n"
		"caf\xe9,ann@b.example\n"));
	want_found("quarantine", KEY, "quarantine/r 4\n",
	    "quarantine/r 0 ann@b.example,ann@b.example\n"
	    "quarantine/r 44 caf\xe9,ann@b.example\n");
	unit_write("quarantine/r",
	    STR("n-ann=b.example@s.example,ann@b.example\n"
		"ann@b.example,n-ann=b.example@s.example\n"));
	want_found("both forms in each", KEY, "quarantine/r 4\n",
	    "quarantine/r 0 n-ann=b.example@s.example,ann@b.example\n"
	    "quarantine/r 40 ann@b.example,n-ann=b.example@s.example\n");
	unlink("quarantine/r");
}

static void
lines_are_given_of_text_in_journal_and_quarantine_alone(void **state)
{
	(void)state;
	unit_write("export.csv", STR("ann@b.example\n"));
	want_found("an export", KEY, "export.csv 1\n", "");
	unlink("export.csv");
	unit_write("journal/copy", STR("SQLite format 3 ann@b.example\n"));
	want_found("a database", KEY, "journal/copy 1\n", "");
	unit_write("journal/copy", STR("\0 ann@b.example\n"));
	want_found("no text", KEY, "journal/copy 1\n", "");
	unlink("journal/copy");
}

static void
what_is_packed_is_named_since_nobody_can_tell(void **state)
{
	static const struct {
		const char *name;
		struct str head;
	} ROWS[] = {
		{ "gzip", LIT("\x1f\x8b\x08 any") },
		{ "zstd", LIT("\x28\xb5\x2f\xfd any") },
		{ "xz", LIT("\xfd"
			    "7zXZ any") },
		{ "bzip2", LIT("BZh9 any") },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(ROWS); i++) {
		unit_write("backup", ROWS[i].head);
		want_found(ROWS[i].name, KEY, "backup 0\n", "");
	}
	unit_write("backup", STR(""));
	want_found("empty", KEY, "", "");
	unlink("backup");
}

/* The key is UTF-8 or quoted: its domain, or its local part, alone is looked
 * for, and lines are given only where the address itself stands. */
static void
an_address_of_many_spellings_is_looked_for_by_a_part(void **state)
{
	(void)state;
	unit_write("journal/s.0.csv",
	    STR("b,J\xc3\xb6rg@b.example\nb,other@b.example\n"));
	want_found("UTF-8 local part", STR("j\xc3\xb6rg@b.example"),
	    "journal/s.0.csv 2\n",
	    "journal/s.0.csv 0 b,J\xc3\xb6rg@b.example\n");
	unit_write("journal/s.0.csv", STR("b,ann@b\xc3\xbc"
					  "cher.example\n"));
	want_found("A-label", STR("ann@xn--bcher-kva.example"),
	    "journal/s.0.csv 1\n",
	    "journal/s.0.csv 0 b,ann@b\xc3\xbc"
	    "cher.example\n");
	/* Neither half: not all that holds an '@' or a '='. */
	unit_write("journal/s.0.csv",
	    STR("b,J\xc3\xb6rg@b\xc3\xbc"
		"cher.example\nb,ann@b.test,x=y\n"));
	want_found("both", STR("j\xc3\xb6rg@xn--bcher-kva.example"),
	    "journal/s.0.csv 1\n",
	    "journal/s.0.csv 0 b,J\xc3\xb6rg@b\xc3\xbc"
	    "cher.example\n");
	want_found("both, with no plain label",
	    STR("j\xc3\xb6rg@xn--bcher-kva.xn--p1ai"), "journal/s.0.csv 3\n",
	    "");
	unlink("journal/s.0.csv");
}

static void
a_filter_of_who_took_mail_holds_no_address(void **state)
{
	(void)state;
	unit_write("journal/2026-11-16.0", STR("PMSBLOOM\1\0ann@b.example"));
	want_found("bits", KEY, "", "");
	unlink("journal/2026-11-16.0");
}

static void
what_lies_across_two_blocks_is_found_once(void **state)
{
	static char text[BLOCK + 4 * TRACES_LINE];

	(void)state;
	for (size_t at = BLOCK - 40; at < BLOCK + 2 * TRACES_LINE; at += 611) {
		char want[64];

		memset(text, 'x', sizeof text);
		memcpy(text + at, "\nann@b.example\n", 15);
		snprintf(want, sizeof want, "journal/long %zu ann@b.example\n",
		    at + 1);
		unit_write("journal/long", str_of(text, sizeof text));
		want_found("across", KEY, "journal/long 1\n", want);
	}
	unlink("journal/long");
}

static void
links_pipes_and_hidden_files_hold_nothing(void **state)
{
	(void)state;
	unit_write("/tmp/pmta-suppress-unit-outside", STR("ann@b.example\n"));
	assert_int_equal(
	    symlink("/tmp/pmta-suppress-unit-outside", "journal/link"), 0);
	assert_int_equal(mkfifo("journal/pipe", 0600), 0);
	unit_write("journal/.hidden", STR("ann@b.example\n"));
	unit_write("suppress.db", STR("ann@b.example\n"));
	assert_int_equal(mkdir("lost+found", 0700), 0);
	unit_write("lost+found/x", STR("ann@b.example\n"));
	want_found("all of them", KEY, "", "");
	unlink("/tmp/pmta-suppress-unit-outside");
	unlink("journal/link");
	unlink("journal/pipe");
	unlink("journal/.hidden");
	unlink("suppress.db");
	unlink("lost+found/x");
	rmdir("lost+found");
}

static void
folders_are_entered_to_a_depth(void **state)
{
	char path[512] = "journal";
	size_t n = strlen(path);
	struct told f = { 0 };
	struct err e = { 0 };

	(void)state;
	for (int i = 0; i < 7; i++) {
		n += (size_t)snprintf(path + n, sizeof path - n, "/d");
		assert_int_equal(mkdir(path, 0700), 0);
	}
	snprintf(path + n, sizeof path - n, "/x");
	unit_write(path, STR("ann@b.example\n"));
	want_found("seven", KEY, "journal/d/d/d/d/d/d/d/x 1\n",
	    "journal/d/d/d/d/d/d/d/x 0 ann@b.example\n");
	unlink(path);
	assert_int_equal(mkdir(path, 0700), 0);
	assert_false(traces_each(&HERE, KEY, on_trace, NULL, &f, &e));
	assert_int_equal(e.code, EX_NOINPUT);
	assert_non_null(strstr(e.text, "too many folders"));
	for (char *cut; (cut = strrchr(path, '/')) != NULL; *cut = '\0')
		assert_int_equal(rmdir(path), 0);
}

static void
a_journal_file_tells_when_it_goes(void **state)
{
	struct timespec at[2] = { { .tv_sec = 1000 }, { .tv_sec = 1000 } };
	struct told f = { 0 };
	struct err e = { 0 };

	(void)state;
	unit_write("journal/s.0.csv", STR("ann@b.example\n"));
	assert_int_equal(utimensat(AT_FDCWD, "journal/s.0.csv", at, 0), 0);
	assert_true(traces_each(&HERE, KEY, on_trace, NULL, &f, &e));
	want_number("journal", f.expires, 1000 + 86400);
	unlink("journal/s.0.csv");
	unit_write("quarantine/r", STR("ann@b.example\n"));
	assert_true(traces_each(&HERE, KEY, on_trace, NULL, &f, &e));
	want_number("quarantine", f.expires, 0);
	buf_release(&f.files);
	f.refuse = true;
	assert_false(traces_each(&HERE, KEY, on_trace, NULL, &f, &e));
	want_text("who has enough", e.text, "refused");
	err_clear(&e);
	assert_false(traces_each(&HERE, KEY, on_trace, on_line, &f, &e));
	want_text("of lines", e.text, "refused");
	unlink("quarantine/r");
	buf_release(&f.files);
	buf_release(&f.lines);
}

static void
in_the_database_a_longer_address_may_count_or_not(void **state)
{
	static const struct {
		const char *name;
		struct str text;
		uint64_t loose, strict;
	} ROWS[] = {
		{ "alone", LIT("ann@b.example"), 1, 1 },
		{ "between NUL", LIT("\0ann@b.example\0"), 1, 1 },
		{ "in brackets", LIT("<ann@b.example>"), 1, 1 },
		{ "longer in front", LIT("joann@b.example"), 1, 0 },
		{ "longer behind", LIT("ann@b.example.org"), 1, 0 },
		{ "as a return path", LIT("news-ann=b.example@s.example"), 1,
		    0 },
		{ "none", LIT("bob@b.example"), 0, 0 },
	};
	struct err e = { 0 };
	uint64_t hits;

	(void)state;
	for (size_t i = 0; i < COUNT(ROWS); i++) {
		unit_write("suppress.db", ROWS[i].text);
		assert_true(traces_in_database(&HERE, KEY, false, &hits, &e));
		want_number(ROWS[i].name, (int64_t)hits,
		    (int64_t)ROWS[i].loose);
		assert_true(traces_in_database(&HERE, KEY, true, &hits, &e));
		want_number(ROWS[i].name, (int64_t)hits,
		    (int64_t)ROWS[i].strict);
	}
	unlink("suppress.db");
	assert_true(traces_in_database(&HERE, KEY, true, &hits, &e));
	want_number("no database", (int64_t)hits, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_is_found_in_any_case_and_as_a_return_path),
		cmocka_unit_test(a_line_is_told_once_and_a_namesake_is_not),
		cmocka_unit_test(
		    lines_are_given_of_text_in_journal_and_quarantine_alone),
		cmocka_unit_test(what_is_packed_is_named_since_nobody_can_tell),
		cmocka_unit_test(
		    an_address_of_many_spellings_is_looked_for_by_a_part),
		cmocka_unit_test(a_filter_of_who_took_mail_holds_no_address),
		cmocka_unit_test(what_lies_across_two_blocks_is_found_once),
		cmocka_unit_test(links_pipes_and_hidden_files_hold_nothing),
		cmocka_unit_test(folders_are_entered_to_a_depth),
		cmocka_unit_test(a_journal_file_tells_when_it_goes),
		cmocka_unit_test(
		    in_the_database_a_longer_address_may_count_or_not),
	};

	return cmocka_run_group_tests(tests, setup, unit_leave_folder);
}
