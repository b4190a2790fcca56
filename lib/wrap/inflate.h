/* inflate.h - reads a file as it is or unpacks gzip on the way, by zlib. */
#ifndef WRAP_INFLATE_H
#define WRAP_INFLATE_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct inflate; /* opened and freed only by inflate.c */

/* A path, or "-" for standard input. EX_NOINPUT when it cannot be opened or
 * is a folder. */
struct inflate *inflate_open(const char *path, struct err *e);
/* The same of a file that is open already; takes fd, also when it fails. */
struct inflate *inflate_take(int fd, const char *path, struct err *e);
void inflate_close(struct inflate *f);
/* Whether the file is gzip, not plain bytes. Once something was read. */
bool inflate_is_packed(struct inflate *f);
/* Bytes of the file, packed as it may be, that were read so far. */
uint64_t inflate_used(struct inflate *f);
/* Up to n bytes of content into p; *got 0 at the end. EX_IOERR for read
 * errors, EX_DATAERR for a broken or cut gzip stream, for what stands behind
 * one (zeros alone may), and for what begins as a file of another
 * packer or as UTF-16. */
bool inflate_read(struct inflate *f, char *p, size_t n, size_t *got,
    struct err *e);
/* Up to n bytes of content, at most INFLATE_PEEK, that the next read gives
 * again; before anything else was read. */
#define INFLATE_PEEK 512
bool inflate_peek(struct inflate *f, char *p, size_t n, size_t *got,
    struct err *e);
/* Whether its content can be read at any place: a plain file, not packed. Once
 * something was read. */
bool inflate_is_flat(struct inflate *f);
/* The same as inflate_read() at a place, of a flat file. */
bool inflate_read_at(struct inflate *f, uint64_t at, char *p, size_t n,
    size_t *got, struct err *e);
/* Goes to a place of the unpacked content (forward or back). */
bool inflate_seek(struct inflate *f, uint64_t at, struct err *e);

#endif
