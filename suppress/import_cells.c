/* import_cells.c - what the columns of a file to import are, and what a row
 * says in them. */
#include "import_cells.h"

#include <inttypes.h>

#include "args.h"
#include "base/clock.h"
#include "base/number.h"
#include "wrap/csv.h"

void
import_cells_init(struct import_cells *c, const struct profile *p, bool theirs,
    const char *column)
{
	*c = (struct import_cells){ .profile = p,
		.column = column,
		.theirs = theirs && p->words[0].word != NULL,
		.word = NO_COLUMN,
		.truth = NO_COLUMN };
	for (size_t i = 0; i < COL_COUNT; i++)
		c->at[i] = NO_COLUMN;
}

/* Where the number of a cell's column is kept; NULL: it is not looked at. */
static size_t *
place_of(struct import_cells *c, enum profile_cell cell)
{
	switch (cell) {
	case CELL_ADDRESS:
		return &c->at[COL_ADDRESS];
	case CELL_CLASS:
		return &c->at[COL_CLASS];
	case CELL_REASON:
		return &c->at[COL_REASON];
	case CELL_SCOPE:
		return &c->at[COL_SCOPE];
	case CELL_SINCE:
		return &c->at[COL_SINCE];
	case CELL_UNTIL:
		return &c->at[COL_UNTIL];
	case CELL_ACTION:
		return &c->at[COL_ACTION];
	case CELL_BELOW:
		return &c->at[COL_SUBDOMAINS];
	case CELL_WORD:
		return &c->word;
	case CELL_TRUE:
		return &c->truth;
	default:
		return NULL;
	}
}

static bool
is_filler(char c)
{
	return c == ' ' || c == '-' || c == '_';
}

/* Without case, blanks, '-' and '_', on both sides. */
static bool
same_name(struct str a, struct str b)
{
	a = str_trim(a);
	for (;;) {
		while (a.n > 0 && is_filler(a.p[0]))
			a = str_skip(a, 1);
		while (b.n > 0 && is_filler(b.p[0]))
			b = str_skip(b, 1);
		if (a.n == 0 || b.n == 0)
			return a.n == b.n;
		if (ascii_lower(a.p[0]) != ascii_lower(b.p[0]))
			return false;
		a = str_skip(a, 1);
		b = str_skip(b, 1);
	}
}

static void
find_names(struct import_cells *c, const struct profile_column *columns,
    const struct str *fields, size_t n)
{
	for (; columns->cell != CELL_NONE; columns++) {
		size_t *place = place_of(c, columns->cell);

		for (size_t i = 0; place != NULL && i < n; i++)
			if (*place == NO_COLUMN &&
			    same_name(fields[i], str_from(columns->name)))
				*place = i;
	}
}

/* The columns as the profile has them, one behind the other. */
static void
find_places(struct import_cells *c)
{
	const struct profile_column *columns = c->profile->columns;
	size_t n = 0;

	for (; columns->cell != CELL_NONE; columns++) {
		size_t *place = place_of(c, columns->cell);

		if (place != NULL)
			*place = n;
		n++;
	}
}

/* In our own layout, which is the one when none is said, the address is in the
 * column that anybody's list has it in: "address" may be a street. */
static bool
is_ours(const struct import_cells *c)
{
	return c->profile == profile_find("generic");
}

/* The addresses are where --column says. */
static bool
settle_column(struct import_cells *c, const struct str *fields, size_t n,
    bool *header)
{
	char key[ADDRESS_MAX];
	bool numbered;
	size_t at;

	if (!list_column(c->column, fields, n, &at, &numbered))
		return false;
	*header = !numbered ||
	    list_address(str_trim(fields[at]), key) != ADDRESS_OK;
	if (!*header)
		import_cells_init(c, c->profile, c->theirs, c->column);
	c->at[COL_ADDRESS] = at;
	return true;
}

bool
import_cells_settle(struct import_cells *c, const struct str *fields, size_t n,
    bool *header)
{
	char key[ADDRESS_MAX];
	size_t at[COL_COUNT];

	find_names(c, c->profile->columns, fields, n);
	find_names(c, c->profile->also, fields, n);
	if (c->column != NULL)
		return settle_column(c, fields, n, header);
	if (is_ours(c) && list_columns(at, fields, n))
		c->at[COL_ADDRESS] = at[COL_ADDRESS];
	*header = c->at[COL_ADDRESS] != NO_COLUMN ||
	    list_columns(c->at, fields, n);
	if (*header)
		return true;
	import_cells_init(c, c->profile, c->theirs, NULL);
	if (!(c->profile->traits & PROFILE_HEADER)) {
		find_places(c);
		return true;
	}
	for (size_t i = 0; i < n; i++)
		if (list_address(str_trim(fields[i]), key) == ADDRESS_OK) {
			c->at[COL_ADDRESS] = i;
			return true;
		}
	return false;
}

