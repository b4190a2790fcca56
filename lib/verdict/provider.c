/* provider.c - who really receives: by MX host, then by recipient domain.
 *
 * One open table of names. A name is hashed from its end to its start, so
 * that one walk over a host gives the hash of each of its suffixes. */
#include "verdict/provider.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/ini.h"
#include "base/quote.h"

#define NAME_MAX_BYTES 253
#define HASH_START UINT32_C(2166136261)
#define HASH_TIMES UINT32_C(16777619)
#define SHOWN 80
#define SEEN_BITS 10
#define SEEN_COUNT (1u << SEEN_BITS)
#define SEEN_BYTES 60

enum table { TABLE_MX, TABLE_DOMAIN, TABLE_COUNT };

struct entry {
	struct str name; /* small letters; begins with a dot: a suffix */
	uint32_t hash;
	unsigned provider;
	enum table table;
};

/* An answer that was given before: most mail goes to few names. */
struct seen {
	char name[SEEN_BYTES];
	uint8_t n, table; /* n 0: none yet */
	uint16_t provider;
};

struct provider {
	const char *name;
	const char *title;
};

struct providers {
	struct provider list[PROVIDER_MAX];
	unsigned count; /* list[0] is "other" */
	struct entry *entries;
	size_t n, cap;
	uint32_t *slots; /* index + 1 into entries, 0: free */
	size_t slot_count; /* a power of two */
	struct seen *seen; /* by a hash of the name as it was asked for */
	struct arena text;
};

static uint32_t
hash_byte(uint32_t hash, char c)
{
	return (hash ^ (unsigned char)ascii_lower(c)) * HASH_TIMES;
}

static uint32_t
hash_name(struct str name, enum table table)
{
	uint32_t hash = HASH_START + (uint32_t)table;

	for (size_t i = name.n; i > 0; i--)
		hash = hash_byte(hash, name.p[i - 1]);
	return hash;
}

static const struct entry *
look_up(
    const struct providers *p, struct str name, uint32_t hash, enum table table)
{
	size_t at = hash & (p->slot_count - 1);

	for (; p->slots[at] != 0; at = (at + 1) & (p->slot_count - 1)) {
		const struct entry *e = &p->entries[p->slots[at] - 1];

		if (e->hash == hash && e->table == table &&
		    str_ieq(e->name, name))
			return e;
	}
	return NULL;
}

static void
put_slot(struct providers *p, size_t i)
{
	size_t at = p->entries[i].hash & (p->slot_count - 1);

	while (p->slots[at] != 0)
		at = (at + 1) & (p->slot_count - 1);
	p->slots[at] = (uint32_t)i + 1;
}

/* Room for one entry more; at most every second slot is taken. */
static bool
grow(struct providers *p, struct err *e)
{
	size_t cap = p->cap > 0 ? p->cap * 2 : 1024;
	struct entry *more;
	uint32_t *slots;

	if (p->n < p->cap)
		return true;
	more = reallocarray(p->entries, cap, sizeof *more);
	if (more == NULL)
		return err_memory(e);
	p->entries = more;
	slots = calloc(cap * 2, sizeof *slots);
	if (slots == NULL)
		return err_memory(e);
	free(p->slots);
	p->slots = slots;
	p->slot_count = cap * 2;
	p->cap = cap;
	for (size_t i = 0; i < p->n; i++)
		put_slot(p, i);
	return true;
}

static bool
bad_value(const struct ini_line *l, const char *what, struct err *e)
{
	char shown[SHOWN];

	return err_set(e, EX_CONFIG, "%s:%u: %.*s '%s': %s", l->file, l->line,
	    STR_ARG(l->key), str_quote(l->value, shown, sizeof shown), what);
}

static bool
start_provider(struct providers *p, const struct ini_line *l, struct err *e)
{
	char shown[SHOWN];
	unsigned number;

	if (provider_of(p, l->section, &number))
		return err_set(e, EX_CONFIG,
		    "%s:%u: provider '%s' is there "
		    "already; put its lines into one section",
		    l->file, l->line,
		    str_quote(l->section, shown, sizeof shown));
	for (size_t i = 0; i < l->section.n; i++)
		if (!ascii_is_alnum(l->section.p[i]) && l->section.p[i] != '-')
			return err_set(e, EX_CONFIG,
			    "%s:%u: provider '%s' "
			    "has more than letters, digits and dashes in its "
			    "name; leave them out",
			    l->file, l->line,
			    str_quote(l->section, shown, sizeof shown));
	if (p->count == PROVIDER_MAX)
		return err_set(e, EX_CONFIG,
		    "%s:%u: more than %d providers; "
		    "take some out",
		    l->file, l->line, PROVIDER_MAX - 1);
	p->list[p->count].name = arena_text(&p->text, l->section);
	p->list[p->count].title = p->list[p->count].name;
	if (p->list[p->count++].name == NULL)
		return err_memory(e);
	return true;
}

static bool
is_name(struct str s)
{
	if (s.n == 0 || s.n > NAME_MAX_BYTES || s.p[s.n - 1] == '.')
		return false;
	for (size_t i = 0; i < s.n; i++)
		if (!ascii_is_alnum(s.p[i]) && s.p[i] != '-' && s.p[i] != '_' &&
		    s.p[i] != '.')
			return false;
	return true;
}

static bool
add_entry(struct providers *p, const struct ini_line *l, enum table table,
    struct err *e)
{
	uint32_t hash = hash_name(l->value, table);
	struct entry *new;
	char *name;

