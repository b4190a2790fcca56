/* cmd_remove.c - lifts entries: what was named, and nothing stronger. */
#include <getopt.h>

#include "args.h"
#include "base/clock.h"
#include "base/quote.h"
#include "bulk.h"
#include "out.h"
#include "store/erase.h"

#define CLASSES_MAX 32 /* entries of one address in one scope */

struct chosen {
	enum class class;
	bool subdomains; /* it holds below its domain, too */
	int64_t incident; /* that holds what would list it; 0: an entry */
};

struct lift_run {
	struct app *app;
	struct str scope;
	struct str class; /* "" : all */
	struct buf reason;
	int64_t bulk;
	bool json, consent, dry_run;
	bool refused; /* a complaint of the address at hand */
	bool unerased; /* somebody came back */
	struct entry_filter filter; /* without addresses: which entries */
	struct chosen found[CLASSES_MAX]; /* of the address at hand */
	size_t n;
	unsigned lifted;
	struct buf said; /* printed once all is committed */
};

/* Addresses, or what entries have in common; never all by accident. */
static bool
check_choice(const struct lift_run *l, int words, struct err *e)
{
	struct entry_filter f = l->filter;

	if (words == 0 && bulk_is_chosen(&f))
		return true;
	if (words == 0)
		return err_set(e, EX_USAGE,
		    "remove: no address given; name one or more, or @domain, "
		    "or say which by --class, --since, --provider, ...");
	f.class = f.scope = STR("");
	if (l->dry_run)
		return err_set(e, EX_USAGE,
		    "remove: --dry-run goes with --class, --domain, --since "
		    "and their like; what an address would lose tells "
		    "'pmta-suppress show'");
	if (bulk_is_chosen(&f))
		return err_set(e, EX_USAGE,
		    "remove: addresses are named, so only --class, --scope "
		    "and --stream choose; leave the others out");
	return true;
}

static bool
parse_options(struct lift_run *l, int argc, char **argv, struct err *e)
{
	static const struct option LONGS[] = {
		BULK_OPTIONS,
		{ NULL, 0, NULL, 0 },
	};
	struct entry_filter f = { .now = l->app->now };
	const char *reason = NULL, *consent = NULL;
	int o;

	while ((o = app_option(argc, argv, ":r:c:nj", LONGS, e)) != -1) {
		if (o == 'r')
			reason = optarg;
		else if (o == 'c')
			consent = optarg;
		else if (o == 'n')
			l->dry_run = true;
		else if (o == 'j')
			l->json = true;
		else if (!ARGS_IS_FILTER(o) ||
		    !args_filter(l->app, &f, o, optarg, e))
			return false;
	}
	l->filter = f;
	l->scope = f.scope.n > 0 ? f.scope : STR("global");
	l->class = f.class;
	l->consent = consent != NULL;
	if (!check_choice(l, argc - optind, e))
		return false;
	return args_consent_or(argv[0], reason, consent, &l->reason, e);
}

static bool
keep_class(void *ctx, const struct entry_row *row, struct err *e)
{
	struct lift_run *l = ctx;

	(void)e;
	if (row->entry.state != ENTRY_LIFTED && l->n < CLASSES_MAX)
		l->found[l->n++] = (struct chosen){ row->entry.class,
			row->entry.subdomains, 0 };
	return true;
}

/* What became of one entry; or of an address that stays blocked, as it was
 * erased. */
struct outcome {
	const char *key;
	const struct chosen *f; /* NULL: there is only the block */
	bool lifted; /* false: it takes consent */
	int64_t erased; /* 0: it was not */
};

static void
say_json(struct lift_run *l, const struct outcome *is, struct err *e)
{
	const struct chosen *f = is->f;
	const char *class = f != NULL ? class_name(f->class) : NULL;
	struct json *o = json_new_object();

	json_text(o, "address", str_from(is->key));
	json_text(o, "lifted", str_from(is->lifted ? class : NULL));
	if (f != NULL) {
		json_text(o, "scope", l->scope);
		json_bool(o, "subdomains", f->subdomains);
	} else {
		json_none(o, "scope");
		json_none(o, "subdomains");
	}
	json_number_or_none(o, "held_in_incident", f != NULL ? f->incident : 0);
	json_number_or_none(o, "bulk", is->lifted ? l->bulk : 0);
	json_text(o, "needs_consent", str_from(is->lifted ? NULL : class));
	json_time(o, "erased", is->erased);
	json_print(o, &l->said, e);
	buf_addc(&l->said, '\n');
	json_free(o);
}

static void
say(struct lift_run *l, const char *key, const struct chosen *f, struct err *e)
{
	if (l->json) {
		say_json(l, &(struct outcome){ key, f, true, 0 }, e);
		return;
	}
	quote_add(&l->said, str_from(key));
	buf_addf(&l->said, ": lifted: %s, ", class_name(f->class));
	quote_add(&l->said, l->scope);
	if (f->incident != 0)
		buf_addf(&l->said, ", held in incident %lld",
		    (long long)f->incident);
	if (f->subdomains)
		buf_adds(&l->said, ", with its sub-domains");
	buf_addf(&l->said, " (bulk %lld)\n", (long long)l->bulk);
}

