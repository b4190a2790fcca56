/* fields.h - header fields, as mails and reports carry them. */
#ifndef MAIL_FIELDS_H
#define MAIL_FIELDS_H

#include <stdint.h>

#include "base/str.h"

#define FIELDS_RECEIVED_MAX 4096 /* bytes of a Received line */

struct field {
	struct str name, value; /* trimmed */
	bool apart; /* an empty line stood before it */
};

/*
 * Makes one line of each folded field, in place (also of a continuation that
 * lost its indentation); empty lines stay. Returns the new length.
 */
size_t fields_unfold(char *p, size_t n);

/* The next field of unfolded text; false at the end. Other lines are passed
 * over. */
bool fields_next(struct str *rest, struct field *f);

/* The value of the first field of that name, or an empty run with p NULL. */
struct str fields_get(struct str text, struct str name);

/*
 * The address that a field's value names: behind "rfc822;" or another type,
 * inside <>, without comments and display name; as it stands otherwise.
 */
struct str fields_address(struct str value);

/*
 * Takes a Received line apart: whom it was for ("" where it does not say)
 * and its date-time. False when it has no date that can be read, or several;
 * *utc stands. A line that is longer than FIELDS_RECEIVED_MAX tells neither.
 */
bool fields_received(struct str value, struct str *whom, int64_t *utc);

#endif
