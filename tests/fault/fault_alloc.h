/* fault_alloc.h - lets the n-th allocation fail: our own calls come here by
 * the linker (--wrap), SQLite's by its own settings. */
#ifndef FAULT_ALLOC_H
#define FAULT_ALLOC_H

#include <stdbool.h>
#include <stdint.h>

/* Before SQLite is used at all. */
void fault_alloc_take_sqlite(void);

/* The n-th allocation from now on fails, of ours or (sqlite) of SQLite's;
 * lasts: and all behind it. Until fault_alloc_disarm(). */
void fault_alloc_arm(uint64_t n, bool sqlite, bool lasts);
void fault_alloc_disarm(void);
/* How many have failed since it was armed. */
uint64_t fault_alloc_failed(void);

#endif
