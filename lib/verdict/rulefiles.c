/* rulefiles.c - the rule files of the site and of the package, in order. */
#include "verdict/rulefiles.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/array.h"
#include "base/file.h"
#include "base/ini.h"
#include "base/number.h"
#include "base/quote.h"
#include "verdict/builtin.h"

#define PROVIDERS "providers.conf"
#define SHOWN 80

static void
file_release(struct rule_file *f)
{
	free(f->name);
	buf_release(&f->bytes);
	*f = (struct rule_file){ 0 };
}

void
rule_files_release(struct rule_files *f)
{
	for (size_t i = 0; i < f->count; i++)
		file_release(&f->of[i]);
	free(f->of);
	file_release(&f->providers);
	*f = (struct rule_files){ 0 };
}

/* The number of "NN-name.rules"; false when the name is not of that form. */
static bool
number_of(struct str name, unsigned *out)
{
	uint64_t v;
	size_t dash = str_chr(name, '-');

	if (!number_u64(str_sub(name, 0, dash), 0, 9999, &v))
		return false;
	*out = (unsigned)v;
	return dash + 1 < name.n - strlen(".rules");
}

static struct rule_file *
add(struct rule_files *f, struct err *e)
{
	struct rule_file *more = array_room(f->of, f->count, &f->cap,
	    sizeof *more, e);

	if (more == NULL)
		return NULL;
	f->of = more;
	f->of[f->count] = (struct rule_file){ 0 };
	return &f->of[f->count++];
}

/* Reads dir/name into f, and takes the text from there. */
static bool
load(struct rule_file *f, const char *dir, const char *name, struct err *e)
{
	if (asprintf(&f->name, "%s/%s", dir, name) < 0) {
		f->name = NULL;
		return err_memory(e);
	}
	if (!file_read(f->name, INI_FILE_MAX, &f->bytes, e))
		return false;
	f->text = buf_str(&f->bytes);
	return true;
}

static bool
add_file(struct rule_files *f, const char *dir, const char *name, bool site,
    struct err *e)
{
	struct str s = str_from(name);
	unsigned number;
	char shown[SHOWN];
	struct rule_file *new;

	if (!str_ends(s, STR(".rules")) || name[0] == '.')
		return true;
	if (!number_of(s, &number))
		return err_set(e, EX_CONFIG,
		    "%s/%s: the name does not tell "
		    "its place among the rules; call it NN-name.rules",
		    dir, str_quote(s, shown, sizeof shown));
	if (f->count == RULE_FILES_MAX)
		return err_set(e, EX_CONFIG,
		    "%s: more than %d rule files; "
		    "put some together",
		    dir, RULE_FILES_MAX);
	new = add(f, e);
	if (new == NULL)
		return false;
	new->number = number;
	new->site = site;
	return load(new, dir, name, e);
}

/* A folder that may be absent simply has no files. */
static bool
add_folder(struct rule_files *f, const char *dir, bool site, struct err *e)
{
	DIR *d = opendir(dir);
	const struct dirent *entry;
	bool ok = false;

	if (d == NULL && site && errno == ENOENT)
		return true;
	if (d == NULL)
		return err_set(e, EX_CONFIG,
		    "%s: cannot read the rules: %s; "
		    "name a folder that holds NN-name.rules",
		    dir, strerror(errno));
	while ((errno = 0, entry = readdir(d)) != NULL)
		if (!add_file(f, dir, entry->d_name, site, e))
			goto out;
	if (errno != 0) {
		err_set(e, EX_IOERR, "%s: cannot read on: %s; run it again",
		    dir, strerror(errno));
		goto out;
	}
	ok = true;
out:
	closedir(d);
	return ok;
}

static bool
add_builtin(struct rule_files *f, struct err *e)
{
	for (unsigned i = 0; i < BUILTIN_COUNT; i++) {
		struct str name = str_from(BUILTIN_FILES[i].name);
		struct rule_file *new;
		unsigned number;

		if (!str_ends(name, STR(".rules")) || !number_of(name, &number))
			continue;
		new = add(f, e);
		if (new == NULL)
			return false;
		new->number = number;
		new->builtin = true;
		new->text = BUILTIN_FILES[i].text;
		new->name = strdup(BUILTIN_FILES[i].name);
		if (new->name == NULL)
			return err_memory(e);
	}
	return true;
}

/* Takes the folder's providers.conf; *found false when it has none. */
static bool
take_providers(
    struct rule_files *f, const char *dir, bool *found, struct err *e)
{
	struct err why = { 0 };
	bool absent;

	*found = dir != NULL && load(&f->providers, dir, PROVIDERS, &why);
	if (*found || dir == NULL)
		return true;
	absent = f->providers.name != NULL &&
	    access(f->providers.name, F_OK) != 0 && errno == ENOENT;
	file_release(&f->providers);
	return absent || err_set(e, why.code, "%s", why.text);
}

static bool
builtin_providers(struct rule_files *f, struct err *e)
{
	for (unsigned i = 0; i < BUILTIN_COUNT; i++)
		if (strcmp(BUILTIN_FILES[i].name, PROVIDERS) == 0)
			f->providers.text = BUILTIN_FILES[i].text;
	f->providers.name = strdup(PROVIDERS);
	return f->providers.name != NULL || err_memory(e);
}

/* By number, the site's first, then by name. */
static int
compare(const void *a, const void *b)
{
	const struct rule_file *x = a;
	const struct rule_file *y = b;

	if (x->number != y->number)
		return x->number < y->number ? -1 : 1;
	if (x->site != y->site)
		return x->site ? -1 : 1;
	return strcmp(x->name, y->name);
}

/* Without rules the codes alone would speak: a block could read as a dead
 * mailbox. */
static bool
add_shipped(struct rule_files *f, const char *dir, struct err *e)
{
	size_t before = f->count;

	if (dir == NULL)
		return add_builtin(f, e);
	if (!add_folder(f, dir, false, e))
		return false;
	return f->count > before ||
	    err_set(e, EX_CONFIG,
		"%s: no rules are here; name a folder that holds NN-name.rules",
		dir);
}

bool
rule_files_find(struct rule_files *f, const char *site_dir,
    const char *shipped_dir, struct err *e)
{
	bool found = false;

	if (site_dir != NULL && !add_folder(f, site_dir, true, e))
		return false;
	if (!add_shipped(f, shipped_dir, e))
		return false;
	if (f->count > 0)
		qsort(f->of, f->count, sizeof *f->of, compare);
	if (!take_providers(f, site_dir, &found, e) ||
	    (!found && !take_providers(f, shipped_dir, &found, e)))
		return false;
	return found || builtin_providers(f, e);
}
