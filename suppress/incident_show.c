/* incident_show.c - the page about one incident. */
#include "incident_show.h"

#include <inttypes.h>
#include <string.h>

#include "advice.h"
#include "base/clock.h"
#include "blocklist.h"
#include "incident_rows.h"
#include "mail/reply.h"
#include "out.h"
#include "page.h"
#include "store/accepted.h"
#include "store/incident_page.h"

#define LABEL 12        /* columns before a value */
#define REPLIES_TEXT 3
#define OURS_TEXT 8
#define MOST_JSON 100

struct page {
	struct app *app;
	struct incident in;
	struct incident_row row;
	struct incident_figures figures;
	size_t width;
	struct buf text;     /* printed when all went well */
	struct buf line;     /* the value being put together */
	struct buf provider, opened_by, folded;
	struct json *root, *list; /* NULL: text is wanted */
	size_t ours;         /* told so far */
	const char *advice;  /* the one told last */
};

bool
incident_unknown(int64_t id, struct err *e)
{
	return err_set(e, EX_DATAERR, "incident: there is no incident %lld; "
	    "'incident list --all' names them", (long long)id);
}

/* ---- lines: a label, and what is in p->line in as many as it takes ---- */

static void
put_line(struct page *p, const char *label)
{
	size_t from = p->text.n;

	page_wrap(&p->text, LABEL, buf_str(&p->line), p->width);
	p->text.failed = p->text.failed || p->line.failed;
	if (!p->text.failed)
		memcpy(p->text.p + from, label, strlen(label));
	buf_clear(&p->line);
}

static void
put_text(struct page *p, const char *label, struct str s)
{
	if (s.n == 0)
		return;
	buf_add(&p->line, s);
	put_line(p, label);
}

static void
add_time(struct page *p, int64_t utc)
{
	char at[CLOCK_TEXT];

	buf_adds(&p->line, out_time(utc, at));
}

static void
put_time(struct page *p, const char *label, int64_t utc)
{
	add_time(p, utc);
	put_line(p, label);
}

/* ---- figures ---- */

static bool
is_breaker(const struct page *p)
{
	return p->in.kind == INCIDENT_BREAKER ||
	    p->in.kind == INCIDENT_REPORTS ||
	    p->in.kind == INCIDENT_COMPLAINTS;
}

/* Nobody was found to have taken mail, and the filters cannot tell. */
static bool
nobody_knows(const struct page *p)
{
	char dir[CONFIG_PATH_MAX];
	struct err none = { 0 };
	struct accepted *a = NULL;
	bool young = true;

	if (p->figures.accepted > 0)
		return false;
	if (config_path(&p->app->config, "accepted", dir, &none))
		a = accepted_open(dir, false, &none);
	if (a != NULL)
		young = accepted_lately(a, 0, p->in.opened) == ACCEPTED_YOUNG;
	accepted_close(a);
	return young;
}

static void
put_touched(struct page *p)
{
	const struct incident_figures *f = &p->figures;

	buf_addf(&p->line, is_breaker(p) ? "%" PRId64 " new entries came, "
	    "%" PRId64 " of them passed" : nobody_knows(p)
	    ? "%" PRId64 " recipients; how many took mail lately is not known: "
	      "who does was not noted for long enough then"
	    : "%" PRId64 " recipients, %" PRId64 " of them took mail lately",
	    f->recipients, f->accepted);
	put_line(p, "touched");
	buf_addf(&p->line, "%" PRId64 " from ", f->attempts);
	add_time(p, f->from);
	buf_adds(&p->line, " to ");
	add_time(p, f->to);
	put_line(p, "attempts");
	if (p->in.kind == INCIDENT_FAULT)
		buf_adds(&p->line, "nobody: it suppresses nobody");
	else
		buf_addf(&p->line, "%" PRId64 " addresses now, %" PRId64
		    " in all", f->held, f->held_all);
	put_line(p, "held");
}

static void
put_head(struct page *p)
{
	const struct incident *in = &p->in;
	enum class c = (enum class)in->class;

	buf_addf(&p->text, "incident %" PRId64 ": %s, %s\n", in->id,
	    incident_kind_name(in->kind), p->row.state);
	put_text(p, "provider", p->row.provider.n > 0 ? p->row.provider
	    : STR("all of them"));
	buf_addf(&p->line, "%s: %s", class_name(c), class_info(c)->meaning);
	put_line(p, "class");
	put_text(p, "line", in->text);
	if (p->figures.first != 0)
		put_time(p, "first", p->figures.first);
	put_time(p, "opened", in->opened);
	add_time(p, in->peak);
	buf_addf(&p->line, is_breaker(p) ? ", %" PRId64 " in the hour"
	    : ", %" PRId64 " in ten minutes", in->peak_n);
	put_line(p, "peak");
	put_time(p, "last", in->last);
	put_touched(p);
}

