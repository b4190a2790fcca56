/* advice.c - what a person is told to do. */
#include "advice.h"

const char *
advice_of(const struct rules *r, struct str rule, enum class c)
{
	for (size_t i = 0; i < rules_count(r); i++) {
		const struct rule *one = rules_at(r, i);

		if (one->advice != NULL && str_eq(str_from(one->name), rule))
			return one->advice;
	}
	return class_info(c)->follows;
}
