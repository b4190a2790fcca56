/* config.c - the settings: file, defaults, and where things are. */
#include "work/config.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/ini.h"
#include "base/number.h"
#include "base/quote.h"
#include "work/scope.h"
#include "wrap/hash.h"

/* Sections of names, not of keys. */
#define CATEGORIES "bounce-categories"
#define NEVER "never-suppress"

enum type { TEXT, WORD_OF, COUNT_OF, SIZE, SPAN, DAYS, SHARE, LEVEL, SYNC,
	STREAM_KEY, MODE };

/* One setting: where it stands in struct config, and what it may be. */
struct setting {
	struct config_key key;
	enum type type;
	size_t at, room;      /* TEXT: bytes of the field */
	int64_t min, max;     /* TEXT: 1: not empty */
	const char *words;    /* WORD_OF: "a b" */
};

#define AT(field) offsetof(struct config, field)
#define ROOM(field) sizeof(((struct config *)0)->field)
#define FAR (INT64_C(100) * 366 * CLOCK_DAY)
#define KEY(s, k, v, m) { s, k, v, m }

static const struct setting SETTINGS[] = {
	{ KEY("paths", "state", STATEDIR,
	    "folder of the database, the journal and the quarantine"),
	    TEXT, AT(state), ROOM(state), 1, 0, NULL },
	{ KEY("paths", "rules", "",
	    "folder of the shipped rules; empty: those built in"),
	    TEXT, AT(rules), ROOM(rules), 0, 0, NULL },
	{ KEY("paths", "site-rules", SYSCONFDIR "/rules.d",
	    "folder of your own rules; they come first"),
	    TEXT, AT(site_rules), ROOM(site_rules), 0, 0, NULL },
	{ KEY("log", "to", "syslog", "syslog, stderr, or a file's path"),
	    TEXT, AT(log_to), ROOM(log_to), 0, 0, NULL },
	{ KEY("log", "level", "notice",
	    "error, warning, notice, info or debug"),
	    LEVEL, AT(log_level), 0, 0, 0, NULL },
	{ KEY("log", "summary", "10m", "time between summary lines; 0: none"),
	    SPAN, AT(summary), 0, 0, 30 * CLOCK_DAY, NULL },
	{ KEY("pipe", "row-limit", "64K",
	    "bytes of one row; longer ones are passed over and counted"),
	    SIZE, AT(row_limit), 0, 1024, 8 << 20, NULL },
	{ KEY("pipe", "drain-timeout", "30s",
	    "how long the end waits for the last commit"),
	    SPAN, AT(drain_timeout), 0, 0, 3600, NULL },
	{ KEY("pipe", "worker-memory", "1G",
	    "memory of the worker, mapped files left out; 0: no limit"),
	    SIZE, AT(worker_memory), 0, 0, INT64_C(1) << 46, NULL },
	{ KEY("pipe", "commit-ms", "200",
	    "commit at the latest so long after the first row"),
	    COUNT_OF, AT(commit_ms), 0, 1, 60000, NULL },
	{ KEY("pipe", "commit-events", "50000",
	    "or after so many failures and complaints"),
	    COUNT_OF, AT(commit_events), 0, 1, 10000000, NULL },
	{ KEY("pipe", "verp-prefix", "",
	    "LOCAL of LOCAL-RCPTLOCAL=RCPTDOMAIN@DOMAIN; empty: unknown"),
	    TEXT, AT(verp_prefix), ROOM(verp_prefix), 0, 0, NULL },
	{ KEY("pipe", "stream-key", "orig-domain",
	    "what makes a stream of mail: " SCOPE_KEYS),
	    STREAM_KEY, AT(stream_key), ROOM(stream_key), 0, 0, NULL },
	{ KEY("verp", "header", "X-Suppress-Ref",
	    "header field that carries signed tokens"),
	    TEXT, AT(verp_header), ROOM(verp_header), 0, 0, NULL },
	{ KEY("verp", "lifetime", "90d", "how long a token proves"),
	    SPAN, AT(verp_lifetime), 0, CLOCK_DAY, FAR, NULL },
	{ KEY("unsubscribe", "address", "",
	    "where unsubscribing mails go: local part or address, * for any; "
	    "empty: off"),
	    TEXT, AT(unsubscribe), ROOM(unsubscribe), 0, 0, NULL },
	{ KEY("unsubscribe", "trust-host", "",
	    "whose Authentication-Results must vouch for their sender; empty: "
	    "off"),
	    TEXT, AT(trust_host), ROOM(trust_host), 0, 0, NULL },
	{ KEY("journal", "segment-size", "64M", "bytes of one journal file"),
	    SIZE, AT(segment_bytes), 0, 4096, INT64_C(1) << 40, NULL },
	{ KEY("journal", "spare-size", "64M",
	    "memory that takes rows while the journal cannot be written"),
	    SIZE, AT(spare_bytes), 0, 0, INT64_C(1) << 34, NULL },
	{ KEY("journal", "sync-ms", "1000",
	    "milliseconds between fdatasyncs of the journal"),
	    COUNT_OF, AT(sync_ms), 0, 10, 600000, NULL },
	{ KEY("journal", "keep", "7d", "how long finished segments are kept"),
	    SPAN, AT(journal_keep), 0, 0, FAR, NULL },
	{ KEY("journal", "size", "4G",
	    "bytes of finished segments; the oldest go first"),
	    SIZE, AT(journal_bytes), 0, 0, INT64_C(1) << 50, NULL },
	{ KEY("store", "synchronous", "normal",
	    "normal or full: what a power cut may cost"),
	    SYNC, AT(store.full), 0, 0, 0, NULL },
	{ KEY("store", "cache", "64M", "page cache of the database"),
	    SIZE, AT(store.cache_bytes), 0, 1 << 20, INT64_C(1) << 36, NULL },
	{ KEY("store", "checkpoint", "64M",
	    "size of the write-ahead log that starts a checkpoint"),
	    SIZE, AT(store.checkpoint_bytes), 0, 1 << 20, INT64_C(1) << 36,
	    NULL },
	{ KEY("retain", "evidence", "400d",
	    "how long evidence is kept; older rows never count again; 0: "
	    "for good"),
	    SPAN, AT(retain[RETAIN_EVIDENCE]), 0, 0, FAR, NULL },
	{ KEY("retain", "counters", "400d",
	    "how long the counts of all rows are kept; 0: for good"),
	    SPAN, AT(retain[RETAIN_COUNTERS]), 0, 0, FAR, NULL },
	{ KEY("retain", "changes", "0",
	    "how long changes are kept that no cursor waits for; 0: for "
	    "good"),
	    SPAN, AT(retain[RETAIN_CHANGES]), 0, 0, FAR, NULL },
	{ KEY("retain", "notices", "400d",
	    "how long what status told is kept; 0: for good"),
	    SPAN, AT(retain[RETAIN_NOTICES]), 0, 0, FAR, NULL },
	{ KEY("retain", "share", "35d",
	    "how long the shares of failures are kept that storms are told "
	    "by; 0: for good"),
	    SPAN, AT(retain[RETAIN_SHARE]), 0, 0, FAR, NULL },
	{ KEY("retain", "fresh", "3d",
	    "how long a storm may withdraw what was listed; 0: for good"),
	    SPAN, AT(retain[RETAIN_FRESH]), 0, 0, FAR, NULL },
	{ KEY("retain", "streams", "400d",
	    "how long files and streams read to their end are known; 0: for "
	    "good"),
	    SPAN, AT(retain[RETAIN_STREAMS]), 0, 0, FAR, NULL },
	{ KEY("policy", "mode", "enforce",
	    "enforce, or observe: evidence is kept, yet nobody is listed"),
	    MODE, AT(observe), 0, 0, 0, NULL },
	{ KEY("policy", "gone-weak-days", "2",
	    "distinct days that weak evidence of a gone mailbox needs"),
	    COUNT_OF, AT(policy.gone_weak_days), 0, 1, 365, NULL },
	{ KEY("policy", "provisional-days", "0",
	    "a gone mailbox is listed for so many days; 0: for good"),
	    DAYS, AT(policy.provisional), 0, 0, 3650, NULL },
	{ KEY("policy", "inactive-days", "2",
	    "distinct days that an inactive mailbox needs"),
	    COUNT_OF, AT(policy.inactive_days), 0, 1, 365, NULL },
	{ KEY("policy", "inactive-span", "3d",
	    "and the time that lies between the first and the last"),
	    SPAN, AT(policy.inactive_span), 0, 0, FAR, NULL },
	{ KEY("policy", "domain-days", "3",
	    "distinct days that a dead domain needs"),
	    COUNT_OF, AT(policy.domain_days), 0, 1, 365, NULL },
	{ KEY("policy", "domain-span", "7d",
	    "and the time that lies between the first and the last"),
	    SPAN, AT(policy.domain_span), 0, 0, FAR, NULL },
	{ KEY("policy", "domain-expiry", "30d",
	    "how long one address in a dead domain is listed; 0: for good"),
	    SPAN, AT(policy.domain_expiry), 0, 0, FAR, NULL },
	{ KEY("policy", "full-mailbox-messages", "5",
	    "distinct messages that a full mailbox needs"),
	    COUNT_OF, AT(policy.full_messages), 0, 1, 1000, NULL },
	{ KEY("policy", "full-mailbox-span", "14d",
	    "and the time that lies between the first and the last"),
	    SPAN, AT(policy.full_span), 0, 0, FAR, NULL },
	{ KEY("policy", "full-mailbox-expiry", "30d",
	    "how long it is listed, doubling each time; 0: for good"),
	    SPAN, AT(policy.full_expiry), 0, 0, FAR, NULL },
	{ KEY("policy", "full-mailbox-days", "0",
	    "if not 0: distinct days instead of messages and span"),
	    COUNT_OF, AT(policy.full_days), 0, 0, 365, NULL },
	{ KEY("policy", "refused-messages", "3",
	    "distinct messages that a personal refusal needs"),
	    COUNT_OF, AT(policy.refused_messages), 0, 1, 1000, NULL },
	{ KEY("policy", "refused-span", "14d",
	    "and the time that lies between the first and the last"),
	    SPAN, AT(policy.refused_span), 0, 0, FAR, NULL },
	{ KEY("policy", "refused-expiry", "90d",
	    "how long it is listed for the stream; 0: for good"),
	    SPAN, AT(policy.refused_expiry), 0, 0, FAR, NULL },
	{ KEY("policy", "window", "90d",
	    "soft evidence older than this no longer counts"),
	    SPAN, AT(policy.window), 0, CLOCK_DAY, FAR, NULL },
	{ KEY("policy", "late-report", "7d",
	    "a report so soon after the same failure is no new one"),
	    SPAN, AT(policy.late_report), 0, 0, FAR, NULL },
	{ KEY("storm", "recipients", "50",
	    "distinct recipients that fail; fewer are no storm"),
	    COUNT_OF, AT(storm.recipients), 0, 1, 1000000000, NULL },
	{ KEY("storm", "share", "1%",
	    "of the provider's attempts, at least"),
	    SHARE, AT(storm.share), 0, 0, STORM_WHOLE, NULL },
	{ KEY("storm", "young-share", "40%",
	    "the same while it is not known who took mail lately"),
	    SHARE, AT(storm.young_share), 0, 0, STORM_WHOLE, NULL },
	{ KEY("storm", "factor", "5",
	    "times the share, or rate, of the last four weeks"),
	    COUNT_OF, AT(storm.factor), 0, 1, 1000, NULL },
	{ KEY("storm", "window", "24h",
	    "what was listed so long before a storm opened is held as well"),
	    SPAN, AT(storm.window), 0, 0, 2 * CLOCK_DAY, NULL },
	{ KEY("storm", "quiet", "1h",
	    "how long it goes on after it was last over the line"),
	    SPAN, AT(storm.quiet), 0, 0, CLOCK_DAY, NULL },
	{ KEY("storm", "breaker-floor", "250",
	    "new entries an hour of who took mail lately that always pass"),
	    COUNT_OF, AT(storm.breaker_floor), 0, 1, 1000000000, NULL },
	{ KEY("storm", "breaker-share", "5%",
	    "or so many, of a day's deliveries"),
	    SHARE, AT(storm.breaker_share), 0, 0, STORM_WHOLE, NULL },
	{ KEY("storm", "report-floor", "100",
	    "new entries an hour by reports of bounces that always pass"),
	    COUNT_OF, AT(storm.report_floor), 0, 1, 1000000000, NULL },
	{ KEY("storm", "report-share", "1%",
	    "or so many, of a day's deliveries"),
	    SHARE, AT(storm.report_share), 0, 0, STORM_WHOLE, NULL },
	{ KEY("storm", "complaint-floor", "100",
	    "new complaints an hour that always pass"),
	    COUNT_OF, AT(storm.complaint_floor), 0, 1, 1000000000, NULL },
	{ KEY("storm", "complaint-share", "1%",
	    "or so many, of a day's deliveries"),
	    SHARE, AT(storm.complaint_share), 0, 0, STORM_WHOLE, NULL },
	{ KEY("trust", "complaints", "any",
	    "which complaints count: any, sent (to who took mail lately) or "
	    "signed"),
	    WORD_OF, AT(trust_complaints), ROOM(trust_complaints), 0, 0,
	    "any sent signed" },
	{ KEY("trust", "bounces", "sent",
	    "which reports of bounces count: any, signed, or sent: one about "
	    "who took mail lately is weak"),
	    WORD_OF, AT(trust_bounces), ROOM(trust_bounces), 0, 0,
	    "any sent signed" },
};

