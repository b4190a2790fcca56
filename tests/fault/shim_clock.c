/*
 * shim_clock.c - another time of day for a whole program: preloaded into it.
 * FAULT_CLOCK names a file of 20 bytes that may change at any time: seconds to
 * add ("+0000000000000086400", "-..."), or after '@' the second that it is.
 * What only counts time (CLOCK_MONOTONIC) goes on as it is, as it does when a
 * real clock is set.
 */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#define TEXT 20

/* A library that is preloaded is handed no context. */
static const char *text;

__attribute__((constructor)) static void
begin(void)
{
	const char *path = getenv("FAULT_CLOCK");
	int fd = path != NULL ? open(path, O_RDONLY | O_CLOEXEC) : -1;
	void *p = MAP_FAILED;

	/* Mapped: the program may become a user who cannot open it. */
	if (fd >= 0)
		p = mmap(NULL, TEXT, PROT_READ, MAP_SHARED, fd, 0);
	if (fd >= 0)
		close(fd);
	text = p != MAP_FAILED ? p : NULL;
}

static void
shift(struct timespec *t)
{
	char now[TEXT + 1] = "";

	if (text == NULL)
		return;
	memcpy(now, text, TEXT);
	if (now[0] == '@')
		t->tv_sec = strtoll(now + 1, NULL, 10);
	else
		t->tv_sec += strtoll(now, NULL, 10);
}

int
clock_gettime(clockid_t id, struct timespec *t)
{
	/* The system call: the library's own function is this one now. */
	int rc = (int)syscall(SYS_clock_gettime, id, t);

	if (rc == 0 && (id == CLOCK_REALTIME || id == CLOCK_REALTIME_COARSE))
		shift(t);
	return rc;
}

time_t
time(time_t *out)
{
	struct timespec t = { 0 };

	(void)clock_gettime(CLOCK_REALTIME, &t);
	if (out != NULL)
		*out = t.tv_sec;
	return t.tv_sec;
}

int
gettimeofday(struct timeval *restrict tv, void *restrict zone)
{
	struct timespec t = { 0 };

	(void)zone;
	(void)clock_gettime(CLOCK_REALTIME, &t);
	tv->tv_sec = t.tv_sec;
	tv->tv_usec = t.tv_nsec / 1000;
	return 0;
}
