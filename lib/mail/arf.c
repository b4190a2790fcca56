/* arf.c - feedback reports: the fields of RFC 5965, 6591 and JMRP. */
#include "mail/arf.h"

#include "mail/fields.h"
#include "mail/recipient.h"

static const char *const FIELDS[] = { "Original-Rcpt-To", "Removal-Recipient",
	"Original-Recipient" };

/* Reports that nobody complained with (RFC 6591, RFC 6430); what the other
 * types mean is the verdict's affair. */
static bool
is_no_complaint(struct str type)
{
	static const char *const TYPES[] = { "auth-failure", "dmarc",
		"not-spam", "dkim", "spf" };

	for (size_t i = 0; i < COUNT(TYPES); i++)
		if (str_istarts(type, str_from(TYPES[i])))
			return true;
	return false;
}

void
arf_event(const struct arf *a, struct event *ev)
{
	struct str auth = fields_get(a->report, STR("Auth-Failure"));
	struct str envid = fields_get(a->report, STR("Original-Envelope-Id"));

	ev->feedback = fields_get(a->report, STR("Feedback-Type"));
	if (envid.n > 0)
		ev->envid = envid;
	ev->source_ip = fields_get(a->report, STR("Source-IP"));
	ev->mta = fields_get(a->report, STR("Reporting-MTA"));
	ev->skip = auth.n > 0 || is_no_complaint(ev->feedback)
	    ? SKIP_NOT_A_COMPLAINT
	    : SKIP_NONE;
}

static struct str
nth_field(struct str text, struct str name, unsigned nth)
{
	struct field f;

	while (fields_next(&text, &f))
		if (str_ieq(f.name, name) && f.value.n > 0 && nth-- == 0)
			return f.value;
	return (struct str){ 0 };
}

/* Whom the topmost Received says the original was for. */
static struct str
received_for(struct str head)
{
	struct str whom = { 0 };
	int64_t utc;

	(void)fields_received(fields_get(head, STR("Received")), &whom, &utc);
	return whom;
}

struct str
arf_jmrp(struct str head)
{
	return fields_get(head, STR("X-HmXmrOriginalRecipient"));
}

static bool
is_same(struct str one, struct str other)
{
	char a[ADDRESS_MAX], b[ADDRESS_MAX];

	return recipient_key(one, a, sizeof a) &&
	    recipient_key(other, b, sizeof b) &&
	    str_eq(str_from(a), str_from(b));
}

/* Whether an address is of who sent the original, not of who got it. */
static bool
is_sender(const struct arf *a, struct str address)
{
	static const char *const NAMES[] = { "From", "Sender", "Reply-To",
		"Return-Path", "Errors-To", "List-Post" };

	for (size_t i = 0; i < COUNT(NAMES); i++)
		if (is_same(fields_get(a->original, str_from(NAMES[i])),
			address))
			return true;
	return is_same(
	    fields_get(a->report, STR("Original-Mail-From")), address);
}

/* Whom the original's To: names, where it is one and no copy went to others.
 * It tells the reader's eye, not the envelope. */
static struct str
single_to(struct str head)
{
	struct str none = { 0 };
	struct str one;

	if (nth_field(head, STR("To"), 1).p != NULL ||
	    str_chr(fields_get(head, STR("Cc")), '@') <
		fields_get(head, STR("Cc")).n ||
	    !recipient_single(fields_get(head, STR("To")), &one))
		return none;
	return one;
}

struct str
arf_value(const struct arf *a, unsigned source, unsigned nth)
{
	struct str none = { 0 };
	struct str guess;

	if (source < COUNT(FIELDS))
		return nth_field(a->report, str_from(FIELDS[source]), nth);
	if (nth > 0)
		return none;
	if (source < ARF_GUESSES)
		return arf_jmrp(a->original);
	guess = source == ARF_GUESSES ? received_for(a->original)
				      : single_to(a->original);
	return is_sender(a, guess) ? none : guess;
}
