/* store.h - the database: entries, evidence, counters, streams, changes. */
#ifndef STORE_STORE_H
#define STORE_STORE_H

#include <stdint.h>

#include "base/buf.h"
#include "mail/address.h"
#include "mail/event.h"
#include "policy/policy.h"
#include "verdict/class.h"

#define STORE_VERSION 4

struct store; /* opened and freed only by store.c */

enum store_mode {
	STORE_READ,   /* must exist; works for who may write nothing */
	STORE_WRITE   /* made if need be, stepped up if old */
};

struct store_settings {
	bool full;               /* synchronous=FULL instead of NORMAL */
	int64_t cache_bytes;     /* page cache */
	int64_t checkpoint_bytes; /* WAL size past which store_tidy() copies */
};

/*
 * Opens STATE/suppress.db. EX_NOINPUT: absent (read mode), EX_CONFIG: made
 * by a newer version or not ours, EX_TEMPFAIL: busy, EX_IOERR: else. wait_ms
 * bounds how long a locked database is waited for in each call, 0: not at all.
 */
struct store *store_open(const char *path, enum store_mode mode,
    const struct store_settings *s, unsigned wait_ms, struct err *e);
/* Whether nothing was there before it was opened. */
bool store_was_made(const struct store *s);
/* A copy of it as it is now, to be written to, in a file without a name; gone
 * with store_close(). */
struct store *store_copy(struct store *s, struct err *e);
void store_close(struct store *s);

/* One batch. begin takes the write lock at once: EX_TEMPFAIL when another has
 * it; EX_IOERR, too, when the file was moved, deleted or replaced: open it
 * anew. Nothing done outside begin/commit is kept by half. */
bool store_begin(struct store *s, struct err *e);
bool store_commit(struct store *s, struct err *e);
void store_rollback(struct store *s);
bool store_in_batch(const struct store *s);
/* Until read_done all reads see one state of the database, and cost less; its
 * log cannot begin anew meanwhile. */
bool store_read(struct store *s, struct err *e);
void store_read_done(struct store *s);
/* Until then a power cut can take back the last commits, where they are not
 * `full`: before anything is deleted that they came from. EX_IOERR, too, when
 * the file is no longer where it was. */
bool store_sync(struct store *s, struct err *e);
/* Checkpoint apart from commits: passive when idle or past the size. */
bool store_tidy(struct store *s, bool idle, struct err *e);
/* After a very large batch: the log is made empty, or whoever opens the
 * database first would read all of it. */
bool store_empty_log(struct store *s, struct err *e);

/* The latest event time that was worked on, in a batch; and that of our own
 * rows, behind which one of them is late, whatever others have reported. */
int64_t store_horizon(const struct store *s);
int64_t store_horizon_own(const struct store *s);
void store_horizon_raise(struct store *s, int64_t time);
/* The same by a report of others. */
void store_horizon_report(struct store *s, int64_t time);
/* The first of these as it is stored. */
bool store_horizon_read(struct store *s, int64_t *time, struct err *e);
/* Single numbers by name; one that is not there is 0. */
bool level_get(struct store *s, struct str name, int64_t *value,
    struct err *e);
bool level_put(struct store *s, struct str name, int64_t value,
    struct err *e);

/* ---- words: names stored once. 0 is the empty word. ---- */
bool store_word(struct store *s, struct str text, int64_t *id, struct err *e);
/* The same of what a row says (vmta, IP, bounceCat): past so many words a new
 * one is "<other>". What a stranger's report says may fill half of them. */
#define STORE_WORDS_MAX 100000
/* Whether it is known, or has room yet. */
bool store_word_fits(struct store *s, struct str text, bool stranger,
    bool *fits, struct err *e);
bool store_word_said(struct store *s, struct str text, bool stranger,
    int64_t *id, struct err *e);
/* Appends the word's text; nothing for 0. */
bool store_word_text(struct store *s, int64_t id, struct buf *out,
    struct err *e);

/* Whether it is one. */
bool store_has_word(struct store *s, struct str text, bool *has, struct err *e);

/* ---- replies: folded text stored once, with the first one seen ---- */
/* Past so many a new one is "<other>"; strangers' reports, and hosts that
 * nobody knows, fill half of them. */
#define STORE_REPLIES_MAX 200000
bool store_reply(struct store *s, struct str folded, struct str sample,
    bool stranger, int64_t *id, struct err *e);

