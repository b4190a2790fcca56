/* reply_args.c - a reply on the command line, and what is known beside it. */
#include "reply_args.h"

#include <getopt.h>

#include "args.h"
#include "base/quote.h"
#include "work/pseudo.h"

enum {
	OPT_STATUS = 600,
	OPT_MTA,
	OPT_RCPT,
	OPT_ORIG,
	OPT_IP,
	OPT_BATCH,
	OPT_FLUSH,
	OPT_JSON
};

static const struct option LONGS[] = {
	{ "dsn-status", required_argument, NULL, OPT_STATUS },
	{ "mta", required_argument, NULL, OPT_MTA },
	{ "rcpt", required_argument, NULL, OPT_RCPT },
	{ "orig", required_argument, NULL, OPT_ORIG },
	{ "vmta-ip", required_argument, NULL, OPT_IP },
	{ "json", no_argument, NULL, OPT_JSON },
	{ "batch", no_argument, NULL, OPT_BATCH },
	{ "flush", no_argument, NULL, OPT_FLUSH },
	{ NULL, 0, NULL, 0 },
};

static bool
take_option(struct reply_args *r, int option)
{
	switch (option) {
	case OPT_STATUS:
		r->dsn_status = optarg;
		return true;
	case OPT_MTA:
		r->mta = optarg;
		return true;
	case OPT_RCPT:
		r->rcpt = optarg;
		return true;
	case OPT_ORIG:
		r->orig = optarg;
		return true;
	case OPT_IP:
		r->vmta_ip = optarg;
		return true;
	case OPT_JSON:
		r->json = true;
		return true;
	case OPT_BATCH:
		r->batch = true;
		return true;
	case OPT_FLUSH:
		r->flush = true;
		return true;
	default:
		return false;
	}
}

/* out: its key, ADDRESS_MAX bytes; as it was where none is given. */
static bool
check_address(const char *command, const char *option, const char *address,
    char *out, struct err *e)
{
	enum address_cause cause = ADDRESS_OK;
	char quoted[128];

	if (address != NULL)
		cause = address_key(str_from(address), out, ADDRESS_MAX);
	return cause == ADDRESS_OK ||
	    err_set(e, EX_USAGE, "%s: --%s: '%s' is no address: %s; write "
		"name@domain", command, option, str_quote(str_from(address),
		quoted, sizeof quoted), address_cause_text(cause));
}

static bool
check(const struct reply_args *r, const char *command, struct err *e)
{
	struct reply_status status;

	if (r->dsn_status != NULL &&
	    !reply_status_of(str_from(r->dsn_status), &status))
		return args_wrong(command, "dsn-status", r->dsn_status,
		    "write a status code such as 5.1.1", e);
	if (r->vmta_ip != NULL && !pseudo_is_ip(str_from(r->vmta_ip)))
		return args_wrong(command, "vmta-ip", r->vmta_ip,
		    "write an IP address such as 192.0.2.1", e);
	if (r->flush && !r->batch)
		return err_set(e, EX_USAGE,
		    "%s: --flush goes with --batch; "
		    "leave it out, or add --batch",
		    command);
	if (r->batch && r->text.n > 0)
		return err_set(e, EX_USAGE,
		    "%s: --batch reads standard "
		    "input; leave the reply out",
		    command);
	if (!r->batch && r->text.n == 0 && r->dsn_status == NULL)
		return err_set(e, EX_USAGE,
		    "%s: no reply given; write it in "
		    "quotes: %s '550 5.1.1 user unknown'",
		    command, command);
	return true;
}

bool
reply_args_parse(struct reply_args *r, const char *command, bool batch_too,
    int argc, char **argv, struct err *e)
{
	struct option longs[COUNT(LONGS)];
	char orig[ADDRESS_MAX];
	int o;

	*r = (struct reply_args){ 0 };
	for (size_t i = 0; i < COUNT(LONGS); i++)
		longs[i] = LONGS[i];
	if (!batch_too) /* --batch and --flush are the last two */
		longs[COUNT(LONGS) - 3] = longs[COUNT(LONGS) - 1];
	while ((o = app_option(argc, argv, ":", longs, e)) != -1)
		if (!take_option(r, o))
			return false;
	for (int i = optind; i < argc; i++) {
		if (i > optind)
			buf_addc(&r->text, ' ');
		buf_adds(&r->text, argv[i]);
	}
	return buf_ok(&r->text, e) && check(r, command, e) &&
	    check_address(command, "rcpt", r->rcpt, r->key, e) &&
	    check_address(command, "orig", r->orig, orig, e);
}

void
reply_args_release(struct reply_args *r)
{
	buf_release(&r->text);
}

struct failure
reply_args_failure(const struct reply_args *r, struct str text)
{
	return (struct failure){
		.diag = text,
		.dsn_status = str_from(r->dsn_status),
		.mta = str_from(r->mta),
		.domain = address_domain(str_from(r->key)),
		.failed = true,
		.context = {
			.rcpt = str_from(r->rcpt),
			.self_ip = str_from(r->vmta_ip),
			.self_addr = str_from(r->orig),
			.self_domain = address_domain(str_from(r->orig)),
		},
	};
}
