/* paths.c - the files that words name: a Maildir names all its mails. */
#include "paths.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/array.h"
#include "base/str.h"

static bool
push(struct paths *p, char *path, struct err *e)
{
	char **list;

	if (path == NULL)
		return err_memory(e);
	list = array_room(p->list, p->n, &p->cap, sizeof *list, e);
	if (list == NULL) {
		free(path);
		return false;
	}
	p->list = list;
	p->list[p->n++] = path;
	return true;
}

static char *
join(const char *dir, const char *name)
{
	char *path = NULL;

	return asprintf(&path, "%s/%s", dir, name) < 0 ? NULL : path;
}

static bool
is_folder(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

/* To open a FIFO would wait for somebody who writes to it. */
static bool
is_file(const char *path)
{
	struct stat st;

	return stat(path, &st) != 0 || S_ISREG(st.st_mode);
}

/* Hidden files are none of ours, what is no file in a folder neither. */
static bool
add_one(struct paths *p, const char *dir, const struct dirent *name,
    struct err *e)
{
	char *path;

	if (name->d_name[0] == '.')
		return true;
	path = join(dir, name->d_name);
	/* What its folder tells of a file need not be asked again. */
	if (path != NULL && name->d_type != DT_REG && !is_file(path)) {
		free(path);
		return true;
	}
	return push(p, path, e);
}

static bool
add_files(struct paths *p, const char *dir, struct err *e)
{
	struct dirent **names = NULL;
	int n = scandir(dir, &names, NULL, alphasort);
	bool ok = true;

	if (n < 0)
		return err_set(e, EX_NOINPUT, "%s: cannot read the folder: %s; "
		    "%s", dir, strerror(errno), err_mend(errno,
		    "name one you may read"));
	for (int i = 0; i < n; i++) {
		ok = ok && add_one(p, dir, names[i], e);
		free(names[i]);
	}
	free(names);
	return ok;
}

/* Of a Maildir its mails. One part alone may be a folder beside files. */
static bool
add_folder(struct paths *p, const char *dir, struct err *e)
{
	static const char *const PARTS[] = { "new", "cur" };
	size_t found = 0;
	bool ok = true;

	for (size_t i = 0; i < COUNT(PARTS) && ok; i++) {
		char *part = join(dir, PARTS[i]);

		if (part == NULL)
			return err_memory(e);
		if (is_folder(part)) {
			found++;
			ok = add_files(p, part, e);
		}
		free(part);
	}
	return ok && (found == COUNT(PARTS) || add_files(p, dir, e));
}

bool
paths_add(struct paths *p, const char *word, struct err *e)
{
	if (is_folder(word))
		return add_folder(p, word, e);
	return push(p, strdup(word), e);
}

void
paths_release(struct paths *p)
{
	for (size_t i = 0; i < p->n; i++)
		free(p->list[i]);
	free(p->list);
	*p = (struct paths){ 0 };
}

/* The folder of a path; the name in it is told. */
static bool
folder_of(const char *path, const char **name, struct stat *st)
{
	const char *slash = strrchr(path, '/');
	char *folder = slash == NULL
	    ? strdup(".")
	    : strndup(path, slash == path ? 1 : (size_t)(slash - path));
	bool ok = folder != NULL && stat(folder, st) == 0;

	*name = slash == NULL ? path : slash + 1;
	free(folder);
	return ok;
}

bool
paths_same(const char *a, const char *b)
{
	struct stat in_a, in_b;
	const char *name_a, *name_b;

	if (a == NULL || b == NULL)
		return false;
	if (strcmp(a, b) == 0)
		return true;
	return folder_of(a, &name_a, &in_a) && folder_of(b, &name_b, &in_b) &&
	    in_a.st_dev == in_b.st_dev && in_a.st_ino == in_b.st_ino &&
	    strcmp(name_a, name_b) == 0;
}
