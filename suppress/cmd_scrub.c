/* cmd_scrub.c - which rows of a mailing list may be mailed? */
#include <getopt.h>
#include <string.h>

#include "args.h"
#include "base/number.h"
#include "base/quote.h"
#include "paths.h"
#include "scrub.h"

#define MEMORY_DEFAULT (UINT64_C(2) << 30)
#define MEMORY_LEAST (UINT64_C(64) << 10)
#define MEMORY_MOST (UINT64_C(1) << 44)

enum { OPT_KEEP = 600, OPT_DROP, OPT_WHY, OPT_DEDUPE, OPT_FAIL, OPT_LOW,
	OPT_MEMORY, OPT_INVALID, OPT_HASHED, OPT_PROVIDER_KEY };

struct scrub_command {
	struct scrub scrub;
	char file[256]; /* the list's name, quoted */
	char scope[APP_SCOPE_MAX];
	bool json, fail_if_dropped;
};

static bool
wrong(const char *option, const char *mend, struct err *e)
{
	char quoted[128];

	return err_set(e, EX_USAGE, "scrub: --%s: '%s' is none; %s", option,
	    str_quote(str_from(optarg), quoted, sizeof quoted), mend);
}

/* Options that are a word for what to do. */
static bool
take_choice(struct scrub *s, int o, struct err *e)
{
	switch (o) {
	case OPT_MEMORY:
		return number_size(str_from(optarg), MEMORY_LEAST, MEMORY_MOST,
		    &s->memory) || wrong("memory", "write a size such as 512M, "
		    "from 64K on", e);
	case OPT_INVALID:
		s->keep_invalid = strcmp(optarg, "keep") == 0;
		return s->keep_invalid || strcmp(optarg, "drop") == 0 ||
		    wrong("invalid", "write keep or drop", e);
	case OPT_HASHED:
		return glib_digest_of(str_from(optarg), &s->cells.hashed) ||
		    wrong("hashed", "write md5, sha1 or sha256", e);
	default:
		return false;
	}
}

static bool
take_option(struct scrub_command *c, int o, struct err *e)
{
	struct scrub *s = &c->scrub;

	switch (o) {
	case 'c':
		s->cells.column = optarg;
		return true;
	case 's':
		if (!args_stream_or("scrub", optarg, c->scope, e))
			return false;
		s->scope = str_from(c->scope);
		return true;
	case 'j':
		c->json = true;
		return true;
	case OPT_KEEP:
		s->out.keep = args_output(optarg);
		return true;
	case OPT_DROP:
		s->out.drop = optarg;
		s->out.drop_out = args_output(optarg) == NULL;
		return true;
	case OPT_WHY:
		s->out.why = true;
		return true;
	case OPT_DEDUPE:
		s->dedupe = true;
		return true;
	case OPT_FAIL:
		c->fail_if_dropped = true;
		return true;
	case OPT_LOW:
		s->low_memory = true;
		return true;
	case OPT_PROVIDER_KEY:
		s->provider_key = true;
		return true;
	default:
		return take_choice(s, o, e);
	}
}

static bool
check_options(const struct scrub_command *c, int argc, struct err *e)
{
	const struct scrub *s = &c->scrub;

	if (argc - optind != 1)
		return err_set(e, EX_USAGE, "scrub: %s; name one, or - for "
		    "standard input", optind == argc ? "no list given"
		    : "more than one list given");
	if (s->out.why && s->out.drop == NULL)
		return err_set(e, EX_USAGE, "scrub: --why has nowhere to go: "
		    "it is told beside dropped rows; name a file with --drop");
	if (s->out.why && s->cells.hashed != GLIB_PLAIN)
		return err_set(e, EX_USAGE, "scrub: --why does not go with "
		    "--hashed: a digest does not lead to an entry's words; "
		    "leave it out");
	if (s->provider_key && s->cells.hashed != GLIB_PLAIN)
		return err_set(e, EX_USAGE, "scrub: --provider-key does not go "
		    "with --hashed: a digest does not tell the mailbox; leave "
		    "it out");
	if (s->out.drop_out)
		return s->out.keep != NULL ||
		    err_set(e, EX_USAGE, "scrub: --drop: other rows go to "
		    "standard output; name a file, or one with --keep");
	if (paths_same(s->out.keep, s->out.drop))
		return err_set(e, EX_USAGE, "scrub: --keep and --drop name one "
		    "file; name two");
	return true;
}

static bool
parse_options(struct scrub_command *c, int argc, char **argv, struct err *e)
{
	static const struct option LONGS[] = {
		{ "column", required_argument, NULL, 'c' },
		{ "stream", required_argument, NULL, 's' },
		{ "keep", required_argument, NULL, OPT_KEEP },
		{ "drop", required_argument, NULL, OPT_DROP },
		{ "why", no_argument, NULL, OPT_WHY },
		{ "dedupe", no_argument, NULL, OPT_DEDUPE },
		{ "invalid", required_argument, NULL, OPT_INVALID },
		{ "hashed", required_argument, NULL, OPT_HASHED },
		{ "fail-if-dropped", no_argument, NULL, OPT_FAIL },
		{ "low-memory", no_argument, NULL, OPT_LOW },
		{ "provider-key", no_argument, NULL, OPT_PROVIDER_KEY },
		{ "memory", required_argument, NULL, OPT_MEMORY },
		{ "json", no_argument, NULL, 'j' },
		{ NULL, 0, NULL, 0 },
	};
	int o;

	while ((o = app_option(argc, argv, ":c:s:j", LONGS, e)) != -1)
		if (!take_option(c, o, e))
			return false;
	if (!check_options(c, argc, e))
		return false;
	c->scrub.path = argv[optind];
	str_quote(strcmp(argv[optind], "-") == 0 ? STR("standard input")
						 : str_from(argv[optind]),
	    c->file, sizeof c->file);
	c->scrub.cells.file = c->file;
	return true;
}

/* What is not as the options alone would have it. */
static void
tell_notes(const struct scrub_command *c)
{
	const struct scrub *s = &c->scrub;

	if (s->size.low && !s->low_memory)
		fprintf(stderr, "pmta-suppress: scrub: more entries than fit "
		    "in --memory: went on as with --low-memory\n");
	if (s->digests != NULL && s->size.domains > 0)
		fprintf(stderr, "pmta-suppress: scrub: %lld whole domains are "
		    "listed: what is in them cannot be told by a digest\n",
		    (long long)s->size.domains);
	if (s->digests != NULL && s->size.erased > 0)
		fprintf(stderr, "pmta-suppress: scrub: %lld erased addresses "
		    "are blocked: what is theirs cannot be told by a digest\n",
		    (long long)s->size.erased);
}

int
cmd_scrub(struct app *a, int argc, char **argv, struct err *e)
{
	struct scrub_command c = { .scrub = { .app = a,
		.memory = MEMORY_DEFAULT } };
	struct scrub *s = &c.scrub;
	int answer = 0;

	if (!parse_options(&c, argc, argv, e) || !app_ready(a, e))
		goto out;
	if (!scrub_out_open(&s->out, e) || !scrub_run(s, e) ||
	    !scrub_out_done(&s->out, e))
		goto out;
	s->sums.invalid_kept = s->keep_invalid;
	tell_notes(&c);
	if (!scrub_sums_print(&s->sums, c.file, rules_providers(a->rules),
	    c.json, e))
		goto out;
	answer = c.fail_if_dropped && s->sums.kept < s->sums.rows;
out:
	scrub_release(s);
	return e->code != 0 ? e->code : answer;
}
