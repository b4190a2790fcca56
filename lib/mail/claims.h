/* claims.h - whom a report is about for sure: by the tokens in it. */
#ifndef MAIL_CLAIMS_H
#define MAIL_CLAIMS_H

#include "mail/event.h"
#include "mail/sign.h"

/* What is read for tokens: no keys, or NULL, is none. */
struct claims_settings {
	const struct sign_keys *keys;
	struct str header; /* name of the field that carries one */
};

/* One report's tokens. All zero but settings: none yet. */
struct claims {
	const struct claims_settings *settings; /* NULL: off */
	struct sign_claim claim; /* what events show views of */
	bool whole; /* the claim is right, and for the whole report */
	struct str alone; /* an address whose token names nobody itself */
};

/* Whether there are keys. */
bool claims_on(const struct claims *c);

/* Forgets the last report. */
void claims_begin(struct claims *c);

/*
 * Takes a header field's value, or an address that the report was sent to,
 * which stands as long as the report; at is the report's time. Whatever has
 * no token that proves changes nothing, and the first that does is kept.
 */
void claims_header(struct claims *c, struct str value, int64_t at);
void claims_address(struct claims *c, struct str address, int64_t at);

/*
 * Gives ev the recipient, stream and message id that the report's token
 * proves: ev->address (ev->named keeps whom it named else), ev->proof,
 * ev->found, and no skip for want of a recipient. False, and ev stands, when
 * nothing is proved.
 */
bool claims_fill(struct claims *c, struct event *ev);

#endif
