/* accepted_files.c - the files of accepted's folder: names, rows, looking. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/array.h"
#include "base/file.h"
#include "base/number.h"
#include "store/accepted_parts.h"

#define TO_MONDAY (INT64_C(3) * CLOCK_DAY) /* 1970 began on a Thursday */
#define DATE 10 /* bytes of "2026-11-16" */

/* ---- weeks and names ---- */

int64_t
accepted_week(int64_t time)
{
	int64_t t = time + TO_MONDAY;

	return t / WEEK - (t % WEEK < 0);
}

int64_t
accepted_start(int64_t week)
{
	return week * WEEK - TO_MONDAY;
}

void
accepted_place(struct filter_place *at, const struct accepted *a, int64_t week,
    unsigned number)
{
	char text[CLOCK_TEXT];

	*at = (struct filter_place){ .dir = a->dir,
		.fd = a->fd,
		.start = accepted_start(week),
		.span = WEEK };
	clock_text(at->start, text);
	/* Cannot be cut: the number is below FILES_MAX. */
	(void)number_print(
	    at->name, sizeof at->name, "%.*s.%u", DATE, text, number);
}

/* False for a name that accepted_place() does not give. */
static bool
name_parse(const char *name, int64_t *week, unsigned *number)
{
	struct str s = str_from(name);
	struct filter_place at;
	char text[CLOCK_TEXT];
	int64_t start;
	uint64_t n;

	if (s.n < DATE ||
	    !number_print(text, sizeof text, "%.*sT00:00:00Z", DATE, name) ||
	    !clock_parse(str_from(text), &start) ||
	    !number_u64(str_skip(s, DATE + 1), 0, FILES_MAX - 1, &n))
		return false;
	*week = accepted_week(start);
	*number = (unsigned)n;
	/* Other days, "2026-11-16.00" and the like are no names of ours. */
	accepted_place(&at, &(struct accepted){ 0 }, *week, *number);
	return strcmp(name, at.name) == 0;
}

int64_t
accepted_oldest(const struct accepted *a)
{
	return a->newest != NO_WEEK ? a->newest - ACCEPTED_WEEKS : NO_WEEK;
}

/* ---- open files ---- */

size_t
accepted_row_at(const struct accepted *a, int64_t week, unsigned number)
{
	size_t i = a->n;

	while (i > 0 &&
	    (a->rows[i - 1].week > week ||
		(a->rows[i - 1].week == week &&
		    a->rows[i - 1].number >= number)))
		i--;
	return i;
}

bool
accepted_row_is(const struct accepted *a, size_t i, int64_t week)
{
	return i < a->n && a->rows[i].week == week;
}

bool
accepted_keeps(const struct accepted *a, int64_t week)
{
	struct filter_place at;
	unsigned number;
	int64_t named;

	if (accepted_row_is(a, accepted_row_at(a, week, 0), week))
		return week >= accepted_oldest(a);
	accepted_place(&at, a, week, 0);
	return week >= accepted_oldest(a) &&
	    name_parse(at.name, &named, &number) && named == week;
}

void
accepted_changed(struct accepted *a)
{
	a->newest = a->n > 0 ? a->rows[a->n - 1].week : NO_WEEK;
	a->week = NO_WEEK;
}

static bool
rows_room(struct accepted *a, struct err *e)
{
	struct accepted_row *rows = array_room(a->rows, a->n, &a->cap,
	    sizeof *rows, e);

	if (rows == NULL)
		return false;
	a->rows = rows;
	return true;
}

static void
rows_drop(struct accepted *a, size_t i)
{
	filter_release(&a->rows[i].filter);
	a->n--;
	memmove(a->rows + i, a->rows + i + 1, (a->n - i) * sizeof *a->rows);
	accepted_changed(a);
}

/* Keeps the first error about a file that was not told before. */
static void
bad_keep(struct accepted *a, const char *name, const struct err *bad)
{
	char line[FILTER_NAME + 2];

	if (a->bad.code != 0 ||
	    !number_print(line, sizeof line, "%s\n", name) ||
	    str_find(buf_str(&a->told), str_from(line)) < a->told.n)
		return;
	a->bad = *bad;
	(void)str_copy(str_from(name), a->bad_name, sizeof a->bad_name);
}

