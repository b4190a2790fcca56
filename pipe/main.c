/* main.c - pmta-suppress-pipe: takes what PowerMTA writes, keeps the list. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include "mover.h"

/*
 * Descriptors 0 to 2 may have been left closed; a file that got one of them
 * would be read as input or written to as stderr. Others may have been left
 * open: the write end of our own pipe would keep its end from ever coming.
 */
static void
tidy_descriptors(void)
{
	closefrom(STDERR_FILENO + 1);
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) < 0 && errno == EBADF)
			(void)open("/dev/null",
			    fd == STDIN_FILENO ? O_RDONLY : O_WRONLY);
}

/* From the first word on stderr on, which may be a pipe that nobody reads. */
static void
ignore_signals(void)
{
	static const int IGNORED[] = { SIGPIPE, SIGHUP, SIGXFSZ, SIGUSR1,
		SIGUSR2, SIGALRM };

	for (size_t i = 0; i < COUNT(IGNORED); i++)
		(void)signal(IGNORED[i], SIG_IGN);
}

static int
help(const struct setup *s)
{
	if (s->options.help)
		fputs(options_help(), stdout);
	else
		puts(PROG " " VERSION);
	return fflush(stdout) == 0 ? EX_OK : EX_IOERR;
}

/* PowerMTA's writer of a message must not find the pipe closed. */
static void
read_away(const struct setup *s)
{
	char bytes[4096];

	if (str_eq(str_from(s->options.input), STR("message")))
		while (read(STDIN_FILENO, bytes, sizeof bytes) > 0)
			continue;
}

int
main(int argc, char **argv)
{
	struct setup s;
	struct err e = { 0 };
	int answer = EX_TEMPFAIL;

	tidy_descriptors();
	ignore_signals();
	if (setup_open(&s, argc, argv, &e)) {
		if (s.options.help || s.options.version)
			return help(&s);
		answer = mover_run(&s, &e);
	}
	if (e.code != 0) {
		setup_tell(&s, "stopped", &e);
		read_away(&s);
	}
	setup_close(&s);
	return answer;
}
