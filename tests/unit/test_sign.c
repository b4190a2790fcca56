/* test_sign.c - tokens: made, proved, and nothing else proves. */
#include "unit.h"

#include "base/base32.h"
#include "base/clock.h"
#include "fixed_keys.h"

#define DAY CLOCK_DAY

static void
make_claim(struct sign_claim *c, const char *rcpt, const char *stream,
    const char *message_id)
{
	struct err e = { 0 };

	if (!sign_claim_make(c, str_from(rcpt), str_from(stream),
		str_from(message_id), &e))
		fail_msg("%s: %s", rcpt, e.text);
}

/* The local part and the header by key i, on the day of now. */
struct made {
	char local[SIGN_LOCAL_MAX + 1];
	struct buf header;
};

static void
make(struct made *m, const struct sign_key *k, const struct sign_claim *c,
    const char *prefix, int64_t now)
{
	m->header = (struct buf){ 0 };
	assert_true(sign_local(k, c, str_from(prefix), now, m->local));
	sign_header(k, c, now, &m->header);
	assert_false(m->header.failed);
}

/* The vectors that INSTALL.md gives. */
static void
tokens_are_those_of_the_manual(void **state)
{
	struct sign_keys k;
	struct sign_claim c;
	struct made m;

	(void)state;
	make_keys(&k);
	make_claim(&c, "ada@example.com", "", "");
	make(&m, &k.list[0], &c, "bounce", NOW);
	want_text("address", m.local, "bounce-1k2512aokkbeee4wbj3qwfr-ada=example.com");
	buf_release(&m.header);
	make_claim(&c, "ada@example.com", "news", "<1@shop.example>");
	make(&m, &k.list[0], &c, "bounce", NOW);
	want_text("with a stream", m.local, "bounce-1k2512avdd6nfify55wggsz=news=ada=example.com");
	want_str("header", buf_str(&m.header), 
	    STR("1k2512awzcs22mbjq22woonmfsgcqdfpbqw24dmmuxgg33nbjx"
		"gk53tbi6dcqdtnbxxaltfpbqw24dmmu7a"
		""));
	buf_release(&m.header);
}

static void
what_was_signed_comes_back(void **state)
{
	static const struct {
		const char *name, *rcpt, *stream, *message_id, *key;
	} ROWS[] = {
		{ "plain", "ada@example.com", "", "", "ada@example.com" },
		{ "all", "ada@example.com", "news", "<1@x>",
		    "ada@example.com" },
		{ "capitals", "Ada@Example.COM", "News", "<A.b@X>",
		    "ada@example.com" },
		{ "dashes", "a-b-c@d-e.example", "vmta-1", "",
		    "a-b-c@d-e.example" },
		{ "equals", "a=b=c@d.example", "s", "", "a=b=c@d.example" },
		{ "plus", "a+tag@d.example", "", "", "a+tag@d.example" },
		{ "U-labels", "a@b\xc3\xbc" "cher.example", "", "",
		    "a@xn--bcher-kva.example" },
		{ "a token's form", "1aa512aaaaaaaaaaaaaaaaa-x@d.example", "",
		    "", "1aa512aaaaaaaaaaaaaaaaa-x@d.example" },
	};
	struct sign_keys k;
	struct sign_claim c, got;
	struct made m;

	(void)state;
	make_keys(&k);
	for (size_t i = 0; i < COUNT(ROWS); i++) {
		make_claim(&c, ROWS[i].rcpt, ROWS[i].stream,
		    ROWS[i].message_id);
		make(&m, &k.list[1], &c, "b", NOW);
		want_number(ROWS[i].name,
		    sign_verify_address(&k, str_from(m.local), STR(""), NOW,
			&got), SIGN_OK);
		want_text(ROWS[i].name, got.rcpt, ROWS[i].key);
		want_text(ROWS[i].name, got.stream, c.stream);
		want_text(ROWS[i].name, got.key, "k3");
		want_number(ROWS[i].name, got.day, 0x512a);
		want_number(ROWS[i].name,
		    sign_verify_header(&k, buf_str(&m.header), NOW, &got),
		    SIGN_OK);
		want_text(ROWS[i].name, got.rcpt, ROWS[i].key);
		want_text(ROWS[i].name, got.stream, c.stream);
		want_text(ROWS[i].name, got.message_id, ROWS[i].message_id);
		buf_release(&m.header);
	}
}

