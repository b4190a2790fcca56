/* inside.h - what the files of lib/store share. */
#ifndef STORE_INSIDE_H
#define STORE_INSIDE_H

#include "base/arena.h"
#include "base/bloom.h"
#include "store/db.h"
#include "store/incident.h"
#include "store/store.h"
#include "store/table.h"

struct counter_row {
	struct counter_key key;
	int64_t n;
};

/* A Bloom filter of table soft: a byte a row and more. */
struct soft {
	uint64_t *words;
	size_t n_words;  /* a power of two; 0: none yet */
	uint64_t count;  /* hashes put in */
	int64_t last;    /* the last row of the table that is in it */
	uint64_t late[256]; /* put in, but not yet in the table */
	size_t n_late;
};

/* Who has evidence, by hash64() of the address. Known where all of it was added
 * by this process; another's commit ends that. */
struct known {
	bool whole;
	/* Of 1 and 2 M addresses, 6 MB. Past these it is forgotten: a pipe that
	 * lives for months keeps its size. */
	struct bloom layers[2];
	size_t n_layers;
	uint64_t room;       /* for so many more in the last layer */
};

/* Rows, keyed by their text, that are not yet in their table. */
enum wait_table { WAIT_EVIDENCE, WAIT_CHANGE, WAIT_FRESH, WAIT_ENTRY,
	WAIT_COUNT };
struct wait {
	struct db_row *row;
	size_t n;
	struct arena texts;
	struct table at;     /* hash64() of a text -> its last row */
	bool others;         /* the next statement is about another text */
};

struct store {
	struct db *db;
	struct store_settings settings;
	bool write, batch;
	bool reading; /* between store_read() and its end */
	bool made;    /* by the opening of it */
	int64_t seen_version; /* PRAGMA data_version at the last refresh */
	uint64_t seed;        /* hashes in memory cannot be aimed at */
	struct table words, replies;
	int64_t word_count, reply_count; /* -1: not asked yet */
	struct soft soft;     /* who may have clearable evidence */
	struct known known;
	struct wait wait[WAIT_COUNT];
	int64_t last_change;  /* the number of the last that waits */
	struct table counter_at; /* hash of a key -> index + 1 */
	struct counter_row *counters;
	size_t n_counters, cap_counters;
	struct table tallies; /* packed key -> n */
	struct evidence_fact *facts;
	size_t cap_facts;
	struct evidence_brief {
		struct evidence_fact fact;
		int64_t scope;
	} *rows;              /* read last: of rows_of, newest first */
	size_t n_rows, cap_rows;
	char rows_of[ADDRESS_MAX];
	int64_t rows_at;      /* changes when they were read; -1: none were */
	struct share *share;   /* share.c */
	struct incidents *incidents; /* incident.c */
	struct horizon {
		int64_t own, reports;
	} horizon, horizon_kept; /* kept: as stored; own -1: not read */
	int erased;           /* whether any address is; -1: not asked yet */
	char erase_secret[65]; /* while any is */
	char erased_key[66];  /* given out by entry_decides() */
	int64_t floor;        /* rows from before are no evidence */
	struct buf names;     /* texts given out by entry_get() and kin */
	char parent[ADDRESS_MAX]; /* domain given out by entry_decides() */
	struct table seen;    /* word -> its text, a struct str in seen_text */
	struct arena seen_text;
};

/* Reads what other processes added to table soft. */
bool soft_refresh(struct store *s, struct err *e);
/* Deliveries to address will look for what they clear: after the evidence was
 * added. */
bool soft_add(struct store *s, struct str address, struct err *e);
/* The same by hash64(), of an address that for sure has not told before. */
bool soft_add_new(struct store *s, uint64_t hash, struct err *e);
/* Puts what was added into the table: before a commit, or a look there. */
bool soft_settle(struct store *s, struct err *e);
/* By hash64() of the address; false: for sure there is nothing. */
bool soft_has(const struct store *s, uint64_t hash);
void soft_ahead(const struct store *s, uint64_t hash);
/* What was taken in is read again; or for good. */
void soft_forget(struct store *s);
void soft_release(struct store *s);
/* By hash64() of the address; false: for sure it has no evidence. */
bool known_maybe(const struct store *s, uint64_t hash);
void known_ahead(const struct store *s, uint64_t hash);
void known_add(struct store *s, uint64_t hash);
/* After what others may have written, or a rollback: known again only while
 * there is no evidence at all. */
bool known_refresh(struct store *s, struct err *e);
void known_forget(struct store *s);
/* The number of the last row, not less than there are rows; 0: there are
 * none. */
