/* bench_scrub.c - lists for timing scrub, and what it is timed against:
 *   bench_scrub suppressed N        N addresses, unsorted
 *   bench_scrub list LINES N        a list, 5 % of them among those N
 *   bench_scrub unit FILE FILE      only builds a set of 64-bit hashes from the
 *                                   first file and streams the second */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/number.h"
#include "wrap/hash.h"

#define BATCH 64
#define OUT_ROOM (256u << 10)
#define LINE_ROOM 512

/* ---- lists ---- */

static const char *const NAMES[] = { "anna", "bert", "carla", "dmitri", "eva",
	"farid", "greta", "hugo", "ines", "jonas", "kenji", "lucia", "maria",
	"nils", "olga", "pedro" };
static const char *const BIG[] = { "gmail.example", "outlook.example",
	"yahoo.example", "hotmail.example", "gmx.example", "web.example",
	"icloud.example", "aol.example" };

/* One to one, and all over the place. */
static uint64_t
scatter(uint64_t n)
{
	n *= UINT64_C(0x9e3779b97f4a7c15);
	n ^= n >> 29;
	n *= UINT64_C(0xbf58476d1ce4e5b9);
	return n ^ n >> 32;
}

static void
print_address(uint64_t id, bool shout)
{
	uint64_t bits = scatter(id);
	const char *name = NAMES[bits >> 60];

	/* The number makes it unique. */
	printf(shout ? "%s.%llX@" : "%s.%llx@", name,
	    (unsigned long long)scatter(id * 2 + 1) % 4096 << 32 | id);
	if ((bits >> 8 & 15) < 11)
		printf("%s\n", BIG[bits >> 20 & 7]);
	else
		printf("mail%llu.example\n",
		    (unsigned long long)(bits >> 24 & 0xffff));
}

static void
make_suppressed(uint64_t n)
{
	/* An odd factor and a power of two above n: each number once. */
	uint64_t room = 1;

	while (room < n)
		room *= 2;
	for (uint64_t i = 0; i < room; i++) {
		uint64_t id = i * UINT64_C(0x5851f42d4c957f2d) & (room - 1);

		if (id < n)
			print_address(id, false);
	}
}

static void
make_list(uint64_t lines, uint64_t n)
{
	for (uint64_t i = 0; i < lines; i++) {
		uint64_t dice = scatter(i + 77);

		print_address(dice % 20 == 0 && n > 0 ? (dice >> 16) % n
						      : n + i,
		    (dice >> 8) % 50 == 0);
	}
}

/* ---- the unit ---- */

struct text {
	const char *p, *end;
};

static struct text
map(const char *path)
{
	struct text t = { NULL, NULL };
	int fd = open(path, O_RDONLY);
	struct stat st;
	void *p;

	if (fd < 0 || fstat(fd, &st) != 0)
		exit(1);
	p = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (p == MAP_FAILED)
		exit(1);
	close(fd);
	t.p = p;
	t.end = t.p + st.st_size;
	return t;
}

/* The next line, trimmed and lower-cased, hashed; false at the end. */
static bool
next(struct text *t, struct str *line, uint64_t *hash)
{
	char low[LINE_ROOM];
	const char *lf;
	struct str s;

	if (t->p == t->end)
		return false;
	lf = memchr(t->p, '\n', (size_t)(t->end - t->p));
	lf = lf != NULL ? lf : t->end - 1;
	*line = str_of(t->p, (size_t)(lf + 1 - t->p));
	t->p = lf + 1;
	s = str_sub(*line, 0, LINE_ROOM);
	while (s.n > 0 && (unsigned char)s.p[s.n - 1] <= ' ')
		s.n--;
	while (s.n > 0 && (unsigned char)s.p[0] <= ' ')
		s = str_skip(s, 1);
	for (size_t i = 0; i < s.n; i++)
		low[i] = (char)(s.p[i] + (s.p[i] >= 'A' && s.p[i] <= 'Z') * 32);
	*hash = hash64_more(1, str_of(low, s.n)) | 1;
	return true;
}

struct set {
	uint64_t *slots;
	size_t mask;
};

static void
fill(struct set *set, struct text t)
{
	uint64_t hash[BATCH];
	struct str line;
	size_t n, cap = 1024;

	while (cap * 20 < (size_t)(t.end - t.p))
		cap *= 2;
	set->slots = calloc(cap, sizeof *set->slots);
	set->mask = cap - 1;
	do {
		for (n = 0; n < BATCH && next(&t, &line, &hash[n]); n++)
			__builtin_prefetch(
			    &set->slots[hash[n] >> 8 & set->mask]);
		for (size_t i = 0; i < n; i++) {
			size_t at = hash[i] >> 8 & set->mask;

			while (set->slots[at] != 0 && set->slots[at] != hash[i])
				at = (at + 1) & set->mask;
			set->slots[at] = hash[i];
		}
	} while (n == BATCH);
}

static bool
has(const struct set *set, uint64_t hash)
{
	size_t at = hash >> 8 & set->mask;

	while (set->slots[at] != 0 && set->slots[at] != hash)
		at = (at + 1) & set->mask;
	return set->slots[at] != 0;
}

static unsigned long
stream(const struct set *set, struct text t)
{
	static char out[OUT_ROOM + BATCH * LINE_ROOM];
	struct str line[BATCH];
	uint64_t hash[BATCH];
	size_t n, used = 0;
	unsigned long hits = 0;

	do {
		for (n = 0; n < BATCH && next(&t, &line[n], &hash[n]); n++)
			__builtin_prefetch(
			    &set->slots[hash[n] >> 8 & set->mask]);
		for (size_t i = 0; i < n; i++) {
			if (has(set, hash[i])) {
				hits++;
				continue;
			}
			memcpy(out + used, line[i].p, line[i].n);
			used += line[i].n;
		}
		if (used > OUT_ROOM || n < BATCH) {
			if (!file_write_all(1, str_of(out, used)))
				exit(1);
			used = 0;
		}
	} while (n == BATCH);
	return hits;
}

int
main(int argc, char **argv)
{
	struct set set = { 0 };
	uint64_t a = 0, b = 0;

	if (argc == 4 && strcmp(argv[1], "unit") == 0) {
		fill(&set, map(argv[2]));
		fprintf(stderr, "%lu hits\n", stream(&set, map(argv[3])));
		return 0;
	}
	if (argc < 3 || !number_u64(str_from(argv[2]), 0, 1u << 30, &a) ||
	    (argc > 3 && !number_u64(str_from(argv[3]), 0, 1u << 30, &b)))
		return 64;
	if (strcmp(argv[1], "suppressed") == 0)
		make_suppressed(a);
	else
		make_list(a, b);
	return fflush(stdout) == 0 ? 0 : 1;
}
