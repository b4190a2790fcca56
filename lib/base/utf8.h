/* utf8.h - one UTF-8 character at a time. */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include <stdint.h>

#include "base/str.h"

/*
 * Bytes of the character that s starts with, and what it is; 0, and *code
 * untouched, when s is empty or starts with none (a stray or cut sequence, an
 * overlong form, a surrogate, past U+10FFFF). NUL is a character here.
 */
size_t utf8_next(struct str s, uint32_t *code);

/* Controls (C0, DEL, C1) and the marks that break or turn a line when it is
 * shown: U+2028/2029, U+200E/F, U+202A-E, U+2066-9. */
bool utf8_is_unsafe(uint32_t code);

#endif
