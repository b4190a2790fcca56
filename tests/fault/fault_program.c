/*
 * fault_program.c - a whole program, the n-th allocation of which fails, for
 * n = 1, 2, ...: it ends with the answer of a clean run, or with a code of
 * sysexits.h and words, never by a crash, and the list is then as it was before
 * or as it is after, never in between. GLib and GMime end a process without
 * memory, by design, as does glibc when it loads them; that is told apart, and
 * must leave no half either.
 * Stands in a folder with ./base, the state to begin with each time.
 */
#include <fcntl.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/file.h"
#include "base/number.h"
#include "shim_memory.h"
#include "wrap/hash.h"

#define MAX_SHOWN 5
#define OUTPUT_MAX (64u << 20)
#define FIRST_ALL 8 /* the first n, each, whatever --every says */

struct plan {
	const char *name, *input, *again, *output, *then;
	char **argv;
	uint64_t every;
	bool children, lasts;
	bool writes; /* ./state is made from ./base before each run */
	bool piecemeal; /* may be done in part; done again, it is whole */
	bool loose; /* what it prints differs each time */
	const char *preload; /* shims */
	struct shim_memory *memory;
};

/* What one run came to. */
struct outcome {
	int code; /* exit code; minus a signal */
	uint64_t out; /* hash of what it printed */
	uint64_t file; /* ... of its output file; 0: there is none */
	uint64_t dump;
	bool by_design; /* GLib, GMime or the dynamic linker gave up */
	bool told; /* stderr has a line of the program */
	char words[200]; /* the last of stderr */
};

struct sums {
	uint64_t points, borne, told, by_design, wrong;
};

static void
die(const char *what)
{
	perror(what);
	exit(EX_OSERR);
}

/* ---- running ---- */

