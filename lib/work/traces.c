/* traces.c - where an address still stands in the files of the state folder:
 * journal, quarantine, copies of the database. */
#include "work/traces.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/number.h"
#include "mail/spelled.h"
#include "wrap/glib.h"

#define BLOCK (1u << 20)
#define FORMS 2
#define DEPTH 8 /* folders in folders */
#define FOLD_GROWS 12 /* times a text may grow when it is folded */

/* Bytes to look for, lower case, by Horspool's way. */
struct needle {
	char text[ADDRESS_MAX];
	size_t n;
	size_t skip[256];
};

struct hunt {
	const struct config *config;
	struct needle form[FORMS];
	size_t forms;
	bool strict;
	trace_fn *fn;
	trace_line_fn *line;
	bool lines; /* of this file they are given */
	struct spelled names;
	void *ctx;
	char *block; /* TRACES_LINE of before, BLOCK, TRACES_LINE of behind */
	uint64_t hits;
};

static void
needle_set(struct needle *w, struct str text)
{
	w->n = text.n;
	for (size_t i = 0; i < text.n; i++)
		w->text[i] = ascii_lower(text.p[i]);
	for (size_t i = 0; i < 256; i++)
		w->skip[i] = text.n;
	for (size_t i = 0; i + 1 < text.n; i++)
		w->skip[(unsigned char)w->text[i]] = text.n - 1 - i;
}

/* The first place at or behind from, or n. */
static size_t
needle_find(const struct needle *w, const char *p, size_t n, size_t from)
{
	for (size_t at = from; at + w->n <= n;) {
		char last = ascii_lower(p[at + w->n - 1]);
		size_t i = w->n - 1;

		if (last == w->text[i]) {
			while (i > 0 && ascii_lower(p[at + i - 1]) ==
			    w->text[i - 1])
				i--;
			if (i == 0)
				return at;
		}
		at += w->skip[(unsigned char)last];
	}
	return n;
}

static bool
is_plain(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if ((s.p[i] & 0x80) != 0 || s.p[i] == '"')
			return false;
	return str_ifind(s, STR("xn--")) == s.n;
}

/* The labels behind the last that may be written as a U-label. */
static struct str
plain_end(struct str domain)
{
	struct str end = domain;

	while (!is_plain(end)) {
		size_t dot = str_chr(end, '.');

		end = str_skip(end, dot < end.n ? dot + 1 : dot);
	}
	return end;
}

/* "local@domain" and "local=domain", or the half of them that can be written
 * in one way only. */
static bool
set_forms(struct hunt *h, struct str local, struct str domain, struct err *e)
{
	char text[ADDRESS_MAX];

	h->forms = FORMS;
	for (size_t i = 0; i < FORMS; i++) {
		if (!number_print(text, sizeof text, "%.*s%c%.*s",
		    is_plain(local) ? (int)local.n : 0, local.p,
		    i == 0 ? '@' : '=', is_plain(domain) ? (int)domain.n : 0,
		    domain.p))
			return err_set(e, EX_SOFTWARE, "an address too long");
		needle_set(&h->form[i], str_from(text));
	}
	return true;
}

/* Where neither half can be: the domain's end. */
static bool
hunt_init(struct hunt *h, struct str key, struct err *e)
{
	size_t at = str_rchr(key, '@');
	struct str local = str_sub(key, 0, at), domain = str_skip(key, at + 1);
	struct str end = plain_end(domain);

	if (!set_forms(h, local, domain, e))
		return false;
	if (!is_plain(local) && !is_plain(domain) && end.n > 0) {
		needle_set(&h->form[0], end);
		h->forms = 1;
	}
	spelled_init(&h->names, key);
	h->block = malloc(BLOCK + 2 * TRACES_LINE);
	return h->block != NULL || err_memory(e);
}

/* ---- one file ---- */

static bool
is_word(char c)
{
	return ascii_is_alnum(c) || strchr("._+=-", c) != NULL;
}

static bool
is_alone(const char *p, size_t n, size_t at, size_t len)
{
	return (at == 0 || p[at - 1] == '\0' || !is_word(p[at - 1])) &&
	    (at + len == n || p[at + len] == '\0' || !is_word(p[at + len]));
}

static struct str
line_around(const char *p, size_t n, size_t at)
{
	size_t from = at, to = at;

	while (from > 0 && p[from - 1] != '\n' && at - from < TRACES_LINE)
		from--;
	while (to < n && p[to] != '\n' && to - at < TRACES_LINE)
		to++;
	return str_of(p + from, to - from);
}

/* Bytes of a file; what begins in [from, to) of them is looked at. */
struct block {
	struct str s;
	size_t from, to;
	uint64_t base; /* where s begins in the file */
};

