/* profiles.c - the layouts of others' suppression lists: one row each. */
#include "profiles.h"

#include <string.h>

#include "base/buf.h"
#include "base/near.h"
#include "base/quote.h"
#include "policy/policy.h"

/*
 * A new layout is a new row, and a file in tests/cli/export_profiles.t. Where
 * `verified` is false the source names the list and how to load it, but not
 * every column: look at their sample file first.
 */
static const struct profile PROFILES[] = {
	{ .name = "generic",
	    .tells = "every column that there is",
	    .source = "RFC 4180",
	    .note = "streams, domains and, with a cursor, removals",
	    .verified = true,
	    .traits = PROFILE_HEADER | PROFILE_ALL | PROFILE_CHANGES |
		PROFILE_DOMAINS | PROFILE_HASH | PROFILE_CRLF,
	    .columns = { { CELL_ACTION, "action" },
		{ CELL_ADDRESS, "address" }, { CELL_SCOPE, "scope" },
		{ CELL_CLASS, "class" }, { CELL_REASON, "reason" },
		{ CELL_SOURCE, "source" }, { CELL_SINCE, "since" },
		{ CELL_LAST_SEEN, "last_seen" }, { CELL_UNTIL, "until" },
		{ CELL_PROVIDER, "provider" }, { CELL_CODE, "code" },
		{ CELL_STATUS, "status" }, { CELL_DIAGNOSTIC, "diagnostic" },
		{ CELL_CHANGE, "change" },
		{ CELL_BELOW, "subdomains" } } },
	{ .name = "lines",
	    .tells = "an address a line",
	    .source = "plain text",
	    .note = "",
	    .verified = true,
	    .traits = PROFILE_PLAIN | PROFILE_HASH,
	    .columns = { { CELL_ADDRESS, "email" } } },
	{ .name = "powermta",
	    .tells = "an address-file of PowerMTA's <address-list>",
	    .source = "PowerMTA 5.0 User's Guide, 3.3.5 and 10.16",
	    .note = "a line without @ would match at every domain: none is "
		    "written; domains are 'domain NAME' in the list itself",
	    .verified = true,
	    .traits = PROFILE_PLAIN | PROFILE_WHOLE | PROFILE_ATOMS,
	    .reload = { "pmta", "reload", NULL },
	    .columns = { { CELL_ADDRESS, "email" } } },
	{ .name = "mailwizz",
	    .tells = "MailWizz: blacklist, suppression lists",
	    .source = "https://www.mailwizz.com/kb/",
	    .note = "their sample file has the column email",
	    .traits = PROFILE_HEADER,
	    .columns = { { CELL_ADDRESS, "email" } },
	    .also = { { CELL_REASON, "reason" } } },
	{ .name = "interspire",
	    .tells = "Interspire Email Marketer: Email Suppression List",
	    .source = "https://www.interspire.com/docs/ug/"
		      "email-or-domain-suppression/",
	    .note = "Contacts, Email Suppression List, from a file",
	    .traits = PROFILE_PLAIN,
	    .columns = { { CELL_ADDRESS, "email" } } },
	{ .name = "mumara",
	    .tells = "Mumara Campaigns and ONE: Email Suppression",
	    .source = "https://mumara.com/campaigns/features/"
		      "suppression-management/",
	    .note = "up to 100 MB a file; hashed addresses are taken, too",
	    .traits = PROFILE_HEADER | PROFILE_HASH,
	    .columns = { { CELL_ADDRESS, "email" } } },
	/* Their importer wants a header with email; name falls back to the
	 * local part, and a row may not be shorter than the header. */
	{ .name = "listmonk",
	    .tells = "listmonk: import in mode blocklist",
	    .source = "https://listmonk.app/docs/apis/import/",
	    .note = "the mode must be blocklist, not subscribe",
	    .verified = true,
	    .traits = PROFILE_HEADER,
	    .columns = { { CELL_ADDRESS, "email" } } },
	{ .name = "mautic",
	    .tells = "Mautic: import of contacts",
	    .source = "https://docs.mautic.org/en/contacts/import-contacts",
	    .note = "map doNotEmail to Do Not Contact; makes contacts that "
		    "are not there yet",
	    .verified = true,
	    .traits = PROFILE_HEADER,
	    .columns = { { CELL_ADDRESS, "email" },
		{ CELL_TRUE, "doNotEmail" } } },
	{ .name = "phplist",
	    .tells = "phpList: Manage suppression list",
	    .source = "https://github.com/phpList/phplist3/blob/main/"
		      "public_html/lists/admin/suppressionlist.php",
	    .note = "an address a line, to paste; make it permanent there",
	    .verified = true,
	    .traits = PROFILE_PLAIN,
	    .columns = { { CELL_ADDRESS, "email" } } },
	/* Two reasons only: who does not want mail is as one who complained. */
	{ .name = "ses",
	    .tells = "Amazon SES: account-level suppression list",
	    .source = "https://docs.aws.amazon.com/ses/latest/dg/"
		      "sending-email-suppression-list.html",
	    .note = "aws sesv2 create-import-job, 100,000 a job; --json too",
	    .verified = true,
	    .json = { "", "", 1, false },
	    .columns = { { CELL_ADDRESS, "emailAddress" },
		{ CELL_WORD, "reason" } },
	    .also = { { CELL_ADDRESS, "EmailAddress" },
		{ CELL_WORD, "Reason" }, { CELL_SINCE, "LastUpdateTime" } },
	    .words = { { "BOUNCE", CLASS_GONE_MAILBOX },
		{ "COMPLAINT", CLASS_FBL_ABUSE },
		{ "COMPLAINT", CLASS_FBL_OPTOUT },
		{ "BOUNCE", CLASS_MANUAL } } },
	{ .name = "sendgrid",
	    .tells = "SendGrid: global unsubscribes",
	    .source = "https://www.twilio.com/docs/sendgrid/api-reference/"
		      "suppressions-global-suppressions/"
		      "add-recipient-addresses-to-the-global-suppression-group",
	    .note = "--json is documented: bodies of 1,000 for "
		    "/v3/asm/suppressions/global; the CSV of their pages is "
		    "not",
	    .traits = PROFILE_HEADER,
	    .json = { "{\"recipient_emails\":[", "]}", 1000, true },
	    .columns = { { CELL_ADDRESS, "email" } },
	    .also = { { CELL_SINCE, "created" }, { CELL_REASON, "reason" } } },
	{ .name = "mailgun",
	    .tells = "Mailgun: bounces",
	    .source = "https://documentation.mailgun.com/docs/mailgun/"
		      "api-reference/send/mailgun/bounces",
	    .note = "up to 25 MB a file; complaints and unsubscribes are "
		    "lists of their own",
	    .verified = true,
	    .traits = PROFILE_HEADER | PROFILE_MAIL_TIME,
	    .kinds = KIND_BOUNCE,
	    .json = { "[", "]", 1000, false },
	    .columns = { { CELL_ADDRESS, "address" }, { CELL_CODE, "code" },
		{ CELL_DIAGNOSTIC, "error" }, { CELL_SINCE, "created_at" } },
	    .words = { { "", CLASS_GONE_MAILBOX } } },
	{ .name = "mailgun-complaints",
	    .tells = "Mailgun: complaints",
	    .source = "https://documentation.mailgun.com/docs/mailgun/"
		      "api-reference/send/mailgun/complaints",
	    .note = "up to 25 MB a file",
	    .verified = true,
	    .traits = PROFILE_HEADER | PROFILE_MAIL_TIME,
	    .kinds = KIND_COMPLAINT,
	    .json = { "[", "]", 1000, false },
	    .columns = { { CELL_ADDRESS, "address" },
		{ CELL_SINCE, "created_at" } },
	    .words = { { "", CLASS_FBL_ABUSE } } },
	{ .name = "mailgun-unsubscribes",
	    .tells = "Mailgun: unsubscribes, those by hand too",
	    .source = "https://documentation.mailgun.com/docs/mailgun/"
		      "api-reference/send/mailgun/unsubscribe",
	    .note = "without tags: from all mail of the domain",
	    .verified = true,
	    .traits = PROFILE_HEADER | PROFILE_MAIL_TIME,
	    .kinds = KIND_OPTOUT | KIND_MANUAL,
	    .columns = { { CELL_ADDRESS, "address" },
		{ CELL_SINCE, "created_at" } },
	    .words = { { "", CLASS_FBL_OPTOUT } } },
	{ .name = "postmark",
	    .tells = "Postmark: suppressions of a message stream",
	    .source = "https://postmarkapp.com/developer/api/suppressions-api",
	    .note = "bodies of 50, one a line, for "
		    "/message-streams/ID/suppressions",
	    .verified = true,
	    .traits = PROFILE_ONLY_JSON,
	    .json = { "{\"Suppressions\":[", "]}", 50, false },
	    .columns = { { CELL_ADDRESS, "EmailAddress" } },
	    .also = { { CELL_WORD, "SuppressionReason" },
		{ CELL_SINCE, "CreatedAt" } },
	    .words = { { "HardBounce", CLASS_GONE_MAILBOX },
		{ "SpamComplaint", CLASS_FBL_ABUSE },
		{ "ManualSuppression", CLASS_MANUAL } } },
	/* Who cannot get mail gets none of either type; who does not want any
	 * may still be sent a receipt. */
	{ .name = "sparkpost",
	    .tells = "SparkPost (Bird): suppression list",
	    .source = "https://developers.sparkpost.com/api/suppression-list",
	    .note = "CSV as their page's template; --json: bodies of 10,000 "
		    "for PUT /suppression-list",
	    .verified = true,
	    .traits = PROFILE_HEADER,
	    .json = { "{\"recipients\":[", "]}", 10000, false },
	    .columns = { { CELL_ADDRESS, "recipient" }, { CELL_WORD, "type" },
		{ CELL_CLASS, "description" } },
	    .also = { { CELL_SINCE, "created" } },
	    .words = { { "transactional|non_transactional",
			   CLASS_GONE_MAILBOX },
		{ "non_transactional", CLASS_FBL_ABUSE },
		{ "non_transactional", CLASS_FBL_OPTOUT },
		{ "transactional|non_transactional", CLASS_MANUAL },
		{ "transactional", CLASS_GONE_MAILBOX } } },
	{ .name = "telnyx",
	    .tells = "Telnyx: email suppressions",
	    .source = "https://developers.telnyx.com/docs/messaging/email/"
		      "suppressions",
	    .note = "their generic CSV, an address and their reason: the "
		    "names of its columns are not documented; 250,000 rows a "
		    "file",
	    .traits = PROFILE_HEADER,
	    .columns = { { CELL_ADDRESS, "email" }, { CELL_WORD, "reason" } },
	    .also = { { CELL_ADDRESS, "to" }, { CELL_SINCE, "created_at" },
		{ CELL_UNTIL, "expires_at" } },
	    .words = { { "hard_bounce", CLASS_GONE_MAILBOX },
		{ "spam_complaint", CLASS_FBL_ABUSE },
		{ "unsubscribe", CLASS_FBL_OPTOUT },
		{ "manual_block", CLASS_MANUAL },
		{ "invalid", CLASS_GONE_SYNTAX } } },
	{ .name = "cloudflare",
	    .tells = "Cloudflare Email Service: suppressions",
	    .source = "https://developers.cloudflare.com/email-service/"
		      "configuration/suppressions/",
	    .note = "choose Never as the default expiration; --json: bodies "
		    "of 1,000 for /email/sending/suppressions/bulk",
	    .verified = true,
	    .traits = PROFILE_TRIM,
	    .json = { "{\"items\":[", "]}", 1000, false },
	    .columns = { { CELL_ADDRESS, "email" },
		{ CELL_UNTIL, "expires_at" } },
	    .also = { { CELL_WORD, "reason" }, { CELL_SINCE, "created_at" } },
	    .words = { { "hard_bounce", CLASS_GONE_MAILBOX },
		{ "complaint", CLASS_FBL_ABUSE }, { "manual", CLASS_MANUAL },
		{ "soft_bounce", CLASS_FULL_MAILBOX },
		{ "policy", CLASS_MANUAL } } },
};

