/* print_keys - every setting as the code knows it, one a line: section, key,
 * default and meaning, with a tab between. */
#include <stdio.h>

#include "work/config.h"

int
main(void)
{
	const struct config_key *k;

	for (size_t i = 0; (k = config_key_at(i)) != NULL; i++)
		printf("%s\t%s\t%s\t%s\n", k->section, k->key, k->value,
		    k->meaning);
	return fflush(stdout) == 0 ? 0 : EX_IOERR;
}
