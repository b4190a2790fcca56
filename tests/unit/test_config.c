/* test_config.c - the settings file. */
#include "unit.h"

#include "work/config.h"

static bool
load(const char *text, struct config *c, struct err *e)
{
	struct config_where w = { .file = "c.conf" };

	unit_write("c.conf", str_from(text));
	err_clear(e);
	return config_load(c, &w, e);
}

static void
every_default_is_a_good_value(void **state)
{
	const struct config_key *k;
	struct config c;
	struct err e = { 0 };

	(void)state;
	for (size_t i = 0; (k = config_key_at(i)) != NULL; i++) {
		char text[1024];

		snprintf(text, sizeof text, "[%s]\n%s = %s\n", k->section,
		    k->key, k->value);
		if (!load(text, &c, &e))
			fail_msg("[%s] %s: %s", k->section, k->key, e.text);
	}
}

static void
defaults_are_those_of_the_policy(void **state)
{
	struct config c;

	(void)state;
	config_default(&c);
	assert_memory_equal(&c.policy, &POLICY_DEFAULTS, sizeof c.policy);
	want_number("segment", c.segment_bytes, 64 << 20);
	want_number("commit", c.commit_ms, 200);
	want_number("journal", c.journal_bytes, INT64_C(4) << 30);
	want_bool("full", c.store.full, false);
}

static void
values_are_taken(void **state)
{
	struct config c;
	struct err e = { 0 };

	(void)state;
	if (!load("# a comment\n[log]\nto = /tmp/x.log\nlevel = debug\n"
	    "[pipe]\nrow-limit = 128K\nstream-key = vmta\n"
	    "[journal]\nkeep = 36h\n[store]\nsynchronous = full\n"
	    "[policy]\nprovisional-days = 10\nfull-mailbox-days = 5\n", &c,
	    &e))
		fail_msg("%s", e.text);
	want_text("to", c.log_to, "/tmp/x.log");
	want_number("level", c.log_level, LOG_AT_DEBUG);
	want_number("row-limit", c.row_limit, 128 << 10);
	want_text("stream-key", c.stream_key, "vmta");
	want_number("keep", c.journal_keep, 36 * 3600);
	want_bool("full", c.store.full, true);
	want_number("provisional", c.policy.provisional, 864000);
	want_number("full days", c.policy.full_days, 5);
	want_text("file", c.file, "c.conf");
}

static void
what_is_wrong_is_told_with_file_and_line(void **state)
{
	static const struct {
		const char *text, *place, *what;
	} BAD[] = {
		{ "[policy]\nwindows = 3d\n", "c.conf:2: ", "unknown key" },
		{ "[polcy]\nwindow = 3d\n", "c.conf:1: ", "unknown section" },
		{ "[policy]\n\nwindow = soon\n", "c.conf:3: ", "bad value" },
		{ "[policy]\nwindow = -3d\n", "c.conf:2: ", "bad value" },
		{ "[policy]\ngone-weak-days = 0\n", "c.conf:2: ",
		    "bad value" },
		{ "[pipe]\nstream-key = vmt\n", "c.conf:2: ", "bad value" },
		{ "[pipe]\nstream-key = |\n", "c.conf:2: ", "bad value" },
		{ "[pipe]\nstream-key =\n", "c.conf:2: ", "bad value" },
		{ "[paths]\nstate =\n", "c.conf:2: ", "bad value" },
		{ "[pipe]\nrow-limit = 9G\n", "c.conf:2: ", "bad value" },
		{ "[log]\nlevel = loud\n", "c.conf:2: ", "bad value" },
		{ "[store]\nsynchronous = off\n", "c.conf:2: ", "bad value" },
		{ "[storm]\nwindow = 72h\n", "c.conf:2: ",
		    "; write a span (90s, 10m, 24h, 7d) from 0 to 2d" },
		{ "[storm]\nshare = 1\n", "c.conf:2: ",
		    "; write a share (1%, 0.25%) from 0 to 100%" },
		{ "[pipe]\nrow-limit = 16M\n", "c.conf:2: ",
		    "; write a size (512, 64K, 8M, 1G) from 1K to 8M" },
		{ "[pipe]\ndrain-timeout = 61m\n", "c.conf:2: ",
		    " from 0 to 1h" },
		{ "[journal]\nsync-ms = 1s\n", "c.conf:2: ",
		    "; write a number from 10 to 600000" },
		{ "[policy]\nprovisional-days = 365d\n", "c.conf:2: ",
		    "; write a number of days from 0 to 3650" },
	};
	struct config c, defaults;
	struct err e = { 0 };

	(void)state;
	config_default(&defaults);
	for (size_t i = 0; i < COUNT(BAD); i++) {
		want_bool(BAD[i].text, load(BAD[i].text, &c, &e), false);
		want_number(BAD[i].text, e.code, EX_CONFIG);
		if (strncmp(e.text, BAD[i].place, strlen(BAD[i].place)) != 0 ||
		    strstr(e.text, BAD[i].what) == NULL ||
		    strchr(e.text, ';') == NULL)
			fail_msg("%s: %s", BAD[i].text, e.text);
		/* The pipe goes on with this. */
		assert_memory_equal(&c, &defaults, sizeof c);
	}
}

