/* app.c - pmta-suppress: global options, what a command needs, its way out. */
#include "app.h"

#include <assert.h>
#include <errno.h>
#include <getopt.h>
#include <poll.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/near.h"
#include "base/number.h"
#include "base/quote.h"

#define PIPE_PAUSE 20 /* ms */

enum {
	OPT_CONFIG = 1000,
	OPT_STATE,
	OPT_RULES,
	OPT_LOG,
	OPT_VERSION,
	OPT_HELP
};

static const struct option GLOBALS[] = {
	{ "config", required_argument, NULL, OPT_CONFIG },
	{ "state", required_argument, NULL, OPT_STATE },
	{ "rules", required_argument, NULL, OPT_RULES },
	{ "log", required_argument, NULL, OPT_LOG },
	{ "version", no_argument, NULL, OPT_VERSION },
	{ "help", no_argument, NULL, OPT_HELP },
	{ NULL, 0, NULL, 0 },
};

/* The long option of that letter, or NULL. */
static const struct option *
long_of(const struct option *longs, int letter)
{
	for (; longs->name != NULL; longs++)
		if (longs->val == letter && letter != 0)
			return longs;
	return NULL;
}

/* Whether "--NAME=VALUE" was typed last, and is this one: a letter that is no
 * option may be the number of a long one. */
static bool
is_given_value(const struct option *o, const char *typed)
{
	struct str s = str_from(typed), name;

	if (o == NULL || !str_starts(s, STR("--")) || str_chr(s, '=') == s.n)
		return false;
	name = str_sub(s, 2, str_chr(s, '=') - 2);
	return str_starts(str_from(o->name), name);
}

/* What the user typed, for a message. */
static const char *
option_name(char **argv, const struct option *o, char *out, size_t cap)
{
	char letter = (char)optopt;

	if (o != NULL)
		(void)number_print(out, cap, "--%s", o->name);
	else if (optopt != 0)
		(void)number_print(out, cap, "-%s",
		    str_quote(str_of(&letter, 1), (char[8]){ 0 }, 8));
	else
		str_quote(str_from(argv[optind - 1]), out, cap);
	return out;
}

/* ", but '--NAME' is" of a word "--NMAE=VALUE", or "". */
static const char *
nearest_option(const char *typed, const struct option *longs,
    char out[NEAR_TEXT])
{
	struct str s = str_from(typed);
	char word[NEAR_TEXT], name[NEAR_TEXT];
	struct near near;

	out[0] = '\0';
	if (!str_starts(s, STR("--")) ||
	    !str_copy(str_sub(s, 2, str_chr(s, '=') - 2), word, sizeof word))
		return out;
	near = near_to(word);
	for (; longs->name != NULL; longs++)
		near_try(&near, longs->name);
	if (near.name != NULL &&
	    number_print(name, sizeof name, "--%s", near.name)) {
		near.name = name;
		near_text(&near, out);
	}
	return out;
}

/* "--state=DIR" behind the command: the option before it, or NULL. */
static const struct option *
global_of(const char *typed)
{
	struct str name = str_from(typed);

	if (!str_starts(name, STR("--")))
		return NULL;
	name = str_skip(name, 2);
	name.n = str_chr(name, '=');
	for (const struct option *o = GLOBALS; o->name != NULL; o++)
		if (str_eq(name, str_from(o->name)))
			return o;
	return NULL;
}

/* where: "check: ", or "" for the options before the command. */
static int
next_option(int argc, char **argv, const char *letters,
    const struct option *longs, const char *where, struct err *e)
{
	char name[64], meant[NEAR_TEXT];
	const struct option *o;
	const char *gap = where[0] != '\0' ? " " : "";
	const char *topic = where[0] != '\0' ? argv[0] : "";
	int c;

	opterr = 0;
	c = getopt_long(argc, argv, letters, longs, NULL);
	o = long_of(longs, optopt);
	if (c == '?' && !is_given_value(o, argv[optind - 1]))
		o = NULL;
	if (c == ':')
		err_set(e, EX_USAGE,
		    "%soption '%s' has no value: it needs "
		    "one; see 'pmta-suppress help%s%s'",
		    where, option_name(argv, o, name, sizeof name), gap,
		    topic);
	else if (c == '?' && o != NULL)
		err_set(e, EX_USAGE,
		    "%soption '%s' has a value: it takes "
		    "none; leave it out",
		    where, option_name(argv, o, name, sizeof name));
	else if (c == '?' && optopt == 0 && global_of(argv[optind - 1]) != NULL)
		err_set(e, EX_USAGE,
		    "%soption '--%s' stands before the command: pmta-suppress "
		    "--%s ... %s",
		    where, global_of(argv[optind - 1])->name,
		    global_of(argv[optind - 1])->name, topic);
	else if (c == '?')
		err_set(e, EX_USAGE,
		    "%sno option is called '%s'%s; see "
		    "'pmta-suppress help%s%s'",
		    where, option_name(argv, o, name, sizeof name),
		    optopt == 0 ? nearest_option(argv[optind - 1], longs, meant)
				: "", gap, topic);
	return c == ':' ? '?' : c;
}

