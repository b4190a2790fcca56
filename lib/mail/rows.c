/* rows.c - says where rows begin and end in a run of CSV bytes.
 *
 * Stage 1 makes bit masks of 64 bytes at a time; what is inside quotes is the
 * prefix xor of the quotes. Well-formed rows come from the masks alone; one
 * that is malformed or has no end goes through cut(), byte by byte. */
#include "mail/rows.h"

#include <stdlib.h>
#include <string.h>

#include "mail/event.h"
#include "mail/rows_block.h"

#define FEED_MAX (16u << 20)
#define LINE_END 2 /* CR LF */
#define EMPTY_MAX 4096 /* bytes of empty lines before they are noise */
#define TYPE_FIELD_MAX 17 /* "transient-queue" in quotes */

struct rows {
	struct str in;
	bool last, resync;
	size_t limit, skip_max;
	size_t pos; /* the first byte that is not used up */

	/* The block under work: bits not used up yet. */
	size_t base, next; /* where it and the one behind it begin */
	uint64_t comma, lf; /* outside quotes */
	uint64_t bad; /* quotes where none may stand */
	/* What the next block must know of the bytes before it. */
	uint64_t inside; /* all ones: it begins inside quotes */
	uint64_t after_sep; /* 1: behind a comma, LF or quote */
	uint64_t after_closer;

	size_t n_commas;
	bool row_bad;
	uint32_t *commas; /* room for a row of limit bytes and a block */
};

struct rows *
rows_open(size_t limit, struct err *e)
{
	struct rows *r = calloc(1, sizeof *r);

	if (r == NULL) {
		err_memory(e);
		return NULL;
	}
	r->limit = limit < FEED_MAX / 2 ? limit : FEED_MAX / 2;
	r->skip_max = r->limit + LINE_END > ROWS_SKIP_MAX ? r->limit + LINE_END
							  : ROWS_SKIP_MAX;
	r->commas =
	    calloc(r->limit + LINE_END + 3 * ROWS_BLOCK, sizeof *r->commas);
	if (r->commas == NULL) {
		err_memory(e);
		rows_close(r);
		return NULL;
	}
	return r;
}

void
rows_close(struct rows *r)
{
	if (r == NULL)
		return;
	free(r->commas);
	free(r);
}

/* Makes ready to read blocks from pos on, where a row begins. */
static void
restart(struct rows *r)
{
	r->base = r->next = r->pos;
	r->comma = r->lf = r->bad = 0;
	r->inside = r->after_closer = 0;
	r->after_sep = 1;
}

bool
rows_feed(struct rows *r, struct str in, bool last, struct err *e)
{
	if (in.n > FEED_MAX)
		return err_set(e, EX_SOFTWARE,
		    "rows: %zu bytes fed at once: "
		    "more than %u; feed less",
		    in.n, FEED_MAX);
	r->in = in;
	r->last = last;
	r->pos = 0;
	restart(r);
	return true;
}

size_t
rows_left(const struct rows *r)
{
	return r->in.n - r->pos;
}

size_t
rows_window(const struct rows *r)
{
	return EMPTY_MAX + r->skip_max + LINE_END + TYPE_FIELD_MAX + 1;
}

void
rows_resync(struct rows *r)
{
	r->resync = true;
}

bool
rows_in_resync(const struct rows *r)
{
	return r->resync;
}

enum known { KNOWN_NO, KNOWN_MAYBE, KNOWN_YES }; /* maybe: more bytes tell */

/* The lower-case word of a type field; empty when it is none. */
static struct str
type_word(struct str field)
{
	if (field.n >= 2 && field.p[0] == '"' && field.p[field.n - 1] == '"')
		field = str_sub(field, 1, field.n - 2);
	if (str_ieq(field, STR("type")))
		return STR("type");
	if (str_ieq(field, STR("etype")))
		return STR("etype");
	return kind_word(field);
}

/* Whether s begins with the type field of a row, and the word in it. Asked of
 * each line of what is passed over: most are ruled out by one byte. */
static enum known
known_type(struct str s, struct str *word)
{
	size_t n = 0;

	while (n < s.n && n <= TYPE_FIELD_MAX &&
	    (ascii_is_alpha(s.p[n]) || s.p[n] == '-' || s.p[n] == '"'))
		n++;
	*word = STR("");
	if (n > TYPE_FIELD_MAX || (n < s.n && s.p[n] != ','))
		return KNOWN_NO;
	*word = type_word(str_sub(s, 0, n));
	if (n == s.n)
		return KNOWN_MAYBE;
	return word->n > 0 ? KNOWN_YES : KNOWN_NO;
}

struct str
rows_known_type(struct str s)
{
	struct str word;

	return known_type(s, &word) != KNOWN_NO ? word : STR("");
}

/* The same for what follows at an offset of the input. */
static enum known
known_type_at(const struct rows *r, size_t at)
{
	struct str word;
	enum known k = known_type(str_skip(r->in, at), &word);

	if (k == KNOWN_MAYBE && r->last)
		return word.n > 0 ? KNOWN_YES : KNOWN_NO;
	return k;
}

