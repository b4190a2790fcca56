/* rows_made.h - accounting rows made up for tests. */
#ifndef ROWS_MADE_H
#define ROWS_MADE_H

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"

static const char HEADER[] =
    "type,timeLogged,timeQueued,orig,rcpt,orcpt,dsnAction,dsnStatus,dsnDiag,"
    "dsnMta,bounceCat,srcType,srcMta,dlvType,dlvSourceIp,dlvDestinationIp,"
    "dlvEsmtpAvailable,dlvSize,vmta,jobId,envId,queue,vmtaPool\r\n";

/* Row i: every fourth a delivery, the others bounces of distinct people. */
static inline void
make_row(struct buf *b, uint64_t i, uint64_t seed)
{
	bool good = i % 4 == 3;

	buf_addf(b,
	    "%s,2026-11-%02u %02u:%02u:%02u+0000,2026-11-%02u 00:00:00+0000,"
	    "news@send.example,r%llu-%llu@d%llu.example,,%s,",
	    good ? "d" : "b", 1 + (unsigned)(i / 86400 % 20),
	    (unsigned)(i / 3600 % 24), (unsigned)(i / 60 % 60),
	    (unsigned)(i % 60), 1 + (unsigned)(i / 86400 % 20),
	    (unsigned long long)seed, (unsigned long long)i,
	    (unsigned long long)(i % 997), good ? "relayed" : "failed");
	if (good)
		buf_adds(b, "2.0.0 (success),smtp;250 2.0.0 OK");
	else
		buf_addf(b,
		    "5.1.1 (bad destination mailbox address),"
		    "\"smtp;550 5.1.1 no such user,\r\n here %llu\"",
		    (unsigned long long)i);
	buf_addf(b,
	    ",mx.d%llu.example (192.0.2.1),%s,smtp,h (10.0.0.1),smtp,"
	    "198.51.100.1,192.0.2.1,\"PIPELINING,8BITMIME\",%s,v1,j1,e%llu,"
	    "d%llu.example/v1,pool\r\n",
	    (unsigned long long)(i % 997), good ? "" : "bad-mailbox",
	    good ? "1234" : "", (unsigned long long)i,
	    (unsigned long long)(i % 997));
}

/* Rows end at a newline outside quotes; the first one is the header. NULL: there
 * is none, or no memory. */
static inline struct str *
cut_rows(struct str all, struct str *header, size_t *n)
{
	struct str *row = NULL;
	size_t cap = 0;
	size_t from = 0;
	bool quoted = false;

	*n = 0;
	for (size_t i = 0; i < all.n; i++) {
		quoted ^= all.p[i] == '"';
		if (quoted || all.p[i] != '\n')
			continue;
		if (*n == cap) {
			cap = cap * 2 + 1024;
			row = reallocarray(row, cap, sizeof *row);
			if (row == NULL)
				return NULL;
		}
		row[(*n)++] = str_sub(all, from, i + 1 - from);
		from = i + 1;
	}
	if (*n == 0)
		return NULL;
	*header = row[0];
	memmove(row, row + 1, --*n * sizeof *row);
	return row;
}

#endif