const struct config_key *
config_key_at(size_t i)
{
	return i < COUNT(SETTINGS) ? &SETTINGS[i].key : NULL;
}

static void
put_number(struct config *c, const struct setting *s, int64_t n)
{
	memcpy((char *)c + s->at, &n, sizeof n);
}

static bool
put_text(struct config *c, const struct setting *s, struct str v)
{
	return v.n >= (size_t)s->min &&
	    str_copy(v, (char *)c + s->at, s->room);
}

static bool
put_word(struct config *c, const struct setting *s, struct str v)
{
	struct str rest = str_from(s->words), word;

	while (str_cut(&rest, ' ', &word))
		if (str_eq(word, v))
			return put_text(c, s, v);
	return false;
}

static bool
put_sync(struct config *c, struct str v)
{
	if (!str_ieq(v, STR("normal")) && !str_ieq(v, STR("full")))
		return false;
	c->store.full = str_ieq(v, STR("full"));
	return true;
}

/* "1%", "0.25%": of STORM_WHOLE. */
static bool
share_of(struct str v, int64_t *out)
{
	struct str whole, part = v;
	int64_t n = 0, cents = 0;

	if (v.n < 2 || v.p[v.n - 1] != '%')
		return false;
	part.n--;
	str_cut(&part, '.', &whole);
	if (!number_i64(whole, 0, 100, &n) || part.n > 2 || (part.n > 0 &&
	    !number_i64(part, 0, 99, &cents)))
		return false;
	*out = n * 100 + (part.n == 1 ? cents * 10 : cents);
	return true;
}