bool evidence_last(struct store *s, int64_t *last, struct err *e);
/* 1: any later delivery clears it; 2: one that 7 quiet days follow; 3: none,
 * yet the first is noted, for a storm that will withdraw it. */
int64_t evidence_clears(const struct evidence_fact *f);
/* The evidence is of an address that has none: it waits. */
bool late_add(struct store *s, const struct evidence *ev, struct err *e);
/* Whether the address's evidence waits; and whether a delivery clears it. */
bool late_clears(const struct store *s, struct str address, bool *clears);
/* What evidence_hold_one() does, of what waits; false: it does not wait. */
bool late_hold(struct store *s, const struct evidence *ev, int64_t incident);
/* A row that waits, for the caller to fill in what its statement reads; NULL:
 * it failed. Before any statement names the table all of them are put in. */
struct db_row *wait_row(struct store *s, enum wait_table t, struct str text,
    struct err *e);
/* The last that waits with that text, or NULL. */
struct db_row *wait_find(const struct store *s, enum wait_table t,
    struct str text);
bool wait_any(const struct store *s, enum wait_table t);
/* The next statement names the table, but is about rows with that text alone:
 * where none of these waits, none is put in. */
void wait_about(struct store *s, enum wait_table t, struct str text);
/* A db_before_fn of the store; and before a commit. */
bool wait_settle(void *store, unsigned tables, struct err *e);
bool wait_settle_all(struct store *s, struct err *e);
void wait_forget(struct store *s);
void wait_release(struct store *s);
/* Asks the table itself, for evidence_is_held(). */
bool evidence_any_held(struct store *s, struct str address, enum ladder l,
    int64_t before, bool *is, struct err *e);
/* What share.c and incident.c hold in memory: written with the commit; or
 * forgotten, to be read again. */
bool share_flush(struct store *s, struct err *e);
void share_forget(struct store *s);
/* Makes the database know what is in [from, to): mostly these are days gone
 * by, and the news of today can wait. */
bool share_write(struct store *s, int64_t from, int64_t to, struct err *e);
void share_release(struct store *s);
bool incident_flush(struct store *s, struct err *e);
void incident_forget(struct store *s);
void incident_release_all(struct store *s);
/* The same for what is erased, and the floor. */
bool erase_refresh(struct store *s, struct err *e);
/* Writes counters and tallies of the batch; forgets them. */
bool counter_flush(struct store *s, struct err *e);
void counter_forget(struct store *s);
/* An entry as a change found it; state -1: there was none. */
struct entry_was {
	int64_t state, since, until, rule, source, reason, mark, incident,
	    subdomains;
};
/* A change that is taken back; scope is a word. */
struct undo_row {
	char address[ADDRESS_MAX];
	int64_t n, scope;
	int64_t last; /* the entry must not have changed since */
	enum class class;
	struct entry_was was;
};
/* What takes it back: words, its bulk, its time; and the word "policy", or -1
 * where nothing is. */
struct undo_by {
	int64_t who, why, bulk, now, policy;
};
/* Brings that back, as a change of its own. *done false: the entry's last
 * change is not r->last, so somebody else's stands. */
bool entry_put_back(struct store *s, const struct undo_row *r,
    const struct undo_by *by, bool *done, struct err *e);

struct entry_words {
	int64_t scope, rule, source, reason, who;
};
/* The numbers of an entry's words; new ones are stored. */
bool entry_words(struct store *s, const struct entry *en, struct str who,
    struct entry_words *w, struct err *e);

/* Changes of an import that have no rows of their own; many: of several. */
struct run {
	int64_t first, last;
	bool many;
};
/* The next behind number `after`, as many as one scan of all entries tells;
 * last 0: there is none. */
bool run_next(struct store *s, int64_t after, struct run *out, struct err *e);
/* What of them nothing has changed since, by number; columns as
 * entry_changed's. */
struct stmt *run_entries(struct store *s, const struct run *r, struct err *e);
/* If the entry's last change is of a run, it gets a row of its own: before
 * anything of the entry is written. */
bool change_settle(struct store *s, struct str address, int64_t scope,
    enum class c, struct err *e);
const char *change_action(int64_t action);

/* Others may have changed the text of a word: what word_seen() gave is gone. */
void texts_forget(struct store *s);
/* The text of a word, kept until texts_forget() or the end; "" for 0. */
bool word_seen(struct store *s, int64_t id, struct str *out, struct err *e);
/* The texts of four columns, which outlive the statement: until the next such
 * call. */
bool names_take(struct store *s, struct stmt *st, int first, struct str out[4],
    struct err *e);
/* The stored word's number, or -1: there is none (nothing is added). */
bool word_find(struct store *s, struct str text, int64_t *id, struct err *e);

#endif
