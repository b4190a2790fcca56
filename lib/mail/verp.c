/* verp.c - the recipient that PowerMTA's VERP writes into an originator. */
#include "mail/address.h"

#include <string.h>

#include "mail/sign.h"

/* "LOCAL-RCPTLOCAL" and "RCPTDOMAIN" of an orig. */
struct parts {
	struct str left, domain;
};

/* Other schemes with a '=' in the local part: SRS, BATV, and our own tokens,
 * which only their tag makes tell anybody. */
static bool
is_foreign(struct str local)
{
	return str_istarts(local, STR("SRS0")) ||
	    str_istarts(local, STR("SRS1")) ||
	    str_istarts(local, STR("prvs=")) ||
	    str_istarts(local, STR("btv1=")) || sign_is_in(local);
}

static bool
take_parts(struct str orig, struct parts *p)
{
	char key[ADDRESS_MAX];
	size_t equals;

	orig = str_trim(orig);
	if (orig.n >= 2 && orig.p[0] == '<' && orig.p[orig.n - 1] == '>')
		orig = str_sub(orig, 1, orig.n - 2);
	orig = str_sub(orig, 0, str_rchr(orig, '@'));
	equals = str_rchr(orig, '=');
	if (equals == orig.n || is_foreign(orig))
		return false;
	p->left = str_sub(orig, 0, equals);
	p->domain = str_skip(orig, equals + 1);
	return address_domain_key(p->domain, key, sizeof key) == ADDRESS_OK;
}

/* Whether hint is the recipient when left ends in its local part. */
static bool
takes_hint(const struct parts *p, struct str hint, struct str *rcpt)
{
	size_t at = str_rchr(hint, '@');
	struct str local = str_sub(hint, 0, at);
	size_t from;

	if (at == hint.n || local.n == 0 || local.n + 1 >= p->left.n ||
	    !str_ieq(address_domain(hint), p->domain) ||
	    !str_iends(p->left, local))
		return false;
	from = p->left.n - local.n;
	*rcpt = str_skip(p->left, from);
	return p->left.p[from - 1] == '-';
}

/* Where RCPTLOCAL begins in left. */
static enum verp
split(
    const struct parts *p, struct str prefix, struct str hint, struct str *rcpt)
{
	size_t dash = str_chr(p->left, '-');

	if (prefix.n > 0) {
		if (p->left.n < prefix.n + 2 || !str_istarts(p->left, prefix) ||
		    p->left.p[prefix.n] != '-')
			return VERP_NONE;
		*rcpt = str_skip(p->left, prefix.n + 1);
		return VERP_OK;
	}
	if (dash == p->left.n)
		return VERP_NONE;
	if (takes_hint(p, hint, rcpt))
		return VERP_OK;
	if (dash != str_rchr(p->left, '-'))
		return VERP_AMBIGUOUS;
	*rcpt = str_skip(p->left, dash + 1);
	return dash > 0 && rcpt->n > 0 ? VERP_OK : VERP_NONE;
}

enum verp
address_verp(
    struct str orig, struct str prefix, struct str hint, char *out, size_t cap)
{
	struct parts p;
	struct str rcpt;
	enum verp v;

	if (cap > 0)
		out[0] = '\0';
	if (!take_parts(orig, &p))
		return VERP_NONE;
	v = split(&p, prefix, hint, &rcpt);
	if (v != VERP_OK)
		return v;
	if (rcpt.n + 1 + p.domain.n >= cap)
		return VERP_NONE;
	memcpy(out, rcpt.p, rcpt.n);
	out[rcpt.n] = '@';
	memcpy(out + rcpt.n + 1, p.domain.p, p.domain.n);
	out[rcpt.n + 1 + p.domain.n] = '\0';
	return VERP_OK;
}
