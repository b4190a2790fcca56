/* stage.h - at which command of a session a host refused. */
#ifndef MAIL_STAGE_H
#define MAIL_STAGE_H

#include "base/str.h"

#define STAGE_ROOM 4096 /* bytes for a reply with its stage */

/* Whether text tells the stage as Postfix does: "(in reply to ...". */
bool stage_is_in(struct str text);

/*
 * The reply diag for rcpt (of a very long one the first words) with the stage
 * behind it as Postfix writes it, where words tell that as Exim or Sendmail
 * do; diag itself where they do not, or the stage is RCPT TO. The result is a
 * view of diag or of room, which is STAGE_ROOM bytes.
 */
struct str stage_add(
    struct str words, struct str rcpt, struct str diag, char *room);

#endif
