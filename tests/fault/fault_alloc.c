/* fault_alloc.c - lets the n-th allocation fail. */
#include "fault_alloc.h"

#include <stddef.h>
#include <string.h>

#include <sqlite3.h>

/* The linker's and SQLite's functions take no context. */
static struct {
	uint64_t at, seen, failed; /* at 0: none fails */
	bool sqlite, lasts;
} ALLOC;

static sqlite3_mem_methods SQLITE_OWN;

static bool
fails(bool sqlite)
{
	if (ALLOC.at == 0 || ALLOC.sqlite != sqlite ||
	    ++ALLOC.seen < ALLOC.at ||
	    (ALLOC.seen > ALLOC.at && !ALLOC.lasts))
		return false;
	ALLOC.failed++;
	return true;
}

void
fault_alloc_arm(uint64_t n, bool sqlite, bool lasts)
{
	ALLOC.seen = ALLOC.failed = 0;
	ALLOC.sqlite = sqlite;
	ALLOC.lasts = lasts;
	ALLOC.at = n;
}

void
fault_alloc_disarm(void)
{
	ALLOC.at = 0;
}

uint64_t
fault_alloc_failed(void)
{
	return ALLOC.failed;
}

void *__real_malloc(size_t n);
void *__real_calloc(size_t n, size_t size);
void *__real_realloc(void *p, size_t n);
void *__real_reallocarray(void *p, size_t n, size_t size);
char *__real_strdup(const char *s);
char *__real_strndup(const char *s, size_t n);
void *__wrap_malloc(size_t n);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_realloc(void *p, size_t n);
void *__wrap_reallocarray(void *p, size_t n, size_t size);
char *__wrap_strdup(const char *s);
char *__wrap_strndup(const char *s, size_t n);

void *
__wrap_malloc(size_t n)
{
	return fails(false) ? NULL : __real_malloc(n);
}

void *
__wrap_calloc(size_t n, size_t size)
{
	return fails(false) ? NULL : __real_calloc(n, size);
}

void *
__wrap_realloc(void *p, size_t n)
{
	return fails(false) ? NULL : __real_realloc(p, n);
}

void *
__wrap_reallocarray(void *p, size_t n, size_t size)
{
	return fails(false) ? NULL : __real_reallocarray(p, n, size);
}

char *
__wrap_strdup(const char *s)
{
	return fails(false) ? NULL : __real_strdup(s);
}

char *
__wrap_strndup(const char *s, size_t n)
{
	return fails(false) ? NULL : __real_strndup(s, n);
}

static void *
sqlite_malloc(int n)
{
	return fails(true) ? NULL : SQLITE_OWN.xMalloc(n);
}

static void *
sqlite_realloc(void *p, int n)
{
	return fails(true) ? NULL : SQLITE_OWN.xRealloc(p, n);
}

void
fault_alloc_take_sqlite(void)
{
	sqlite3_mem_methods m;

	sqlite3_config(SQLITE_CONFIG_GETMALLOC, &SQLITE_OWN);
	m = SQLITE_OWN;
	m.xMalloc = sqlite_malloc;
	m.xRealloc = sqlite_realloc;
	sqlite3_config(SQLITE_CONFIG_MALLOC, &m);
	/* Small pieces held in reserve would hide failures. */
	sqlite3_config(SQLITE_CONFIG_LOOKASIDE, 0, 0);
}
