/* config.h - the settings: pmta-suppress.conf, defaults, and where things
 * are. */
#ifndef WORK_CONFIG_H
#define WORK_CONFIG_H

#include "base/log.h"
#include "verdict/classify.h"
#include "policy/never.h"
#include "policy/policy.h"
#include "policy/storm.h"
#include "store/retain.h"
#include "store/store.h"

#define CONFIG_PATH_MAX 1024
#define CONFIG_CATEGORIES_MAX 64

struct config {
	char file[CONFIG_PATH_MAX];   /* that was read, "" for none */
	uint64_t text_hash;           /* of what stands in it, 0 for none */
	char state[CONFIG_PATH_MAX];  /* folder of suppress.db, journal/, ... */
	char rules[CONFIG_PATH_MAX];  /* shipped rules' folder; "": built in */
	char site_rules[CONFIG_PATH_MAX];
	char log_to[CONFIG_PATH_MAX]; /* "syslog", "stderr" or a file */
	char verp_prefix[128];
	char unsubscribe[256];        /* address of mails that unsubscribe */
	char trust_host[256];         /* authserv-id that is believed */
	char verp_header[128];        /* field that carries tokens */
	char stream_key[128];         /* see work/scope.h */
	enum log_level log_level;
	int64_t summary;              /* seconds from line to line, 0: none */
	int64_t row_limit;            /* bytes of one row */
	int64_t drain_timeout;        /* seconds until the worker is done */
	int64_t worker_memory;        /* bytes of its own, 0: no limit */
	int64_t verp_lifetime;        /* seconds that a token proves */
	int64_t segment_bytes;        /* of one journal file */
	int64_t spare_bytes;          /* of the segment in memory */
	int64_t sync_ms;              /* between fdatasyncs of the journal */
	int64_t journal_keep;         /* seconds a finished segment is kept */
	int64_t journal_bytes;        /* finished segments; oldest go first */
	int64_t commit_ms;            /* after the first uncommitted row */
	int64_t commit_events;        /* or so many failures and complaints */
	/* [bounce-categories]: NAME = CLASS, votes of rows without more */
	struct category categories[CONFIG_CATEGORIES_MAX];
	size_t n_categories;
	int64_t retain[RETAIN_COUNT]; /* seconds by enum retain; 0: for good */
	struct store_settings store;
	struct policy_settings policy;
	struct storm_settings storm;
	char trust_complaints[16], trust_bounces[16]; /* any, sent, signed */
	bool observe;                 /* mode: evidence yes, entries no */
	struct never never;           /* [never-suppress]: LABEL = PATTERN */
};

/* What the command line and the environment say; empty: nothing. */
struct config_where {
	const char *file, *state, *rules;
};

/* All defaults, with PMTA_SUPPRESS_CONFIG, _STATE, _RULES of the environment
 * where `where` says nothing. */
void config_default(struct config *c);

/*
 * Defaults, then the file, then where. The default file may be absent, one
 * named by the user may not. Unknown key, bad value: EX_CONFIG with file,
 * line, what and the mend; c then holds what all other lines say, a default
 * where one has a slip, with where applied: who only observes is not to enforce
 * for a slip elsewhere, nor are rows to go to another list.
 */
bool config_load(struct config *c, const struct config_where *where,
    struct err *e);

/* Every key: "section", "key", default as text, meaning. For the manual, the
 * sample and the tests that hold them together. */
struct config_key {
	const char *section, *key, *value, *meaning;
};
const struct config_key *config_key_at(size_t i); /* NULL: past the last */

/* STATE/suppress.db and so on: joined into out (CONFIG_PATH_MAX). */
bool config_path(const struct config *c, const char *name, char *out,
    struct err *e);

/*
 * Makes ready what both programs need before they open anything: umask 027;
 * the state folder is made (2750) when absent; refused when others than its
 * owner and group could write to it; started by root, the process becomes the
 * folder's owner and group.
 */
bool config_enter(const struct config *c, bool make, struct err *e);

#endif
