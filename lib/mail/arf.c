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

struct str
arf_value(const struct arf *a, unsigned source, unsigned nth)
{
	struct str one = { 0 };

	if (source < COUNT(FIELDS))
		return nth_field(a->report, str_from(FIELDS[source]), nth);
	if (nth > 0)
		return one;
	if (source == COUNT(FIELDS))
		return arf_jmrp(a->original);
	if (source == COUNT(FIELDS) + 1) {
		if (!recipient_single(fields_get(a->original, STR("To")), &one))
			one = (struct str){ 0 };
		return one;
	}
	return received_for(a->original);
}
