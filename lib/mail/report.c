/* report.c - what the parts of a mail report, told as events. */
#include "mail/report.h"

#include <stdlib.h>

#include "base/buf.h"
#include "mail/arf.h"
#include "mail/dsn.h"
#include "mail/fields.h"
#include "mail/freeform.h"
#include "mail/judge.h"
#include "mail/mail_claims.h"
#include "mail/mailed.h"
#include "mail/named.h"
#include "mail/reason.h"
#include "mail/recipient.h"
#include "mail/redacted.h"
#include "mail/reply.h"
#include "mail/ses.h"
#include "mail/stage.h"
#include "mail/unsubscribe.h"
#include "wrap/hash.h"

_Static_assert(FREEFORM_HITS_MAX > MESSAGE_REPORTS_MAX,
    "words that name more than are told of say so");

/* Who is told, what all events share, and who was told already. */
struct teller {
	const struct report *r;
	message_fn *fn;
	void *ctx;
	struct event base;
	struct mailed mailed; /* what tells whom the mail went to */
	uint64_t seen[MESSAGE_REPORTS_MAX];
	unsigned told;
	bool too_many; /* that there are more is told as well, once */
	bool hashed; /* the complainer, as loops do that leave the To: */
	struct freeform *named; /* by the words; NULL: not looked for yet */
	char local[ADDRESS_MAX]; /* of one of them */
};

/* The first part of that kind in so many attached mails. */
static struct str
part_at(const struct report *r, enum part_kind kind, unsigned depth)
{
	for (size_t i = 0; i < r->n; i++)
		if (r->parts[i].kind == kind && r->parts[i].depth == depth)
			return r->parts[i].text;
	return (struct str){ 0 };
}

static struct str
part_of(const struct report *r, enum part_kind kind)
{
	return part_at(r, kind, 0);
}

static uint64_t
key_of(const struct event *ev)
{
	return ev->address[0] == '\0' || ev->skip != SKIP_NONE
	    ? hash64_number(hash64(ev->rcpt), (int64_t)ev->skip)
	    : hash64(str_from(ev->address));
}

/* One recipient named twice in a mail is one event. */
static bool
tell(struct teller *t, const struct event *ev, struct err *e)
{
	struct event own = *ev;
	char room[STAGE_ROOM];
	uint64_t key;

	mailed_fill(&t->mailed, &own);
	if (own.kind == KIND_MB)
		own.diag = stage_add(t->mailed.words, own.rcpt, own.diag, room);
	key = key_of(&own);
	for (unsigned i = 0; i < t->told; i++)
		if (t->seen[i] == key)
			return true;
	if (t->told < MESSAGE_REPORTS_MAX) {
		t->seen[t->told++] = key;
		return t->fn(t->ctx, &own, e);
	}
	if (t->too_many)
		return true;
	t->too_many = true;
	own = t->base;
	own.skip = SKIP_TOO_MANY;
	return t->fn(t->ctx, &own, e);
}

/* What the header of the returned mail tells of it. */
static void
fill_original(const struct report *r, struct str head, struct event *ev)
{
	const struct message_settings *c = r->env->settings;

	ev->message_id = fields_get(head, STR("Message-ID"));
	ev->stream = c == NULL || c->stream_header.n == 0 ? STR("")
	    : fields_get(head, c->stream_header);
}

static void
fill_base(const struct report *r, struct event *ev)
{
	ev->time = r->now;
	(void)fields_received(
	    fields_get(r->head, STR("Received")), &ev->orig, &ev->time);
	if (r->env->to.n > 0)
		ev->orig = r->env->to;
	ev->envid = r->env->envid;
	fill_original(r, part_of(r, PART_ORIGINAL), ev);
}

/* All values of one source; *found: one of them was of use. */
static bool
tell_source(struct teller *t, const struct arf *a, unsigned source, bool *found,
    struct err *e)
{
	struct event ev = t->base;

	for (unsigned nth = 0; nth <= MESSAGE_REPORTS_MAX; nth++) {
		struct str v = arf_value(a, source, nth);

		if (v.p == NULL)
			return true;
		if (!recipient_take(&ev, v)) {
			t->hashed |= redacted_by_loop(str_sub(ev.rcpt, 0,
			    str_chr(ev.rcpt, '@')));
			if (t->base.skip != SKIP_REDACTED)
				t->base.skip = ev.skip;
			continue;
		}
		*found = true;
		if (!tell(t, &ev, e))
			return false;
	}
	return true;
}