/* ---- evidence ---- */
struct evidence {
	struct str address;  /* key, or "@domain" */
	struct evidence_fact fact;
	int64_t sub;         /* for feedback: its class, else 0 */
	int64_t queued;
	int64_t scope;       /* word: the stream of mail it came from */
	int64_t provider, vmta, ip, cat; /* words, as fact.rule is; cat is
	                                  * bounceCat as the row gave it */
	int64_t code, status, reply;
	int64_t marked;      /* delivery that cleared it, or is noted; or 0 */
	int64_t bulk;
	int64_t incident;    /* that holds it, or held it */
	int64_t stream, offset, length; /* where the raw bytes stand */
};

/* *added false: it was there already (same address, time, kind, sub). */
bool evidence_add(struct store *s, const struct evidence *ev, bool *added,
    struct err *e);
/* The newest POLICY_FACTS_MAX facts on address whose class is on ladder,
 * sorted by time, retries of one message and day as one, of an address with
 * very many rows some of each day; the array is the store's, until the next
 * call. scope 0: any. */
bool evidence_history(struct store *s, struct str address, enum ladder l,
    int64_t scope, const struct evidence_fact **facts, size_t *n,
    struct err *e);
/* Class, strength, rule, code, status and reply of the last transient (t) of
 * ev's address and message before its time; *found false: none. */
bool evidence_last_transient(struct store *s, const struct evidence *ev,
    struct evidence *out, bool *found, struct err *e);
/* A delivery: marks soft evidence older than time as cleared; *cleared counts
 * it. Reports, and what is strong, note the first. evidence_maybe_soft() says
 * in nanoseconds whether there can be any, by hash64() of the address; sooner,
 * when it was told ahead who comes. */
bool evidence_maybe_soft(struct store *s, uint64_t hash);
void evidence_ahead(const struct store *s, uint64_t hash);
/* The same before evidence_add(). */
void evidence_add_ahead(const struct store *s, uint64_t hash);
/* The same is said of it from now on, whatever its evidence is. */
bool evidence_watch(struct store *s, struct str address, struct err *e);
/* Whether address has reports that nothing proves and that are not doubted:
 * one that is deemed otherwise, or is believed only now, is told so. */
bool evidence_any_open(struct store *s, struct str address, bool *any,
    struct err *e);
bool evidence_trust(struct store *s, const struct evidence *ev,
    struct err *e);
/* What a delivery changed: what it cleared, and reports of which it is the
 * first delivery after them that is known. */
struct evidence_told {
	int64_t cleared, noted;
};
bool evidence_clear(struct store *s, struct str address, int64_t time,
    struct evidence_told *out, struct err *e);
/* What else is known of the address of ev, which was just added. */
struct evidence_crowd {
	int64_t today; /* rows of its class that came the same way (our own,
	                * a report, one that proves itself) and that anybody
	                * vouches for, on the same UTC day, or in the hour,
	                * before its time, `many` at most */
	int64_t alike; /* of these, what counts or is held and weighs as much,
	                * `many` at most */
	bool alone;    /* nothing else */
};
bool evidence_today(struct store *s, const struct evidence *ev, int64_t many,
    struct evidence_crowd *out, struct err *e);
/* Whom a storm or a breaker is about: provider 0 any, reply 0 any. */
struct evidence_group {
	int64_t provider, reply;
	bool (*has)(int64_t group, enum class c);
	int64_t group;       /* given to has() */
	bool reports;        /* by rb and raw mails, else by b and t */
	bool is_signed;      /* of these, the signed ones; else the others */
	int64_t from;        /* not older ones, unless held before */
};
struct evidence_held {
	int64_t n;
	int64_t delivered; /* after some of it, as far as is known; else 0 */
};
/* What counts of address in that group is held, and counted. A delivery after
 * it drops it: out tells the last that was read already. What an earlier
 * incident had held is held again: it counted only since the address failed on
 * another day, which is held now. */
bool evidence_hold(struct store *s, struct str address,
    const struct evidence_group *g, int64_t incident,
    struct evidence_held *out, struct err *e);
/* One piece of evidence, as it was added. */
bool evidence_hold_one(struct store *s, const struct evidence *ev,
    int64_t incident, struct err *e);
