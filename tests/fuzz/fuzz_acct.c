/*
 * fuzz_acct.c - accounting rows: whatever they hold, an event comes of each,
 * its address is a key, its views are the row's own fields.
 *
 * Input: one byte chooses a header that stands before; the rest is CSV.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "mail/acct.h"
#include "mail/columns.h"
#include "wrap/csv.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
must(bool ok)
{
	if (!ok)
		abort();
}

/* Reads every byte of a view, for the sanitizer. */
static void
touch(struct str s)
{
	static volatile unsigned sum;

	for (size_t i = 0; i < s.n; i++)
		sum = sum + (unsigned char)s.p[i];
}

static void
must_be_key(const char *address)
{
	char key[ADDRESS_MAX];

	if (address[0] == '\0')
		return;
	must(address_key(str_from(address), key, sizeof key) == ADDRESS_OK);
	must(strcmp(key, address) == 0);
}

static void
check_event(const struct event *ev)
{
	must((size_t)ev->kind < KIND_MB && (size_t)ev->skip < SKIP_COUNT);
	must_be_key(ev->address);
	must_be_key(ev->named);
	if (ev->skip == SKIP_NONE && ev->kind != KIND_TQ)
		must(ev->address[0] != '\0' && ev->time > 0);
	touch(ev->rcpt);
	touch(ev->orig);
	touch(ev->diag);
	touch(ev->status);
	touch(ev->mta);
	touch(ev->action);
	touch(ev->bounce_cat);
	touch(ev->dlv_type);
	touch(ev->source_ip);
	touch(ev->vmta);
	touch(ev->pool);
	touch(ev->job);
	touch(ev->envid);
	touch(ev->queue);
	touch(ev->message_id);
	touch(ev->feedback);
	touch(ev->format);
}

/* The column as libcsv has it: the first that is not empty. */
static struct str
column_of(const struct columns *c, const struct str *fields, size_t n,
    enum column which)
{
	for (size_t i = 0; i < n && i < c->n; i++)
		if (c->of[i] == which && fields[i].n > 0)
			return fields[i];
	return STR("");
}

/* Rows read by commas give what libcsv gives. */
static void
compare_with_libcsv(struct csv *csv, struct str header,
    const struct rows_row *row, const struct event *ev)
{
	struct columns c;
	const struct str *fields;
	struct err e = { 0 };
	size_t n;

	if (ev->skip == SKIP_JSON || ev->skip == SKIP_NO_HEADER ||
	    ev->kind == KIND_NONE || row->malformed)
		return;
	if (str_starts(header, STR("\xef\xbb\xbf")))
		header = str_skip(header, 3);
	must(csv_row(csv, header, &fields, &n, &e));
	must(columns_take(&c, fields, n, STR("x")));
	if (row->n_commas >= CSV_FIELDS_MAX)
		return;
	must(csv_row(csv, row->raw, &fields, &n, &e));
	must(n == row->n_commas + 1);
	must(str_eq(ev->rcpt, column_of(&c, fields, n, COLUMN_RCPT)));
	must(str_eq(ev->orig, column_of(&c, fields, n, COLUMN_ORIG)));
	must(str_eq(ev->mta, column_of(&c, fields, n, COLUMN_MTA)));
	must(str_eq(ev->queue, column_of(&c, fields, n, COLUMN_QUEUE)));
	must(str_eq(ev->vmta, column_of(&c, fields, n, COLUMN_VMTA)));
}

#define ALL                                                            \
	"type,timeLogged,timeQueued,orig,rcpt,orcpt,dsnAction,"        \
	"dsnStatus,dsnDiag,dsnMta,bounceCat,srcType,srcMta,dlvType,"   \
	"dlvSourceIp,dlvDestinationIp,dlvEsmtpAvailable,dlvSize,vmta," \
	"jobId,envId,queue,vmtaPool\n"
#define FBL                                                     \
	"type,timeLogged,feedbackType,rcpt,"                    \
	"header_X-HmXmrOriginalRecipient,arf_original-rcpt-to," \
	"arf_original-recipient,orig\n"

static const char *const HEADERS[] = {
	"d,no header\n",
	"type,timeLogged,rcpt,dsnDiag\n",
	ALL,
	"type,timeLogged,orig,rcpt,orcpt,dsnStatus,dsnMta\n",
	FBL,
	"type,rcpt,rcpt,queue,vmta,timeLogged,vmta,\n",
};

static void
run(struct str in, struct rows *r, struct acct *a, struct csv *csv)
{
	static struct event ev;
	struct err e = { 0 };
	struct rows_row row;
	enum rows_got got;

	must(rows_feed(r, in, true, &e));
	while ((got = rows_next(r, &row)) != ROWS_MORE) {
		if (got != ROWS_ROW)
			continue;
		if (acct_is_header(row.raw)) {
			struct buf missing = { 0 };
			struct err bad = { 0 };

			if (!acct_header(a, row.raw, &missing, &bad))
				must(bad.code == EX_DATAERR);
			buf_release(&missing);
			continue;
		}
		memset(&ev, 0xa5, sizeof ev);
		must(acct_row(a, &row, &ev, &e));
		check_event(&ev);
		compare_with_libcsv(csv, acct_header_row(a), &row, &ev);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct err e = { 0 };
	struct acct_settings settings = { .stream_column = STR("jobId") };
	struct acct *a = acct_open(&settings, &e);
	struct rows *r = rows_open(ROWS_LIMIT_DEFAULT, &e);
	struct csv *csv = csv_open(&e);
	struct buf in = { 0 };

	must(a != NULL && r != NULL && csv != NULL);
	if (size > 0) {
		buf_adds(&in, HEADERS[data[0] % COUNT(HEADERS)]);
		buf_add(&in, str_of((const char *)data + 1, size - 1));
		if (data[0] >= 128)
			settings.verp_prefix = STR("news");
		run(buf_str(&in), r, a, csv);
	}
	buf_release(&in);
	acct_close(a);
	rows_close(r);
	csv_close(csv);
	return 0;
}
