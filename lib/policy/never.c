/* never.c - addresses that the policy never lists. */
#include "policy/never.h"

#include <string.h>

#include "mail/like.h"
#include "wrap/hash.h"

static struct str
item_text(const struct never *n, const struct never_item *item)
{
	return str_from(n->text + item->text);
}

static struct str
domain_of(struct str key)
{
	return str_skip(key, str_rchr(key, '@'));
}

/* ---- the table: exact texts, and the domains of exact addresses ---- */

static size_t
slot_of(struct str key)
{
	return (size_t)(hash64(key) & (NEVER_SLOTS - 1));
}

/* An item whose text is key; with in_domain one whose domain it is. */
static const struct never_item *
table_find(const struct never *n, struct str key, bool in_domain)
{
	for (size_t i = slot_of(key); n->slots[i] != 0;
	    i = (i + 1) & (NEVER_SLOTS - 1)) {
		const struct never_item *item = &n->items[n->slots[i] - 1];
		struct str text = item_text(n, item);

		if (str_eq(in_domain ? domain_of(text) : text, key))
			return item;
	}
	return NULL;
}

static void
table_add(struct never *n, struct str key, uint16_t item)
{
	size_t i = slot_of(key);

	while (n->slots[i] != 0)
		i = (i + 1) & (NEVER_SLOTS - 1);
	n->slots[i] = (uint16_t)(item + 1);
}

/* ---- taking patterns ---- */

/* The pattern as it is matched, into out (ADDRESS_MAX bytes). */
static const char *
pattern_key(struct str p, bool wild, char *out)
{
	enum address_cause cause;
	char text[ADDRESS_MAX];
	size_t at = 0;

	if (!wild) {
		cause = p.n > 0 && p.p[0] == '@'
		    ? address_domain_key(str_skip(p, 1), out, ADDRESS_MAX)
		    : address_key(p, out, ADDRESS_MAX);
		return cause == ADDRESS_OK ? NULL
		    : "this is no address; write name@domain, @domain or a "
		      "pattern with * or ?";
	}
	if (p.n + 2 > ADDRESS_MAX)
		return "the pattern is longer than an address; shorten it";
	/* "@*.example.com" is about whole domains. */
	if (p.p[0] == '@')
		text[at++] = '*';
	memcpy(text + at, p.p, p.n);
	return like_key(str_of(text, at + p.n), out) ? NULL
	    : "a domain beyond ASCII stands as A-labels, so nothing is like "
	      "this; write xn--...";
}

static uint16_t
keep(struct never *n, struct str s)
{
	uint16_t at = n->text_n;

	if (s.n > 0)
		memcpy(n->text + at, s.p, s.n);
	n->text[at + s.n] = '\0';
	n->text_n = (uint16_t)(at + s.n + 1);
	return at;
}

const char *
never_add(struct never *n, struct str label, struct str pattern)
{
	struct never_item item = { .wild = like_is_wild(pattern) };
	char key[ADDRESS_MAX];
	const char *wrong = pattern_key(pattern, item.wild, key);
	struct str text;

	if (wrong != NULL)
		return wrong;
	text = str_from(key);
	if (n->n == NEVER_MAX ||
	    n->text_n + label.n + text.n + 2 > NEVER_TEXT)
		return "too many; name whole domains (@domain) or patterns";
	item.label = keep(n, label);
	item.text = keep(n, text);
	n->items[n->n] = item;
	if (!item.wild) {
		table_add(n, str_from(n->text + item.text), n->n);
		if (key[0] != '@')
			table_add(n, domain_of(text), n->n);
	}
	n->n++;
	return NULL;
}

/* ---- asking ---- */

/* "@*" would hold every domain there is: who wrote postmaster@* did not mean
 * that no domain is ever listed. */
static bool
is_in_domain(struct str pattern, struct str domain)
{
	struct str part = domain_of(pattern);

	for (size_t i = 1; i < part.n; i++)
		if (part.p[i] != '*' && part.p[i] != '?' && part.p[i] != '.')
			return str_like(domain, part);
	return false;
}

static const struct never_item *
find_wild(const struct never *n, struct str key)
{
	for (size_t i = 0; i < n->n; i++) {
		struct str text = item_text(n, &n->items[i]);

		if (n->items[i].wild && (str_like(key, text) ||
		    (key.p[0] == '@' && is_in_domain(text, key))))
			return &n->items[i];
	}
	return NULL;
}

bool
never_find(const struct never *n, struct str key, struct never_hit *hit)
{
	const struct never_item *item;

	if (n->n == 0 || key.n == 0)
		return false;
	item = table_find(n, key, key.p[0] == '@');
	if (item == NULL && key.p[0] != '@')
		item = table_find(n, domain_of(key), false);
	if (item == NULL)
		item = find_wild(n, key);
	if (item == NULL)
		return false;
	*hit = (struct never_hit){ str_from(n->text + item->label),
		item_text(n, item) };
	return true;
}