static bool
put_measure(struct config *c, const struct setting *s, struct str v)
{
	uint64_t size;
	int64_t n;

	if (s->type == SIZE) {
		if (!number_size(v, (uint64_t)s->min, (uint64_t)s->max, &size))
			return false;
		n = (int64_t)size;
	} else if (s->type == SHARE) {
		if (!share_of(v, &n) || n < s->min || n > s->max)
			return false;
	} else if (s->type == SPAN) {
		if (!clock_span(v, &n) || n < s->min || n > s->max)
			return false;
	} else if (!number_i64(v, s->min, s->max, &n)) {
		return false;
	}
	put_number(c, s, s->type == DAYS ? n * CLOCK_DAY : n);
	return true;
}

static bool
setting_put(struct config *c, const struct setting *s, struct str v)
{
	switch (s->type) {
	case TEXT:
		return put_text(c, s, v);
	case WORD_OF:
		return put_word(c, s, v);
	case MODE:
		c->observe = str_eq(v, STR("observe"));
		return c->observe || str_eq(v, STR("enforce"));
	case STREAM_KEY:
		return scope_is_key(v) && put_text(c, s, v);
	case LEVEL:
		return log_level_of(v, &c->log_level);
	case SYNC:
		return put_sync(c, v);
	default:
		return put_measure(c, s, v);
	}
}

