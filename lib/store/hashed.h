/* hashed.h - the list as digests of its addresses, in memory: for files that
 * hold no addresses but their digests. */
#ifndef STORE_HASHED_H
#define STORE_HASHED_H

#include "store/snapshot.h"
#include "wrap/glib.h"

struct hashed; /* opened and freed only by hashed.c */

/* As snapshot_open(), snapshot_fill() and so on; low is not looked at, 27 to
 * 54 bytes an entry are taken (while it grows 80), and past w->memory
 * hashed_fill() fails. */
struct hashed *hashed_open(struct store *s, const struct snapshot_wants *w,
    enum glib_digest digest, struct err *e);
void hashed_close(struct hashed *h);
bool hashed_fill(struct hashed *h, size_t rows, bool *more, struct err *e);
struct snapshot_size hashed_size(const struct hashed *h);

/* hex: lower-case digits. out gets class, scope and since; false: it is not
 * listed. A whole domain has no digest that could be known, nor has an address
 * that was erased: hashed_size() counts both. */
bool hashed_find(
    const struct hashed *h, struct str hex, struct entry_brief *out);

#endif
