/* test_borrowed.c - reasons that a bounce tells of another recipient. */
#include "unit.h"

#include "base/buf.h"
#include "mail/borrowed.h"

struct row {
	const char *words;
	const char *want; /* "user:reason|", user@x.example each */
};

static void
want_rows(const struct row *rows, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct freeform *f = calloc(1, sizeof *f);
		struct str words = str_from(rows[i].words);
		struct buf got = { 0 };

		assert_non_null(f);
		freeform_find(f, words);
		borrowed_drop(f, words);
		for (size_t k = 0; k < f->n; k++) {
			struct freeform_hit *h = &f->hits[k];
			size_t at = str_chr(h->rcpt, '@');

			buf_addf(&got, "%.*s:%.*s|", (int)at, h->rcpt.p,
			    STR_ARG(h->diag));
		}
		free(f);
		want_str(rows[i].words, buf_str(&got), str_from(rows[i].want));
		buf_release(&got);
	}
}

#define NO "550 5.1.1 User unknown"

static void
a_reply_about_one_is_not_told_of_others(void **state)
{
	static const struct row ROWS[] = {
		{ "<a@x.example>: " NO "\n\nThe team of this site:\n"
		  "team@x.example\n",
		    "a:" NO "|team:|" },
		{ "Delivery to a@x.example failed: " NO "\n\nDetails:\n"
		  "To: a@x.example,\n    b@x.example\n",
		    "a:" NO "|b:|" },
		{ "a@x.example\n    " NO "\n\nb@x.example\n    not yet\n",
		    "a:" NO "|b:|" },
		{ "Delivered to:\n  a@x.example\n\nNot delivered to:\n"
		  "  b@x.example\n" NO "\n",
		    "a:|b:" NO "|" },
		{ "To: a@x.example; b@x.example\n\nnot reached:\n\n"
		  "a@x.example on Friday\n does not exist <#5.1.1>\n",
		    "b:|a:on Friday\n does not exist <#5.1.1>|" },
		{ "<a@x.example>: 550 gone, moved to:\nb@x.example\n",
		    "a:550 gone, moved to:|b:|" },
		{ "Recipient: a@x.example\nStatus: sent\n"
		  "Recipient: b@x.example\nStatus: unknown user\n",
		    "a:Status: sent|b:Status: unknown user|" },
		{ "a@x.example (mailbox full)\nb@x.example (unknown)\n",
		    "a:(mailbox full)|b:(unknown)|" },
	};

	(void)state;
	want_rows(ROWS, COUNT(ROWS));
}

static void
a_reply_about_several_is_told_of_all(void **state)
{
	static const struct row ROWS[] = {
		{ "a@x.example\n\nb@x.example\n\nSaid:\n" NO "\n",
		    "a:" NO "|b:" NO "|" },
		{ "<a@x.example>\n  (expanded from: <l@x.example>)\n"
		  "<b@x.example>\n  -- session --\n" NO "\n",
		    "a:" NO "|b:" NO "|" },
		{ "a@x.example\nb@x.example\nunknown user\n",
		    "a:unknown user|b:unknown user|" },
		{ "It said " NO " of\n\na@x.example\nb@x.example\n",
		    "a:" NO " of|b:" NO " of|" },
		/* A heading is about who stands below it. */
		{ "User unknown:\n a@x.example\n\nMailbox full:\n "
		  "b@x.example\n",
		    "a:User unknown:|b:Mailbox full:|" },
	};

	(void)state;
	want_rows(ROWS, COUNT(ROWS));
}

/* Whether it is noticed that the reason behind the address b is of c, where
 * that is the n-th mention; and what becomes of c's own. */
static void
want_noticed(size_t n, const char *own)
{
	struct freeform *f = calloc(1, sizeof *f);
	struct buf b = { 0 };
	struct str words;

	assert_non_null(f);
	for (size_t i = 2; i < n; i++)
		buf_adds(&b, "a@x.ex\n");
	buf_adds(&b, "\nTeam:\nb@x.ex\nc@x.ex: " NO "\n");
	words = buf_str(&b);
	freeform_find(f, words);
	borrowed_drop(f, words);
	want_number("hits", (int64_t)f->n, 3);
	want_str("not its own", f->hits[1].diag, STR(""));
	want_str("its own", f->hits[2].diag, str_from(own));
	free(f);
	buf_release(&b);
}

static void
mentions_have_a_number(void **state)
{
	(void)state;
	want_noticed(4, NO);
	want_noticed(BORROWED_MENTIONS_MAX - 1, NO);
	want_noticed(BORROWED_MENTIONS_MAX, NO);
	want_noticed(BORROWED_MENTIONS_MAX + 1, "");
	want_noticed(BORROWED_MENTIONS_MAX + 2, "");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_reply_about_one_is_not_told_of_others),
		cmocka_unit_test(a_reply_about_several_is_told_of_all),
		cmocka_unit_test(mentions_have_a_number),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
