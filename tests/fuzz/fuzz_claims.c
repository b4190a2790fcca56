/*
 * fuzz_claims.c - mails that carry tokens of ours: whoever is proved is one of
 * those whom a token was made for, whatever else the mail says.
 *
 * Input: a mail in which 0x01 to 0x04 stand for tokens: an address and a header
 * field for each of two people.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "mail/message.h"
#include "../unit/fixed_keys.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const PEOPLE[] = { "ada@one.example", "bob@two.example" };

static void
must(bool ok)
{
	if (!ok)
		abort();
}

static void
make_token(const struct sign_keys *k, unsigned which, struct buf *out)
{
	struct sign_claim c;
	struct err e = { 0 };
	char local[SIGN_LOCAL_MAX + 1];

	must(sign_claim_make(
	    &c, str_from(PEOPLE[which / 2]), STR("news"), STR("m@x"), &e));
	if (which % 2 == 1) {
		sign_header(&k->list[1], &c, NOW, out);
		return;
	}
	must(sign_local(&k->list[1], &c, STR("bounce-"), NOW, local));
	buf_adds(out, local);
	buf_adds(out, "@s.example");
}

static bool
take(void *ctx, const struct event *ev, struct err *e)
{
	bool *tokens = ctx;

	(void)e;
	if (ev->proof != PROOF_SIGNED)
		return true;
	must(*tokens);
	must(strcmp(ev->address, PEOPLE[0]) == 0 ||
	    strcmp(ev->address, PEOPLE[1]) == 0);
	return true;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct sign_keys keys;
	const struct message_settings settings = {
		.verp_prefix = STR("bounce"),
		.claims = { .keys = &keys, .header = STR("X-Suppress-Ref") },
	};
	struct message_envelope env = { .settings = &settings };
	struct err e = { 0 };
	struct buf mail = { 0 };
	bool tokens = false;

	make_keys(&keys);
	for (size_t i = 0; i < size; i++) {
		if (data[i] == 0 || data[i] > 4) {
			buf_addc(&mail, (char)data[i]);
			continue;
		}
		tokens = true;
		make_token(&keys, data[i] - 1u, &mail);
	}
	must(message_read(buf_str(&mail), &env, NOW, take, &tokens, &e));
	buf_release(&mail);
	return 0;
}