/* Whether something is held of address on this ladder from before `before`. */
bool evidence_is_held(struct store *s, struct str address, enum ladder l,
    int64_t before, bool *is, struct err *e);
/* What is held of address on this ladder from before `before` counts again. */
bool evidence_unhold(struct store *s, struct str address, enum ladder l,
    int64_t before, int64_t *n, struct err *e);
/* The same for what incident holds of address: it counts again, or (drop) is
 * void. A part of the bulk, so it can be undone. */
bool evidence_settle(struct store *s, struct str address, enum ladder l,
    int64_t incident, bool drop, int64_t bulk, struct err *e);

/* ---- what the policy listed lately, by event time ---- */
#define STORE_FRESH_SPAN (INT64_C(3) * 86400) /* kept, before the horizon */
struct fresh {
	int64_t time;
	struct str address;
	int64_t scope;       /* word */
	enum class class;
	int64_t provider, reply;
};
bool fresh_add(struct store *s, const struct fresh *f, struct err *e);
/* Those behind `after` (its time, address, scope and class) up to time `to`, in
 * that order, at most limit. */
typedef bool fresh_fn(void *ctx, const struct fresh *f, struct err *e);
bool fresh_list(struct store *s, const struct fresh *after, int64_t to,
    int64_t limit, fresh_fn *fn, void *ctx, struct err *e);

/* What of all evidence tells who is to be judged on which ladder. */
struct evidence_seen {
	struct str address;
	int64_t time, scope; /* scope: word */
	enum kind kind;
	enum class class;
	enum strength strength;
};
typedef bool seen_fn(void *ctx, const struct evidence_seen *row,
    struct err *e);
/* By address, each by time; address empty: of all. The function may
 * ask the store for anything else. */
bool evidence_scan(struct store *s, struct str address, seen_fn *fn, void *ctx,
    struct err *e);
/* ---- entries ---- */
enum entry_state {
	ENTRY_ACTIVE = 0,
	ENTRY_HELD = 1,
	ENTRY_LIFTED = 2, /* by a person, a delivery or an undo */
	ENTRY_ENDED = 3   /* ran out, and that was told */
};
const char *entry_state_name(enum entry_state s);

struct entry {
	struct str address;   /* key, or "@domain" */
	struct str scope;     /* "global" or "stream:NAME" */
	enum class class;
	enum entry_state state;
	int64_t since, until; /* until 0: no end */
	struct str rule;      /* rule that decided, "-" for none */
	struct str source;    /* "policy", "manual", "import" */
	struct str reason;    /* a person's words or the policy's arithmetic */
	bool subdomains;      /* "@domain": what is below it, too */
	bool is_new;          /* entry_put(): there is none of the address yet,
	                       * as entry_standing() told: none is looked for */
	bool of_streams;      /* as entry_decides() tells, also where it finds
	                       * none: there are some of other streams */
	int64_t mark;         /* evidence up to here no longer counts for it */
	int64_t bulk, incident;
};

/* The entry of that key; views stand until the next call on the store. */
bool entry_get(struct store *s, struct str address, struct str scope,
    enum class c, struct entry *out, bool *found, struct err *e);
/* Adds or replaces, and writes the change that this is ("add", "change",
 * "hold", "remove": worked out from what was there; none when nothing that is
 * told outward changed). who: "policy", "user:NAME". Of an address that was
 * erased (erase.h) nothing is written: it is blocked already. */
bool entry_put(struct store *s, const struct entry *en, struct str who,
    int64_t now, struct err *e);
/* Which entry is lifted, and what for. */
struct entry_lift {
	struct str address, scope;
	enum class class;
	int64_t upto;        /* evidence up to here no longer counts for it */
	struct str why;
	int64_t bulk;
};
/* Lifts: state lifted, mark set to upto. *lifted false: none was active. */
bool entry_lift(struct store *s, const struct entry_lift *l, struct str who,
    int64_t now, bool *lifted, struct err *e);
/* What counts, or is held, up to `upto` and carries the entry is void. That is
 * all of its ladder's, but of a ladder with an entry for each stream that of
 * the entry's own stream alone. */
bool evidence_void(struct store *s, const struct entry_lift *l,
    struct err *e);
/* Ends what ran out before now, as changes, at most so many: when it was that
 * many there may be more, for another batch. */
