/* mbox.h - a file of mails, one behind the other. */
#ifndef MAIL_MBOX_H
#define MAIL_MBOX_H

#include "base/str.h"

#define MBOX_LINE_MAX 512 /* bytes of a line in which its date must stand */

/* Whether bytes begin with a line that parts mails in an mbox (RFC 4155):
 * "From ", a sender, a date with its time and year. */
bool mbox_starts(struct str bytes);

/* Bytes at the end of a piece of an mbox in which a line that parts two mails
 * may stand that cannot be told yet. */
#define MBOX_BORDER 1024

/*
 * How long the mail is that in begins with, its own "From " line included:
 * up to the next such line that stands behind an empty one, or all of in.
 */
size_t mbox_cut(struct str in);

#endif
