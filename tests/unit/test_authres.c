/* test_authres.c - who is believed about the sender of a mail. */
#include "unit.h"

#include "base/buf.h"
#include "mail/authres.h"

#define AR "Authentication-Results: "

static void
only_the_trusted_host_confirms_a_sender(void **state)
{
	static const struct {
		const char *name, *head;
		bool want;
	} ROWS[] = {
		{ "spf", AR "mx.example; spf=pass smtp.mailfrom=a@x.example\n",
		    true },
		{ "spf of the domain",
		    AR "mx.example 1; dkim=none; spf=pass (mx.example: a; b) "
		       "smtp.mailfrom=x.example\n",
		    true },
		{ "A-labels",
		    AR "mx.example; spf=pass smtp.mailfrom=X.EXAMPLE.\n",
		    true },
		{ "dkim", AR "mx.example; dkim=pass header.d=x.example\n",
		    true },
		{ "dkim of the domain above",
		    AR "mx.example; dkim=pass header.i=@example\n", false },
		{ "second dkim",
		    AR "mx.example; dkim=fail header.d=x.example; dkim=pass "
		       "header.d=x.example\n",
		    true },
		{ "spf failed",
		    AR "mx.example; spf=fail smtp.mailfrom=a@x.example\n",
		    false },
		{ "spf of another",
		    AR "mx.example; spf=pass smtp.mailfrom=a@y.example\n",
		    false },
		{ "spf of a domain below",
		    AR "mx.example; spf=pass smtp.mailfrom=a@b.x.example\n",
		    false },
		{ "spf of HELO",
		    AR "mx.example; spf=pass smtp.helo=x.example\n", false },
		{ "dkim of another",
		    AR "mx.example; dkim=pass header.d=yx.example\n", false },
		{ "in a comment",
		    AR "mx.example; spf=fail (; spf=pass "
		       "smtp.mailfrom=a@x.example)\n",
		    false },
		{ "in quotes",
		    AR "mx.example; spf=fail reason=\"; spf=pass "
		       "smtp.mailfrom=a@x.example\"\n",
		    false },
		{ "another host",
		    AR "evil.example; spf=pass smtp.mailfrom=a@x.example\n",
		    false },
		{ "below the host's own",
		    AR "mx.example; spf=fail smtp.mailfrom=a@x.example\n" AR
		       "mx.example; spf=pass smtp.mailfrom=a@x.example\n",
		    false },
		{ "above it, of another host",
		    AR "evil.example; spf=fail smtp.mailfrom=a@x.example\n" AR
		       "mx.example; spf=pass smtp.mailfrom=a@x.example\n",
		    true },
		{ "nothing", "Subject: x\n", false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(ROWS); i++)
		want_bool(ROWS[i].name,
		    authres_confirms(str_from(ROWS[i].head), STR("mx.example"),
			STR("a@x.example"), STR("A@x.example")),
		    ROWS[i].want);
}

static void
a_signature_needs_the_author_as_sender(void **state)
{
	struct str head = STR(AR "mx.example; dkim=pass header.d=x.example\n");

	(void)state;
	assert_false(authres_confirms(
	    head, STR("mx.example"), STR("a@x.example"), STR("b@x.example")));
	assert_false(authres_confirms(
	    head, STR("mx.example"), STR("a@x.example"), STR("")));
	assert_true(authres_confirms(head, STR("mx.example"),
	    STR("a@news.x.example"), STR("a@news.x.example")));
	assert_false(
	    authres_confirms(head, STR("mx.example"), STR(""), STR("")));
	assert_false(authres_confirms(
	    head, STR(""), STR("a@x.example"), STR("a@x.example")));
}

static bool
confirms(struct str head)
{
	return authres_confirms(head, STR("mx.example"), STR("a@x.example"),
	    STR("a@x.example"));
}

static void
comments_and_quotes_hide_what_they_hold(void **state)
{
	static const struct {
		const char *name, *head;
		bool want;
	} ROWS[] = {
		{ "comment in a comment",
		    AR "mx.example; spf=pass (a (b) c) "
		       "smtp.mailfrom=x.example\n",
		    true },
		{ "its end escaped",
		    AR "mx.example; spf=fail (a \\) ; spf=pass "
		       "smtp.mailfrom=x.example)\n",
		    false },
		{ "quote in a comment",
		    AR "mx.example; spf=pass (say \"hi) "
		       "smtp.mailfrom=x.example\n",
		    true },
		{ "bracket in quotes",
		    AR "mx.example; dkim=none reason=\"(\"; spf=pass "
		       "smtp.mailfrom=x.example\n",
		    true },
		{ "quote in quotes",
		    AR "mx.example; spf=fail reason=\"a\\\"; spf=pass "
		       "smtp.mailfrom=x.example\"\n",
		    false },
		{ "a bracket too many",
		    AR "mx.example; spf=pass ) smtp.mailfrom=x.example\n",
		    true },
		{ "never closed",
		    AR "mx.example; spf=pass ( smtp.mailfrom=x.example\n",
		    false },
		{ "ends in an escape", AR "mx.example (\\", false },
		{ "no host", AR "; spf=pass smtp.mailfrom=x.example\n", false },
		{ "no results", AR "mx.example\n", false },
		{ "an empty result",
		    AR "mx.example; ; spf=pass smtp.mailfrom=x.example\n",
		    true },
		{ "no property", AR "mx.example; spf=pass\n", false },
		{ "a domain that is none",
		    AR "mx.example; dkim=pass header.d=..\n", false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(ROWS); i++)
		want_bool(ROWS[i].name, confirms(str_from(ROWS[i].head)),
		    ROWS[i].want);
}

/* Whether a field is believed whose value has n bytes, the last of them those
 * of result; what is past them stands behind. */
static bool
confirms_at(size_t n, const char *result, const char *past)
{
	struct buf b = { 0 };
	bool yes;

	buf_adds(&b, AR "mx.example; dkim=none (");
	while (b.n < strlen(AR) + n - strlen(result) - 1)
		buf_addc(&b, 'x');
	buf_addf(&b, ")%s", result);
	want_number(result, (int64_t)(b.n - strlen(AR)), (int64_t)n);
	buf_addf(&b, "%s\n", past);
	yes = confirms(buf_str(&b));
	buf_release(&b);
	return yes;
}

/* A result that is cut may have been of another domain. */
static void
what_stands_far_behind_is_not_read(void **state)
{
	static const char *const RESULTS[] = {
		"; spf=pass smtp.mailfrom=x.example",
		"; dkim=pass header.d=x.example",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(RESULTS); i++) {
		const char *one = RESULTS[i];

		assert_true(confirms_at(AUTHRES_FIELD_MAX - 1, one, ""));
		assert_true(confirms_at(AUTHRES_FIELD_MAX, one, ""));
		assert_false(confirms_at(AUTHRES_FIELD_MAX + 1, one, ""));
		assert_true(confirms_at(AUTHRES_FIELD_MAX - 1, one, ";"));
		assert_true(confirms_at(AUTHRES_FIELD_MAX - 1, one, "; a=b"));
		assert_false(confirms_at(AUTHRES_FIELD_MAX, one, "; a=b"));
		assert_false(
		    confirms_at(AUTHRES_FIELD_MAX, one, ".evil.example"));
		assert_false(confirms_at(AUTHRES_FIELD_MAX - 1, one, "x"));
		assert_false(confirms_at(AUTHRES_FIELD_MAX - 1, one, "xx"));
		assert_false(confirms_at(AUTHRES_FIELD_MAX + 1, one, ""));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_the_trusted_host_confirms_a_sender),
		cmocka_unit_test(a_signature_needs_the_author_as_sender),
		cmocka_unit_test(comments_and_quotes_hide_what_they_hold),
		cmocka_unit_test(what_stands_far_behind_is_not_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
