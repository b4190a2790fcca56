/* columns.h - which fact each column of an accounting row holds. */
#ifndef MAIL_COLUMNS_H
#define MAIL_COLUMNS_H

#include <stdint.h>

#include "base/str.h"

enum column {
	COLUMN_NONE, /* one that we have no use for */
	COLUMN_TYPE,
	COLUMN_TIME,
	COLUMN_QUEUED,
	COLUMN_ORIG,
	COLUMN_RCPT,
	COLUMN_ORCPT,
	COLUMN_ACTION,
	COLUMN_STATUS,
	COLUMN_DIAG,
	COLUMN_MTA,
	COLUMN_CAT,
	COLUMN_DLV_TYPE,
	COLUMN_SOURCE_IP,
	COLUMN_VMTA,
	COLUMN_POOL,
	COLUMN_JOB,
	COLUMN_ENVID,
	COLUMN_QUEUE,
	COLUMN_FEEDBACK,
	COLUMN_FORMAT,
	COLUMN_MESSAGE_ID,
	COLUMN_JMRP, /* header_X-HmXmrOriginalRecipient */
	COLUMN_ARF_RCPT_TO, /* these three: CSV lists in the CSV field */
	COLUMN_ARF_RECIPIENT,
	COLUMN_ARF_REMOVAL,
	COLUMN_REF, /* header_X-Suppress-Ref, or as the settings name it */
	COLUMN_COUNT
};

#define COLUMNS_MAX 512 /* columns of one header row */

/* Which column each field of a row is; all zero: there is no header yet. */
struct columns {
	size_t n;
	uint8_t of[COLUMNS_MAX]; /* enum column of field i */
	uint32_t present; /* bit c: column c is there */
	bool last_is_empty; /* the header ends in a comma */
};

/* The fields of one row by column; empty where it has none. */
struct facts {
	struct str of[COLUMN_COUNT];
	struct str stream; /* the site's own column that names the stream */
};

/* By name or alias, any case. */
enum column columns_find(struct str name);

/* Which field has that name, any case; COLUMNS_MAX: none, or no name. */
size_t columns_index(const struct str *names, size_t n, struct str name);

/* Takes the fields of a header row; ref is the header field that carries
 * tokens (may be empty). False when there are too many columns, or none is
 * the type column. */
bool columns_take(struct columns *c, const struct str *names, size_t n,
    struct str ref);
bool columns_has(const struct columns *c, enum column which);

/* Whether a row with n fields fits: as many as the header has names, but one
 * empty field at the end of either is no difference. */
bool columns_fit(const struct columns *c, size_t n, bool last_is_empty);

#endif
