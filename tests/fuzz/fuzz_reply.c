/* fuzz_reply.c - any bytes as a reply: its codes, its folded form, its
 * verdict. A first byte of context, the recipient up to a newline, the text. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "verdict/classify.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Folding again changes nothing: groups of like replies have one name. */
static void
fold_is_stable(struct str text, const struct reply_context *c)
{
	struct buf once = { 0 }, twice = { 0 };

	reply_fold(text, c, &once);
	reply_fold(buf_str(&once), c, &twice);
	if (!str_eq(buf_str(&once), buf_str(&twice))) {
		fprintf(stderr, "once:  %.*s\ntwice: %.*s\n",
		    STR_ARG(buf_str(&once)), STR_ARG(buf_str(&twice)));
		abort();
	}
	if (once.n > REPLY_TEXT_MAX)
		abort();
	buf_release(&once);
	buf_release(&twice);
}

static void
codes_are_sane(struct str text)
{
	struct reply_codes codes;
	struct reply_status again;
	char status[16];

	reply_codes(text, &codes);
	if (codes.code != 0 && (codes.code < 250 || codes.code > 599))
		abort();
	if (codes.status.class == 0)
		return;
	if (!reply_status_of(
		str_from(reply_status_text(codes.status, status)), &again) ||
	    reply_status_number(again) != reply_status_number(codes.status))
		abort();
}

/* The two ways to find a rule agree, and no soft reply suppresses. */
static void
verdict_is_sane(struct rules *r, const struct failure *f)
{
	struct buf folded = { 0 };
	struct rule_input in = classify_input(r, f, &folded);
	const struct rule *plain = rules_find_plain(r, &in, NULL);
	struct verdict v;

	if (rules_find(r, &in, NULL) != plain)
		abort();
	classify(r, f, &folded, &v);
	if (v.rule != plain || v.advice == NULL || v.limit_hits > 0)
		abort();
	if ((!f->failed || v.code / 100 == 4 || v.status.class == 4) &&
	    (v.decision == DECISION_SUPPRESS_ADDRESS ||
		v.decision == DECISION_SUPPRESS_DOMAIN ||
		v.strength == STRENGTH_STRONG))
		abort();
	if (f->row && v.local && v.decision == DECISION_SUPPRESS_ADDRESS)
		abort();
	buf_release(&folded);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct rules *rules;
	struct str text = str_of((const char *)data, size);
	struct err e = { 0 };
	struct failure f = { 0 };
	unsigned how;

	if (rules == NULL)
		rules = rules_open(NULL, NULL, &e);
	if (rules == NULL) {
		fprintf(stderr, "%s\n", e.text);
		abort();
	}
	how = size > 0 ? data[0] : 0;
	text = str_skip(text, 1);
	if (!str_cut(&text, '\n', &f.context.rcpt))
		return 0;
	f.context.self_ip = STR("192.0.2.1");
	f.context.self_domain = STR("news.example");
	f.context.self_host = STR("mta1.sender.example");
	f.diag = text;
	f.failed = (how & 1) != 0;
	f.row = (how & 2) != 0;
	f.mta = (how & 4) != 0 ? STR("mx.example.com (192.0.2.7)") : STR("");
	f.dsn_status =
	    (how & 8) != 0 ? STR("5.0.0 (undefined status)") : STR("");
	fold_is_stable(text, &f.context);
	codes_are_sane(text);
	verdict_is_sane(rules, &f);
	return 0;
}
