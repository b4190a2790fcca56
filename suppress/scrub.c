/* scrub.c - a list against the suppressions: reads, asks, sorts the rows. */
#include "scrub.h"

#include <sys/random.h>

#include "list_columns.h"
#include "mail/provider_key.h"
#include "wrap/hash.h"

#define FILL_ROWS 65536 /* between two looks at the progress bar */

static struct str
raw_of(const struct scrub *s, const struct scrub_row *row)
{
	return str_of(s->text.p + row->raw, row->raw_n);
}

static struct str
key_of(const struct scrub *s, const struct scrub_row *row)
{
	return str_of(s->keys.p + row->key, row->key_n);
}

/* ---- the list ---- */

static bool
fill(struct scrub *s, bool *more, struct err *e)
{
	bool ok = s->digests != NULL
	    ? hashed_fill(s->digests, FILL_ROWS, more, e)
	    : snapshot_fill(s->list, FILL_ROWS, more, e);

	s->size = s->digests != NULL ? hashed_size(s->digests)
				     : snapshot_size(s->list);
	return ok;
}

static bool
open_list(struct scrub *s, struct err *e)
{
	struct snapshot_wants wants = { .scope = s->scope, .now = s->app->now,
		.memory = s->memory, .low = s->low_memory };
	bool more = true;

	if (s->cells.hashed != GLIB_PLAIN)
		s->digests = hashed_open(
		    s->app->store, &wants, s->cells.hashed, e);
	else
		s->list = snapshot_open(s->app->store, &wants, e);
	if (s->digests == NULL && s->list == NULL)
		return false;
	while (more) {
		if (!fill(s, &more, e))
			return false;
		if (scrub_bar_due(&s->bar))
			scrub_bar_show(&s->bar, "taking in the list",
			    (uint64_t)s->size.entries, 0);
	}
	return true;
}

/* ---- what becomes of a row ---- */

static void
drop_invalid(struct scrub *s, const struct scrub_row *row)
{
	char class[64] = "invalid.";

	strncat(class, scrub_cause_name(row->cause),
	    sizeof class - sizeof "invalid.");
	scrub_out_drop(&s->out, raw_of(s, row),
	    &(struct scrub_why){ .class = str_from(class) });
}

static void
count_suppressed(struct scrub *s, struct str key, const struct entry_brief *b)
{
	s->sums.suppressed++;
	s->sums.class[b->class]++;
	s->sums.provider[provider_find(rules_providers(s->app->rules), STR(""),
	    address_domain(key))]++;
}

/* The words of an entry are looked up only where they are asked for. */
static bool
drop_suppressed(struct scrub *s, const struct scrub_row *row, struct str key,
    const struct entry_brief *b, struct err *e)
{
	struct buf rule = { 0 }, reason = { 0 };
	struct scrub_why why = { .class = str_from(class_name(b->class)),
		.scope = b->scope == 0 ? STR("global") : s->scope,
		.since = b->since };
	bool ok = true;

	count_suppressed(s, key, b);
	if (s->out.why) {
		why.entry = b->by_domain ? b->listed : key;
		ok = store_word_text(s->app->store, b->rule, &rule, e) &&
		    store_word_text(s->app->store, b->reason, &reason, e);
		/* "-" is no rule. */
		why.rule = rule.n > 1 ? buf_str(&rule) : STR("");
		why.reason = buf_str(&reason);
	}
	scrub_out_drop(&s->out, raw_of(s, row), &why);
	buf_release(&rule);
	buf_release(&reason);
	return ok;
}

/*
 * Whether the set's word is enough for now: nothing is told of the row but
 * that it is dropped, and an error of the set is so rare (one in 10^5 lists of
 * ten million rows) that the list may then be scrubbed again.
 */
static bool
may_confirm_later(const struct scrub *s)
{
	return s->list != NULL && !s->size.low && s->out.drop == NULL;
}

static bool
confirm(struct scrub *s, struct err *e)
{
	struct entry_brief b;

	scrub_hits_sort(&s->hits);
	for (size_t i = 0; i < s->hits.n; i++) {
		struct str key = scrub_hits_key(&s->hits, i);
		struct probe p = snapshot_probe(s->list, key);

		if (!snapshot_ask(s->list, key, &p, &b, e))
			return false;
		if (!b.found)
			return err_set(e, EX_TEMPFAIL, "scrub: a row was left "
			    "out by mistake: two addresses look the same in "
			    "memory, by chance; run it again");
		count_suppressed(s, key, &b);
	}
	scrub_hits_clear(&s->hits);
	return true;
}

