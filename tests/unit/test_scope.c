/* test_scope.c - which stream of mail an event belongs to. */
#include "unit.h"

#include "work/scope.h"

static const struct named {
	const char *name, *key;
	struct event ev;
	const char *want;
} NAMED[] = {
#define EV(field, text) { .field = { text, sizeof text - 1 } }
	{ "domain", "orig-domain", EV(orig, "n@S.Example"),
	    "stream:s.example" },
	{ "U-labels", "orig-domain", EV(orig, "n@b\xc3\xbc" "cher.example"),
	    "stream:xn--bcher-kva.example" },
	{ "no domain", "orig-domain", EV(orig, "n"), "" },
	{ "no domain's name", "orig-domain", EV(orig, "n@a b.example"), "" },
	{ "ESC in it", "orig-domain", EV(orig, "n@a\033.example"), "" },
	{ "vmta", "vmta", EV(vmta, "VM-1/x"), "stream:vm-1/x" },
	{ "pool", "pool", EV(pool, "Bulk"), "stream:bulk" },
	{ "job", "job", EV(job, "Spring-7"), "stream:spring-7" },
	{ "up to -", "job-prefix", EV(job, "Spring-7"), "stream:spring" },
	{ "up to _", "job-prefix", EV(job, "spring_7-a"), "stream:spring" },
	{ "up to .", "job-prefix", EV(job, "spring.7"), "stream:spring" },
	{ "up to :", "job-prefix", EV(job, "spring:7"), "stream:spring" },
	{ "all of it", "job-prefix", EV(job, "spring"), "stream:spring" },
	{ "nothing before", "job-prefix", EV(job, "-7"), "" },
	{ "no job", "job-prefix", EV(job, ""), "" },
	{ "header", "header_X-Campaign", EV(stream, " Spring "),
	    "stream:spring" },
	{ "no such header", "header_X-Campaign", EV(stream, ""), "" },
	{ "none", "none", EV(orig, "n@s.example"), "" },
	{ "white space", "vmta", EV(vmta, "vm 1"), "stream:vm%201" },
	{ "comma", "vmta", EV(vmta, "a,b"), "stream:a%2cb" },
	{ "quote", "vmta", EV(vmta, "a\"b"), "stream:a%22b" },
	{ "apostrophe", "header_X", EV(stream, "a'b"), "stream:a%27b" },
	{ "backslash", "job", EV(job, "a\\b"), "stream:a%5cb" },
	{ "ESC", "job-prefix", EV(job, "a\033[31m-x"),
	    "stream:a%1b[31m" },
	{ "a line", "header_X", EV(stream, "a\nb"), "stream:a%0ab" },
	{ "not ASCII", "pool", EV(pool, "b\xc3\xbc"),
	    "stream:b%c3%bc" },
};

/* Whatever a row says, a stream's name tears no line of a list. */
static void
a_stream_is_named_by_plain_words_only(void **state)
{
	struct buf got = { 0 };
	struct err e = { 0 };

	(void)state;
	for (size_t i = 0; i < COUNT(NAMED); i++) {
		const struct named *n = &NAMED[i];

		assert_true(scope_of(str_from(n->key), &n->ev, &got, &e));
		want_str(n->name, buf_str(&got), str_from(n->want));
	}
	buf_release(&got);
}

static void
a_long_name_is_cut(void **state)
{
	char job[400];
	struct event ev = { .job = { job, sizeof job } };
	struct buf got = { 0 };
	struct err e = { 0 };

	(void)state;
	memset(job, 'j', sizeof job);
	assert_true(scope_of(STR("job"), &ev, &got, &e));
	want_number("bytes", (int64_t)got.n, 7 + SCOPE_NAME_MAX);
	buf_release(&got);
}

static void
keys_are_known_by_name_and_headers_by_their_form(void **state)
{
	static const char *const GOOD[] = { "orig-domain", "vmta", "pool",
		"job", "job-prefix", "none", "header_X-Campaign", "header_a" };
	static const char *const BAD[] = { "", "jobs", "Job", "header_",
		"header_X Y", "header_X:", "header_a,b", "header", "x_header" };
	char far[200];

	(void)state;
	for (size_t i = 0; i < COUNT(GOOD); i++)
		want_bool(GOOD[i], scope_is_key(str_from(GOOD[i])), true);
	for (size_t i = 0; i < COUNT(BAD); i++)
		want_bool(BAD[i], scope_is_key(str_from(BAD[i])), false);
	memset(far, 'h', sizeof far);
	memcpy(far, "header_", 7);
	want_bool("too long", scope_is_key(str_of(far, sizeof far)), false);
	want_str("column", scope_column(STR("header_X")), STR("header_X"));
	want_str("field", SCOPE_HEADER(scope_column(STR("header_X"))),
	    STR("X"));
	want_str("no column", scope_column(STR("vmta")), STR(""));
	want_str("no field", SCOPE_HEADER(scope_column(STR("vmta"))), STR(""));
}

int
main(void)
{
	static const struct CMUnitTest TESTS[] = {
		cmocka_unit_test(a_stream_is_named_by_plain_words_only),
		cmocka_unit_test(a_long_name_is_cut),
		cmocka_unit_test(
		    keys_are_known_by_name_and_headers_by_their_form),
	};

	return cmocka_run_group_tests(TESTS, NULL, NULL);
}
