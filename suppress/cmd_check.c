/* cmd_check.c - may these addresses be mailed? */
#include <errno.h>
#include <getopt.h>
#include <string.h>
#include <unistd.h>

#include "args.h"
#include "base/clock.h"
#include "base/quote.h"
#include "mail/provider_key.h"
#include "out.h"
#include "store/incident_page.h"

#define CHUNK 65536 /* bytes of standard input */

enum answer { ANSWER_NO, ANSWER_YES, ANSWER_NO_ADDRESS };

struct check {
	struct app *app;
	char scope[APP_SCOPE_MAX]; /* "stream:NAME" or "" */
	bool json, quiet, provider_key;
	bool begun; /* the first line has come */
	char mailbox[ADDRESS_MAX]; /* asked last; an entry's may be a view */
	unsigned count[3]; /* by answer */
};

/* One address, and what is said of it. */
struct checked {
	struct str asked;
	char key[ADDRESS_MAX];
	enum answer answer;
	const char *cause;  /* why it is no address */
	struct entry entry; /* that suppresses it */
	int64_t incident;   /* that holds what else would count; 0: none */
	struct buf streams; /* "stream:NAME (CLASS)" that nobody asked for */
	struct json *list;  /* the same, or NULL */
};

/* An entry_fn: one that would count if its stream were asked for. */
static bool
add_stream(void *ctx, const struct entry_row *row, struct err *e)
{
	struct checked *k = ctx;
	const struct entry *en = &row->entry;
	struct json *o;

	(void)e;
	if (str_eq(en->scope, STR("global")))
		return true;
	out_stream(&k->streams, en);
	if (k->list == NULL)
		k->list = json_new_list();
	o = json_new_object();
	json_text(o, "scope", en->scope);
	json_text(o, "class", str_from(class_name(en->class)));
	json_push(k->list, o);
	return true;
}

static bool
print_json(const struct checked *k, struct err *e)
{
	bool wrong = k->answer == ANSWER_NO_ADDRESS;
	struct json *o = json_new_object();

	json_text(o, "asked", k->asked);
	json_text(o, "address", str_from(wrong ? NULL : k->key));
	json_text(o, "error", str_from(wrong ? k->cause : NULL));
	if (wrong)
		json_none(o, "suppressed");
	else
		json_bool(o, "suppressed", k->answer == ANSWER_YES);
	if (k->answer == ANSWER_YES) {
		json_text(o, "entry", k->entry.address);
		out_entry_json(o, &k->entry, 0); /* in force */
	} else {
		json_none(o, "entry");
		out_no_entry_json(o);
	}
	json_number_or_none(o, "held_in_incident", k->incident);
	/* Which owns it now. */
	json_put(o, "streams", k->list != NULL ? k->list : json_new_list());
	return out_json(stdout, o, e);
}

static bool
print_text(const struct checked *k, struct err *e)
{
	struct str key = str_from(k->key);
	struct buf b = { 0 };
	bool ok;

	quote_add(&b, k->answer == ANSWER_NO_ADDRESS ? k->asked : key);
	if (k->answer == ANSWER_NO_ADDRESS) {
		buf_addf(&b, ": no address: %s", k->cause);
	} else if (k->answer == ANSWER_NO) {
		buf_adds(&b, ": not suppressed");
		if (k->incident != 0)
			buf_addf(&b, ": held in incident %lld",
			    (long long)k->incident);
		if (k->streams.n > 0)
			buf_adds(&b, "; listed for ");
		buf_add(&b, buf_str(&k->streams));
	} else {
		buf_adds(&b, ": suppressed: ");
		out_entry(&b, &k->entry, key);
	}
	buf_addc(&b, '\n');
	ok = out_text(&b, e);
	buf_release(&b);
	return ok;
}

/* The entry that decides: of the address, else, where that is asked for, of
 * the mailbox that its provider delivers it to. */
static bool
find_entry(struct check *c, const char *key, struct entry *en, bool *found,
    struct err *e)
{
	struct str scope = str_from(c->scope);
	char *mailbox = c->mailbox;
	bool others;

	if (!entry_decides(c->app->store, str_from(key), scope, c->app->now,
		en, found, e))
		return false;
	if (*found || !c->provider_key ||
	    !address_provider_key(str_from(key), mailbox, sizeof c->mailbox) ||
	    strcmp(mailbox, key) == 0)
		return true;
	others = en->of_streams;
	if (!entry_decides(c->app->store, str_from(mailbox), scope,
		c->app->now, en, found, e))
		return false;
	en->of_streams = en->of_streams || others;
	return true;
}

