/*
 * fuzz_address.c - addresses: a key is its own key, fits, is printable in one
 * line; a VERP gives what stands in it.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "mail/address.h"
#include "wrap/glib.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
must(bool ok)
{
	if (!ok)
		abort();
}

static void
check_key(struct str in)
{
	char key[ADDRESS_MAX];
	char again[ADDRESS_MAX];
	char domain[ADDRESS_MAX];
	enum address_cause cause = address_key(in, key, sizeof key);

	if (cause != ADDRESS_OK) {
		must(key[0] == '\0');
		return;
	}
	must(strlen(key) < sizeof key && glib_is_utf8(str_from(key)));
	for (size_t i = 0; key[i] != '\0'; i++)
		must((unsigned char)key[i] >= ' ' && key[i] != '\x7f');
	must(address_key(str_from(key), again, sizeof again) == ADDRESS_OK);
	must(strcmp(key, again) == 0);
	must(!address_is_redacted(str_from(key)));
	must(address_domain_key(address_domain(str_from(key)), domain,
		 sizeof domain) == ADDRESS_OK);
	must(str_eq(str_from(domain + 1), address_domain(str_from(key))));
}

/* The three parts are cut at NUL bytes. */
static void
check_verp(struct str in)
{
	struct str orig = { NULL, 0 };
	struct str prefix = { NULL, 0 };
	char out[ADDRESS_MAX];

	(void)(str_cut(&in, '\0', &orig) && str_cut(&in, '\0', &prefix));
	if (address_verp(orig, prefix, in, out, sizeof out) != VERP_OK) {
		must(out[0] == '\0');
		return;
	}
	must(strlen(out) < sizeof out && strchr(out, '@') != NULL);
	must(strlen(out) < orig.n);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char small[24];
	char domain[ADDRESS_MAX];
	char *copy = malloc(size > 0 ? size : 1);
	struct str in;

	must(copy != NULL);
	if (size > 0)
		memcpy(copy, data, size);
	in = str_of(copy, size);
	check_key(in);
	check_verp(in);
	address_key(in, small, sizeof small);
	address_domain_key(in, domain, sizeof domain);
	address_is_redacted(in);
	free(copy);
	return 0;
}