/* Our own words, in an empty folder. */
static bool
shell(const char *command)
{
	int status = 0;
	pid_t pid = fork();

	if (pid < 0)
		die("fork");
	if (pid == 0) {
		execl("/bin/sh", "sh", "-c", command, (char *)NULL);
		_exit(EX_UNAVAILABLE);
	}
	if (waitpid(pid, &status, 0) != pid)
		die("waitpid");
	return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static void
redirect(int to, const char *path, int how)
{
	int fd = open(path, how | O_CLOEXEC, 0644);

	if (fd < 0 || dup2(fd, to) < 0)
		_exit(EX_OSERR);
}

static int
spawn(const struct plan *p, char **argv, const char *input)
{
	int status = 0;
	pid_t pid = fork();

	if (pid < 0)
		die("fork");
	if (pid == 0) {
		redirect(STDIN_FILENO, input, O_RDONLY);
		redirect(STDOUT_FILENO, "got.out",
		    O_WRONLY | O_CREAT | O_TRUNC);
		redirect(STDERR_FILENO, "got.err",
		    O_WRONLY | O_CREAT | O_TRUNC);
		if (setenv("LD_PRELOAD", p->preload, 1) == 0)
			execvp(argv[0], argv);
		_exit(EX_UNAVAILABLE);
	}
	if (waitpid(pid, &status, 0) != pid)
		die("waitpid");
	return WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
}

static uint64_t
hash_file(const char *path, uint64_t h, bool *there)
{
	struct buf b = { 0 };
	struct err e = { 0 };

	*there = file_read(path, OUTPUT_MAX, &b, &e);
	h = hash64_more(h, buf_str(&b));
	buf_release(&b);
	return h;
}

static uint64_t
dump_now(const struct plan *p)
{
	char program[] = "pmta-suppress";
	char command[] = "dump";
	char *argv[] = { program, command, NULL };
	bool there;

	if (spawn(p, argv, "/dev/null") != 0)
		return 0;
	return hash_file("got.out", 0, &there);
}

static void
read_words(const struct plan *p, struct outcome *o)
{
	struct buf b = { 0 };
	struct err e = { 0 };
	struct str all, line, last = { "", 0 };

	(void)file_read("got.err", OUTPUT_MAX, &b, &e);
	all = buf_str(&b);
	/* It may have no memory for its last words either. */
	o->by_design = (o->code < 0 && (atomic_load(&p->memory->glib) > 0 ||
	    str_find(all, STR("GLib-ERROR")) < all.n)) ||
	    str_find(all, STR("thread-local data: ABORT")) < all.n;
	o->told = str_find(all, STR("pmta-suppress")) < all.n;
	while (str_cut(&all, '\n', &line))
		if (line.n > 0)
			last = str_sub(line, 0, sizeof o->words - 1);
	(void)str_copy(last, o->words, sizeof o->words);
	buf_release(&b);
}

static void
begin(const struct plan *p)
{
	if (p->writes && !shell("rm -rf state && cp -a base state"))
		die("cannot make the state");
	if (p->output != NULL)
		(void)unlink(p->output);
}

/* A run with the at-th allocation failing; 0: none. */
static void
run(const struct plan *p, uint64_t at, struct outcome *o)
{
	bool there;

	*o = (struct outcome){ 0 };
	begin(p);
	atomic_store(&p->memory->seen, 0);
	atomic_store(&p->memory->failed, 0);
	atomic_store(&p->memory->glib, 0);
	p->memory->at = at;
	o->code = spawn(p, p->argv, p->input);
	p->memory->at = 0;
	o->out = hash_file("got.out", 1, &there);
	there = false;
	if (p->output != NULL)
		o->file = hash_file(p->output, 1, &there);
	if (!there)
		o->file = 0;
	read_words(p, o);
}

/* ---- judging ---- */

static bool
is_sysexit(int code)
{
	return code >= EX_USAGE && code <= EX_CONFIG && code != EX_SOFTWARE;
}

static const char *
judge_answer(const struct plan *p, const struct outcome *o,
    const struct outcome *clean)
{
	if (o->file != 0 && o->file != clean->file)
		return "half a file";
	if (o->by_design)
		return NULL;
	if (o->code < 0)
		return "a crash";
	if (o->code == clean->code)
		return (p->loose || o->out == clean->out) &&
			o->file == clean->file
		    ? NULL
		    : "another answer";
	if (!is_sysexit(o->code))
		return "a code that says something else";
	if (!o->told)
		return "an error without words";
	return NULL;
}

/* The list is whole, and what says that it is done is done. */
static const char *
judge_state(const struct plan *p, const struct outcome *o,
    const struct outcome *clean, uint64_t before)
{
	bool done = o->code == clean->code;
	uint64_t now;

	if (!p->writes)
		return NULL;
	if (p->again != NULL && spawn(p, p->argv, p->again) != 0)
		return "the next start fails";
	now = dump_now(p);
	if (now == clean->dump)
		return NULL;
	if (done)
		return "it says done and has not done it";
	if (now == before)
		return NULL;
	if (!p->piecemeal)
		return "half a change";
	(void)spawn(p, p->argv, p->input);
	return dump_now(p) == clean->dump ? NULL : "not to be gone on with";
}

/* False: so many allocations there are not. */
static bool
judge(const struct plan *p, const struct outcome *clean, uint64_t before,
    uint64_t at, struct sums *sums)
{
	struct outcome o;
	const char *what;

	run(p, at, &o);
	if (atomic_load(&p->memory->failed) == 0)
		return false;
	sums->points++;
	sums->by_design += o.by_design;
	sums->borne += o.code == clean->code;
	sums->told += !o.by_design && o.code != clean->code;
	what = judge_answer(p, &o, clean);
	if (what == NULL)
		what = judge_state(p, &o, clean, before);
	if (what == NULL && p->then != NULL && !shell(p->then))
		what = "what follows fails";
	if (what != NULL && ++sums->wrong <= MAX_SHOWN)
		printf("     %s, allocation %llu: %s: %d: %s\n", p->name,
		    (unsigned long long)at, what, o.code, o.words);
	return true;
}

/* A clean run, and what it makes of the list. */
static bool
learn(const struct plan *p, struct outcome *clean, uint64_t *before)
{
	begin(p);
	if (p->writes && p->again != NULL)
		(void)spawn(p, p->argv, p->again);
	*before = p->writes ? dump_now(p) : 0;
	run(p, 0, clean);
	if (p->writes && p->again != NULL)
		(void)spawn(p, p->argv, p->again);
	clean->dump = p->writes ? dump_now(p) : 0;
	if (clean->code == 0 || clean->code == 1)
		return true;
	printf("FAIL fault/memory of %s: a clean run ends with %d: %s\n",
	    p->name, clean->code, clean->words);
	return false;
}

static int
run_plan(const struct plan *p)
{
	struct sums s = { 0 };
	struct outcome clean;
	uint64_t before;

	if (!learn(p, &clean, &before))
		return 1;
	for (uint64_t n = 1;; n += n < FIRST_ALL ? 1 : p->every) {
		if (!judge(p, &clean, before, n, &s))
			break;
	}
	printf("%s fault/memory of %s%s (%llu failures: %llu borne, %llu told, "
	    "%llu by GLib, %llu wrong)\n", s.wrong > 0 ? "FAIL" : "ok  ",
	    p->name, p->lasts ? " on and on" : "",
	    (unsigned long long)s.points, (unsigned long long)s.borne,
	    (unsigned long long)s.told, (unsigned long long)s.by_design,
	    (unsigned long long)s.wrong);
	return s.wrong > 0;
}

/* ---- the command line ---- */

static void
open_memory(struct plan *p)
{
	int fd = open("memory", O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
	void *at;

	if (fd < 0 || ftruncate(fd, sizeof *p->memory) != 0)
		die("memory");
	at = mmap(NULL, sizeof *p->memory, PROT_READ | PROT_WRITE, MAP_SHARED,
	    fd, 0);
	close(fd);
	if (at == MAP_FAILED || setenv("FAULT_MEMORY", "memory", 1) != 0)
		die("memory");
	p->memory = at;
	p->memory->children = p->children;
	p->memory->lasts = p->lasts;
}

static const struct option LONGS[] = {
	{ "name", required_argument, NULL, 'n' },
	{ "every", required_argument, NULL, 'e' },
	{ "input", required_argument, NULL, 'i' }, /* standard input */
	{ "again", required_argument, NULL, 'a' }, /* ... of a next start */
	{ "output", required_argument, NULL, 'o' }, /* a file it writes */
	{ "then", required_argument, NULL, 't' }, /* must succeed each time */
	{ "preload", required_argument, NULL, 'p' },
	{ "children", no_argument, NULL, 'c' },
	{ "lasts", no_argument, NULL, 'l' },
	{ "writes", no_argument, NULL, 'w' },
	{ "piecemeal", no_argument, NULL, 'm' },
	{ "loose", no_argument, NULL, 's' },
	{ NULL, 0, NULL, 0 },
};

static void
take_option(struct plan *p, int opt)
{
	switch (opt) {
	case 'n':
		p->name = optarg;
		break;
	case 'e':
		if (number_u64(str_from(optarg), 1, UINT32_MAX, &p->every))
			break;
		exit(EX_USAGE);
	case 'i':
		p->input = optarg;
		break;
	case 'a':
		p->again = optarg;
		break;
	case 'o':
		p->output = optarg;
		break;
	case 't':
		p->then = optarg;
		break;
	case 'p':
		p->preload = optarg;
		break;
	case 'c':
		p->children = true;
		break;
	case 'l':
		p->lasts = true;
		break;
	case 'm':
		p->piecemeal = true;
		p->writes = true;
		break;
	case 'w':
		p->writes = true;
		break;
	case 's':
		p->loose = true;
		break;
	default:
		exit(EX_USAGE);
	}
}

int
main(int argc, char **argv)
{
	struct plan p = { .name = "?", .input = "/dev/null", .every = 1 };
	int opt;

	while ((opt = getopt_long(argc, argv, "+", LONGS, NULL)) != -1)
		take_option(&p, opt);
	if (optind >= argc || p.preload == NULL)
		return EX_USAGE;
	p.argv = argv + optind;
	open_memory(&p);
	return run_plan(&p);
}
