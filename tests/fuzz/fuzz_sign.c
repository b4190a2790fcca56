/*
 * fuzz_sign.c - tokens: what is signed is proved, what was altered is not,
 * and bytes of strangers prove nothing.
 */
#include <stdint.h>
#include <stdlib.h>

#include "mail/sign.h"
#include "../unit/fixed_keys.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
must(bool ok)
{
	if (!ok)
		abort();
}

/* The right tags are nobody's to guess: an input that proves is one that was
 * signed with the fixed keys, and signing what it says gives it again. */
static void
check_stranger(const struct sign_keys *k, struct str in)
{
	struct sign_claim c, again;
	struct err e = { 0 };
	enum sign_cause why;

	why = sign_verify_address(k, in, in, NOW, &c);
	must((why == SIGN_OK) == (c.rcpt[0] != '\0'));
	must(why == SIGN_NONE || sign_is_in(in));
	if (why == SIGN_OK)
		must(sign_claim_make(&again, str_from(c.rcpt),
		    str_from(c.stream), STR(""), &e));
	why = sign_verify_header(k, in, NOW, &c);
	must((why == SIGN_OK) == (c.rcpt[0] != '\0'));
	must(sign_cause_text(why)[0] != '\0');
}

/* NUL bytes cut the recipient, the stream, the message id and the prefix;
 * at: the place that is altered. */
static void
check_own(const struct sign_keys *k, struct str in, uint8_t at)
{
	struct str part[4] = { { NULL, 0 } };
	char local[SIGN_LOCAL_MAX + 1];
	struct sign_claim c, got;
	struct err e = { 0 };
	struct buf b = { 0 };

	for (size_t i = 0; i < COUNT(part); i++)
		(void)str_cut(&in, '\0', &part[i]);
	if (!sign_claim_make(&c, part[0], part[1], part[2], &e))
		return;
	sign_header(&k->list[0], &c, NOW, &b);
	must(sign_verify_header(k, buf_str(&b), NOW, &got) == SIGN_OK);
	must(strcmp(got.rcpt, c.rcpt) == 0 &&
	    strcmp(got.stream, c.stream) == 0 &&
	    strcmp(got.message_id, c.message_id) == 0);
	b.p[at % b.n] = b.p[at % b.n] == 'a' ? 'b' : 'a';
	must(sign_verify_header(k, buf_str(&b), NOW, &got) != SIGN_OK);
	buf_release(&b);
	/* A prefix that has a token's form itself is the caller's fault. */
	if (str_chr(part[3], '1') < part[3].n ||
	    !sign_local(&k->list[1], &c, part[3], NOW, local))
		return;
	must(strlen(local) <= SIGN_LOCAL_MAX);
	if (str_chr(part[3], '@') == part[3].n &&
	    str_chr(part[3], '<') == part[3].n &&
	    str_eq(str_trim(part[3]), part[3]))
		must(sign_verify_address(k, str_from(local),
			 str_from(c.rcpt), NOW, &got) == SIGN_OK &&
		    strcmp(got.rcpt, c.rcpt) == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct sign_keys k;
	char *copy = malloc(size > 0 ? size : 1);

	must(copy != NULL);
	make_keys(&k);
	if (size > 0) {
		memcpy(copy, data, size);
		check_stranger(&k, str_of(copy, size));
		check_own(&k, str_of(copy + 1, size - 1), data[0]);
	}
	free(copy);
	return 0;
}