/* Two hashes of 64 bits: that two addresses share both is not to be feared. */
static bool
is_second(struct scrub *s, struct str key, bool *is, struct err *e)
{
	int64_t check = (int64_t)(hash64_more(~s->seed, key) | 1);
	int64_t *place;

	if (s->seen.cap * sizeof *s->seen.rows > s->memory)
		return err_set(e, EX_OSERR, "scrub: --dedupe needs more memory "
		    "than it may take after %llu rows; give more with "
		    "--memory, or sort the list first",
		    (unsigned long long)s->sums.rows);
	place = table_add(&s->seen, hash64_more(s->seed, key));
	if (place == NULL)
		return err_memory(e);
	*is = *place == check;
	if (*place == 0)
		*place = check;
	return true;
}

static bool
is_listed(struct scrub *s, struct str key, const struct probe *p,
    struct entry_brief *b, struct err *e)
{
	b->found = false;
	if (s->digests != NULL)
		return hashed_find(s->digests, key, b), true;
	return !snapshot_maybe(s->list, p) ||
	    snapshot_ask(s->list, key, p, b, e);
}

/* The same of the mailbox that the provider delivers it to, where that is
 * another. */
static bool
mailbox_is_listed(struct scrub *s, struct str key, char *mailbox,
    struct entry_brief *b, struct err *e)
{
	struct probe p;

	b->found = false;
	if (!address_provider_key(key, mailbox, ADDRESS_MAX) ||
	    str_eq(key, str_from(mailbox)))
		return true;
	p = snapshot_probe(s->list, str_from(mailbox));
	return !snapshot_maybe(s->list, &p) ||
	    snapshot_ask(s->list, str_from(mailbox), &p, b, e);
}

static bool
decide_row(struct scrub *s, const struct scrub_row *row, bool *keep,
    struct err *e)
{
	char mailbox[ADDRESS_MAX]; /* not cleared: see take_row() */
	struct entry_brief b;
	bool second = false;

	*keep = false;
	b.found = false;
	if (row->cause != ADDRESS_OK) {
		s->sums.invalid++;
		s->sums.cause[row->cause]++;
		/* What was passed over is not here to be kept. */
		*keep = s->keep_invalid && row->raw_n > 0;
		if (!*keep)
			drop_invalid(s, row);
		return true;
	}
	if (may_confirm_later(s)) {
		if (snapshot_maybe(s->list, &row->probe))
			return scrub_hits_add(&s->hits, key_of(s, row), e);
	} else if (!is_listed(s, key_of(s, row), &row->probe, &b, e)) {
		return false;
	} else if (b.found) {
		return drop_suppressed(s, row, key_of(s, row), &b, e);
	}
	if (s->provider_key &&
	    !mailbox_is_listed(s, key_of(s, row), mailbox, &b, e))
		return false;
	if (b.found)
		return drop_suppressed(s, row, str_from(mailbox), &b, e);
	if (s->dedupe && !is_second(s, key_of(s, row), &second, e))
		return false;
	s->sums.twice += second;
	if (second)
		scrub_out_drop(&s->out, raw_of(s, row),
		    &(struct scrub_why){ .class = STR("duplicate") });
	*keep = !second;
	return true;
}

/* Rows that are kept side by side go out in one piece. */
static bool
decide_block(struct scrub *s, struct err *e)
{
	size_t from = 0;
	bool keep;

	if (!buf_ok(&s->text, e) || !buf_ok(&s->keys, e))
		return false;
	for (size_t i = 0; i < s->n; i++) {
		const struct scrub_row *row = &s->rows[i];

		if (!decide_row(s, row, &keep, e))
			return false;
		s->sums.kept += keep;
		if (keep)
			continue;
		scrub_out_keep(&s->out,
		    str_of(s->text.p + from, row->raw - from));
		from = row->raw + row->raw_n;
	}
	scrub_out_keep(&s->out, str_skip(buf_str(&s->text), from));
	buf_clear(&s->text);
	buf_clear(&s->keys);
	s->n = 0;
	return (!scrub_hits_full(&s->hits) || confirm(s, e)) &&
	    scrub_out_some(&s->out, e);
}

/* ---- the rows ---- */

/* A row of commas is as empty as one of nothing. */
static bool
is_blank(struct str row)
{
	for (size_t i = 0; i < row.n; i++)
		if (row.p[i] != ',' && !ascii_is_space(row.p[i]))
			return false;
	return true;
}

