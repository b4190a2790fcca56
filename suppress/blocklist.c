/* blocklist.c - who runs the blocklist that a reply speaks of. */
#include "blocklist.h"

/* What the lists' own host names and texts have, and the name that people
 * know them by. */
static const struct list_name {
	const char *part, *name;
} LISTS[] = {
	{ "spamhaus", "Spamhaus" },
	{ "barracudacentral", "Barracuda (BRBL)" },
	{ "spamcop", "SpamCop" },
	{ "sorbs", "SORBS" },
	{ "uceprotect", "UCEPROTECT" },
	{ "invaluement", "Invaluement (ivmSIP)" },
	{ "cloudmark", "Cloudmark (CSI)" },
	{ "csi-prs", "Cloudmark (CSI)" },
	{ "ipcheck.proofpoint", "Proofpoint (PDR)" },
	{ "abusix", "Abusix" },
	{ "spamrats", "SpamRATS" },
	{ "hostkarma", "Hostkarma (Junk Email Filter)" },
	{ "truncate.gbudb", "Truncate (GBUdb)" },
	{ "mailspike", "Mailspike" },
	{ "surbl", "SURBL" },
	{ "uribl", "URIBL" },
	{ "senderscore", "Validity (Sender Score)" },
	{ "(s3140)", "Microsoft's own" },
	{ "(s3150)", "Microsoft's own" },
};

const char *
blocklist_of(struct str reply)
{
	for (size_t i = 0; i < COUNT(LISTS); i++)
		if (str_ifind(reply, str_from(LISTS[i].part)) < reply.n)
			return LISTS[i].name;
	return NULL;
}
