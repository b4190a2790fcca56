/* app.h - pmta-suppress: the table of commands and what they are given. */
#ifndef SUPPRESS_APP_H
#define SUPPRESS_APP_H

#include <stdio.h>

#include "work/work.h"

enum app_needs {
	NEEDS_NOTHING = 0,
	NEEDS_READ = 1,    /* the database, read only: app_ready() */
	NEEDS_WRITE = 2,   /* the database: app_ready() */
	NEEDS_RULES = 4,   /* the rules; broken ones refuse the command */
	MAKES_STORE = 8    /* a database to write to is made if need be; others
	                    * would say of a mistyped folder that all is done */
};

struct app;

/* One command: its row is its help. */
struct cmd {
	const char *name;
	const char *args;   /* "ADDR..." */
	const char *tells;  /* one line */
	const char *help;   /* options and examples, for `help NAME` */
	unsigned needs;     /* app_needs */
	/* The answer's exit code, or an error in e. */
	int (*run)(struct app *a, int argc, char **argv, struct err *e);
};

#define APP_SCOPE_MAX 256 /* "stream:NAME" and its NUL */

struct app {
	const char *prog;
	const struct cmd *cmd;
	struct config config;
	struct store *store;  /* NULL before app_ready(), app_open_store() */
	struct rules *rules;  /* NULL unless the command needs them */
	struct log log;
	int64_t now;
	char scope[APP_SCOPE_MAX]; /* that args_filter() was given */
	char like[ADDRESS_MAX]; /* pattern of a filter */
	char domain[ADDRESS_MAX];  /* the same */
	char who[80];         /* "user:NAME", the person at the keys */
	struct config_where where;
	const char *log_to;   /* --log, or NULL */
	int argc;             /* of the command; argv[0] is its name */
	char **argv;
	bool entered;         /* config_enter() is done */
	bool by_root;         /* who started this was root */
	bool help, version;   /* --help, --version were given */
};

/* The program's life: parse the global options, load and open what the command
 * needs, run it, close all. An error stands in e; else the exit code. */
bool app_parse(struct app *a, int argc, char **argv, struct err *e);
bool app_open(struct app *a, struct err *e);
int app_run(struct app *a, struct err *e);
void app_close(struct app *a);

/* Opens the database as the command's row says: called by the command once its
 * options are right, so that a wrong one is told first. */
bool app_ready(struct app *a, struct err *e);

/*
 * For a command that knows only from its options what it needs (its needs
 * then lack READ and WRITE): enters the state folder and opens the database.
 * wait_ms bounds how long a locked one is waited for in each call.
 */
#define APP_WAIT 10000
bool app_open_store(struct app *a, enum store_mode mode, unsigned wait_ms,
    struct err *e);
/* Between the commits of bulk work: 20 ms in which a pipe can take the lock. */
void app_let_pipe(void);

/* Opens the rules, unless they are open: for a command that seldom needs
 * them. */
bool app_open_rules(struct app *a, struct err *e);

/* All commands, in the order of the help. */
const struct cmd *app_table(size_t *n);
const struct cmd *app_find(const char *name);
/* The same, or EX_USAGE, which names the nearest; where: "help: ", or "". */
const struct cmd *app_find_or(
    const char *where, const char *name, struct err *e);

/* Commands; argv[0] is the command's name. */
int cmd_check(struct app *a, int argc, char **argv, struct err *e);
int cmd_scrub(struct app *a, int argc, char **argv, struct err *e);
int cmd_list(struct app *a, int argc, char **argv, struct err *e);
int cmd_show(struct app *a, int argc, char **argv, struct err *e);
int cmd_subject(struct app *a, int argc, char **argv, struct err *e);
int cmd_erase(struct app *a, int argc, char **argv, struct err *e);
int cmd_add(struct app *a, int argc, char **argv, struct err *e);
int cmd_remove(struct app *a, int argc, char **argv, struct err *e);
int cmd_import(struct app *a, int argc, char **argv, struct err *e);
int cmd_export(struct app *a, int argc, char **argv, struct err *e);
int cmd_changes(struct app *a, int argc, char **argv, struct err *e);
int cmd_ingest(struct app *a, int argc, char **argv, struct err *e);
int cmd_classify(struct app *a, int argc, char **argv, struct err *e);
int cmd_anonymise(struct app *a, int argc, char **argv, struct err *e);
int cmd_rules(struct app *a, int argc, char **argv, struct err *e);
int cmd_expire(struct app *a, int argc, char **argv, struct err *e);
int cmd_gc(struct app *a, int argc, char **argv, struct err *e);
int cmd_undo(struct app *a, int argc, char **argv, struct err *e);
int cmd_hold(struct app *a, int argc, char **argv, struct err *e);
int cmd_unknowns(struct app *a, int argc, char **argv, struct err *e);
int cmd_disagreements(struct app *a, int argc, char **argv, struct err *e);
int cmd_incident(struct app *a, int argc, char **argv, struct err *e);
int cmd_verp(struct app *a, int argc, char **argv, struct err *e);
int cmd_status(struct app *a, int argc, char **argv, struct err *e);
int cmd_report(struct app *a, int argc, char **argv, struct err *e);
int cmd_policy(struct app *a, int argc, char **argv, struct err *e);
int cmd_dump(struct app *a, int argc, char **argv, struct err *e);
int cmd_help(struct app *a, int argc, char **argv, struct err *e);

/* getopt_long with our messages (EX_USAGE, names the option and the mend):
 * the option's letter, -1 at the end, '?' with e told. */
struct option;
int app_option(int argc, char **argv, const char *letters,
    const struct option *longs, struct err *e);

/* fflush that tells a full disk (EX_IOERR). */
bool app_flush(FILE *f, struct err *e);

#endif
