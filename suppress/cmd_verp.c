/* cmd_verp.c - proof of sending: keys, and the tokens made with them. */
#include <getopt.h>
#include <string.h>

#include "args.h"
#include "base/clock.h"
#include "base/quote.h"
#include "out.h"
#include "work/keys.h"

/* What the command line of a verb says. */
struct verp_args {
	const char *verb, *noun; /* what it is, and what its operand is */
	const char *stream, *message_id, *prefix, *rcpt;
	const char *word; /* the operand, NULL: there is none */
	bool json, leaked;
};

enum {
	TAKES_STREAM = 1,
	TAKES_MESSAGE = 2,
	TAKES_PREFIX = 4,
	TAKES_RCPT = 8,
	TAKES_JSON = 16,
	TAKES_LEAKED = 32,
	TAKES_WORD = 64 /* an operand, and needs it */
};

static bool
parse(struct verp_args *v, unsigned takes, int argc, char **argv, struct err *e)
{
	static const struct option LONGS[] = {
		{ "stream", required_argument, NULL, TAKES_STREAM },
		{ "message-id", required_argument, NULL, TAKES_MESSAGE },
		{ "prefix", required_argument, NULL, TAKES_PREFIX },
		{ "rcpt", required_argument, NULL, TAKES_RCPT },
		{ "json", no_argument, NULL, TAKES_JSON },
		{ "leaked", no_argument, NULL, TAKES_LEAKED },
		{ NULL, 0, NULL, 0 },
	};
	int o;

	while ((o = app_option(argc, argv, ":", LONGS, e)) != -1) {
		if (o == '?')
			return false;
		if (((unsigned)o & takes) == 0)
			return args_not_of_verb("verp", v->verb, LONGS, o, e);
		if (o == TAKES_STREAM)
			v->stream = optarg;
		else if (o == TAKES_MESSAGE)
			v->message_id = optarg;
		else if (o == TAKES_PREFIX)
			v->prefix = optarg;
		else if (o == TAKES_RCPT)
			v->rcpt = optarg;
		v->json |= o == TAKES_JSON;
		v->leaked |= o == TAKES_LEAKED;
	}
	if ((takes & TAKES_WORD) == 0)
		return args_no_more(argc, argv, e);
	if (argc - optind != 1)
		return err_set(e, EX_USAGE, "verp: %s: %s %s given; name one",
		    v->verb, optind == argc ? "no" : "more than one", v->noun);
	v->word = argv[optind];
	return true;
}

static bool
enter(struct app *a, struct keys *k, bool make, struct err *e)
{
	return config_enter(&a->config, make, e) &&
	    keys_load(&a->config, k, e);
}

/* ---- keys ---- */

static int
run_key_new(struct app *a, int argc, char **argv, struct keys *k,
    struct err *e)
{
	struct verp_args v = { .verb = "key new" };
	const struct sign_key *made;

	if (!parse(&v, 0, argc, argv, e) || !enter(a, k, true, e))
		return e->code;
	made = keys_new(&k->list, a->now, e);
	if (made != NULL && keys_save(&a->config, &k->list, e))
		printf("made: key %s, which signs from now on; it stands in "
		    "%s/verp-keys\n", made->name, a->config.state);
	return e->code;
}

static const char *
state_of(const struct sign_keys *list, const struct sign_key *key)
{
	if (key->is_retired)
		return key->retired < 0 ? "leaked" : "retired";
	return key == sign_key_active(list) ? "signs" : "proves";
}

/* Midnight of the day a key was retired; 0: it was not, or at once. */
static int64_t
retired_at(const struct sign_key *key)
{
	return key->is_retired && key->retired >= 0
	    ? key->retired * CLOCK_DAY : 0;
}

static void
list_json(const struct sign_keys *list, struct err *e)
{
	for (size_t i = 0; i < list->n && e->code == 0; i++) {
		struct json *o = json_new_object();

		json_text(o, "key", str_from(list->list[i].name));
		json_text(o, "state", str_from(state_of(list, &list->list[i])));
		json_time(o, "made", list->list[i].made);
		json_time(o, "retired", retired_at(&list->list[i]));
		out_json(stdout, o, e);
	}
}

static int
run_key_list(struct app *a, int argc, char **argv, struct keys *k,
    struct err *e)
{
	static const char *const HEADS[] = { "KEY", "STATE", "MADE",
		"RETIRED" };
	struct verp_args v = { .verb = "key list" };
	struct sheet t;
	char at[CLOCK_TEXT];