/* Whether it is the address's own: no part of a longer one, nor a namesake
 * at another domain. */
static bool
is_own(const struct hunt *h, struct str line)
{
	char folded[FOLD_GROWS * 2 * TRACES_LINE];

	if (glib_fold(line, folded, sizeof folded))
		return spelled_in(&h->names, str_from(folded));
	if (line.n > sizeof folded)
		return false;
	for (size_t i = 0; i < line.n; i++)
		folded[i] = ascii_lower(line.p[i]);
	return spelled_in(&h->names, str_of(folded, line.n));
}

/* The form whose next place is the nearest. */
static size_t
nearest(const struct hunt *h, const size_t *next)
{
	size_t best = 0;

	for (size_t i = 1; i < h->forms; i++)
		if (next[i] < next[best])
			best = i;
	return best;
}

/* A line is told once, whichever forms stand in it. */
static bool
hunt_block(struct hunt *h, const char *file, const struct block *b,
    struct err *e)
{
	const char *told = NULL;
	size_t next[FORMS];

	for (size_t i = 0; i < h->forms; i++)
		next[i] = needle_find(&h->form[i], b->s.p, b->s.n, b->from);
	for (;;) {
		size_t i = nearest(h, next), at = next[i];
		const struct needle *w = &h->form[i];
		struct str line;

		if (at >= b->to)
			return true;
		next[i] = needle_find(w, b->s.p, b->s.n, at + 1);
		line = line_around(b->s.p, b->s.n, at);
		if (h->strict && !is_alone(b->s.p, b->s.n, at, w->n))
			continue;
		h->hits++;
		if (h->lines && line.p != told && is_own(h, line) &&
		    !h->line(h->ctx, file, b->base +
		        (uint64_t)(line.p - b->s.p), line, e))
			return false;
		told = line.p;
	}
}

/* read(2) until n bytes or the end. */
static ssize_t
read_full(int fd, char *p, size_t n)
{
	size_t got = 0;

	while (got < n) {
		ssize_t r = read(fd, p + got, n - got);

		if (r < 0 && errno == EINTR)
			continue;
		if (r < 0)
			return -1;
		if (r == 0)
			break;
		got += (size_t)r;
	}
	return (ssize_t)got;
}

/* Each block with a line's length of what stands before and behind it. */
static bool
hunt_fd(struct hunt *h, int fd, const char *file, struct err *e)
{
	size_t before = 0, n = 0;
	uint64_t base = 0;
	bool end = false;

	h->hits = 0;
	while (!end) {
		ssize_t got = read_full(fd, h->block + n,
		    BLOCK + 2 * TRACES_LINE - n);
		size_t to;

		if (got < 0)
			return err_set(e, EX_IOERR, "%s: cannot read: %s; "
			    "look at the disk", file, strerror(errno));
		n += (size_t)got;
		end = n < BLOCK + 2 * TRACES_LINE;
		to = end ? n : n - TRACES_LINE;
		if (!hunt_block(h, file, &(struct block){
		    { h->block, n }, before, to, base }, e))
			return false;
		if (end)
			break;
		base += to - TRACES_LINE;
		memmove(h->block, h->block + to - TRACES_LINE,
		    2 * TRACES_LINE);
		before = TRACES_LINE;
		n = 2 * TRACES_LINE;
	}
	return true;
}

/* Lines are given of what is written a row a line: of a database, an export
 * or a dump others would stand in them. */
static bool
has_rows(int fd, const char *file)
{
	char head[4096];
	ssize_t n = pread(fd, head, sizeof head, 0);
	struct str s = str_of(head, n > 0 ? (size_t)n : 0);

	return (str_starts(str_from(file), STR("journal/")) ||
	    str_starts(str_from(file), STR("quarantine/"))) &&
	    !str_starts(s, STR("SQLite format 3")) &&
	    str_chr(s, '\0') == s.n;
}

static bool
begins_with(int fd, const struct str *magic, size_t count)
{
	char head[8];
	ssize_t n = pread(fd, head, sizeof head, 0);

	for (size_t i = 0; i < count; i++)
		if (n > 0 && str_starts(str_of(head, (size_t)n), magic[i]))
			return true;
	return false;
}

static bool
is_packed(int fd)
{
	static const struct str MAGIC[] = { { "\x1f\x8b", 2 },
		{ "\x28\xb5\x2f\xfd", 4 }, { "\xfd" "7zXZ", 5 },
		{ "BZh", 3 } };

	return begins_with(fd, MAGIC, COUNT(MAGIC));
}

/* Who took mail, as bits: what reads like text there is chance. */
static bool
is_filter(int fd)
{
	return begins_with(fd, &STR("PMSBLOOM"), 1);
}

