/* test_provider.c - who really receives. */
#include "unit.h"

#include "verdict/provider.h"

static const char TEXT[] = "[google]\n"
			   "title = Google (Gmail, Workspace)\n"
			   "mx = aspmx.l.google.com\n"
			   "mx = .googlemail.com\n"
			   "domain = gmail.com\n"
			   "[microsoft]\n"
			   "mx = .protection.outlook.com\n"
			   "mx = .olc.protection.outlook.com\n"
			   "domain = .outlook.example\n"
			   "[mixed]\n"
			   "mx = mx.Mixed.Example\n"
			   "domain = mixed.example\n";

static int
open_table(void **state)
{
	struct err e = { 0 };

	*state = providers_open(str_from(TEXT), "providers.conf", &e);
	return *state != NULL ? 0 : -1;
}

static int
close_table(void **state)
{
	providers_close(*state);
	return 0;
}

static void
the_host_decides_before_the_domain(void **state)
{
	static const struct {
		const char *name, *mx, *domain, *want;
	} ROWS[] = {
		{ "host", "aspmx.l.google.com", "", "google" },
		{ "case and dot", "ASPMX.L.Google.com.", "", "google" },
		{ "suffix", "alt1.googlemail.com", "", "google" },
		{ "suffix alone is another", "googlemail.com", "", "other" },
		{ "part of a label", "xgooglemail.com", "", "other" },
		{ "below a host name", "x.aspmx.l.google.com", "", "other" },
		{ "deep", "a.b.mail.protection.outlook.com", "", "microsoft" },
		{ "domain", "", "gmail.com", "google" },
		{ "domain in capitals", "", "GMAIL.COM", "google" },
		{ "domain suffix", "", "a.outlook.example", "microsoft" },
		{ "host first", "aspmx.l.google.com", "mixed.example",
		    "google" },
		{ "unknown host, known domain", "mx.other.example",
		    "mixed.example", "mixed" },
		{ "a host is no domain", "gmail.com", "", "other" },
		{ "a domain is no host", "", "aspmx.l.google.com", "other" },
		{ "nothing", "", "", "other" },
		{ "only dots", "...", "..", "other" },
		{ "an address", "192.0.2.1", "", "other" },
	};

	for (size_t i = 0; i < COUNT(ROWS); i++)
		want_text(ROWS[i].name,
		    provider_name(*state,
			provider_find(*state, str_from(ROWS[i].mx),
			    str_from(ROWS[i].domain))),
		    ROWS[i].want);
}

/* More names than answers are remembered, each asked for twice in a row and
 * again when others have taken its place. */
static void
what_was_asked_before_is_answered_alike(void **state)
{
	for (int i = 0; i < 12000; i++) {
		char known[80], unknown[80];
		int n = i % 4000;

		snprintf(known, sizeof known, "mx%d.googlemail.com", n);
		snprintf(unknown, sizeof unknown, "mx%d.googlemail.net", n);
		for (int again = 0; again < 2; again++) {
			want_number(known,
			    provider_find(
				*state, str_from(known), STR("mixed.example")),
			    1);
			want_number(unknown,
			    provider_find(
				*state, str_from(unknown), str_from(known)),
			    PROVIDER_OTHER);
		}
	}
	/* The same name is a host here and a domain there. */
	want_number("host",
	    provider_find(*state, STR("mixed.example"), STR("gmail.com")), 1);
	want_number("domain",
	    provider_find(*state, STR("gmail.com"), STR("mixed.example")), 3);
}

static void
an_endless_name_is_nobody(void **state)
{
	char name[5000];

	memset(name, '.', sizeof name);
	want_number("dots",
	    provider_find(*state, str_of(name, sizeof name), STR("")),
	    PROVIDER_OTHER);
	memset(name, 'a', sizeof name);
	want_number("letters",
	    provider_find(*state, str_of(name, sizeof name), STR("")),
	    PROVIDER_OTHER);
}

static void
names_and_titles_are_told(void **state)
{
	unsigned n = 99;

	assert_true(provider_of(*state, STR("Google"), &n));
	want_text(
	    "title", provider_title(*state, n), "Google (Gmail, Workspace)");
	assert_true(provider_of(*state, STR("mixed"), &n));
	want_text("no title", provider_title(*state, n), "mixed");
	assert_true(provider_of(*state, STR("other"), &n));
	want_number("other", n, PROVIDER_OTHER);
	assert_false(provider_of(*state, STR("nobody"), &n));
	want_text("no number", provider_name(*state, 9999), "other");
	want_number("count", provider_count(*state), 4);
}

static void
mistakes_name_file_and_line(void **state)
{
	static const struct {
		const char *name, *text, *want;
	} ROWS[] = {
		{ "no section", "mx = a.example\n", "f:1: a line before" },
		{ "unknown key", "[a]\nmxx = a.example\n",
		    "f:2: unknown key 'mxx'" },
		{ "twice", "[a]\n[b]\n[A]\n", "f:3: provider 'A' is there" },
		{ "bad name", "[a b]\n", "f:1: provider 'a b' has more" },
		{ "no host", "[a]\nmx = a b\n", "f:2: mx 'a b': no host" },
		{ "dot at the end", "[a]\ndomain = a.\n", "f:2: domain 'a.'" },
		{ "same host", "[a]\nmx = x.example\n[b]\nmx = X.example\n",
		    "f:4: mx 'X.example': it is there already" },
		{ "reserved", "[other]\n", "f:1: provider 'other' is there" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(ROWS); i++) {
		struct err e = { 0 };

		assert_null(providers_open(str_from(ROWS[i].text), "f", &e));
		want_number(ROWS[i].name, e.code, EX_CONFIG);
		want_bool(e.text,
		    str_starts(str_from(e.text), str_from(ROWS[i].want)), true);
	}
}

static void
an_empty_table_knows_only_other(void **state)
{
	struct err e = { 0 };
	struct providers *p = providers_open(STR(""), "f", &e);

	(void)state;
	assert_non_null(p);
	want_number("none",
	    provider_find(p, STR("a.example"), STR("b.example")),
	    PROVIDER_OTHER);
	providers_close(p);
	providers_close(NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_host_decides_before_the_domain),
		cmocka_unit_test(what_was_asked_before_is_answered_alike),
		cmocka_unit_test(an_endless_name_is_nobody),
		cmocka_unit_test(names_and_titles_are_told),
		cmocka_unit_test(mistakes_name_file_and_line),
		cmocka_unit_test(an_empty_table_knows_only_other),
	};

	return cmocka_run_group_tests(tests, open_table, close_table);
}