	if (!parse(&v, TAKES_JSON, argc, argv, e) || !enter(a, k, false, e))
		return e->code;
	if (v.json) {
		list_json(&k->list, e);
		return e->code;
	}
	sheet_init(&t, stdout, HEADS, COUNT(HEADS));
	for (size_t i = 0; i < k->list.n; i++) {
		const struct sign_key *key = &k->list.list[i];

		sheet_cell(&t, str_from(key->name));
		sheet_cell(&t, str_from(state_of(&k->list, key)));
		sheet_cell(&t, str_from(out_time(key->made, at)));
		sheet_cell(&t, str_from(out_time(retired_at(key), at)));
	}
	sheet_done(&t, e);
	sheet_release(&t);
	return e->code;
}

static int
run_key_retire(struct app *a, int argc, char **argv, struct keys *k,
    struct err *e)
{
	struct verp_args v = { .verb = "key retire", .noun = "key" };
	char shown[64];

	if (!parse(&v, TAKES_WORD | TAKES_LEAKED, argc, argv, e) ||
	    !enter(a, k, false, e))
		return e->code;
	for (size_t i = 0; i < k->list.n; i++) {
		struct sign_key *key = &k->list.list[i];

		if (strcmp(key->name, v.word) != 0)
			continue;
		if (v.leaked || !key->is_retired)
			key->retired = v.leaked ? -1 : sign_day(a->now);
		key->is_retired = true;
		if (keys_save(&a->config, &k->list, e))
			printf("retired: key %s; it proves %s\n", key->name,
			    key->retired < 0
				? "nothing any more"
				: "what was signed until today, as long as "
				  "that is not too old");
		return e->code;
	}
	err_set(e, EX_DATAERR, "verp: there is no key '%s'; 'verp key list' "
	    "names them", str_quote(str_from(v.word), shown, sizeof shown));
	return e->code;
}

/* ---- tokens ---- */

static void
print_signed(struct app *a, const struct verp_args *v, const char *local,
    struct str value, const struct sign_key *key, struct err *e)
{
	struct json *o;

	if (!v->json) {
		printf("%s\n%s: %.*s\n", local, a->config.verp_header,
		    STR_ARG(value));
		return;
	}
	o = json_new_object();
	json_text(o, "local", str_from(local));
	json_text(o, "header", str_from(a->config.verp_header));
	json_text(o, "value", value);
	json_text(o, "key", str_from(key->name));
	json_time(o, "day", sign_day(a->now) * CLOCK_DAY);
	out_json(stdout, o, e);
}

/* What stands before a token is a part of an address. */
static bool
prefix_or(const char *prefix, struct err *e)
{
	struct buf whole = { 0 };
	char key[ADDRESS_MAX], quoted[64];
	bool ok;

	buf_addf(&whole, "%s-x@x.example", prefix);
	ok = !whole.failed && strchr(prefix, '"') == NULL &&
	    address_key(buf_str(&whole), key, sizeof key) == ADDRESS_OK;
	buf_release(&whole);
	return ok || err_set(e, EX_USAGE, "verp: the prefix '%s' may not stand "
	    "before an @; write letters, digits and '.', '-' or '_'",
	    str_quote(str_from(prefix), quoted, sizeof quoted));
}

/* The claim of the command line; its stream is called as entries call it. */
static bool
claim_or(const struct verp_args *v, struct sign_claim *c, struct err *e)
{
	char scope[APP_SCOPE_MAX] = "";
	struct str stream = STR("");

	if (v->stream != NULL && v->stream[0] != '\0') {
		if (!args_stream_or("verp", v->stream, scope, e))
			return false;
		stream = str_skip(str_from(scope), strlen("stream:"));
	}
	return sign_claim_make(c, str_from(v->word), stream,
	    str_from(v->message_id), e);
}

static int
run_sign(struct app *a, int argc, char **argv, struct keys *k, struct err *e)
{
	struct verp_args v = { .verb = "sign", .noun = "address",
		.prefix = a->config.verp_prefix };
	const struct sign_key *key;
	struct sign_claim c;
	struct buf value = { 0 };
	char local[SIGN_LOCAL_MAX + 1];

	if (!parse(&v, TAKES_WORD | TAKES_STREAM | TAKES_MESSAGE |
		TAKES_PREFIX | TAKES_JSON, argc, argv, e) ||
	    (v.prefix[0] != '\0' && !prefix_or(v.prefix, e)) ||
	    !claim_or(&v, &c, e) || !enter(a, k, false, e))
		return e->code;
	key = sign_key_active(&k->list);
	if (key == NULL) {
		err_set(e, EX_NOINPUT, "verp: there is no key that signs; make "
		    "one: 'pmta-suppress verp key new'");
		return e->code;
	}
	if (!sign_local(key, &c, str_from(v.prefix), a->now, local)) {
		err_set(e, EX_DATAERR, "verp: the prefix leaves no room for a "
		    "token in 64 bytes; take a shorter one");
		return e->code;
	}
	sign_header(key, &c, a->now, &value);
	if (buf_ok(&value, e))
		print_signed(a, &v, local, buf_str(&value), key, e);
	buf_release(&value);
	return e->code;
}

