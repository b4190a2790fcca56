/* test_keys.c - the file of keys: written, read, refused. */
#include "unit.h"

#include "fixed_keys.h"
#include "work/keys.h"

#define SECRET "000102030405060708090a0b0c0d0e0f" \
	"101112131415161718191a1b1c1d1e1f"

static void
in_folder(struct config *c)
{
	config_default(c);
	snprintf(c->state, sizeof c->state, ".");
	(void)remove("verp-keys");
}

static void
write_keys(const char *text, unsigned mode)
{
	unit_write("verp-keys", str_from(text));
	assert_int_equal(chmod("verp-keys", (mode_t)mode), 0);
}

static void
no_file_is_no_keys(void **state)
{
	static struct config c;
	struct keys k = { 0 };
	struct err e = { 0 };

	(void)state;
	in_folder(&c);
	assert_true(keys_load(&c, &k, &e));
	assert_int_equal(k.list.n, 0);
	assert_int_equal(k.list.lifetime, 90 * 86400);
}

static void
what_is_written_is_read(void **state)
{
	static struct config c;
	struct sign_keys made = { 0 };
	struct keys k = { 0 };
	struct err e = { 0 };
	struct stat st;

	(void)state;
	in_folder(&c);
	for (size_t i = 0; i < SIGN_KEYS_MAX; i++) {
		const struct sign_key *key = keys_new(&made, NOW, &e);

		assert_non_null(key);
		assert_true(sign_is_name(str_from(key->name)));
	}
	assert_null(keys_new(&made, NOW, &e));
	assert_int_equal(e.code, EX_DATAERR);
	err_clear(&e);
	made.list[1].is_retired = true;
	made.list[1].retired = 0x512a;
	made.list[2].is_retired = true;
	made.list[2].retired = -1;
	assert_true(keys_save(&c, &made, &e));
	assert_int_equal(stat("verp-keys", &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_true(keys_load(&c, &k, &e));
	assert_int_equal(k.list.n, made.n);
	for (size_t i = 0; i < made.n; i++) {
		const struct sign_key *a = &made.list[i], *b = &k.list.list[i];

		want_text("name", b->name, a->name);
		want_str("secret", str_of(b->secret, SIGN_SECRET),
		    str_of(a->secret, SIGN_SECRET));
		want_number("made", b->made, NOW);
		want_bool("retired", b->is_retired, a->is_retired);
		want_number("retired on", b->retired, a->retired);
		for (size_t j = 0; j < i; j++)
			assert_string_not_equal(b->name, k.list.list[j].name);
	}
}

static void
a_broken_file_is_told_and_gives_no_keys(void **state)
{
	static const struct {
		const char *name, *text;
		unsigned mode;
		const char *tells;
	} ROWS[] = {
		{ "open to others", "[k2]\nsecret = " SECRET "\n", 0640,
		    "chmod 600" },
		{ "before any", "secret = " SECRET "\n", 0600, "before any" },
		{ "name", "[K2]\nsecret = " SECRET "\n", 0600, "no name" },
		{ "twice", "[k2]\nsecret = " SECRET "\n[k2]\n", 0600, "twice" },
		{ "short", "[k2]\nsecret = 0011\n", 0600, "64 hex" },
		{ "no hex", "[k2]\nsecret = x00102030405060708090a0b0c0d0e0f"
		    "101112131415161718191a1b1c1d1e1f\n", 0600, "64 hex" },
		{ "without", "[k3]\nmade = 2026-11-21T00:00:00Z\n", 0600,
		    "no secret" },
		{ "retired", "[k2]\nretired = soon\n", 0600, "leaked" },
		{ "made", "[k2]\nmade = soon\n", 0600, "no time" },
		{ "another key", "[k2]\nsekret = " SECRET "\n", 0600,
		    "unknown" },
	};
	static struct config c;

	(void)state;
	for (size_t i = 0; i < COUNT(ROWS); i++) {
		struct keys k = { 0 };
		struct err e = { 0 };

		in_folder(&c);
		write_keys(ROWS[i].text, ROWS[i].mode);
		want_bool(ROWS[i].name, keys_load(&c, &k, &e), false);
		want_number(ROWS[i].name, e.code, EX_CONFIG);
		want_number(ROWS[i].name, (int64_t)k.list.n, 0);
		if (strstr(e.text, ROWS[i].tells) == NULL)
			fail_msg("%s: \"%s\"", ROWS[i].name, e.text);
		if (strstr(e.text, "00010203") != NULL)
			fail_msg("%s tells a secret", ROWS[i].name);
	}
}

static void
a_changed_file_is_read_again_and_told_once(void **state)
{
	static struct config c;
	struct keys k = { 0 };
	struct err e = { 0 };

	(void)state;
	in_folder(&c);
	assert_true(keys_refresh(&c, &k, 1000, &e));
	write_keys("[k2]\nsecret = " SECRET "\n", 0600);
	assert_true(keys_refresh(&c, &k, 1001, &e));
	want_number("too soon", (int64_t)k.list.n, 0);
	assert_true(keys_refresh(&c, &k, 1005, &e));
	want_number("found", (int64_t)k.list.n, 1);
	write_keys("[k2]\nsecret = " SECRET "\n", 0644);
	assert_false(keys_refresh(&c, &k, 1010, &e));
	want_number("open to others", (int64_t)k.list.n, 0);
	err_clear(&e);
	assert_true(keys_refresh(&c, &k, 1015, &e));
	want_number("not told again", (int64_t)k.list.n, 0);
	write_keys("[k2]\nsecret = " SECRET "\n", 0600);
	assert_true(keys_refresh(&c, &k, 1020, &e));
	want_number("mended", (int64_t)k.list.n, 1);
	in_folder(&c);
	assert_true(keys_refresh(&c, &k, 1025, &e));
	want_number("gone", (int64_t)k.list.n, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_file_is_no_keys),
		cmocka_unit_test(what_is_written_is_read),
		cmocka_unit_test(a_broken_file_is_told_and_gives_no_keys),
		cmocka_unit_test(a_changed_file_is_read_again_and_told_once),
	};

	return cmocka_run_group_tests(
	    tests, unit_enter_folder, unit_leave_folder);
}
