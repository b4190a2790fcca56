/* fuzz_import.c - any bytes as a file to import: read, judged, never by half. */
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/file.h"

/* The command's own files; no library holds them. */
#include "../../suppress/args.c"
#include "../../suppress/import_cells.c"
#include "../../suppress/import_list.c"
#include "../../suppress/import_sort.c"
#include "../../suppress/import_strays.c"
#include "../../suppress/list_columns.c"
#include "../../suppress/objects.c"
#include "../../suppress/profiles.c"
#include "../../suppress/records.c"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct profile *
profile_at(size_t i)
{
	size_t n;
	const struct profile *p = profile_table(&n);

	return &p[i % n];
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct import_list l = { .class = CLASS_MANUAL, .now = 1790000000,
		.max_told = 0 };
	int fd = memfd_create("list", MFD_CLOEXEC);
	struct err e = { 0 };
	char path[64], key[ADDRESS_MAX];

	if (fd < 0 || !file_write_all(fd, str_of((const char *)data, size)))
		abort();
	snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
	l.file = path;
	/* The last byte says whose file it is; 0: nobody's. */
	if (size > 0 && data[size - 1] % 19 != 0)
		l.profile = profile_at(data[size - 1] % 19 - 1u);
	l.keeps_bad = size % 2 == 0;
	if (import_list_read(&l, path, &e) != (e.code == 0))
		abort();
	for (size_t i = 0; i < l.n; i++) {
		struct str s = import_list_text(&l, l.rows[i].key);

		if (l.rows[i].why != 0)
			continue;
		/* What is listed is a key, or a domain's. */
		if (s.n == 0 || args_target(s, key) != ADDRESS_OK ||
		    !str_eq(s, str_from(key)))
			abort();
	}
	import_list_release(&l);
	close(fd);
	return 0;
}
