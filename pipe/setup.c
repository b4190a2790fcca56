/* setup.c - what the program works out before it takes its first byte. */
#include "setup.h"

#include <stdio.h>
#include <unistd.h>

void
setup_tell(struct setup *s, const char *kind, const struct err *e)
{
	struct err ignored = { 0 };
	struct log l = { 0 };

	if (s->log.prog != NULL) {
		log_say(&s->log, LOG_AT_ERROR, kind, "%s", e->text);
	} else if (log_open(&l, PROG, "syslog", LOG_AT_ERROR, &ignored)) {
		log_say(&l, LOG_AT_ERROR, kind, "%s", e->text);
		log_close(&l);
	}
	/* Once is enough for who reads stderr. */
	if ((s->log.prog == NULL || s->log.to != STDERR_FILENO) &&
	    log_takes(STDERR_FILENO))
		fprintf(stderr, "%s: %s\n", PROG, e->text);
}

static void
open_log(struct setup *s)
{
	const char *where =
	    s->options.log != NULL ? s->options.log : s->config.log_to;
	struct err e = { 0 };

	if (log_open(&s->log, PROG, where, s->config.log_level, &e))
		return;
	setup_tell(s, "log", &e);
	err_clear(&e);
	(void)log_open(&s->log, PROG, "syslog", s->config.log_level, &e);
}

/* An address that does not fit is none: a cut one would be another's. */
static void
take_envelope(struct setup *s)
{
	const struct options *o = &s->options;

	(void)str_copy(str_from(o->input), s->info.input, sizeof s->info.input);
	(void)str_copy(str_from(o->from), s->info.from, sizeof s->info.from);
	(void)str_copy(str_from(o->to), s->info.to, sizeof s->info.to);
	(void)str_copy(str_from(o->envid), s->info.envid, sizeof s->info.envid);
}

bool
setup_open(struct setup *s, int argc, char **argv, struct err *e)
{
	struct err usage = { 0 };
	struct err settings = { 0 };

	*s = (struct setup){ 0 };
	options_parse(&s->options, argc, argv, &usage);
	if (s->options.help || s->options.version)
		return true;
	take_envelope(s);
	if (s->options.refused)
		return err_set(e, EX_TEMPFAIL, "%s", usage.text);
	(void)config_load(&s->config, &s->options.where, &settings);
	if (!config_enter(&s->config, true, e))
		return false;
	open_log(s);
	if (usage.code != 0)
		setup_tell(s, "options", &usage);
	if (settings.code != 0)
		setup_tell(s, "settings", &settings);
	return config_path(&s->config, "journal", s->journal, e) &&
	    config_path(&s->config, "suppress.db", s->database, e) &&
	    journal_new_name(s->name, e);
}

void
setup_close(struct setup *s)
{
	log_close(&s->log);
}