/* Bit i: an odd number of bits are set from 0 to i. */
static inline uint64_t
prefix_xor(uint64_t x)
{
	x ^= x << 1;
	x ^= x << 2;
	x ^= x << 4;
	x ^= x << 8;
	x ^= x << 16;
	x ^= x << 32;
	return x;
}

/* Of the bits in odd, bytes behind a closing quote, those that are no CR of a
 * line end. */
static uint64_t
not_line_end(const struct rows *r, uint64_t odd)
{
	uint64_t bad = 0;

	for (; odd != 0; odd &= odd - 1) {
		size_t at = r->base + (unsigned)__builtin_ctzll(odd);
		size_t behind = at;

		while (behind < r->in.n && r->in.p[behind] == '\r')
			behind++;
		if (behind == at ||
		    (behind < r->in.n && r->in.p[behind] != '\n'))
			bad |= odd & -odd;
	}
	return bad;
}

/* Takes the masks of the block at base: quotes decide what the rest means. */
static inline void
block_take(struct rows *r, const struct rows_masks *m, uint64_t valid)
{
	uint64_t sep = m->comma | m->lf | m->quote;
	uint64_t inside = r->inside;

	r->bad = 0;
	if ((m->quote | r->after_closer) != 0) {
		uint64_t closers;
		uint64_t odd;

		inside ^= prefix_xor(m->quote);
		closers = m->quote & ~inside;
		r->bad = m->quote & inside & ~(sep << 1 | r->after_sep);
		odd = (closers << 1 | r->after_closer) & ~sep & valid;
		if (odd != 0)
			r->bad |= not_line_end(r, odd);
		r->after_closer = closers >> 63;
	}
	r->after_sep = sep >> 63;
	r->inside = 0 - (inside >> 63);
	r->comma = m->comma & ~inside;
	r->lf = m->lf & ~inside;
}

/* Goes to the next block; false at the end of input. */
static inline bool
block_next(struct rows *r)
{
	struct rows_masks m;
	size_t left = r->in.n - r->next;
	char pad[ROWS_BLOCK];

	r->base = r->next;
	if (left >= ROWS_BLOCK) {
		rows_block(r->in.p + r->base, &m);
		r->next += ROWS_BLOCK;
		block_take(r, &m, ~UINT64_C(0));
		return true;
	}
	if (left == 0)
		return false;
	memset(pad, ' ', sizeof pad);
	memcpy(pad, r->in.p + r->base, left);
	rows_block(pad, &m);
	r->next += left;
	block_take(r, &m, (UINT64_C(1) << left) - 1);
	return true;
}

static inline void
note_bad(struct rows *r, uint64_t which)
{
	r->row_bad |= (r->bad & which) != 0;
}

/* Notes the commas too of the bits in which: only of a row that is not over
 * the limit yet. */
static inline void
note(struct rows *r, size_t start, uint64_t which)
{
	uint32_t at = (uint32_t)(r->base - start);
	uint32_t *out = r->commas + r->n_commas;
	uint64_t bits = r->comma & which;

	note_bad(r, which);
	for (; bits != 0; bits &= bits - 1)
		*out++ = at + (uint32_t)__builtin_ctzll(bits);
	r->n_commas = (size_t)(out - r->commas);
}

enum scan { SCAN_END, SCAN_BAD, SCAN_ENDLESS, SCAN_DRY };

/*
 * From start to the LF outside quotes that ends the row (SCAN_END, at *end),
 * or until it is malformed, longer than all patience, or the input is used
 * up.
 */
static inline enum scan
scan(struct rows *r, size_t start, size_t *end)
{
	r->n_commas = 0;
	r->row_bad = false;
	while (r->lf == 0) {
		if (r->base <= start + r->limit + LINE_END)
			note(r, start, ~UINT64_C(0));
		else
			note_bad(r, ~UINT64_C(0));
		if (r->row_bad)
			return SCAN_BAD;
		if (r->base >= start + r->skip_max)
			return SCAN_ENDLESS;
		if (!block_next(r))
			return SCAN_DRY;
	}
	*end = r->base + (unsigned)__builtin_ctzll(r->lf);
	note(r, start, r->lf ^ (r->lf - 1));
	if (r->row_bad)
		return SCAN_BAD;
	if (*end >= start + r->skip_max)
		return SCAN_ENDLESS;
	r->comma &= ~(r->lf ^ (r->lf - 1));
	r->bad &= ~(r->lf ^ (r->lf - 1));
	r->lf &= r->lf - 1;
	return SCAN_END;
}

/* Nothing can be told yet: what is left will be read again. */
static enum rows_got
more(struct rows *r)
{
	restart(r);
	return ROWS_MORE;
}

/* The bytes from start to end without the CRs of a line end. */
static struct str
raw_of(const struct rows *r, size_t start, size_t end)
{
	while (end > start && r->in.p[end - 1] == '\r')
		end--;
	return str_sub(r->in, start, end - start);
}

