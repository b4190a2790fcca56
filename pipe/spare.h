/* spare.h - a segment in memory, for when the journal cannot be written. */
#ifndef PIPE_SPARE_H
#define PIPE_SPARE_H

#include "segment.h"
#include "shared.h"

/*
 * The mover writes it, the worker reads it; both hold the same descriptor
 * since the fork. Where it begins and ends stands in the shared memory.
 */
struct spare {
	int fd; /* -1: there is none, it holds nothing */
	uint64_t max;
	struct shared *sh;
};

/* Without it (no memory, no descriptor) bytes are dropped right away. */
bool spare_open(
    struct spare *s, struct shared *sh, uint64_t max, struct err *e);
void spare_close(struct spare *s);

/* ---- the mover ---- */

/* Begins it, empty, at a position of the stream. */
void spare_begin(struct spare *s, uint64_t base, bool gap);
uint64_t spare_room(const struct spare *s);
/* n bytes have been written at its end. */
void spare_grown(struct spare *s, size_t n);
/* Copies at most one chunk from position pos on to the segment; *n bytes
 * went. False: the segment cannot be written, see errno. */
bool spare_flush(const struct spare *s, uint64_t pos, struct segment *to,
    uint64_t room, size_t *n);
/* What is before upto (at least half of what there is) is needed no more, and
 * there is room for as much. False: it cannot be. */
bool spare_drop(struct spare *s, uint64_t upto);
/* Its bytes are in segments now. */
void spare_empty(struct spare *s);

/* ---- the worker ---- */

/* As source.read, but that no end is told; nothing got: it has none of that
 * place. orphan: the mover is dead, what it last wrote may not be told in
 * shared memory. */
bool spare_read(const struct spare *s, bool orphan, struct piece *in,
    struct err *e);

#endif