void
config_default(struct config *c)
{
	memset(c, 0, sizeof *c);
	c->policy = POLICY_DEFAULTS;
	c->storm = STORM_DEFAULTS;
	for (size_t i = 0; i < COUNT(SETTINGS); i++)
		setting_put(c, &SETTINGS[i],
		    str_from(SETTINGS[i].key.value));
}

/* A bound as the file would have it: "2d", "64K". */
static void
bound_text(enum type t, int64_t n, char out[32])
{
	static const struct {
		enum type type;
		int64_t one;
		const char *unit;
	} UNITS[] = {
		{ SPAN, CLOCK_DAY, "d" }, { SPAN, 3600, "h" },
		{ SPAN, 60, "m" }, { SIZE, 1 << 30, "G" },
		{ SIZE, 1 << 20, "M" }, { SIZE, 1 << 10, "K" },
		{ SHARE, 100, "%" },
	};
	const char *unit = "";

	for (size_t i = 0; n > 0 && i < COUNT(UNITS); i++) {
		if (UNITS[i].type != t || n % UNITS[i].one != 0)
			continue;
		n /= UNITS[i].one;
		unit = UNITS[i].unit;
		break;
	}
	/* Cannot be cut. */
	(void)number_print(out, 32, "%lld%s", (long long)n, unit);
}

