/* cmd_show.c - why an address is on the list: entries, the policy's
 * arithmetic, each evidence with its rule and raw bytes, the changes. And for
 * the person it belongs to: the same, and where else it stands. */
#include <getopt.h>
#include <inttypes.h>
#include <string.h>

#include "advice.h"
#include "args.h"
#include "base/clock.h"
#include "base/quote.h"
#include "out.h"
#include "show_never.h"
#include "show_raw.h"
#include "store/erase.h"
#include "traces_out.h"

struct show {
	struct app *app;
	char key[ADDRESS_MAX];
	bool json;
	bool subject; /* all that is held, for the person */
	int64_t erased; /* when it was; 0: it was not */
	struct traces_out traces;
	size_t entries, evidence, changes;
	size_t in_streams; /* active entries for one stream of mail only */
	struct show_raw raw;
	struct buf text; /* printed when all went well */
	struct json *entry_list, *evidence_list, *change_list;
};

/* ---- text ---- */

static void
put_line(struct buf *b, const char *name, struct str value)
{
	if (value.n == 0)
		return;
	buf_addf(b, "    %-12s", name);
	quote_add(b, value);
	buf_addc(b, '\n');
}

static void
put_text(struct buf *b, const char *name, const char *value)
{
	put_line(b, name, str_from(value));
}

static void
put_time(struct buf *b, const char *name, int64_t utc, const char *none)
{
	char time[CLOCK_TEXT];

	put_text(b, name, utc == 0 ? none : clock_text(utc, time));
}

/* Whether it counts: in a word, and in words. */
static const struct state_text {
	const char *name, *tells;
} STATES[] = {
	[EVIDENCE_COUNTS] = { "counts", "counts" },
	[EVIDENCE_CLEARED] = { "cleared", "cleared by a later delivery" },
	[EVIDENCE_VOID] = { "void", "void: it was lifted" },
	[EVIDENCE_HELD] = { "held", "held" },
	[EVIDENCE_OLD] = { "old", "does not count: from before a lift" },
	[EVIDENCE_UNVERIFIED] = { "unverified",
	    "does not count: nothing proves that we sent" },
};

/* What can never count (a 4xx reply, a sender's fault) waits for nothing. */
static const struct state_text *
evidence_state(const struct evidence_fact *f)
{
	static const struct state_text NONE = { "?", "unknown" };
	static const struct state_text NEVER = { "never", "does not count" };

	if (f->state == EVIDENCE_COUNTS &&
	    !policy_counts(f->kind, f->class, f->strength))
		return &NEVER;
	return (size_t)f->state < COUNT(STATES) ? &STATES[f->state] : &NONE;
}

/* How far a report is believed: in a word, and in words. */
static const struct state_text TRUSTS[] = {
	[TRUST_PLAIN] = { "plain", "" },
	[TRUST_SIGNED] = { "signed", "signed: carries a token of ours" },
	[TRUST_DOUBTED] = { "doubted", "doubted: not signed, and the address "
	    "took mail lately; it takes another message on another day" },
};

static const struct state_text *
trust_text(const struct evidence_fact *f)
{
	return &TRUSTS[(size_t)f->trust < COUNT(TRUSTS) ? f->trust : 0];
}

static void
put_entry(struct show *s, const struct entry_row *row)
{
	const struct entry *en = &row->entry;
	struct buf *b = &s->text;

	buf_addf(b, "entry: %s, ", class_name(en->class));
	quote_add(b, en->scope);
	buf_addf(b, ": %s\n", out_state(en, s->app->now));
	put_line(b, "address", en->address);
	put_text(b, "sub-domains", en->subdomains ? "listed with it" : "");
	put_time(b, "since", en->since, "-");
	put_time(b, "until", en->until, "no end");
	put_line(b, "source", en->source);
	put_line(b, "reason", en->reason);
	put_line(b, "rule", en->rule);
	if (row->last_seen != 0)
		put_time(b, "last seen", row->last_seen, "-");
	if (en->mark != 0)
		put_time(b, "lifted to", en->mark, "-");
	if (en->state == ENTRY_HELD && en->incident != 0)
		buf_addf(b, "    %-12s%" PRId64 "\n", "incident",
		    en->incident);
	if (en->bulk != 0)
		buf_addf(b, "    %-12s%" PRId64 "\n", "bulk", en->bulk);
	buf_addf(b, "    %-12s%" PRId64 "\n", "change", row->change);
}

