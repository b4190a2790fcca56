/* test_options.c - the pipe's command line: mistakes cost no record. */
#include "unit.h"

/* The pipe program's modules are in no library. */
#include "../../pipe/options.c"

#define ARGS_MAX 10

static void
want_arg(const char *row, const char *got, const char *want)
{
	if ((got == NULL) != (want == NULL) ||
	    (got != NULL && strcmp(got, want) != 0))
		fail_msg("%s: got %s, want %s", row, got != NULL ? got : "-",
		    want != NULL ? want : "-");
}

static void
command_lines(void **state)
{
	static const struct {
		const char *name;
		const char *args[ARGS_MAX];
		const char *state, *input, *from, *to, *log;
		const char *told; /* in the error; NULL: none */
		bool refused;
	} ROWS[] = {
		{ .name = "nothing at all" },
		{ .name = "all of it",
		    .args = { "--config", "c", "--state=s", "--rules", "r",
			"--input", "message", "--log=l", "--from=", "--to=t" },
		    .state = "s",
		    .input = "message",
		    .from = "",
		    .to = "t",
		    .log = "l" },
		{ .name = "an unknown option",
		    .args = { "--nope", "--state", "s" },
		    .state = "s",
		    .told = "'--nope': no such option" },
		{ .name = "an unknown letter",
		    .args = { "-x", "--state", "s" },
		    .state = "s",
		    .told = "'-x'" },
		{ .name = "no value",
		    .args = { "--log", "l", "--state" },
		    .log = "l",
		    .told = "'--state': it needs a value" },
		{ .name = "no such kind of input",
		    .args = { "--input", "xml", "--log", "l" },
		    .log = "l",
		    .told = "--input 'xml': no such kind" },
		{ .name = "a stray word ends it",
		    .args = { "--log", "l", "x", "--state", "s" },
		    .log = "l",
		    .told = "'x'" },
		{ .name = "bytes of strangers are quoted",
		    .args = { "--n\nope" },
		    .told = "'--n\\nope'" },
		{ .name = "an option after the envelope",
		    .args = { "--state", "s", "--from=a", "--log=/x" },
		    .state = "s",
		    .input = "message",
		    .from = "a",
		    .told = "write these three last",
		    .refused = true },
		{ .name = "the envelope in any order",
		    .args = { "--to=t", "--envid=e", "--from=f" },
		    .input = "message",
		    .from = "f",
		    .to = "t" },
		{ .name = "unknown behind the envelope",
		    .args = { "--to=t", "--nope" },
		    .input = "message",
		    .to = "t",
		    .told = "'--nope'" },
		{ .name = "a value that looks like an option",
		    .args = { "--from", "--state=x" },
		    .input = "message",
		    .from = "--state=x" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(ROWS); i++) {
		char *argv[ARGS_MAX + 2] = { strdup("pmta-suppress-pipe") };
		struct options o;
		struct err e = { 0 };
		int argc = 1;

		for (size_t k = 0; k < ARGS_MAX && ROWS[i].args[k]; k++)
			argv[argc++] = strdup(ROWS[i].args[k]);
		optind = 0; /* getopt_long() begins anew */
		options_parse(&o, argc, argv, &e);
		want_arg(ROWS[i].name, o.where.state, ROWS[i].state);
		want_arg(ROWS[i].name, o.input, ROWS[i].input);
		want_arg(ROWS[i].name, o.from, ROWS[i].from);
		want_arg(ROWS[i].name, o.to, ROWS[i].to);
		want_arg(ROWS[i].name, o.log, ROWS[i].log);
		want_bool(ROWS[i].name, o.refused, ROWS[i].refused);
		want_bool(ROWS[i].name, e.code != 0, ROWS[i].told != NULL);
		if (ROWS[i].told != NULL && !strstr(e.text, ROWS[i].told))
			fail_msg("%s: told \"%s\", want \"%s\"", ROWS[i].name,
			    e.text, ROWS[i].told);
		while (argc > 0)
			free(argv[--argc]);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(command_lines),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