int
app_option(int argc, char **argv, const char *letters,
    const struct option *longs, struct err *e)
{
	char where[32];

	(void)number_print(where, sizeof where, "%s: ", argv[0]);
	return next_option(argc, argv, letters, longs, where, e);
}

/* Bytes of an environment that we did not make, cut to name characters. */
static void
tame_name(const char *name, char *out, size_t cap)
{
	size_t n = 0;

	for (; *name != '\0' && n + 1 < cap; name++)
		if (ascii_is_alnum(*name) || strchr("._-@", *name) != NULL)
			out[n++] = *name;
	out[n] = '\0';
}

/* "user:NAME", also behind sudo. */
static void
name_person(char *out, size_t cap)
{
	const char *sudo = getenv("SUDO_USER");
	struct passwd *pw;
	char login[64] = "";
	char name[64] = "";

	if (sudo != NULL)
		tame_name(sudo, name, sizeof name);
	if (name[0] == '\0' && getlogin_r(login, sizeof login) == 0)
		tame_name(login, name, sizeof name);
	pw = name[0] == '\0' ? getpwuid(getuid()) : NULL;
	if (pw != NULL)
		tame_name(pw->pw_name, name, sizeof name);
	if (name[0] != '\0')
		(void)number_print(out, cap, "user:%s", name);
	else
		(void)number_print(
		    out, cap, "user:%lu", (unsigned long)getuid());
}

bool
app_flush(FILE *f, struct err *e)
{
	/* errno of an earlier failed write is gone: only ferror() is sure. */
	errno = 0;
	if (fflush(f) == 0 && !ferror(f))
		return true;
	return err_set(e, EX_IOERR,
	    "standard output: cannot write: %s; the "
	    "answer is not complete: make room or mend the reader, then run "
	    "it again",
	    errno != 0 ? strerror(errno)
		       : "an earlier write "
			 "failed");
}

/* Takes the global options; *done: --version or --help was all. */
static bool
parse_globals(struct app *a, int argc, char **argv, struct err *e)
{
	int c;

	while ((c = next_option(argc, argv, "+:hV", GLOBALS, "", e)) != -1) {
		switch (c) {
		case OPT_CONFIG:
			a->where.file = optarg;
			break;
		case OPT_STATE:
			a->where.state = optarg;
			break;
		case OPT_RULES:
			a->where.rules = optarg;
			break;
		case OPT_LOG:
			a->log_to = optarg;
			break;
		case 'V':
		case OPT_VERSION:
			a->version = true;
			break;
		case 'h':
		case OPT_HELP:
			a->help = true;
			break;
		default:
			return false;
		}
	}
	return true;
}

/* Whether --help stands among a command's own words. */
static bool
asks_help(int argc, char **argv)
{
	for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++)
		if (strcmp(argv[i], "--help") == 0 ||
		    (i == 1 && strcmp(argv[i], "-h") == 0))
			return true;
	return false;
}

const struct cmd *
app_find_or(const char *where, const char *name, struct err *e)
{
	const struct cmd *found = app_find(name);
	struct near near = near_to(name);
	char quoted[64], meant[NEAR_TEXT];
	size_t n;
	const struct cmd *row = app_table(&n);

	if (found != NULL)
		return found;
	for (size_t i = 0; i < n; i++)
		near_try(&near, row[i].name);
	err_set(e, EX_USAGE,
	    "%sno command is called '%s'%s; see 'pmta-suppress help'", where,
	    str_quote(str_from(name), quoted, sizeof quoted),
	    near_text(&near, meant));
	return NULL;
}