static void
add_row(struct scrub *s, const struct record *rec, struct str key, int cause)
{
	struct scrub_row *row = &s->rows[s->n++];

	*row = (struct scrub_row){ s->text.n, rec->raw.n, s->keys.n, key.n,
		cause, { .own = 0 } };
	s->sums.rows++;
	buf_add(&s->text, rec->raw);
	buf_add(&s->keys, key);
	if (cause == ADDRESS_OK && s->list != NULL)
		row->probe = snapshot_probe(s->list, key);
}

static bool
is_suppressed(struct scrub *s, struct str key, bool *is, struct err *e)
{
	char mailbox[ADDRESS_MAX];
	struct entry_brief b;
	struct probe p = { .own = 0 };

	if (s->list != NULL)
		p = snapshot_probe(s->list, key);
	if (!is_listed(s, key, &p, &b, e) ||
	    (!b.found && s->provider_key &&
		!mailbox_is_listed(s, key, mailbox, &b, e)))
		return false;
	*is = b.found;
	return true;
}

/* A ' before a formula is the address's own, or put there by an export: the
 * row is of the one of the two that is suppressed. Rare, and kept out of the
 * way of all other rows. */
__attribute__((noinline)) static bool
read_defused(struct scrub *s, struct str cell, char *key, int *cause,
    struct err *e)
{
	char other[ADDRESS_MAX];
	struct str in = list_cell(cell);
	bool is = true;

	if (in.n == cell.n ||
	    scrub_cells_key(&s->cells, in, other) != ADDRESS_OK)
		return true;
	if (*cause == ADDRESS_OK &&
	    !is_suppressed(s, str_from(other), &is, e))
		return false;
	*cause = ADDRESS_OK;
	return !is || str_copy(str_from(other), key, ADDRESS_MAX);
}

static bool
take_row(struct scrub *s, const struct record *rec, struct err *e)
{
	char key[ADDRESS_MAX]; /* not cleared: that costs as much as all else */
	int cause = CAUSE_ROW;
	struct str cell;

	key[0] = '\0';
	if (rec->fault != NULL)
		goto add;
	if (!scrub_cells_get(&s->cells, rec->text, &cell, e)) {
		if (e->code != 0)
			return false;
		goto add;
	}
	if (cell.n == 0 && is_blank(rec->text)) {
		s->sums.empty++;
		return true;
	}
	cause = scrub_cells_key(&s->cells, cell, key);
	if (cell.n > 0 && cell.p[0] == '\'' &&
	    !read_defused(s, cell, key, &cause, e))
		return false;
add:
	add_row(s, rec, str_from(key), cause);
	return true;
}

static bool
take_record(struct scrub *s, struct records *in, const struct record *rec,
    struct err *e)
{
	bool header = false;

	if (!s->cells.settled && rec->fault == NULL && !is_blank(rec->text)) {
		if (!scrub_cells_settle(&s->cells, rec, &header, e))
			return false;
		if (records_had_bom(in))
			scrub_out_bom(&s->out);
	}
	if (header)
		scrub_out_header(&s->out, rec->raw);
	else if (!take_row(s, rec, e))
		return false;
	if (s->n < SCRUB_BLOCK && s->text.n < RECORD_MAX)
		return true;
	if (scrub_bar_due(&s->bar))
		scrub_bar_show(
		    &s->bar, "scrub", s->sums.rows, records_used(in));
	return decide_block(s, e);
}

bool
scrub_run(struct scrub *s, struct err *e)
{
	struct records *in = records_open(s->path, e);
	struct record rec;
	bool more = true;
	bool ok = false;

	if (in == NULL)
		return false;
	if (s->dedupe && getrandom(&s->seed, sizeof s->seed, 0) < 0)
		s->seed = (uint64_t)s->app->now;
	scrub_bar_begin(&s->bar, s->path);
	if (!open_list(s, e))
		goto out;
	scrub_bar_begin(&s->bar, s->path);
	while (records_next(in, &rec, &more, e) && more)
		if (!take_record(s, in, &rec, e))
			goto out;
	ok = e->code == 0 && decide_block(s, e) && confirm(s, e);
out:
	scrub_bar_end(&s->bar);
	records_close(in);
	return ok;
}

void
scrub_release(struct scrub *s)
{
	snapshot_close(s->list);
	hashed_close(s->digests);
	scrub_hits_release(&s->hits);
	table_release(&s->seen);
	buf_release(&s->text);
	buf_release(&s->keys);
	scrub_cells_release(&s->cells);
	scrub_out_release(&s->out);
}
