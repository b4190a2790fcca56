/* status_journal.c - how large the journal is and where each stream ends. */
#include "status_journal.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/array.h"

/* "NAME.OFFSET.seg" or ".gap": its name and offset. */
static bool
split_name(struct str file, struct str *name, uint64_t *offset)
{
	char hex[17];
	char *end;
	struct str middle;
	size_t dot = str_chr(file, '.');

	*name = str_sub(file, 0, dot);
	middle = str_skip(file, dot + 1);
	dot = str_chr(middle, '.');
	if (dot != 16 || name->n >= JOURNAL_NAME_MAX ||
	    (!str_ends(file, STR(".seg")) && !str_ends(file, STR(".gap"))) ||
	    !str_copy(str_sub(middle, 0, dot), hex, sizeof hex))
		return false;
	*offset = strtoull(hex, &end, 16);
	return *end == '\0';
}

static struct stream_end *
find(const struct status_journal *j, struct str name)
{
	for (size_t i = 0; i < j->n; i++)
		if (str_eq(str_from(j->ends[i].name), name))
			return &j->ends[i];
	return NULL;
}

static bool
keep_end(struct status_journal *j, struct str name, uint64_t end, struct err *e)
{
	struct stream_end *at = find(j, name);

	if (at == NULL) {
		at = array_room(j->ends, j->n, &j->cap, sizeof *at, e);
		if (at == NULL)
			return false;
		j->ends = at;
		at = &j->ends[j->n++];
		*at = (struct stream_end){ .end = 0 };
		(void)str_copy(name, at->name, sizeof at->name);
	}
	if (end > at->end)
		at->end = end;
	return true;
}

static bool
read_ends(struct status_journal *j, struct journal *journal, struct err *e)
{
	int fd = openat(
	    journal_fd(journal), ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *d = fd >= 0 ? fdopendir(fd) : NULL;
	const struct dirent *file;
	struct stat st;
	struct str name;
	uint64_t offset;
	bool ok = true;

	if (d == NULL) {
		ok = errno != ENOMEM || err_memory(e);
		if (fd >= 0)
			close(fd);
		return ok;
	}
	while (ok && (file = readdir(d)) != NULL)
		if (split_name(str_from(file->d_name), &name, &offset) &&
		    fstatat(fd, file->d_name, &st, AT_SYMLINK_NOFOLLOW) == 0)
			ok =
			    keep_end(j, name, offset + (uint64_t)st.st_size, e);
	closedir(d);
	return ok;
}

bool
status_journal_read(
    struct status_journal *j, const struct config *c, struct err *e)
{
	char path[CONFIG_PATH_MAX];
	struct err why = { 0 };
	struct journal *journal;
	bool ok = true;

	if (!config_path(c, "journal", path, e))
		return false;
	journal = journal_open(path, false, &why);
	if (journal != NULL && journal_measure(journal, &j->sizes, &why))
		ok = read_ends(j, journal, e);
	else if (why.code == EX_OSERR) /* of memory */
		ok = err_memory(e);
	else
		j->why = why.code == EX_NOINPUT ? "none yet"
		    : "not for you to read";
	journal_close(journal);
	return ok;
}

void
status_journal_release(struct status_journal *j)
{
	free(j->ends);
	j->ends = NULL;
	j->n = j->cap = 0;
}

uint64_t
status_journal_end(struct status_journal *j, struct str name)
{
	struct stream_end *at = find(j, name);

	if (at == NULL)
		return 0;
	at->told = true;
	return at->end;
}
