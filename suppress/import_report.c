/* import_report.c - what became of each line of an import, as CSV. */
#include "import_report.h"

#include "base/file.h"
#include "wrap/csv.h"

#define WRITE_AT (64u << 10)
#define FILE_MODE 0666 /* less what the umask takes: 0640 */

static void
put_row(struct buf *b, const struct import_list *l,
    const struct import_row *row)
{
	struct str why = import_list_text(l, row->why);
	struct str address = import_list_text(l, row->key);

	if (row->why == 0 && row->twice)
		why = STR("stands in the file before");
	if (row->why == 0 && row->listed)
		why = STR("listed already");
	buf_addf(b, "%lu,", row->line);
	if (address.n > 0 && address.p[0] == '@')
		csv_put(b, address);
	else
		csv_put_defused(b, address);
	buf_adds(b,
	    row->erased                     ? ",erased,"
		: row->why != 0             ? ",invalid,"
		: row->twice || row->listed ? ",duplicate,"
					    : ",accepted,");
	csv_put_defused(b, why);
	buf_adds(b, "\r\n");
}

bool
import_report_write(
    const struct import_list *l, const char *path, struct err *e)
{
	struct file_new f = { .fd = -1 };
	struct buf b = { 0 };
	bool ok = file_new_open(&f, path, FILE_MODE, e);

	buf_adds(&b, "line,address,result,why\r\n");
	for (size_t i = 0; ok && i <= l->n; i++) {
		if (i < l->n)
			put_row(&b, l, &l->rows[i]);
		if (b.n < WRITE_AT && i < l->n)
			continue;
		ok = buf_ok(&b, e) && file_new_write(&f, buf_str(&b), e);
		buf_clear(&b);
	}
	ok = ok && file_new_done(&f, e);
	file_new_release(&f);
	buf_release(&b);
	return ok;
}
