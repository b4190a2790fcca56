/* args.c - words of the command line made into what the store is asked. */
#include "args.h"

#include <getopt.h>
#include <string.h>

#include "base/clock.h"
#include "base/near.h"
#include "base/number.h"
#include "base/quote.h"
#include "base/utf8.h"
#include "mail/like.h"
#include "provider_args.h"
#include "work/scope.h"

#define QUOTED 128 /* bytes of a wrong word that a message shows */

bool
args_one_address(int argc, char **argv, char *out, struct err *e)
{
	if (argc - optind != 1)
		return err_set(e, EX_USAGE, "%s: %s; name one", argv[0],
		    optind == argc ? "no address given"
				   : "more than one address given");
	if (!args_target_or(argv[0], argv[optind], out, e))
		return false;
	return out[0] != '@' || err_set(e, EX_DATAERR, "%s: '%s' is a whole "
	    "domain, which is no person's; name an address", argv[0], out);
}

bool
args_no_more(int argc, char **argv, struct err *e)
{
	char quoted[QUOTED];

	if (optind >= argc)
		return true;
	return err_set(e, EX_USAGE, "%s: '%s' is one word too many; leave it "
	    "out", argv[0],
	    str_quote(str_from(argv[optind]), quoted, sizeof quoted));
}

bool
args_no_verb(
    const char *command, const char *word, const char *mend, struct err *e)
{
	char quoted[QUOTED];

	if (word == NULL)
		return err_set(e, EX_USAGE, "%s: no verb given; %s", command,
		    mend);
	return err_set(e, EX_USAGE, "%s: no verb is called '%s'; %s", command,
	    str_quote(str_from(word), quoted, sizeof quoted), mend);
}

bool
args_not_of_verb(const char *command, const char *verb,
    const struct option *longs, int o, struct err *e)
{
	while (longs->name != NULL && longs->val != o)
		longs++;
	return err_set(e, EX_USAGE, "%s: %s does not take --%s; see "
	    "'pmta-suppress help %s'", command, verb, longs->name, command);
}

enum address_cause
args_target(struct str word, char *out)
{
	word = str_trim(word);
	if (word.n > 0 && word.p[0] == '@')
		return address_domain_key(str_skip(word, 1), out, ADDRESS_MAX);
	return address_key(word, out, ADDRESS_MAX);
}

bool
args_target_or(const char *command, const char *word, char *out, struct err *e)
{
	enum address_cause cause = args_target(str_from(word), out);
	char quoted[QUOTED];

	if (cause == ADDRESS_OK)
		return true;
	return err_set(e, EX_DATAERR,
	    "%s: '%s' is no address: %s; write it "
	    "as name@domain, a whole domain as @domain",
	    command, str_quote(str_from(word), quoted, sizeof quoted),
	    address_cause_text(cause));
}

/* near: from near_text(), or "". */
static bool
wrong_but(const char *command, const char *name, const char *value,
    const char *near, const char *mend, struct err *e)
{
	char quoted[QUOTED];

	return err_set(e, EX_USAGE, "%s: --%s: '%s' is none%s; %s", command,
	    name, str_quote(str_from(value), quoted, sizeof quoted), near,
	    mend);
}

bool
args_wrong(const char *command, const char *name, const char *value,
    const char *mend, struct err *e)
{
	return wrong_but(command, name, value, "", mend, e);
}

/* entries: of those that an entry may have. */
static const char *
nearest_class(const char *value, bool entries, char out[NEAR_TEXT])
{
	struct near near = near_to(value);
	size_t n;
	const struct class_info *row = class_table(&n);
	enum class c;

	for (size_t i = 0; i < n; i++)
		if (!entries || args_entry_class(str_from(row[i].name), &c))
			near_try(&near, row[i].name);
	return near_text(&near, out);
}

bool
args_scope(struct str word, char *scope)
{
	struct str head = STR("stream:");
	char name[SCOPE_NAME_MAX + 1];

	if (str_eq(word, STR("global")))
		return str_copy(word, scope, APP_SCOPE_MAX);
	if (!str_istarts(word, head) || str_trim(str_skip(word, head.n)).n == 0)
		return false;
	scope_fold(str_trim(str_skip(word, head.n)), name, sizeof name);
	return number_print(scope, APP_SCOPE_MAX, "stream:%s", name);
}

bool
args_scope_or(
    const char *command, const char *value, char *scope, struct err *e)
{
	return args_scope(str_from(value), scope) ||
	    args_wrong(command, "scope", value,
	        "write global or stream:NAME", e);
}

