/* shim_memory.h - what shim_memory.so and who runs a program with it share. */
#ifndef FAULT_SHIM_MEMORY_H
#define FAULT_SHIM_MEMORY_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

struct shim_memory {
	uint64_t at; /* which allocation fails; 0: none */
	bool lasts; /* and all behind it */
	bool children; /* those of forked processes count, not the first's */
	_Atomic uint64_t seen, failed;
	_Atomic uint64_t glib; /* of them those that GLib asked for */
};

#endif
