/*
 * bench_live - how soon a row that is written is seen, and how soon the pipe
 * program ends:
 *   bench_live FILE RATE SECONDS end|term PIPE CHECK
 * Writes the rows of FILE, dated now, RATE a second, to the command PIPE. Every
 * 40th row is followed by a bounce of somebody new, and the command CHECK, a
 * `check -`, is asked until its answer is that they are suppressed or held.
 * Then ends the input, or sends SIGTERM. Prints one line:
 *   rows written, people asked for, milliseconds from the write of a row until
 *   it is seen: half, 99 of 100, all; the longest write in milliseconds, those
 *   to the exit, how many people are held, how many are not there after it
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <time.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/number.h"

#define EACH 40 /* rows to one person who is asked for */
#define ASK_MAX 400 /* people in one question: fits into a pipe */
#define ASK_MS 5.0 /* between two questions */
#define TIME_SIZE 24 /* "2026-09-01 00:00:00+0000" */

struct person {
	double written, seen; /* ms; seen 0: not yet */
	bool held;
};

struct command {
	pid_t pid;
	int in, out; /* what it reads, what it says; out -1: not wanted */
};

struct live {
	struct str rest; /* of the file */
	struct command pipe, check;
	struct person *people;
	size_t n_people, max_people;
	size_t first; /* all before it are seen */
	size_t asked[ASK_MAX]; /* numbers of people */
	size_t n_asked, n_told; /* told: answered of those */
	struct buf said;
	uint64_t rows;
	long began; /* makes the people of this run new */
	double asked_at, longest;
};

static void
die(const char *what)
{
	fprintf(stderr, "bench_live: %s: %s\n", what, strerror(errno));
	exit(EX_SOFTWARE);
}

static double
milliseconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

/* ---- the commands ---- */

static void
start(struct command *c, const char *command, bool listens)
{
	int in[2], out[2] = { -1, -1 };

	if (pipe2(in, O_CLOEXEC) != 0 ||
	    (listens && pipe2(out, O_CLOEXEC) != 0))
		die("pipe");
	c->pid = fork();
	if (c->pid < 0)
		die("fork");
	if (c->pid == 0) {
		if (dup2(in[0], STDIN_FILENO) >= 0 &&
		    (!listens || dup2(out[1], STDOUT_FILENO) >= 0))
			execl("/bin/sh", "sh", "-c", command, (char *)NULL);
		_exit(EX_OSERR);
	}
	close(in[0]);
	if (listens)
		close(out[1]);
	c->in = in[1];
	c->out = out[0];
}

static void
reap(struct command *c, const char *name)
{
	int status;

	if (waitpid(c->pid, &status, 0) != c->pid || status != 0) {
		fprintf(stderr, "bench_live: %s failed\n", name);
		exit(EX_SOFTWARE);
	}
}

/* ---- rows ---- */

static struct str
map(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat st;
	void *p;

	if (fd < 0 || fstat(fd, &st) != 0)
		die(path);
	p = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (p == MAP_FAILED)
		die(path);
	close(fd);
	return str_of(p, (size_t)st.st_size);
}

/* A line end within a quoted reply is none of a row. */
static bool
begins_row(struct str s)
{
	size_t kind = str_chr(str_sub(s, 0, 4), ',');

	return s.n == 0 ||
	    (kind < 4 && str_eq(str_sub(s, kind, 3), STR(",20")));
}

static struct str
next_row(struct live *l)
{
	struct str row;
	size_t n = 0;

	do
		n += str_chr(str_skip(l->rest, n), '\n') + 1;
	while (!begins_row(str_skip(l->rest, n)));
	row = str_sub(l->rest, 0, n);
	l->rest = str_skip(l->rest, n);
	return row;
}

static void
put_row(struct buf *b, struct str row, const char *now)
{
	size_t kind = str_chr(row, ',');

	buf_add(b, str_sub(row, 0, kind));
	buf_addf(b, ",%s,%s", now, now);
	buf_add(b, str_skip(row, kind + 2 * (1 + TIME_SIZE)));
}

static void
put_name(const struct live *l, struct buf *b, size_t i)
{
	buf_addf(b, "live%zu.%lx@d%zu.example", i, (unsigned long)l->began,
	    i % 3000);
}

static void
put_person(const struct live *l, struct buf *b, size_t i, const char *now)
{
	buf_addf(b, "b,%s,%s,bounce@b.sender.example,", now, now);
	put_name(l, b, i);
	buf_adds(b,
	    ",,failed,5.1.1 (bad destination mailbox address),\"smtp;"
	    "550 5.1.1 <");
	put_name(l, b, i);
	buf_addf(b,
	    ">: Recipient address rejected: User unknown in virtual mailbox "
	    "table\",mx.d%zu.example (192.0.2.1),bad-mailbox,smtp,app "
	    "(10.0.0.1),smtp,198.51.100.1,192.0.2.1,\"PIPELINING,8BITMIME\","
	    "1000,vmta1,job1,,d%zu.example/vmta1,pool1,\r\n",
	    i % 3000, i % 3000);
}