/* A complaint, or, as the base event's skip says, a report that is none. */
static bool
tell_feedback(struct teller *t, const struct arf *a, struct err *e)
{
	struct event *b = &t->base;
	bool found = false;

	b->kind = KIND_MF;
	b->format = a->report.n > 0 ? STR("arf") : STR("jmrp");
	/* JMRP may send the original itself, not a mail around it. */
	fill_original(t->r, a->original, b);
	arf_event(a, b);
	if (b->skip != SKIP_NONE) {
		b->rcpt = arf_value(a, 0, 0);
		return tell(t, b, e);
	}
	b->skip = SKIP_NO_RECIPIENT;
	for (unsigned i = 0; i < ARF_SOURCES && !found; i++) {
		/* Who hides the complainer names somebody else after that;
		 * loops that hash him leave the To: as it was. */
		if (i >= ARF_GUESSES && b->skip == SKIP_REDACTED &&
		    (i != ARF_TO || !t->hashed))
			continue;
		if (!tell_source(t, a, i, &found, e))
			return false;
	}
	return found || tell(t, b, e);
}

/* Looks for JMRP's field on top and in what is attached. */
static bool
find_jmrp(const struct report *r, struct arf *a)
{
	*a = (struct arf){ .original = r->head };
	if (arf_jmrp(r->head).n > 0)
		return true;
	for (size_t i = 0; i < r->n; i++) {
		a->original = r->parts[i].text;
		if (r->parts[i].kind == PART_ORIGINAL &&
		    r->parts[i].depth == 0 && arf_jmrp(a->original).n > 0)
			return true;
	}
	return false;
}

/* What the reporter wrote itself: its text, else its HTML. */
static struct str
own_words(const struct report *r)
{
	struct str s = freeform_words(part_of(r, PART_TEXT));

	return str_trim(s).n > 0 ? s : freeform_words(part_of(r, PART_HTML));
}

/* The same reply, by its code. */
static bool
is_same_reply(struct str a, struct str b)
{
	struct reply_codes in_a, in_b;

	reply_codes(a, &in_a);
	reply_codes(b, &in_b);
	return in_a.code == in_b.code;
}

/* The header of what is returned: attached, or behind the own words. */
static struct str
original_head(const struct report *r, struct str words)
{
	struct str head = part_of(r, PART_ORIGINAL);
	struct str text = part_of(r, PART_TEXT);

	if (head.n > 0 || words.p != text.p)
		return head;
	return str_words(str_skip(text, words.n), FREEFORM_TEXT_MAX);
}

/* Finds whom the words name, once; t->named is freed when all is told. */
static bool
find_named(struct teller *t, struct err *e)
{
	struct str words = t->mailed.words;
	struct named_mail mail = { t->r->head, original_head(t->r, words),
		words, t->base.orig };

	if (t->named != NULL)
		return true;
	t->named = malloc(sizeof *t->named);
	if (t->named == NULL)
		return err_memory(e);
	named_find(&mail, t->named, t->local);
	return true;
}

/* What the words tell of rcpt, and not of another whom they name. */
static struct str
told_of(const struct teller *t, struct str rcpt)
{
	const struct freeform *f = t->named;

	for (size_t i = 0; i < f->n; i++)
		if (str_ieq(f->hits[i].rcpt, rcpt))
			return f->hits[i].diag;
	return f->n == 0 ? reason_of(t->mailed.words, rcpt) : STR("");
}

/* What the text beside a group tells more than it: the reason where there is
 * no diagnostic, else the status has a comment; the stage of a reply. */
static bool
fill_reason(struct teller *t, struct event *ev, struct err *e)
{
	struct str s = str_skip(ev->status, str_chr(ev->status, '(') + 1);
	struct str words = t->mailed.words;
	struct str told = reason_of_dovecot(words);
	bool fills = ev->diag.n == 0;

	if (ev->skip != SKIP_NONE)
		return true;
	if (reason_is_in(told)) {
		ev->diag = told;
		return true;
	}
	told = STR("");
	if (str_ifind(words, ev->rcpt) < words.n &&
	    (fills || (stage_is_in(words) && !stage_is_in(ev->diag)))) {
		if (!find_named(t, e))
			return false;
		told = told_of(t, ev->rcpt);
	}
	if (fills ? reason_is_in(told)
		  : stage_is_in(told) && is_same_reply(told, ev->diag))
		ev->diag = told;
	else if (fills && s.n > 1)
		ev->diag = str_sub(s, 0, str_rchr(s, ')'));
	return true;
}

/* Who reports without any reply has decided himself; what PowerMTA tells of
 * its own failures is no host's word. */