/* Gives what was scanned; behind is where the next row begins. */
static enum rows_got
give(struct rows *r, struct rows_row *row, struct str raw, size_t behind)
{
	row->raw = raw;
	row->size = behind - r->pos;
	row->malformed = r->row_bad;
	row->commas = r->commas;
	row->n_commas = r->n_commas;
	r->pos = behind;
	if (raw.n <= r->limit)
		return ROWS_ROW;
	row->n_commas = 0;
	return ROWS_TOO_LONG;
}

/* The same for a row that cut() found: its masks are of no use. */
static enum rows_got
give_cut(struct rows *r, struct rows_row *row, struct str raw, size_t behind)
{
	bool inside = false;

	r->n_commas = 0;
	r->row_bad = true;
	for (size_t i = 0; i < raw.n && raw.n <= r->limit; i++) {
		if (raw.p[i] == '"')
			inside = !inside;
		else if (raw.p[i] == ',' && !inside)
			r->commas[r->n_commas++] = (uint32_t)i;
	}
	give(r, row, raw, behind);
	restart(r);
	return raw.n <= r->limit ? ROWS_ROW : ROWS_TOO_LONG;
}

static bool
has_odd_quotes(struct str s)
{
	bool odd = false;

	for (size_t at = str_chr(s, '"'); at < s.n; at = str_chr(s, '"')) {
		odd = !odd;
		s = str_skip(s, at + 1);
	}
	return odd;
}

/*
 * Ends a row that is malformed, that has no end in skip_max bytes, or whose
 * last quote nothing closes: at its true end, or at a line end before that
 * which is followed by a known type.
 */
static enum rows_got
cut(struct rows *r, size_t start, struct rows_row *row)
{
	size_t room = r->in.n - start;
	size_t stop = start + (room < r->skip_max ? room : r->skip_max);
	/* JSON quotes otherwise, and has no line end inside a row. */
	bool is_json = r->in.p[start] == '{' || r->in.p[start] == '[';
	bool inside = false;
	enum known next;

	for (size_t line = start, lf; line < stop; line = lf + 1) {
		struct str rest = str_sub(r->in, line, stop - line);

		lf = line + str_chr(rest, '\n');
		if (!is_json)
			inside ^= has_odd_quotes(str_sub(rest, 0, lf - line));
		if (lf == stop)
			break;
		next = inside ? known_type_at(r, lf + 1) : KNOWN_YES;
		if (next == KNOWN_MAYBE)
			return more(r);
		if (next == KNOWN_YES)
			return give_cut(r, row, raw_of(r, start, lf), lf + 1);
	}
	if (stop - start == r->skip_max) {
		r->resync = true;
		return give_cut(
		    r, row, str_sub(r->in, start, stop - start), stop);
	}
	if (!r->last)
		return more(r);
	return give_cut(r, row, raw_of(r, start, stop), stop);
}

/* In resync: one line, or skip_max bytes of it, that is passed over. */
static enum rows_got
noise(struct rows *r, struct rows_row *row)
{
	size_t room = r->in.n - r->pos;
	size_t stop = r->pos + (room < r->skip_max ? room : r->skip_max);
	size_t lf =
	    r->pos + str_chr(str_sub(r->in, r->pos, stop - r->pos), '\n');
	size_t behind = lf;

	if (lf < stop) {
		enum known next = known_type_at(r, lf + 1);

		if (next == KNOWN_MAYBE)
			return more(r);
		r->resync = next != KNOWN_YES;
		behind++;
	} else if (room == 0 || (room < r->skip_max && !r->last)) {
		return more(r);
	}
	*row = (struct rows_row){ .raw = raw_of(r, r->pos, lf),
		.size = behind - r->pos };
	r->pos = behind;
	restart(r);
	return ROWS_NOISE;
}

/* At the end of input: a row without a line end is a row if it is the last. */
static enum rows_got
dry(struct rows *r, size_t start, struct rows_row *row)
{
	size_t room = r->in.n - start;

	if (room >= r->skip_max || (r->last && r->inside != 0))
		return cut(r, start, row);
	if (!r->last || raw_of(r, start, r->in.n).n == 0)
		return more(r);
	return give(r, row, raw_of(r, start, r->in.n), r->in.n);
}

/* Empty lines before start, so many that they are told apart. */
static enum rows_got
give_empty(struct rows *r, size_t start, struct rows_row *row)
{
	*row = (struct rows_row){ .raw = str_sub(r->in, r->pos, 0),
		.size = start - r->pos };
	r->pos = start;
	return ROWS_NOISE;
}

enum rows_got
rows_next(struct rows *r, struct rows_row *row)
{
	size_t start = r->pos;
	size_t end;
	struct str raw;

	if (r->resync)
		return noise(r, row);
	while (start - r->pos < EMPTY_MAX) {
		switch (scan(r, start, &end)) {
		case SCAN_END:
			break;
		case SCAN_DRY:
			return dry(r, start, row);
		case SCAN_BAD:
		case SCAN_ENDLESS:
			return cut(r, start, row);
		}
		raw = raw_of(r, start, end);
		if (raw.n > 0)
			return give(r, row, raw, end + 1);
		start = end + 1; /* an empty line */
	}
	return give_empty(r, start, row);
}