/* ---- what was replied ---- */

/* What a reply means now, where only its text is kept. */
static void
judge(struct page *p, const struct incident_reply *r, struct verdict *v)
{
	struct failure f = { .diag = r->sample, .failed = true };

	classify(p->app->rules, &f, &p->folded, v);
}

struct judged {
	struct str rule;
	const char *advice, *blocklist;
	int64_t code, status;
};

static struct judged
judged_of(struct page *p, const struct incident_reply *r)
{
	struct judged j = { .rule = r->rule, .code = r->code,
		.status = r->status, .advice = advice_of(p->app->rules,
		    r->rule, r->class), .blocklist = blocklist_of(r->sample) };
	struct verdict v;

	if (r->rule.n > 0)
		return j;
	judge(p, r, &v);
	if (v.class != r->class)
		return j;
	j.rule = str_from(v.rule_name);
	j.advice = v.advice[0] != '\0' ? v.advice : j.advice;
	j.code = v.code;
	j.status = reply_status_number(v.status);
	return j;
}

static void
push_reply(struct page *p, const struct incident_reply *r,
    const struct judged *j)
{
	struct json *o = json_new_object();

	json_number(o, "count", r->n);
	json_text_or_none(o, "provider", r->provider);
	json_text(o, "class", str_from(class_name(r->class)));
	out_codes_json(o, j->code, j->status);
	json_text_or_none(o, "reply", r->folded);
	json_text_or_none(o, "sample", r->sample);
	out_rule_json(o, j->rule);
	json_text(o, "blocklist", str_from(j->blocklist));
	json_text_or_none(o, "advice", str_from(j->advice));
	json_push(p->list, o);
}

static bool
on_reply(void *ctx, const struct incident_reply *r, struct err *e)
{
	struct page *p = ctx;
	struct judged j = judged_of(p, r);

	if (p->root != NULL) {
		push_reply(p, r, &j);
		return true;
	}
	buf_addf(&p->line, "%" PRId64 " times: ", r->n);
	out_codes(&p->line, j.code, j.status);
	buf_addf(&p->line, ", %s, %.*s", class_name(r->class),
	    STR_ARG(j.rule.n > 0 ? j.rule : STR("-")));
	if (!str_eq(r->provider, p->row.provider))
		buf_addf(&p->line, ", by %.*s", STR_ARG(r->provider));
	put_line(p, "reply");
	put_text(p, "", r->folded);
	put_text(p, "  e.g.", r->sample);
	if (j.blocklist != NULL)
		put_text(p, "  blocklist", str_from(j.blocklist));
	if (p->advice == NULL || strcmp(p->advice, j.advice) != 0)
		put_text(p, "  advice", str_from(j.advice));
	p->advice = j.advice;
	return buf_ok(&p->text, e) && buf_ok(&p->line, e);
}

static bool
on_ours(void *ctx, const struct incident_ours *o, struct err *e)
{
	struct page *p = ctx;
	struct json *j;

	p->ours++;
	if (p->root != NULL) {
		j = json_new_object();
		json_number(j, "count", o->n);
		json_text_or_none(j, "vmta", o->vmta);
		json_text_or_none(j, "ip", o->ip);
		json_push(p->list, j);
		return true;
	}
	if (o->vmta.n + o->ip.n == 0)
		return true; /* reports know neither */
	buf_addf(&p->line, "%.*s", STR_ARG(o->vmta.n > 0 ? o->vmta
	    : STR("no vmta")));
	if (o->ip.n > 0)
		buf_addf(&p->line, ", %.*s", STR_ARG(o->ip));
	buf_addf(&p->line, ": %" PRId64 " times", o->n);
	put_line(p, p->ours == 1 ? "ours" : "");
	return buf_ok(&p->text, e) && buf_ok(&p->line, e);
}

/* ---- notes, and how to go on ---- */

static bool
on_note(void *ctx, int64_t at, struct str who, struct str text, struct err *e)
{
	struct page *p = ctx;
	struct json *o;

	if (p->root != NULL) {
		o = json_new_object();
		json_time(o, "at", at);
		json_text(o, "who", who);
		json_text(o, "text", text);
		json_push(p->list, o);
		return true;
	}
	add_time(p, at);
	buf_addf(&p->line, " %.*s: %.*s", STR_ARG(who), STR_ARG(text));
	put_line(p, "note");
	return buf_ok(&p->text, e) && buf_ok(&p->line, e);
}

static void
put_command(struct page *p, const char *tells, const char *verb, int64_t n,
    const char *rest)
{
	buf_addf(&p->text, "  %-24s pmta-suppress %s %" PRId64 "%s\n", tells,
	    verb, n, rest);
}