static void
want_address(const char *name, const struct sign_keys *k, const char *address,
    const char *named, enum sign_cause want)
{
	struct sign_claim c;

	want_number(name,
	    sign_verify_address(k, str_from(address), str_from(named), NOW,
		&c), want);
	want_bool(name, c.rcpt[0] != '\0', want == SIGN_OK);
}

static void
any_altered_character_proves_nothing(void **state)
{
	static const char ALL[] = "abcdefghijklmnopqrstuvwxyz0123456789-=.+ ";
	struct sign_keys k;
	struct sign_claim c, got;
	struct made m;
	size_t n;

	(void)state;
	make_keys(&k);
	make_claim(&c, "ada.b@example.com", "news", "<1@x>");
	make(&m, &k.list[0], &c, "b", NOW);
	n = strlen(m.local);
	/* The prefix is nobody's to prove. */
	for (size_t i = 2; i < n; i++)
		for (const char *to = ALL; *to != '\0'; to++) {
			char was = m.local[i];
			enum sign_cause why;

			if (*to == was)
				continue;
			m.local[i] = *to;
			why = sign_verify_address(
			    &k, str_of(m.local, n), STR(""), NOW, &got);
			if (why == SIGN_OK || got.rcpt[0] != '\0')
				fail_msg("address, %zu: \"%s\"", i, m.local);
			m.local[i] = was;
		}
	for (size_t i = 0; i < m.header.n; i++)
		for (const char *to = ALL; *to != '\0'; to++) {
			char was = m.header.p[i];

			if (*to == was)
				continue;
			m.header.p[i] = *to;
			if (sign_verify_header(&k, buf_str(&m.header), NOW,
				&got) == SIGN_OK || got.rcpt[0] != '\0')
				fail_msg("header, %zu: '%c'", i, *to);
			m.header.p[i] = was;
		}
	for (size_t i = 0; i < m.header.n; i++)
		if (sign_verify_header(&k, str_of(m.header.p, i), NOW, &got) ==
		    SIGN_OK)
			fail_msg("header cut at %zu", i);
	buf_release(&m.header);
}

/* Spare bits, a capital, a line too few: one token has one text. */
static void
another_text_of_the_same_words_proves_nothing(void **state)
{
	static const char *const BODIES[] = {
		"ada@example.com", "ada@example.com\n", "Ada@example.com\n\n",
		" ada@example.com\n\n", "ada@example.com\n\n\n",
		"ada@example.com\n\n ", "ada@example.com\n\n\r",
		"\n\n", "", "<ada@example.com>\n\n",
	};
	struct sign_keys k;
	struct sign_claim c, got;
	struct made m;

	(void)state;
	make_keys(&k);
	make_claim(&c, "ada@example.com", "", "");
	make(&m, &k.list[0], &c, "", NOW);
	assert_int_equal(sign_verify_header(
	    &k, buf_str(&m.header), NOW, &got), SIGN_OK);
	for (size_t i = 0; i < COUNT(BODIES); i++) {
		struct str body = str_from(BODIES[i]);
		char text[SIGN_TOKEN + 64];

		memcpy(text, m.header.p, SIGN_TOKEN);
		base32_encode(body, text + SIGN_TOKEN);
		want_number(BODIES[i],
		    sign_verify_header(&k,
			str_of(text, SIGN_TOKEN + BASE32_LENGTH(body.n)), NOW,
			&got), SIGN_MALFORMED);
	}
	buf_release(&m.header);
}

static void
case_folding_and_white_space_change_nothing(void **state)
{
	struct sign_keys k;
	struct sign_claim c, got;
	struct made m;
	struct buf folded = { 0 };

	(void)state;
	make_keys(&k);
	make_claim(&c, "ada@example.com", "news", "<Ab1@x>");
	make(&m, &k.list[0], &c, "bounce", NOW);
	for (size_t i = 0; i < m.header.n; i++) {
		char up = m.header.p[i];

		if (ascii_is_alpha(up) && i % 3 == 0)
			up = (char)(up - 'a' + 'A');
		buf_addc(&folded, up);
		if (i % 20 == 19)
			buf_adds(&folded, "\r\n\t");
	}
	assert_int_equal(sign_verify_header(&k, buf_str(&folded), NOW, &got),
	    SIGN_OK);
	want_text("message id", got.message_id, "<Ab1@x>");
	for (char *p = m.local; *p != '\0'; p++)
		if (ascii_is_alpha(*p))
			*p = (char)(*p - 'a' + 'A');
	want_address("capitals", &k, m.local, "", SIGN_OK);
	buf_release(&folded);
	buf_release(&m.header);
}