const char *
import_cells_address(const struct import_cells *c)
{
	for (size_t i = 0; c->profile->columns[i].cell != CELL_NONE; i++)
		if (c->profile->columns[i].cell == CELL_ADDRESS)
			return c->profile->columns[i].name;
	return "email";
}

/* A text, or a number as text in the place's room; yes or no where one of the
 * two is asked for. */
static struct str
member(struct import_cells *c, const struct json *j, const char *name,
    size_t place)
{
	char *number = c->numbers[place];
	struct str s = json_at(j, name);
	int64_t n;
	bool truth;

	if (s.n == 0 && json_number_at(j, name, &n) &&
	    number_print(number, sizeof c->numbers[0], "%" PRId64, n))
		s = str_from(number);
	else if ((place == COL_SUBDOMAINS || place == COL_COUNT + 1) &&
	    json_truth_at(j, name, &truth))
		s = truth ? STR("yes") : STR("no");
	return s;
}

static void
take_members(struct import_cells *c, const struct profile_column *columns,
    const struct json *j, struct str *fields)
{
	for (; columns->cell != CELL_NONE; columns++) {
		size_t *place = place_of(c, columns->cell);

		if (place != NULL && fields[*place].n == 0)
			fields[*place] = member(c, j, columns->name, *place);
	}
}

/* The names of an object's members, the first CSV_FIELDS_MAX of them. */
static size_t
names_of(const struct json *j, struct str names[CSV_FIELDS_MAX])
{
	size_t n = json_names(j, names, CSV_FIELDS_MAX);

	return n < CSV_FIELDS_MAX ? n : CSV_FIELDS_MAX;
}

/* The names that columns of a CSV file go by. */
static void
take_named(struct import_cells *c, const struct json *j, struct str *fields)
{
	struct str names[CSV_FIELDS_MAX];
	size_t n = names_of(j, names);
	size_t at[COL_COUNT];

	if (!list_columns(at, names, n))
		return;
	for (size_t i = 0; i < COL_COUNT; i++) {
		struct str s = at[i] == NO_COLUMN ? STR("")
		    : member(c, j, names[at[i]].p, i);

		if (s.n > 0 && (fields[i].n == 0 || i == COL_ADDRESS))
			fields[i] = s;
	}
}

static bool
has_column(const struct profile *p, enum profile_cell cell)
{
	for (size_t i = 0; p->also[i].cell != CELL_NONE; i++)
		if (p->also[i].cell == cell)
			return true;
	return profile_has(p, cell);
}

static struct str
named_member(struct import_cells *c, const struct json *j)
{
	struct str names[CSV_FIELDS_MAX];
	size_t n = names_of(j, names);
	bool numbered;
	size_t at;

	return list_column(c->column, names, n, &at, &numbered) && !numbered
	    ? member(c, j, names[at].p, COL_ADDRESS)
	    : STR("");
}

void
import_cells_object(struct import_cells *c, const struct json *j,
    struct str *fields, size_t *n)
{
	for (size_t i = 0; i < COL_COUNT; i++)
		c->at[i] = i;
	c->json = true;
	c->word = COL_COUNT;
	c->truth = COL_COUNT + 1;
	*n = COL_COUNT + 2;
	for (size_t i = 0; i < *n; i++)
		fields[i] = STR("");
	take_members(c, c->profile->columns, j, fields);
	take_members(c, c->profile->also, j, fields);
	if (fields[COL_ADDRESS].n == 0 || is_ours(c))
		take_named(c, j, fields);
	if (c->column != NULL)
		fields[COL_ADDRESS] = named_member(c, j);
	if (!has_column(c->profile, CELL_WORD))
		c->word = NO_COLUMN;
	if (!has_column(c->profile, CELL_TRUE))
		c->truth = NO_COLUMN;
}

static struct str
cell(const struct import_cells *c, size_t at, const struct str *fields,
    size_t n)
{
	if (at >= n)
		return STR("");
	return c->json ? str_trim(fields[at]) : list_cell(fields[at]);
}

/* No layout but our own puts a ' before an address. */
static struct str
address_cell(const struct import_cells *c, const struct str *fields, size_t n)
{
	size_t at = c->at[COL_ADDRESS];

	return at >= n || (c->profile->traits & PROFILE_ALL) != 0
	    ? cell(c, at, fields, n)
	    : str_trim(fields[at]);
}

static bool
blame(struct import_fault *f, const char *column, struct str culprit,
    const char *why)
{
	*f = (struct import_fault){ .column = column,
		.why = why,
		.culprit = culprit };
	return false;
}

static bool
parse_time(struct str s, int64_t now, bool ahead, int64_t *utc)
{
	return args_time(s, now, ahead, utc) || clock_parse_mail(s, utc);
}