/* "2026-11-21", its first second. */
static bool
parse_day(struct str s, int64_t *utc)
{
	char text[32];

	return s.n == 10 && memchr(s.p, '\0', s.n) == NULL &&
	    number_print(text, sizeof text, "%.*sT00:00:00Z", STR_ARG(s)) &&
	    clock_parse(str_from(text), utc);
}

bool
args_stream_or(
    const char *command, const char *name, char *scope, struct err *e)
{
	struct str head = STR("stream:"), s = str_from(name);
	struct buf word = { 0 };
	bool ok;

	buf_add(&word, head);
	buf_add(&word, str_istarts(s, head) ? str_skip(s, head.n) : s);
	ok = !word.failed && args_scope(buf_str(&word), scope);
	buf_release(&word);
	return ok || args_wrong(command, "stream", name,
	    "name one as 'list' shows it behind 'stream:'", e);
}

bool
args_time(struct str s, int64_t now, bool ahead, int64_t *utc)
{
	int64_t span;

	if (parse_day(s, utc) || clock_parse(s, utc))
		return true;
	if (!clock_span(s, &span))
		return false;
	*utc = ahead ? now + span : now - span;
	return *utc > 0;
}

bool
args_time_or(const char *command, const char *name, const char *value,
    int64_t now, bool ahead, int64_t *utc, struct err *e)
{
	char quoted[QUOTED];

	if (args_time(str_from(value), now, ahead, utc))
		return true;
	return err_set(e, EX_USAGE,
	    "%s: --%s: '%s' is no time: write a day "
	    "(2026-11-21), a time (2026-11-21T07:57:27Z) or a span (30d)",
	    command, name, str_quote(str_from(value), quoted, sizeof quoted));
}

bool
args_entry_class(struct str name, enum class *out)
{
	enum class c;

	if (!class_of(name, &c))
		return false;
	if (c != CLASS_MANUAL && policy_ladder(c) == LADDER_NONE)
		return false;
	*out = c;
	return true;
}

bool
args_entry_class_or(
    const char *command, const char *value, enum class *out, struct err *e)
{
	char quoted[QUOTED], near[NEAR_TEXT];

	if (args_entry_class(str_from(value), out))
		return true;
	return err_set(e, EX_USAGE,
	    "%s: --class: '%s' is no class that "
	    "suppresses%s; see 'pmta-suppress help classes'",
	    command, str_quote(str_from(value), quoted, sizeof quoted),
	    nearest_class(value, true, near));
}

void
args_clean(struct buf *out, struct str words)
{
	words = str_trim(words);
	while (words.n > 0) {
		uint32_t code = 0;
		size_t n = utf8_next(words, &code);

		if (n == 0)
			buf_addc(out, '?');
		else if (utf8_is_unsafe(code))
			buf_addc(out, ' ');
		else
			buf_add(out, str_sub(words, 0, n));
		words = str_skip(words, n > 0 ? n : 1);
	}
}

bool
args_reason_or(
    const char *command, const char *value, struct buf *out, struct err *e)
{
	struct str s = str_trim(str_from(value));

	if (s.n == 0)
		return err_set(e, EX_USAGE,
		    "%s: no reason given: whoever asks "
		    "later will want to know; give --reason TEXT",
		    command);
	if (s.n > ARGS_REASON_MAX)
		return err_set(e, EX_USAGE,
		    "%s: --reason: %zu bytes are too "
		    "many; say it in %d",
		    command, s.n, ARGS_REASON_MAX);
	buf_clear(out);
	args_clean(out, s);
	return buf_ok(out, e);
}

bool
args_consent_or(const char *command, const char *reason, const char *consent,
    struct buf *out, struct err *e)
{
	struct buf own = { 0 };
	bool ok;

	if (consent == NULL)
		return args_reason_or(command, reason, out, e);
	if (str_trim(str_from(consent)).n == 0)
		return err_set(e, EX_USAGE, "%s: --consent: no words: tell how "
		    "the recipient took the complaint back", command);
	if (reason != NULL)
		buf_addf(&own, "%s; consent: ", reason);
	buf_adds(&own, consent);
	ok = (reason == NULL || args_reason_or(command, reason, out, e)) &&
	    (buf_cstr(&own) != NULL || err_memory(e)) &&
	    args_reason_or(command, own.p, out, e);
	buf_release(&own);
	return ok;
}

bool
args_cursor_or(const char *command, struct str name, struct err *e)
{
	char quoted[QUOTED];
	bool ok = name.n > 0 && name.n < ARGS_CURSOR_MAX;

	for (size_t i = 0; i < name.n; i++)
		ok = ok &&
		    (ascii_is_alnum(name.p[i]) ||
			str_chr(STR("._-"), name.p[i]) < 3);
	if (ok)
		return true;
	return err_set(e, EX_USAGE,
	    "%s: '%s' is no name for a cursor: use 1 "
	    "to 64 letters, digits, '.', '_' or '-'",
	    command, str_quote(name, quoted, sizeof quoted));
}

