/* tame.h - makes a raw mail harmless before a MIME parser reads it. */
#ifndef MAIL_TAME_H
#define MAIL_TAME_H

#include "base/buf.h"

#define TAME_FIELDS_MAX 8192 /* header-like lines of one mail */
#define TAME_DASHES_MAX 4096 /* lines that may open a part */
#define TAME_FIELD_BYTES (64u << 10) /* of one header field */
#define TAME_PARSED_BYTES (4u << 10) /* of one that the parser takes apart */
#define TAME_HEAD_TYPE "x-head" /* below "message/"; as long as "rfc822" */
#define TAME_PARSED_COUNT 16 /* of those, in one header block */

/*
 * Appends mail to out with LF line ends (CR, CRLF or mixed come in), without
 * NULs, leading empty lines and an mbox "From " line. A parser makes objects
 * of header fields, addresses, parameters and parts; the caps above bound
 * their number, so a megabyte of "a:" costs no more than a megabyte of text.
 * Long fields are cut; past the caps on fields and parts the mail ends. A part
 * of type message/rfc822 becomes one of TAME_HEAD_TYPE, which a parser does not
 * look into: of what is returned only the header is of use.
 */
void tame_mail(struct str mail, struct buf *out);
/* Gives parts of TAME_HEAD_TYPE their own type again. */
void tame_show(struct buf *mail);

/*
 * What is left of a tamed mail without the fields of its header that tell
 * nothing of MIME; only Subject stays of those. Most of a parser's work is
 * with header fields. The header in mail is overwritten; where it is not all
 * fields, all of it stays.
 */
struct str tame_slim(struct buf *mail);

#endif
