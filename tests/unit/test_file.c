/* test_file.c - whole files in, whole files out. */
#include "unit.h"

#include <dirent.h>

#include "base/file.h"

static void
a_file_is_read_whole(void **state)
{
	static const struct {
		const char *name;
		struct str content;
		size_t max;
		int code; /* 0: read */
	} ROWS[] = {
		{ "empty", LIT(""), 10, 0 },
		{ "empty, nothing allowed", LIT(""), 0, 0 },
		{ "some", LIT("a\0b\n"), 10, 0 },
		{ "just the most", LIT("abcd"), 4, 0 },
		{ "one too many", LIT("abcde"), 4, EX_DATAERR },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(ROWS); i++) {
		struct buf b = { 0 };
		struct err e = { 0 };

		buf_adds(&b, "from before");
		unit_write("in", ROWS[i].content);
		want_bool(ROWS[i].name, file_read("in", ROWS[i].max, &b, &e),
		    ROWS[i].code == 0);
		want_number(ROWS[i].name, e.code, ROWS[i].code);
		if (e.code == 0)
			want_str(ROWS[i].name, buf_str(&b), ROWS[i].content);
		else
			assert_non_null(strstr(e.text, "in: "));
		buf_release(&b);
	}
}

static void
a_large_file_is_read_in_pieces(void **state)
{
	struct buf in = { 0 };
	struct buf out = { 0 };
	struct err e = { 0 };

	(void)state;
	for (unsigned i = 0; i < 300000; i++)
		buf_addc(&in, (char)(i % 251));
	unit_write("large", buf_str(&in));
	assert_true(file_read("large", in.n, &out, &e));
	assert_true(str_eq(buf_str(&in), buf_str(&out)));
	assert_false(file_read("large", in.n - 1, &out, &e));
	assert_int_equal(e.code, EX_DATAERR);
	buf_release(&in);
	buf_release(&out);
}

static void
what_cannot_be_opened_is_no_input(void **state)
{
	static const struct {
		const char *name, *path, *part;
	} ROWS[] = {
		{ "missing", "missing", "missing: cannot open: " },
		{ "folder", ".", ".: is a folder" },
		{ "no folder", "missing/x", "missing/x: cannot open: " },
		{ "empty name", "", "cannot open: " },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(ROWS); i++) {
		struct buf b = { 0 };
		struct err e = { 0 };

		want_bool(
		    ROWS[i].name, file_read(ROWS[i].path, 9, &b, &e), false);
		want_number(ROWS[i].name, e.code, EX_NOINPUT);
		if (strstr(e.text, ROWS[i].part) == NULL ||
		    strchr(e.text, ';') == NULL)
			fail_msg("%s: got \"%s\"", ROWS[i].name, e.text);
		buf_release(&b);
	}
}

static size_t
files_here(void)
{
	size_t n = 0;
	DIR *d = opendir(".");

	assert_non_null(d);
	for (struct dirent *f = readdir(d); f != NULL; f = readdir(d))
		n += f->d_name[0] != '.';
	closedir(d);
	return n;
}

static void
want_content(const char *path, const char *want)
{
	struct buf b = { 0 };
	struct err e = { 0 };

	if (!file_read(path, 4096, &b, &e))
		fail_msg("%s", e.text);
	want_str(path, buf_str(&b), str_from(want));
	buf_release(&b);
}

static void
nobody_sees_a_new_file_before_it_is_done(void **state)
{
	struct file_new f;
	struct err e = { 0 };
	size_t before;

	(void)state;
	unit_write("list", STR("old"));
	before = files_here();
	assert_true(file_new_open(&f, "list", 0640, &e));
	assert_int_equal(files_here(), before + (f.nameless ? 0 : 1));
	assert_true(file_new_write(&f, STR("new "), &e));
	assert_true(file_new_write(&f, STR("list"), &e));
	want_content("list", "old");
	assert_true(file_new_done(&f, &e));
	want_content("list", "new list");
	file_new_release(&f);
	file_new_release(&f);
	want_content("list", "new list");
	assert_int_equal(files_here(), before);
}