/* Writes rows until `due` have been written. */
static void
write_rows(struct live *l, uint64_t due)
{
	size_t before = l->n_people;
	time_t utc = time(NULL);
	struct buf b = { 0 };
	char now[32];
	struct tm tm;
	double at, took;

	strftime(
	    now, sizeof now, "%Y-%m-%d %H:%M:%S+0000", gmtime_r(&utc, &tm));
	for (; l->rows < due && l->rest.n > 0; l->rows++) {
		if (l->rows % EACH == EACH - 1 && l->n_people < l->max_people)
			put_person(l, &b, l->n_people++, now);
		else
			put_row(&b, next_row(l), now);
	}
	at = milliseconds();
	for (size_t i = before; i < l->n_people; i++)
		l->people[i].written = at;
	if (b.failed || !file_write_all(l->pipe.in, buf_str(&b)))
		die("writing rows");
	took = milliseconds() - at;
	l->longest = took > l->longest ? took : l->longest;
	buf_release(&b);
}

/* ---- asking ---- */

/* Asks for people from number i on who are not seen yet; the number to go on
 * with. */
static size_t
ask(struct live *l, size_t i)
{
	struct buf b = { 0 };

	l->n_asked = l->n_told = 0;
	for (; i < l->n_people && l->n_asked < ASK_MAX; i++)
		if (l->people[i].seen <= 0) {
			l->asked[l->n_asked++] = i;
			put_name(l, &b, i);
			buf_addc(&b, '\n');
		}
	if (b.failed || !file_write_all(l->check.in, buf_str(&b)))
		die("asking");
	buf_release(&b);
	l->asked_at = milliseconds();
	return i;
}

static void
take_answer(struct live *l, struct str line, double at)
{
	struct person *p = &l->people[l->asked[l->n_told++]];

	p->held = str_find(line, STR(": held in ")) < line.n;
	if (p->held || str_find(line, STR(": suppressed")) < line.n)
		p->seen = at;
}

/* Waits for answers, at most so long. */
static void
listen(struct live *l, int ms)
{
	struct pollfd p = { .fd = l->check.out, .events = POLLIN };
	struct str rest, line;
	double at;
	ssize_t n;
	char *to;

	if (poll(&p, 1, ms) <= 0)
		return;
	to = buf_room(&l->said, 65536);
	n = to != NULL ? read(l->check.out, to, 65536) : -1;
	if (n <= 0)
		die("check");
	at = milliseconds();
	l->said.n += (size_t)n;
	rest = buf_str(&l->said);
	while (l->n_told < l->n_asked && str_chr(rest, '\n') < rest.n &&
	    str_cut(&rest, '\n', &line))
		take_answer(l, line, at);
	buf_drop(&l->said, l->said.n - rest.n);
}

static void
run(struct live *l, double rate, double seconds)
{
	double began = milliseconds(), now = began;

	while (now < began + seconds * 1e3) {
		write_rows(l, (uint64_t)((now - began) / 1e3 * rate));
		while (l->first < l->n_people && l->people[l->first].seen > 0)
			l->first++;
		if (l->n_told == l->n_asked && now - l->asked_at >= ASK_MS)
			(void)ask(l, l->first);
		listen(l, 2);
		now = milliseconds();
	}
}

/* Ends the pipe program; how long it took. */
static double
end(struct live *l, bool term)
{
	double at = milliseconds();

	if (term)
		kill(l->pipe.pid, SIGTERM);
	else
		close(l->pipe.in);
	reap(&l->pipe, "the pipe program");
	return milliseconds() - at;
}

static void
listen_all(struct live *l)
{
	while (l->n_told < l->n_asked)
		listen(l, 1000);
}

/* Asks once more for all who are not seen; how many are not there. */
static size_t
missing(struct live *l)
{
	size_t i = 0, n = 0;

	listen_all(l);
	while (i < l->n_people) {
		i = ask(l, i);
		listen_all(l);
	}
	for (i = 0; i < l->n_people; i++)
		n += l->people[i].seen <= 0;
	return n;
}

/* ---- what came out ---- */

static int
by_size(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static void
tell(const struct live *l, double ended, size_t lost)
{
	double *took = calloc(l->n_people + 1, sizeof *took);
	size_t n = l->n_people, held = 0;

	if (took == NULL || n == 0)
		die("nobody was asked for");
	for (size_t i = 0; i < n; i++) {
		held += l->people[i].held;
		took[i] = l->people[i].seen - l->people[i].written;
	}
	qsort(took, n, sizeof *took, by_size);
	printf("%llu %zu %.1f %.1f %.1f %.1f %.1f %zu %zu\n",
	    (unsigned long long)l->rows, n, took[n / 2], took[n * 99 / 100],
	    took[n - 1], l->longest, ended, held, lost);
	free(took);
}

int
main(int argc, char **argv)
{
	static struct live l;
	uint64_t rate, seconds;
	double at;

	if (argc != 7 || !number_u64(str_from(argv[2]), 1, 10000000, &rate) ||
	    !number_u64(str_from(argv[3]), 1, 86400, &seconds)) {
		fputs("usage: bench_live FILE RATE SECONDS end|term PIPE "
		      "CHECK\n",
		    stderr);
		return EX_USAGE;
	}
	l.rest = map(argv[1]);
	l.began = (long)time(NULL);
	l.max_people = rate * seconds / EACH + 1;
	l.people = calloc(l.max_people, sizeof *l.people);
	if (l.people == NULL)
		die("no memory");
	start(&l.pipe, argv[5], false);
	start(&l.check, argv[6], true);
	if (!file_write_all(l.pipe.in, next_row(&l))) /* the header */
		die("writing the header");
	run(&l, (double)rate, (double)seconds);
	at = end(&l, strcmp(argv[4], "term") == 0);
	tell(&l, at, missing(&l));
	close(l.check.in);
	reap(&l.check, "check");
	return 0;
}
