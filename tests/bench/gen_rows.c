/*
 * gen_rows - accounting rows as PowerMTA writes them, made up from a seed:
 *   gen_rows default|bounces ROWS [SEED]
 * default: 92 of a hundred are deliveries, 4 bounces, 3.5 deferrals, some
 * complaints and remote bounces. bounces: all but deliveries, 40 : 60 for
 * deferrals. Nine of ten recipients come once. Line ends are CRLF, in one of
 * eight rows LF; one reply of 300 holds doubled quotes, one of 500 a byte that
 * is no UTF-8, one of 1000 a line end; one row of 100,000 is too long.
 * On stderr: how many of each kind, and how many are too long.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))
#define TOO_LONG 70000
#define DOMAINS 3000

struct gen {
	uint64_t state;
	unsigned long rows, d, b, t, f, rb, too_long;
};

/* What a host says: %r recipient, %i our address, %x an id, %n a number. */
static const struct reply {
	const char *status, *cat, *text;
} GONE[] = {
	{ "5.1.1 (bad destination mailbox address)", "bad-mailbox",
	    "550-5.1.1 The email account that you tried to reach does not "
	    "exist. Please try 550-5.1.1 double-checking the recipient's email "
	    "address for typos or 550-5.1.1 unnecessary spaces. For more "
	    "information, go to 550 5.1.1 https://support.google.com/mail/"
	    "?p=NoSuchUser %x - gsmtp" },
	{ "5.5.0 (other or undefined protocol status)", "bad-mailbox",
	    "550 5.5.0 Requested action not taken: mailbox unavailable "
	    "(S2017062302). [%x.prod.outlook.com %n %x]" },
	{ "5.1.10 (recipient address has null MX)", "bad-mailbox",
	    "550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient %r not "
	    "found by SMTP address lookup" },
	{ "5.1.1 (bad destination mailbox address)", "bad-mailbox",
	    "550 5.1.1 <%r>: Recipient address rejected: User unknown in "
	    "virtual mailbox table" },
	{ "5.2.1 (mailbox disabled)", "inactive-mailbox",
	    "554 30 Sorry, your message to %r cannot be delivered. This "
	    "mailbox is disabled (554.30)." },
	{ "5.0.0 (undefined status)", "bad-mailbox",
	    "550 Requested action not taken: mailbox unavailable" },
}, REFUSED[] = {
	{ "5.7.1 (delivery not authorized)", "spam-related",
	    "550-5.7.1 [%i] Our system has detected that this message is "
	    "likely 550-5.7.1 unsolicited mail. To reduce the amount of spam "
	    "sent to Gmail, 550-5.7.1 this message has been blocked. Please "
	    "visit 550 5.7.1 https://support.google.com/mail/"
	    "?p=UnsolicitedMessageError %x - gsmtp" },
	{ "5.7.1 (delivery not authorized)", "policy-related",
	    "550 5.7.1 Unfortunately, messages from [%i] weren't sent. Please "
	    "contact your Internet service provider since part of their "
	    "network is on our block list (S3150). [%x.protection.outlook.com "
	    "%n %x]" },
	{ "5.7.1 (delivery not authorized)", "spam-related",
	    "554 5.7.1 Service unavailable; Client host [%i] blocked using "
	    "zen.spamhaus.org; https://www.spamhaus.org/query/ip/%i" },
	{ "5.2.2 (mailbox full)", "quota-issues",
	    "552 5.2.2 <%r>: Mailbox is full / Blocks limit exceeded / Inode "
	    "limit exceeded" },
	{ "5.7.26 (unauthenticated)", "policy-related",
	    "550-5.7.26 This mail has been blocked because the sender is "
	    "unauthenticated. 550-5.7.26 Gmail requires all senders to "
	    "authenticate with either SPF or DKIM. 550 5.7.26 %x - gsmtp" },
}, SOFT[] = {
	{ "4.7.0 (other)", "spam-related",
	    "421 4.7.0 [TSS04] Messages from %i temporarily deferred due to "
	    "unexpected volume or user complaints - 4.16.55.1; see "
	    "https://postmaster.yahooinc.com/error-codes" },
	{ "4.2.2 (mailbox full)", "quota-issues",
	    "452-4.2.2 The recipient's inbox is out of storage space. Please "
	    "direct the 452-4.2.2 recipient to 452 4.2.2 "
	    "https://support.google.com/mail/?p=OverQuotaTemp %x - gsmtp" },
	{ "4.7.1 (delivery not authorized)", "other",
	    "451 4.7.1 <%r>: Recipient address rejected: Greylisted, please "
	    "try again in %n seconds" },
	{ "4.4.7 (delivery time expired)", "message-expired",
	    "451 4.4.0 Temporary server error. Please try again later ATTR%n "
	    "[%x.eurprd.prod.outlook.com %n %x]" },
	{ "4.3.0 (other or undefined mail system status)", "other",
	    "421 Too many concurrent connections from this client %i, %x" },
};