/* What counts for some streams alone, where none was asked for. */
static bool
find_streams(const struct check *c, struct checked *k, struct err *e)
{
	struct entry_filter f = { .address = str_from(k->key),
		.now = c->app->now };

	if (c->scope[0] != '\0' || !k->entry.of_streams ||
	    (entry_list(c->app->store, &f, add_stream, k, e) &&
		buf_ok(&k->streams, e)))
		return true;
	buf_release(&k->streams);
	json_free(k->list);
	return false;
}

/* Answers one address; false only for an error of ours. */
static bool
check_one(struct check *c, struct str asked, struct err *e)
{
	struct checked k = { .asked = asked, .answer = ANSWER_NO_ADDRESS };
	enum address_cause cause = args_target(asked, k.key);
	struct store *s = c->app->store;
	bool found = false, ok;

	k.cause = address_cause_text(cause);
	if (cause == ADDRESS_OK) {
		if (!find_entry(c, k.key, &k.entry, &found, e))
			return false;
		k.answer = found ? ANSWER_YES : ANSWER_NO;
	}
	c->count[k.answer]++;
	if (c->quiet)
		return true;
	if (k.answer == ANSWER_NO &&
	    (!incident_of(s, str_from(k.key), &k.incident, e) ||
		!find_streams(c, &k, e)))
		return false;
	ok = c->json ? print_json(&k, e) : print_text(&k, e);
	buf_release(&k.streams);
	if (!c->json)
		json_free(k.list);
	return ok;
}

/* A file made on Windows may begin with a BOM. */
static struct str
without_bom(struct check *c, struct str line)
{
	bool bom = !c->begun && str_starts(line, STR("\xef\xbb\xbf"));

	c->begun = true;
	return bom ? str_skip(line, 3) : line;
}

/* The lines that have come whole; all of them see the list as it is now. */
static bool
answer_lines(struct check *c, struct buf *held, bool last, struct err *e)
{
	struct str rest = buf_str(held), line;
	bool ok = store_read(c->app->store, e);

	/* A caller may keep this open for days. */
	c->app->now = clock_now();
	while (ok && (last || str_chr(rest, '\n') < rest.n) &&
	    str_cut(&rest, '\n', &line)) {
		if (line.n > 0 && line.p[line.n - 1] == '\r')
			line.n--;
		ok = check_one(c, without_bom(c, line), e);
	}
	buf_drop(held, held->n - rest.n);
	store_read_done(c->app->store);
	return ok;
}

/* Line for line: no answer waits for what is not asked yet. */
static bool
check_input(struct check *c, struct err *e)
{
	struct buf held = { 0 };
	ssize_t n = 1;

	while (n != 0) {
		char *to = buf_room(&held, CHUNK);

		if (to == NULL) {
			err_memory(e);
			break;
		}
		n = read(STDIN_FILENO, to, CHUNK);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0) {
			err_set(e, EX_IOERR,
			    "check: standard input: cannot read on: "
			    "%s; run it again",
			    strerror(errno));
			break;
		}
		held.n += (size_t)n;
		if (!answer_lines(c, &held, n == 0, e) ||
		    !app_flush(stdout, e))
			break;
	}
	buf_release(&held);
	return e->code == 0;
}

static bool
parse_options(struct check *c, int argc, char **argv, struct err *e)
{
	static const struct option LONGS[] = {
		{ "stream", required_argument, NULL, 's' },
		{ "json", no_argument, NULL, 'j' },
		{ "quiet", no_argument, NULL, 'q' },
		{ "provider-key", no_argument, NULL, 'p' },
		{ NULL, 0, NULL, 0 },
	};
	int o;

	while ((o = app_option(argc, argv, ":s:jqp", LONGS, e)) != -1) {
		switch (o) {
		case 's':
			if (!args_stream_or("check", optarg, c->scope, e))
				return false;
			break;
		case 'j':
			c->json = true;
			break;
		case 'q':
			c->quiet = true;
			break;
		case 'p':
			c->provider_key = true;
			break;
		default:
			return false;
		}
	}
	if (optind == argc)
		return err_set(e, EX_USAGE,
		    "check: no address given; name "
		    "one or more, or - for standard input");
	return true;
}

int
cmd_check(struct app *a, int argc, char **argv, struct err *e)
{
	struct check c = { .app = a };

	if (!parse_options(&c, argc, argv, e) || !app_ready(a, e))
		return e->code;
	if (argc - optind == 1 && strcmp(argv[optind], "-") == 0)
		return check_input(&c, e) ? 0 : e->code;
	for (int i = optind; i < argc; i++)
		if (!check_one(&c, str_from(argv[i]), e))
			return e->code;
	if (c.count[ANSWER_NO_ADDRESS] > 0) {
		err_set(e, EX_DATAERR,
		    "check: %u of %d were no address; "
		    "write each as name@domain",
		    c.count[ANSWER_NO_ADDRESS], argc - optind);
		return e->code;
	}
	return c.count[ANSWER_YES] > 0 ? 0 : 1;
}
