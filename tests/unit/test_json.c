/* test_json.c - JSON answers. */
#include "unit.h"


#include "wrap/json.h"

/* Prints and frees j. */
static void
want_json(const char *row, struct json *j, const char *want)
{
	struct buf b = { 0 };
	struct err e = { 0 };

	if (!json_print(j, &b, &e))
		fail_msg("%s: %s", row, e.text);
	want_str(row, buf_str(&b), str_from(want));
	want_bool(row, json_valid(buf_str(&b)), true);
	json_free(j);
	buf_release(&b);
}

static void
keys_stand_in_the_order_they_came(void **state)
{
	struct json *o = json_new_object();

	(void)state;
	json_text(o, "z", STR("t"));
	json_number(o, "n", -5);
	json_number(o, "zero", 0);
	json_number_or_none(o, "no-number", 0);
	json_number_or_none(o, "number", -1);
	json_bool(o, "yes", true);
	json_bool(o, "no", false);
	json_none(o, "none");
	json_time(o, "when", 1795247847);
	json_time(o, "never", 0);
	json_text(o, "absent", (struct str){ NULL, 0 });
	json_text(o, "empty", STR(""));
	json_text_or_none(o, "nothing", STR(""));
	json_text_or_none(o, "something", STR("s"));
	json_text(o, "a", STR("last"));
	want_json("object", o,
	    "{\"z\":\"t\",\"n\":-5,\"zero\":0,"
	    "\"no-number\":null,\"number\":-1,\"yes\":true,\"no\":false,"
	    "\"none\":null,\"when\":\"2026-11-21T07:57:27Z\","
	    "\"never\":null,\"absent\":null,\"empty\":\"\",\"nothing\":null,"
	    "\"something\":\"s\",\"a\":\"last\"}");
}

static void
objects_and_lists_nest(void **state)
{
	struct json *o = json_new_object();
	struct json *list = json_new_list();
	struct json *inner = json_new_object();

	(void)state;
	json_number(inner, "x", 1);
	json_push(list, inner);
	json_push_text(list, STR("t"));
	json_push_text(list, (struct str){ NULL, 0 });
	json_push(list, json_new_list());
	json_put(o, "list", list);
	json_put(o, "object", json_new_object());
	want_json(
	    "nested", o, "{\"list\":[{\"x\":1},\"t\",null,[]],\"object\":{}}");
	want_json("empty list", json_new_list(), "[]");
}

static void
a_key_told_twice_holds_the_last(void **state)
{
	struct json *o = json_new_object();

	(void)state;
	json_number(o, "a", 1);
	json_number(o, "b", 2);
	json_number(o, "a", 3);
	want_json("twice", o, "{\"a\":3,\"b\":2}");
}