/* What to write, where the meaning does not say it by itself. */
static const char *
setting_form(const struct setting *s, char out[128])
{
	static const char *const FORMS[] = {
		[COUNT_OF] = "a number",
		[SIZE] = "a size (512, 64K, 8M, 1G)",
		[SPAN] = "a span (90s, 10m, 24h, 7d)",
		[DAYS] = "a number of days",
		[SHARE] = "a share (1%, 0.25%)",
	};
	char min[32], max[32];

	out[0] = '\0';
	if (s->type >= COUNT(FORMS) || FORMS[s->type] == NULL)
		return out;
	bound_text(s->type, s->min, min);
	bound_text(s->type, s->max, max);
	(void)number_print(out, 128, "; write %s from %s to %s",
	    FORMS[s->type], min, max);
	return out;
}

static const struct setting *
setting_find(struct str section, struct str key)
{
	for (size_t i = 0; i < COUNT(SETTINGS); i++)
		if (str_eq(section, str_from(SETTINGS[i].key.section)) &&
		    str_eq(key, str_from(SETTINGS[i].key.key)))
			return &SETTINGS[i];
	return NULL;
}

static bool
section_known(struct str section)
{
	if (str_eq(section, STR(CATEGORIES)) || str_eq(section, STR(NEVER)))
		return true;
	for (size_t i = 0; i < COUNT(SETTINGS); i++)
		if (str_eq(section, str_from(SETTINGS[i].key.section)))
			return true;
	return false;
}

/* A site's own name for a bounceCat. */
static bool
category_line(struct config *c, const struct ini_line *l, struct err *e)
{
	struct category *cat = &c->categories[c->n_categories];
	char a[64], b[64];

	str_quote(l->key, a, sizeof a);
	if (c->n_categories == CONFIG_CATEGORIES_MAX ||
	    !str_copy(l->key, cat->name, sizeof cat->name))
		return err_set(e, EX_CONFIG, "%s:%u: \"%s\": more than %d "
		    "categories, or a name of more than %zu bytes; leave some "
		    "out", l->file, l->line, a, CONFIG_CATEGORIES_MAX,
		    sizeof cat->name - 1);
	if (!class_of(l->value, &cat->class))
		return err_set(e, EX_CONFIG, "%s:%u: %s: \"%s\" is no class; "
		    "`pmta-suppress help classes` names them", l->file,
		    l->line, a, str_quote(l->value, b, sizeof b));
	c->n_categories++;
	return true;
}

/* Whom the policy never lists; the key is a person's word for it. */
static bool
never_line(struct config *c, const struct ini_line *l, struct err *e)
{
	const char *wrong = never_add(&c->never, l->key, l->value);
	char a[64], b[128];

	return wrong == NULL || err_set(e, EX_CONFIG, "%s:%u: %s: \"%s\": %s",
	    l->file, l->line, str_quote(l->key, a, sizeof a),
	    str_quote(l->value, b, sizeof b), wrong);
}

