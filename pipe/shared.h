/* shared.h - the memory that the mover and its worker both see. */
#ifndef PIPE_SHARED_H
#define PIPE_SHARED_H

#include <stdatomic.h>

#include "base/log.h"
#include "work/journal.h"
#include "work/work.h"

#define SHARED_NOTES 32 /* things to tell that wait for the worker */
#define SHARED_QUARANTINE 32 /* records to pass over that are remembered */

/* What comes in, worked out by the mover from the first bytes. */
enum sniffed { SNIFFED_NOT_YET, SNIFFED_ROWS, SNIFFED_JSON, SNIFFED_MESSAGE };
enum shared_database { DATABASE_UNKNOWN, DATABASE_THERE, DATABASE_FAILED };

/* What the mover has to tell. While input is open and a worker lives it does
 * not write to the log: one that blocks must not stop the reading. */
enum note_kind {
	NOTE_INPUT,
	NOTE_JOURNAL,
	NOTE_SPARE,
	NOTE_DROPPED,
	NOTE_WORKER,
	NOTE_QUARANTINE,
	NOTE_COUNT
};

struct note {
	enum note_kind kind;
	enum log_level level;
	char text[512];
};

/* A record of a stream. */
struct shared_record {
	char name[JOURNAL_NAME_MAX];
	uint64_t pos;
};

/* What all workers of this start have committed. */
struct shared_sums {
	struct work_sums work;
	uint64_t others; /* bytes of other streams, that others had taken in */
};

/*
 * Written by one side each. A position is a count of bytes of the stream,
 * bytes that were dropped left out.
 */
struct shared {
	/* the mover's */
	_Atomic(uint64_t) head; /* bytes taken in */
	_Atomic(uint64_t) disk; /* of these, in segments */
	_Atomic(bool) eof; /* no more bytes will come */
	_Atomic(int) input; /* enum sniffed */
	_Atomic(unsigned) home; /* raised whenever the stream is claimed */
	_Atomic(unsigned) spare_turn; /* raised around each change of these: */
	_Atomic(uint64_t) spare_base; /* position of its first byte */
	_Atomic(uint64_t) spare_size;
	_Atomic(bool) spare_gap; /* bytes were lost right before its base */
	_Atomic(uint64_t) dropped; /* bytes lost since the start */
	_Atomic(int64_t) drop_first, drop_last; /* when */
	_Atomic(uint64_t) moves, wakes;
	_Atomic(unsigned) notes_in;
	struct note notes[SHARED_NOTES];
	_Atomic(unsigned) quarantined;
	struct shared_record quarantine[SHARED_QUARANTINE];

	/* the worker's */
	_Atomic(int) database; /* enum shared_database */
	_Atomic(bool) sleeping; /* it wants to be woken */
	_Atomic(bool) done; /* all is worked on and committed */
	_Atomic(uint64_t) worked; /* committed position */
	_Atomic(unsigned) sums_at; /* which one stands: no death leaves half */
	struct shared_sums sums[2];
	_Atomic(uint64_t) summed; /* bytes worked on at the last summary */
	_Atomic(uint64_t) dropped_told; /* dropped bytes kept as a notice */
	_Atomic(unsigned) notes_out;
	struct shared_record at; /* the record in work */
	_Atomic(uint64_t) at_size; /* 0: none is */
};

/* All zero, and the same for children; NULL: no memory (EX_OSERR). */
struct shared *shared_new(struct err *e);
void shared_free(struct shared *sh);

/* The mover: leaves something to tell. When all places are taken it is lost,
 * and that is what the last one says. */
void shared_note(struct shared *sh, enum note_kind kind, enum log_level level,
    const char *fmt, ...) __attribute__((format(printf, 4, 5)));
/* Whoever tells: the oldest note into out; false: there is none. */
bool shared_take_note(struct shared *sh, struct note *out);
/* Tells all notes in l. */
void shared_tell(struct shared *sh, struct log *l);

/* The worker: what has been committed by now. */
const struct shared_sums *shared_sums(struct shared *sh);
void shared_put_sums(struct shared *sh, const struct shared_sums *sums);

/* The worker: the record in work, size 0: none. */
void shared_at(
    struct shared *sh, const char *stream, uint64_t pos, uint64_t size);
/* The mover: this record is to be passed over. */
void shared_quarantine(struct shared *sh, const struct shared_record *r);
/* The worker: whether it is. */
bool shared_is_poison(struct shared *sh, const char *stream, uint64_t pos);

/* "csv", "json", "message", or "" while the first bytes have not come. */
const char *shared_input(struct shared *sh);

#endif
