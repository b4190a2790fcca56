/* list_columns.c - which columns of a list of addresses mean what. */
#include "list_columns.h"

#include <string.h>

#include "base/number.h"
#include "mail/fields.h"
#include "wrap/csv.h"

#define COLUMN_MAX 64 /* bytes of a column's name that are compared */

/* Names without case, blanks, '-' and '_'. Where a file has several columns
 * of addresses, the earlier name here counts: "address" may be a street. */
static const struct column_name {
	const char *name;
	enum list_column column;
} NAMES[] = {
	{ "email", COL_ADDRESS },
	{ "emailaddress", COL_ADDRESS },
	{ "recipient", COL_ADDRESS },
	{ "rcpt", COL_ADDRESS },
	{ "rcptto", COL_ADDRESS },
	{ "recipientaddress", COL_ADDRESS },
	{ "recipientemail", COL_ADDRESS },
	{ "subscriber", COL_ADDRESS },
	{ "subscriberemail", COL_ADDRESS },
	{ "useremail", COL_ADDRESS },
	{ "contactemail", COL_ADDRESS },
	{ "mailaddress", COL_ADDRESS },
	{ "mail", COL_ADDRESS },
	{ "address", COL_ADDRESS },
	{ "class", COL_CLASS },
	{ "reason", COL_REASON },
	{ "scope", COL_SCOPE },
	{ "since", COL_SINCE },
	{ "until", COL_UNTIL },
	{ "action", COL_ACTION },
	{ "subdomains", COL_SUBDOMAINS },
};

/* Whether head is name, whatever its case, blanks, '-' and '_'. */
static bool
is_named(struct str head, const char *name)
{
	head = str_trim(head);
	while (head.n > 0) {
		char c = ascii_lower(head.p[0]);

		head = str_skip(head, 1);
		if (c == ' ' || c == '-' || c == '_')
			continue;
		if (c == '\0' || c != *name)
			return false;
		name++;
	}
	return *name == '\0';
}

bool
list_columns(size_t at[COL_COUNT], const struct str *names, size_t n)
{
	for (size_t c = 0; c < COL_COUNT; c++)
		at[c] = NO_COLUMN;
	for (size_t k = 0; k < COUNT(NAMES); k++)
		for (size_t i = 0; i < n; i++)
			if (at[NAMES[k].column] == NO_COLUMN &&
			    is_named(names[i], NAMES[k].name))
				at[NAMES[k].column] = i;
	return at[COL_ADDRESS] != NO_COLUMN;
}

bool
list_find(const char *name, const struct str *names, size_t n, size_t *at)
{
	for (*at = 0; *at < n; ++*at)
		if (is_named(names[*at], name))
			return true;
	return false;
}

/* The user's name for a column as is_named() wants it. */
static bool
plain_name(const char *name, char *out)
{
	size_t n = 0;

	for (; *name != '\0' && n + 1 < COLUMN_MAX; name++)
		if (strchr(" -_", *name) == NULL)
			out[n++] = ascii_lower(*name);
	out[n] = '\0';
	return *name == '\0';
}

bool
list_column(const char *column, const struct str *names, size_t n,
    size_t *at, bool *numbered)
{
	char name[COLUMN_MAX];
	uint64_t number;

	*numbered = number_u64(str_from(column), 1, CSV_FIELDS_MAX, &number);
	if (!*numbered)
		return plain_name(column, name) &&
		    list_find(name, names, n, at);
	*at = (size_t)number - 1;
	return *at < n;
}

struct str
list_cell(struct str field)
{
	return str_trim(csv_undefused(str_trim(field)));
}

/* Whether a byte may stand before the @ of an address without quotes. */
static bool
may_stand(char c, bool high)
{
	return (unsigned char)c > ' ' && c != 0x7f &&
	    strchr("\"(),:;<>@[\\]", c) == NULL &&
	    (high || (unsigned char)c < 0x80);
}

/* What stands around the @ at s[at] without a border; high: more than ASCII
 * may stand there, too. */