enum accepted_got
accepted_row_open(
    struct accepted *a, int64_t week, unsigned number, struct err *e)
{
	struct accepted_row row = {
		.week = week, .number = number, .seen = true
	};
	size_t i = accepted_row_at(a, week, number);
	struct filter_place at;
	struct err bad = { 0 };
	bool absent;

	if (!rows_room(a, e))
		return ROW_FAILED;
	accepted_place(&at, a, week, number);
	if (!filter_open(&row.filter, &at, a->write, &absent, &bad)) {
		bad_keep(a, at.name, &bad);
		return ROW_LEFT_OUT;
	}
	if (absent)
		return ROW_ABSENT;
	memmove(a->rows + i + 1, a->rows + i, (a->n - i) * sizeof *a->rows);
	a->rows[i] = row;
	a->n++;
	accepted_changed(a);
	return ROW_OPENED;
}

/* ---- the folder ---- */

/* Opened anew each time: somebody may have removed and made it again. */
static bool
folder_open(struct accepted *a, struct err *e)
{
	if (a->fd >= 0)
		close(a->fd);
	a->fd = -1;
	if (a->write && !file_make_folder(a->dir, 0750, e))
		return false;
	a->fd = open(a->dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (a->fd >= 0 || (errno == ENOENT && !a->write))
		return true;
	return err_set(e, EX_IOERR,
	    "%s: cannot open the folder: %s; let the program's user read and "
	    "write it",
	    a->dir, strerror(errno));
}

static void
remove_past(struct accepted *a, const char *name)
{
	struct err bad = { 0 };

	/* Another process may have been quicker. */
	if (unlinkat(a->fd, name, 0) == 0 || errno == ENOENT)
		return;
	err_set(&bad, EX_IOERR,
	    "%s/%s: cannot remove what is too old: %s; remove it, or let the "
	    "program's user write there",
	    a->dir, name, strerror(errno));
	bad_keep(a, name, &bad);
}

/* Whether the row is still the file of that name, and whole. */
static bool
row_stands(
    const struct accepted *a, const struct accepted_row *row, const char *name)
{
	struct stat st;

	return fstatat(a->fd, name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
	    st.st_dev == row->filter.dev && st.st_ino == row->filter.ino &&
	    (uint64_t)st.st_size == row->filter.bytes;
}

static bool
look_at(struct accepted *a, const char *name, int64_t oldest, struct err *e)
{
	unsigned number;
	int64_t week;
	size_t i;

	if (!name_parse(name, &week, &number))
		return true;
	if (week < oldest) {
		remove_past(a, name);
		return true;
	}
	i = accepted_row_at(a, week, number);
	if (accepted_row_is(a, i, week) && a->rows[i].number == number) {
		a->rows[i].seen = row_stands(a, &a->rows[i], name);
		if (a->rows[i].seen)
			return true;
		rows_drop(a, i);
	}
	return accepted_row_open(a, week, number, e) != ROW_FAILED;
}

/* Drops rows whose files are gone. */
static void
drop_unseen(struct accepted *a)
{
	for (size_t i = a->n; i-- > 0;)
		if (!a->rows[i].seen)
			rows_drop(a, i);
}

static bool
list(struct accepted *a, int64_t oldest, struct err *e)
{
	int fd = openat(a->fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *d = fd >= 0 ? fdopendir(fd) : NULL;
	const struct dirent *file;
	bool ok = true;

	if (d != NULL)
		while (errno = 0, ok && (file = readdir(d)) != NULL)
			ok = look_at(a, file->d_name, oldest, e);
	if (ok && (d == NULL || errno != 0))
		ok = err_set(e, EX_IOERR,
		    "%s: cannot list the folder: %s; let the program's user "
		    "read it",
		    a->dir, strerror(errno));
	if (d != NULL)
		closedir(d);
	else if (fd >= 0)
		close(fd);
	return ok;
}

bool
accepted_look(struct accepted *a, struct err *e)
{
	/* As known before: whoever just made a week removes the others. */
	int64_t oldest = a->write ? accepted_oldest(a) : NO_WEEK;

	err_clear(&a->bad);
	if (!folder_open(a, e))
		return false;
	for (size_t i = 0; i < a->n; i++)
		a->rows[i].seen = false;
	if (a->fd >= 0 && !list(a, oldest, e))
		return false;
	drop_unseen(a);
	return true;
}
