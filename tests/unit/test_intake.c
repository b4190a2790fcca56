/* test_intake.c - first bytes looked at, bytes moved out of standard input. */
#include "unit.h"

#include <poll.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/socket.h>

/* The pipe program's modules are in no library. */
#include "../../pipe/intake.c"

static void
first_bytes_tell_what_comes_in(void **state)
{
	static const struct {
		const char *name;
		struct str bytes;
		bool last;
		enum sniffed want;
	} ROWS[] = {
		{ "a header", LIT("type,timeLogged,rcpt\r\n"), false,
		    SNIFFED_ROWS },
		{ "a header, cut", LIT("type,time"), false, SNIFFED_ROWS },
		{ "a header, cut in its first word", LIT("ty"), false,
		    SNIFFED_NOT_YET },
		{ "no more than that", LIT("ty"), true, SNIFFED_ROWS },
		{ "a row without a header", LIT("b,2026-11-20 07:00:00+0000,"),
		    false, SNIFFED_ROWS },
		{ "the midst of a row", LIT("ple.net,,failed,5.1.1\nb,20"),
		    false, SNIFFED_ROWS },
		{ "the midst of a row that looks like a field",
		    LIT("said: 550 no\",x\nb,2026-11-20 07:00:00+0000,"), false,
		    SNIFFED_ROWS },
		{ "the same without its next row", LIT("said: 550 no\",x\n"),
		    false, SNIFFED_NOT_YET },
		{ "nothing", LIT(""), false, SNIFFED_NOT_YET },
		{ "JSON", LIT("{\"type\":\"b\""), false, SNIFFED_JSON },
		{ "JSON in a list", LIT(" \r\n["), false, SNIFFED_JSON },
		{ "a mail", LIT("Return-Path: <>\r\nReceived: from a\r\n"),
		    false, SNIFFED_MESSAGE },
		{ "a mail with LF", LIT("Return-Path: <>\nReceived: from"),
		    true, SNIFFED_MESSAGE },
		{ "a mail, one line so far", LIT("Return-Path: <>\r\n"), false,
		    SNIFFED_NOT_YET },
		{ "a mail of one line", LIT("Subject: hi\n"), true,
		    SNIFFED_MESSAGE },
		{ "a folded first field", LIT("Received: from a\r\n\tby b\r\n"),
		    false, SNIFFED_MESSAGE },
		{ "an mbox line",
		    LIT("From a@b.test Fri Nov 20\nReceived: x\n"), false,
		    SNIFFED_MESSAGE },
		{ "a field's name, cut", LIT("Retu"), false, SNIFFED_NOT_YET },
		{ "a mail whose body has a row", LIT("From: a@b.test\n\nb,1\n"),
		    false, SNIFFED_MESSAGE },
		{ "a mail with rows in its head",
		    LIT("Return-Path: <x@b.test>\nReceived: from a\n"
			"type,timeLogged,rcpt\nb,2026-11-20 07:00:00+0000,"),
		    false, SNIFFED_MESSAGE },
		{ "a word that is neither", LIT("hello\nworld\n"), false,
		    SNIFFED_ROWS },
		{ "zero bytes", LIT("\0\0\0\n"), false, SNIFFED_ROWS },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(ROWS); i++)
		want_number(ROWS[i].name,
		    (int)intake_sniff_bytes(ROWS[i].bytes, ROWS[i].last),
		    (int)ROWS[i].want);
}

/* Longer than any header field's name or row's type, it is not waited for. */
static void
a_first_word_has_a_size(void **state)
{
	char word[NAME_LOOK + 1];

	(void)state;
	memset(word, 'x', sizeof word);
	for (size_t n = NAME_LOOK - 1; n <= NAME_LOOK + 1; n++)
		want_number("word", (int)intake_sniff_bytes(
		    str_of(word, n), false), n < NAME_LOOK
		    ? (int)SNIFFED_NOT_YET : (int)SNIFFED_ROWS);
}

