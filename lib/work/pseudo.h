/* pseudo.h - pseudonyms: the same word gets the same one, and nobody without
 * the key can tell whose it is. */
#ifndef WORK_PSEUDO_H
#define WORK_PSEUDO_H

#include "base/buf.h"
#include "verdict/provider.h"

struct pseudo {
	char key[65];          /* any text; who has it can guess names */
	struct str verp_prefix; /* stays in front of a VERP address */
	const struct providers *providers; /* their domains and hosts stay */
};

/* A random key. */
bool pseudo_init(struct pseudo *p, struct err *e);

/*
 * Each appends the pseudonym of s. Letters stay letters, digits digits, so
 * that what reads them sees the same kind of thing.
 *   local    each run between . - + = _ by itself, so that a VERP address
 *            and the recipient it was made of agree
 *   domain   what provider.conf names stays; else dNNN.example, a label of
 *            hNNN for each one below
 *   address  both, also "<a@b>", "rfc822;a@b", VERP, an IP literal
 *   ip       of 10.0.0.0/8 or fd00::/8
 *   id       of the same shape
 *   name     a letter and a number
 */
void pseudo_local(const struct pseudo *p, struct str s, struct buf *out);
void pseudo_domain(const struct pseudo *p, struct str s, struct buf *out);
void pseudo_address(const struct pseudo *p, struct str s, struct buf *out);
void pseudo_ip(const struct pseudo *p, struct str s, struct buf *out);
void pseudo_id(const struct pseudo *p, struct str s, struct buf *out);
void pseudo_name(const struct pseudo *p, char letter, struct str s,
    struct buf *out);

/* Whether s is an IPv4 or IPv6 address. */
bool pseudo_is_ip(struct str s);

#endif
