/* provider_key.c - one key for what a provider delivers to one mailbox. */
#include "mail/provider_key.h"

#include "base/number.h"
#include "mail/address.h"

enum habit { GMAIL, PLUS, PROTON, YAHOO, FASTMAIL };

/* What a provider passes over. Each says so on its help pages. */
static const struct {
	const char *ignored; /* characters of a name that do not count */
	char tag; /* begins what does not count */
	bool subdomains; /* any@user.DOMAIN is user@DOMAIN */
} HABITS[] = {
	[GMAIL] = { ".", '+', false },
	[PLUS] = { "", '+', false },
	[PROTON] = { ".-_", '+', false },
	[YAHOO] = { "", '-', false },
	[FASTMAIL] = { "", '+', true },
};

/* same_as: the domain that this one is another name of; NULL: none. */
static const struct domain {
	const char *name;
	enum habit habit;
	const char *same_as;
} DOMAINS[] = {
	{ "gmail.com", GMAIL, NULL },
	{ "googlemail.com", GMAIL, "gmail.com" },
	{ "outlook.com", PLUS, NULL },
	{ "hotmail.com", PLUS, NULL },
	{ "live.com", PLUS, NULL },
	{ "msn.com", PLUS, NULL },
	{ "outlook.at", PLUS, NULL },
	{ "outlook.be", PLUS, NULL },
	{ "outlook.com.au", PLUS, NULL },
	{ "outlook.com.br", PLUS, NULL },
	{ "outlook.de", PLUS, NULL },
	{ "outlook.dk", PLUS, NULL },
	{ "outlook.es", PLUS, NULL },
	{ "outlook.fr", PLUS, NULL },
	{ "outlook.it", PLUS, NULL },
	{ "outlook.jp", PLUS, NULL },
	{ "outlook.pt", PLUS, NULL },
	{ "hotmail.be", PLUS, NULL },
	{ "hotmail.co.jp", PLUS, NULL },
	{ "hotmail.co.uk", PLUS, NULL },
	{ "hotmail.com.br", PLUS, NULL },
	{ "hotmail.de", PLUS, NULL },
	{ "hotmail.es", PLUS, NULL },
	{ "hotmail.fr", PLUS, NULL },
	{ "hotmail.it", PLUS, NULL },
	{ "hotmail.nl", PLUS, NULL },
	{ "hotmail.se", PLUS, NULL },
	{ "live.be", PLUS, NULL },
	{ "live.ca", PLUS, NULL },
	{ "live.co.uk", PLUS, NULL },
	{ "live.com.au", PLUS, NULL },
	{ "live.com.mx", PLUS, NULL },
	{ "live.de", PLUS, NULL },
	{ "live.dk", PLUS, NULL },
	{ "live.fr", PLUS, NULL },
	{ "live.it", PLUS, NULL },
	{ "live.jp", PLUS, NULL },
	{ "live.nl", PLUS, NULL },
	{ "live.se", PLUS, NULL },
	{ "icloud.com", PLUS, NULL },
	{ "me.com", PLUS, NULL },
	{ "mac.com", PLUS, NULL },
	{ "fastmail.com", FASTMAIL, NULL },
	{ "fastmail.fm", FASTMAIL, NULL },
	{ "fastmail.net", FASTMAIL, NULL },
	{ "fastmail.org", FASTMAIL, NULL },
	{ "messagingengine.com", FASTMAIL, NULL },
	{ "proton.me", PROTON, NULL },
	{ "protonmail.com", PROTON, NULL },
	{ "protonmail.ch", PROTON, NULL },
	{ "pm.me", PROTON, NULL },
	{ "yahoo.com", YAHOO, NULL },
	{ "ymail.com", YAHOO, NULL },
	{ "rocketmail.com", YAHOO, NULL },
	{ "yahoo.ca", YAHOO, NULL },
	{ "yahoo.co.id", YAHOO, NULL },
	{ "yahoo.co.in", YAHOO, NULL },
	{ "yahoo.co.uk", YAHOO, NULL },
	{ "yahoo.com.ar", YAHOO, NULL },
	{ "yahoo.com.au", YAHOO, NULL },
	{ "yahoo.com.br", YAHOO, NULL },
	{ "yahoo.com.mx", YAHOO, NULL },
	{ "yahoo.de", YAHOO, NULL },
	{ "yahoo.es", YAHOO, NULL },
	{ "yahoo.fr", YAHOO, NULL },
	{ "yahoo.in", YAHOO, NULL },
	{ "yahoo.it", YAHOO, NULL },
};

static const struct domain *
domain_of(struct str name)
{
	for (size_t i = 0; i < COUNT(DOMAINS); i++)
		if (str_eq(name, str_from(DOMAINS[i].name)))
			return &DOMAINS[i];
	return NULL;
}

/* The user whose own domain, under one of the table, name is. */
static const struct domain *
users_domain(struct str name, struct str *user)
{
	size_t dot = str_chr(name, '.');
	const struct domain *d = domain_of(str_skip(name, dot + 1));

	*user = str_sub(name, 0, dot);
	return d != NULL && HABITS[d->habit].subdomains ? d : NULL;
}

/* The name without its tag and what does not count; "": nothing is left. */
static struct str
plain_name(enum habit h, struct str local, char *out)
{
	struct str ignored = str_from(HABITS[h].ignored);
	size_t n = 0;

	local.n = str_chr(local, HABITS[h].tag);
	for (size_t i = 0; i < local.n; i++)
		if (str_chr(ignored, local.p[i]) == ignored.n)
			out[n++] = local.p[i];
	return str_of(out, n);
}

bool
address_provider_key(struct str key, char *out, size_t cap)
{
	size_t at = str_rchr(key, '@');
	struct str local = str_sub(key, 0, at);
	struct str domain = str_skip(key, at + 1);
	const struct domain *d = domain_of(domain);
	char name[ADDRESS_MAX];

	/* What needs quotes is nobody's there. */
	if (local.n == 0 || local.n >= sizeof name || local.p[0] == '"')
		return str_copy(key, out, cap);
	if (d == NULL)
		d = users_domain(domain, &local);
	if (d == NULL)
		return str_copy(key, out, cap);
	local = plain_name(d->habit, local, name);
	if (local.n == 0)
		return str_copy(key, out, cap);
	domain = str_from(d->same_as != NULL ? d->same_as : d->name);
	return number_print(
	    out, cap, "%.*s@%.*s", STR_ARG(local), STR_ARG(domain));
}
