/* erase.h - addresses that were erased on request: a keyed hash stays in
 * their place, and still blocks. */
#ifndef STORE_ERASE_H
#define STORE_ERASE_H

#include "store/store.h"

#define ERASED_KEY 66 /* '#', 64 hex digits, NUL */

/* Whether any address is erased: then whoever looks an address up in table
 * entry must look its erased_key() up as well. Cheap. */
bool erased_any(struct store *s, bool *any, struct err *e);
/* What stands in table entry for the address (a key) if it was erased; "" while
 * none is, and for a domain. Cheap where none is, one HMAC-SHA-256 else. */
bool erased_key(struct store *s, struct str address, char out[ERASED_KEY],
    struct err *e);
/* When the address was erased; 0: it was not. */
bool erased_at(struct store *s, struct str address, int64_t *at,
    struct err *e);

/* What went, and what stays blocked. */
struct erase_sums {
	char hash[ERASED_KEY];
	enum class class;  /* of the block that stays */
	int64_t since;     /* of it */
	int64_t before;    /* it was erased then already; 0: it was not */
	int64_t entries, evidence, changes, replies;
};

/*
 * In a batch: the address and its evidence go; replies, notices and people's
 * words that hold it are replaced. One entry for the hash stays, global and
 * without end: of the class and date of the strongest one that was in force,
 * for whatever stream, else a manual one from now on. No undo brings it back.
 */
bool store_erase(struct store *s, struct str address, struct str who,
    int64_t now, struct erase_sums *out, struct err *e);

/* In a batch: the person came back. The entry of the hash is the caller's to
 * lift before; what is told of the address is stored again. */
bool store_unerase(struct store *s, struct str address, struct err *e);

/* After the commit: empties the log, so that what was deleted is in no file
 * any more. EX_TEMPFAIL: a reader keeps it. */
bool store_clear_log(struct store *s, struct err *e);
/* Writes the whole database anew: its free space then holds nothing. */
bool store_rewrite(struct store *s, struct err *e);
/* Whether another, longer address that is stored holds this one. */
bool store_has_longer(struct store *s, struct str address, bool *has,
    struct err *e);

/* Rows from before are no evidence any more; 0: there is no such time. As of
 * the batch's begin. */
int64_t store_floor(const struct store *s);

#endif