#define ENTRY_EXPIRE_MAX 2000
bool entry_expire(struct store *s, int64_t now, int64_t *ended, struct err *e);
/* How many that would be in all. */
bool entry_run_out(struct store *s, int64_t now, int64_t *n, struct err *e);

/* How an address stands on one ladder: its entry of any of the ladder's
 * classes that is active or held, else the last of those that ended; and the
 * latest mark of all of them. */
struct standing {
	bool found;          /* active or held */
	bool ended;          /* none is, this one was; no incident */
	enum class class;
	enum entry_state state;
	int64_t since, until, mark;
	int64_t incident;    /* that holds it; 0: a person does */
	bool by_policy;      /* not by a person or an import */
	bool none;           /* the address has no entry, not even lifted */
};
bool entry_standing(struct store *s, struct str address, struct str scope,
    enum ladder l, struct standing *out, struct err *e);

/*
 * The entry that decides whether mail may go to address (a key) at `now`, by
 * precedence, over the address, its hash if it was erased (out->address is
 * then that), its domain, and the domains above that as far as their entries
 * hold for sub-domains. scope: "" asks for global
 * entries only, else also "stream:NAME". *found false: it may be mailed.
 */
bool entry_decides(struct store *s, struct str address, struct str scope,
    int64_t now, struct entry *out, bool *found, struct err *e);

/*
 * Many new entries in a batch, by key: their changes, one number each, are a
 * run that takes no rows. *added false: the entry is there already, or its key
 * does not come behind the last one; entry_put() is for these, after
 * entry_run_end(). All zero is none begun.
 */
struct entry_run {
	int64_t first, next, who, bulk, now;
	char address[ADDRESS_MAX]; /* of the last one added */
	int64_t scope;
	enum class class;
};
bool entry_run_begin(struct store *s, struct entry_run *r, struct str who,
    int64_t bulk, int64_t now, struct err *e);
bool entry_run_add(struct store *s, struct entry_run *r,
    const struct entry *en, bool *added, struct err *e);
bool entry_run_end(struct store *s, struct entry_run *r, struct err *e);

/*
 * The same for who asks about very many: words stay numbers, the scope is one
 * already (entry_scope(): 0 global alone, -1 one that no entry has), and
 * "@domain" is given too (p NULL: neither it nor one above has an entry).
 */
struct entry_brief {
	bool found;
	bool by_domain;       /* its domain, or one above, is what is listed */
	bool subdomains;
	struct str listed;    /* the key; stands until the next call */
	enum class class;
	int64_t since, until;
	int64_t scope, rule, source, reason; /* words; scope 0: global */
	int64_t mark, bulk, incident;
	bool of_streams;      /* there are entries of streams not asked for */
};
bool entry_scope(struct store *s, struct str scope, int64_t *id,
    struct err *e);
bool entry_brief(struct store *s, struct str address, struct str domain,
    int64_t scope, int64_t now, struct entry_brief *out, struct err *e);

/* A number for one bulk action, told in changes. */
bool store_new_bulk(struct store *s, struct str what, struct str who,
    int64_t now, int64_t *id, struct err *e);

/*
 * Takes a bulk back: each entry becomes what it was before, unless something
 * else has changed it since or a delivery has cleared what the policy listed it
 * for (left counts those), and the evidence that it made void, or let count, is
 * as it was, as are incidents that it settled. The undo is the bulk `as`, so it
 * can be undone. *found false: there is no such bulk.
 */
struct undo_sums {
	bool found;
	int64_t undone, left;
	int64_t erased; /* of those left: the address was erased since */
	int64_t evidence, incidents;
};
bool store_undo(struct store *s, int64_t bulk, int64_t as, struct str who,
    int64_t now, struct undo_sums *out, struct err *e);

/* Entries of the policy that the bulk, an undo, has put back in force, where a
 * delivery has cleared a part of what they may stand on; one may come twice. */
typedef bool undo_entry_fn(void *ctx, struct str address, struct str scope,
    enum class c, struct err *e);
bool undo_cleared(struct store *s, int64_t bulk, undo_entry_fn *fn,
    void *ctx, struct err *e);
/* Entries of a person that it has lifted, where evidence counts: while they
 * stood nothing was decided by it. */
bool undo_lifted(struct store *s, int64_t bulk, undo_entry_fn *fn,
    void *ctx, struct err *e);

