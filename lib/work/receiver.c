/* receiver.c - who received, as far as failures of one cause go together. */
#include "work/receiver.h"

#include "verdict/provider.h"
#include "wrap/hash.h"

#define SHORT_LABEL 3 /* "co.uk": then one label more is the domain */

/* "example.com" of "mx1.example.com.", "example.co.uk" of "mx.example.co.uk". */
static struct str
base_domain(struct str host)
{
	size_t last, second;

	while (str_ends(host, STR(".")))
		host.n--;
	last = str_rchr(host, '.');
	if (last >= host.n)
		return host;
	second = str_rchr(str_sub(host, 0, last), '.');
	if (second >= last)
		return host;
	if (last - second - 1 <= SHORT_LABEL && host.n - last - 1 == 2) {
		size_t third = str_rchr(str_sub(host, 0, second), '.');

		return third < second ? str_skip(host, third + 1) : host;
	}
	return str_skip(host, second + 1);
}

int64_t
receiver_of(unsigned provider, int64_t word, const struct event *ev)
{
	struct str mta = ev->mta, host = STR("");
	uint64_t hash = 0;

	if (provider != PROVIDER_OTHER)
		return word;
	/* "host.name (192.0.2.1)"; "[192.0.2.1]" is no name. */
	if (!str_word(&mta, &host) || host.p[0] == '[' || host.p[0] == '(')
		host = address_domain(str_from(ev->address));
	host = base_domain(host);
	for (size_t i = 0; i < host.n; i++)
		hash = (hash ^ (unsigned char)ascii_lower(host.p[i])) *
		    0x100000001b3u;
	hash = hash64_number(hash, 0);
	return -1 - (int64_t)(hash % RECEIVER_GROUPS);
}