static void
put_raw(struct show *s, const struct evidence_row *row)
{
	const struct evidence *ev = &row->ev;
	struct str bytes;
	struct buf *b = &s->text;
	const char *why =
	    show_raw_fetch(&s->raw, row->stream, ev->offset, ev->length);

	buf_addf(b, "    %-12s", "raw");
	quote_add(b, row->stream);
	buf_addf(b, " at %" PRId64 ", %" PRId64 " bytes%s%s\n", ev->offset,
	    ev->length, why != NULL ? ": " : "", why != NULL ? why : "");
	if (why != NULL)
		return;
	bytes = str_trim(buf_str(&s->raw.bytes));
	buf_adds(b, "      ");
	quote_add(b, bytes);
	buf_adds(b, ev->length > SHOW_RAW_MAX ? " ...\n" : "\n");
}

static void
put_evidence(struct show *s, const struct evidence_row *row)
{
	const struct evidence *ev = &row->ev;
	const struct evidence_fact *fact = &ev->fact;
	struct buf *b = &s->text;
	char time[CLOCK_TEXT];

	buf_addf(b, "evidence: %s %s: %s, %s: %s", out_time(fact->time, time),
	    kind_name(fact->kind), class_name(fact->class),
	    strength_name(fact->strength), evidence_state(fact)->tells);
	if (fact->state == EVIDENCE_HELD)
		buf_addf(b, " in incident %" PRId64, ev->incident);
	buf_addc(b, '\n');
	put_text(b, "proof", trust_text(fact)->tells);
	buf_addf(b, "    %-12s", "code");
	out_codes(b, ev->code, ev->status);
	buf_addc(b, '\n');
	put_line(b, "reply", row->folded);
	put_line(b, "sample", row->sample);
	put_line(b, "rule", row->rule);
	put_text(b, "advice", advice_of(s->app->rules, row->rule, fact->class));
	put_line(b, "provider", row->provider);
	put_line(b, "vmta", row->vmta);
	put_line(b, "our ip", row->ip);
	put_line(b, "stream", row->scope);
	put_raw(s, row);
}

static void
put_change(struct show *s, const struct change_row *row)
{
	struct buf *b = &s->text;
	char time[CLOCK_TEXT];

	buf_addf(b, "change %" PRId64 ": %s ", row->n, out_time(row->at, time));
	quote_add(b, row->action);
	buf_addf(b, " %s, ", class_name(row->class));
	quote_add(b, row->scope);
	buf_adds(b, ", by ");
	quote_add(b, row->who);
	if (row->bulk != 0)
		buf_addf(b, ", bulk %" PRId64, row->bulk);
	if (row->why.n > 0) {
		buf_adds(b, ": ");
		quote_add(b, row->why);
	}
	buf_addc(b, '\n');
}

/* ---- JSON ---- */

static void
push_entry(struct show *s, const struct entry_row *row)
{
	struct json *o = json_new_object();

	out_row_json(o, row, s->app->now);
	json_time(o, "lifted_to", row->entry.mark);
	json_number_or_none(o, "bulk", row->entry.bulk);
	json_number_or_none(o, "incident", row->entry.incident);
	json_push(s->entry_list, o);
}

static void
push_evidence(struct show *s, const struct evidence_row *row)
{
	const struct evidence *ev = &row->ev;
	struct json *o = json_new_object();
	const char *why =
	    show_raw_fetch(&s->raw, row->stream, ev->offset, ev->length);

	json_time(o, "time", ev->fact.time);
	json_text(o, "kind", str_from(kind_name(ev->fact.kind)));
	json_text(o, "class", str_from(class_name(ev->fact.class)));
	json_text(o, "strength", str_from(strength_name(ev->fact.strength)));
	json_text(o, "state", str_from(evidence_state(&ev->fact)->name));
	json_number_or_none(o, "incident", ev->incident);
	json_text(o, "proof", ev->fact.trust == TRUST_PLAIN ? str_from(NULL)
	    : str_from(trust_text(&ev->fact)->name));
	out_codes_json(o, ev->code, ev->status);
	json_text_or_none(o, "reply", row->folded);
	json_text_or_none(o, "sample", row->sample);
	out_rule_json(o, row->rule);
	json_text_or_none(o, "advice",
	    str_from(advice_of(s->app->rules, row->rule, ev->fact.class)));
	json_text_or_none(o, "provider", row->provider);
	json_text_or_none(o, "vmta", row->vmta);
	json_text_or_none(o, "our_ip", row->ip);
	json_text_or_none(o, "stream", row->scope);
	json_text_or_none(o, "source", row->stream);
	json_number(o, "offset", ev->offset);
	json_number(o, "length", ev->length);
	if (why == NULL)
		json_text(o, "raw", buf_str(&s->raw.bytes));
	else
		json_none(o, "raw");
	json_push(s->evidence_list, o);
}