static void
what_is_not_done_leaves_nothing(void **state)
{
	struct file_new f;
	struct err e = { 0 };
	size_t before;

	(void)state;
	unit_write("keep", STR("old"));
	before = files_here();
	assert_true(file_new_open(&f, "keep", 0640, &e));
	assert_true(file_new_write(&f, STR("half"), &e));
	file_new_release(&f);
	want_content("keep", "old");
	assert_int_equal(files_here(), before);
}

static void
the_umask_applies_to_a_new_file(void **state)
{
	mode_t was = umask(027);
	struct file_new f;
	struct err e = { 0 };
	struct stat st;

	(void)state;
	assert_true(file_new_open(&f, "mode", 0666, &e));
	assert_true(file_new_done(&f, &e));
	file_new_release(&f);
	umask(was);
	assert_int_equal(stat("mode", &st), 0);
	assert_int_equal(st.st_mode & 07777, 0640);
}

static void
a_neighbour_left_by_a_crash_is_passed_over(void **state)
{
	struct file_new f;
	struct err e = { 0 };
	char stale[64];

	(void)state;
	snprintf(stale, sizeof stale, "crash.%ld.0.tmp", (long)getpid());
	unit_write(stale, STR("stale"));
	assert_true(file_new_open(&f, "crash", 0640, &e));
	assert_true(file_new_write(&f, STR("good"), &e));
	assert_true(file_new_done(&f, &e));
	file_new_release(&f);
	want_content("crash", "good");
	want_content(stale, "stale");
}

static void
a_link_put_in_the_way_is_not_followed(void **state)
{
	struct file_new f;
	struct err e = { 0 };
	char trap[64];

	(void)state;
	unit_write("victim", STR("safe"));
	snprintf(trap, sizeof trap, "link.%ld.0.tmp", (long)getpid());
	assert_int_equal(symlink("victim", trap), 0);
	assert_true(file_new_open(&f, "link", 0640, &e));
	assert_true(file_new_write(&f, STR("x"), &e));
	assert_true(file_new_done(&f, &e));
	file_new_release(&f);
	want_content("victim", "safe");
}

static void
only_a_regular_file_is_replaced(void **state)
{
	static const char *const PATHS[] = { "a-folder", "a-fifo", "a-link",
		"a-loose-link", "/dev/null" };

	(void)state;
	unit_write("regular", STR("safe"));
	assert_int_equal(mkdir("a-folder", 0700), 0);
	assert_int_equal(mkfifo("a-fifo", 0600), 0);
	assert_int_equal(symlink("regular", "a-link"), 0);
	assert_int_equal(symlink("nowhere", "a-loose-link"), 0);
	for (size_t i = 0; i < COUNT(PATHS); i++) {
		struct file_new f;
		struct err e = { 0 };

		want_bool(
		    PATHS[i], file_new_open(&f, PATHS[i], 0640, &e), false);
		want_number(PATHS[i], e.code, EX_CANTCREAT);
		assert_non_null(strstr(e.text, "is no regular file; "));
		file_new_release(&f);
	}
	want_bool("no name", file_new_open(&(struct file_new){ 0 }, "", 0640,
	    &(struct err){ 0 }), false);
	want_content("regular", "safe");
}

static void
a_folder_that_is_missing_is_told(void **state)
{
	struct file_new f;
	struct err e = { 0 };

	(void)state;
	assert_false(file_new_open(&f, "missing/list", 0640, &e));
	assert_int_equal(e.code, EX_IOERR);
	assert_non_null(strstr(e.text, "missing/list"));
	file_new_release(&f);
}

static void
a_rename_that_fails_is_told_and_leaves_nothing(void **state)
{
	struct file_new f;
	struct err e = { 0 };
	size_t before;

	(void)state;
	before = files_here();
	assert_true(file_new_open(&f, "taken", 0640, &e));
	assert_int_equal(mkdir("taken", 0700), 0);
	assert_false(file_new_done(&f, &e));
	assert_int_equal(e.code, EX_IOERR);
	file_new_release(&f);
	assert_int_equal(files_here(), before + 1);
}

static void
a_path_with_folders_is_done_there(void **state)
{
	struct file_new f;
	struct err e = { 0 };

	(void)state;
	assert_int_equal(mkdir("sub", 0700), 0);
	assert_true(file_new_open(&f, "sub/list", 0640, &e));
	assert_true(file_new_write(&f, STR("x"), &e));
	if (!file_new_done(&f, &e))
		fail_msg("%s", e.text);
	file_new_release(&f);
	want_content("sub/list", "x");
}

