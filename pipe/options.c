/* options.c - the command line of pmta-suppress-pipe. */
#include "options.h"

#include <getopt.h>
#include <string.h>

#include "base/quote.h"

enum {
	OPT_CONFIG = 256,
	OPT_STATE,
	OPT_RULES,
	OPT_INPUT,
	OPT_FROM,
	OPT_TO,
	OPT_ENVID,
	OPT_LOG,
	OPT_HELP,
	OPT_VERSION
};

static const struct option LONGS[] = {
	{ "config", required_argument, NULL, OPT_CONFIG },
	{ "state", required_argument, NULL, OPT_STATE },
	{ "rules", required_argument, NULL, OPT_RULES },
	{ "input", required_argument, NULL, OPT_INPUT },
	{ "from", required_argument, NULL, OPT_FROM },
	{ "to", required_argument, NULL, OPT_TO },
	{ "envid", required_argument, NULL, OPT_ENVID },
	{ "log", required_argument, NULL, OPT_LOG },
	{ "help", no_argument, NULL, OPT_HELP },
	{ "version", no_argument, NULL, OPT_VERSION },
	{ NULL, 0, NULL, 0 },
};

static const char *const INPUTS[] = { "csv", "json", "message" };
#define INPUT_OF_ENVELOPE 2

static const char HELP[] =
    "usage: pmta-suppress-pipe [option ...]\n"
    "\n"
    "Takes PowerMTA's accounting records, or one bounce or complaint\n"
    "message, on standard input and keeps the suppression list.\n"
    "PowerMTA starts it: <acct-file |" PREFIX "/bin/pmta-suppress-pipe>\n"
    "\n"
    "  --config FILE   settings (" SYSCONFDIR "/pmta-suppress.conf)\n"
    "  --state DIR     database and journal (" STATEDIR ")\n"
    "  --rules DIR     what replies mean (built in)\n"
    "  --input KIND    csv, json or message (told by the first bytes)\n"
    "  --log WHERE     syslog, stderr or a file\n"
    "  --help          this text\n"
    "  --version       the version\n"
    "\n"
    "for --input message, after all other options:\n"
    "  --from=ADDR --to=ADDR --envid=ID    the message's envelope\n"
    "\n"
    "exit: 0 done, 75 nothing could be taken (PowerMTA tries again)\n";

const char *
options_help(void)
{
	return HELP;
}

static bool
is_envelope(int opt)
{
	return opt == OPT_FROM || opt == OPT_TO || opt == OPT_ENVID;
}

static void
set_input(struct options *o, const char *value, struct err *e)
{
	char shown[64];

	for (size_t i = 0; i < COUNT(INPUTS); i++) {
		if (strcmp(value, INPUTS[i]) == 0) {
			o->input = INPUTS[i];
			return;
		}
	}
	err_set(e, EX_USAGE,
	    "--input '%s': no such kind of input, so the first bytes will "
	    "tell; write csv, json or message",
	    str_quote(str_from(value), shown, sizeof shown));
}

static void
set_one(struct options *o, int opt, const char *value, struct err *e)
{
	switch (opt) {
	case OPT_CONFIG:
		o->where.file = value;
		break;
	case OPT_STATE:
		o->where.state = value;
		break;
	case OPT_RULES:
		o->where.rules = value;
		break;
	case OPT_INPUT:
		set_input(o, value, e);
		break;
	case OPT_FROM:
		o->from = value;
		break;
	case OPT_TO:
		o->to = value;
		break;
	case OPT_ENVID:
		o->envid = value;
		break;
	case OPT_LOG:
		o->log = value;
		break;
	case OPT_HELP:
		o->help = true;
		break;
	default:
		o->version = true;
		break;
	}
}

static void
tell_wrong(const char *arg, const char *what, struct err *e)
{
	char shown[128];

	err_set(e, EX_USAGE, "'%s': %s; see pmta-suppress-pipe --help",
	    str_quote(str_from(arg), shown, sizeof shown), what);
}

void
options_parse(struct options *o, int argc, char **argv, struct err *e)
{
	bool strangers = false;
	int opt;

	*o = (struct options){ 0 };
	opterr = 0;
	while ((opt = getopt_long(argc, argv, "+:", LONGS, NULL)) != -1) {
		const char *arg =
		    optind > 0 && optind <= argc ? argv[optind - 1] : "";

		if (opt == ':')
			tell_wrong(arg, "it needs a value; not used", e);
		else if (opt == '?')
			tell_wrong(arg, "no such option; passed over", e);
		else if (strangers && !is_envelope(opt))
			o->refused = true;
		else
			set_one(o, opt, optarg, e);
		strangers |= is_envelope(opt);
	}
	/* Only a message has an envelope, and it may look like rows. */
	if (o->from != NULL || o->to != NULL || o->envid != NULL)
		o->input = INPUTS[INPUT_OF_ENVELOPE];
	if (o->refused)
		err_set(e, EX_USAGE,
		    "an option comes after --from, --to or "
		    "--envid, where strangers could have put it; write these "
		    "three last, and quote their values");
	if (optind < argc)
		tell_wrong(argv[optind],
		    "the program takes options only; "
		    "this and what follows is passed over",
		    e);
}