/* xorshift64*: the same everywhere. */
static uint64_t
next(struct gen *g)
{
	g->state ^= g->state >> 12;
	g->state ^= g->state << 25;
	g->state ^= g->state >> 27;
	return g->state * UINT64_C(0x2545f4914f6cdd1d);
}

static unsigned
below(struct gen *g, unsigned n)
{
	return (unsigned)((next(g) >> 32) * n >> 32);
}

struct who {
	char rcpt[96], domain[48], mx[64];
};

static void
make_who(struct gen *g, struct who *w)
{
	static const char *const BIG[][2] = {
		{ "gmail.com", "gmail-smtp-in.l.google.com" },
		{ "gmail.com", "alt1.gmail-smtp-in.l.google.com" },
		{ "hotmail.com", "hotmail-com.olc.protection.outlook.com" },
		{ "outlook.com", "outlook-com.olc.protection.outlook.com" },
		{ "yahoo.com", "mta5.am0.yahoodns.net" },
		{ "gmx.net", "mx00.gmx.net" },
	};
	unsigned i = below(g, 10);

	if (i < COUNT(BIG)) {
		snprintf(w->domain, sizeof w->domain, "%s", BIG[i][0]);
		snprintf(w->mx, sizeof w->mx, "%s", BIG[i][1]);
	} else {
		i = below(g, DOMAINS);
		snprintf(w->domain, sizeof w->domain, "d%u.example", i);
		snprintf(w->mx, sizeof w->mx, "mx.d%u.example", i);
	}
	snprintf(w->rcpt, sizeof w->rcpt, "user.name%" PRIu64 "@%s",
	    next(g) % (g->rows * 10 + 1), w->domain);
}

static void
put_reply(struct gen *g, const char *text, const struct who *w, unsigned ip)
{
	for (; *text != '\0'; text++) {
		if (*text != '%') {
			putchar(*text);
			continue;
		}
		switch (*++text) {
		case 'r':
			fputs(w->rcpt, stdout);
			break;
		case 'i':
			printf("198.51.100.%u", ip);
			break;
		case 'x':
			printf("%016" PRIx64, next(g));
			break;
		default:
			printf("%u", 1000 + below(g, 100000));
		}
	}
	/* What a parser must stand. */
	if (below(g, 300) == 0)
		fputs(" (\"\"quoted\"\")", stdout);
	if (below(g, 500) == 0)
		fputs(" \xe9", stdout);
	if (below(g, 1000) == 0)
		fputs("\r\nsecond line", stdout);
}

static const char *
make_kind(struct gen *g, int bounces)
{
	unsigned i = bounces != 0 ? 9200 + below(g, 800) : below(g, 10000);

	if (i < 9200)
		return "d";
	if (bounces != 0 ? i < 9520 : i < 9600)
		return "b";
	if (i < 9950)
		return "t";
	return i < 9990 ? "f" : "rb";
}