struct bulk_row {
	int64_t id, at, changes;
	struct str what, who;
};
typedef bool bulk_fn(void *ctx, const struct bulk_row *row, struct err *e);
/* The latest first, at most limit. */
bool bulk_list(struct store *s, int64_t limit, bulk_fn *fn, void *ctx,
    struct err *e);

/* ---- asking: rows given to a function; false from it stops ---- */
struct entry_filter {
	struct str address;  /* exact key; empty: all */
	struct str like;     /* "*" and "?" pattern on addresses; empty: all */
	struct str scope;
	struct str class;    /* a class, or a group ("gone"); empty: all */
	struct str provider;
	struct str source;
	struct str rule;
	struct str reply;    /* "*" and "?" pattern on the folded reply */
	struct str domain;   /* of the address; empty: all */
	bool subdomains;     /* only domains that hold for what is below */
	int64_t since;       /* entries since then; 0: all */
	int64_t until;       /* entries since before then; 0: all */
	int64_t now;         /* for what has run out */
	bool all_states;     /* also held, lifted and run out ones */
	int64_t limit;       /* 0: no limit */
};

/* The address of every entry in force, without order; one with several
 * entries comes several times. */
typedef bool address_fn(void *ctx, struct str address, struct err *e);
bool entry_addresses(struct store *s, int64_t now, address_fn *fn, void *ctx,
    struct err *e);

/* An entry with what its last evidence says. */
struct entry_row {
	struct entry entry;
	int64_t last_seen;
	struct str provider, status, diagnostic; /* diagnostic: folded reply */
	int64_t code;
	int64_t change;      /* number of its last change */
	struct str action;   /* with a cursor: add, remove, change, hold */
};
typedef bool entry_fn(void *ctx, const struct entry_row *row, struct err *e);

bool entry_list(struct store *s, const struct entry_filter *f, entry_fn *fn,
    void *ctx, struct err *e);
/* What changed after change number `after`, one row a key: what imports added
 * by key, then the others in change order. fn may ask entry_list() for those
 * of one address. */
bool entry_changed(struct store *s, int64_t after,
    const struct entry_filter *f, entry_fn *fn, void *ctx, struct err *e);

/* Evidence on an address, oldest first, with words and reply resolved. */
struct evidence_row {
	struct evidence ev;
	struct str rule, provider, vmta, ip, scope, folded, sample, cat;
	struct str stream;   /* name of the stream or file */
};
typedef bool evidence_fn(void *ctx, const struct evidence_row *row,
    struct err *e);
bool evidence_list(struct store *s, struct str address, evidence_fn *fn,
    void *ctx, struct err *e);

struct change_row {
	int64_t n, at;
	struct str action, address, scope, who, why;
	enum class class;
	int64_t bulk;
};
typedef bool change_fn(void *ctx, const struct change_row *row, struct err *e);
bool change_list(struct store *s, struct str address, change_fn *fn,
    void *ctx, struct err *e);
bool change_last(struct store *s, int64_t *n, struct err *e);
/* All changes behind number `after`, in order. */
bool change_feed(struct store *s, int64_t after, change_fn *fn, void *ctx,
    struct err *e);
/* A number that is another when somebody else has committed: cheap. */
bool store_moved(struct store *s, int64_t *version, struct err *e);

/* ---- cursors of delta exports ---- */
/* *found false: a new cursor, that starts with the whole list. */
bool cursor_get(struct store *s, struct str name, int64_t *at, int64_t *pending,
    bool *found, struct err *e);
/* Sets what a later ack will move it to. */
bool cursor_pend(struct store *s, struct str name, int64_t pending,
    struct err *e);
bool cursor_move(struct store *s, struct str name, int64_t at, int64_t now,
    struct err *e);
struct cursor_row {
	struct str name;
	int64_t at;      /* the last change that its reader has; -1: none yet */
	int64_t pending; /* what an ack moves it to */
	int64_t moved;   /* 0: never */
};
typedef bool cursor_fn(void *ctx, const struct cursor_row *row,
    struct err *e);
/* All of them by name. */
bool cursor_list(struct store *s, cursor_fn *fn, void *ctx, struct err *e);

/* ---- streams and files: where the reading stands ---- */
enum road { ROAD_PIPE = 0, ROAD_FILE = 1 };