bool
app_parse(struct app *a, int argc, char **argv, struct err *e)
{
	a->prog = "pmta-suppress";
	a->now = clock_now();
	a->log.to = -1;
	a->by_root = geteuid() == 0;
	name_person(a->who, sizeof a->who);
	if (!parse_globals(a, argc, argv, e))
		return false;
	if (a->help || a->version)
		return true;
	a->argc = argc - optind;
	a->argv = argv + optind;
	if (a->argc == 0)
		return err_set(e, EX_USAGE,
		    "no command given; name one: see "
		    "'pmta-suppress help'");
	a->cmd = app_find_or("", a->argv[0], e);
	if (a->cmd == NULL)
		return false;
	a->help = asks_help(a->argc, a->argv);
	optind = 0; /* GNU: the next getopt starts anew, on other words */
	return true;
}

static bool
open_log(struct app *a, struct err *e)
{
	const char *to = a->log_to != NULL ? a->log_to : "stderr";
	/* A command answers by itself: what it logs is what goes wrong. */
	enum log_level level =
	    a->log_to != NULL ? a->config.log_level : LOG_AT_ERROR;

	if (!log_open(&a->log, a->prog, to, level, e))
		return false;
	a->log.waits = true;
	return true;
}

bool
app_open_rules(struct app *a, struct err *e)
{
	const char *shipped = a->config.rules;
	const char *site = a->config.site_rules;

	if (a->rules != NULL)
		return true;
	a->rules = rules_open(site[0] != '\0' ? site : NULL,
	    shipped[0] != '\0' ? shipped : NULL, e);
	return a->rules != NULL;
}

bool
app_open_store(
    struct app *a, enum store_mode mode, unsigned wait_ms, struct err *e)
{
	bool makes = mode == STORE_WRITE && (a->cmd->needs & MAKES_STORE) != 0;
	char path[CONFIG_PATH_MAX];

	assert(a->store == NULL);
	if (!a->entered && !config_enter(&a->config, makes, e))
		return false;
	a->entered = true;
	if (!config_path(&a->config, "suppress.db", path, e))
		return false;
	/* To read tells that it is not there. */
	if (!makes && access(path, F_OK) != 0 && errno == ENOENT)
		mode = STORE_READ;
	a->store = store_open(path, mode, &a->config.store, wait_ms, e);
	return a->store != NULL;
}

bool
app_ready(struct app *a, struct err *e)
{
	bool writes = (a->cmd->needs & NEEDS_WRITE) != 0;

	return app_open_store(
	    a, writes ? STORE_WRITE : STORE_READ, APP_WAIT, e);
}

bool
app_open(struct app *a, struct err *e)
{
	if (a->help || a->version || a->cmd->run == cmd_help)
		return true;
	if (!config_load(&a->config, &a->where, e) || !open_log(a, e))
		return false;
	return (a->cmd->needs & NEEDS_RULES) == 0 || app_open_rules(a, e);
}

/* What root may read, the owner of the state folder may not: say who asked. */
static void
say_owner(const struct app *a, struct err *e)
{
	char text[sizeof e->text];

	if (!a->by_root || geteuid() == 0 ||
	    strstr(e->text, strerror(EACCES)) == NULL)
		return;
	if (number_print(text, sizeof text,
		"%s; started by root, this runs as "
		"the owner of %s",
		e->text, a->config.state))
		memcpy(e->text, text, sizeof text);
}

int
app_run(struct app *a, struct err *e)
{
	int answer;

	char help[] = "help";
	char *argv[] = { help, NULL, NULL };

	if (a->version) {
		printf("pmta-suppress %s\n", VERSION);
		return 0;
	}
	if (!a->help) {
		answer = a->cmd->run(a, a->argc, a->argv, e);
		say_owner(a, e);
		return answer;
	}
	if (a->cmd == NULL)
		return cmd_help(a, 1, argv, e);
	argv[1] = a->argv[0];
	return cmd_help(a, 2, argv, e);
}

void
app_let_pipe(void)
{
	(void)poll(NULL, 0, PIPE_PAUSE);
}

void
app_close(struct app *a)
{
	store_close(a->store);
	rules_close(a->rules);
	log_close(&a->log);
	a->store = NULL;
	a->rules = NULL;
}
