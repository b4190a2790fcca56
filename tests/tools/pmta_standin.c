/*
 * pmta_standin.c - stands in for PowerMTA: starts the pipe program as PowerMTA
 * does, writes a header and rows in pieces that end anywhere, kills processes
 * at chance moments, and starts again. Prints one line of counts.
 */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/number.h"
#include "child_of.h"
#include "rows_made.h"

#define PROG "pmta_standin"
#define FILE_MAX (1u << 30)
#define PIECE_MAX 9000 /* bytes of one write */

enum victim { VICTIM_NONE, VICTIM_MOVER, VICTIM_WORKER, VICTIM_BOTH };

struct plan {
	char **argv; /* the pipe program and its arguments */
	const char *rows; /* file with header and rows, or NULL */
	const char *lost; /* file for rows that died with the pipe, or NULL */
	uint64_t make; /* rows made up instead */
	uint64_t seed, rate, blocks, kills, write_timeout, wait;
	enum victim victim;
	bool hold, overlap;
};

/* Everything a block counts. */
struct counts {
	uint64_t rows, resent, starts, movers, workers, longest, failed;
};

struct block {
	const struct plan *plan;
	struct counts n;
	uint64_t dice;
	struct str header;
	struct str *row; /* with their line ends */
	size_t n_rows;
	size_t next; /* row to write next */
	pid_t pid;
	int fd; /* the pipe's write end */
	int held; /* its read end, kept open, or -1 */
	uint64_t written; /* bytes on this pipe */
	uint64_t *end; /* where row i ends on this pipe */
	size_t first; /* first row on this pipe */
};

static uint64_t
roll(struct block *b, uint64_t sides)
{
	/* xorshift64*: the same chance on every machine. */
	b->dice ^= b->dice >> 12;
	b->dice ^= b->dice << 25;
	b->dice ^= b->dice >> 27;
	return (b->dice * UINT64_C(2685821657736338717) >> 11) % sides;
}

static void
die(const char *what)
{
	fprintf(stderr, "%s: %s: %s\n", PROG, what, strerror(errno));
	exit(EX_OSERR);
}

/* ---- the program ---- */

static void
start(struct block *b)
{
	int ends[2];

	if (pipe2(ends, O_CLOEXEC) != 0)
		die("pipe");
	b->pid = fork();
	if (b->pid < 0)
		die("fork");
	if (b->pid == 0) {
		if (dup2(ends[0], STDIN_FILENO) < 0)
			_exit(EX_OSERR);
		execv(b->plan->argv[0], b->plan->argv);
		_exit(EX_UNAVAILABLE);
	}
	b->fd = ends[1];
	b->held = ends[0];
	if (!b->plan->hold) {
		close(ends[0]);
		b->held = -1;
	}
	b->written = 0;
	b->first = b->next;
	b->n.starts++;
}

