/* cmd_classify.c - what a reply means: one in plain words, or many as rows. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/number.h"
#include "base/quote.h"
#include "out.h"
#include "reply_args.h"

#define READ_BYTES 65536
#define LINE_MAX_BYTES \
	(1u << 20) /* of one reply; what follows is passed over */
#define WIDTH 78
#define FOLLOWS_MAX 256
#define INDENT 12

struct batch {
	struct app *app;
	const struct reply_args *args;
	struct buf folded; /* of the reply at hand */
	struct buf line; /* a reply that goes over more than one read */
	struct buf out;
	bool each; /* write each answer at once */
};

/* What the default policy makes of it, and that the settings have another; a
 * mild verdict of a class that suppresses says why it does not. */
static const char *
follows(const struct app *a, const struct verdict *v, char out[FOLLOWS_MAX])
{
	const struct class_info *c = class_info(v->class);
	const struct policy_settings *p = &a->config.policy;
	const char *but = "";

	if (policy_ladder(v->class) != LADDER_NONE)
		but = a->config.observe
		    ? "nobody is suppressed, as [policy] mode is observe; else "
		    : memcmp(p, &POLICY_DEFAULTS, sizeof *p) != 0
		    ? "with the default settings, which yours are not: " : "";
	if (v->decision == c->decision)
		return number_print(out, FOLLOWS_MAX, "%s%s", but, c->follows)
		    ? out : c->follows;
	return v->decision == DECISION_COUNT_SOFT
	    ? "nobody is suppressed: it is only put off, or not certain"
	    : "nobody is suppressed";
}

static const char *
codes_text(const struct verdict *v, char out[32])
{
	char status[16];

	reply_status_text(v->status, status);
	if (v->code != 0)
		snprintf(out, 32, "%u%s%s", v->code,
		    status[0] != '\0' ? " " : "", status);
	else
		snprintf(out, 32, "%s", status[0] != '\0' ? status : "-");
	return out;
}

/* "name:      words", broken between words and set in. */
static void
put_row(struct buf *b, const char *name, struct str text)
{
	struct buf safe = { 0 };
	struct str rest, word;
	size_t at = INDENT;

	quote_add(&safe, text);
	rest = buf_str(&safe);
	buf_addf(b, "%-*s", INDENT, name);
	for (bool first = true; str_word(&rest, &word); first = false) {
		if (!first && at + 1 + word.n > WIDTH) {
			buf_addf(b, "\n%*s", INDENT, "");
			at = INDENT;
		} else if (!first) {
			buf_addc(b, ' ');
			at++;
		}
		buf_add(b, word);
		at += word.n;
	}
	buf_addc(b, '\n');
	b->failed |= safe.failed;
	buf_release(&safe);
}

static void
put_pair(struct buf *b, const char *name, const char *is, const char *of)
{
	struct buf both = { 0 };

	buf_addf(&both, "%s (%s)", is, of);
	put_row(b, name, buf_str(&both));
	b->failed |= both.failed;
	buf_release(&both);
}

static void
put_plain(const struct app *a, const struct verdict *v, struct buf *b)
{
	const struct providers *p = rules_providers(a->rules);
	const struct class_info *c = class_info(v->class);
	char codes[32];
	char where[512], text[FOLLOWS_MAX];

	put_pair(b, "class", c->name, c->meaning);
	put_row(b, "strength", str_from(strength_name(v->strength)));
	put_row(b, "fault", str_from(c->fault));
	put_row(b, "decision", str_from(decision_name(v->decision)));
	if (v->rule != NULL) {
		snprintf(
		    where, sizeof where, "%s:%u", v->rule->file, v->rule->line);
		put_pair(b, "rule", v->rule_name, where);
	} else {
		put_row(b, "rule", str_from(v->rule_name));
	}
	put_row(b, "provider", str_from(provider_title(p, v->provider)));
	put_row(b, "codes", str_from(codes_text(v, codes)));
	if (v->folded.n > 0)
		put_row(b, "reply", v->folded);
	put_row(b, "follows", str_from(follows(a, v, text)));
	put_row(b, "advice", str_from(v->advice));
	if (v->rule != NULL && v->rule->source[0] != '\0')
		put_row(b, "source", str_from(v->rule->source));
}

