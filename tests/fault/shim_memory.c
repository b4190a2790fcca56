/*
 * shim_memory.c - the n-th allocation of a whole program fails: preloaded into
 * it. FAULT_MEMORY names a file that holds a struct shim_memory: how it is to
 * fail, and, when the program has ended, whether it came to that.
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "shim_memory.h"

void *__libc_malloc(size_t n);
void *__libc_calloc(size_t n, size_t size);
void *__libc_realloc(void *p, size_t n);

/* A library that is preloaded is handed no context. */
static struct shim_memory *plan;
static pid_t first;
static bool spared;

__attribute__((constructor)) static void
begin(void)
{
	const char *path = getenv("FAULT_MEMORY");
	int fd = path != NULL ? open(path, O_RDWR | O_CLOEXEC) : -1;
	void *p = MAP_FAILED;

	if (fd >= 0)
		p = mmap(NULL, sizeof *plan, PROT_READ | PROT_WRITE,
		    MAP_SHARED, fd, 0);
	if (fd >= 0)
		close(fd);
	first = getpid();
	plan = p != MAP_FAILED ? p : NULL;
}

/* Whether the caller is GLib, which ends the process then. */
static bool
is_glib(const void *caller)
{
	Dl_info at;

	return dladdr(caller, &at) != 0 && at.dli_fname != NULL &&
	    strstr(at.dli_fname, "libglib") != NULL;
}

static bool
fails(const void *caller)
{
	uint64_t seen;

	if (plan == NULL || spared || plan->children != (getpid() != first))
		return false;
	seen = atomic_fetch_add(&plan->seen, 1) + 1;
	if (plan->at == 0 || seen < plan->at ||
	    (seen > plan->at && !plan->lasts))
		return false;
	atomic_fetch_add(&plan->failed, 1);
	if (is_glib(caller))
		atomic_fetch_add(&plan->glib, 1);
	errno = ENOMEM;
	return true;
}

void *
malloc(size_t n)
{
	return fails(__builtin_return_address(0)) ? NULL : __libc_malloc(n);
}

void *
calloc(size_t n, size_t size)
{
	return fails(__builtin_return_address(0)) ? NULL : __libc_calloc(n, size);
}

void *
realloc(void *p, size_t n)
{
	return fails(__builtin_return_address(0)) ? NULL : __libc_realloc(p, n);
}

void *
reallocarray(void *p, size_t n, size_t size)
{
	size_t all;

	if (__builtin_mul_overflow(n, size, &all)) {
		errno = ENOMEM;
		return NULL;
	}
	return realloc(p, all);
}

/*
 * glibc's look-up of users breaks an assertion or crashes without memory, which
 * is not ours to mend; it comes before anything is opened.
 */
struct passwd *
getpwuid(uid_t id)
{
	struct passwd *(*real)(uid_t) = NULL;
	void *found = dlsym(RTLD_NEXT, "getpwuid");
	struct passwd *answer;

	memcpy(&real, &found, sizeof real);
	spared = true;
	answer = real != NULL ? real(id) : NULL;
	spared = false;
	return answer;
}