/* Waits for the program's end; its exit code, -1: by a signal. */
static int
reap(const struct block *b, pid_t pid)
{
	int64_t until = clock_ticks() + (int64_t)b->plan->wait * 1000;
	int status = 0;
	pid_t got;

	while ((got = waitpid(pid, &status, WNOHANG)) == 0 &&
	    clock_ticks() < until)
		(void)poll(NULL, 0, 5);
	if (got == 0) {
		fprintf(stderr, "%s: pid %ld has not ended in %llu s\n", PROG,
		    (long)pid, (unsigned long long)b->plan->wait);
		kill(pid, SIGKILL);
		(void)waitpid(pid, &status, 0);
		return -2;
	}
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void
finish(struct block *b, int fd, pid_t pid)
{
	int code;

	close(fd);
	code = reap(b, pid);
	if (code == 0)
		return;
	b->n.failed++;
	fprintf(stderr, "%s: the program ended with %d, not 0\n", PROG, code);
}

/* ---- writing ---- */

static bool
write_piece(struct block *b, struct str piece)
{
	while (piece.n > 0) {
		int64_t before = clock_ticks();
		struct pollfd p = { .fd = b->fd, .events = POLLOUT };
		uint64_t took;
		ssize_t n;

		/* A write that blocks is seen by poll, as it does not. */
		if (poll(&p, 1, (int)b->plan->write_timeout) == 0) {
			fprintf(stderr, "%s: a write has waited for %llu ms\n",
			    PROG, (unsigned long long)b->plan->write_timeout);
			b->n.failed++;
			return false;
		}
		n = write(b->fd, piece.p, piece.n < 4096 ? piece.n : 4096);
		took = (uint64_t)(clock_ticks() - before);
		b->n.longest = took > b->n.longest ? took : b->n.longest;
		if (n < 0)
			return false;
		b->written += (uint64_t)n;
		piece = str_skip(piece, (size_t)n);
	}
	return true;
}

/* Header or rows, cut into pieces that end anywhere. */
static bool
write_bytes(struct block *b, struct str s)
{
	while (s.n > 0) {
		size_t n = 1 + (size_t)roll(b, PIECE_MAX);

		n = n < s.n ? n : s.n;
		if (!write_piece(b, str_sub(s, 0, n)))
			return false;
		s = str_skip(s, n);
	}
	return true;
}

/* ---- killing ---- */

/* Bytes that lie in the pipe; what the test holds of it is emptied. */
static uint64_t
unread_bytes(struct block *b)
{
	char bytes[4096];
	uint64_t unread = 0;
	int left = 0;
	ssize_t n;

	if (b->held < 0)
		return ioctl(b->fd, FIONREAD, &left) == 0 ? (uint64_t)left : 0;
	(void)fcntl(b->held, F_SETFL, O_NONBLOCK);
	while ((n = read(b->held, bytes, sizeof bytes)) > 0)
		unread += (uint64_t)n;
	close(b->held);
	b->held = -1;
	return unread;
}

/* Rows that die with the pipe, as PowerMTA's do; in one write, since several
 * blocks tell. */
static void
tell_lost(const struct block *b, size_t from)
{
	int fd = open(b->plan->lost, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC,
	    0644);
	struct buf rows = { 0 };

	for (size_t i = from; i < b->next; i++)
		buf_add(&rows, b->row[i]);
	if (fd < 0 || rows.failed ||
	    write(fd, rows.p, rows.n) != (ssize_t)rows.n)
		die(b->plan->lost);
	buf_release(&rows);
	close(fd);
}

/* A row that lacks only some of its last column, which nothing needs, and its
 * line end reads as a whole one. */
static bool
has_all_columns(const struct block *b, size_t i, uint64_t taken)
{
	size_t last = b->row[i].n - str_rchr(b->row[i], ',') - 1;

	return b->end[i] - last <= taken;
}

/* From the first row that does not read as whole on they are sent again if the
 * test holds the pipe, else they are lost but for the acct-file. */
static void
take_back(struct block *b)
{
	bool held = b->held >= 0;
	uint64_t taken = b->written - unread_bytes(b);
	size_t i = b->first;

	while (i < b->next && b->end[i] <= taken)
		i++;
	i += i < b->next && has_all_columns(b, i, taken);
	if (held) {
		b->n.resent += b->next - i;
		b->next = i;
	} else if (b->plan->lost != NULL) {
		tell_lost(b, i);
	}
}

static void
kill_some(struct block *b)
{
	enum victim v = b->plan->victim;
	pid_t worker = child_of(b->pid);

	if (v != VICTIM_MOVER && worker != 0 && kill(worker, SIGKILL) == 0)
		b->n.workers++;
	if (v == VICTIM_WORKER)
		return;
	/* Stopped first: what lies unread is then looked at in peace. */
	kill(b->pid, SIGSTOP);
	(void)waitpid(b->pid, NULL, WUNTRACED);
	if (b->held < 0)
		take_back(b);
	kill(b->pid, SIGKILL);
	b->n.movers++;
	(void)waitpid(b->pid, NULL, 0);
	/* One may have been started again in between. */
	if (v == VICTIM_BOTH)
		while ((worker = child_of(getpid())) != 0 &&
		    kill(worker, SIGKILL) == 0)
			(void)waitpid(worker, NULL, 0);
	close(b->fd);
	if (b->held >= 0)
		take_back(b);
	start(b);
	if (!write_bytes(b, b->header))
		b->n.failed++;
}

/* A new one starts before the old one has ended, as with pmtawatch. */
static void
overlap(struct block *b)
{
	pid_t old = b->pid;
	int fd = b->fd;

	if (b->held >= 0)
		close(b->held);
	start(b);
	if (!write_bytes(b, b->header))
		b->n.failed++;
	finish(b, fd, old);
}

/* ---- one block ---- */

static void
pace(const struct block *b, int64_t began, size_t done)
{
	int64_t due;

	if (b->plan->rate == 0)
		return;
	due = began + (int64_t)(done * 1000 / b->plan->rate);
	if (due > clock_ticks())
		(void)poll(NULL, 0, (int)(due - clock_ticks()));
}

/* Writes the next rows in one go, so that pieces cross them. */
static void
write_rows(struct block *b, struct buf *together)
{
	size_t n = 1 + (size_t)roll(b, b->plan->rate > 0 ? 5 : 50);

	buf_clear(together);
	for (; n > 0 && b->next < b->n_rows; n--, b->next++) {
		buf_add(together, b->row[b->next]);
		b->end[b->next] = b->written + together->n;
	}
	if (!write_bytes(b, buf_str(together))) {
		fprintf(stderr, "%s: cannot write to the pipe: %s\n", PROG,
		    strerror(errno));
		b->n.failed++;
		close(b->fd);
		(void)reap(b, b->pid);
		start(b);
		(void)write_bytes(b, b->header);
	}
}

static void
run_block(struct block *b)
{
	uint64_t kills = b->plan->victim != VICTIM_NONE ? b->plan->kills : 0;
	struct buf together = { 0 };
	int64_t began = clock_ticks();
	size_t sent = 0;

	b->end = calloc(b->n_rows + 1, sizeof *b->end);
	if (b->end == NULL)
		die("memory");
	start(b);
	if (!write_bytes(b, b->header))
		b->n.failed++;
	while (b->next < b->n_rows) {
		size_t left = b->n_rows - b->next;
		size_t before = b->next;

		write_rows(b, &together);
		sent += b->next - before;
		pace(b, began, sent);
		if (kills > 0 && roll(b, left) < kills * 10) {
			kills--;
			kill_some(b);
		}
		if (b->plan->overlap && before < b->n_rows / 2 &&
		    b->next >= b->n_rows / 2)
			overlap(b);
	}
	b->n.rows = b->n_rows;
	finish(b, b->fd, b->pid);
	buf_release(&together);
	free(b->end);
}

/* ---- rows ---- */

static void
get_rows(const struct plan *p, struct buf *all)
{
	struct err e = { 0 };

	if (p->rows != NULL) {
		if (!file_read(p->rows, FILE_MAX, all, &e)) {
			fprintf(stderr, "%s: %s\n", PROG, e.text);
			exit(e.code);
		}
		return;
	}
	buf_adds(all, HEADER);
	for (uint64_t i = 0; i < p->make; i++)
		make_row(all, i, p->seed);
	if (!buf_ok(all, &e))
		die("memory");
}

/* ---- all blocks ---- */

/* Rows i with i % blocks == nr, in a process of its own. */
static void
block_child(const struct plan *p, uint64_t nr, int to)
{
	struct buf all = { 0 };
	struct block b = { .plan = p, .held = -1 };
	size_t n = 0;

	get_rows(p, &all);
	b.row = cut_rows(buf_str(&all), &b.header, &n);
	if (b.row == NULL)
		die("no rows");
	for (size_t i = (size_t)nr; i < n; i += (size_t)p->blocks)
		b.row[b.n_rows++] = b.row[i];
	b.dice = (p->seed * 1000003 + nr) * 2 + 1;
	for (int i = 0; i < 10; i++)
		(void)roll(&b, 2);
	/* Workers whose mover was killed become our children. */
	(void)prctl(PR_SET_CHILD_SUBREAPER, 1);
	run_block(&b);
	while (waitpid(-1, NULL, 0) > 0)
		continue;
	if (write(to, &b.n, sizeof b.n) != sizeof b.n)
		exit(EX_IOERR);
	free(b.row);
	buf_release(&all);
	exit(EX_OK);
}

static void
add_counts(struct counts *all, const struct counts *one)
{
	all->rows += one->rows;
	all->resent += one->resent;
	all->starts += one->starts;
	all->movers += one->movers;
	all->workers += one->workers;
	all->failed += one->failed;
	if (one->longest > all->longest)
		all->longest = one->longest;
}

static int
run_plan(const struct plan *p)
{
	struct counts all = { 0 }, one;
	uint64_t answers = 0;
	int ends[2];

	if (pipe2(ends, O_CLOEXEC) != 0)
		die("pipe");
	for (uint64_t i = 0; i < p->blocks; i++) {
		pid_t pid = fork();

		if (pid < 0)
			die("fork");
		if (pid == 0)
			block_child(p, i, ends[1]);
	}
	close(ends[1]);
	while (read(ends[0], &one, sizeof one) == sizeof one) {
		add_counts(&all, &one);
		answers++;
	}
	while (wait(NULL) > 0)
		continue;
	printf("blocks %llu rows %llu resent %llu starts %llu killed-movers "
	       "%llu killed-workers %llu longest-write-ms %llu failed %llu\n",
	    (unsigned long long)answers, (unsigned long long)all.rows,
	    (unsigned long long)all.resent, (unsigned long long)all.starts,
	    (unsigned long long)all.movers, (unsigned long long)all.workers,
	    (unsigned long long)all.longest, (unsigned long long)all.failed);
	return answers == p->blocks && all.failed == 0 ? 0 : 1;
}

/* ---- the command line ---- */

static const char USAGE[] =
    "usage: pmta_standin [option ...] (--rows FILE | --make N) -- PROG [ARG "
    "...]\n"
    "  --seed N  --rate ROWS/S  --blocks N  --restart-overlap\n"
    "  --kill mover|worker|both  --kills N  --hold-read-end\n"
    "  --write-timeout MS  --wait S  --lost FILE  --print (the rows, nothing is started)\n";

static const struct option LONGS[] = {
	{ "rows", required_argument, NULL, 'f' },
	{ "make", required_argument, NULL, 'm' },
	{ "seed", required_argument, NULL, 's' },
	{ "rate", required_argument, NULL, 'r' },
	{ "blocks", required_argument, NULL, 'b' },
	{ "kill", required_argument, NULL, 'k' },
	{ "kills", required_argument, NULL, 'n' },
	{ "write-timeout", required_argument, NULL, 't' },
	{ "wait", required_argument, NULL, 'w' },
	{ "hold-read-end", no_argument, NULL, 'h' },
	{ "restart-overlap", no_argument, NULL, 'o' },
	{ "print", no_argument, NULL, 'p' },
	{ "lost", required_argument, NULL, 'l' },
	{ NULL, 0, NULL, 0 },
};

static void
usage(void)
{
	fputs(USAGE, stderr);
	exit(EX_USAGE);
}

static uint64_t
number(const char *text)
{
	uint64_t n;

	if (!number_u64(str_from(text), 0, INT32_MAX, &n))
		usage();
	return n;
}

static enum victim
victim_of(const char *text)
{
	static const char *const NAMES[] = { "", "mover", "worker", "both" };

	for (size_t i = 1; i < COUNT(NAMES); i++)
		if (strcmp(text, NAMES[i]) == 0)
			return (enum victim)i;
	usage();
	return VICTIM_NONE;
}

static void
print_rows(const struct plan *p)
{
	struct buf all = { 0 };

	get_rows(p, &all);
	fwrite(all.p, 1, all.n, stdout);
	exit(fflush(stdout) == 0 ? EX_OK : EX_IOERR);
}

static void
take_option(struct plan *p, int opt)
{
	switch (opt) {
	case 'f':
		p->rows = optarg;
		break;
	case 'm':
		p->make = number(optarg);
		break;
	case 's':
		p->seed = number(optarg);
		break;
	case 'r':
		p->rate = number(optarg);
		break;
	case 'b':
		p->blocks = number(optarg);
		break;
	case 'k':
		p->victim = victim_of(optarg);
		break;
	case 'n':
		p->kills = number(optarg);
		break;
	case 't':
		p->write_timeout = number(optarg);
		break;
	case 'w':
		p->wait = number(optarg);
		break;
	case 'h':
		p->hold = true;
		break;
	case 'o':
		p->overlap = true;
		break;
	case 'l':
		p->lost = optarg;
		break;
	case 'p':
		print_rows(p);
		break;
	default:
		usage();
	}
}

int
main(int argc, char **argv)
{
	struct plan p = { .seed = 1,
		.blocks = 1,
		.kills = 3,
		.write_timeout = 1000,
		.wait = 60 };
	int opt;

	while ((opt = getopt_long(argc, argv, "+", LONGS, NULL)) != -1)
		take_option(&p, opt);
	if (optind >= argc || (p.rows == NULL) == (p.make == 0) ||
	    p.blocks == 0)
		usage();
	p.argv = argv + optind;
	/* PowerMTA's way to say that it is a program. */
	if (p.argv[0][0] == '|')
		p.argv[0]++;
	(void)signal(SIGPIPE, SIG_IGN);
	return run_plan(&p);
}
