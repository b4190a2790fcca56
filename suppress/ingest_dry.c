/* ingest_dry.c - what each event of a file would lead to, without a
 * database. */
#include "ingest_dry.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/quote.h"
#include "ingest_file.h"
#include "mail/mbox.h"
#include "out.h"
#include "work/judge.h"
#include "work/keys.h"
#include "wrap/inflate.h"

#define CHUNK (256u << 10)
#define MBOX_MAIL_MAX (16u << 20) /* of one mail; then it is cut */

struct dry {
	struct app *app;
	const char *path;
	bool json;
	int64_t idx; /* of the event in the file, from 1 */
	struct inflate *in;
	struct rows *rows;
	struct acct *acct;
	struct keys keys;
	struct acct_settings settings;
	struct message_settings mails;
	struct buf bytes; /* read and not yet worked on */
	struct buf folded;
	bool end;
	bool left; /* its last row has no end yet */
};

/* What it leads to in the words of the corpus. */
static const char *
leads_to(const struct event *ev, const struct verdict *v)
{
	switch (ev->skip) {
	case SKIP_NONE:
	case SKIP_REDACTED:
	case SKIP_NO_RECIPIENT:
	case SKIP_BAD_ADDRESS:
		return decision_name(v->decision);
	case SKIP_NOT_A_REPORT:
		return "not-a-report";
	default:
		return decision_name(DECISION_IGNORE);
	}
}

static bool
print_json(struct dry *d, const struct event *ev, const struct verdict *v,
    struct err *e)
{
	struct json *o = json_new_object();

	json_text(o, "file", str_from(d->path));
	json_number(o, "idx", d->idx);
	json_text(o, "kind", str_from(kind_name(ev->kind)));
	json_time(o, "time", ev->time);
	json_text_or_none(o, "rcpt", str_from(ev->address));
	json_text(o, "class", str_from(class_name(v->class)));
	json_text(o, "decision", str_from(leads_to(ev, v)));
	out_rule_json(o, str_from(v->rule_name));
	out_codes_json(o, v->code, reply_status_number(v->status));
	json_text_or_none(o, "format", ev->format);
	json_text(o, "provider",
	    str_from(
		provider_name(rules_providers(d->app->rules), v->provider)));
	json_text_or_none(o, "reply", v->folded);
	json_text(o, "found", str_from(found_name(ev->found)));
	json_text(o, "proof",
	    str_from(ev->proof == PROOF_SIGNED ? "signed" : NULL));
	json_text_or_none(o, "stream", ev->stream);
	json_text_or_none(o, "message_id", ev->message_id);
	json_text(o, "skip",
	    ev->skip == SKIP_NONE ? str_from(NULL)
				  : str_from(skip_name(ev->skip)));
	return out_json(stdout, o, e);
}

static bool
print_text(struct dry *d, const struct event *ev, const struct verdict *v,
    struct err *e)
{
	struct buf b = { 0 };
	bool ok;

	quote_add(&b, str_from(d->path));
	buf_addf(&b, ":%" PRId64 ": %s ", d->idx, kind_name(ev->kind));
	quote_add(
	    &b, ev->address[0] != '\0' ? str_from(ev->address) : STR("-"));
	buf_addf(&b, ": %s, %s, rule %s", class_name(v->class), leads_to(ev, v),
	    v->rule_name);
	if (ev->proof == PROOF_SIGNED)
		buf_adds(&b, ", signed");
	if (ev->skip != SKIP_NONE)
		buf_addf(&b, ", not used: %s", skip_name(ev->skip));
	buf_addc(&b, '\n');
	ok = out_text(&b, e);
	buf_release(&b);
	return ok;
}

static bool
on_event(void *ctx, const struct event *ev, struct err *e)
{
	struct dry *d = ctx;
	struct event ahead;
	struct verdict v;

	d->idx++;
	if (ev->time > d->app->now + WORK_AHEAD_MAX) {
		ahead = *ev;
		event_skip(&ahead, SKIP_FUTURE);
		ev = &ahead;
	}
	buf_clear(&d->folded);
	judge_event(&d->app->config, d->app->rules, ev, &d->folded, &v);
	if (!buf_ok(&d->folded, e))
		return false;
	return d->json ? print_json(d, ev, &v, e) : print_text(d, ev, &v, e);
}

/* ---- reading ---- */

static bool
read_more(struct dry *d, struct err *file_error)
{
	size_t got;
	char *to = buf_room(&d->bytes, CHUNK);

	if (to == NULL)
		return err_memory(file_error);
	if (!inflate_read(d->in, to, CHUNK, &got, file_error))
		return false;
	d->bytes.n += got;
	d->end = got == 0;
	return true;
}

/* A row that gives no event is told as one. */
static bool
on_no_event(struct dry *d, enum skip why, struct err *e)
{
	static const struct event NONE;
	struct event ev = NONE;

	ev.skip = why;
	return on_event(d, &ev, e);
}

/* One that is refused is told, and its rows have no header, as in a run. */
static bool
on_header(struct dry *d, struct str row, struct err *e)
{
	struct err bad = { 0 };
	char quoted[256];

	if (acct_header(d->acct, row, NULL, &bad))
		return true;
	if (bad.code != EX_DATAERR)
		return err_set(e, bad.code, "%s", bad.text);
	fprintf(stderr, "%s: %s: %s\n", d->app->prog,
	    str_quote(str_from(d->path), quoted, sizeof quoted), bad.text);
	return true;
}

