/*
 * no_jit.c - patterns without machine code, preloaded under valgrind: the code
 * that PCRE2 makes reads whole vectors, past what was written, by design.
 */
#include <stdint.h>

#define PCRE2_ERROR_JIT_BADOPTION (-45)

int pcre2_jit_compile_8(void *code, uint32_t options);

int
pcre2_jit_compile_8(void *code, uint32_t options)
{
	(void)code;
	(void)options;
	return PCRE2_ERROR_JIT_BADOPTION;
}
