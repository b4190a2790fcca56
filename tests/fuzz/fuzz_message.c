/* fuzz_message.c - any bytes as a raw mail; seeds: tests/data/mail. */
#include <stdint.h>
#include <stdlib.h>

#include "mail/message.h"
#include "../unit/fixed_keys.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Reads every byte of a view, so that one that ended too late is found. */
static unsigned
touch(struct str s)
{
	unsigned sum = 0;

	for (size_t i = 0; i < s.n; i++)
		sum += (unsigned char)s.p[i];
	return sum;
}

static bool
take(void *ctx, const struct event *ev, struct err *e)
{
	unsigned *sum = ctx;

	(void)e;
	*sum += touch(ev->rcpt) + touch(ev->orig) + touch(ev->diag) +
	    touch(ev->status) + touch(ev->mta) + touch(ev->action) +
	    touch(ev->bounce_cat) + touch(ev->source_ip) + touch(ev->envid) +
	    touch(ev->message_id) + touch(ev->feedback) + touch(ev->format) +
	    touch(ev->stream) +
	    touch(str_from(ev->address)) + touch(str_from(ev->named));
	/* What is of use has an address, what is not says why. */
	if ((ev->skip == SKIP_NONE) != (ev->address[0] != '\0') &&
	    ev->skip != SKIP_NOT_A_FAILURE)
		abort();
	return true;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct sign_keys keys;
	const struct message_settings settings = {
		.verp_prefix = STR("bounce"),
		.unsubscribe = STR("unsub*"),
		.trust_host = STR("mx.example.com"),
		.claims = { .keys = &keys, .header = STR("X-Suppress-Ref") },
	};
	struct message_envelope env = { .envid = STR("e"),
		.settings = &settings };
	struct str mail = str_of((const char *)data, size);
	struct err e = { 0 };
	unsigned sum = 0;

	make_keys(&keys);
	(void)message_starts(mail);
	if (!message_read(mail, &env, NOW, take, &sum, &e))
		abort();
	return 0;
}
