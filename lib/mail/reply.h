/* reply.h - an SMTP reply: its codes, and its text with the variable parts
 * replaced, so that like failures have one name. */
#ifndef MAIL_REPLY_H
#define MAIL_REPLY_H

#include <stdint.h>

#include "base/buf.h"
#include "base/str.h"

#define REPLY_TEXT_MAX 2048 /* bytes of a reply that are looked at */

/* An enhanced status code (RFC 3463); all zero: none. */
struct reply_status {
	uint16_t class, subject, detail; /* 5, 1, 10: "5.1.10" */
};

struct reply_codes {
	unsigned code;              /* 250 to 599, 0: none */
	struct reply_status status; /* as the reply itself says it */
};

/*
 * Cuts a diagnostic's type off: "smtp" of "smtp;550 ...", "x-pmta" of
 * "x-pmta;deleted by administrator", "" when there is none. *text is the rest
 * without white space around it.
 */
struct str reply_type(struct str diag, struct str *text);

/*
 * Code and status at the start of a reply's text ("550 5.1.1 ...",
 * "550-5.1.1 ...", "550 #5.1.0", "5.1.1 ...", "smtp;550 ..."), never from
 * deeper inside it: a code in a URL or a quoted body is none. The multi-line
 * form repeats the code; only the first is taken.
 */
void reply_codes(struct str text, struct reply_codes *out);

/* "5.1.1", also "5.1.1 (bad destination mailbox address)"; false: none. */
bool reply_status_of(struct str s, struct reply_status *out);
/* Status as a number, 5.1.10 = 5001010, and back; 0 for none. */
int64_t reply_status_number(struct reply_status s);
struct reply_status reply_status_from(int64_t number);
/* "5.1.1", or "" for none; out is at least 16 bytes. Returns out. */
const char *reply_status_text(struct reply_status s, char *out);

/* What is ours and whom we wrote to; anything may be empty. */
struct reply_context {
	struct str rcpt;       /* address as the row gives it */
	struct str self_ip;    /* dlvSourceIp */
	struct str self_addr;  /* orig, the envelope sender */
	struct str self_domain; /* domain of orig; of no account where it is
	                         * the recipient's, above or below it */
	struct str self_host;  /* our host's or vmta's name, if it has a dot */
};

/*
 * Appends the folded form of text (at most REPLY_TEXT_MAX bytes of it, and no
 * more come out): runs of white space and control bytes become one space, the
 * repeated "550-5.1.1 " of a multi-line reply goes ("550-" of its first line
 * becomes "550 "), bytes that are no UTF-8 become '?', and
 *   <rcpt> the recipient, with or without <>; also its local part alone when
 *          that has 4 bytes or more (one of letters only may be a plain word,
 *          "blocked@": it must stand in quotes, behind < or before "...")
 *   <addr> any other address, with or without <>
 *   <self-ip> <self-addr> <self-domain> <self-host> when context says so (a
 *          sub-domain of ours counts as ours, and an address at either)
 *   <ip> any other IPv4 or IPv6 address   <url> http(s)://..., or a host
 *          with a path
 *   <host> a host name with two dots or more, or one that ends in a
 *          common top level domain, but not blocklist names that a rule
 *          needs to see: spamhaus.org, spamcop.net, sorbs.net, ... (a table
 *          in scan.c, and labels such as dnsbl, rbl, zen) stay with one short
 *          label before them, "zen.spamhaus.org"; one in a URL stands before
 *          it, "www.spamhaus.org <url>"; of Spamhaus the words of a path that
 *          tell the list stay, "www.spamhaus.org/sbl/query/SBL<num>".
 *          RESOLVER.ADR.RecipNotFound stays
 *   <time> dates and times; one for a date with its time of day
 *   <num> numbers of four digits or more that are not codes
 *   <id> words of 8 bytes or more that mix letters and digits (queue and
 *          trace ids)
 * Short codes stay: S3150, TSS04, BL23, OFR_506, OFR005_104, DOC-1369,
 * S2017062302, CXBL, AUP#1310, 5.7.606, SMTP codes, status codes, SMTPUTF8.
 * Tokens already in text stay as they are, so that folding twice changes
 * nothing more. Case is kept. c may be NULL.
 */
void reply_fold(struct str text, const struct reply_context *c,
    struct buf *out);

/* What stands in a reply in place of piece, which token would stand for; the
 * bytes stand until the next call. */
typedef struct str reply_map_fn(void *ctx, struct str token,
    struct str piece);
/* As reply_fold(), but the variable parts become what map says; times stay as
 * they are. */
void reply_rewrite(struct str text, const struct reply_context *c,
    reply_map_fn *map, void *ctx, struct buf *out);

#endif