static bool
config_line(void *ctx, const struct ini_line *l, struct err *e)
{
	const struct setting *s;
	char a[64], b[64], d[64], form[128];

	str_quote(l->section, a, sizeof a);
	if (l->key.n == 0)
		return section_known(l->section) || err_set(e, EX_CONFIG,
		    "%s:%u: unknown section [%s]; `man pmta-suppress.conf` "
		    "names them", l->file, l->line, a);
	if (str_eq(l->section, STR(CATEGORIES)))
		return category_line(ctx, l, e);
	if (str_eq(l->section, STR(NEVER)))
		return never_line(ctx, l, e);
	s = setting_find(l->section, l->key);
	str_quote(l->key, b, sizeof b);
	if (s == NULL)
		return err_set(e, EX_CONFIG, "%s:%u: unknown key \"%s\" in "
		    "[%s]; `man pmta-suppress.conf` names them", l->file,
		    l->line, b, a);
	if (setting_put(ctx, s, l->value))
		return true;
	return err_set(e, EX_CONFIG, "%s:%u: %s: bad value \"%s\"; it is: %s "
	    "(default %s)%s", l->file, l->line, b,
	    str_quote(l->value, d, sizeof d), s->key.meaning, s->key.value,
	    setting_form(s, form));
}

static const char *
first_of(const char *a, const char *variable)
{
	if (a != NULL && a[0] != '\0')
		return a;
	a = secure_getenv(variable);
	return a != NULL && a[0] != '\0' ? a : NULL;
}

/* A path that does not fit is kept as "": opening it tells. */
static bool
config_where(struct config *c, const struct config_where *w, struct err *e)
{
	const char *state = first_of(w->state, "PMTA_SUPPRESS_STATE");
	const char *rules = first_of(w->rules, "PMTA_SUPPRESS_RULES");

	if (state != NULL && !str_copy(str_from(state), c->state,
	    sizeof c->state))
		return err_set(e, EX_USAGE, "--state: the path is too long; "
		    "name one below %d bytes", CONFIG_PATH_MAX);
	if (rules != NULL && !str_copy(str_from(rules), c->rules,
	    sizeof c->rules))
		return err_set(e, EX_USAGE, "--rules: the path is too long; "
		    "name one below %d bytes", CONFIG_PATH_MAX);
	return true;
}

/* What has a slip is as if it were not there. */
static bool
spared_line(void *ctx, const struct ini_line *l, struct err *e)
{
	const struct setting *s = setting_find(l->section, l->key);

	if (config_line(ctx, l, e))
		return true;
	if (s != NULL)
		(void)setting_put(ctx, s, str_from(s->key.value));
	return false;
}

static bool
config_file(struct config *c, const char *path, bool named, struct err *e)
{
	struct buf text = { 0 };
	bool ok;

	if (!named && access(path, F_OK) != 0 && errno == ENOENT)
		return true;
	ok = file_read(path, INI_FILE_MAX, &text, e) &&
	    ini_read(buf_str(&text), path, config_line, c, e);
	if (ok && !str_copy(str_from(path), c->file, sizeof c->file))
		ok = err_set(e, EX_USAGE, "--config: the path is too long");
	if (ok) {
		c->text_hash = hash64(buf_str(&text));
	} else {
		config_default(c);
		ini_spare(buf_str(&text), path, spared_line, c);
	}
	buf_release(&text);
	return ok;
}

bool
config_load(struct config *c, const struct config_where *where, struct err *e)
{
	const char *named = first_of(where->file, "PMTA_SUPPRESS_CONFIG");
	bool ok;

	config_default(c);
	ok = config_file(c, named != NULL ? named
	    : SYSCONFDIR "/pmta-suppress.conf", named != NULL, e);
	return config_where(c, where, e) && ok;
}

bool
config_path(const struct config *c, const char *name, char *out, struct err *e)
{
	if (number_print(out, CONFIG_PATH_MAX, "%s/%s", c->state, name))
		return true;
	return err_set(e, EX_CONFIG, "%s/%s: the path is too long; choose a "
	    "shorter [paths] state", c->state, name);
}
