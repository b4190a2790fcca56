/* export_sink.c - where exported entries go: one file or one a group, and what
 * the layout has no place for. */
#include "export_sink.h"

#include <dirent.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "app.h"
#include "base/quote.h"
#include "wrap/hash.h"

#define NAME_MAX_BYTES 80 /* of a file, before what tells it from others */
#define FOLDER_MODE 0777  /* less what the umask takes: 0750 */

struct export_part {
	char *key, *path;
	struct export_rows rows;
};

bool
export_split_of(const char *name, enum export_split *out)
{
	static const char *const NAMES[] = { [SPLIT_STREAM] = "stream",
		[SPLIT_CLASS] = "class",
		[SPLIT_PROVIDER] = "provider" };

	for (size_t i = SPLIT_STREAM; i < COUNT(NAMES); i++)
		if (strcmp(NAMES[i], name) == 0) {
			*out = (enum export_split)i;
			return true;
		}
	return false;
}

struct str
export_sink_key(const struct export_sink *s, const struct entry_row *row)
{
	struct str key = s->split == SPLIT_STREAM ? row->entry.scope
	    : s->split == SPLIT_CLASS ? str_from(class_name(row->entry.class))
				      : row->provider;

	return key.n > 0 ? key : STR("none");
}

/* A name of letters, digits, '.', '_' and '-' only. What had to give way gets
 * a hash of the whole behind it, so no two groups share a file. */
static void
safe_name(struct buf *out, struct str key)
{
	bool whole = key.n <= NAME_MAX_BYTES;
	struct str colon = STR("stream:");
	bool first = true; /* of the name: a '.' would hide the file */

	if (str_starts(key, colon)) {
		buf_adds(out, "stream-");
		key = str_skip(key, colon.n);
		first = false;
	}
	for (size_t i = 0; i < key.n && i < NAME_MAX_BYTES; i++) {
		char c = key.p[i];
		bool safe = ascii_is_alnum(c) || c == '-' || c == '_' ||
		    (c == '.' && !first);

		first = false;
		whole = whole && safe;
		buf_addc(out, safe ? c : '_');
	}
	if (!whole)
		buf_addf(out, "-%08" PRIx64, hash64(key) & UINT32_MAX);
}

static const char *
ending(const struct export_rows *x)
{
	if (x->json)
		return ".json";
	return x->profile->traits & PROFILE_PLAIN ? ".txt" : ".csv";
}

/* The files of a split, by key; the caller has made room for one more. */
static bool
open_part(struct export_sink *s, struct str key, struct err *e)
{
	struct export_part *p = &s->parts[s->n];
	struct buf path = { 0 };

	*p = (struct export_part){ .rows = s->rows };
	buf_addf(&path, "%s/", s->folder);
	safe_name(&path, key);
	buf_adds(&path, ending(&s->rows));
	if (buf_cstr(&path) != NULL)
		p->path = strdup(path.p);
	p->key = strndup(key.p, key.n);
	buf_release(&path);
	s->n++; /* released from now on */
	if (p->path == NULL || p->key == NULL)
		return err_memory(e);
	p->rows.path = p->path;
	return export_rows_begin(&p->rows, e);
}

static struct export_rows *
part_of(struct export_sink *s, const struct entry_row *row, struct err *e)
{
	struct str key = export_sink_key(s, row);

	if (s->split == SPLIT_NONE)
		return &s->rows;
	for (size_t i = 0; i < s->n; i++)
		if (str_eq(str_from(s->parts[i].key), key))
			return &s->parts[i].rows;
	if (s->n < EXPORT_FILES_MAX)
		return open_part(s, key, e) ? &s->parts[s->n - 1].rows : NULL;
	err_set(e, EX_CANTCREAT,
	    "%s: more than %d files; split by something else, or choose with "
	    "--class or --scope",
	    s->folder, EXPORT_FILES_MAX);
	return NULL;
}

bool
export_sink_begin(struct export_sink *s, struct err *e)
{
	if (!export_lost_begin(&s->lost, e))
		return false;
	if (s->split == SPLIT_NONE)
		return export_rows_begin(&s->rows, e);
	s->parts = calloc(EXPORT_FILES_MAX, sizeof *s->parts);
	if (s->parts == NULL)
		return err_memory(e);
	return file_make_folder(s->folder, FOLDER_MODE, e);
}

static bool
is_removal(const struct entry_row *row)
{
	return str_eq(row->action, STR("remove")) ||
	    str_eq(row->action, STR("hold"));
}

