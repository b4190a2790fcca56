/* list_columns.c - which columns of a list of addresses mean what. */
#include "list_columns.h"

#include "args.h"
#include "mail/fields.h"

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

bool
list_is_named(struct str head, const char *name)
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
			    list_is_named(names[i], NAMES[k].name))
				at[NAMES[k].column] = i;
	return at[COL_ADDRESS] != NO_COLUMN;
}

struct str
list_cell(struct str field)
{
	struct str s = str_trim(field);

	if (s.n > 1 && s.p[0] == '\'' && str_chr(STR("=+-@"), s.p[1]) < 4)
		s = str_skip(s, 1);
	return s;
}

enum address_cause
list_address(struct str cell, char *key)
{
	return args_target(cell.n > 0 && cell.p[0] == '@' ? cell
	    : fields_address(cell), key);
}

bool
list_is_quoted_address(struct str line)
{
	char key[ADDRESS_MAX];

	line = str_trim(line);
	return line.n > 0 && line.p[0] == '"' &&
	    str_find(line, STR("\"@")) < line.n &&
	    list_address(line, key) == ADDRESS_OK;
}
