/* named.c - whom a bounce in words is about, by its words and its head. */
#include "mail/named.h"

#include "base/number.h"
#include "mail/address.h"
#include "mail/borrowed.h"
#include "mail/fields.h"
#include "mail/judge.h"
#include "mail/reason.h"
#include "mail/recipient.h"

static void
avoid_fields(
    struct freeform *f, struct str head, const char *const *names, size_t n)
{
	for (size_t i = 0; i < n && f->n_avoid < COUNT(f->avoid); i++) {
		struct str v = fields_get(head, str_from(names[i]));

		if (freeform_address(&v, &f->avoid[f->n_avoid]))
			f->n_avoid++;
	}
}

/* Who is no recipient: whom the report was sent to, who wrote it, and who
 * wrote what it returns. */
static void
fill_avoid(const struct named_mail *m, struct freeform *f)
{
	static const char *const REPORT[] = { "To", "From", "Reply-To",
		"Return-Path", "Delivered-To", "X-Original-To" };
	static const char *const RETURNED[] = { "From", "Sender", "Reply-To",
		"Return-Path" };

	f->avoid[f->n_avoid++] = m->sent_to;
	avoid_fields(f, m->head, REPORT, COUNT(REPORT));
	avoid_fields(f, m->original, RETURNED, COUNT(RETURNED));
}

/* Exim and Gmail name them in a field of their own. */
static void
find_failed(const struct named_mail *m, struct freeform *f)
{
	struct str v = fields_get(m->head, STR("X-Failed-Recipients"));
	struct str address;

	while (f->n < FREEFORM_HITS_MAX && freeform_address(&v, &address))
		f->hits[f->n++] = (struct freeform_hit){ address,
			reason_of(m->words, address) };
}

/* A domain's own daemon may name its users without the domain. out is
 * ADDRESS_MAX bytes. */
static bool
find_local(const struct named_mail *m, char *out)
{
	struct str from = fields_address(fields_get(m->head, STR("From")));
	struct str local = freeform_local(m->words);
	size_t at = str_rchr(from, '@');

	return local.n > 0 && at < from.n &&
	    (str_istarts(from, STR("mailer-daemon@")) ||
		str_istarts(from, STR("postmaster@"))) &&
	    number_print(out, ADDRESS_MAX, "%.*s%.*s", STR_ARG(local),
		STR_ARG(str_skip(from, at)));
}

void
named_find(const struct named_mail *m, struct freeform *f, char *local)
{
	struct str to;

	f->n = f->n_avoid = 0;
	f->only = (struct str){ 0 };
	/* Who is no daemon may tell where he is now. */
	f->doubts = !judge_is_daemon(m->head);
	if (judge_names_successor(m->head, m->words))
		f->only = fields_address(fields_get(m->head, STR("From")));
	fill_avoid(m, f);
	find_failed(m, f);
	if (f->n == 0)
		freeform_find(f, m->words);
	if (f->n == 0 &&
	    recipient_single(fields_get(m->original, STR("To")), &to))
		freeform_match(f, m->words, fields_address(to));
	if (f->n == 0 && find_local(m, local))
		f->hits[f->n++] = (struct freeform_hit){ str_from(local),
			reason_of(m->words, freeform_local(m->words)) };
	borrowed_drop(f, m->words);
}
