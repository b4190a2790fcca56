/* brief.c - which entry decides of an address: its own, its domain's. */
#include "store/erase.h"
#include "store/inside.h"

/* Whose entries are looked at, and how. */
struct brief_of {
	int64_t scope, now;
	bool below;        /* only those that hold for sub-domains */
	struct str listed; /* the key that they are of */
};

/* Takes what outranks out from the rows of the statement. */
static bool
brief_take(struct stmt *st, const struct brief_of *of, struct str domain,
    struct entry_brief *out, struct err *e)
{
	enum db_got got = DB_FAILED;
	bool others = out->of_streams;

	while (st != NULL && (got = db_step(st, e)) == DB_ROW) {
		int64_t sc = db_int(st, 1), until = db_int(st, 5);
		enum class c = (enum class)db_int(st, 2);
		bool by_domain = of->below || db_int(st, 0) != 0;

		others = others || (sc != 0 && sc != of->scope);
		if (db_int(st, 3) != ENTRY_ACTIVE ||
		    (until != 0 && until <= of->now) ||
		    (sc != 0 && sc != of->scope) ||
		    (of->below && db_int(st, 12) == 0) ||
		    (out->found && policy_rank(c) <= policy_rank(out->class)))
			continue;
		*out = (struct entry_brief){ .found = true,
			.by_domain = by_domain, .class = c,
			.listed = by_domain && !of->below ? domain
			    : of->listed,
			.since = db_int(st, 4), .until = until, .scope = sc,
			.rule = db_int(st, 6), .source = db_int(st, 7),
			.reason = db_int(st, 8), .mark = db_int(st, 9),
			.bulk = db_int(st, 10), .incident = db_int(st, 11),
			.subdomains = db_int(st, 12) != 0 };
	}
	db_done(st);
	out->of_streams = others;
	return got != DB_FAILED;
}

/* Most lists have no domain that holds for what is below it, and then nothing
 * above is looked up. */
static bool
any_below(struct store *s, bool *any, struct err *e)
{
	struct stmt *st = db_bind(s->db, SQL_ENTRY_ANY_BELOW, e, "");
	enum db_got got = st == NULL ? DB_FAILED : db_step(st, e);

	*any = got == DB_ROW;
	db_done(st);
	return got != DB_FAILED;
}

/* The domains above "@domain", the nearest first. */
static bool
brief_above(struct store *s, struct str domain, const struct brief_of *of,
    struct entry_brief *out, struct err *e)
{
	struct brief_of up = *of;
	char above[ADDRESS_MAX];
	bool any;

	if (!any_below(s, &any, e))
		return false;
	up.below = true;
	while (any) {
		domain = str_skip(domain, str_chr(domain, '.'));
		if (domain.n == 0 || !str_copy(domain, above, sizeof above))
			break;
		above[0] = '@';
		up.listed = str_from(above);
		if (!brief_take(db_bind(s->db, SQL_ENTRY_OWN, e, "t",
		    up.listed), &up, domain, out, e))
			return false;
		if (out->found && out->listed.p == above) {
			str_copy(up.listed, s->parent, sizeof s->parent);
			out->listed = str_from(s->parent);
		}
		domain = str_skip(domain, 1);
	}
	return true;
}

/* Who was erased is known by a hash. */
static bool
brief_erased(struct store *s, struct str address, const struct brief_of *of,
    struct entry_brief *out, struct err *e)
{
	struct brief_of gone = *of;

	if (!erased_key(s, address, s->erased_key, e))
		return false;
	if (s->erased_key[0] == '\0')
		return true;
	gone.listed = str_from(s->erased_key);
	return brief_take(db_bind(s->db, SQL_ENTRY_OWN, e, "t", gone.listed),
	    &gone, STR(""), out, e);
}

bool
entry_brief(struct store *s, struct str address, struct str domain,
    int64_t scope, int64_t now, struct entry_brief *out, struct err *e)
{
	struct brief_of of = { .scope = scope, .now = now, .listed = address };
	struct stmt *st = domain.p == NULL
	    ? db_bind(s->db, SQL_ENTRY_OWN, e, "t", address)
	    : db_bind(s->db, SQL_ENTRY_OF, e, "tt", address, domain);

	*out = (struct entry_brief){ 0 };
	return brief_take(st, &of, domain, out, e) &&
	    brief_erased(s, address, &of, out, e) &&
	    (domain.p == NULL || brief_above(s, domain, &of, out, e));
}

/* The words of an entry, each kept in s->names. */
static bool
brief_words(struct store *s, const struct entry_brief *b, struct entry *out,
    struct err *e)
{
	struct stmt *st = db_bind(s->db, SQL_ENTRY_WORDS, e, "iiii", b->scope,
	    b->rule, b->source, b->reason);
	struct str names[4];
	bool ok = st != NULL && db_step(st, e) == DB_ROW &&
	    names_take(s, st, 0, names, e);

	db_done(st);
	if (!ok)
		return false;
	out->scope = names[0];
	out->rule = names[1];
	out->source = names[2];
	out->reason = names[3];
	return true;
}

bool
entry_decides(struct store *s, struct str address, struct str scope,
    int64_t now, struct entry *out, bool *found, struct err *e)
{
	size_t at = str_rchr(address, '@');
	struct entry_brief b;
	int64_t id;

	*found = false;
	/* A domain is asked for what is above it alone. */
	if (!entry_scope(s, scope, &id, e) || !entry_brief(s, address,
	    str_skip(address, at), id, now, &b, e))
		return false;
	*found = b.found;
	*out = (struct entry){ .of_streams = b.of_streams };
	if (!b.found)
		return true;
	*out = (struct entry){ .address = b.listed, .class = b.class,
	    .of_streams = b.of_streams,
	    .state = ENTRY_ACTIVE, .since = b.since, .until = b.until,
	    .mark = b.mark, .bulk = b.bulk, .incident = b.incident,
	    .subdomains = b.subdomains };
	return brief_words(s, &b, out, e);
}
