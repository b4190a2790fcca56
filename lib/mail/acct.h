/* acct.h - accounting rows: columns by name, a row to an event. */
#ifndef MAIL_ACCT_H
#define MAIL_ACCT_H

#include "base/buf.h"
#include "mail/claims.h"
#include "mail/rows.h"

#define ACCT_COLUMNS_MAX 512

/* What the reading of rows may be told. */
struct acct_settings {
	struct str verp_prefix; /* LOCAL of LOCAL-RCPT=DOMAIN@..., may be "" */
	struct claims_settings claims;
	struct str stream_column; /* "header_NAME" for ev->stream, may be "" */
};

struct acct; /* opened and freed only by acct.c */

/* s is borrowed, and may change between rows. */
struct acct *acct_open(const struct acct_settings *s, struct err *e);
void acct_close(struct acct *a);

/*
 * Takes a header row ("type,timeLogged,...", any case, any order, duplicates:
 * the first non-empty one of a row counts, aliases as a table: etype, vmtaName,
 * destDomain, dsnMTA, userstring, ...). A UTF-8 BOM before it is passed over.
 * missing (may be NULL) gets the names of needed columns it lacks, joined by
 * ", ": timeLogged, rcpt, and one of dsnDiag and dsnStatus (a header with
 * feedbackType or format may lack these, and rcpt where another tells whom).
 * After a failure (EX_DATAERR: no type column, too many) no header is in force.
 */
bool acct_header(struct acct *a, struct str row, struct buf *missing,
    struct err *e);
/* The header in force, as it stood; empty before the first. */
struct str acct_header_row(const struct acct *a);
/* Whether a row that is cut in its last column may tell of another recipient,
 * time, reply or complaint: nothing else would say that it is cut. */
bool acct_cut_misleads(const struct acct *a);
/* Whether a row is a header row: its first field is "type" or an alias. */
bool acct_is_header(struct str row);

/*
 * Makes an event of one row. Rows that cannot be evidence (d, r, tq) are read
 * by the finder's commas and give time, address, rcpt, orig, vmta, dlv_type,
 * mta, queue and no more; all others are read whole, by libcsv. Never fails:
 * what is wrong with the row stands in ev->skip, and what could be read is
 * filled in (no address where the fields may stand in wrong columns: malformed,
 * field count). False only without memory. *ev need not be cleared before.
 *   f: recipient from rcpt, else header_X-HmXmrOriginalRecipient, else
 *      arf_original-rcpt-to, arf_original-recipient, arf_removal-recipient
 *      (each a CSV list in the CSV field: the first entry), else a VERP orig:
 *      the first that is an address and not redacted.
 *      Of these and of rcpt in rb one address may have a name and comments.
 *   rb: whom we mailed is in orcpt, else in a VERP orig, else rcpt.
 *   Before all these, in f and rb, counts a token that proves: in the column
 *      of the settings' header or one it may be mapped to (rcpt, envId,
 *      jobId), else in orig.
 *   b and t made by PowerMTA itself (x-pmta;, suppression list hit, queue
 *      deleted, no vmta 5.3.5) are SKIP_OURSELVES; its own "no such domain"
 *      (5.1.2 or 5.4.4 or null MX 5.1.10, empty dsnDiag and dsnMta) is not.
 *   d with dlvType other than smtp, b and t with discard, file, pipe:
 *      SKIP_NOT_SMTP. rs, and rb with an action that is no failure or a 2.x.x:
 *      SKIP_NOT_A_FAILURE.
 *   feedback not-spam, auth-failure: SKIP_NOT_A_COMPLAINT.
 *   More fields than the header names, or fewer (a cut last row): SKIP_FIELD_
 *      COUNT; one empty field at the end of either is no difference. A CR
 *      outside quotes is a byte of its field.
 */
bool acct_row(struct acct *a, const struct rows_row *row, struct event *ev,
    struct err *e);

#endif