static void
count_row(struct gen *g, const char *kind, int too_long)
{
	g->too_long += too_long != 0;
	if (too_long != 0)
		return;
	g->d += kind[0] == 'd';
	g->b += kind[0] == 'b';
	g->t += kind[0] == 't';
	g->f += kind[0] == 'f';
	g->rb += kind[0] == 'r';
}

static const struct reply *
make_reply(struct gen *g, char kind)
{
	static const struct reply OK = { "2.0.0 (success)", "",
		"250 2.0.0 OK  %n %x - gsmtp" };
	static const struct reply NONE = { "", "", "" };

	if (kind == 'd')
		return &OK;
	if (kind == 'f')
		return &NONE;
	if (kind == 't')
		return &SOFT[below(g, COUNT(SOFT))];
	return below(g, 100) < 60 ? &GONE[below(g, COUNT(GONE))]
				  : &REFUSED[below(g, COUNT(REFUSED))];
}

static void
make_row(struct gen *g, unsigned long i, int bounces)
{
	unsigned long at = i / 40; /* rows a second */
	unsigned ip = below(g, 250), vmta = below(g, 40);
	const char *kind = make_kind(g, bounces);
	int too_long = below(g, 100000) == 0;
	const struct reply *r = make_reply(g, kind[0]);
	char time[32];
	struct who w;

	make_who(g, &w);
	snprintf(time, sizeof time, "2026-%02lu-%02lu %02lu:%02lu:%02lu+0000",
	    9 + at / 2592000 % 3, 1 + at / 86400 % 30, at / 3600 % 24,
	    at / 60 % 60, at % 60);
	printf("%s,%s,%s,bounce-%lu=%s@b%lu.sender.example,%s,,%s,%s,\"smtp;",
	    kind, time, time, i, w.domain, i % 3, w.rcpt,
	    kind[0] == 'd'       ? "relayed"
		: kind[0] == 't' ? "delayed"
				 : "failed",
	    r->status);
	put_reply(g, r->text, &w, ip);
	count_row(g, kind, too_long);
	for (unsigned j = 0; too_long != 0 && j < TOO_LONG; j++)
		putchar('x');
	printf("\",%s (192.0.2.%u),%s,smtp,app (10.0.0.1),smtp,198.51.100.%u,"
	       "192.0.2.%u,\"ENHANCEDSTATUSCODES,PIPELINING,8BITMIME,SIZE,"
	       "SMTPUTF8,STARTTLS\",%u,vmta%u,job%lu,,%s/vmta%u,pool1,%s%s",
	    w.mx, ip, r->cat, ip, ip, below(g, 40000), vmta, i / 50000,
	    w.domain, vmta, kind[0] == 'f' ? "abuse" : "",
	    below(g, 8) == 0 ? "\n" : "\r\n");
}

int
main(int argc, char **argv)
{
	struct gen g = { .state = 42 };
	int bounces = argc > 1 && strcmp(argv[1], "bounces") == 0;

	if (argc < 3 || (bounces == 0 && strcmp(argv[1], "default") != 0)) {
		fputs("usage: gen_rows default|bounces ROWS [SEED]\n", stderr);
		return EX_USAGE;
	}
	g.rows = strtoul(argv[2], NULL, 10);
	if (argc > 3)
		g.state = strtoull(argv[3], NULL, 10) | 1;
	fputs("type,timeLogged,timeQueued,orig,rcpt,orcpt,dsnAction,dsnStatus,"
	      "dsnDiag,dsnMta,bounceCat,srcType,srcMta,dlvType,dlvSourceIp,"
	      "dlvDestinationIp,dlvEsmtpAvailable,dlvSize,vmta,jobId,envId,"
	      "queue,vmtaPool,feedbackType\r\n",
	    stdout);
	for (unsigned long i = 0; i < g.rows; i++)
		make_row(&g, i, bounces);
	fprintf(stderr,
	    "rows %lu d %lu b %lu t %lu f %lu rb %lu too-long %lu\n", g.rows,
	    g.d, g.b, g.t, g.f, g.rb, g.too_long);
	return fflush(stdout) == 0 ? 0 : EX_IOERR;
}