/* Somebody asked for no more mail: only that person can take it back. */
static void
say_complaint(struct lift_run *l, const char *key, const struct chosen *f,
    struct err *e)
{
	l->refused = true;
	if (l->json) {
		say_json(l, &(struct outcome){ key, f, false, 0 }, e);
		return;
	}
	quote_add(&l->said, str_from(key));
	buf_addf(&l->said, ": not lifted: %s is a complaint; --consent TEXT "
	    "tells how the recipient took it back\n", class_name(f->class));
}

static struct entry_lift
lift_of(const struct lift_run *l, const char *key, enum class c)
{
	return (struct entry_lift){ .address = str_from(key),
		.scope = l->scope, .class = c,
		.upto = policy_lift_mark(str_from(key), l->app->now),
		.why = buf_str(&l->reason), .bulk = l->bulk };
}

/* Evidence up to now is void with it: no replay brings the entry back. */
static bool
lift_one(struct lift_run *l, const char *key, const struct chosen *f,
    struct err *e)
{
	enum class c = f->class;
	struct app *a = l->app;
	enum ladder ladder = policy_ladder(c);
	struct entry_lift lift = lift_of(l, key, c);
	bool lifted = false;

	if (ladder == LADDER_COMPLAINT && !l->consent) {
		say_complaint(l, key, f, e);
		return e->code == 0;
	}
	if (!entry_lift(a->store, &lift, str_from(a->who), a->now, &lifted, e))
		return false;
	if (!lifted)
		return true;
	l->lifted++;
	say(l, key, f, e);
	return e->code == 0 &&
	    (ladder == LADDER_NONE || evidence_void(a->store, &lift, e));
}

/* What incidents hold of an address, by ladder. */
struct held_find {
	const struct lift_run *run;
	int64_t upto;
	struct chosen of[LADDER_OPTOUT + 1]; /* incident 0: nothing */
};

static bool
keep_held(void *ctx, const struct evidence_row *row, struct err *e)
{
	struct held_find *h = ctx;
	const struct evidence_fact *f = &row->ev.fact;
	enum ladder ladder = policy_ladder(f->class);
	bool own = policy_ladder_info(ladder)->stream && row->scope.n > 0;

	(void)e;
	if (f->state == EVIDENCE_HELD && f->time <= h->upto &&
	    ladder != LADDER_NONE && class_fits(h->run->class, f->class) &&
	    str_eq(h->run->scope, own ? row->scope : STR("global")))
		h->of[ladder] = (struct chosen){ f->class, false,
			row->ev.incident };
	return true;
}

static bool
void_one(struct lift_run *l, const char *key, const struct chosen *f,
    struct err *e)
{
	enum ladder ladder = policy_ladder(f->class);
	struct entry_lift lift = lift_of(l, key, f->class);

	for (size_t i = 0; i < l->n; i++)
		if (policy_ladder(l->found[i].class) == ladder)
			return true;
	if (ladder == LADDER_COMPLAINT && !l->consent) {
		say_complaint(l, key, f, e);
		return e->code == 0;
	}
	l->lifted++;
	say(l, key, f, e);
	return e->code == 0 && evidence_void(l->app->store, &lift, e);
}

/* What an incident holds without an entry is void, too: no release may list
 * whom a person has lifted. */
static bool
void_held(struct lift_run *l, const char *key, struct err *e)
{
	struct held_find h = { .run = l,
		.upto = policy_lift_mark(str_from(key), l->app->now) };

	if (!evidence_list(l->app->store, str_from(key), keep_held, &h, e))
		return false;
	for (size_t i = 0; i < COUNT(h.of); i++)
		if (h.of[i].incident != 0 && !void_one(l, key, &h.of[i], e))
			return false;
	return true;
}

/* An entry_fn: one that a removal of the global ones leaves. */
static bool
add_stream(void *ctx, const struct entry_row *row, struct err *e)
{
	(void)e;
	if (!str_eq(row->entry.scope, STR("global")))
		out_stream(ctx, &row->entry);
	return true;
}

static bool
say_streams(struct lift_run *l, const char *key, struct err *e)
{
	struct entry_filter f = { .address = str_from(key),
		.now = l->app->now };
	struct buf b = { 0 };
	bool ok = entry_list(l->app->store, &f, add_stream, &b, e) &&
	    buf_ok(&b, e);

	if (ok && b.n > 0) {
		quote_add(&l->said, str_from(key));
		buf_adds(&l->said, ": still listed for ");
		buf_add(&l->said, buf_str(&b));
		buf_adds(&l->said, "; --stream NAME lifts that\n");
	}
	buf_release(&b);
	return ok;
}

/* What still stands in the way of mail must not come as a surprise. */
static bool
say_what_stays(
    struct lift_run *l, const char *key, unsigned lifted, struct err *e)
{
	struct entry en = { 0 };
	bool found = false;

