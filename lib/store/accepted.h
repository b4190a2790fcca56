/* accepted.h - who took mail lately: a Bloom filter a week, files in a folder.
 *
 * Recipients, and their domains as "@domain", each by the hash of its key.
 * Weeks begin on Monday 00:00 UTC. A file is named after its week's Monday and
 * a number, "2026-11-16.0": it has room for twice the recipients of the week
 * known before (at least ACCEPTED_ROOM) at 2 bytes each; when it is full, one
 * of twice the room is begun (".1"). Several processes may read and write at
 * once. A "no" is always right about what was added; a "yes" may be false, see
 * accepted_false_rate(). Adding anything again changes nothing, so a kill at
 * any moment and a replay are harmless. Weeks may come in any order. Nobody
 * may shorten a file while a process has it open; to remove one is fine.
 */
#ifndef STORE_ACCEPTED_H
#define STORE_ACCEPTED_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

#define ACCEPTED_WEEKS 9 /* before the newest one known; older ones go */
#define ACCEPTED_ROOM 1000000 /* recipients; the first week's file has it */
#define ACCEPTED_YOUNG_DAYS 7

struct accepted; /* opened and freed only by accepted.c */

/*
 * Opens folder dir (made 0750 when write). A folder that is missing is an empty
 * set when not write, and looked for again by accepted_tidy(). A file that
 * cannot be used is left out and no failure here: accepted_tidy() tells it.
 */
struct accepted *accepted_open(const char *dir, bool write, struct err *e);
void accepted_close(struct accepted *a);

/*
 * The recipient of this key hash (hash64() of the address key) took mail at
 * time (UTC seconds). More than ACCEPTED_WEEKS before the newest week, or in a
 * year that clock.h does not know: passed over. The caller lets no time through
 * that is far ahead of the clock: it would make the other weeks old ones.
 * False: no file for it could be made (EX_IOERR); what was there before still
 * answers. Only when open for write.
 */
bool accepted_add(struct accepted *a, uint64_t hash, int64_t time,
    struct err *e);

/* The same for the hash of "@domain", which comes again and again: most calls
 * find that it has been added lately. */
bool accepted_add_often(struct accepted *a, uint64_t hash, int64_t time,
    struct err *e);

/* YOUNG: the filters cannot tell yet. */
enum accepted_answer { ACCEPTED_NO, ACCEPTED_YES, ACCEPTED_YOUNG };

/* It will be added soon: memory is asked for its place meanwhile. */
void accepted_ahead(const struct accepted *a, uint64_t hash);
/* The same before accepted_lately(). */
void accepted_lately_ahead(const struct accepted *a, uint64_t hash,
    int64_t time);

/*
 * Whether it took mail in the ACCEPTED_WEEKS weeks before the week of time.
 * That week itself is not consulted, so the answer does not depend on the order
 * of its rows. YOUNG when the earliest delivery noted in those weeks is less
 * than ACCEPTED_YOUNG_DAYS before time, or none is.
 */
enum accepted_answer accepted_lately(const struct accepted *a, uint64_t hash,
    int64_t time);

/* Whether it took mail in the week of time or a later one. */
bool accepted_since(const struct accepted *a, uint64_t hash, int64_t time);

/* The start of the first week after that of time in which it took mail; 0: none
 * is known. */
int64_t accepted_week_after(const struct accepted *a, uint64_t hash,
    int64_t time);

/* Whether it took mail in any week from ACCEPTED_WEEKS before that of time on,
 * however young the filters are. */
bool accepted_around(const struct accepted *a, uint64_t hash, int64_t time);

/* The share (0..1) of recipients who took no mail that accepted_lately() says
 * YES to at time, as full as the filters are now. */
double accepted_false_rate(const struct accepted *a, int64_t time);

/*
 * For the time between batches: begins to write to disk, removes files of weeks
 * more than ACCEPTED_WEEKS before the newest, and sees what other processes
 * made or removed. False: the folder cannot be used, or a file was left out
 * (EX_DATAERR: damaged or none of ours; EX_IOERR: not to be opened); each file
 * is told once. In any case the other files are in use.
 */
bool accepted_tidy(struct accepted *a, struct err *e);

/* A file: the start of its week, how many recipients were noted in it (within
 * its false rate), its bytes. False stops, and leaves the error e holds. */
typedef bool accepted_fn(void *ctx, int64_t week, int64_t recipients,
    int64_t bytes, struct err *e);
/* Calls fn for each file in use, oldest week first. */
bool accepted_each(const struct accepted *a, accepted_fn *fn, void *ctx,
    struct err *e);

#endif
