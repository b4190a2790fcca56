/*
 * fuzz_anon.c - whatever rows hold, no address of them is in what is made of
 * them, the rows are as many as before, and each has as many fields.
 *
 * Input: one byte chooses a header that stands before; the rest is CSV.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "mail/address.h"
#include "mail/scan.h"
#include "verdict/rules.h"
#include "work/anon.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
must(bool ok)
{
	if (!ok)
		abort();
}

#define ALL                                                            \
	"type,timeLogged,timeQueued,orig,rcpt,orcpt,dsnAction,"        \
	"dsnStatus,dsnDiag,dsnMta,bounceCat,srcType,srcMta,dlvType,"   \
	"dlvSourceIp,dlvDestinationIp,dlvEsmtpAvailable,dlvSize,vmta," \
	"jobId,envId,queue,vmtaPool\n"

static const char *const HEADERS[] = {
	"d,no header\n",
	"type,timeLogged,rcpt,dsnDiag\n",
	ALL,
	"type,timeLogged,dsnDiag,userString,orig,rcpt\n",
	"type,dsnDiag,dsnMta,queue,header_Message-ID,timeLogged,rcpt\n",
};

static bool
is_part(char c)
{
	return ascii_is_alnum(c) || c == '.' || c == '-' || c == '_' ||
	    c == '+';
}

/* Whole: a pseudonym may end in somebody's short name. */
static bool
stands_in(struct str s, struct str a)
{
	size_t at;

	while ((at = str_ifind(s, a)) < s.n) {
		if ((at == 0 || !is_part(s.p[at - 1])) &&
		    (at + a.n == s.n || !is_part(s.p[at + a.n])))
			return true;
		s = str_skip(s, at + a.n);
	}
	return false;
}

/* "-@b.example" names nobody. */
static bool
names_somebody(struct str a)
{
	for (size_t i = 0; i < a.n && a.p[i] != '@'; i++)
		if (ascii_is_alnum(a.p[i]))
			return true;
	return false;
}

/* Each plain name@domain.tld of in is not in out. */
static void
must_not_stand_in(struct str in, struct str out)
{
	for (size_t i = 1; i + 1 < in.n; i++) {
		size_t from = i, to = i + 1;
		char key[ADDRESS_MAX];
		struct str a;

		while (from > 0 && is_part(in.p[from - 1]))
			from--;
		while (to < in.n && is_part(in.p[to]))
			to++;
		a = str_sub(in, from, to - from);
		if (in.p[i] != '@' || !names_somebody(a) ||
		    address_key(a, key, sizeof key) != ADDRESS_OK ||
		    address_is_redacted(str_from(key)))
			continue;
		must(!stands_in(out, a));
	}
}

static size_t
anonymise(struct anon *a, struct rows *r, struct str in, struct buf *out)
{
	struct err e = { 0 };
	struct rows_row row;
	enum rows_got got;
	size_t n = 0;

	must(rows_feed(r, in, true, &e));
	while ((got = rows_next(r, &row)) != ROWS_MORE) {
		size_t from = out->n;

		must(anon_row(a, got, &row, out, &e));
		if (got == ROWS_ROW && !row.malformed)
			must_not_stand_in(row.raw,
			    str_skip(buf_str(out), from));
		buf_addc(out, '\n');
		n++;
	}
	return n;
}

static size_t
count_rows(struct rows *r, struct str in)
{
	struct err e = { 0 };
	struct rows_row row;
	size_t n = 0;

	must(rows_feed(r, in, true, &e));
	while (rows_next(r, &row) != ROWS_MORE)
		n++;
	return n;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct config c;
	static struct rules *rules;
	struct err e = { 0 };
	struct pseudo p = { .key = "fuzz" };
	struct anon *a;
	struct rows *r = rows_open(ROWS_LIMIT_DEFAULT, &e);
	struct buf in = { 0 }, out = { 0 };
	size_t n;

	if (rules == NULL) {
		config_default(&c);
		rules = rules_open(NULL, NULL, &e);
		must(rules != NULL);
	}
	p.providers = rules_providers(rules);
	a = anon_open(&c, rules, &p, &e);
	must(a != NULL && r != NULL);
	if (size > 0) {
		buf_adds(&in, HEADERS[data[0] % COUNT(HEADERS)]);
		buf_add(&in, str_of((const char *)data + 1, size - 1));
		n = anonymise(a, r, buf_str(&in), &out);
		must(!in.failed && !out.failed);
		/* What was noise may be a row now, never more of them. */
		must(count_rows(r, buf_str(&out)) <= n);
	}
	buf_release(&in);
	buf_release(&out);
	anon_close(a);
	rows_close(r);
	return 0;
}
