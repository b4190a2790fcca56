/* accepted.c - who took mail lately: a Bloom filter a week. */
#include "store/accepted.h"

#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/number.h"
#include "store/filter.h"

#define WEEK (INT64_C(7) * CLOCK_DAY)
#define TO_MONDAY (INT64_C(3) * CLOCK_DAY) /* 1970 began on a Thursday */
#define DATE 10 /* bytes of "2026-11-16" */
#define FILES_MAX 32 /* of one week, each twice as large as the one before */
#define NO_WEEK INT64_MIN

/* An open file. */
struct row {
	struct filter filter;
	int64_t week; /* Mondays since the one before 1970 */
	unsigned number;
	bool seen;    /* in the folder, when it was last looked at */
};

struct accepted {
	char *dir;
	int fd;            /* -1: no folder */
	bool write;
	struct row *rows;  /* by week, then number */
	size_t n, cap;
	int64_t newest;    /* week of the last row, or NO_WEEK */
	int64_t week;      /* the last one added to, or NO_WEEK */
	size_t from, behind; /* its rows */
	struct buf told;   /* names of files left out, each with a newline */
	struct err bad;    /* what is wrong with one not told yet */
	char bad_name[FILTER_NAME];
};

/* ---- weeks and names ---- */

static int64_t
week_of(int64_t time)
{
	int64_t t = time + TO_MONDAY;

	return t / WEEK - (t % WEEK < 0);
}

static void
place_set(struct filter_place *at, const struct accepted *a, int64_t week,
    unsigned number)
{
	char text[CLOCK_TEXT];

	*at = (struct filter_place){ .dir = a->dir, .fd = a->fd,
		.start = week * WEEK - TO_MONDAY, .span = WEEK };
	clock_text(at->start, text);
	/* Cannot be cut: the number is below FILES_MAX. */
	(void)number_print(at->name, sizeof at->name, "%.*s.%u", DATE, text,
	    number);
}

/* False for a name that place_set() does not give. */
static bool
name_parse(const char *name, int64_t *week, unsigned *number)
{
	struct str s = str_from(name);
	struct filter_place at;
	char text[CLOCK_TEXT];
	int64_t start;
	uint64_t n;

	if (s.n < DATE || !number_print(text, sizeof text, "%.*sT00:00:00Z",
	    DATE, name) || !clock_parse(str_from(text), &start) ||
	    !number_u64(str_skip(s, DATE + 1), 0, FILES_MAX - 1, &n))
		return false;
	*week = week_of(start);
	*number = (unsigned)n;
	/* Other days, "2026-11-16.00" and the like are no names of ours. */
	place_set(&at, &(struct accepted){ 0 }, *week, *number);
	return strcmp(name, at.name) == 0;
}

/* The oldest week that is kept. */
static int64_t
week_oldest(const struct accepted *a)
{
	return a->newest != NO_WEEK ? a->newest - ACCEPTED_WEEKS : NO_WEEK;
}

/* ---- open files ---- */

/* The first row not before this one. */
static size_t
rows_at(const struct accepted *a, int64_t week, unsigned number)
{
	size_t i = a->n;

	while (i > 0 && (a->rows[i - 1].week > week ||
	    (a->rows[i - 1].week == week && a->rows[i - 1].number >= number)))
		i--;
	return i;
}

static bool
rows_has(const struct accepted *a, size_t i, int64_t week)
{
	return i < a->n && a->rows[i].week == week;
}

/* Also false for a week that clock.h has no date for. */
static bool
week_is_kept(const struct accepted *a, int64_t week)
{
	struct filter_place at;
	unsigned number;
	int64_t named;

	if (rows_has(a, rows_at(a, week, 0), week))
		return week >= week_oldest(a);
	place_set(&at, a, week, 0);
	return week >= week_oldest(a) && name_parse(at.name, &named, &number) &&
	    named == week;
}

/* To be called when rows came or went. */
static void
rows_changed(struct accepted *a)
{
	a->newest = a->n > 0 ? a->rows[a->n - 1].week : NO_WEEK;
	a->week = NO_WEEK;
}

static bool
rows_room(struct accepted *a, struct err *e)
{
	size_t cap = a->cap == 0 ? 16 : a->cap * 2;
	struct row *rows;

	if (a->n < a->cap)
		return true;
	rows = reallocarray(a->rows, cap, sizeof *rows);
	if (rows == NULL)
		return err_memory(e);
	a->rows = rows;
	a->cap = cap;
	return true;
}

