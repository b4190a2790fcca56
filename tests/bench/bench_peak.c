/*
 * bench_peak - the most memory of its own (RssAnon) that a program had, in KiB:
 *   bench_peak PROGRAM ARGUMENT...
 * What it says goes nowhere. A peak shorter than two milliseconds may be missed.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <time.h>
#include <unistd.h>

static void
child(char **argv)
{
	int fd = open("/dev/null", O_WRONLY | O_CLOEXEC);

	if (fd >= 0 && dup2(fd, STDOUT_FILENO) >= 0 &&
	    dup2(fd, STDERR_FILENO) >= 0)
		execvp(argv[0], argv);
	_exit(EX_OSERR);
}

/* 0: it has none any more. */
static unsigned long
own_memory(pid_t pid)
{
	char path[64], text[4096];
	const char *at;
	ssize_t n;
	int fd;

	snprintf(path, sizeof path, "/proc/%ld/status", (long)pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return 0;
	n = read(fd, text, sizeof text - 1);
	close(fd);
	text[n > 0 ? n : 0] = '\0';
	at = strstr(text, "RssAnon:");
	return at != NULL ? strtoul(at + strlen("RssAnon:"), NULL, 10) : 0;
}

int
main(int argc, char **argv)
{
	const struct timespec pause = { 0, 2000000 };
	unsigned long now, most = 0;
	int status = 0;
	pid_t pid;

	if (argc < 2) {
		fputs("usage: bench_peak PROGRAM ARGUMENT...\n", stderr);
		return EX_USAGE;
	}
	pid = fork();
	if (pid == 0)
		child(argv + 1);
	if (pid < 0)
		return EX_OSERR;
	while (waitpid(pid, &status, WNOHANG) == 0) {
		now = own_memory(pid);
		most = now > most ? now : most;
		nanosleep(&pause, NULL);
	}
	if (status != 0) {
		fprintf(stderr, "bench_peak: %s failed\n", argv[1]);
		return EX_SOFTWARE;
	}
	printf("%lu\n", most);
	return 0;
}
