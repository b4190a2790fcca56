/* test_literal.c - what a text must hold, or a pattern cannot match it. */
#include "unit.h"

#include "base/buf.h"
#include "verdict/literal.h"

/* "no such|unknown & user": the sets in order, joined by " & ". */
static void
tell_sets(const struct literal_sets *s, struct buf *b)
{
	buf_clear(b);
	for (size_t i = 0; i < s->n; i++) {
		if (i > 0)
			buf_adds(b, " & ");
		for (size_t j = 0; j < s->of[i].n; j++) {
			if (j > 0)
				buf_addc(b, '|');
			buf_add(b, str_of(s->of[i].of[j].p, s->of[i].of[j].n));
		}
	}
}

static void
patterns_give_what_they_need(void **state)
{
	static const struct {
		const char *name, *pattern, *want;
	} ROWS[] = {
		{ "plain", "user unknown", "user unknown" },
		{ "small letters", "User UNKNOWN", "user unknown" },
		{ "cut", "no such user here at all", "no such user her" },
		{ "anchors", "^spam\\b$", "spam" },
		{ "alternatives", "abc|defg", "abc|defg" },
		{ "one without", "abc|\\d+", "" },
		{ "one too short", "abc|de", "" },
		{ "group", "(?:abc|def) unknown", " unknown & abc|def" },
		{ "nested", "x(a(?:bcd|efg)|hij)y", "bcd|efg|hij" },
		{ "optional letter", "recipients?", "recipient" },
		{ "optional first", "a?bcd", "bcd" },
		{ "optional group", "(?:abc)?def", "def" },
		{ "star", "abcd*efg", "abc & efg" },
		{ "plus", "abc+def", "abc & def" },
		{ "none or more", "abc{0,3}def", "def" },
		{ "once or more", "abc{1,3}def", "abc & def" },
		{ "lazy", "abc.*?def", "abc & def" },
		{ "possessive", "abcd?+efg", "abc & efg" },
		{ "class", "ab[cd]efg", "efg" },
		{ "class with a bracket", "[]ab]cde", "cde" },
		{ "negated class", "[^]ab]cde", "cde" },
		{ "POSIX class", "[[:alpha:]x]cde", "cde" },
		{ "escapes", "\\(S3150\\)", "(s3150)" },
		{ "types", "abc\\s+def\\d{3}", "abc & def" },
		{ "word ends", "\\bspam\\b words", "spam words" },
		{ "look-ahead", "abc(?=def)", "abc" },
		{ "look-ahead not", "abc(?!def)", "abc" },
		{ "look-behind", "(?<!def)abc", "abc" },
		{ "atomic", "(?>abc)", "abc" },
		{ "named", "(?<n>abc)", "abc" },
		{ "back", "(abc)\\1", "abc" },
		{ "hex", "\\x41bcd", "bcd" },
		{ "braced hex", "\\x{41}bcd", "bcd" },
		{ "option", "(?i)abc", "abc" },
		{ "case on", "(?-i)ABC", "abc" },
		{ "token", "\\[<self-ip>\\]", "[<self-ip>]" },
		{ "UTF-8", "usu\xc3\xa1rio", "usu\xc3\xa1rio" },
		{ "three sets", "abc.*defg.*hijkl.*mno", "hijkl & defg & abc" },
		{ "alternatives in pairs", "abcd.*efg|hij",
		    "abcd|hij & efg|hij" },
		{ "empty", "", "" },
		{ "anything", ".*", "" },
		{ "empty alternative", "abc|", "" },
	};
	struct literal_sets s;
	struct buf b = { 0 };

	(void)state;
	for (size_t i = 0; i < COUNT(ROWS); i++) {
		bool found = literal_find(str_from(ROWS[i].pattern), &s);

		tell_sets(&s, &b);
		want_str(ROWS[i].name, buf_str(&b), str_from(ROWS[i].want));
		want_bool(ROWS[i].name, found, ROWS[i].want[0] != '\0');
	}
	buf_release(&b);
}

/* A wrong literal would cost a verdict: what is not known gives none. */
static void
what_is_not_understood_gives_nothing(void **state)
{
	static const char *const PATTERNS[] = { "(?x)a b c", "(?x:abc)",
		"(*UTF)abc", "abc\\Qd*\\E", "abc(?R)", "abc(?1)",
		"(?(1)abc|def)", "abc\\k<n>", "abc\\p{L}", "abc{,3}def",
		"abc{d", "(abc", "abc)", "[abc", "abc\\", "*abc", "abc\\g1",
		"(?#c)abc", "(?'n'abc)", "(?P<n>abc)", "abc\\cX",
		"[\\Q]\\E]abc", "(?C)abc" };
	struct literal_sets s;

	(void)state;
	for (size_t i = 0; i < COUNT(PATTERNS); i++) {
		want_bool(PATTERNS[i], literal_find(str_from(PATTERNS[i]), &s),
		    false);
		want_number(PATTERNS[i], (int64_t)s.n, 0);
	}
}

static void
deep_and_wide_patterns_end(void **state)
{
	struct literal_sets s;
	struct buf b = { 0 };

	(void)state;
	for (int i = 0; i < 5000; i++)
		buf_adds(&b, "(");
	assert_false(literal_find(buf_str(&b), &s));
	buf_clear(&b);
	for (int i = 0; i < 500; i++)
		buf_adds(&b, "abc|");
	buf_adds(&b, "abc");
	assert_false(literal_find(buf_str(&b), &s));
	buf_release(&b);
}

static void
the_shortest_of_a_set_is_its_worth(void **state)
{
	struct literal_sets s;

	(void)state;
	assert_true(literal_find(STR("abcdef|xyz"), &s));
	want_number("least", (int64_t)literal_least(&s.of[0]), 3);
	s.of[0].n = 0;
	want_number("empty", (int64_t)literal_least(&s.of[0]), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(patterns_give_what_they_need),
		cmocka_unit_test(what_is_not_understood_gives_nothing),
		cmocka_unit_test(deep_and_wide_patterns_end),
		cmocka_unit_test(the_shortest_of_a_set_is_its_worth),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