	if (!is_name(l->value))
		return bad_value(l,
		    "no host name; write a name such as "
		    "mx.example.com, or a suffix such as .example.com",
		    e);
	if (look_up(p, l->value, hash, table) != NULL)
		return bad_value(l,
		    "it is there already; leave one of the two out", e);
	name = arena_text(&p->text, l->value);
	if (name == NULL)
		return err_memory(e);
	if (!grow(p, e))
		return false;
	for (size_t i = 0; i < l->value.n; i++)
		name[i] = ascii_lower(name[i]);
	new = &p->entries[p->n++];
	*new = (struct entry){ .name = str_of(name, l->value.n),
		.hash = hash,
		.provider = p->count - 1,
		.table = table };
	put_slot(p, p->n - 1);
	return true;
}

static bool
read_line(void *ctx, const struct ini_line *l, struct err *e)
{
	struct providers *p = ctx;
	char shown[SHOWN];

	if (l->key.n == 0)
		return start_provider(p, l, e);
	if (l->section.n == 0)
		return err_set(e, EX_CONFIG,
		    "%s:%u: a line before the first "
		    "section; write [name] before it",
		    l->file, l->line);
	if (str_eq(l->key, STR("mx")))
		return add_entry(p, l, TABLE_MX, e);
	if (str_eq(l->key, STR("domain")))
		return add_entry(p, l, TABLE_DOMAIN, e);
	if (!str_eq(l->key, STR("title")))
		return err_set(e, EX_CONFIG,
		    "%s:%u: unknown key '%s'; write "
		    "mx, domain or title",
		    l->file, l->line, str_quote(l->key, shown, sizeof shown));
	p->list[p->count - 1].title = arena_text(&p->text, l->value);
	return p->list[p->count - 1].title != NULL || err_memory(e);
}

struct providers *
providers_open(struct str text, const char *file, struct err *e)
{
	struct providers *p = calloc(1, sizeof *p);

	if (p == NULL) {
		err_memory(e);
		return NULL;
	}
	p->list[PROVIDER_OTHER] = (struct provider){ "other", "other" };
	p->count = 1;
	p->seen = calloc(SEEN_COUNT, sizeof *p->seen);
	if (p->seen == NULL)
		err_memory(e);
	if (p->seen == NULL || !grow(p, e) ||
	    !ini_read(text, file, read_line, p, e)) {
		providers_close(p);
		return NULL;
	}
	return p;
}

void
providers_close(struct providers *p)
{
	if (p == NULL)
		return;
	free(p->entries);
	free(p->slots);
	free(p->seen);
	arena_release(&p->text);
	free(p);
}

/* The longest name or suffix of the table that fits. */
static unsigned
find_in(const struct providers *p, struct str name, enum table table)
{
	uint32_t hash = HASH_START + (uint32_t)table;
	const struct entry *e;
	unsigned found = PROVIDER_OTHER;

	while (name.n > 0 && name.p[name.n - 1] == '.')
		name.n--;
	if (name.n > NAME_MAX_BYTES)
		return PROVIDER_OTHER;
	for (size_t i = name.n; i > 0; i--) {
		hash = hash_byte(hash, name.p[i - 1]);
		if (i > 1 && name.p[i - 1] != '.')
			continue;
		e = look_up(p, str_skip(name, i - 1), hash, table);
		if (e != NULL)
			found = e->provider;
	}
	return found;
}

/* The first and the last bytes tell names apart well enough. */
static size_t
hash_seen(struct str name, enum table table)
{
	uint64_t first, last;

	memcpy(&first, name.p, sizeof first);
	memcpy(&last, name.p + name.n - sizeof last, sizeof last);
	first = (first ^ last << 5 ^ (name.n << 1 | table)) *
	    UINT64_C(0x9e3779b97f4a7c15);
	return (size_t)(first >> (64 - SEEN_BITS));
}

/* The same as find_in(), which it asks only for what is news. */
static unsigned
find_seen(const struct providers *p, struct str name, enum table table)
{
	struct seen *s;

	if (name.n < sizeof(uint64_t) || name.n > SEEN_BYTES)
		return find_in(p, name, table);
	s = &p->seen[hash_seen(name, table)];
	if (s->n != name.n || s->table != table ||
	    memcmp(s->name, name.p, name.n) != 0) {
		memcpy(s->name, name.p, name.n);
		s->n = (uint8_t)name.n;
		s->table = (uint8_t)table;
		s->provider = (uint16_t)find_in(p, name, table);
	}
	return s->provider;
}

unsigned
provider_find(const struct providers *p, struct str mx_host, struct str domain)
{
	unsigned found = find_seen(p, mx_host, TABLE_MX);

	return found != PROVIDER_OTHER ? found
				       : find_seen(p, domain, TABLE_DOMAIN);
}

const char *
provider_name(const struct providers *p, unsigned number)
{
	return p->list[number < p->count ? number : PROVIDER_OTHER].name;
}

const char *
provider_title(const struct providers *p, unsigned number)
{
	return p->list[number < p->count ? number : PROVIDER_OTHER].title;
}

unsigned
provider_count(const struct providers *p)
{
	return p->count;
}

bool
provider_of(const struct providers *p, struct str name, unsigned *out)
{
	for (unsigned i = 0; i < p->count; i++)
		if (str_ieq(name, str_from(p->list[i].name))) {
			*out = i;
			return true;
		}
	return false;
}