static void
fill_host(const struct dsn *d, struct event *ev)
{
	if (ev->mta.n == 0 && ev->diag.n == 0 && ev->bounce_cat.n == 0)
		ev->mta = d->reporting;
}

/* The groups of one status part. A group that names nobody is kept in the
 * base event: what it says counts for whom the text beside it names. */
static bool
tell_groups(struct teller *t, struct str text, bool *nameless, struct err *e)
{
	struct dsn d = { .rest = text };
	struct dsn_group g;

	while (!t->too_many && dsn_next(&d, &g)) {
		struct event ev = t->base;

		dsn_event(&d, &g, &ev);
		if (!fill_reason(t, &ev, e))
			return false;
		fill_host(&d, &ev);
		if (ev.skip == SKIP_NO_RECIPIENT ||
		    ev.skip == SKIP_BAD_ADDRESS) {
			*nameless = true;
			t->base = ev;
			continue;
		}
		if (!tell(t, &ev, e))
			return false;
	}
	return true;
}

/* All status parts that stand in so many attached mails. */
static bool
tell_status_parts(
    struct teller *t, unsigned depth, bool *nameless, struct err *e)
{
	const struct report *r = t->r;

	for (size_t i = 0; i < r->n; i++) {
		if (r->parts[i].kind != PART_STATUS ||
		    r->parts[i].depth != depth)
			continue;
		t->base.format = STR("dsn");
		fill_original(r, part_at(r, PART_ORIGINAL, depth), &t->base);
		if (!tell_groups(t, r->parts[i].text, nameless, e))
			return false;
	}
	return true;
}

static bool
tell_hits(struct teller *t, const struct freeform *f, struct err *e)
{
	for (size_t i = 0; i < f->n; i++) {
		struct event ev = t->base;

		if (ev.diag.n == 0)
			ev.diag = f->hits[i].diag;
		if (ev.status.n == 0)
			ev.status = reason_status(ev.diag);
		if (ev.mta.n == 0)
			ev.mta = reason_host(t->mailed.words, ev.diag);
		if (!recipient_take(&ev, f->hits[i].rcpt))
			continue;
		/* A delay warning names them, too. */
		if (t->base.skip == SKIP_NOT_A_FAILURE)
			ev.skip = SKIP_NOT_A_FAILURE;
		if (!tell(t, &ev, e))
			return false;
	}
	return true;
}

/* Tells the recipients that the text names; no event when it names none. */
static bool
tell_words(struct teller *t, struct err *e)
{
	if (!find_named(t, e))
		return false;
	mailed_pick(&t->mailed, &t->base, t->named);
	return tell_hits(t, t->named, e);
}

/* Groups without a readable recipient: the text beside them may name it. */
static bool
tell_status(struct teller *t, struct err *e)
{
	bool nameless = false;

	t->base.kind = KIND_MB;
	if (!tell_status_parts(t, 0, &nameless, e))
		return false;
	if (t->told == 0 && !nameless)
		t->base.skip = judge_is_delay(t->mailed.words)
		    ? SKIP_NOT_A_FAILURE
		    : SKIP_NO_RECIPIENT;
	if (t->told == 0 && !tell_words(t, e))
		return false;
	return t->told > 0 || tell(t, &t->base, e);
}

/* Delivery status as plain text: a gateway, or MIME that is broken. */
static bool
tell_status_text(struct teller *t, struct str text, struct err *e)
{
	struct event base = t->base;
	struct buf copy = { 0 };
	bool nameless = false;
	bool ok = false;

	if (!dsn_is_in(text))
		return true;
	buf_add(&copy, text);
	if (!buf_ok(&copy, e))
		goto out;
	copy.n = fields_unfold(copy.p, copy.n);
	t->base.format = STR("dsn");
	ok = tell_groups(t, buf_str(&copy), &nameless, e);
	/* What it noted of nameless groups points at a copy that goes. */
	t->base = base;
out:
	buf_release(&copy);
	return ok;
}

/* Who asks for no more mail: whom the address proves, else the sender. */
static bool
unsubscribes(struct teller *t, struct str to)
{
	struct str head = t->r->head;
	struct str named[] = { STR(""), t->r->env->from,
		fields_get(head, STR("From")),
		unsubscribe_sender(head, t->r->env) };

	if (part_of(t->r, PART_NOTE).p != NULL ||
	    !unsubscribe_is_meant(head, t->r->env, to))
		return false;
	claims_begin(&t->mailed.claims);
	claims_address(&t->mailed.claims, to, t->base.time);
	for (size_t i = 0; i < COUNT(named); i++) {
		(void)recipient_take(&t->base, named[i]);
		if (claims_fill(&t->mailed.claims, &t->base))
			return true;
	}
	return t->base.address[0] != '\0';
}