static void
a_slip_costs_no_other_line(void **state)
{
	static const struct {
		const char *text, *state;
		bool observe;
		int64_t window; /* days */
	} ROWS[] = {
		{ "[paths]\nstate = /a\n[polcy]\nwindow = 5d\n", "/a", false,
		    90 },
		{ "[policy]\nwindow = soon\nmode = observe\n[paths]\n"
		  "state = /a\n", "/a", true, 90 },
		{ "[policy]\nwindow = 5d\nwindow = soon\n", NULL, false, 90 },
		{ "[policy]\nwindow 4d\nmode = observe\n", NULL, true, 90 },
		{ "[paths\nwindow = 4d\n[policy]\nwindow = 5d\n", NULL,
		    false, 5 },
		{ "[policy]\nwindow = 5d\n[paths\nwindow = 4d\n", NULL, false,
		    5 },
		{ "[policy]\nmode = observer\nwindow = 5d\n", NULL, false, 5 },
		{ "[paths]\nstate = /a\nstate =\n", NULL, false, 90 },
	};
	struct config c, defaults;
	struct never_hit hit;
	struct err e = { 0 };

	(void)state;
	config_default(&defaults);
	for (size_t i = 0; i < COUNT(ROWS); i++) {
		want_bool(ROWS[i].text, load(ROWS[i].text, &c, &e), false);
		want_text(ROWS[i].text, c.state,
		    ROWS[i].state != NULL ? ROWS[i].state : defaults.state);
		want_bool(ROWS[i].text, c.observe, ROWS[i].observe);
		want_number(ROWS[i].text, c.policy.window,
		    ROWS[i].window * 86400);
	}
	want_bool("never", load("[polcy]\n[never-suppress]\nvip = a@b.cd\n", &c,
	    &e), false);
	want_bool("never", never_find(&c.never, STR("a@b.cd"), &hit), true);
}

static void
a_file_named_must_be_there(void **state)
{
	struct config_where w = { .file = "absent.conf", .state = "here" };
	struct config c;
	struct err e = { 0 };

	(void)state;
	assert_false(config_load(&c, &w, &e));
	want_number("code", e.code, EX_NOINPUT);
	want_text("state", c.state, "here");
}

static void
the_environment_stands_behind_the_command_line(void **state)
{
	struct config_where w = { .state = "from-option" };
	struct config c;
	struct err e = { 0 };

	(void)state;
	unit_write("d.conf", STR("[paths]\nstate = from-file\n"));
	setenv("PMTA_SUPPRESS_CONFIG", "d.conf", 1);
	assert_true(config_load(&c, &(struct config_where){ 0 }, &e));
	want_text("file", c.state, "from-file");
	setenv("PMTA_SUPPRESS_STATE", "from-environment", 1);
	assert_true(config_load(&c, &(struct config_where){ 0 }, &e));
	want_text("environment", c.state, "from-environment");
	assert_true(config_load(&c, &w, &e));
	want_text("option", c.state, "from-option");
	unsetenv("PMTA_SUPPRESS_CONFIG");
	unsetenv("PMTA_SUPPRESS_STATE");
}

static void
a_state_folder_everybody_may_write_is_refused(void **state)
{
	struct config c;
	struct err e = { 0 };
	struct stat st;

	(void)state;
	config_default(&c);
	snprintf(c.state, sizeof c.state, "st");
	assert_false(config_enter(&c, false, &e));
	want_number("absent", e.code, EX_NOINPUT);
	err_clear(&e);
	assert_true(config_enter(&c, true, &e));
	assert_int_equal(stat("st", &st), 0);
	want_number("mode", st.st_mode & 07777, 02750);
	assert_int_equal(chmod("st", 0777), 0);
	assert_false(config_enter(&c, true, &e));
	want_number("open", e.code, EX_CONFIG);
}

int
main(void)
{
	static const struct CMUnitTest TESTS[] = {
		cmocka_unit_test(every_default_is_a_good_value),
		cmocka_unit_test(defaults_are_those_of_the_policy),
		cmocka_unit_test(values_are_taken),
		cmocka_unit_test(what_is_wrong_is_told_with_file_and_line),
		cmocka_unit_test(a_slip_costs_no_other_line),
		cmocka_unit_test(a_file_named_must_be_there),
		cmocka_unit_test(the_environment_stands_behind_the_command_line),
		cmocka_unit_test(a_state_folder_everybody_may_write_is_refused),
	};

	return cmocka_run_group_tests(TESTS, unit_enter_folder,
	    unit_leave_folder);
}
