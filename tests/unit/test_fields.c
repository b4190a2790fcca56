/* test_fields.c - header fields, and whom they name. */
#include "unit.h"

#include "mail/fields.h"
#include "mail/recipient.h"

static void
folds_are_undone_in_place(void **state)
{
	static const struct {
		const char *name, *in, *want;
	} ROWS[] = {
		{ "nothing", "", "" },
		{ "no fold", "A: b\nC: d\n", "A: b\nC: d\n" },
		{ "space", "A: b\n  c\n", "A: b c\n" },
		{ "tab", "A: b\n\tc\n\td\nE: f\n", "A: b c d\nE: f\n" },
		{ "no line end", "A: b\n c", "A: b c\n" },
		{ "indentation lost", "A: b\nc d\nE: f\n", "A: b c d\nE: f\n" },
		{ "empty lines stay", "A: b\n\n\nC: d\n", "A: b\n\n\nC: d\n" },
		{ "white lines are empty", "A: b\n \nC: d\n",
		    "A: b\n\nC: d\n" },
		{ "none begins with a fold", " b\nA: c\n", "b\nA: c\n" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(ROWS); i++) {
		char *own = strdup(ROWS[i].in);
		size_t n;

		assert_non_null(own);
		n = fields_unfold(own, strlen(own));
		want_str(ROWS[i].name, str_of(own, n), str_from(ROWS[i].want));
		free(own);
	}
}

static void
fields_are_found_by_name(void **state)
{
	struct str text = STR("junk\nA: 1\n\nb : 2\nA: 3\n: 4\nC:\n");
	struct field f;

	(void)state;
	want_str("first", fields_get(text, STR("a")), STR("1"));
	want_str("white space", fields_get(text, STR("B")), STR("2"));
	assert_null(fields_get(text, STR("D")).p);
	assert_non_null(fields_get(text, STR("C")).p);
	assert_true(fields_next(&text, &f));
	want_bool("right behind", f.apart, false);
	assert_true(fields_next(&text, &f));
	want_bool("behind an empty line", f.apart, true);
}

static void
the_address_of_a_value_is_found(void **state)
{
	static const struct {
		const char *in, *want;
	} ROWS[] = {
		{ "", "" },
		{ "rfc822;a@example.org", "a@example.org" },
		{ "RFC822 ; <a@example.org>", "a@example.org" },
		{ "rfc/822;a@example.org", "a@example.org" },
		{ "rfc822; rfc822;a@example.org", "a@example.org" },
		{ "utf-8; a@example.org", "a@example.org" },
		{ "\"A; B\" <a@example.org>", "a@example.org" },
		{ "a;b@example.org", "b@example.org" },
		{ "\"a;b\"@example.org", "\"a;b\"@example.org" },
		{ "A B <a@example.org> (comment)", "a@example.org" },
		{ "a@example.org (comment)", "a@example.org" },
		{ "a@example.org (was b@example.org)", "a@example.org" },
		{ "a@example.org (for <b@example.org>)", "a@example.org" },
		{ "Ida (b@example.org) <a@example.org> (c)", "a@example.org" },
		{ "\"a (b\"@example.org", "\"a (b\"@example.org" },
		{ "<a@example.org", "<a@example.org" },
		{ "mailto:a@example.org", "a@example.org" },
		{ "local; /var/mail/a", "/var/mail/a" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(ROWS); i++)
		want_str(ROWS[i].in, fields_address(str_from(ROWS[i].in)),
		    str_from(ROWS[i].want));
}

static void
a_received_line_says_when_and_for_whom(void **state)
{
	static const struct {
		const char *name, *in, *whom;
		int64_t utc; /* 0: none */
	} ROWS[] = {
		{ "PowerMTA",
		    "from h (192.0.2.1) by x id y for "
		    "<a@example.org>; Sat, 21 Nov 2026 08:57:27 +0100 "
		    "(envelope-from <b@example.com>)",
		    "a@example.org", 1795247847 },
		{ "Exim",
		    "by x for a@example.org; Sat, 21 Nov 2026 07:57:27 "
		    "+0000",
		    "a@example.org", 1795247847 },
		{ "HELO",
		    "from h for <evil@example.net> by x for "
		    "<a@example.org>; Sat, 21 Nov 2026 07:57:27 +0000",
		    "a@example.org", 1795247847 },
		{ "nobody", "by x; Sat, 21 Nov 2026 07:57:27 +0000", "",
		    1795247847 },
		{ "a sentence", "by x for five minutes; no date", "", 0 },
		{ "a ';' in an address",
		    "by x for <\"a;b\"@example.org>; Sat, 21 Nov 2026 "
		    "07:57:27 +0000",
		    "\"a;b\"@example.org", 1795247847 },
		{ "a date in MAIL FROM",
		    "from h (192.0.2.1) by x id y for <a@example.org>; Sat, "
		    "21 Nov 2026 07:57:27 +0000 (envelope-from <\"); Sat, 01 "
		    "Aug 2026 00:00:00 +0000 (\"@example.net>)",
		    "a@example.org", 0 },
		{ "a date in HELO",
		    "from h; Sat, 01 Aug 2026 00:00:00 +0000 ( (192.0.2.1) by "
		    "x for <a@example.org>; Sat, 21 Nov 2026 07:57:27 +0000 "
		    "(envelope-from <\")\"@example.net>)",
		    "a@example.org", 0 },
		{ "no date", "by x for <a@example.org>", "a@example.org", 0 },
		{ "empty", "", "", 0 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(ROWS); i++) {
		struct str whom = STR("untouched");
		int64_t utc = 0;

		want_bool(ROWS[i].name,
		    fields_received(str_from(ROWS[i].in), &whom, &utc),
		    ROWS[i].utc != 0);
		want_number(ROWS[i].name, utc, ROWS[i].utc);
		want_str(ROWS[i].name, whom, str_from(ROWS[i].whom));
	}
}

/* A Received line of n bytes with a long HELO name, which holds a date and a
 * recipient of its own. */
static void
received_line(size_t n, char *out)
{
	static const char FIRST[] =
	    "from h for <evil@example.net>; Sat, 01 Aug 2026 00:00:00 +0000 ";
	static const char LAST[] =
	    " for <a@example.org>; Sat, 21 Nov 2026 07:57:27 +0000";

	memset(out, 'x', n);
	memcpy(out, FIRST, strlen(FIRST));
	memcpy(out + n - strlen(LAST), LAST, strlen(LAST));
}

/* What is cut may be what PowerMTA wrote itself. */
static void
a_received_line_has_a_size(void **state)
{
	static char line[FIELDS_RECEIVED_MAX + 100];

	(void)state;
	for (size_t n = FIELDS_RECEIVED_MAX - 1; n < sizeof line; n++) {
		bool is_read = n <= FIELDS_RECEIVED_MAX;
		struct str whom = STR("untouched");
		int64_t utc = 0;

		received_line(n, line);
		assert_false(fields_received(str_of(line, n), &whom, &utc));
		want_number("two dates", utc, 0);
		want_str("whom", whom,
		    is_read ? STR("a@example.org") : STR(""));
		*(char *)memchr(line, ';', n) = 'x'; /* one date less */
		want_bool("one date",
		    fields_received(str_of(line, n), &whom, &utc), is_read);
		want_number("one date", utc, is_read ? 1795247847 : 0);
	}
}

static void
a_recipient_is_taken_or_the_event_says_why_not(void **state)
{
	static const struct {
		const char *in, *key;
		enum skip skip;
	} ROWS[] = {
		{ "rfc822; A@Example.ORG", "a@example.org", SKIP_NONE },
		{ "utf-8; j\\x{FC}rgen@example.org", "jürgen@example.org",
		    SKIP_NONE },
		{ "<a=40example.org>", "a@example.org", SKIP_NONE },
		{ "a+40example.org", "a@example.org", SKIP_NONE },
		{ "a=40b@example.org", "a=40b@example.org", SKIP_NONE },
		{ "", "", SKIP_NO_RECIPIENT },
		{ "rfc822;", "", SKIP_NO_RECIPIENT },
		{ "rfc822; redacted@example.org", "", SKIP_REDACTED },
		{ "local; a", "", SKIP_BAD_ADDRESS },
		{ "a@b@example.org", "", SKIP_BAD_ADDRESS },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(ROWS); i++) {
		struct event ev = { 0 };

		want_bool(ROWS[i].in, recipient_take(&ev, str_from(ROWS[i].in)),
		    ROWS[i].skip == SKIP_NONE);
		want_text(ROWS[i].in, ev.address, ROWS[i].key);
		want_number(ROWS[i].in, ev.skip, ROWS[i].skip);
	}
}

/* n bytes of an address in escapes of ten bytes each, but for a few letters;
 * what it stands for is short enough. */
static struct str
escaped(size_t n, char *out)
{
	static const char ESCAPE[] = "\\x{00007a}", LAST[] = ".example";
	size_t at = 0, end = n - strlen(LAST);

	for (; at < 640; at += 10)
		memcpy(out + at, ESCAPE, 10);
	out[at++] = '@';
	for (; at + 10 <= end; at += 10)
		memcpy(out + at, ESCAPE, 10);
	memset(out + at, 'b', end - at);
	memcpy(out + end, LAST, strlen(LAST));
	return str_of(out, n);
}

static void
an_address_in_escapes_has_a_size(void **state)
{
	char value[RECIPIENT_RAW_MAX + 2];

	(void)state;
	for (size_t n = RECIPIENT_RAW_MAX - 1; n < sizeof value; n++) {
		bool fits = n <= RECIPIENT_RAW_MAX;
		struct event ev = { 0 };

		want_bool("taken", recipient_take(&ev, escaped(n, value)),
		    fits);
		want_number("skip", ev.skip,
		    fits ? SKIP_NONE : SKIP_BAD_ADDRESS);
		want_number("where the domain begins",
		    (int64_t)str_chr(str_from(ev.address), '@'),
		    fits ? 64 : 0);
	}
}

/* Behind a display name as long as that. */
static void
an_original_recipient_in_xtext_has_a_size(void **state)
{
	static const char FIRST[] = "rfc822;", LAST[] = " <a+2Bb@example.org>";
	char value[RECIPIENT_RAW_MAX + 1];

	(void)state;
	for (size_t n = RECIPIENT_RAW_MAX - 2; n < sizeof value; n++) {
		bool fits = n < RECIPIENT_RAW_MAX;
		struct event ev = { 0 };

		memset(value, 'x', n);
		memcpy(value, FIRST, strlen(FIRST));
		memcpy(value + n - strlen(LAST), LAST, strlen(LAST));
		want_bool("taken",
		    recipient_take_original(&ev, str_of(value, n)), fits);
		want_text("key", ev.address, fits ? "a+b@example.org" : "");
		want_number("skip", ev.skip,
		    fits ? SKIP_NONE : SKIP_BAD_ADDRESS);
		want_str("as it stands", ev.rcpt, STR("a+2Bb@example.org"));
	}
}

static void
one_address_of_a_to_field_is_it_several_are_not(void **state)
{
	static const struct {
		const char *in, *want; /* NULL: none or several */
	} ROWS[] = {
		{ "a@example.org", "a@example.org" },
		{ "\"Last, First\" <a@example.org>",
		    "\"Last, First\" <a@example.org>" },
		{ "A (b@example.org, c) <a@example.org>",
		    "A (b@example.org, c) <a@example.org>" },
		{ "a@example.org, b@example.org", NULL },
		{ "a@example.org; b@example.org", NULL },
		{ "undisclosed-recipients:;", NULL },
		{ "\"open a@example.org", "\"open a@example.org" },
		{ "", NULL },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(ROWS); i++) {
		struct str one = { 0 };
		bool got = recipient_single(str_from(ROWS[i].in), &one);

		want_bool(ROWS[i].in, got, ROWS[i].want != NULL);
		if (got)
			want_str(ROWS[i].in, one, str_from(ROWS[i].want));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(folds_are_undone_in_place),
		cmocka_unit_test(fields_are_found_by_name),
		cmocka_unit_test(the_address_of_a_value_is_found),
		cmocka_unit_test(a_received_line_says_when_and_for_whom),
		cmocka_unit_test(a_received_line_has_a_size),
		cmocka_unit_test(
		    a_recipient_is_taken_or_the_event_says_why_not),
		cmocka_unit_test(an_address_in_escapes_has_a_size),
		cmocka_unit_test(an_original_recipient_in_xtext_has_a_size),
		cmocka_unit_test(
		    one_address_of_a_to_field_is_it_several_are_not),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
