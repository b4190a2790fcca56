/* ses.c - bounces and complaints that Amazon SES tells in JSON.
 * https://docs.aws.amazon.com/ses/latest/dg/notification-contents.html */
#include "mail/ses.h"

#include <stdlib.h>

#include "base/buf.h"
#include "base/number.h"
#include "mail/recipient.h"
#include "wrap/json.h"

#define PATH_MAX_BYTES 96

/* What a type of notification is about, and where its recipients stand. */
struct notice {
	const char *type;
	enum kind kind;
	enum skip skip;
	const char *list;
	bool plain; /* of addresses, not of objects */
};

static const struct notice NOTICES[] = {
	{ "Bounce", KIND_MB, SKIP_NONE, "bounce.bouncedRecipients", false },
	{ "Complaint", KIND_MF, SKIP_NONE, "complaint.complainedRecipients",
	    false },
	{ "Delivery", KIND_MB, SKIP_NOT_A_FAILURE, "delivery.recipients",
	    true },
	{ "DeliveryDelay", KIND_MB, SKIP_NOT_A_FAILURE,
	    "deliveryDelay.delayedRecipients", false },
};

struct ses {
	struct json *json;
	const struct notice *notice;
};

static const struct notice *
notice_of(const struct json *j)
{
	struct str type = json_at(j, "notificationType");

	if (type.n == 0)
		type = json_at(j, "eventType");
	for (size_t i = 0; i < COUNT(NOTICES); i++)
		if (str_eq(type, str_from(NOTICES[i].type)))
			return &NOTICES[i];
	return NULL;
}

/* Lines that a mailer has broken are joined again: JSON's own strings have no
 * line ends. */
static void
add_joined(struct buf *b, struct str text)
{
	struct str line;

	for (bool first = true; str_cut(&text, '\n', &line); first = false)
		buf_add(b,
		    !first && str_starts(line, STR(" ")) ? str_skip(line, 1)
							 : line);
}

/* What SNS wraps in an object of its own. */
static struct json *
unwrap(struct json *j)
{
	struct str inner;
	struct json *in;

	if (j == NULL)
		return NULL;
	inner = json_at(j, "Message");
	if (inner.n == 0)
		return j;
	in = json_read(inner);
	json_free(j);
	return in;
}

bool
ses_open(struct str text, struct ses **s, struct err *e)
{
	struct buf joined = { 0 };
	struct json *j = NULL;
	bool ok = false;

	*s = NULL;
	text = str_trim(text);
	if (!str_starts(text, STR("{")))
		return true;
	add_joined(&joined, text);
	if (!buf_ok(&joined, e))
		goto out;
	j = unwrap(json_read(buf_str(&joined)));
	ok = true;
	if (j == NULL || notice_of(j) == NULL)
		goto out;
	*s = malloc(sizeof **s);
	if (*s == NULL) {
		ok = err_memory(e);
		goto out;
	}
	**s = (struct ses){ j, notice_of(j) };
	j = NULL;
out:
	json_free(j);
	buf_release(&joined);
	return ok;
}

void
ses_close(struct ses *s)
{
	if (s == NULL)
		return;
	json_free(s->json);
	free(s);
}

/* A member of the recipient at place i; name NULL: the place itself. */
static struct str
member(const struct ses *s, unsigned i, const char *name)
{
	char path[PATH_MAX_BYTES];

	if (!number_print(path, sizeof path, "%s.%u%s%s", s->notice->list, i,
		name != NULL ? "." : "", name != NULL ? name : ""))
		return (struct str){ 0 };
	return json_at(s->json, path);
}

static struct str
address_at(const struct ses *s, unsigned i)
{
	return member(s, i, s->notice->plain ? NULL : "emailAddress");
}

static enum skip
complaint_skip(const struct ses *s)
{
	if (json_at(s->json, "complaint.complaintSubType").n > 0)
		return SKIP_NOT_A_COMPLAINT;
	/* SES names all recipients of the mail at that provider. */
	return address_at(s, 1).n > 0 ? SKIP_NO_RECIPIENT : SKIP_NONE;
}

/* "dsn; mx.example.com": who says it where no reply is quoted. */
static struct str
reporting_host(const struct ses *s)
{
	struct str mta = json_at(s->json, "bounce.reportingMTA");
	size_t semi = str_chr(mta, ';');

	return str_trim(semi < mta.n ? str_skip(mta, semi + 1) : mta);
}

bool
ses_event(const struct ses *s, unsigned i, struct event *ev)
{
	struct str address = address_at(s, i);
	enum skip skip = s->notice->skip;

	if (address.n == 0)
		return false;
	ev->kind = s->notice->kind;
	ev->format = STR("ses");
	ev->envid = json_at(s->json, "mail.messageId");
	ev->message_id = json_at(s->json, "mail.commonHeaders.messageId");
	ev->action = member(s, i, "action");
	ev->status = member(s, i, "status");
	ev->diag = member(s, i, "diagnosticCode");
	if (ev->diag.n == 0)
		ev->mta = reporting_host(s);
	ev->feedback = json_at(s->json, "complaint.complaintFeedbackType");
	if (ev->kind == KIND_MF)
		skip = complaint_skip(s);
	if (skip == SKIP_NO_RECIPIENT || skip == SKIP_NOT_A_COMPLAINT)
		ev->skip = skip;
	else if (recipient_take(ev, address) || skip != SKIP_NONE)
		ev->skip = skip;
	return true;
}
