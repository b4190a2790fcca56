/* test_syslogd.c - the machine's log: what is said is never waited for. */
#include "unit.h"

#include <sys/socket.h>
#include <sys/un.h>
#include <syslog.h>

#include "base/clock.h"
#include "base/syslogd.h"

#define PATH "dev-log"
#define NOW INT64_C(1790000000) /* 2026-09-21T14:13:20Z */

/* A daemon; one that was there before is no longer found. */
static int
daemon_at(int type)
{
	struct sockaddr_un at = { .sun_family = AF_UNIX, .sun_path = PATH };
	int fd = socket(AF_UNIX, type | SOCK_NONBLOCK, 0);

	unlink(PATH);
	assert_int_equal(bind(fd, (struct sockaddr *)&at, sizeof at), 0);
	if (type == SOCK_STREAM)
		assert_int_equal(listen(fd, 4), 0);
	return fd;
}

static void
want_line_at(int fd, const char *end, size_t more)
{
	char got[4096] = { 0 };
	ssize_t n = recv(fd, got, sizeof got - 1, 0);
	char want[256];

	snprintf(want, sizeof want, "<19>Sep 21 14:13:20 prog[%ld]: %s",
	    (long)getpid(), end);
	assert_true(n > 0);
	assert_string_equal(got, want);
	assert_int_equal(n, strlen(want) + more);
}

static void
say(struct syslogd *s, const char *text)
{
	syslogd_send(s, LOG_MAIL | LOG_ERR, "prog", NOW, text);
}

static void
a_line_is_as_syslog_writes_it(void **state)
{
	int daemon = daemon_at(SOCK_DGRAM);
	struct syslogd s;

	(void)state;
	syslogd_open(&s, PATH);
	say(&s, "k: one %s");
	want_line_at(daemon, "k: one %s", 0);
	syslogd_close(&s);
	close(daemon);
}

static void
one_that_reads_nothing_is_not_waited_for(void **state)
{
	int daemon = daemon_at(SOCK_DGRAM);
	int64_t began = clock_ticks();
	struct syslogd s;
	char got[256];
	unsigned n = 0;

	(void)state;
	syslogd_open(&s, PATH);
	for (unsigned i = 0; i < 10000; i++)
		say(&s, "k: x");
	assert_true(clock_ticks() - began < 5000);
	while (recv(daemon, got, sizeof got, 0) > 0)
		n++;
	assert_in_range(n, 1, 9999);
	/* It goes on. */
	say(&s, "k: again");
	want_line_at(daemon, "k: again", 0);
	syslogd_close(&s);
	close(daemon);
}

static void
one_that_was_started_again_is_found(void **state)
{
	int daemon = daemon_at(SOCK_DGRAM);
	struct syslogd s;

	(void)state;
	syslogd_open(&s, PATH);
	close(daemon);
	say(&s, "k: to nobody");
	unlink(PATH);
	say(&s, "k: to nobody");
	daemon = daemon_at(SOCK_DGRAM);
	say(&s, "k: to the new one");
	want_line_at(daemon, "k: to the new one", 0);
	close(daemon);
	daemon = daemon_at(SOCK_DGRAM);
	say(&s, "k: at once");
	want_line_at(daemon, "k: at once", 0);
	syslogd_close(&s);
	close(daemon);
}

/* Some daemons take a stream of lines. */
static void
a_stream_is_spoken_too(void **state)
{
	int daemon = daemon_at(SOCK_STREAM), fd;
	int64_t began = clock_ticks();
	struct syslogd s;

	(void)state;
	syslogd_open(&s, PATH);
	fd = accept(daemon, NULL, NULL);
	assert_true(fd >= 0);
	say(&s, "k: one");
	want_line_at(fd, "k: one", 1);
	for (unsigned i = 0; i < 100000; i++)
		say(&s, "k: nobody reads");
	assert_true(clock_ticks() - began < 20000);
	syslogd_close(&s);
	close(fd);
	close(daemon);
}

static void
nobody_there_is_no_fault(void **state)
{
	struct syslogd s;

	(void)state;
	unlink(PATH);
	syslogd_open(&s, PATH);
	say(&s, "k: x");
	assert_int_equal(s.fd, -1);
	syslogd_close(&s);
	syslogd_close(&s);
	say(&s, "k: x");
}

int
main(void)
{
	static const struct CMUnitTest TESTS[] = {
		cmocka_unit_test(a_line_is_as_syslog_writes_it),
		cmocka_unit_test(one_that_reads_nothing_is_not_waited_for),
		cmocka_unit_test(one_that_was_started_again_is_found),
		cmocka_unit_test(a_stream_is_spoken_too),
		cmocka_unit_test(nobody_there_is_no_fault),
	};

	setenv("TZ", "UTC", 1);
	return cmocka_run_group_tests(
	    TESTS, unit_enter_folder, unit_leave_folder);
}