static void
an_address_keeps_to_64_bytes(void **state)
{
	struct sign_keys k;
	struct sign_claim c, got;
	char rcpt[ADDRESS_MAX], local[SIGN_LOCAL_MAX + 1];

	(void)state;
	make_keys(&k);
	for (int n = 1; n <= 64; n++) {
		bool fits;

		snprintf(rcpt, sizeof rcpt, "%.*s@example.com", n,
		    "xyz0123456789abcdefghijklmnopqrs"
		    "tuvwxyz0123456789abcdefghijklmnop");
		make_claim(&c, rcpt, "", "");
		assert_true(
		    sign_local(&k.list[0], &c, STR("bounce"), NOW, local));
		assert_true(strlen(local) <= 64);
		/* "bounce-", the token, "-", "=example.com" */
		fits = 7 + SIGN_TOKEN + 1 + n + 12 <= 64;
		want_bool(rcpt, strchr(local, '=') != NULL, fits);
		want_address(rcpt, &k, local, "", fits ? SIGN_OK
						       : SIGN_UNNAMED);
		want_address(rcpt, &k, local, rcpt, SIGN_OK);
	}
	/* The stream goes before the recipient does. */
	make_claim(&c, "ada@example.com", "a-stream-of-mail.example", "");
	assert_true(sign_local(&k.list[0], &c, STR("b"), NOW, local));
	assert_null(strstr(local, "stream"));
	assert_int_equal(sign_verify_address(
	    &k, str_from(local), STR(""), NOW, &got), SIGN_OK);
	want_text("stream", got.stream, "");
	snprintf(rcpt, sizeof rcpt, "%.41s",
	    "0123456789abcdefghijklmnopqrstuvwxyz012345");
	assert_false(sign_local(&k.list[0], &c, str_from(rcpt), NOW, local));
	assert_true(sign_local(
	    &k.list[0], &c, str_sub(str_from(rcpt), 0, 40), NOW, local));
	want_number("just fits", (int64_t)strlen(local), 64);
}

static void
a_token_alone_proves_whom_the_report_names(void **state)
{
	struct sign_keys k;
	struct sign_claim c;
	char local[SIGN_LOCAL_MAX + 1];

	(void)state;
	make_keys(&k);
	make_claim(&c, "\"a b\"@example.com", "", "");
	assert_true(sign_local(&k.list[0], &c, STR("b"), NOW, local));
	want_address("nobody", &k, local, "", SIGN_UNNAMED);
	want_address("no address", &k, local, "bob", SIGN_UNNAMED);
	want_address("another", &k, local, "bob@example.com", SIGN_WRONG);
	want_address("the one", &k, local, "\"a b\"@EXAMPLE.com", SIGN_OK);
	make_claim(&c, "\xc3\xa9ve@example.com", "", "");
	assert_true(sign_local(&k.list[0], &c, STR("b"), NOW, local));
	want_address("UTF-8", &k, local, "\xc3\xa9ve@example.com", SIGN_OK);
}

/* No other token is behind so much, so nobody is asked for one. */
static void
a_token_behind_too_much_is_none(void **state)
{
	struct sign_keys k;
	struct sign_claim c;
	char local[SIGN_LOCAL_MAX + 1], address[SIGN_READ_MAX + 20];

	(void)state;
	make_keys(&k);
	make_claim(&c, "ada@example.com", "", "");
	assert_true(sign_local(&k.list[0], &c, STR("b"), NOW, local));
	for (size_t n = SIGN_READ_MAX - 1; n <= SIGN_READ_MAX + 1; n++) {
		bool is_read = n < SIGN_READ_MAX;

		memset(address, 'b', n);
		memcpy(address + n - strlen(local), local, strlen(local));
		snprintf(address + n, sizeof address - n, "@example.net");
		want_address("verified", &k, address, "",
		    is_read ? SIGN_OK : SIGN_NONE);
		want_bool("seen", sign_is_in(str_from(address)), is_read);
	}
}