/* What becomes of it when nobody says anything. */
static struct str
left_alone(const struct page *p)
{
	return p->in.kind == INCIDENT_REPORTS ||
	    p->in.kind == INCIDENT_COMPLAINTS
	    ? STR("Left alone: who is reported again on a later day is "
	      "applied; nothing is applied by time alone.")
	    : STR("Left alone: who fails again on a later day is applied, who "
	      "takes mail is dropped; nothing is applied by time alone.");
}

static void
put_ways(struct page *p)
{
	static const char REASON[] = " --reason TEXT";
	int64_t id = p->in.id;

	if (p->figures.held > 0) {
		buf_add(&p->line, left_alone(p));
		buf_adds(&p->line, " Try the first two with --dry-run.");
		put_line(p, "go on");
		put_command(p, "apply what it holds:", "incident release", id,
		    REASON);
		put_command(p, "drop what it holds:", "incident discard", id,
		    REASON);
	} else {
		put_text(p, "go on", p->in.kind == INCIDENT_FAULT
		    ? STR("Mend the cause; the advice tells how. The list is "
		      "untouched.") : STR("It holds nothing."));
	}
	if (p->figures.bulk != 0)
		put_command(p, "take the decision back:", "undo",
		    p->figures.bulk, "");
}

/* ---- the whole ---- */

static bool
walk(struct page *p, struct err *e)
{
	struct store *s = p->app->store;

	put_head(p);
	if (!incident_ours(s, &p->in, &p->figures, OURS_TEXT, on_ours, p, e) ||
	    !incident_replies(s, &p->in, &p->figures, REPLIES_TEXT, on_reply,
	        p, e) || !incident_notes(s, p->in.id, on_note, p, e))
		return false;
	put_ways(p);
	return buf_ok(&p->line, e) && out_text(&p->text, e);
}

/* The list that rows have gone into; passes on whether that went well. */
static bool
end_list(struct page *p, const char *key, bool ok)
{
	json_put(p->root, key, p->list);
	p->list = json_new_list();
	return ok;
}

static bool
push_lists(struct page *p, struct err *e)
{
	const struct incident_figures *f = &p->figures;
	struct store *s = p->app->store;

	p->list = json_new_list();
	return end_list(p, "ours", incident_ours(s, &p->in, f, MOST_JSON,
	    on_ours, p, e)) &&
	    end_list(p, "replies", incident_replies(s, &p->in, f, MOST_JSON,
	        on_reply, p, e)) &&
	    end_list(p, "notes", incident_notes(s, p->in.id, on_note, p, e));
}

static void
put_known(struct json *o, const char *key, bool known, int64_t n)
{
	if (known)
		json_number(o, key, n);
	else
		json_none(o, key);
}

/* A breaker counts entries, the others recipients. */
static void
put_touched_json(struct json *o, const struct page *p)
{
	const struct incident_figures *f = &p->figures;
	bool entries = is_breaker(p);

	put_known(o, "recipients", !entries, f->recipients);
	put_known(o, "took_mail_lately", !entries && !nobody_knows(p),
	    f->accepted);
	put_known(o, "came", entries, f->recipients);
	put_known(o, "passed", entries, f->accepted);
}

static bool
walk_json(struct page *p, struct err *e)
{
	const struct incident_figures *f = &p->figures;
	struct json *o = p->root = json_new_object();

	incident_row_json(o, &p->row);
	json_time(o, "first", f->first);
	json_time(o, "from", f->from);
	json_time(o, "to", f->to);
	put_touched_json(o, p);
	json_number(o, "attempts", f->attempts);
	json_number_or_none(o, "bulk", f->bulk);
	if (!push_lists(p, e))
		return false;
	p->root = NULL;
	return out_json(stdout, o, e);
}

static bool
load(struct page *p, int64_t id, struct err *e)
{
	struct store *s = p->app->store;
	bool found;

	if (!incident_get(s, id, &p->in, &found, e))
		return false;
	if (!found)
		return incident_unknown(id, e);
	/* The store's own text stands until the next call only. */
	buf_add(&p->opened_by, p->in.text);
	p->in.text = buf_str(&p->opened_by);
	return buf_ok(&p->opened_by, e) &&
	    incident_row_of(p->app, &p->in, &p->provider, &p->row, e) &&
	    incident_figures(s, &p->in, &p->figures, e);
}

bool
incident_show(struct app *a, int64_t id, bool json, struct err *e)
{
	struct page p = { .app = a, .width = page_width() };
	bool ok = load(&p, id, e) && (json ? walk_json : walk)(&p, e);

	json_free(p.root);
	json_free(p.list);
	buf_release(&p.text);
	buf_release(&p.line);
	buf_release(&p.provider);
	buf_release(&p.opened_by);
	buf_release(&p.folded);
	return ok;
}
