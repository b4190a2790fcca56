/* test_base32.c - bytes as letters and back. */
#include "unit.h"

#include "base/base32.h"

static const struct {
	const char *name;
	struct str bytes, text;
} VECTORS[] = { /* RFC 4648 10 */
	{ "none", LIT(""), LIT("") },
	{ "one", LIT("f"), LIT("my") },
	{ "two", LIT("fo"), LIT("mzxq") },
	{ "three", LIT("foo"), LIT("mzxw6") },
	{ "four", LIT("foob"), LIT("mzxw6yq") },
	{ "five", LIT("fooba"), LIT("mzxw6ytb") },
	{ "six", LIT("foobar"), LIT("mzxw6ytboi") },
	{ "all ones", LIT("\xff\xff\xff\xff\xff"), LIT("77777777") },
	{ "NUL", LIT("\0"), LIT("aa") },
};

static void
bytes_go_to_text_and_back(void **state)
{
	char text[16], bytes[16];
	size_t n;

	(void)state;
	for (size_t i = 0; i < COUNT(VECTORS); i++) {
		base32_encode(VECTORS[i].bytes, text);
		want_str(VECTORS[i].name,
		    str_of(text, BASE32_LENGTH(VECTORS[i].bytes.n)),
		    VECTORS[i].text);
		assert_true(base32_decode(
		    VECTORS[i].text, bytes, sizeof bytes, &n));
		want_str(VECTORS[i].name, str_of(bytes, n), VECTORS[i].bytes);
	}
}

static void
only_the_one_text_of_bytes_is_taken(void **state)
{
	static const struct {
		const char *name;
		struct str text;
	} ROWS[] = {
		{ "spare bits", LIT("mz") },
		{ "length 1", LIT("m") },
		{ "length 3", LIT("mzx") },
		{ "length 6", LIT("mzxw6y") },
		{ "padding", LIT("my======") },
		{ "another letter", LIT("m1") },
		{ "too long", LIT("mzxw6ytboi") },
	};
	char bytes[5];
	size_t n;

	(void)state;
	for (size_t i = 0; i < COUNT(ROWS); i++)
		want_bool(ROWS[i].name,
		    base32_decode(ROWS[i].text, bytes, sizeof bytes, &n),
		    false);
	assert_true(base32_decode(STR("MZXW6YTB"), bytes, sizeof bytes, &n));
	want_str("capitals", str_of(bytes, n), STR("fooba"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bytes_go_to_text_and_back),
		cmocka_unit_test(only_the_one_text_of_bytes_is_taken),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
