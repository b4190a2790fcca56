/*
 * bench_classify - CPU time to find the rule of a reply:
 *   bench_classify MODE [FILE|- [COUNT [RULES-DIR]]]
 *   find    by the literals, as the programs do
 *   plain   the same rules one by one in PCRE2 JIT, the baseline
 *   same    both, and whether every answer is the same
 *   whole   codes, folding, provider, rule and fallback
 *   long    whole, of one reply of 64 KiB
 * The replies are FILE's lines, or the samples of the shipped rules (-). They
 * are asked over and over until COUNT (200000) were. RULES-DIR holds rules
 * beside the shipped ones.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/file.h"
#include "verdict/classify.h"
#include "verdict/rulebook.h"

#define REPLIES_MAX 65536
#define FILE_MAX ((size_t)256 << 20)
#define LONG_BYTES 65536
#define LONG_TIMES 200

struct reply {
	struct str raw;
	size_t from; /* folded, in bench.text */
	struct rule_input in;
};

struct bench {
	struct rules *rules;
	struct buf file, text, scratch;
	struct reply *replies;
	size_t n;
	unsigned long count, matched, others;
};

static double
cpu_seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void
take_reply(struct bench *b, struct str raw)
{
	struct reply *r = &b->replies[b->n];
	struct failure f = { .diag = raw,
		.failed = true,
		.row = true,
		.mta = STR("mx.example.net (192.0.2.1)"),
		.domain = STR("example.net") };

	if (b->n == REPLIES_MAX || raw.n == 0)
		return;
	r->raw = raw;
	r->in = classify_input(b->rules, &f, &b->scratch);
	r->from = b->text.n;
	buf_add(&b->text, r->in.folded);
	b->n++;
}

static bool
take_file(struct bench *b, const char *path, struct err *e)
{
	struct str rest, line;

	if (!file_read(path, FILE_MAX, &b->file, e))
		return false;
	rest = buf_str(&b->file);
	while (str_cut(&rest, '\n', &line))
		take_reply(b, line);
	return true;
}

static bool
bench_open(struct bench *b, const char *path, const char *dir, struct err *e)
{
	const struct rule_book *book;

	b->rules = rules_open(dir, NULL, e);
	b->replies = calloc(REPLIES_MAX, sizeof *b->replies);
	if (b->rules == NULL || b->replies == NULL)
		return b->rules != NULL && err_memory(e);
	book = rules_book(b->rules);
	if (strcmp(path, "-") != 0 && !take_file(b, path, e))
		return false;
	for (size_t i = 0; b->file.p == NULL && i < book->sample_count; i++)
		take_reply(b, book->samples[i].text);
	if (b->n == 0)
		return err_set(e, EX_DATAERR, "%s: no replies in it", path);
	/* Only now does the text stand still. */
	for (size_t i = 0; i < b->n; i++)
		b->replies[i].in.folded.p = b->text.p + b->replies[i].from;
	return buf_ok(&b->text, e);
}

static void
bench_close(struct bench *b)
{
	rules_close(b->rules);
	buf_release(&b->file);
	buf_release(&b->text);
	buf_release(&b->scratch);
	free(b->replies);
}

static void
ask(struct bench *b, const char *mode, const struct reply *r)
{
	struct failure f = { .diag = r->raw, .failed = true, .row = true };
	const struct rule *found;
	struct verdict v;

	if (strcmp(mode, "whole") == 0) {
		classify(b->rules, &f, &b->scratch, &v);
		b->matched += v.rule != NULL;
		return;
	}
	found = strcmp(mode, "plain") == 0
	    ? rules_find_plain(b->rules, &r->in, NULL)
	    : rules_find(b->rules, &r->in, NULL);
	b->matched += found != NULL;
	if (strcmp(mode, "same") == 0)
		b->others += found != rules_find_plain(b->rules, &r->in, NULL);
}

static void
run(struct bench *b, const char *mode)
{
	double took;

	/* Once before the clock runs: PCRE2 makes its machine code. */
	for (size_t i = 0; i < b->n; i++)
		ask(b, mode, &b->replies[i]);
	b->matched = b->others = 0;
	took = cpu_seconds();
	for (unsigned long i = 0; i < b->count; i++)
		ask(b, mode, &b->replies[i % b->n]);
	took = cpu_seconds() - took;
	printf("%s: %.3f s CPU, %.0f ns/reply, %lu replies, %zu distinct, "
	       "%lu matched, %lu other answers, %zu rules\n",
	    mode, took, took * 1e9 / (double)b->count, b->count, b->n,
	    b->matched, b->others, rules_count(b->rules));
}

static void
run_long(struct bench *b)
{
	static char text[LONG_BYTES];
	struct failure f = { .diag = str_of(text, sizeof text), .row = true };
	size_t n = strlen("550 5.7.1 ");
	struct verdict v;
	double took;

	memcpy(text, "550 5.7.1 ", n);
	for (size_t at = n, i = 0; at < sizeof text; i = (i + 1) % b->n) {
		struct str s = str_sub(b->replies[i].raw, 0, sizeof text - at);

		memcpy(text + at, s.p, s.n);
		at += s.n;
	}
	classify(b->rules, &f, &b->scratch, &v);
	took = cpu_seconds();
	for (int i = 0; i < LONG_TIMES; i++) {
		/* Another word each time: none is recalled. */
		text[n] = (char)('a' + i % 26);
		text[n + 1] = (char)('a' + i / 26);
		classify(b->rules, &f, &b->scratch, &v);
	}
	took = (cpu_seconds() - took) / LONG_TIMES;
	printf(
	    "long: %.4f ms CPU a reply of %d bytes\n", took * 1e3, LONG_BYTES);
}

static bool
is_mode(const char *s)
{
	static const char *const MODES[] = { "find", "plain", "same", "whole",
		"long" };

	for (size_t i = 0; i < COUNT(MODES); i++)
		if (strcmp(s, MODES[i]) == 0)
			return true;
	return false;
}

int
main(int argc, char **argv)
{
	const char *path = argc > 2 ? argv[2] : "-";
	struct bench b = { .count = 200000 };
	struct err e = { 0 };

	if (argc < 2 || !is_mode(argv[1])) {
		fputs("usage: bench_classify find|plain|same|whole|long "
		      "[FILE|- [COUNT [RULES-DIR]]]\n",
		    stderr);
		return EX_USAGE;
	}
	if (argc > 3)
		b.count = strtoul(argv[3], NULL, 10);
	if (!bench_open(&b, path, argc > 4 ? argv[4] : NULL, &e))
		fprintf(stderr, "bench_classify: %s\n", e.text);
	else if (strcmp(argv[1], "long") == 0)
		run_long(&b);
	else
		run(&b, argv[1]);
	bench_close(&b);
	return e.code != 0 ? e.code : b.others > 0 ? EX_SOFTWARE : 0;
}