static void
any_bytes_become_text_that_is_safe_to_show(void **state)
{
	static const struct {
		const char *name;
		struct str s;
		const char *want;
	} ROWS[] = {
		{ "plain", LIT("a b"), "a b" },
		{ "quotes and backslash", LIT("a\"b\\c"), "a\\\"b\\\\c" },
		{ "slash stays", LIT("a/b"), "a/b" },
		{ "line ends", LIT("a\r\nb\t"), "a\\r\\nb\\t" },
		{ "NUL", LIT("a\0b"), "a\\u0000b" },
		{ "escape", LIT("\x1b[2J"), "\\u001B[2J" },
		{ "DEL", LIT("a\x7f"), "a\\u007f" },
		{ "UTF-8 stays", LIT("\xc3\xa9\xe2\x82\xac\xf0\x9f\x93\xa7"),
		    "\xc3\xa9\xe2\x82\xac\xf0\x9f\x93\xa7" },
		{ "C1",
		    LIT("\xc2\x9b"
			"1"),
		    "\\u009b1" },
		{ "line separator", LIT("\xe2\x80\xa8"), "\\u2028" },
		{ "right-to-left override",
		    LIT("a\xe2\x80\xae"
			"b"),
		    "a\\u202eb" },
		{ "Latin-1", LIT("gr\xfc\xdf"), "gr\xef\xbf\xbd\xef\xbf\xbd" },
		{ "bad and good", LIT("\xff\xc3\xa9"), "\xef\xbf\xbd\xc3\xa9" },
		{ "cut", LIT("a\xe2\x82"), "a\xef\xbf\xbd\xef\xbf\xbd" },
		{ "surrogate", LIT("\xed\xa0\x80"),
		    "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd" },
		{ "bad with a NUL", LIT("\xff\0"), "\xef\xbf\xbd\\u0000" },
		{ "bad with C1", LIT("\xff\xc2\x9b"), "\xef\xbf\xbd\\u009b" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(ROWS); i++) {
		struct json *list = json_new_list();
		char want[64];

		json_push_text(list, ROWS[i].s);
		snprintf(want, sizeof want, "[\"%s\"]", ROWS[i].want);
		want_json(ROWS[i].name, list, want);
	}
}

static void
numbers_are_exact(void **state)
{
	struct json *o = json_new_object();

	(void)state;
	json_number(o, "most", INT64_MAX);
	json_number(o, "least", INT64_MIN);
	want_json("whole numbers", o,
	    "{\"most\":9223372036854775807,\"least\":-9223372036854775808}");
}

static void
printing_appends(void **state)
{
	struct json *o = json_new_object();
	struct buf b = { 0 };
	struct err e = { 0 };

	(void)state;
	buf_adds(&b, "[");
	assert_true(json_print(o, &b, &e));
	assert_true(json_print(o, &b, &e));
	want_str("twice", buf_str(&b), STR("[{}{}"));
	json_free(o);
	buf_release(&b);
}

static void
lost_memory_is_told_when_printed(void **state)
{
	struct json *o = json_new_object();
	struct buf b = { 0 };
	struct err e = { 0 };

	(void)state;
	/* NULL is what json_new_object() gives without memory. */
	json_text(NULL, "a", STR("b"));
	json_number(NULL, "a", 1);
	json_time(NULL, "a", 1);
	json_push(NULL, json_new_list());
	json_push_text(NULL, STR("a"));
	json_put(NULL, "a", json_new_list());
	assert_false(json_print(NULL, &b, &e));
	assert_int_equal(e.code, EX_OSERR);
	json_free(NULL);
	err_clear(&e);
	json_put(o, "lost", NULL);
	json_number(o, "kept", 1);
	assert_false(json_print(o, &b, &e));
	assert_int_equal(e.code, EX_OSERR);
	assert_int_equal(b.n, 0);
	json_free(o);
	buf_release(&b);
}

static void
a_loss_inside_is_told_outside(void **state)
{
	struct json *list = json_new_list();
	struct json *inner = json_new_list();
	struct buf b = { 0 };
	struct err e = { 0 };

	(void)state;
	json_push(inner, NULL);
	json_push(list, inner);
	assert_false(json_print(list, &b, &e));
	assert_int_equal(e.code, EX_OSERR);
	json_free(list);
	buf_release(&b);
}

static void
one_well_formed_value_is_valid(void **state)
{
	static const struct {
		const char *name;
		struct str s;
		bool want;
	} ROWS[] = {
		{ "object", LIT("{\"type\":\"b\"}"), true },
		{ "list", LIT("[1,2]"), true },
		{ "number", LIT("1"), true },
		{ "text", LIT("\"a\""), true },
		{ "null", LIT("null"), true },
		{ "white around", LIT(" \n{}\r\n"), true },
		{ "escaped NUL", LIT("\"\\u0000\""), true },
		{ "very large number", LIT("123456789012345678901"), true },
		{ "no bytes", { NULL, 0 }, false },
		{ "white alone", LIT("  \n"), false },
		{ "two values", LIT("{}{}"), false },
		{ "text behind", LIT("{} x"), false },
		{ "not closed", LIT("{\"a\":1"), false },
		{ "comma at the end", LIT("[1,]"), false },
		{ "single quotes", LIT("{'a':1}"), false },
		{ "a row of CSV", LIT("b,2019-02-08,a@b.test"), false },
		{ "raw NUL", LIT("{}\0"), false },
		{ "raw NUL in text", LIT("\"\0\""), false },
		{ "not UTF-8", LIT("\"\xff\""), false },
		{ "NaN", LIT("NaN"), false },
	};
	struct buf deep = { 0 };

	(void)state;
	for (size_t i = 0; i < COUNT(ROWS); i++)
		want_bool(ROWS[i].name, json_valid(ROWS[i].s), ROWS[i].want);
	/* Must not use up the stack. */
	for (int i = 0; i < 1000000; i++)
		buf_addc(&deep, '[');
	assert_false(json_valid(buf_str(&deep)));
	buf_release(&deep);
}

static void
numbers_are_found_at_their_path(void **state)
{
	struct json *j = json_read(STR("{\"a\":{\"n\":1443651154.9},"
	    "\"l\":[7],\"s\":\"8\",\"m\":-1,\"big\":1e300}"));
	int64_t n = 0;

	(void)state;
	assert_non_null(j);
	want_bool("fraction", json_number_at(j, "a.n", &n), true);
	want_number("it is dropped", n, 1443651154);
	want_bool("in a list", json_number_at(j, "l.0", &n), true);
	want_number("of a list", n, 7);
	want_bool("a text", json_number_at(j, "s", &n), false);
	want_bool("below 0", json_number_at(j, "m", &n), false);
	want_bool("too large", json_number_at(j, "big", &n), false);
	want_bool("absent", json_number_at(j, "x.y", &n), false);
	json_free(j);
}

static void
true_and_false_are_told_from_what_is_neither(void **state)
{
	struct json *j = json_read(STR("{\"y\":true,\"n\":false,"
				       "\"t\":\"true\",\"o\":1,\"z\":null}"));
	bool truth;

	(void)state;
	assert_non_null(j);
	want_bool("true", json_truth_at(j, "y", &truth) && truth, true);
	want_bool("false", json_truth_at(j, "n", &truth) && !truth, true);
	want_bool("a text", json_truth_at(j, "t", &truth), false);
	want_bool("a number", json_truth_at(j, "o", &truth), false);
	want_bool("null", json_truth_at(j, "z", &truth), false);
	want_bool("absent", json_truth_at(j, "x", &truth), false);
	json_free(j);
}

static void
names_are_those_of_the_object_itself(void **state)
{
	struct json *j = json_read(STR("{\"E-Mail\":\"a\",\"l\":{\"in\":1},\"z\":0}"));
	struct str names[2] = { 0 };

	(void)state;
	assert_non_null(j);
	want_number("all", (int64_t)json_names(j, names, COUNT(names)), 3);
	assert_string_equal(names[0].p, "E-Mail");
	assert_string_equal(names[1].p, "l");
	json_free(j);
}

int
main(void)
{
	static const struct CMUnitTest TESTS[] = {
		cmocka_unit_test(keys_stand_in_the_order_they_came),
		cmocka_unit_test(objects_and_lists_nest),
		cmocka_unit_test(a_key_told_twice_holds_the_last),
		cmocka_unit_test(any_bytes_become_text_that_is_safe_to_show),
		cmocka_unit_test(numbers_are_exact),
		cmocka_unit_test(printing_appends),
		cmocka_unit_test(lost_memory_is_told_when_printed),
		cmocka_unit_test(a_loss_inside_is_told_outside),
		cmocka_unit_test(one_well_formed_value_is_valid),
		cmocka_unit_test(numbers_are_found_at_their_path),
		cmocka_unit_test(true_and_false_are_told_from_what_is_neither),
		cmocka_unit_test(names_are_those_of_the_object_itself),
	};

	return cmocka_run_group_tests(TESTS, NULL, NULL);
}