/* A class, or a group of them: "gone". */
static bool
is_class_or_group(struct str s)
{
	enum class c;
	size_t n;
	const struct class_info *row = class_table(&n);

	if (class_of(s, &c))
		return true;
	for (size_t i = 0; i < n; i++) {
		struct str name = str_from(row[i].name);

		if (s.n > 0 && str_chr(name, '.') == s.n && str_starts(name, s))
			return true;
	}
	return false;
}

const char *
args_output(const char *word)
{
	return strcmp(word, "-") == 0 ? NULL : word;
}

bool
args_beside_or(const char *command, const char *option, const char *word,
    const char **path, struct err *e)
{
	*path = args_output(word);
	return *path != NULL ||
	    err_set(e, EX_USAGE,
		"%s: %s: other rows go to standard output; name a file",
		command, option);
}

/* An address as its key, a pattern as it is matched against keys. */
static bool
like_text(struct app *a, struct str pattern)
{
	return (!like_is_wild(pattern) &&
	    args_target(pattern, a->like) == ADDRESS_OK) ||
	    like_key(pattern, a->like);
}

bool
args_like_or(struct app *a, const char *command, struct entry_filter *f,
    struct str pattern, struct err *e)
{
	char quoted[QUOTED];

	if (pattern.n == 0)
		return err_set(e, EX_USAGE,
		    "%s: the pattern is empty; leave it out, or write '*'",
		    command);
	if (f->like.n > 0)
		return err_set(e, EX_USAGE,
		    "%s: more than one pattern given; name one, quoted: "
		    "'%s \"*@example.com\"'",
		    command, command);
	if (pattern.n >= ADDRESS_MAX)
		return err_set(e, EX_USAGE,
		    "%s: the pattern is longer than any address; give a "
		    "shorter one",
		    command);
	if (!like_text(a, pattern))
		return err_set(e, EX_USAGE,
		    "%s: the pattern '%s': a domain beyond ASCII stands as "
		    "A-labels, so nothing is like this; write xn--...",
		    command,
		    str_quote(pattern, quoted, sizeof quoted));
	f->like = str_from(a->like);
	return true;
}

bool
args_filter(struct app *a, struct entry_filter *f, int option,
    const char *value, struct err *e)
{
	const char *command = a->cmd->name;
	struct str s = str_from(value);
	char near[NEAR_TEXT];

	switch (option) {
	case ARGS_CLASS:
		f->class = s;
		return is_class_or_group(s) ||
		    wrong_but(command, "class", value,
			nearest_class(value, false, near),
			"see 'pmta-suppress help classes'", e);
	case ARGS_SCOPE:
	case ARGS_STREAM:
		if (!(option == ARGS_SCOPE ? args_scope_or : args_stream_or)(
			command, value, a->scope, e))
			return false;
		f->scope = str_from(a->scope);
		return true;
	case ARGS_SINCE:
		return args_time_or(
		    command, "since", value, f->now, false, &f->since, e);
	case ARGS_PROVIDER:
		f->provider = s;
		return s.n > 0 || args_wrong(command, "provider", value,
		    PROVIDER_MEND, e);
	case ARGS_SOURCE:
		f->source = s;
		return str_eq(s, STR("policy")) || str_eq(s, STR("manual")) ||
		    str_eq(s, STR("import")) ||
		    args_wrong(command, "source", value,
			"write policy, manual or import", e);
	case ARGS_LIMIT:
		return number_i64(s, 1, INT64_MAX, &f->limit) ||
		    args_wrong(command, "limit", value,
			"write a number from 1 on", e);
	case ARGS_LIKE:
		return args_like_or(a, command, f, s, e);
	case ARGS_UNTIL:
		return args_time_or(
		    command, "until", value, f->now, false, &f->until, e);
	case ARGS_RULE:
		f->rule = s;
		return s.n > 0 || args_wrong(command, "rule", value,
		    "see 'pmta-suppress rules list'", e);
	case ARGS_REPLY:
		f->reply = s;
		return s.n > 0 || args_wrong(command, "reply-like", value,
		    "write a part of the reply between two *", e);
	case ARGS_DOMAIN:
		if (address_domain_key(s.n > 0 && s.p[0] == '@' ? str_skip(s, 1)
			: s, a->domain, sizeof a->domain) != ADDRESS_OK)
			return args_wrong(command, "domain", value,
			    "write a domain such as example.com", e);
		f->domain = str_skip(str_from(a->domain), 1);
		return true;
	default:
		f->all_states = true;
		return true;
	}
}