const struct profile *
profile_table(size_t *n)
{
	*n = COUNT(PROFILES);
	return PROFILES;
}

const struct profile *
profile_find(const char *name)
{
	for (size_t i = 0; i < COUNT(PROFILES); i++)
		if (strcmp(PROFILES[i].name, name) == 0)
			return &PROFILES[i];
	return NULL;
}

const struct profile *
profile_or(const char *command, const char *name, struct err *e)
{
	const struct profile *p = profile_find(name);
	struct near near = near_to(name);
	char quoted[64], meant[NEAR_TEXT];

	if (p != NULL)
		return p;
	for (size_t i = 0; i < COUNT(PROFILES); i++)
		near_try(&near, PROFILES[i].name);
	err_set(e, EX_USAGE,
	    "%s: --profile: '%s' is none%s; see 'pmta-suppress help profiles'",
	    command, str_quote(str_from(name), quoted, sizeof quoted),
	    near_text(&near, meant));
	return NULL;
}

static enum profile_kind
kind_of_entry(enum class c)
{
	switch (policy_ladder(c)) {
	case LADDER_COMPLAINT:
		return KIND_COMPLAINT;
	case LADDER_OPTOUT:
		return KIND_OPTOUT;
	case LADDER_NONE:
		return KIND_MANUAL;
	case LADDER_GONE:
	case LADDER_INACTIVE:
	case LADDER_DOMAIN:
	case LADDER_FULL:
	case LADDER_REFUSED:
		break;
	}
	return KIND_BOUNCE;
}

