/* spelled.h - the ways in which an address may stand in a text. */
#ifndef MAIL_SPELLED_H
#define MAIL_SPELLED_H

#include "mail/address.h"

/* The key and its VERP form, each with A-labels and with U-labels; folded, one
 * a line (no address holds a line's end). */
struct spelled {
	char lines[4 * ADDRESS_MAX];
	size_t n;
};

/* key: of an address, as address_key() gives it. */
void spelled_init(struct spelled *s, struct str key);
/* Whether the folded text (glib_fold()) holds it, and not as a part of a
 * longer address. A VERP form may stand behind any '-' or '+'. */
bool spelled_in(const struct spelled *s, struct str folded);

#endif
