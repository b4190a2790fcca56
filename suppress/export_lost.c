/* export_lost.c - what an export leaves out because the layout has no place
 * for it: counted, told, and listed in a file. */
#include "export_lost.h"

#include <inttypes.h>

#include "base/clock.h"
#include "wrap/csv.h"

#define WRITE_AT (64u << 10)
#define FILE_MODE 0666 /* less what the umask takes: 0640 */

static const struct {
	const char *name;
	const char *tells; /* behind the number and the name */
} KINDS[LOST_COUNT] = {
	[LOST_REMOVAL] = { "removal",
	    "left out: the layout has no place for them; take them off the "
	    "list there by hand" },
	[LOST_DOMAIN] = { "domain",
	    "left out: the layout has only addresses; list them there as "
	    "that system does domains" },
	[LOST_ERASED] = { "erased",
	    "left out: who was erased is known by a hash alone; check and "
	    "scrub know of them" },
	[LOST_STREAM] = { "stream",
	    "left out: entries of one stream only; export them apart with "
	    "--scope or --split-by stream" },
	[LOST_LIST] = { "list",
	    "left out: they belong to another list there; see 'pmta-suppress "
	    "help profiles'" },
	[LOST_FORM] = { "form",
	    "left out: the address has a quote or sign that may not stand "
	    "there" },
	[LOST_END] = { "end",
	    "written without their end: the layout has no place for it; "
	    "export again when it has come" },
};

bool
export_lost_begin(struct export_lost *l, struct err *e)
{
	if (l->path == NULL)
		return true;
	buf_adds(&l->waiting, "what,action,address,scope,class,since,until\r\n");
	return file_new_open(&l->file, l->path, FILE_MODE, e);
}

static bool
write_waiting(struct export_lost *l, struct err *e)
{
	bool ok = buf_ok(&l->waiting, e) &&
	    file_new_write(&l->file, buf_str(&l->waiting), e);

	buf_clear(&l->waiting);
	return ok;
}

static void
put_time(struct buf *b, int64_t utc)
{
	char text[CLOCK_TEXT];

	buf_addc(b, ',');
	if (utc != 0)
		buf_adds(b, clock_text(utc, text));
}

bool
export_lost_put(struct export_lost *l, enum lost what,
    const struct entry_row *row, struct err *e)
{
	struct buf *b = &l->waiting;

	l->n[what]++;
	if (l->path == NULL)
		return true;
	buf_adds(b, KINDS[what].name);
	buf_addc(b, ',');
	buf_add(b, row->action.n > 0 ? row->action : STR("add"));
	buf_addc(b, ',');
	if (row->entry.address.p[0] == '@')
		csv_put(b, row->entry.address);
	else
		csv_put_defused(b, row->entry.address);
	buf_addc(b, ',');
	csv_put_defused(b, row->entry.scope);
	buf_addc(b, ',');
	buf_adds(b, class_name(row->entry.class));
	put_time(b, row->entry.since);
	put_time(b, row->entry.until);
	buf_adds(b, "\r\n");
	return b->n < WRITE_AT ? buf_ok(b, e) : write_waiting(l, e);
}

bool
export_lost_done(struct export_lost *l, const struct profile *p, FILE *f,
    struct err *e)
{
	if (l->path != NULL &&
	    (!write_waiting(l, e) || !file_new_done(&l->file, e)))
		return false;
	for (int i = 0; i < LOST_COUNT; i++)
		if (l->n[i] > 0)
			fprintf(f,
			    "pmta-suppress: export: %s: %" PRId64 " of kind "
			    "'%s' %s%s\n",
			    p->name, l->n[i], KINDS[i].name, KINDS[i].tells,
			    l->path == NULL ? "; --lost FILE lists them" : "");
	return true;
}

void
export_lost_release(struct export_lost *l)
{
	file_new_release(&l->file);
	buf_release(&l->waiting);
}