/* In which form the word is, the word tells. */
static enum sign_cause
verify(struct app *a, const struct keys *k, const struct verp_args *v,
    struct sign_claim *c)
{
	struct str word = str_from(v->word), name;
	struct sign_claim other;
	enum sign_cause why, as_address;

	name = str_from(a->config.verp_header);
	if (str_istarts(word, name) && str_starts(str_skip(word, name.n),
	    STR(":")))
		word = str_skip(word, name.n + 1);
	why = sign_verify_header(&k->list, word, a->now, c);
	if (why != SIGN_NONE && why != SIGN_MALFORMED)
		return why;
	as_address = sign_verify_address(&k->list, word, str_from(v->rcpt),
	    a->now, &other);
	if (as_address == SIGN_NONE)
		return why;
	*c = other;
	return as_address;
}

static void
print_json(const struct sign_claim *c, bool ok, const char *tells,
    struct err *e)
{
	struct json *o = json_new_object();
	const struct {
		const char *key, *text;
	} ROWS[] = { { "rcpt", c->rcpt }, { "stream", c->stream },
		{ "message_id", c->message_id }, { "key", c->key } };

	json_bool(o, "signed", ok);
	json_text(o, "why", str_from(tells));
	for (size_t i = 0; i < COUNT(ROWS); i++)
		json_text_or_none(o, ROWS[i].key, str_from(ROWS[i].text));
	json_time(o, "day", c->day * CLOCK_DAY);
	out_json(stdout, o, e);
}

static void
print_words(const struct sign_claim *c, bool ok, const char *tells,
    struct err *e)
{
	struct buf b = { 0 };
	char at[CLOCK_TEXT];

	buf_adds(&b, ok ? "signed: " : "not proved: ");
	quote_add(&b, str_from(ok ? c->rcpt : tells));
	if (ok && c->stream[0] != '\0')
		buf_addf(&b, ", stream %s", c->stream);
	if (ok && c->message_id[0] != '\0') {
		buf_adds(&b, ", message ");
		quote_add(&b, str_from(c->message_id));
	}
	if (c->key[0] != '\0')
		buf_addf(&b, ", of %.10s by key %s",
		    clock_text(c->day * CLOCK_DAY, at), c->key);
	buf_addc(&b, '\n');
	out_text(&b, e);
	buf_release(&b);
}

static int
run_verify(struct app *a, int argc, char **argv, struct keys *k, struct err *e)
{
	struct verp_args v = { .verb = "verify", .noun = "token" };
	struct sign_claim c;
	const char *tells;
	char want[ADDRESS_MAX] = "";
	bool ok;

	if (!parse(&v, TAKES_WORD | TAKES_RCPT | TAKES_JSON, argc, argv, e) ||
	    (v.rcpt != NULL && !args_target_or("verp", v.rcpt, want, e)) ||
	    !enter(a, k, false, e))
		return e->code;
	tells = sign_cause_text(verify(a, k, &v, &c));
	ok = c.rcpt[0] != '\0';
	if (ok && want[0] != '\0' && strcmp(want, c.rcpt) != 0) {
		tells = "it is for another recipient";
		ok = false;
	}
	if (v.json)
		print_json(&c, ok, tells, e);
	else
		print_words(&c, ok, tells, e);
	return e->code != 0 ? e->code : ok ? 0 : 1;
}

/* ---- the verbs ---- */

static int
run_verb(struct app *a, int argc, char **argv, struct keys *k, struct err *e)
{
	static const struct {
		const char *name, *more;
		int (*run)(struct app *a, int argc, char **argv,
		    struct keys *k, struct err *e);
	} VERBS[] = {
		{ "sign", NULL, run_sign },
		{ "verify", NULL, run_verify },
		{ "key", "new", run_key_new },
		{ "key", "list", run_key_list },
		{ "key", "retire", run_key_retire },
	};

	for (size_t i = 0; i < COUNT(VERBS); i++) {
		int n = VERBS[i].more != NULL ? 2 : 1;

		if (argc <= n || strcmp(argv[1], VERBS[i].name) != 0 ||
		    (n > 1 && strcmp(argv[2], VERBS[i].more) != 0))
			continue;
		argv[n] = argv[0]; /* its messages speak of "verp" */
		return VERBS[i].run(a, argc - n, argv + n, k, e);
	}
	if (argc > 1 && strcmp(argv[1], "key") == 0) {
		argc--;
		argv++;
	}
	args_no_verb("verp", argc > 1 ? argv[1] : NULL, "say key new, key "
	    "list, key retire KEY, sign ADDR or verify TOKEN", e);
	return e->code;
}

int
cmd_verp(struct app *a, int argc, char **argv, struct err *e)
{
	struct keys k = { 0 };
	int answer = run_verb(a, argc, argv, &k, e);

	explicit_bzero(&k, sizeof k);
	return answer;
}