static bool
cannot_open(const char *path, struct err *e)
{
	return err_set(e, EX_NOINPUT, "%s: cannot open: %s; %s", path,
	    strerror(errno), err_mend(errno,
	    "run this as the owner of the state folder"));
}

/* A file that has gone meanwhile holds nothing. */
static bool
hunt_file(struct hunt *h, int dir, const char *name, const char *file,
    struct err *e)
{
	int fd = openat(dir, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW |
	    O_NONBLOCK);
	struct trace t = { .file = file };
	struct stat st;
	bool packed, ok;

	if (fd < 0 && (errno == ENOENT || errno == ELOOP))
		return true;
	if (fd < 0)
		return cannot_open(file, e);
	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode) || is_filter(fd)) {
		close(fd);
		return true;
	}
	packed = is_packed(fd);
	h->lines = h->line != NULL && has_rows(fd, file);
	ok = packed || hunt_fd(h, fd, file, e);
	close(fd);
	if (!ok || (!packed && h->hits == 0))
		return ok;
	t.hits = packed ? 0 : h->hits;
	if (str_starts(str_from(file), STR("journal/")))
		t.expires = st.st_mtim.tv_sec + h->config->journal_keep;
	return h->fn == NULL || h->fn(h->ctx, &t, e);
}

/* ---- the folders ---- */

/* The database and its companions are not traces: they were erased from. */
static bool
is_database(const char *name)
{
	return strcmp(name, "suppress.db") == 0 ||
	    strcmp(name, "suppress.db-wal") == 0 ||
	    strcmp(name, "suppress.db-shm") == 0;
}

static bool hunt_folder(
    struct hunt *h, const char *below, unsigned depth, struct err *e);

/* A file, or a folder with what is in it; links and pipes hold nothing. */
static bool
hunt_name(struct hunt *h, int dir, const char *below, const char *name,
    unsigned depth, struct err *e)
{
	char file[CONFIG_PATH_MAX];
	struct stat st;
	bool top = below[0] == '\0';

	/* lost+found is the file system's, and root's alone. */
	if (name[0] == '.' || (top && (is_database(name) ||
	    strcmp(name, "lost+found") == 0)) ||
	    fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) != 0 ||
	    (!S_ISDIR(st.st_mode) && !S_ISREG(st.st_mode)))
		return true;
	if (!number_print(file, sizeof file, "%s%s%s", below, name,
	    S_ISDIR(st.st_mode) ? "/" : ""))
		return err_set(e, EX_NOINPUT, "%s%s: the path is too long; "
		    "look there yourself and move it away", below, name);
	return S_ISDIR(st.st_mode) ? hunt_folder(h, file, depth + 1, e)
				   : hunt_file(h, dir, name, file, e);
}

/* below: "" or "journal/". */
static bool
hunt_folder(struct hunt *h, const char *below, unsigned depth, struct err *e)
{
	char path[CONFIG_PATH_MAX];
	const struct dirent *d;
	bool ok = true;
	DIR *dir;

	if (!config_path(h->config, below, path, e))
		return false;
	if (depth > DEPTH)
		return err_set(e, EX_NOINPUT, "%s: too many folders in "
		    "folders; look there yourself and move it away", path);
	dir = opendir(path);
	if (dir == NULL)
		return errno == ENOENT || cannot_open(path, e);
	while (ok && (d = readdir(dir)) != NULL)
		ok = hunt_name(h, dirfd(dir), below, d->d_name, depth, e);
	closedir(dir);
	return ok;
}

bool
traces_each(const struct config *c, struct str key, trace_fn *fn,
    trace_line_fn *line, void *ctx, struct err *e)
{
	struct hunt h = { .config = c, .fn = fn, .line = line, .ctx = ctx };
	bool ok = hunt_init(&h, key, e) && hunt_folder(&h, "", 0, e);

	free(h.block);
	return ok;
}

bool
traces_in_database(const struct config *c, struct str key, bool strict,
    uint64_t *hits, struct err *e)
{
	static const char *const FILES[] = { "suppress.db",
		"suppress.db-wal" };
	struct hunt h = { .config = c, .strict = strict };
	char path[CONFIG_PATH_MAX];
	bool ok = hunt_init(&h, key, e);

	*hits = 0;
	/* In the database it stands as its key, whatever that is made of. */
	h.forms = FORMS;
	for (size_t i = 0; i < FORMS && ok; i++) {
		needle_set(&h.form[i], key);
		if (i == 1)
			h.form[i].text[str_rchr(key, '@')] = '=';
	}
	for (size_t i = 0; i < COUNT(FILES) && ok; i++) {
		h.hits = 0;
		ok = config_path(c, FILES[i], path, e) &&
		    hunt_file(&h, AT_FDCWD, path, FILES[i], e);
		*hits += h.hits;
	}
	free(h.block);
	return ok;
}