static void
rows_drop(struct accepted *a, size_t i)
{
	filter_release(&a->rows[i].filter);
	a->n--;
	memmove(a->rows + i, a->rows + i + 1, (a->n - i) * sizeof *a->rows);
	rows_changed(a);
}

/* Keeps the first error about a file that was not told before. */
static void
bad_keep(struct accepted *a, const char *name, const struct err *bad)
{
	char line[FILTER_NAME + 2];

	if (a->bad.code != 0 || !number_print(line, sizeof line, "%s\n", name) ||
	    str_find(buf_str(&a->told), str_from(line)) < a->told.n)
		return;
	a->bad = *bad;
	(void)str_copy(str_from(name), a->bad_name, sizeof a->bad_name);
}

enum row_got { ROW_FAILED, ROW_ABSENT, ROW_LEFT_OUT, ROW_OPENED };

/* Opens a file that is no row yet. */
static enum row_got
row_open(struct accepted *a, int64_t week, unsigned number, struct err *e)
{
	struct row row = { .week = week, .number = number, .seen = true };
	size_t i = rows_at(a, week, number);
	struct filter_place at;
	struct err bad = { 0 };
	bool absent;

	if (!rows_room(a, e))
		return ROW_FAILED;
	place_set(&at, a, week, number);
	if (!filter_open(&row.filter, &at, a->write, &absent, &bad)) {
		bad_keep(a, at.name, &bad);
		return ROW_LEFT_OUT;
	}
	if (absent)
		return ROW_ABSENT;
	memmove(a->rows + i + 1, a->rows + i, (a->n - i) * sizeof *a->rows);
	a->rows[i] = row;
	a->n++;
	rows_changed(a);
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
row_stands(const struct accepted *a, const struct row *row, const char *name)
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
	i = rows_at(a, week, number);
	if (rows_has(a, i, week) && a->rows[i].number == number) {
		a->rows[i].seen = row_stands(a, &a->rows[i], name);
		if (a->rows[i].seen)
			return true;
		rows_drop(a, i);
	}
	return row_open(a, week, number, e) != ROW_FAILED;
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

/* Makes the rows what stands in the folder. */
static bool
look(struct accepted *a, struct err *e)
{
	/* By the newest week before: a new file of strangers removes none. */
	int64_t oldest = a->write ? week_oldest(a) : NO_WEEK;

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

struct accepted *
accepted_open(const char *dir, bool write, struct err *e)
{
	struct accepted *a = calloc(1, sizeof *a);

	if (a == NULL || (a->dir = strdup(dir)) == NULL) {
		free(a);
		err_memory(e);
		return NULL;
	}
	a->fd = -1;
	a->write = write;
	rows_changed(a);
	if (look(a, e))
		return a;
	accepted_close(a);
	return NULL;
}

void
accepted_close(struct accepted *a)
{
	if (a == NULL)
		return;
	for (size_t i = 0; i < a->n; i++)
		filter_release(&a->rows[i].filter);
	if (a->fd >= 0)
		close(a->fd);
	buf_release(&a->told);
	free(a->rows);
	free(a->dir);
	free(a);
}

static bool
tell_bad(struct accepted *a, struct err *e)
{
	if (a->bad.code == 0)
		return true;
	buf_adds(&a->told, a->bad_name);
	buf_addc(&a->told, '\n');
	return err_set(e, a->bad.code, "%s", a->bad.text);
}

bool
accepted_tidy(struct accepted *a, struct err *e)
{
	for (size_t i = 0; a->write && i < a->n; i++)
		if (!filter_flush(&a->rows[i].filter))
			return err_set(e, EX_IOERR,
			    "%s: cannot write: %s; mend the disk", a->dir,
			    strerror(errno));
	return look(a, e) && tell_bad(a, e);
}

/* ---- adding ---- */

/* Room of the week's next file. */
static uint64_t
room_for(const struct accepted *a, int64_t week)
{
	size_t i = rows_at(a, week, FILES_MAX);
	uint64_t before = 0;

	if (i > 0 && a->rows[i - 1].week == week)
		return filter_room(&a->rows[i - 1].filter) * 2;
	for (size_t j = i; j > 0 && a->rows[j - 1].week == a->rows[i - 1].week;
	    j--)
		before += filter_count(&a->rows[j - 1].filter);
	return before > ACCEPTED_ROOM / 2 ? before * 2 : ACCEPTED_ROOM;
}

static bool
is_full(const struct filter *f)
{
	return filter_count(f) >= filter_room(f);
}

/* Opens the file if another process made it, else makes it. */
static enum row_got
row_begin(struct accepted *a, int64_t week, unsigned number, struct err *e)
{
	enum row_got got = row_open(a, week, number, e);
	struct filter_place at;

	if (got != ROW_ABSENT)
		return got;
	place_set(&at, a, week, number);
	if (!filter_make(&at, room_for(a, week), e))
		return ROW_FAILED;
	return row_open(a, week, number, e);
}

/* Gives the week a file behind those it has, one with room. */
static bool
week_begin(struct accepted *a, int64_t week, struct err *e)
{
	size_t i = rows_at(a, week, FILES_MAX);
	unsigned number = i > 0 && a->rows[i - 1].week == week
	    ? a->rows[i - 1].number + 1
	    : 0;
	enum row_got got = ROW_LEFT_OUT;
	struct filter_place at;
	int lock;

	place_set(&at, a, week, number);
	lock = filter_lock(&at, e);
	if (lock < 0)
		return false;
	for (; number < FILES_MAX; number++) {
		got = row_begin(a, week, number, e);
		if (got == ROW_FAILED)
			break;
		i = rows_at(a, week, number);
		if (got == ROW_OPENED && !is_full(&a->rows[i].filter))
			break;
	}
	close(lock);
	if (got == ROW_FAILED)
		return false;
	return number < FILES_MAX ||
	    err_set(e, EX_IOERR,
		"%s/%s: none of the week's %d files can be used; move them "
		"away",
		at.dir, at.name, FILES_MAX);
}

/* Makes week the one that is added to. */
static bool
week_choose(struct accepted *a, int64_t week, struct err *e)
{
	size_t from = rows_at(a, week, 0);

	if (!rows_has(a, from, week) && !week_begin(a, week, e))
		return false;
	a->week = week;
	a->from = from;
	a->behind = rows_at(a, week, FILES_MAX);
	return true;
}

bool
accepted_add(struct accepted *a, uint64_t hash, int64_t time, struct err *e)
{
	int64_t week = week_of(time);

	assert(a->write);
	if (week != a->week) {
		if (!week_is_kept(a, week))
			return true;
		if (!week_choose(a, week, e))
			return false;
	}
	filter_note_first(&a->rows[a->from].filter, time);
	for (size_t i = a->from; i < a->behind; i++)
		if (filter_has(&a->rows[i].filter, hash))
			return true;
	if (is_full(&a->rows[a->behind - 1].filter) &&
	    (!week_begin(a, week, e) || !week_choose(a, week, e)))
		return false;
	filter_add(&a->rows[a->behind - 1].filter, hash);
	return true;
}

/* ---- asking ---- */

/* Whether accepted_lately() asks the row at a time in week. */
static bool
is_lately(const struct row *row, int64_t week)
{
	return row->week < week && row->week >= week - ACCEPTED_WEEKS;
}

enum accepted_answer
accepted_lately(const struct accepted *a, uint64_t hash, int64_t time)
{
	int64_t week = week_of(time);
	int64_t earliest = FILTER_NONE;
	bool yes = false;

	for (const struct row *row = a->rows; row < a->rows + a->n; row++)
		if (is_lately(row, week))
			filter_ahead(&row->filter, hash);
	for (const struct row *row = a->rows; row < a->rows + a->n; row++) {
		int64_t first;

		if (!is_lately(row, week))
			continue;
		first = filter_first(&row->filter);
		if (first < earliest)
			earliest = first;
		yes = yes || filter_has(&row->filter, hash);
	}
	if (earliest > time - ACCEPTED_YOUNG_DAYS * CLOCK_DAY)
		return ACCEPTED_YOUNG;
	return yes ? ACCEPTED_YES : ACCEPTED_NO;
}

bool
accepted_since(const struct accepted *a, uint64_t hash, int64_t time)
{
	for (size_t i = rows_at(a, week_of(time), 0); i < a->n; i++)
		if (filter_has(&a->rows[i].filter, hash))
			return true;
	return false;
}

double
accepted_false_rate(const struct accepted *a, int64_t time)
{
	int64_t week = week_of(time);
	double right = 1; /* all of them say no */

	for (size_t i = 0; i < a->n; i++)
		if (is_lately(&a->rows[i], week))
			right *= 1 - filter_false_rate(&a->rows[i].filter);
	return 1 - right;
}

bool
accepted_each(const struct accepted *a, accepted_fn *fn, void *ctx,
    struct err *e)
{
	for (size_t i = 0; i < a->n; i++) {
		const struct row *row = &a->rows[i];

		if (!fn(ctx, row->week * WEEK - TO_MONDAY,
		    (int64_t)filter_count(&row->filter),
		    (int64_t)row->filter.bytes, e))
			return false;
	}
	return true;
}