	if (l->json)
		return true;
	if (!entry_decides(l->app->store, str_from(key),
		str_eq(l->scope, STR("global")) ? STR("") : l->scope,
		l->app->now, &en, &found, e))
		return false;
	if (lifted == 0 && !l->refused) {
		quote_add(&l->said, str_from(key));
		buf_adds(&l->said, ": nothing lifted: it is not listed so\n");
	}
	if (found) {
		quote_add(&l->said, str_from(key));
		buf_adds(&l->said, ": still suppressed: ");
		out_entry(&l->said, &en, str_from(key));
		buf_addc(&l->said, '\n');
	}
	return !en.of_streams || !str_eq(l->scope, STR("global")) ||
	    say_streams(l, key, e);
}

/* The block goes, and what is told of the address counts again. */
static bool
take_back_erasure(struct lift_run *l, const char *key, struct err *e)
{
	struct app *a = l->app;
	char hash[ERASED_KEY];
	struct entry_filter f = { .address = str_from(hash), .now = a->now };
	bool lifted;

	l->n = 0;
	if (!erased_key(a->store, str_from(key), hash, e))
		return false;
	f.address = str_from(hash);
	if (!entry_list(a->store, &f, keep_class, l, e))
		return false;
	for (size_t i = 0; i < l->n; i++) {
		if (!entry_lift(a->store, &(struct entry_lift){
			.address = f.address, .scope = STR("global"),
			.class = l->found[i].class, .upto = a->now,
			.why = buf_str(&l->reason), .bulk = l->bulk },
			str_from(a->who), a->now, &lifted, e))
			return false;
		l->lifted += lifted;
		say(l, key, &l->found[i], e);
	}
	l->unerased = true;
	return store_unerase(a->store, str_from(key), e);
}

/* Whoever was erased may come back, by a word of their own: for all mail, as
 * the block holds for all. */
static bool
lift_erased(struct lift_run *l, const char *key, int64_t at, struct err *e)
{
	bool is_part = l->class.n > 0 || !str_eq(l->scope, STR("global"));
	char day[CLOCK_TEXT];

	if (l->consent && !is_part)
		return take_back_erasure(l, key, e);
	if (l->json) {
		say_json(l, &(struct outcome){ key, NULL, false, at }, e);
		return e->code == 0;
	}
	quote_add(&l->said, str_from(key));
	buf_addf(&l->said, ": not lifted: erased on %.10s, still blocked; %s\n",
	    clock_text(at, day), l->consent
	    ? "the block holds for all mail: leave --class, --scope and "
	      "--stream out"
	    : "--consent TEXT tells how the person came back");
	return true;
}

static bool
lift_address(struct lift_run *l, const char *key, struct err *e)
{
	struct entry_filter f = { .address = str_from(key),
		.scope = l->scope,
		.class = l->class,
		.now = l->app->now,
		.all_states = true };
	unsigned before = l->lifted;
	int64_t erased;

	if (!erased_at(l->app->store, str_from(key), &erased, e))
		return false;
	if (erased != 0)
		return lift_erased(l, key, erased, e);
	l->n = 0;
	l->refused = false;
	if (!entry_list(l->app->store, &f, keep_class, l, e))
		return false;
	for (size_t i = 0; i < l->n; i++)
		if (!lift_one(l, key, &l->found[i], e))
			return false;
	return void_held(l, key, e) &&
	    say_what_stays(l, key, l->lifted - before, e);
}

static bool
lift_all(struct lift_run *l, char **words, int n, struct err *e)
{
	struct store *s = l->app->store;
	char key[ADDRESS_MAX];

	for (int i = 0; i < n; i++)
		if (!args_target_or("remove", words[i], key, e))
			return false;
	if (!store_begin(s, e))
		return false;
	if (!store_new_bulk(s, STR("remove"), str_from(l->app->who),
		l->app->now, &l->bulk, e))
		goto undo;
	for (int i = 0; i < n; i++)
		if (!args_target_or("remove", words[i], key, e) ||
		    !lift_address(l, key, e))
			goto undo;
	if (!buf_ok(&l->said, e))
		goto undo;
	if (l->lifted > 0 || l->unerased)
		return store_commit(s, e);
	/* No number for nothing. */
	store_rollback(s);
	return true;
undo:
	store_rollback(s);
	return false;
}

static int
lift_chosen(struct lift_run *l, struct err *e)
{
	struct bulk_request r = { .verb = "remove", .filter = l->filter,
		.reason = buf_str(&l->reason), .consent = l->consent,
		.dry_run = l->dry_run, .json = l->json };

	r.filter.all_states = true;
	return bulk_run(l->app, &r, e);
}

int
cmd_remove(struct app *a, int argc, char **argv, struct err *e)
{
	struct lift_run l = { .app = a };
	int answer = 1;

	if (!parse_options(&l, argc, argv, e) ||
	    !app_open_store(a, l.dry_run ? STORE_READ : STORE_WRITE, APP_WAIT,
	    e)) {
		answer = e->code;
	} else if (optind == argc) {
		answer = lift_chosen(&l, e);
	} else if (lift_all(&l, argv + optind, argc - optind, e)) {
		out_text(&l.said, e);
		answer = l.lifted > 0 ? 0 : 1;
	}
	buf_release(&l.reason);
	buf_release(&l.said);
	return e->code != 0 ? e->code : answer;
}
