/* json.h - JSON by jansson. In answers any bytes are taken and made UTF-8. */
#ifndef WRAP_JSON_H
#define WRAP_JSON_H

#include <stdint.h>

#include "base/buf.h"

#define JSON_DEPTH_MAX 2048 /* values in values that are read: jansson's */

struct json; /* one object or list; opened and freed only by json.c */

/* Both remember running out of memory; json_print() tells it. No name here may
 * be jansson's own (json_object, json_real, json_null): it would be called in
 * place of jansson's. */
struct json *json_new_object(void);
struct json *json_new_list(void);
void json_free(struct json *j);

/* key is a literal of ours. Every byte that is no UTF-8 becomes U+FFFD. A text
 * with p == NULL is null. */
void json_text(struct json *o, const char *key, struct str s);
/* The same, null where s is empty. */
void json_text_or_none(struct json *o, const char *key, struct str s);
void json_number(struct json *o, const char *key, int64_t n);
/* The same, null where n is 0: what it numbers is not there. */
void json_number_or_none(struct json *o, const char *key, int64_t n);
void json_bool(struct json *o, const char *key, bool b);
void json_none(struct json *o, const char *key);
/* RFC 3339 UTC; null when utc is 0. */
void json_time(struct json *o, const char *key, int64_t utc);
/* Takes v. */
void json_put(struct json *o, const char *key, struct json *v);
void json_push(struct json *list, struct json *v);
void json_push_text(struct json *list, struct str s);

/* Appends one line without its newline, keys in the order they came; controls
 * and marks that turn a line (utf8_is_unsafe()) as \uXXXX. */
bool json_print(const struct json *j, struct buf *out, struct err *e);

/* Whether text is one well-formed JSON value: what tests ask of answers. */
bool json_valid(struct str text);

/* Reads one JSON object at the start of text, whatever follows it; NULL where
 * there is none. The caller frees it: json_free(). */
struct json *json_read(struct str text);
/* The string at a path of keys and places in lists, "a.list.0.b"; empty, with
 * p NULL, where none stands. It stands as long as j. */
struct str json_at(const struct json *j, const char *path);
/* The number there, its fraction dropped; false where none stands. */
bool json_number_at(const struct json *j, const char *path, int64_t *out);
/* The true or false there; false where none stands. */
bool json_truth_at(const struct json *j, const char *path, bool *out);
/* How many names the object has; the first max of them, in their order, go to
 * names, with a NUL behind each. They stand as long as j. */
size_t json_names(const struct json *j, struct str *names, size_t max);

#endif
