/* json.c - JSON by jansson. In answers any bytes are taken and made UTF-8. */
#include "wrap/json.h"

#include <assert.h>
#include <jansson.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/number.h"
#include "base/utf8.h"

struct json {
	json_t *value;
	bool failed; /* memory ran out on the way */
};

static struct json *
take(json_t *value)
{
	struct json *j = calloc(1, sizeof *j);

	if (j == NULL || value == NULL) {
		json_decref(value);
		free(j);
		return NULL;
	}
	j->value = value;
	return j;
}

struct json *
json_new_object(void)
{
	return take(json_object());
}

struct json *
json_new_list(void)
{
	return take(json_array());
}

void
json_free(struct json *j)
{
	if (j == NULL)
		return;
	json_decref(j->value);
	free(j);
}

/* Takes v; o and v may be NULL for want of memory. */
static void
set(struct json *o, const char *key, json_t *v)
{
	if (o == NULL) {
		json_decref(v);
		return;
	}
	assert(json_is_object(o->value));
	if (json_object_set_new(o->value, key, v) != 0)
		o->failed = true;
}

/* The same for a list. */
static void
push(struct json *list, json_t *v)
{
	if (list == NULL) {
		json_decref(v);
		return;
	}
	assert(json_is_array(list->value));
	if (json_array_append_new(list->value, v) != 0)
		list->failed = true;
}

static json_t *
mended_string(struct str s)
{
	struct buf b = { 0 };
	json_t *v = NULL;

	while (s.n > 0) {
		uint32_t code;
		size_t n = utf8_next(s, &code);

		buf_add(&b, n > 0 ? str_sub(s, 0, n) : STR("\xef\xbf\xbd"));
		s = str_skip(s, n > 0 ? n : 1);
	}
	if (!b.failed)
		v = json_stringn(b.p, b.n);
	buf_release(&b);
	return v;
}

static json_t *
string(struct str s)
{
	json_t *v;

	if (s.p == NULL)
		return json_null();
	v = json_stringn(s.p, s.n);
	/* Nearly all text is UTF-8, and jansson has looked already. */
	return v != NULL ? v : mended_string(s);
}

void
json_text(struct json *o, const char *key, struct str s)
{
	set(o, key, string(s));
}

void
json_text_or_none(struct json *o, const char *key, struct str s)
{
	json_text(o, key, s.n > 0 ? s : (struct str){ NULL, 0 });
}

void
json_number(struct json *o, const char *key, int64_t n)
{
	set(o, key, json_integer(n));
}

void
json_number_or_none(struct json *o, const char *key, int64_t n)
{
	set(o, key, n != 0 ? json_integer(n) : json_null());
}

void
json_bool(struct json *o, const char *key, bool b)
{
	set(o, key, json_boolean(b));
}

void
json_none(struct json *o, const char *key)
{
	set(o, key, json_null());
}

void
json_time(struct json *o, const char *key, int64_t utc)
{
	char text[CLOCK_TEXT];

	if (utc == 0)
		json_none(o, key);
	else
		json_text(o, key, str_from(clock_text(utc, text)));
}

/* What j holds, to be kept elsewhere; NULL when some of it is lost. */
static json_t *
unwrap(struct json *j)
{
	json_t *v = j != NULL && !j->failed ? json_incref(j->value) : NULL;

	json_free(j);
	return v;
}

void
json_put(struct json *o, const char *key, struct json *v)
{
	set(o, key, unwrap(v));
}

void
json_push(struct json *list, struct json *v)
{
	push(list, unwrap(v));
}

void
json_push_text(struct json *list, struct str s)
{
	push(list, string(s));
}

/* Raw characters past ASCII and DEL stand only inside strings, where each
 * may be written as \uXXXX; jansson leaves those that are unsafe to show. */
static void
add_shown(struct buf *out, struct str s)
{
	while (s.n > 0) {
		uint32_t code = 0;
		size_t n = 0;

		while (n < s.n && s.p[n] >= ' ' && s.p[n] <= '~')
			n++;
		buf_add(out, str_sub(s, 0, n));
		s = str_skip(s, n);
		n = utf8_next(s, &code);
		if (n > 0 && utf8_is_unsafe(code))
			buf_addf(out, "\\u%04x", (unsigned)code);
		else
			buf_add(out, str_sub(s, 0, n));
		s = str_skip(s, n > 0 ? n : 1);
	}
}

bool
json_print(const struct json *j, struct buf *out, struct err *e)
{
	char *text = NULL;

	if (j != NULL && !j->failed)
		text = json_dumps(j->value, JSON_COMPACT);
	if (text == NULL)
		return err_memory(e);
	add_shown(out, str_from(text));
	free(text);
	return buf_ok(out, e);
}

bool
json_valid(struct str text)
{
	json_error_t why;
	json_t *v = json_loadb(text.n > 0 ? text.p : "", text.n,
	    JSON_DECODE_ANY | JSON_DECODE_INT_AS_REAL | JSON_ALLOW_NUL, &why);
	bool ok = v != NULL;

	json_decref(v);
	return ok;
}

struct json *
json_read(struct str text)
{
	json_error_t why;
	json_t *v = json_loadb(text.n > 0 ? text.p : "", text.n,
	    JSON_DISABLE_EOF_CHECK | JSON_DECODE_INT_AS_REAL, &why);

	if (v == NULL || !json_is_object(v)) {
		json_decref(v);
		return NULL;
	}
	return take(v);
}

static json_t *
step(json_t *v, struct str name)
{
	char key[64];
	uint64_t place;

	if (json_is_array(v))
		return number_u64(name, 0, UINT32_MAX, &place)
		    ? json_array_get(v, (size_t)place)
		    : NULL;
	return str_copy(name, key, sizeof key) ? json_object_get(v, key) : NULL;
}

static json_t *
find(const struct json *j, const char *path)
{
	struct str rest = str_from(path), name;
	json_t *v = j->value;

	while (v != NULL && str_cut(&rest, '.', &name))
		v = step(v, name);
	return v;
}

struct str
json_at(const struct json *j, const char *path)
{
	json_t *v = find(j, path);

	return json_is_string(v)
	    ? str_of(json_string_value(v), json_string_length(v))
	    : (struct str){ 0 };
}

bool
json_number_at(const struct json *j, const char *path, int64_t *out)
{
	json_t *v = find(j, path);
	double n = json_is_number(v) ? json_number_value(v) : -1;

	/* Past 2^53 a double tells no whole number for sure. */
	if (!(n >= 0 && n <= 9007199254740992.0))
		return false;
	*out = (int64_t)n;
	return true;
}

bool
json_truth_at(const struct json *j, const char *path, bool *out)
{
	json_t *v = find(j, path);

	*out = json_is_true(v);
	return json_is_boolean(v);
}

size_t
json_names(const struct json *j, struct str *names, size_t max)
{
	const char *name;
	json_t *value;
	size_t n = 0;

	json_object_foreach(j->value, name, value)
		if (n++ < max)
			names[n - 1] = str_from(name);
	return n;
}
