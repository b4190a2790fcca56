/* test_glib.c - Unicode folding of local parts. */
#include "unit.h"

#include <glib.h>
#include <string.h>

#include "wrap/glib.h"

static void
only_well_formed_text_is_utf8(void **state)
{
	static const struct {
		const char *name;
		struct str s;
		bool want;
	} ROWS[] = {
		{ "empty", { NULL, 0 }, true },
		{ "ASCII", LIT("abc"), true },
		{ "UTF-8", LIT("\xc3\xa9\xe2\x82\xac\xf0\x9f\x93\xa7"), true },
		{ "NUL", LIT("a\0b"), false },
		{ "NUL at the end", LIT("a\0"), false },
		{ "Latin-1", LIT("gr\xfc"), false },
		{ "cut", LIT("a\xe2\x82"), false },
		{ "overlong", LIT("\xc0\xaf"), false },
		{ "surrogate", LIT("\xed\xa0\x80"), false },
		{ "past the last", LIT("\xf4\x90\x80\x80"), false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(ROWS); i++)
		want_bool(ROWS[i].name, glib_is_utf8(ROWS[i].s), ROWS[i].want);
}

static void
what_reads_alike_folds_alike(void **state)
{
	static const struct {
		const char *name;
		struct str s;
		const char *want;
	} ROWS[] = {
		{ "empty", { NULL, 0 }, "" },
		{ "ASCII", LIT("John.Doe+X_[1]@"), "john.doe+x_[1]@" },
		{ "composed", LIT("\xc3\x89milie"), "\xc3\xa9milie" },
		{ "decomposed", LIT("E\xcc\x81milie"), "\xc3\xa9milie" },
		{ "sharp s",
		    LIT("Stra\xc3\x9f"
			"e"),
		    "stra\xc3\x9f"
		    "e" },
		{ "capital sharp s",
		    LIT("STRA\xe1\xba\x9e"
			"E"),
		    "stra\xc3\x9f"
		    "e" },
		{ "ligature", LIT("\xef\xac\x81nn"), "\xef\xac\x81nn" },
		{ "long s", LIT("\xc5\xbf\xc3\x89"), "\xc5\xbf\xc3\xa9" },
		{ "sigma at the end", LIT("\xce\xa3\xcf\x82"),
		    "\xcf\x83\xcf\x83" },
		{ "Cyrillic", LIT("\xd0\x9f\xd0\xb5"), "\xd0\xbf\xd0\xb5" },
		{ "Chinese", LIT("\xe4\xb8\xad\xe6\x96\x87"),
		    "\xe4\xb8\xad\xe6\x96\x87" },
		{ "dotless i is another", LIT("\xc4\xb1"), "\xc4\xb1" },
		{ "I is i, also for Turks", LIT("I\xc3\xa9"), "i\xc3\xa9" },
		{ "two marks in another order", LIT("q\xcc\x87\xcc\xa3"),
		    "q\xcc\xa3\xcc\x87" },
		{ "Cherokee, capital", LIT("\xe1\x8e\xa0\xe1\x8f\xb5"),
		    "\xe1\x8e\xa0\xe1\x8f\xb5" },
		{ "Cherokee, small", LIT("\xea\xad\xb0\xe1\x8f\xbd"),
		    "\xe1\x8e\xa0\xe1\x8f\xb5" },
		{ "full width is not folded away", LIT("\xef\xbc\xa1"),
		    "\xef\xbd\x81" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(ROWS); i++) {
		char out[64] = "before";
		char again[64];

		want_bool(
		    ROWS[i].name, glib_fold(ROWS[i].s, out, sizeof out), true);
		want_text(ROWS[i].name, out, ROWS[i].want);
		want_bool(ROWS[i].name,
		    glib_fold(str_from(out), again, sizeof again), true);
		want_text(ROWS[i].name, again, out);
	}
}

/* Every character there is, alone. */
static void
what_is_folded_stays_as_it_is(void **state)
{
	(void)state;
	for (gunichar c = 0x80; c <= 0x10ffff; c++) {
		char s[7], once[64], twice[64];

		s[g_unichar_to_utf8(c, s)] = '\0';
		if (!glib_fold(str_from(s), once, sizeof once))
			continue; /* half a surrogate pair */
		if (!glib_fold(str_from(once), twice, sizeof twice) ||
		    strcmp(once, twice) != 0)
			fail_msg("U+%04X", (unsigned)c);
	}
}

static void
what_does_not_fold_leaves_nothing(void **state)
{
	static const struct {
		const char *name;
		struct str s;
		size_t cap;
	} ROWS[] = {
		{ "not UTF-8", LIT("gr\xfc"), 16 },
		{ "NUL", LIT("a\0b"), 16 },
		{ "NUL among others", LIT("\xc3\xa9\0b"), 16 },
		{ "ASCII too long", LIT("abc"), 3 },
		{ "others too long",
		    LIT("\xc3\xa9"
			"a"),
		    3 },
		{ "longer when folded", LIT("\xc4\xb0\xc4\xb0\xc4\xb0"), 7 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(ROWS); i++) {
		char out[16] = "before";

		want_bool(ROWS[i].name, glib_fold(ROWS[i].s, out, ROWS[i].cap),
		    false);
		want_text(ROWS[i].name, out, "");
	}
	assert_false(glib_fold(STR("a"), NULL, 0));
	assert_false(glib_fold(STR("\xc3\xa9"), NULL, 0));
}

static void
just_fitting_is_enough(void **state)
{
	char out[4];

	(void)state;
	assert_true(glib_fold(STR("ABC"), out, sizeof out));
	assert_string_equal(out, "abc");
	assert_true(glib_fold(STR("\xc3\x89"
				  "A"),
	    out, sizeof out));
	assert_string_equal(out,
	    "\xc3\xa9"
	    "a");
}

/* RFC 4231. */
static void
an_hmac_is_that_of_the_standard(void **state)
{
	static const struct {
		const char *name;
		struct str key, text;
		const char *want;
	} ROWS[] = {
		{ "4.3", LIT("Jefe"), LIT("what do ya want for nothing?"),
		    "5bdcc146bf60754e6a042426089575c7"
		    "5a003f089d2739839dec58b964ec3843" },
		{ "4.2",
		    LIT("\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b"
			"\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b"),
		    LIT("Hi There"),
		    "b0344c61d8db38535ca8afceaf0bf12b"
		    "881dc200c9833da726e9376c2e32cff7" },
	};
	char mac[GLIB_HMAC], hex[2 * GLIB_HMAC + 1];

	(void)state;
	for (size_t i = 0; i < COUNT(ROWS); i++) {
		glib_hmac(ROWS[i].key, ROWS[i].text, mac);
		for (size_t j = 0; j < sizeof mac; j++)
			snprintf(hex + 2 * j, 3, "%02x",
			    (unsigned)(unsigned char)mac[j]);
		want_text(ROWS[i].name, hex, ROWS[i].want);
	}
}

int
main(void)
{
	static const struct CMUnitTest TESTS[] = {
		cmocka_unit_test(only_well_formed_text_is_utf8),
		cmocka_unit_test(what_reads_alike_folds_alike),
		cmocka_unit_test(what_is_folded_stays_as_it_is),
		cmocka_unit_test(what_does_not_fold_leaves_nothing),
		cmocka_unit_test(just_fitting_is_enough),
		cmocka_unit_test(an_hmac_is_that_of_the_standard),
	};

	return cmocka_run_group_tests(TESTS, NULL, NULL);
}
