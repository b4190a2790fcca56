/* export_rows.c - entries as rows of CSV or lines of JSON, to a file that
 * appears whole or to standard output. */
#include "export_rows.h"

#include <inttypes.h>

#include "app.h"
#include "base/clock.h"
#include "base/number.h"
#include "out.h"
#include "wrap/csv.h"

#define WRITE_AT (64u << 10)
#define FILE_MODE 0666 /* less what the umask takes: 0640 */

static bool
write_waiting(struct export_rows *x, struct err *e)
{
	bool ok;

	if (x->path == NULL)
		ok = out_text(&x->waiting, e);
	else
		ok = buf_ok(&x->waiting, e) &&
		    file_new_write(&x->file, buf_str(&x->waiting), e);
	buf_clear(&x->waiting);
	return ok;
}

bool
export_rows_begin(struct export_rows *x, struct err *e)
{
	if (x->path != NULL && !file_new_open(&x->file, x->path, FILE_MODE, e))
		return false;
	if (x->json)
		return true;
	buf_adds(&x->waiting, x->actions ? "action," : "");
	buf_adds(&x->waiting,
	    "address,scope,class,reason,source,since,"
	    "last_seen,until,provider,code,status,diagnostic,change,"
	    "subdomains\r\n");
	return buf_ok(&x->waiting, e);
}

/* A domain entry begins with '@', but no formula has only the letters of a
 * host name: as an address column it stays as it is. */
static void
put_cell(struct export_rows *x, struct str s, bool is_key)
{
	if (x->raw || (is_key && s.n > 0 && s.p[0] == '@'))
		csv_put(&x->waiting, s);
	else
		csv_put_defused(&x->waiting, s);
	buf_addc(&x->waiting, ',');
}

static void
put_time(struct export_rows *x, int64_t utc)
{
	char text[CLOCK_TEXT];

	put_cell(
	    x, utc == 0 ? STR("") : str_from(clock_text(utc, text)), false);
}

static struct str
action_of(const struct entry_row *row)
{
	return row->action.n > 0 ? row->action : STR("add");
}

static void
put_csv(struct export_rows *x, const struct entry_row *row)
{
	const struct entry *en = &row->entry;
	char code[24] = "";

	if (row->code != 0)
		(void)number_print(code, sizeof code, "%" PRId64, row->code);
	if (x->actions)
		put_cell(x, action_of(row), false);
	put_cell(x, en->address, true);
	put_cell(x, en->scope, false);
	put_cell(x, str_from(class_name(en->class)), false);
	put_cell(x, en->reason, false);
	put_cell(x, en->source, false);
	put_time(x, en->since);
	put_time(x, row->last_seen);
	put_time(x, en->until);
	put_cell(x, row->provider, false);
	put_cell(x, str_from(code), false);
	put_cell(x, row->status, false);
	put_cell(x, row->diagnostic, false);
	buf_addf(&x->waiting, "%" PRId64 ",%s\r\n", row->change,
	    en->subdomains ? "yes" : "");
}

static bool
put_json(struct export_rows *x, const struct entry_row *row, struct err *e)
{
	struct json *o = json_new_object();
	bool ok;

	if (x->actions)
		json_text(o, "action", action_of(row));
	out_row_json(o, row);
	ok = json_print(o, &x->waiting, e);
	buf_addc(&x->waiting, '\n');
	json_free(o);
	return ok;
}

bool
export_rows_put(void *ctx, const struct entry_row *row, struct err *e)
{
	struct export_rows *x = ctx;

	x->rows++;
	if (x->json && !put_json(x, row, e))
		return false;
	if (!x->json)
		put_csv(x, row);
	if (x->waiting.n < WRITE_AT)
		return buf_ok(&x->waiting, e);
	/* Reader gone, disk full: the rest is not worth the work. */
	return write_waiting(x, e) &&
	    (x->path != NULL || !ferror(stdout) || app_flush(stdout, e));
}

bool
export_rows_done(struct export_rows *x, struct err *e)
{
	if (!write_waiting(x, e))
		return false;
	return x->path != NULL ? file_new_done(&x->file, e)
			       : app_flush(stdout, e);
}

void
export_rows_release(struct export_rows *x)
{
	file_new_release(&x->file);
	buf_release(&x->waiting);
}