static bool
on_row(
    struct dry *d, enum rows_got got, const struct rows_row *row, struct err *e)
{
	static const struct event NONE;
	struct event ev = NONE;

	if (got != ROWS_ROW)
		return on_no_event(
		    d, got == ROWS_TOO_LONG ? SKIP_TOO_LONG : SKIP_NOISE, e);
	if (acct_is_header(row->raw))
		return on_header(d, row->raw, e);
	return acct_row(d->acct, row, &ev, e) && on_event(d, &ev, e);
}

static bool
dry_rows(struct dry *d, struct err *file_error, struct err *e)
{
	struct rows_row row;
	enum rows_got got;
	bool last = false;
	bool grows = !inflate_is_packed(d->in) && ingest_file_may_grow(d->path);

	while (!last) {
		last = d->end;
		if (!rows_feed(d->rows, buf_str(&d->bytes), last && !grows, e))
			return false;
		while ((got = rows_next(d->rows, &row)) != ROWS_MORE)
			if (!on_row(d, got, &row, e))
				return false;
		buf_drop(&d->bytes, d->bytes.n - rows_left(d->rows));
		if (!last && !read_more(d, file_error))
			return true;
	}
	d->left = d->bytes.n > 0;
	return true;
}

static bool
dry_message(struct dry *d, struct err *file_error, struct err *e)
{
	struct message_envelope env = {
		.from = STR(""), .to = STR(""), .envid = STR(""),
		.settings = &d->mails
	};

	while (!d->end && d->bytes.n < MESSAGE_BYTES_MAX)
		if (!read_more(d, file_error))
			return true;
	return message_read(str_sub(buf_str(&d->bytes), 0, MESSAGE_BYTES_MAX),
	    &env, d->app->now, on_event, d, e);
}

/* Mails one behind the other. Of one that is too long the rest is passed over,
 * up to the next. */
static bool
dry_mbox(struct dry *d, struct err *file_error, struct err *e)
{
	bool cut = false;
	struct message_envelope env = {
		.from = STR(""), .to = STR(""), .envid = STR(""),
		.settings = &d->mails
	};

	while (d->bytes.n > 0 || !d->end) {
		size_t n = mbox_cut(buf_str(&d->bytes));
		bool whole = n < d->bytes.n || d->end;

		if (!whole && n < MBOX_MAIL_MAX) {
			if (!read_more(d, file_error))
				return true;
			continue;
		}
		if (!whole)
			n -= MBOX_BORDER;
		if (!cut &&
		    !message_read(str_sub(buf_str(&d->bytes), 0,
			n < MESSAGE_BYTES_MAX ? n : MESSAGE_BYTES_MAX),
			&env, d->app->now, on_event, d, e))
			return false;
		cut = !whole;
		buf_drop(&d->bytes, n);
	}
	return true;
}

/* By its first bytes, as the pipe tells. */
static bool
dry_content(struct dry *d, struct err *file_error, struct err *e)
{
	struct str start;

	/* What stands before a break is shown, as a run works on it. */
	while (!d->end && d->bytes.n < 512)
		if (!read_more(d, file_error))
			break;
	if (file_error->code != 0 && d->bytes.n == 0)
		return true;
	start = str_trim(buf_str(&d->bytes));
	if (start.n > 0 && (start.p[0] == '{' || start.p[0] == '['))
		return on_no_event(d, SKIP_JSON, e);
	if (mbox_starts(start))
		return dry_mbox(d, file_error, e);
	if (rows_known_type(start).n == 0 && message_starts(buf_str(&d->bytes)))
		return dry_message(d, file_error, e);
	d->rows = rows_open((size_t)d->app->config.row_limit, e);
	d->acct = acct_open(&d->settings, e);
	return e->code == 0 && dry_rows(d, file_error, e);
}

/* What no line tells: where a run would find nothing, or leaves something. */
static void
say_rest(const struct dry *d)
{
	char quoted[256];
	const char *what = d->left
	    ? "its last row has no end yet: a run now leaves it for later"
	    : "no row and no mail in it";

	if (d->left || d->idx == 0)
		fprintf(stderr, "%s: %s: %s\n", d->app->prog,
		    str_quote(str_from(d->path), quoted, sizeof quoted), what);
}

bool
ingest_dry(struct app *a, const char *path, bool json, struct err *file_error,
    struct err *e)
{
	struct dry d = { .app = a,
		.path = path,
		.json = json };
	bool ok = true;

	if (!keys_load(&a->config, &d.keys, e))
		return false;
	keys_settings(&d.keys, &a->config, &d.settings, &d.mails);
	d.in = inflate_open(path, file_error);
	if (d.in != NULL)
		ok = dry_content(&d, file_error, e);
	if (ok && file_error->code == 0)
		say_rest(&d);
	rows_close(d.rows);
	acct_close(d.acct);
	inflate_close(d.in);
	buf_release(&d.bytes);
	buf_release(&d.folded);
	return ok;
}