/* No bounce and no complaint: somebody may want to get no more. */
static bool
tell_other(struct teller *t, struct err *e)
{
	struct str to = mail_sent_to(t->r->head, t->base.orig);

	t->base.skip = SKIP_NO_RECIPIENT;
	if (unsubscribes(t, to)) {
		t->base.kind = KIND_MU;
		t->base.orig = to;
		t->base.format = STR("unsubscribe");
	} else {
		t->base.skip = SKIP_NOT_A_REPORT;
		t->base.address[0] = '\0';
		t->base.rcpt = STR("");
	}
	return tell(t, &t->base, e);
}

/* What stands behind the words: the report itself, in a gateway's notice. */
static bool
tell_behind(struct teller *t, struct str text, bool is_delay, struct err *e)
{
	bool nameless = false;

	return tell_status_text(t, text, e) &&
	    (is_delay || t->told > 0 ||
		tell_status_parts(t, 1, &nameless, e));
}

/* A bounce in words, or a warning that there may be one. What it returns may
 * be a report, too: it is one of this mail where its words name nobody. */
static bool
tell_freeform(struct teller *t, bool is_delay, struct err *e)
{
	struct str text =
	    str_words(part_of(t->r, PART_TEXT), FREEFORM_TEXT_MAX);

	t->base.kind = KIND_MB;
	t->base.format = STR("text");
	if (!tell_status_text(t, freeform_words(text), e))
		return false;
	if (is_delay)
		t->base.skip = SKIP_NOT_A_FAILURE;
	if (t->told == 0 && !tell_words(t, e))
		return false;
	if (t->told == 0 && !tell_behind(t, text, is_delay, e))
		return false;
	if (!is_delay)
		t->base.skip = SKIP_NO_RECIPIENT;
	return t->told > 0 || tell(t, &t->base, e);
}

/* Told by Amazon's SNS, in JSON; no event when it is something else. */
static bool
tell_json(struct teller *t, struct err *e)
{
	struct event ev = t->base;
	struct ses *s;
	bool ok;

	if (!ses_open(part_of(t->r, PART_TEXT), &s, e))
		return false;
	ok = true;
	for (unsigned i = 0; s != NULL && ok && ses_event(s, i, &ev); i++) {
		ok = tell(t, &ev, e);
		ev = t->base;
	}
	ses_close(s);
	return ok;
}

static struct judge_mail
mail_to_judge(const struct teller *t)
{
	struct str head = t->r->head;
	struct str path = fields_get(head, STR("Return-Path"));

	return (struct judge_mail){ head, t->r->subject, t->mailed.words,
		fields_address(path.n > 0 ? path : t->r->env->from) };
}

static bool
tell_by_words(struct teller *t, struct err *e)
{
	struct judge_mail m = mail_to_judge(t);
	enum judged j = judge_mail(&m);

	if (!tell_json(t, e))
		return false;
	if (t->told > 0)
		return true;
	if (j == JUDGED_OTHER || part_of(t->r, PART_NOTE).p != NULL)
		return tell_other(t, e);
	return tell_freeform(t, j == JUDGED_DELAY, e);
}

static bool
tell_parts(struct teller *t, struct err *e)
{
	const struct report *r = t->r;
	struct arf a = { part_of(r, PART_FEEDBACK), part_of(r, PART_ORIGINAL) };
	struct judge_mail m = mail_to_judge(t);

	if (a.report.n > 0)
		return tell_feedback(t, &a, e);
	/* Who forwards the report of a mail of his own attaches its parts. */
	if (part_of(r, PART_STATUS).n > 0 && !judge_is_shown(&m))
		return tell_status(t, e);
	if (find_jmrp(r, &a))
		return tell_feedback(t, &a, e);
	return tell_by_words(t, e);
}

bool
report_tell(const struct report *r, message_fn *fn, void *ctx, struct err *e)
{
	struct teller t = { .r = r, .fn = fn, .ctx = ctx,
		.mailed = { .settings = r->env->settings,
		    .words = own_words(r) } };
	bool ok;

	fill_base(r, &t.base);
	if (r->env->settings != NULL)
		t.mailed.claims.settings = &r->env->settings->claims;
	mail_claims(r, &t.base, &t.mailed.claims);
	ok = tell_parts(&t, e);
	free(t.named);
	return ok;
}