static void
push_change(struct show *s, const struct change_row *row)
{
	struct json *o = json_new_object();

	json_number(o, "change", row->n);
	json_time(o, "at", row->at);
	json_text(o, "action", row->action);
	json_text(o, "class", str_from(class_name(row->class)));
	json_text(o, "scope", row->scope);
	json_text(o, "who", row->who);
	json_text_or_none(o, "why", row->why);
	json_number_or_none(o, "bulk", row->bulk);
	json_push(s->change_list, o);
}

/* ---- the walk ---- */

static bool
on_entry(void *ctx, const struct entry_row *row, struct err *e)
{
	struct show *s = ctx;

	s->entries++;
	s->in_streams += !str_eq(row->entry.scope, STR("global")) &&
	    strcmp(out_state(&row->entry, s->app->now), "active") == 0;
	if (s->json)
		push_entry(s, row);
	else
		put_entry(s, row);
	return buf_ok(&s->text, e);
}

static bool
on_evidence(void *ctx, const struct evidence_row *row, struct err *e)
{
	struct show *s = ctx;

	s->evidence++;
	if (s->json)
		push_evidence(s, row);
	else
		put_evidence(s, row);
	return !s->raw.no_memory ? buf_ok(&s->text, e) : err_memory(e);
}

static bool
on_change(void *ctx, const struct change_row *row, struct err *e)
{
	struct show *s = ctx;

	s->changes++;
	if (s->json)
		push_change(s, row);
	else
		put_change(s, row);
	return buf_ok(&s->text, e);
}

/* The entries of one key: the address itself, then its domain, then what of
 * the domains above holds below them. */
static bool
walk_entries(struct show *s, struct str key, struct err *e)
{
	struct entry_filter f = {
		.address = key, .now = s->app->now, .all_states = true
	};

	return entry_list(s->app->store, &f, on_entry, s, e);
}

static bool
walk_above(struct show *s, struct str domain, struct err *e)
{
	struct entry_filter f = { .now = s->app->now, .all_states = true,
		.subdomains = true };
	char above[ADDRESS_MAX];

	for (;;) {
		domain = str_skip(domain, str_chr(domain, '.'));
		if (domain.n == 0 || !str_copy(domain, above, sizeof above))
			return true;
		above[0] = '@';
		f.address = str_from(above);
		if (!entry_list(s->app->store, &f, on_entry, s, e))
			return false;
		domain = str_skip(domain, 1);
	}
}

static bool
walk(struct show *s, struct err *e)
{
	struct str key = str_from(s->key);
	struct str domain = str_skip(key, str_rchr(key, '@'));
	char hash[ERASED_KEY];

	if (!erased_key(s->app->store, key, hash, e) ||
	    !erased_at(s->app->store, key, &s->erased, e) ||
	    (s->erased != 0 && (!walk_entries(s, str_from(hash), e) ||
	        !change_list(s->app->store, str_from(hash), on_change, s,
	            e))))
		return false;
	if (s->subject && !traces_out_find(&s->traces, s->key, true, e))
		return false;
	return walk_entries(s, key, e) &&
	    (domain.n == key.n || walk_entries(s, domain, e)) &&
	    walk_above(s, domain, e) &&
	    evidence_list(s->app->store, key, on_evidence, s, e) &&
	    change_list(s->app->store, key, on_change, s, e);
}

