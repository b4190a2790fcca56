/*
 * bench_pairs - CPU seconds of commands side by side, in turn, round by round:
 *   bench_pairs ROUNDS BASE COMMAND...
 * Each is given to sh; what it says goes nowhere. What BENCH_BEFORE says is
 * done before each and not counted. BASE may be "-": one second, for figures
 * that stand alone. Prints a line of medians for each COMMAND:
 *   its CPU, the base's CPU, its CPU through the base's of the same round, the
 *   noise of that in percent (half of the rounds are nearer to the median),
 *   seconds of the clock, KiB at the most
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <time.h>
#include <unistd.h>

#define ROUNDS_MAX 99
#define COMMANDS_MAX 16

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

/* Half of the rounds are this near to the middle, in percent of it. */
static double
noise(const double *of, size_t n, double middle)
{
	double off[ROUNDS_MAX];

	for (size_t i = 0; i < n; i++)
		off[i] = of[i] > middle ? of[i] - middle : middle - of[i];
	return 100 * median(off, n) / middle;
}

static void
tell(const struct run *of, const struct run *base, size_t n)
{
	double cpu[ROUNDS_MAX], bare[ROUNDS_MAX], ratio[ROUNDS_MAX];
	double clock[ROUNDS_MAX], kib[ROUNDS_MAX], middle;

	for (size_t i = 0; i < n; i++) {
		cpu[i] = of[i].cpu;
		bare[i] = base[i].cpu;
		ratio[i] = of[i].cpu / base[i].cpu;
		clock[i] = of[i].clock;
		kib[i] = of[i].kib;
	}
	middle = median(ratio, n);
	printf("%.5f %.5f %.5f %.1f %.5f %.0f\n", median(cpu, n),
	    median(bare, n), middle, noise(ratio, n, middle), median(clock, n),
	    median(kib, n));
}

int
main(int argc, char **argv)
{
	static struct run runs[COMMANDS_MAX][ROUNDS_MAX];
	const char *before = getenv("BENCH_BEFORE");
	size_t n = argc > 3 ? (size_t)strtoul(argv[1], NULL, 10) : 0;
	size_t commands = argc > 3 ? (size_t)argc - 2 : 0;
	const struct run second = { .cpu = 1 };
	struct run none;

	if (n < 1 || n > ROUNDS_MAX || commands > COMMANDS_MAX) {
		fputs("usage: bench_pairs ROUNDS BASE COMMAND...\n", stderr);
		return EX_USAGE;
	}
	for (size_t i = 0; i < n; i++)
		for (size_t j = 0; j < commands; j++) {
			runs[j][i] = second;
			if (argv[2 + j][0] == '-' && argv[2 + j][1] == '\0')
				continue;
			if (before != NULL && before[0] != '\0')
				run(before, &none);
			run(argv[2 + j], &runs[j][i]);
		}
	for (size_t j = 1; j < commands; j++)
		tell(runs[j], runs[0], n);
	return 0;
}
