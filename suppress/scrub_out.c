/* scrub_out.c - the rows of scrub: kept ones as they came, dropped ones with
 * why. */
#include "scrub_out.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "wrap/csv.h"

#define WRITE_AT (256u << 10)
#define FILE_MODE 0666 /* less what the umask takes: 0640 */

bool
scrub_out_open(struct scrub_out *o, struct err *e)
{
	if (o->keep != NULL &&
	    !file_new_open(&o->keep_file, o->keep, FILE_MODE, e))
		return false;
	return o->drop == NULL || o->drop_out ||
	    file_new_open(&o->drop_file, o->drop, FILE_MODE, e);
}

void
scrub_out_release(struct scrub_out *o)
{
	file_new_release(&o->keep_file);
	file_new_release(&o->drop_file);
	buf_release(&o->kept);
	buf_release(&o->dropped);
}

void
scrub_out_bom(struct scrub_out *o)
{
	buf_adds(&o->kept, "\xef\xbb\xbf");
	if (o->drop != NULL)
		buf_adds(&o->dropped, "\xef\xbb\xbf");
}

/* A last row without a line end is the last of its file no more. */
static void
put_dropped(struct scrub_out *o, struct str raw)
{
	buf_add(&o->dropped, raw);
	if (raw.n == 0 || raw.p[raw.n - 1] != '\n')
		buf_addc(&o->dropped, '\n');
}

void
scrub_out_header(struct scrub_out *o, struct str raw)
{
	buf_add(&o->kept, raw);
	if (o->drop == NULL)
		return;
	buf_adds(&o->dropped, o->why ? "class,scope,since,rule,reason,entry,"
	    : "class,scope,since,");
	put_dropped(o, raw);
}

void
scrub_out_keep(struct scrub_out *o, struct str raw)
{
	buf_add(&o->kept, raw);
}

static void
put_cell(struct scrub_out *o, struct str s)
{
	csv_put_defused(&o->dropped, s);
	buf_addc(&o->dropped, ',');
}

void
scrub_out_drop(struct scrub_out *o, struct str raw, const struct scrub_why *why)
{
	char time[CLOCK_TEXT];

	if (o->drop == NULL)
		return;
	put_cell(o, why->class);
	put_cell(o, why->scope);
	put_cell(o, why->since == 0 ? STR("")
	    : str_from(clock_text(why->since, time)));
	if (o->why) {
		put_cell(o, why->rule);
		put_cell(o, why->reason);
		/* No formula: a key, or '@' and a host's name. */
		csv_put(&o->dropped, why->entry);
		buf_addc(&o->dropped, ',');
	}
	put_dropped(o, raw);
}

/* To the file, or NULL for standard output. */
static bool
write_rows(struct file_new *file, struct buf *rows, struct err *e)
{
	if (!buf_ok(rows, e))
		return false;
	if (file != NULL
	    ? !file_new_write(file, buf_str(rows), e)
	    : !file_write_all(STDOUT_FILENO, buf_str(rows)))
		return err_set(e, EX_IOERR, "standard output: cannot write: "
		    "%s; the list is not whole: make room or mend the reader, "
		    "then run it again", strerror(errno));
	buf_clear(rows);
	return true;
}

static bool
write_kept(struct scrub_out *o, struct err *e)
{
	return write_rows(o->keep != NULL ? &o->keep_file : NULL, &o->kept, e);
}

static bool
write_dropped(struct scrub_out *o, struct err *e)
{
	return o->drop == NULL ||
	    write_rows(o->drop_out ? NULL : &o->drop_file, &o->dropped, e);
}

bool
scrub_out_some(struct scrub_out *o, struct err *e)
{
	return (o->kept.n < WRITE_AT || write_kept(o, e)) &&
	    (o->dropped.n < WRITE_AT || write_dropped(o, e));
}

bool
scrub_out_done(struct scrub_out *o, struct err *e)
{
	if (!write_dropped(o, e) || !write_kept(o, e))
		return false;
	if (o->drop != NULL && !o->drop_out && !file_new_done(&o->drop_file, e))
		return false;
	return o->keep == NULL || file_new_done(&o->keep_file, e);
}
