/* unsubscribe.c - mails that ask for no more mail (RFC 2369, mailto). */
#include "mail/unsubscribe.h"

#include "mail/authres.h"
#include "mail/fields.h"

/* Whether all of s is what pattern says; '*' stands for any bytes. */
static bool
matches(struct str s, struct str pattern)
{
	struct str back = { 0 }; /* pattern behind the last '*' */
	struct str from = { 0 }; /* what that '*' has not eaten yet */

	while (s.n > 0) {
		if (pattern.n > 0 && pattern.p[0] == '*') {
			back = pattern = str_skip(pattern, 1);
			from = s;
		} else if (pattern.n > 0 &&
		    ascii_lower(pattern.p[0]) == ascii_lower(s.p[0])) {
			pattern = str_skip(pattern, 1);
			s = str_skip(s, 1);
		} else if (back.p != NULL) {
			pattern = back;
			s = from = str_skip(from, 1);
		} else {
			return false;
		}
	}
	while (pattern.n > 0 && pattern.p[0] == '*')
		pattern = str_skip(pattern, 1);
	return pattern.n == 0;
}

/* A pattern without '@' is about the local part, in whatever domain. */
static bool
is_address(struct str to, struct str pattern)
{
	size_t at = str_rchr(to, '@');

	if (at == to.n || pattern.n == 0)
		return false;
	return matches(
	    str_chr(pattern, '@') < pattern.n ? to : str_sub(to, 0, at),
	    pattern);
}

bool
unsubscribe_is_meant(
    struct str head, const struct message_envelope *env, struct str sent_to)
{
	const struct message_settings *c = env->settings;

	return c != NULL &&
	    is_address(fields_address(sent_to), c->unsubscribe) &&
	    !str_istarts(
		fields_get(head, STR("Auto-Submitted")), STR("auto-replied"));
}

struct str
unsubscribe_sender(struct str head, const struct message_envelope *env)
{
	struct str sender = fields_address(env->from);
	struct str author = fields_address(fields_get(head, STR("From")));

	if (sender.n == 0)
		sender = fields_address(fields_get(head, STR("Return-Path")));
	if (env->settings == NULL ||
	    !authres_confirms(head, env->settings->trust_host, sender, author))
		return (struct str){ 0 };
	return sender;
}