static void
a_token_proves_in_its_time(void **state)
{
	static const struct {
		const char *name;
		int64_t now;
		enum sign_cause want;
	} ROWS[] = {
		{ "same second", NOW, SIGN_OK },
		{ "the day before", NOW - 1, SIGN_OK },
		{ "its first second", NOW - DAY, SIGN_OK },
		{ "two days before", NOW - DAY - 1, SIGN_FUTURE },
		{ "no time", 0, SIGN_FUTURE },
		{ "before 1970", -1, SIGN_FUTURE },
		{ "last second", NOW + 91 * DAY - 1, SIGN_OK },
		{ "one later", NOW + 91 * DAY, SIGN_EXPIRED },
	};
	struct sign_keys k;
	struct sign_claim c, got;
	struct made m;

	(void)state;
	make_keys(&k);
	make_claim(&c, "ada@example.com", "", "");
	make(&m, &k.list[0], &c, "b", NOW);
	for (size_t i = 0; i < COUNT(ROWS); i++) {
		want_number(ROWS[i].name,
		    sign_verify_address(&k, str_from(m.local), STR(""),
			ROWS[i].now, &got), ROWS[i].want);
		want_bool(ROWS[i].name, got.rcpt[0] != '\0',
		    ROWS[i].want == SIGN_OK);
		want_number(ROWS[i].name,
		    sign_verify_header(
			&k, buf_str(&m.header), ROWS[i].now, &got),
		    ROWS[i].want);
	}
	buf_release(&m.header);
}

static void
each_key_proves_its_own_until_it_is_retired(void **state)
{
	struct sign_keys k;
	struct sign_claim c;
	char old[SIGN_LOCAL_MAX + 1], young[SIGN_LOCAL_MAX + 1];

	(void)state;
	make_keys(&k);
	make_claim(&c, "ada@example.com", "", "");
	assert_true(sign_local(&k.list[0], &c, STR("b"), NOW - DAY, old));
	assert_true(sign_local(&k.list[0], &c, STR("b"), NOW, young));
	want_text("the newest signs", sign_key_active(&k)->name, "k3");
	k.list[0].is_retired = true;
	k.list[0].retired = 0x5129;
	want_address("before", &k, old, "", SIGN_OK);
	want_address("after", &k, young, "", SIGN_RETIRED);
	k.list[0].retired = -1;
	want_address("leaked", &k, old, "", SIGN_RETIRED);
	k.list[1].is_retired = true;
	assert_null(sign_key_active(&k));
	k.list[1].is_retired = false;
	memcpy(k.list[0].name, "zz", 3);
	want_address("gone", &k, old, "", SIGN_NO_KEY);
	memcpy(k.list[1].name, "k2", 3);
	want_address("another secret", &k, old, "", SIGN_WRONG);
	k.n = 0;
	want_address("no keys", &k, old, "", SIGN_NO_KEY);
	assert_null(sign_key_active(&k));
}

static void
a_token_is_seen_by_its_form(void **state)
{
	static const struct {
		const char *address;
		bool want;
	} ROWS[] = {
		{ "b-1k2512aaaaaaaaaaaaaaaaa-x=y.example@d", true },
		{ "B+1K2512AAAAAAAAAAAAAAAAA@d", true },
		{ "<1k2512aaaaaaaaaaaaaaaaa=s@d>", true },
		{ "b-1k2512aaaaaaaaaaaaaaaaaa-x=y.example@d", false },
		{ "b-1k2512aaaaaaaaaaaaaaaa-x=y.example@d", false },
		{ "b-1k251gaaaaaaaaaaaaaaaaa-x=y.example@d", false },
		{ "b-2k2512aaaaaaaaaaaaaaaaa@d", false },
		{ "b1k2512aaaaaaaaaaaaaaaaa@d", false },
		{ "bounce-ada=example.com@d", false },
		{ "x@1k2512aaaaaaaaaaaaaaaaa.example", false },
		{ "", false },
	};
	struct sign_keys k;

	(void)state;
	make_keys(&k);
	for (size_t i = 0; i < COUNT(ROWS); i++) {
		want_bool(ROWS[i].address,
		    sign_is_in(str_from(ROWS[i].address)), ROWS[i].want);
		if (!ROWS[i].want)
			want_address(ROWS[i].address, &k, ROWS[i].address, "",
			    SIGN_NONE);
	}
	want_address("empty stream", &k, "b-1k2512aaaaaaaaaaaaaaaaa=", "a@b.c",
	    SIGN_MALFORMED);
	want_address("no domain", &k, "b-1k2512aaaaaaaaaaaaaaaaa-a", "",
	    SIGN_MALFORMED);
	want_address("forged", &k, "b-1k2512aaaaaaaaaaaaaaaaa-a=b.example", "",
	    SIGN_WRONG);
}

