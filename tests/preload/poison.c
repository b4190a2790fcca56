/*
 * poison.c - a process that takes the hash of an address at poison.example
 * dies of it, as of a bug that one record brings out (LD_PRELOAD); one at
 * hang.example keeps it for ever. Alarms come 200 times sooner.
 */
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

#include <xxhash.h>

static int
is_at(const char *domain, const char *data, size_t n)
{
	size_t end = strlen(domain);

	return n > end && n < 64 && memcmp(data + n - end, domain, end) == 0;
}

XXH64_hash_t
XXH3_64bits_withSeed(const void *data, size_t n, XXH64_hash_t seed)
{
	if (is_at("@poison.example", data, n))
		(void)raise(SIGSEGV);
	while (is_at("@hang.example", data, n))
		(void)pause();
	return XXH64(data, n, seed);
}

unsigned
alarm(unsigned seconds)
{
	struct itimerval t = {
		.it_value = { .tv_usec = (suseconds_t)seconds * 5000 }
	};

	(void)setitimer(ITIMER_REAL, &t, NULL);
	return 0;
}
