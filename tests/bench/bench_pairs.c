/*
 * bench_pairs - CPU seconds of two commands side by side, A B A B ...:
 *   bench_pairs PAIRS COMMAND-A COMMAND-B
 * Each is given to sh; what it says goes nowhere. Prints one line of medians:
 *   CPU of A, CPU of B, A through B of each pair, noise of A in percent (half
 *   of the pairs are nearer to the median), seconds of the clock and KiB of A
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <time.h>
#include <unistd.h>

#define PAIRS_MAX 99

struct run {
	double cpu, clock, kib;
};

static double
seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static double
of_timeval(struct timeval t)
{
	return (double)t.tv_sec + (double)t.tv_usec / 1e6;
}

static void
child(const char *command)
{
	int fd = open("/dev/null", O_WRONLY | O_CLOEXEC);

	if (fd < 0 || dup2(fd, STDOUT_FILENO) < 0)
		_exit(EX_OSERR);
	execl("/bin/sh", "sh", "-ec", command, (char *)NULL);
	_exit(EX_OSERR);
}

static void
run(const char *command, struct run *r)
{
	double began = seconds();
	struct rusage use;
	int status;
	pid_t pid = fork();

	if (pid == 0)
		child(command);
	if (pid < 0 || wait4(pid, &status, 0, &use) != pid || status != 0) {
		fprintf(stderr, "bench_pairs: it failed: %s\n", command);
		exit(EX_SOFTWARE);
	}
	r->clock = seconds() - began;
	r->cpu = of_timeval(use.ru_utime) + of_timeval(use.ru_stime);
	r->kib = (double)use.ru_maxrss;
}

static int
by_size(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static double
median(double *of, size_t n)
{
	qsort(of, n, sizeof *of, by_size);
	return (of[(n - 1) / 2] + of[n / 2]) / 2;
}

int
main(int argc, char **argv)
{
	double cpu[2][PAIRS_MAX], ratio[PAIRS_MAX], clock[PAIRS_MAX];
	double kib[PAIRS_MAX], off[PAIRS_MAX], middle;
	size_t n = argc == 4 ? (size_t)strtoul(argv[1], NULL, 10) : 0;
	struct run r[2];

	if (n < 1 || n > PAIRS_MAX) {
		fputs("usage: bench_pairs PAIRS COMMAND-A COMMAND-B\n", stderr);
		return EX_USAGE;
	}
	for (size_t i = 0; i < n; i++) {
		for (int j = 0; j < 2; j++) {
			run(argv[2 + j], &r[j]);
			cpu[j][i] = r[j].cpu;
		}
		ratio[i] = r[0].cpu / r[1].cpu;
		clock[i] = r[0].clock;
		kib[i] = r[0].kib;
	}
	middle = median(cpu[0], n);
	for (size_t i = 0; i < n; i++)
		off[i] = cpu[0][i] > middle ? cpu[0][i] - middle
					    : middle - cpu[0][i];
	printf("%.4f %.4f %.4f %.1f %.4f %.0f\n", middle, median(cpu[1], n),
	    median(ratio, n), 100 * median(off, n) / middle, median(clock, n),
	    median(kib, n));
	return 0;
}
