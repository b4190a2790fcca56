/* stage.c - at which command of a session a host refused. */
#include "mail/stage.h"

#include "base/number.h"
#include "mail/reply.h"

#define REACH 400 /* bytes between what names the stage and the reply */
#define REPLY_MIN 4 /* "550 " */
#define STAGE_MAX 64 /* bytes of what is added, at most */

/* How Exim and Sendmail name a stage, and how Postfix does. */
static const struct {
	const char *start, *told;
} STAGES[] = {
	{ "mail from", "MAIL FROM command" },
	{ "initial connection", "banner" },
	{ "ehlo", "EHLO command" },
	{ "helo", "HELO command" },
	{ "starttls", "STARTTLS command" },
	{ "auth", "AUTH command" },
	{ "end of data", "end of DATA command" },
	{ "data", "DATA command" },
};

static const char *
stage_named(struct str s)
{
	for (size_t i = 0; i < COUNT(STAGES); i++)
		if (str_istarts(s, str_from(STAGES[i].start)))
			return STAGES[i].told;
	return NULL;
}

bool
stage_is_in(struct str text)
{
	return str_ifind(text, STR("(in reply to ")) < text.n;
}

/* The first line of a reply, which may stand behind its type. */
static struct str
first_line(struct str diag)
{
	if (str_istarts(diag, STR("smtp;")))
		diag = str_skip(diag, 5);
	diag = str_trim(diag);
	return str_trim(str_sub(diag, 0, str_chr(diag, '\n')));
}

/* "SMTP error from remote mail server after MAIL FROM:<...>: host ...: 550",
 * right before the reply. */
static const char *
exim_stage(struct str words, struct str rcpt, struct str reply)
{
	static const struct str CUE = { "error from remote mail", 22 };
	struct str s = str_skip(words, str_ifind(words, rcpt));
	size_t at = str_find(s, reply);
	size_t cue;

	if (at == s.n)
		return NULL;
	s = str_trim(str_sub(s, 0, at));
	if (s.n > REACH)
		s = str_skip(s, s.n - REACH);
	if (!str_ends(s, STR(":")))
		return NULL;
	cue = str_ifind(s, CUE);
	if (cue == s.n)
		return NULL;
	while (cue < s.n) {
		s = str_skip(s, cue + CUE.n);
		cue = str_ifind(s, CUE);
	}
	if (str_find(s, STR("\n\n")) < s.n)
		return NULL;
	s = str_skip(s, str_ifind(s, STR("after ")) + 6);
	if (str_istarts(s, STR("pipelined ")))
		s = str_skip(s, 10);
	return stage_named(s);
}

/*
 * ">>> MAIL From:<...>" above "<<< 550 ...". What stands below DATA may be
 * the reply to a RCPT that was sent along with it: then Sendmail tells of the
 * recipient by name, or DATA got a reply of its own.
 */
static const char *
sendmail_stage(struct str words, struct str rcpt, struct str reply)
{
	const char *told = NULL;
	struct str command = { 0 };
	struct str line;
	bool open = false; /* a session began, and no command was sent */
	unsigned replies = 0;

	while (str_cut(&words, '\n', &line)) {
		line = str_trim(line);
		if (str_ifind(line, STR("while talking to ")) < line.n) {
			open = true;
			command = STR("initial connection");
		} else if (str_starts(line, STR(">>> "))) {
			open = true;
			command = str_skip(line, 4);
		} else if (open && str_starts(line, STR("<<< "))) {
			line = str_trim(str_skip(line, 4));
			replies += told != NULL;
			if (told == NULL && str_starts(line, reply))
				told = stage_named(command);
			/* It was asked of this one or of another. */
			if (str_ifind(line, rcpt) < line.n)
				return NULL;
		} else if (told != NULL && str_ifind(line, rcpt) < line.n) {
			return NULL;
		}
	}
	if (told == NULL || !str_istarts(str_from(told), STR("data")))
		return told;
	return replies == 0 ? "end of DATA command" : NULL;
}

struct str
stage_add(struct str words, struct str rcpt, struct str diag, char *room)
{
	struct str reply = first_line(diag);
	const char *told;

	if (reply.n < REPLY_MIN || !ascii_is_digit(reply.p[0]) ||
	    rcpt.n == 0 || stage_is_in(diag))
		return diag;
	told = exim_stage(words, rcpt, reply);
	if (told == NULL)
		told = sendmail_stage(words, rcpt, reply);
	/* It must stand in what is looked at of a reply. */
	if (told == NULL ||
	    !number_print(room, STAGE_ROOM, "%.*s (in reply to %s)",
		STR_ARG(str_words(diag, REPLY_TEXT_MAX - STAGE_MAX)), told))
		return diag;
	return str_from(room);
}