static bool
judge_times(const struct import_cells *c, const struct str *fields, size_t n,
    int64_t now, struct import_said *out, struct import_fault *f)
{
	struct str since = cell(c, c->at[COL_SINCE], fields, n);
	struct str until = cell(c, c->at[COL_UNTIL], fields, n);

	if (since.n > 0 && !parse_time(since, now, false, &out->since))
		return blame(
		    f, "since", since, "no time; write 2026-11-21T07:57:27Z");
	if (out->since > now + CLOCK_DAY)
		return blame(f, "since", since,
		    "lies in the future; write when it began");
	if (until.n > 0 && !parse_time(until, now, true, &out->until))
		return blame(
		    f, "until", until, "no time; write 2026-11-21T07:57:27Z");
	if (out->until != 0 && out->until <= now)
		return blame(f, "until", until,
		    "has passed: it would suppress nobody; leave it out");
	return true;
}

/* By our own name for it, else by theirs. */
static bool
judge_class(const struct import_cells *c, const struct str *fields, size_t n,
    struct import_said *out, struct import_fault *f)
{
	struct str name = cell(c, c->at[COL_CLASS], fields, n);
	struct str word = cell(c, c->word, fields, n);

	if (name.n > 0 && args_entry_class(name, &out->class))
		return true;
	if (name.n > 0 && !c->theirs)
		return blame(f, "class", name,
		    "no class that suppresses; "
		    "see 'pmta-suppress help classes'");
	if (!c->theirs || (word.n == 0 && c->word < n) ||
	    profile_class_of(c->profile, word, &out->class))
		return true;
	return word.n == 0 ||
	    blame(f, "reason", word,
		"none of the words that they have; write one of theirs");
}

static bool
judge_below(const struct import_cells *c, const struct str *fields, size_t n,
    const char *key, struct import_said *out, struct import_fault *f)
{
	struct str below = cell(c, c->at[COL_SUBDOMAINS], fields, n);

	out->subdomains = str_ieq(below, STR("yes"));
	if (below.n > 0 && !out->subdomains && !str_ieq(below, STR("no")))
		return blame(f, "subdomains", below, "write yes or no");
	return !out->subdomains || key[0] == '@' ||
	    blame(f, "subdomains", str_from(key),
		"is no domain; write @domain");
}

static bool
is_true(struct str s)
{
	static const char *const WORDS[] = { "1", "true", "yes", "on" };

	for (size_t i = 0; i < COUNT(WORDS); i++)
		if (str_ieq(s, str_from(WORDS[i])))
			return true;
	return false;
}

static bool
judge_scope(struct import_said *out, struct import_fault *f)
{
	if (out->scope.n == 0)
		return true;
	if (!args_scope(out->scope, out->folded))
		return blame(
		    f, "scope", out->scope, "write global or stream:NAME");
	out->scope = str_from(out->folded);
	return true;
}

static bool
judge(const struct import_cells *c, const struct str *fields,
    size_t n, int64_t now, char *key, struct import_said *out,
    struct import_fault *f)
{
	struct str address = address_cell(c, fields, n);
	struct str action = cell(c, c->at[COL_ACTION], fields, n);
	struct str truth = cell(c, c->truth, fields, n);
	enum address_cause cause = list_address(address, key);

	out->scope = cell(c, c->at[COL_SCOPE], fields, n);
	out->reason = cell(c, c->at[COL_REASON], fields, n);
	if (cause != ADDRESS_OK)
		return blame(
		    f, "address", address, address_cause_text(cause));
	/* Our own export writes no domain so: it may be a broken address. */
	if (key[0] == '@' &&
	    address.p != str_trim(fields[c->at[COL_ADDRESS]]).p)
		return blame(f, "address", address,
		    "a ' stands before it; write @domain alone");
	if (action.n > 0 && !str_ieq(action, STR("add")) &&
	    !str_ieq(action, STR("change")))
		return blame(f, "action", action,
		    "import only adds; lift "
		    "with the command remove");
	if (c->truth < n && !is_true(truth))
		return blame(f, "address", address,
		    "not marked there: it may be mailed; leave it out");
	if (!judge_class(c, fields, n, out, f))
		return false;
	if (!judge_scope(out, f))
		return false;
	if (out->reason.n > ARGS_REASON_MAX)
		return blame(f, "reason", out->reason,
		    "longer than 1000 bytes; shorten it");
	return judge_below(c, fields, n, key, out, f) &&
	    judge_times(c, fields, n, now, out, f);
}

bool
import_cells_judge(const struct import_cells *c, const struct str *fields,
    size_t n, int64_t now, char *key, struct import_said *out,
    struct import_fault *f)
{
	if (judge(c, fields, n, now, key, out, f))
		return true;
	f->address = address_cell(c, fields, n);
	return false;
}