static struct json *
to_json(const struct app *a, const struct verdict *v)
{
	const struct class_info *c = class_info(v->class);
	struct json *o = json_new_object();
	char text[FOLLOWS_MAX];

	json_text(o, "class", str_from(c->name));
	json_text(o, "decision", str_from(decision_name(v->decision)));
	json_text(o, "strength", str_from(strength_name(v->strength)));
	json_text(o, "fault", str_from(c->fault));
	out_rule_json(o, str_from(v->rule_name));
	json_text(o, "provider",
	    str_from(provider_name(rules_providers(a->rules), v->provider)));
	out_codes_json(o, v->code, reply_status_number(v->status));
	json_bool(o, "local", v->local);
	json_text_or_none(o, "folded", v->folded);
	json_text(o, "meaning", str_from(c->meaning));
	json_text(o, "follows", str_from(follows(a, v, text)));
	json_text_or_none(o, "advice", str_from(v->advice));
	return o;
}

/* Writes what has gathered; a write that fails is told at the end. */
static void
write_out(struct batch *b)
{
	if (b->out.n > 0)
		fwrite(b->out.p, 1, b->out.n, stdout);
	buf_clear(&b->out);
	if (b->each)
		fflush(stdout);
}

static bool
answer(struct batch *b, struct str line, struct err *e)
{
	struct failure f = reply_args_failure(b->args, line);
	struct verdict v;
	struct json *o;
	bool ok = true;

	classify(b->app->rules, &f, &b->folded, &v);
	if (b->args->json) {
		o = to_json(b->app, &v);
		ok = json_print(o, &b->out, e);
		json_free(o);
	} else {
		buf_adds(&b->out, class_name(v.class));
		buf_addc(&b->out, '\t');
		buf_adds(&b->out, decision_name(v.decision));
		buf_addc(&b->out, '\t');
		buf_adds(&b->out, v.rule_name);
	}
	buf_addc(&b->out, '\n');
	if (!ok || !buf_ok(&b->out, e) || !buf_ok(&b->folded, e))
		return false;
	if (b->each || b->out.n >= READ_BYTES)
		write_out(b);
	return true;
}

/* Keeps the start of a line whose end has not been read. */
static void
keep_part(struct batch *b, struct str part)
{
	buf_add(&b->line, str_sub(part, 0, LINE_MAX_BYTES - b->line.n));
}

static bool
answer_lines(struct batch *b, struct str read, bool *open, struct err *e)
{
	while (read.n > 0) {
		size_t n = str_chr(read, '\n');
		struct str line = str_of(read.p, n);

		if (n == read.n) {
			keep_part(b, line);
			*open = true;
			return buf_ok(&b->line, e);
		}
		if (*open) {
			keep_part(b, line);
			line = buf_str(&b->line);
		}
		if (!buf_ok(&b->line, e) || !answer(b, line, e))
			return false;
		buf_clear(&b->line);
		*open = false;
		read = str_skip(read, n + 1);
	}
	return true;
}

static bool
run_batch(struct batch *b, struct err *e)
{
	char *chunk = malloc(READ_BYTES);
	bool open = false;
	bool ok = false;
	ssize_t n;

	if (chunk == NULL)
		return err_memory(e);
	b->each = b->args->flush || isatty(STDIN_FILENO) == 1;
	while ((n = read(STDIN_FILENO, chunk, READ_BYTES)) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0) {
			err_set(e, EX_IOERR,
			    "classify: standard input: "
			    "cannot read on: %s; run it again",
			    strerror(errno));
			goto out;
		}
		if (!answer_lines(b, str_of(chunk, (size_t)n), &open, e))
			goto out;
		/* Nobody reads any more: the rest is not worth the work. */
		if (ferror(stdout))
			break;
	}
	ok = !open || answer(b, buf_str(&b->line), e);
out:
	write_out(b);
	free(chunk);
	return ok;
}

static bool
run_one(struct app *a, const struct reply_args *args, struct err *e)
{
	struct failure f = reply_args_failure(args, buf_str(&args->text));
	struct buf folded = { 0 }, text = { 0 };
	struct verdict v;
	bool ok;

	classify(a->rules, &f, &folded, &v);
	ok = buf_ok(&folded, e);
	if (ok && args->json)
		ok = out_json(stdout, to_json(a, &v), e);
	else if (ok)
		put_plain(a, &v, &text);
	ok = ok && out_text(&text, e);
	buf_release(&folded);
	buf_release(&text);
	return ok;
}

int
cmd_classify(struct app *a, int argc, char **argv, struct err *e)
{
	struct reply_args args;
	struct batch b = { .app = a, .args = &args };

	if (reply_args_parse(&args, "classify", true, argc, argv, e)) {
		if (args.batch)
			run_batch(&b, e);
		else
			run_one(a, &args, e);
	}
	buf_release(&b.folded);
	buf_release(&b.line);
	buf_release(&b.out);
	reply_args_release(&args);
	return e->code;
}
