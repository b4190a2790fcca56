/* fuzz_scrub.c - any bytes as a list: no byte of a row is lost, and a cell cut
 * by hand is the one that libcsv gives. */
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/file.h"

/* The command's own files; no library holds them. */
#include "../../suppress/list_columns.c"
#include "../../suppress/records.c"
#include "../../suppress/scrub_cells.c"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
try_cells(struct scrub_cells *c, const struct record *rec)
{
	struct err e = { 0 };
	const struct str *fields;
	struct str cell, simple;
	char key[ADDRESS_MAX];
	size_t n;
	int cause;

	if (rec->fault != NULL || rec->text.n == 0)
		return;
	if (cut_simple(rec->text, c->at, &simple) &&
	    csv_row(c->csv, rec->text, &fields, &n, &e) &&
	    !str_eq(str_trim(simple), c->at < n ? str_trim(fields[c->at])
						: STR("")))
		abort(); /* csv_row() takes a CR off the end of a row */
	err_clear(&e);
	if (!scrub_cells_get(c, rec->text, &cell, &e)) {
		if (e.code != 0)
			abort();
		return;
	}
	cause = scrub_cells_key(c, cell, key);
	if ((cause == ADDRESS_OK) != (key[0] != '\0') || key[0] == '@')
		abort();
}

/* The first byte says which column, and whether of digests. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct scrub_cells c = { .file = "list" };
	int fd = memfd_create("list", MFD_CLOEXEC);
	struct str in = str_of((const char *)data, size);
	struct records *r;
	struct record rec;
	struct err e = { 0 };
	char path[64];
	bool more = true, header;
	size_t sum = 0;

	if (size == 0 || fd < 0 || !file_write_all(fd, str_skip(in, 1)))
		return close(fd);
	if ((data[0] & 8) != 0)
		c.hashed = GLIB_MD5;
	snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
	r = records_open(path, &e);
	c.csv = csv_open(&e);
	if (r == NULL || c.csv == NULL)
		abort();
	while (records_next(r, &rec, &more, &e) && more) {
		struct err why = { 0 };

		sum += rec.raw.n;
		if (!c.settled && rec.fault == NULL && rec.text.n > 0)
			scrub_cells_settle(&c, &rec, &header, &why);
		if (!c.settled)
			c.at = data[0] & 7;
		try_cells(&c, &rec);
	}
	/* Packed bytes may be cut; of plain ones each is in a row, unless one
	 * was longer than a row may be. */
	if (sum > size && data[1] != 0x1f)
		abort();
	if (e.code == 0 && size < RECORD_MAX && !(size > 2 && data[1] == 0x1f) &&
	    sum + (records_had_bom(r) ? 3 : 0) != size - 1)
		abort();
	records_close(r);
	scrub_cells_release(&c);
	close(fd);
	return 0;
}