/* Runs fn for a pipe, a socket and a file that hold the bytes and no more. */
static void
each_input(struct str bytes,
    void (*fn)(const char *name, struct intake *in, struct str bytes))
{
	static const char *const NAMES[] = { "pipe", "socket", "file" };

	for (size_t i = 0; i < COUNT(NAMES); i++) {
		struct intake in;
		int ends[2] = { -1, -1 };

		if (i == 0)
			assert_int_equal(pipe(ends), 0);
		else if (i == 1)
			assert_int_equal(
			    socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
		else
			unit_write("input", bytes);
		if (i < 2) {
			assert_int_equal(
			    write(ends[1], bytes.p, bytes.n), bytes.n);
			close(ends[1]);
		} else {
			ends[0] = open("input", O_RDONLY);
		}
		intake_init(&in, ends[0]);
		fn(NAMES[i], &in, bytes);
		intake_release(&in);
		close(ends[0]);
	}
}

static void
look_takes_nothing(const char *name, struct intake *in, struct str bytes)
{
	int to = open("out", O_RDWR | O_CREAT | O_TRUNC, 0600);
	enum moved got = MOVED_NOTHING;
	char back[64];
	size_t n = 0;

	want_number(name, (int)intake_sniff(in, false), (int)SNIFFED_ROWS);
	want_number(name, (int)intake_sniff(in, false), (int)SNIFFED_ROWS);
	for (int i = 0; i < 3 && got == MOVED_NOTHING; i++)
		got = intake_move(in, to, 0, 64, &n);
	want_number(name, (int)got, (int)MOVED_SOME);
	want_number(name, pread(to, back, sizeof back, 0), (int64_t)bytes.n);
	want_str(name, str_of(back, n), bytes);
	close(to);
}

static void
looking_takes_no_byte(void **state)
{
	(void)state;
	each_input(STR("type,rcpt\nb,a@b.test\n"), look_takes_nothing);
}

static void
move_all(const char *name, struct intake *in, struct str bytes)
{
	int to = open("out", O_RDWR | O_CREAT | O_TRUNC, 0600);
	enum moved got;
	char back[64];
	uint64_t at = 5;
	size_t n;

	/* Three at a time, from offset 5 on, until the end comes. */
	do {
		got = intake_move(in, to, at, 3, &n);
		at += n;
		assert_true(n <= 3);
	} while (got == MOVED_SOME || got == MOVED_NOTHING);
	want_number(name, (int)got, (int)MOVED_END);
	want_number(name, (int64_t)at, 5 + (int64_t)bytes.n);
	want_number(name, pread(to, back, sizeof back, 5), (int64_t)bytes.n);
	want_str(name, str_of(back, bytes.n), bytes);
	close(to);
}

static void
bytes_go_to_their_place_in_the_file(void **state)
{
	(void)state;
	each_input(STR("abcdefghijklmnopqrstuvw"), move_all);
}

static void
refuse_then_move(const char *name, struct intake *in, struct str bytes)
{
	int bad = open("/dev/full", O_WRONLY);
	int to = open("out", O_RDWR | O_CREAT | O_TRUNC, 0600);
	enum moved got = MOVED_NOTHING;
	char back[64];
	size_t n;

	/* Where splice(2) is refused for the target, it is copied. */
	for (int i = 0; i < 3 && got != MOVED_REFUSED; i++)
		got = intake_move(in, bad, 0, 64, &n);
	want_number(name, (int)got, (int)MOVED_REFUSED);
	want_number(name, errno, ENOSPC);
	got = intake_move(in, to, 0, 64, &n);
	want_number(name, (int)got, (int)MOVED_SOME);
	want_number(name, pread(to, back, sizeof back, 0), (int64_t)bytes.n);
	want_str(name, str_of(back, n), bytes);
	close(to);
	close(bad);
}

static void
what_cannot_be_written_is_not_lost(void **state)
{
	(void)state;
	each_input(STR("abcdefghij"), refuse_then_move);
}

static void
drop_all(const char *name, struct intake *in, struct str bytes)
{
	uint64_t all = 0;
	enum moved got;
	size_t n;

	do {
		got = intake_drop(in, &n);
		all += n;
	} while (got == MOVED_SOME);
	want_number(name, (int)got, (int)MOVED_END);
	want_number(name, (int64_t)all, (int64_t)bytes.n);
}

static void
dropped_bytes_are_counted(void **state)
{
	(void)state;
	each_input(STR("abcdefghij"), drop_all);
}

static void
an_empty_pipe_is_not_waited_for(void **state)
{
	struct intake in;
	int to = open("out", O_RDWR | O_CREAT | O_TRUNC, 0600);
	int ends[2];
	size_t n;

	(void)state;
	assert_int_equal(pipe(ends), 0);
	intake_init(&in, ends[0]);
	assert_false(intake_waiting(&in));
	want_number(
	    "move", (int)intake_move(&in, to, 0, 10, &n), (int)MOVED_NOTHING);
	want_number("drop", (int)intake_drop(&in, &n), (int)MOVED_NOTHING);
	want_number(
	    "sniff", (int)intake_sniff(&in, false), (int)SNIFFED_NOT_YET);
	assert_int_equal(write(ends[1], "x", 1), 1);
	assert_true(intake_waiting(&in));
	close(ends[1]);
	want_number(
	    "last", (int)intake_move(&in, to, 0, 10, &n), (int)MOVED_SOME);
	want_number(
	    "end", (int)intake_move(&in, to, 1, 10, &n), (int)MOVED_END);
	intake_release(&in);
	close(ends[0]);
	close(to);
}

static void
the_pipe_is_made_wider(void **state)
{
	struct intake in;
	int ends[2];
	int before;

	(void)state;
	assert_int_equal(pipe(ends), 0);
	before = fcntl(ends[0], F_GETPIPE_SZ);
	intake_init(&in, ends[0]);
	intake_widen(&in);
	assert_true(fcntl(ends[0], F_GETPIPE_SZ) >= before);
	intake_release(&in);
	close(ends[0]);
	close(ends[1]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(first_bytes_tell_what_comes_in),
		cmocka_unit_test(a_first_word_has_a_size),
		cmocka_unit_test(looking_takes_no_byte),
		cmocka_unit_test(bytes_go_to_their_place_in_the_file),
		cmocka_unit_test(what_cannot_be_written_is_not_lost),
		cmocka_unit_test(dropped_bytes_are_counted),
		cmocka_unit_test(an_empty_pipe_is_not_waited_for),
		cmocka_unit_test(the_pipe_is_made_wider),
	};

	return cmocka_run_group_tests(
	    tests, unit_enter_folder, unit_leave_folder);
}