static struct str
word_around(struct str s, size_t at, bool high)
{
	size_t from = at, to = at + 1;

	if (at > 1 && s.p[at - 1] == '"')
		from = str_rchr(str_sub(s, 0, at - 1), '"');
	else
		while (from > 0 && may_stand(s.p[from - 1], high))
			from--;
	while (to < s.n && (ascii_is_alnum(s.p[to]) || s.p[to] == '-' ||
	    s.p[to] == '.' || (high && (unsigned char)s.p[to] > 0x7f)))
		to++;
	while (s.p[to - 1] == '.' || s.p[to - 1] == '-')
		to--;
	return str_sub(s, from, to - from);
}

/* Whether s has, around the @ there, an address that is not key. Quotes and
 * letters that are not ASCII may be its own, or may not. */
static bool
is_another(struct str s, size_t at, const char *key)
{
	char found[ADDRESS_MAX];
	bool any = false;

	for (unsigned reading = 0; reading < 4; reading++) {
		struct str word = word_around(s, at, reading % 2 != 0);

		while (reading > 1 && str_starts(word, STR("'")))
			word = str_skip(word, 1);
		if (address_key(word, found, sizeof found) != ADDRESS_OK)
			continue;
		if (strcmp(found, key) == 0)
			return false;
		any = true;
	}
	return any;
}

/* Whether the cell has another address beside the one that it names. A display
 * name is often the address itself. */
static bool
names_another(struct str cell, struct str named, const char *key)
{
	size_t from = (size_t)(named.p - cell.p);

	for (size_t i = 0; i < cell.n; i++) {
		bool own = i >= from && i - from < named.n;

		if (!own && cell.p[i] == '@' && is_another(cell, i, key))
			return true;
	}
	return false;
}

enum address_cause
list_named(struct str cell, char *key)
{
	struct str named = fields_address(cell);
	enum address_cause cause = address_key(named, key, ADDRESS_MAX);

	if (cause != ADDRESS_OK || !names_another(cell, named, key))
		return cause;
	key[0] = '\0';
	return ADDRESS_LOCAL_BAD;
}

enum address_cause
list_address(struct str cell, char *key)
{
	cell = str_trim(cell);
	/* What is left of a broken address may look like a domain, too. */
	return cell.n > 0 && cell.p[0] == '@'
	    ? address_domain_key(cell, key, ADDRESS_MAX)
	    : list_mailbox(cell, key);
}

bool
list_is_quoted_address(struct str line)
{
	char key[ADDRESS_MAX];

	line = str_trim(line);
	return line.n > 0 && line.p[0] == '"' &&
	    str_find(line, STR("\"@")) < line.n &&
	    address_key(line, key, sizeof key) == ADDRESS_OK;
}

/* Where the quote that is opened at s[at] is closed; s.n: nowhere. */
static size_t
closed_at(struct str s, size_t at)
{
	for (size_t i = at + 1; i < s.n; i++) {
		if (s.p[i] != '"')
			continue;
		if (i + 1 == s.n || s.p[i + 1] != '"')
			return i;
		i++;
	}
	return s.n;
}

static bool
has_comma(struct str row, size_t from, size_t to)
{
	return str_chr(str_sub(row, from, to - from), ',') < to - from;
}

/* Whether the field at row[from], of which quotes open at row[open], may end
 * at one comma or at another. */
static bool
may_end_twice(struct str row, size_t from, size_t open)
{
	size_t close = closed_at(row, open);

	/* Behind blanks quotes are quotes to some, and letters to others. */
	if (open > from)
		return close == row.n || has_comma(row, open, close);
	/* Behind text the field goes on: in quotes, or without. */
	return close + 1 < row.n && row.p[close + 1] != ',' &&
	    has_comma(row, close + 1, row.n);
}

bool
list_is_doubtful(struct str row, size_t last)
{
	size_t from = 0;

	for (size_t column = 0; column <= last && from < row.n; column++) {
		size_t open = from;

		while (open < row.n &&
		    (row.p[open] == ' ' || row.p[open] == '\t'))
			open++;
		if (open < row.n && row.p[open] == '"') {
			if (may_end_twice(row, from, open))
				return true;
			from = closed_at(row, open);
		}
		from += str_chr(str_skip(row, from), ',') + 1;
	}
	return false;
}
