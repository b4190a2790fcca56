/* authres.h - what a trusted host says about a mail's sender (RFC 8601). */
#ifndef MAIL_AUTHRES_H
#define MAIL_AUTHRES_H

#include "base/str.h"

#define AUTHRES_FIELD_MAX 4096 /* bytes of a field that are read */

/*
 * Whether host found that a mail comes from the domain of sender: spf=pass for
 * its envelope domain, or dkim=pass by that domain or one above it and author,
 * the address of From:, is sender. head is unfolded. Only the topmost
 * Authentication-Results of that name counts: the host put it there last,
 * while whoever wrote the mail may have put others below.
 */
bool authres_confirms(
    struct str head, struct str host, struct str sender, struct str author);

#endif