struct stream {
	int64_t id;
	enum road road;
	uint64_t pos;        /* bytes worked on */
	uint64_t kept;       /* the same as it is stored */
	int64_t rows;        /* rows worked on */
	uint64_t chain;      /* of the first rows, see stream_head_add() */
	int64_t known;       /* of its first rows, those that an earlier stream
	                      * of the same road had */
	bool resync;
	bool finished;
	uint64_t ident;      /* files: hash of the first 4 KiB; 0: none */
	int64_t ident_bytes; /* how many bytes were hashed */
	uint64_t tail;       /* files: hash of up to 4 KiB before pos; or 0 */
};

/* Finds by name, or makes it. header (caller's buf) gets the header row. */
bool stream_open(struct store *s, struct str name, enum road road,
    struct stream *out, struct buf *header, struct err *e);
/* Another stream by ident (files moved or compressed). */
bool stream_by_ident(struct store *s, uint64_t ident, int64_t ident_bytes,
    struct stream *out, bool *found, struct err *e);
/* Keeps where it stands, in the batch. header with p NULL: as it was. EX_IOERR,
 * too, when it does not stand where we read it: an older copy of the database
 * was put back, so what we know of it is wrong. */
bool stream_keep(struct store *s, struct stream *st, struct str header,
    int64_t now, struct err *e);
bool stream_rename(struct store *s, int64_t id, struct str name, struct err *e);
/* Position of a stream by name; *found false: never seen. */
bool stream_find(struct store *s, struct str name, struct stream *out,
    bool *found, struct err *e);
typedef bool stream_fn(void *ctx, struct str name, const struct stream *st,
    int64_t changed, struct err *e);
bool stream_list(struct store *s, stream_fn *fn, void *ctx, struct err *e);

/* The first rows of each stream by chained hash, so that the same rows given
 * again are known (counters only; evidence knows itself). */
#define STREAM_HEAD_ROWS 16
bool stream_head_add(struct store *s, uint64_t hash, int64_t stream,
    struct err *e);
/* Rows that other streams of the same road with this head have worked on;
 * 0: none. */
bool stream_head_rows(struct store *s, uint64_t hash,
    const struct stream *not_this, int64_t *rows, struct err *e);

/* ---- counters of rows that are no evidence: per 10 minutes x provider x vmta
 * ---- */
struct counter_key {
	int64_t bucket;      /* UTC second of the bucket's start */
	int64_t provider, vmta; /* words */
	int64_t kind, road;
};
#define COUNTER_BUCKET 600
/* Adds in memory; written with the commit. */
bool counter_add(struct store *s, const struct counter_key *k, int64_t n,
    struct err *e);

/* ---- tallies of a stream: rows by kind, skipped by cause, verdicts ---- */
enum tally { TALLY_ROWS, TALLY_SKIP, TALLY_CLASS, TALLY_DECISION,
	TALLY_OTHER };
/* sub: kind, skip, class or decision number; written with the commit. */
bool tally_add(struct store *s, int64_t stream, enum tally t, int64_t sub,
    int64_t n, struct err *e);
typedef bool tally_fn(void *ctx, enum tally t, int64_t sub, int64_t n,
    struct err *e);
/* Sums over all streams since the database was made. */
bool tally_list(struct store *s, tally_fn *fn, void *ctx, struct err *e);

/* ---- things an operator must be told (status), by kind ---- */
bool notice_add(struct store *s, struct str kind, struct str text,
    int64_t stream, int64_t now, struct err *e);
struct notice_row {
	struct str kind, text;
	int64_t first, last, n; /* when, and how often it was told */
};
typedef bool notice_fn(void *ctx, const struct notice_row *row,
    struct err *e);
bool notice_list(struct store *s, notice_fn *fn, void *ctx, struct err *e);

/* ---- the whole, in a fixed order, for comparing two databases ---- */
typedef bool dump_fn(void *ctx, struct str line, struct err *e);
bool store_dump(struct store *s, dump_fn *fn, void *ctx, struct err *e);

struct store_counts {
	int64_t entries_active, entries_held, entries_lifted, entries_ended,
	    evidence, replies, changes, bytes, free_bytes;
};
bool store_count(struct store *s, int64_t now, struct store_counts *out,
    struct err *e);
/* Active entries by class. */
typedef bool count_fn(void *ctx, enum class c, int64_t n, struct err *e);
bool entry_count_by_class(struct store *s, int64_t now, count_fn *fn,
    void *ctx, struct err *e);

#endif
