/* scope.c - which stream of mail an event belongs to. */
#include "work/scope.h"

#define HEADER "header_"
#define HEADER_NAME_MAX 100

/* What ends the part of a jobId that its jobs have in common. */
static const struct str JOB_ENDS = { "-_.:", 4 };

static struct str
of_vmta(const struct event *ev)
{
	return ev->vmta;
}

static struct str
of_pool(const struct event *ev)
{
	return ev->pool;
}

static struct str
of_job(const struct event *ev)
{
	return ev->job;
}

static struct str
of_job_prefix(const struct event *ev)
{
	size_t n = 0;

	while (n < ev->job.n && str_chr(JOB_ENDS, ev->job.p[n]) == JOB_ENDS.n)
		n++;
	return str_sub(ev->job, 0, n);
}

static struct str
of_none(const struct event *ev)
{
	(void)ev;
	return STR("");
}

/* All but the originator's domain, which is not what a column holds. */
static const struct scope_key {
	const char *name;
	struct str (*of)(const struct event *ev);
} KEYS[] = {
	{ "vmta", of_vmta },
	{ "pool", of_pool },
	{ "job", of_job },
	{ "job-prefix", of_job_prefix },
	{ "none", of_none },
};

#define ORIG_DOMAIN "orig-domain"

struct str
scope_column(struct str key)
{
	return str_starts(key, STR(HEADER)) ? key : STR("");
}

/* What may be the name of a header field (RFC 5322). */
static bool
is_field_name(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] <= ' ' || s.p[i] > '~' || s.p[i] == ':' ||
		    s.p[i] == ',' || s.p[i] == '"')
			return false;
	return s.n > 0 && s.n <= HEADER_NAME_MAX;
}

bool
scope_is_key(struct str key)
{
	for (size_t i = 0; i < COUNT(KEYS); i++)
		if (str_eq(key, str_from(KEYS[i].name)))
			return true;
	return str_eq(key, STR(ORIG_DOMAIN)) ||
	    (scope_column(key).n > 0 && is_field_name(SCOPE_HEADER(key)));
}

/* Rows name streams, and lists go out with the names: no byte may stand in
 * one that would tear a line of them or do harm on a terminal. */
static bool
tears(char c)
{
	return c <= ' ' || c > '~' || c == ',' || c == '"' || c == '\'' ||
	    c == '\\';
}

void
scope_fold(struct str name, char *out, size_t cap)
{
	static const char HEX[] = "0123456789abcdef";
	size_t n = 0;

	for (size_t i = 0; i < name.n; i++) {
		unsigned char c = (unsigned char)name.p[i];

		if (n + (tears(name.p[i]) ? 3 : 1) >= cap)
			break;
		if (tears(name.p[i])) {
			out[n++] = '%';
			out[n++] = HEX[c >> 4];
			out[n++] = HEX[c & 15];
		} else {
			out[n++] = ascii_lower(name.p[i]);
		}
	}
	out[n] = '\0';
}

/* domain is ADDRESS_MAX bytes, in which the name may stand. */
static struct str
scope_name(struct str key, const struct event *ev, char *domain)
{
	/* What our own token says is what was sent. */
	if (ev->proof == PROOF_SIGNED && ev->stream.n > 0 &&
	    !str_eq(key, STR("none")))
		return ev->stream;
	if (str_eq(key, STR(ORIG_DOMAIN)))
		return address_domain_key(address_domain(ev->orig), domain,
		    ADDRESS_MAX) == ADDRESS_OK ? str_skip(str_from(domain), 1)
		    : STR("");
	if (scope_column(key).n > 0)
		return str_trim(ev->stream);
	for (size_t i = 0; i < COUNT(KEYS); i++)
		if (str_eq(key, str_from(KEYS[i].name)))
			return KEYS[i].of(ev);
	return STR("");
}

bool
scope_of(struct str key, const struct event *ev, struct buf *out,
    struct err *e)
{
	char domain[ADDRESS_MAX], folded[SCOPE_NAME_MAX + 1];
	struct str name = str_trim(scope_name(key, ev, domain));

	buf_clear(out);
	if (name.n == 0)
		return true;
	scope_fold(name, folded, sizeof folded);
	buf_add(out, STR("stream:"));
	buf_add(out, str_from(folded));
	return buf_ok(out, e);
}