static void
only_words_can_be_signed(void **state)
{
	static const struct {
		const char *name;
		struct str rcpt, stream, message_id;
	} ROWS[] = {
		{ "no address", LIT("ada"), LIT(""), LIT("") },
		{ "redacted", LIT("redacted@x.example"), LIT(""), LIT("") },
		{ "NUL", LIT("a@b.example"), LIT("a\0b"), LIT("") },
		{ "stream of two", LIT("a@b.example"), LIT("a b"), LIT("") },
		{ "comma", LIT("a@b.example"), LIT("a,b"), LIT("") },
		{ "line end", LIT("a@b.example"), LIT(""), LIT("a\nb") },
		{ "blank", LIT("a@b.example"), LIT(""), LIT("a b") },
	};
	char text[600];
	struct sign_claim c;

	(void)state;
	for (size_t i = 0; i < COUNT(ROWS); i++) {
		struct err e = { 0 };

		want_bool(ROWS[i].name,
		    sign_claim_make(&c, ROWS[i].rcpt, ROWS[i].stream,
			ROWS[i].message_id, &e), false);
		want_number(ROWS[i].name, e.code, EX_DATAERR);
	}
	memset(text, 'a', sizeof text);
	for (size_t n = SIGN_MESSAGE_MAX; n <= SIGN_MESSAGE_MAX + 1; n++) {
		struct err e = { 0 };

		want_bool("long message id",
		    sign_claim_make(&c, STR("a@b.example"),
			str_of(text, SIGN_STREAM_MAX), str_of(text, n), &e),
		    n == SIGN_MESSAGE_MAX);
	}
}

static void
the_longest_of_all_fits_a_header(void **state)
{
	char text[600], rcpt[400];
	struct sign_keys k;
	struct sign_claim c, got;
	struct buf b = { 0 };
	struct err e = { 0 };

	(void)state;
	make_keys(&k);
	memset(text, 'z', sizeof text);
	snprintf(rcpt, sizeof rcpt, "%.64s@%.60s.%.60s.%.60s.%.60s", text,
	    text, text, text, text);
	assert_true(sign_claim_make(&c, str_from(rcpt),
	    str_of(text, SIGN_STREAM_MAX), str_of(text, SIGN_MESSAGE_MAX),
	    &e));
	sign_header(&k.list[0], &c, NOW, &b);
	assert_int_equal(sign_verify_header(&k, buf_str(&b), NOW, &got),
	    SIGN_OK);
	want_text("recipient", got.rcpt, rcpt);
	buf_release(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tokens_are_those_of_the_manual),
		cmocka_unit_test(what_was_signed_comes_back),
		cmocka_unit_test(any_altered_character_proves_nothing),
		cmocka_unit_test(another_text_of_the_same_words_proves_nothing),
		cmocka_unit_test(case_folding_and_white_space_change_nothing),
		cmocka_unit_test(an_address_keeps_to_64_bytes),
		cmocka_unit_test(a_token_alone_proves_whom_the_report_names),
		cmocka_unit_test(a_token_behind_too_much_is_none),
		cmocka_unit_test(a_token_proves_in_its_time),
		cmocka_unit_test(each_key_proves_its_own_until_it_is_retired),
		cmocka_unit_test(a_token_is_seen_by_its_form),
		cmocka_unit_test(only_words_can_be_signed),
		cmocka_unit_test(the_longest_of_all_fits_a_header),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