/* Letters, digits and what is common in local parts, but nothing that a
 * configuration might read as a quote, a comment, a pattern, a macro or an
 * escape. */
static bool
is_atoms(struct str s)
{
	struct str signs = STR(".@_-+=%~!&'");

	for (size_t i = 0; i < s.n; i++)
		if (!ascii_is_alnum(s.p[i]) && str_chr(signs, s.p[i]) == signs.n)
			return false;
	return str_chr(s, '@') < s.n;
}

/* Why the layout has no place for the row; LOST_COUNT: it has. */
static enum lost
why_lost(const struct export_sink *s, const struct entry_row *row)
{
	const struct profile *p = s->rows.profile;
	bool stream = !str_eq(row->entry.scope, STR("global"));

	if (row->entry.address.p[0] == '#' &&
	    (!(p->traits & PROFILE_ALL) || s->rows.hash != GLIB_PLAIN))
		return LOST_ERASED;
	if (row->entry.address.p[0] == '@' &&
	    (!(p->traits & PROFILE_DOMAINS) || s->rows.hash != GLIB_PLAIN))
		return LOST_DOMAIN;
	if (stream && !(p->traits & PROFILE_ALL) && !s->streams)
		return LOST_STREAM;
	if (!profile_takes(p, row->entry.class))
		return LOST_LIST;
	if ((p->traits & PROFILE_ATOMS) && !is_atoms(row->entry.address))
		return LOST_FORM;
	return LOST_COUNT;
}

bool
export_sink_carries(const struct export_sink *s, const struct entry_row *row,
    struct str key)
{
	return why_lost(s, row) == LOST_COUNT &&
	    (s->split == SPLIT_NONE || str_eq(export_sink_key(s, row), key));
}

bool
export_sink_put(void *ctx, const struct entry_row *row, struct err *e)
{
	struct export_sink *s = ctx;
	const struct profile *p = s->rows.profile;
	enum lost why = why_lost(s, row);
	struct export_rows *to;

	/* What never was in their list need not be taken off it. */
	if (is_removal(row) && !(p->traits & PROFILE_CHANGES))
		return why != LOST_COUNT ||
		    export_lost_put(&s->lost, LOST_REMOVAL, row, e);
	if (why != LOST_COUNT)
		return export_lost_put(&s->lost, why, row, e);
	if (row->entry.until != 0 && !profile_has(p, CELL_UNTIL) &&
	    !export_lost_put(&s->lost, LOST_END, row, e))
		return false;
	to = part_of(s, row, e);
	return to != NULL && export_rows_put(to, row, e);
}

/* A group that has no entries any more left its file behind. */
static void
tell_strays(const struct export_sink *s, FILE *f)
{
	struct str folder = str_from(s->folder);
	DIR *d = opendir(s->folder);
	struct dirent *entry;
	char quoted[200];

	while (d != NULL && (entry = readdir(d)) != NULL) {
		struct str name = str_from(entry->d_name);
		bool ours = !str_ends(name, str_from(ending(&s->rows)));

		for (size_t i = 0; i < s->n && !ours; i++)
			ours = str_eq(name, str_skip(
			    str_from(s->parts[i].path), folder.n + 1));
		if (!ours)
			fprintf(f,
			    "pmta-suppress: export: %s/%s: not of this "
			    "export: it may be of a group that is empty now; "
			    "remove it\n",
			    s->folder, str_quote(name, quoted, sizeof quoted));
	}
	if (d != NULL)
		closedir(d);
}

bool
export_sink_done(struct export_sink *s, FILE *f, struct err *e)
{
	if (s->split == SPLIT_NONE && !export_rows_done(&s->rows, e))
		return false;
	s->told = s->rows.rows;
	for (size_t i = 0; i < s->n; i++) {
		if (!export_rows_done(&s->parts[i].rows, e))
			return false;
		s->told += s->parts[i].rows.rows;
	}
	if (!export_lost_done(&s->lost, s->rows.profile, f, e))
		return false;
	if (s->split != SPLIT_NONE)
		tell_strays(s, f);
	return true;
}

void
export_sink_release(struct export_sink *s)
{
	for (size_t i = 0; i < s->n; i++) {
		export_rows_release(&s->parts[i].rows);
		free(s->parts[i].key);
		free(s->parts[i].path);
	}
	free(s->parts);
	export_rows_release(&s->rows);
	export_lost_release(&s->lost);
}
