/* provider_args.c - the provider that --provider names. */
#include "provider_args.h"

#include "base/near.h"
#include "base/quote.h"

static const char *
nearest(const char *value, const struct providers *p, char out[NEAR_TEXT])
{
	struct near near = near_to(value);

	for (unsigned i = 0; i < provider_count(p); i++)
		near_try(&near, provider_name(p, i));
	return near_text(&near, out);
}

bool
provider_or(struct app *a, struct str *name, struct err *e)
{
	const struct providers *p;
	char near[NEAR_TEXT], quoted[128];
	unsigned number;
	bool has = true;

	if (name->n > 0 && !store_has_word(a->store, *name, &has, e))
		return false;
	if (has)
		return true;
	if (!app_open_rules(a, e))
		return false;
	p = rules_providers(a->rules);
	if (!provider_of(p, *name, &number))
		return err_set(e, EX_USAGE,
		    "%s: --provider: '%s' is none%s; " PROVIDER_MEND,
		    a->cmd->name, str_quote(*name, quoted, sizeof quoted),
		    nearest(name->p, p, near));
	*name = str_from(provider_name(p, number));
	return true;
}
