/* segment.h - one file of the journal being written. */
#ifndef PIPE_SEGMENT_H
#define PIPE_SEGMENT_H

#include "work/journal.h"

struct segment {
	int fd; /* -1: none is open */
	uint64_t base; /* position of its first byte in the stream */
	uint64_t size;
};

void segment_init(struct segment *g);

/*
 * Begins the segment of stream name at position base; gap: bytes were lost
 * right before it. A file of that name without use is written anew: positions
 * before base are in other files.
 */
bool segment_open(struct segment *g, struct journal *j, const char *name,
    uint64_t base, bool gap, struct err *e);
void segment_close(struct segment *g);

/* Whether the file has been deleted under us. */
bool segment_is_gone(const struct segment *g);

/* pwrite(2) at its end; how many bytes went, 0 with errno when it fails. */
size_t segment_write(struct segment *g, const char *p, size_t n);

#endif
