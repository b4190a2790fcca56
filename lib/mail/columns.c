/* columns.c - which fact each column of an accounting row holds. */
#include "mail/columns.h"

/* PowerMTA's names first, then other spellings that were seen. Case does not
 * matter. A site's own header columns stand for ours where PowerMTA writes
 * none: the first that is not empty counts. */
static const struct name {
	const char *text;
	enum column column;
} NAMES[] = {
	{ "type", COLUMN_TYPE },
	{ "timeLogged", COLUMN_TIME },
	{ "timeQueued", COLUMN_QUEUED },
	{ "orig", COLUMN_ORIG },
	{ "rcpt", COLUMN_RCPT },
	{ "orcpt", COLUMN_ORCPT },
	{ "dsnAction", COLUMN_ACTION },
	{ "dsnStatus", COLUMN_STATUS },
	{ "dsnDiag", COLUMN_DIAG },
	{ "dsnMta", COLUMN_MTA },
	{ "bounceCat", COLUMN_CAT },
	{ "dlvType", COLUMN_DLV_TYPE },
	{ "dlvSourceIp", COLUMN_SOURCE_IP },
	{ "vmta", COLUMN_VMTA },
	{ "vmtaPool", COLUMN_POOL },
	{ "jobId", COLUMN_JOB },
	{ "envId", COLUMN_ENVID },
	{ "queue", COLUMN_QUEUE },
	{ "feedbackType", COLUMN_FEEDBACK },
	{ "format", COLUMN_FORMAT },
	{ "header_Message-ID", COLUMN_MESSAGE_ID },
	{ "header_X-HmXmrOriginalRecipient", COLUMN_JMRP },
	{ "header_X-Suppress-Ref", COLUMN_REF },
	{ "arf_Original-Rcpt-To", COLUMN_ARF_RCPT_TO },
	{ "arf_Original-Recipient", COLUMN_ARF_RECIPIENT },
	{ "arf_Removal-Recipient", COLUMN_ARF_REMOVAL },

	{ "etype", COLUMN_TYPE },
	{ "recipient", COLUMN_RCPT },
	{ "mailFrom", COLUMN_ORIG },
	{ "bounceCategory", COLUMN_CAT },
	{ "vmtaName", COLUMN_VMTA },
	{ "vmtaPoolName", COLUMN_POOL },
	{ "destDomain", COLUMN_QUEUE },
	{ "header_X-Job", COLUMN_JOB },
	{ "header_X-EnvId", COLUMN_ENVID },
	{ "arf_Original-Envelope-Id", COLUMN_ENVID },
	{ "arf_Feedback-Type", COLUMN_FEEDBACK },
	{ "arf_Source-IP", COLUMN_SOURCE_IP },
};

enum column
columns_find(struct str name)
{
	name = str_trim(name);
	for (size_t i = 0; i < COUNT(NAMES); i++)
		if (str_ieq(name, str_from(NAMES[i].text)))
			return NAMES[i].column;
	return COLUMN_NONE;
}

/* "header_REF", where the settings call it something else. */
static bool
is_ref(struct str name, struct str ref)
{
	static const struct str HEAD = { "header_", 7 };

	name = str_trim(name);
	return ref.n > 0 && str_istarts(name, HEAD) &&
	    str_ieq(str_skip(name, HEAD.n), ref);
}

size_t
columns_index(const struct str *names, size_t n, struct str name)
{
	for (size_t i = 0; name.n > 0 && i < n; i++)
		if (str_ieq(str_trim(names[i]), name))
			return i;
	return COLUMNS_MAX;
}

bool
columns_take(struct columns *c, const struct str *names, size_t n,
    struct str ref)
{
	*c = (struct columns){ 0 };
	if (n > COLUMNS_MAX)
		return false;
	for (size_t i = 0; i < n; i++) {
		enum column which = is_ref(names[i], ref)
		    ? COLUMN_REF
		    : columns_find(names[i]);

		c->of[i] = (uint8_t)which;
		c->present |= UINT32_C(1) << which;
	}
	c->n = n;
	c->last_is_empty = n > 0 && str_trim(names[n - 1]).n == 0;
	return columns_has(c, COLUMN_TYPE);
}

bool
columns_has(const struct columns *c, enum column which)
{
	return (c->present >> which & 1) != 0;
}

bool
columns_fit(const struct columns *c, size_t n, bool last_is_empty)
{
	return n == c->n || (n == c->n + 1 && last_is_empty) ||
	    (n + 1 == c->n && c->last_is_empty);
}
