/* row_whom.c - whom a row's verdict is about. */
#include "mail/row_whom.h"

#include <string.h>

#include "mail/fields.h"
#include "mail/recipient.h"

/* Columns that can name whom a complaint came from, best first. */
static const enum column COMPLAINANT[] = { COLUMN_RCPT, COLUMN_JMRP,
	COLUMN_ARF_RCPT_TO, COLUMN_ARF_RECIPIENT, COLUMN_ARF_REMOVAL };

static bool
has_any(const struct columns *c, const enum column *which, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (columns_has(c, which[i]))
			return true;
	return false;
}

bool
row_whom_can(const struct columns *c, enum kind k)
{
	static const enum column REPORTED[] = { COLUMN_RCPT, COLUMN_ORCPT,
		COLUMN_ORIG, COLUMN_REF };

	switch (k) {
	case KIND_TQ:
	case KIND_RS:
		return true;
	case KIND_RB:
		return has_any(c, REPORTED, COUNT(REPORTED));
	case KIND_F:
		return columns_has(c, COLUMN_REF) ||
		    has_any(c, COMPLAINANT, COUNT(COMPLAINANT));
	default:
		return columns_has(c, COLUMN_RCPT);
	}
}

static enum skip
skip_of(enum address_cause cause)
{
	switch (cause) {
	case ADDRESS_OK:
		return SKIP_NONE;
	case ADDRESS_EMPTY:
		return SKIP_NO_RECIPIENT;
	case ADDRESS_REDACTED:
		return SKIP_REDACTED;
	default:
		return SKIP_BAD_ADDRESS;
	}
}

/* A report's column may hold what a header does (map-header-to-field): <> with
 * a name, a comment. Of several addresses nobody knows which. */
static enum address_cause
told_key(struct str told, char *out, size_t cap)
{
	enum address_cause cause = address_key(told, out, cap);
	bool plain =
	    str_chr(told, '<') == told.n && str_chr(told, '(') == told.n;
	struct str one;

	if (cause == ADDRESS_OK || plain || !recipient_single(told, &one))
		return cause;
	return address_key(fields_address(one), out, cap);
}

static enum address_cause
orcpt_key(struct str orcpt, char *out, size_t cap)
{
	char text[2 * ADDRESS_MAX];
	struct str s = str_trim(orcpt);

	if (str_istarts(s, STR("rfc822;")) &&
	    recipient_xtext(s, text, sizeof text))
		s = str_from(text);
	return address_key(s, out, cap);
}

/* Whom we mailed, of a report that may tell a forwarder's target. */
static enum skip
reported_recipient(
    const struct whom *w, const struct facts *f, struct event *ev)
{
	char text[ADDRESS_MAX];
	enum address_cause told;
	enum address_cause cause;

	told = told_key(f->of[COLUMN_RCPT], ev->named, sizeof ev->named);
	cause = orcpt_key(f->of[COLUMN_ORCPT], ev->address, sizeof ev->address);
	ev->found = FOUND_NAMED;
	if (cause != ADDRESS_OK) {
		switch (address_verp(f->of[COLUMN_ORIG], w->verp_prefix,
		    str_from(ev->named), text, sizeof text)) {
		case VERP_OK:
			ev->found = FOUND_VERP;
			cause = address_key(
			    str_from(text), ev->address, sizeof ev->address);
			break;
		case VERP_AMBIGUOUS:
			return SKIP_VERP;
		case VERP_NONE:
			memcpy(ev->address, ev->named, sizeof ev->address);
			cause = told;
		}
	}
	if (strcmp(ev->address, ev->named) == 0)
		ev->named[0] = '\0';
	return skip_of(cause);
}

/* The first entry of a CSV list inside a CSV field. */
static bool
list_first(struct csv *csv, struct str list, struct str *first, struct err *e)
{
	const struct str *entries;
	struct err why = { 0 };
	size_t n;

	*first = list;
	if (list.n == 0)
		return true;
	if (!csv_row(csv, list, &entries, &n, &why))
		return why.code == EX_DATAERR || err_memory(e);
	for (size_t i = 0; i < n; i++)
		if (str_trim(entries[i]).n > 0) {
			*first = entries[i];
			break;
		}
	return true;
}

/* Who complains: the first column that gives an address, else a VERP orig. */
static bool
complainant(struct whom *w, const struct facts *f, struct event *ev,
    enum skip *why, struct err *e)
{
	char text[ADDRESS_MAX];
	enum address_cause first = ADDRESS_EMPTY;
	enum address_cause cause = ADDRESS_EMPTY;

	for (size_t i = 0; i < COUNT(COMPLAINANT); i++) {
		struct str s = f->of[COMPLAINANT[i]];

		if (COMPLAINANT[i] >= COLUMN_ARF_RCPT_TO &&
		    !list_first(w->list, s, &s, e))
			return false;
		cause = told_key(s, ev->address, sizeof ev->address);
		ev->found = FOUND_NAMED;
		if (cause == ADDRESS_OK)
			return true;
		if (first == ADDRESS_EMPTY)
			first = cause;
	}
	ev->found = FOUND_VERP;
	if (address_verp(f->of[COLUMN_ORIG], w->verp_prefix, STR(""), text,
		sizeof text) == VERP_OK)
		cause = address_key(
		    str_from(text), ev->address, sizeof ev->address);
	if (cause != ADDRESS_OK)
		*why = skip_of(first);
	return true;
}

/* The tokens that a report's row has. */
static void
find_claims(struct whom *w, const struct facts *f, int64_t at)
{
	/* What a header can be mapped to, by map-header-to-field. */
	static const enum column MAPPED[] = { COLUMN_REF, COLUMN_RCPT,
		COLUMN_ENVID, COLUMN_JOB };

	claims_begin(&w->claims);
	for (size_t i = 0; i < COUNT(MAPPED); i++)
		claims_header(&w->claims, f->of[MAPPED[i]], at);
	claims_address(&w->claims, f->of[COLUMN_ORIG], at);
}

bool
row_whom(struct whom *w, const struct facts *f, struct event *ev, struct err *e)
{
	enum skip why = SKIP_NONE;

	switch (ev->kind) {
	case KIND_TQ:
		return true;
	case KIND_F:
		if (!complainant(w, f, ev, &why, e))
			return false;
		break;
	case KIND_RB:
	case KIND_RS:
		why = reported_recipient(w, f, ev);
		break;
	default:
		ev->found = FOUND_NAMED;
		event_skip(ev,
		    skip_of(address_key(
			f->of[COLUMN_RCPT], ev->address, sizeof ev->address)));
		return true;
	}
	if (why != SKIP_NONE)
		ev->found = FOUND_NONE;
	find_claims(w, f, ev->time);
	if (!claims_fill(&w->claims, ev))
		event_skip(ev, why);
	return true;
}
