/* fixed_keys.h - keys whose tokens tests can write down. */
#ifndef FIXED_KEYS_H
#define FIXED_KEYS_H

#include <string.h>

#include "mail/sign.h"

#define NOW INT64_C(1795219200) /* 2026-11-21 00:00:00, day 512a */

/* Keys k2, k3: secrets 00 01 .. 1f and 01 02 .. 20. */
static inline void
make_keys(struct sign_keys *k)
{
	memset(k, 0, sizeof *k);
	k->n = 2;
	k->lifetime = INT64_C(90) * 86400;
	for (size_t i = 0; i < k->n; i++) {
		memcpy(k->list[i].name, i == 0 ? "k2" : "k3", 3);
		for (size_t j = 0; j < SIGN_SECRET; j++)
			k->list[i].secret[j] = (char)(i + j);
	}
}

#endif
