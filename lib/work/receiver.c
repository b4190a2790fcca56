/* receiver.c - who received, as far as failures of one cause go together. */
#include "work/receiver.h"

#include <stdlib.h>

#include "mail/address.h"
#include "wrap/hash.h"

#define SHORT_LABEL 3 /* "co.uk": then one label more is the domain */

/* "example.com" of "mx1.example.com.", "a.co.uk" of "mx.a.co.uk". */
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

/* "host.name (192.0.2.1)": without the address. */
static struct str
host_of(const struct event *ev)
{
	struct str mta = ev->mta, host = STR("");

	(void)str_word(&mta, &host);
	return host;
}

static int64_t
group_of(struct str host, struct str domain)
{
	uint64_t hash = 0;

	/* "[192.0.2.1]" is no name. */
	if (host.n == 0 || host.p[0] == '[' || host.p[0] == '(')
		host = domain;
	host = base_domain(host);
	for (size_t i = 0; i < host.n; i++)
		hash = (hash ^ (unsigned char)ascii_lower(host.p[i])) *
		    0x100000001b3u;
	hash = hash64_number(hash, 0);
	return -1 - (int64_t)(hash % RECEIVER_GROUPS);
}

int64_t
receiver_of(unsigned provider, int64_t word, const struct event *ev)
{
	return provider != PROVIDER_OTHER ? word
	    : group_of(host_of(ev), address_domain(str_from(ev->address)));
}

#define SEEN_BITS 12
#define SEEN_BYTES 88 /* of host and domain */

struct receivers {
	struct seen {
		char text[SEEN_BYTES]; /* host, domain */
		uint8_t host, domain;  /* their bytes; domain 0: none yet */
		uint16_t provider;
		int16_t group;
	} of[1u << SEEN_BITS];
};

struct receivers *
receivers_new(void)
{
	return calloc(1, sizeof(struct receivers));
}

void
receivers_free(struct receivers *r)
{
	free(r);
}

/* From both ends of a name, as much as tells most of them apart. */
static uint64_t
ends_of(struct str s)
{
	uint64_t head = 0, tail = 0;

	if (s.n >= sizeof head) {
		memcpy(&head, s.p, sizeof head);
		memcpy(&tail, s.p + s.n - sizeof tail, sizeof tail);
	} else {
		for (size_t i = 0; i < s.n; i++)
			tail = tail << 8 | (unsigned char)s.p[i];
	}
	return (head ^ s.n) * UINT64_C(0x9e3779b97f4a7c15) + tail;
}

static size_t
seen_at(struct str host, struct str domain)
{
	uint64_t x = ends_of(domain) * UINT64_C(0xd6e8feb86659fd93) +
	    ends_of(host);

	return (x ^ x >> 32) * UINT64_C(0x9e3779b97f4a7c15) >> (64 - SEEN_BITS);
}

static struct receiver
find(const struct providers *p, struct str host, struct str domain)
{
	struct receiver who = { .provider = provider_find(p, host, domain) };

	if (who.provider == PROVIDER_OTHER)
		who.group = group_of(host, domain);
	return who;
}

struct receiver
receiver_find(struct receivers *r, const struct providers *p,
    const struct event *ev)
{
	struct str domain = address_domain(str_from(ev->address));
	struct str host = host_of(ev);
	struct receiver who;
	struct seen *s;

	if (r == NULL || domain.n == 0 || host.n + domain.n > SEEN_BYTES)
		return find(p, host, domain);
	s = &r->of[seen_at(host, domain)];
	if (s->host == host.n && s->domain == domain.n &&
	    str_eq(str_of(s->text, host.n), host) &&
	    str_eq(str_of(s->text + host.n, domain.n), domain))
		return (struct receiver){ s->provider, s->group };
	who = find(p, host, domain);
	memcpy(s->text, host.p, host.n);
	memcpy(s->text + host.n, domain.p, domain.n);
	s->host = (uint8_t)host.n;
	s->domain = (uint8_t)domain.n;
	s->provider = (uint16_t)who.provider;
	s->group = (int16_t)who.group;
	return who;
}