bool
profile_takes(const struct profile *p, enum class c)
{
	return p->kinds == 0 || (p->kinds & kind_of_entry(c)) != 0;
}

bool
profile_has(const struct profile *p, enum profile_cell cell)
{
	for (size_t i = 0; p->columns[i].cell != CELL_NONE; i++)
		if (p->columns[i].cell == cell)
			return true;
	return false;
}

const char *
profile_word_of(const struct profile *p, enum class c)
{
	for (size_t i = 0; i < PROFILE_WORDS && p->words[i].word != NULL; i++)
		if (p->words[i].class == c)
			return p->words[i].word;
	for (size_t i = 0; i < PROFILE_WORDS && p->words[i].word != NULL; i++)
		if (kind_of_entry(p->words[i].class) == kind_of_entry(c))
			return p->words[i].word;
	return "";
}

int
profile_rank(const struct profile *p, enum class c)
{
	const char *word = profile_word_of(p, c);

	if (strchr(word, '|') != NULL)
		return policy_rank(CLASS_MANUAL) + policy_rank(c);
	if (c == CLASS_MANUAL && word[0] != '\0' &&
	    strcmp(word, profile_word_of(p, CLASS_GONE_MAILBOX)) == 0)
		return -1;
	return policy_rank(c);
}

bool
profile_class_of(const struct profile *p, struct str word, enum class *c)
{
	for (size_t i = 0; i < PROFILE_WORDS && p->words[i].word != NULL; i++)
		if (str_ieq(word, str_from(p->words[i].word))) {
			*c = p->words[i].class;
			return true;
		}
	return false;
}

bool
profile_print(FILE *f, struct err *e)
{
	struct buf b = { 0 };

	for (size_t i = 0; i < COUNT(PROFILES); i++) {
		const struct profile *p = &PROFILES[i];

		buf_addf(&b, "%s: %s\n  columns:", p->name, p->tells);
		for (size_t k = 0; p->columns[k].cell != CELL_NONE; k++)
			buf_addf(&b, " %s", p->columns[k].name);
		buf_addf(&b, "\n  layout: %s%s\n", p->source,
		    p->verified ? "" : " (not given there in full)");
		if (p->note[0] != '\0')
			buf_addf(&b, "  note: %s\n", p->note);
	}
	if (buf_ok(&b, e))
		fwrite(b.p, 1, b.n, f);
	buf_release(&b);
	return e->code == 0;
}