/* The entry that decides for mail of any stream. */
static bool
decide(struct show *s, struct entry *en, bool *found, struct err *e)
{
	*found = false;
	return entry_decides(s->app->store, str_from(s->key), STR(""),
	    s->app->now, en, found, e);
}

/* The answer stands first, but what it says of streams is known last. */
static bool
print_answer(struct show *s, struct err *e)
{
	struct buf b = { 0 };
	struct json *unused = json_new_object();
	struct entry en = { 0 };
	bool found;
	bool ok = decide(s, &en, &found, e);

	quote_add(&b, str_from(s->key));
	buf_adds(&b,
	    found ? ": suppressed: "
		: s->in_streams > 0
		? ": suppressed for some streams only, see below"
		: s->entries + s->evidence + s->changes > 0
		? ": not suppressed"
		: ": not suppressed: nothing is known of it");
	if (found)
		out_entry(&b, &en, s->erased != 0 ? en.address
		    : str_from(s->key));
	buf_addc(&b, '\n');
	if (s->erased != 0)
		buf_addf(&b, "erased on %.10s, still blocked\n",
		    clock_text(s->erased, (char[CLOCK_TEXT]){ 0 }));
	ok = ok && show_never(s->app, str_from(s->key), found, &b, unused, e) &&
	    out_text(&b, e);
	json_free(unused);
	buf_release(&b);
	return ok;
}

static bool
show_json(struct show *s, struct err *e)
{
	struct json *o = json_new_object();
	struct entry en = { 0 };
	bool found;

	s->entry_list = json_new_list();
	s->evidence_list = json_new_list();
	s->change_list = json_new_list();
	if (!walk(s, e) || !decide(s, &en, &found, e)) {
		json_free(s->entry_list);
		json_free(s->evidence_list);
		json_free(s->change_list);
		json_free(o);
		return false;
	}
	json_text(o, "address", str_from(s->key));
	json_bool(o, "suppressed", found);
	json_text(o, "class",
	    found ? str_from(class_name(en.class)) : str_from(NULL));
	json_time(o, "erased", s->erased);
	json_put(o, "entries", s->entry_list);
	json_put(o, "evidence", s->evidence_list);
	json_put(o, "changes", s->change_list);
	if (s->subject) {
		json_put(o, "files", traces_out_take_files(&s->traces));
		json_put(o, "lines", traces_out_take_lines(&s->traces));
	}
	if (!show_never(s->app, str_from(s->key), found, &s->text, o, e)) {
		json_free(o);
		return false;
	}
	return out_json(stdout, o, e);
}

static bool
show_text(struct show *s, struct err *e)
{
	return walk(s, e) && print_answer(s, e) && out_text(&s->text, e) &&
	    out_text(&s->traces.text, e);
}

static bool
parse_options(struct show *s, int argc, char **argv, struct err *e)
{
	static const struct option LONGS[] = {
		{ "json", no_argument, NULL, 'j' },
		{ NULL, 0, NULL, 0 },
	};
	int o;

	while ((o = app_option(argc, argv, ":j", LONGS, e)) != -1) {
		if (o != 'j')
			return false;
		s->json = true;
	}
	if (s->subject)
		return args_one_address(argc, argv, s->key, e);
	if (argc - optind != 1)
		return err_set(e, EX_USAGE, "show: %s; name one, or @domain",
		    optind == argc ? "no address given"
				   : "more than one address given");
	return args_target_or(argv[0], argv[optind], s->key, e);
}

static int
show(struct app *a, int argc, char **argv, bool subject, struct err *e)
{
	struct show s = { .app = a, .raw = { .app = a },
		.subject = subject, .traces = { .app = a } };

	if (parse_options(&s, argc, argv, e) && app_ready(a, e)) {
		if (s.json)
			show_json(&s, e);
		else
			show_text(&s, e);
	}
	show_raw_release(&s.raw);
	traces_out_release(&s.traces);
	buf_release(&s.text);
	if (e->code != 0)
		return e->code;
	return s.entries + s.evidence + s.changes + s.traces.n > 0 ? 0 : 1;
}

int
cmd_show(struct app *a, int argc, char **argv, struct err *e)
{
	return show(a, argc, argv, false, e);
}

int
cmd_subject(struct app *a, int argc, char **argv, struct err *e)
{
	return show(a, argc, argv, true, e);
}