static void
an_all_zero_file_holds_nothing(void **state)
{
	struct file_new f = { 0 };

	(void)state;
	file_new_release(&f);
	assert_int_not_equal(fcntl(STDIN_FILENO, F_GETFD), -1);
}

static void
a_write_that_fails_is_told(void **state)
{
	struct file_new f;
	struct err e = { 0 };
	int fd;

	(void)state;
	assert_true(file_new_open(&f, "full", 0640, &e));
	fd = open("/dev/full", O_WRONLY | O_CLOEXEC);
	assert_true(fd >= 0);
	assert_int_equal(dup2(fd, f.fd), f.fd);
	assert_false(file_new_write(&f, STR("x"), &e));
	assert_int_equal(e.code, EX_IOERR);
	assert_non_null(strstr(e.text, "full: cannot write: No space"));
	file_new_release(&f);
	assert_int_equal(access("full", F_OK), -1);
	assert_false(file_write_all(fd, STR("x")));
	assert_int_equal(errno, ENOSPC);
	close(fd);
}

static void
writing_goes_on_until_all_is_out(void **state)
{
	struct buf b = { 0 };
	struct buf got = { 0 };
	struct err e = { 0 };
	int fd = open("all", O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

	(void)state;
	assert_true(fd >= 0);
	assert_true(file_write_all(fd, (struct str){ NULL, 0 }));
	for (int i = 0; i < 200000; i++)
		buf_addc(&b, 'x');
	assert_true(file_write_all(fd, buf_str(&b)));
	assert_int_equal(close(fd), 0);
	assert_true(file_read("all", 200000, &got, &e));
	assert_true(str_eq(buf_str(&b), buf_str(&got)));
	assert_false(file_write_all(-1, STR("x")));
	assert_int_equal(errno, EBADF);
	buf_release(&b);
	buf_release(&got);
}

/* The last word of the path stands as it is. */
static void
links_in_the_folders_path_are_followed(void **state)
{
	static const struct {
		const char *path, *end;
	} ROWS[] = {
		{ "really/list", "/really/list" },
		{ "alias/list", "/really/list" },
		{ "alias/alias", "/really/alias" },
		{ "", "" },
		{ "none/list", "none/list" },
	};

	(void)state;
	assert_int_equal(mkdir("really", 0700), 0);
	assert_int_equal(symlink("really", "alias"), 0);
	assert_int_equal(symlink("list", "really/alias"), 0);
	for (size_t i = 0; i < COUNT(ROWS); i++) {
		char *real = file_real_folder(ROWS[i].path);

		assert_non_null(real);
		want_bool(ROWS[i].path, ROWS[i].end[0] == '/'
		    ? str_ends(str_from(real), str_from(ROWS[i].end))
		    : strcmp(real, ROWS[i].end) == 0, true);
		free(real);
	}
}

int
main(void)
{
	static const struct CMUnitTest TESTS[] = {
		cmocka_unit_test(a_file_is_read_whole),
		cmocka_unit_test(a_large_file_is_read_in_pieces),
		cmocka_unit_test(what_cannot_be_opened_is_no_input),
		cmocka_unit_test(nobody_sees_a_new_file_before_it_is_done),
		cmocka_unit_test(what_is_not_done_leaves_nothing),
		cmocka_unit_test(the_umask_applies_to_a_new_file),
		cmocka_unit_test(a_neighbour_left_by_a_crash_is_passed_over),
		cmocka_unit_test(a_link_put_in_the_way_is_not_followed),
		cmocka_unit_test(only_a_regular_file_is_replaced),
		cmocka_unit_test(a_folder_that_is_missing_is_told),
		cmocka_unit_test(
		    a_rename_that_fails_is_told_and_leaves_nothing),
		cmocka_unit_test(a_path_with_folders_is_done_there),
		cmocka_unit_test(an_all_zero_file_holds_nothing),
		cmocka_unit_test(a_write_that_fails_is_told),
		cmocka_unit_test(writing_goes_on_until_all_is_out),
		cmocka_unit_test(links_in_the_folders_path_are_followed),
	};

	return cmocka_run_group_tests(
	    TESTS, unit_enter_folder, unit_leave_folder);
}
