/*
 * fuzz_stage.c - at which command a host refused, from words of strangers: the
 * reply stays, and what is added is one of the stages.
 *
 * Input: 0x1f cuts the recipient, the reply and the words.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "mail/stage.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
must(bool ok)
{
	if (!ok)
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *copy = malloc(size + 1);
	char *room = malloc(STAGE_ROOM); /* its end is watched */
	struct str in = str_of(copy, size);
	struct str rcpt = { "", 0 }, diag = { "", 0 };
	struct str got;

	must(copy != NULL && room != NULL);
	memcpy(copy, data, size);
	(void)str_cut(&in, '\x1f', &rcpt);
	(void)str_cut(&in, '\x1f', &diag);
	got = stage_add(in, rcpt, diag, room);
	if (got.p != room) {
		must(str_eq(got, diag));
	} else {
		must(got.n < STAGE_ROOM && !stage_is_in(diag));
		must(stage_is_in(got) && str_ends(got, STR(")")));
		/* A reply with a NUL ends there, as in every text of C. */
		must(str_starts(got,
		    str_sub(diag, 0, str_chr(diag, '\0'))));
		/* Told once: what tells it is not added to. */
		must(stage_add(in, rcpt, got, room).p == got.p);
	}
	free(copy);
	free(room);
	return 0;
}
