/* keys.c - the keys of the tokens that prove sending: STATE/verp-keys. */
#include "work/keys.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/base32.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/ini.h"
#include "base/quote.h"

#define FILE_NAME "verp-keys"
#define FILE_MAX 65536
#define REFRESH 5 /* seconds between two looks at the file */
#define NAME_TRIES 100

/* ---- reading ---- */

static bool
bad(const struct ini_line *l, const char *what, struct err *e)
{
	char shown[64];

	/* Never the value: it may be a secret. */
	return err_set(e, EX_CONFIG,
	    "%s:%u: \"%s\": %s; mend the line, or take the key's section out",
	    l->file, l->line,
	    str_quote(l->key.n > 0 ? l->key : l->section, shown, sizeof shown),
	    what);
}

static bool
take_section(struct sign_keys *list, const struct ini_line *l, struct err *e)
{
	struct sign_key *k = &list->list[list->n];

	if (!sign_is_name(l->section))
		return bad(l, "no name of a key: two of a-z and 2-7", e);
	if (sign_key_find(list, l->section) != NULL)
		return bad(l, "this key stands there twice", e);
	if (list->n == SIGN_KEYS_MAX)
		return bad(l, "too many keys", e);
	memset(k, 0, sizeof *k);
	(void)str_copy(l->section, k->name, sizeof k->name);
	list->n++;
	return true;
}

static int
hex_value(char c)
{
	c = ascii_lower(c);
	if (ascii_is_digit(c))
		return c - '0';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool
take_secret(struct sign_key *k, struct str hex)
{
	if (hex.n != 2 * (size_t)SIGN_SECRET)
		return false;
	for (size_t i = 0; i < SIGN_SECRET; i++) {
		int high = hex_value(hex.p[2 * i]);
		int low = hex_value(hex.p[2 * i + 1]);

		if (high < 0 || low < 0)
			return false;
		k->secret[i] = (char)(high << 4 | low);
	}
	return true;
}

static bool
take_line(void *ctx, const struct ini_line *l, struct err *e)
{
	struct sign_keys *list = ctx;
	struct sign_key *k;
	int64_t utc;

	if (l->key.n == 0)
		return take_section(list, l, e);
	if (list->n == 0)
		return bad(l, "it stands before any [KEY]", e);
	k = &list->list[list->n - 1];
	if (str_eq(l->key, STR("secret")))
		return take_secret(k, l->value) ||
		    bad(l, "no secret: 64 hex digits", e);
	if (str_eq(l->key, STR("made")))
		return clock_parse(l->value, &k->made) ||
		    bad(l, "no time", e);
	if (!str_eq(l->key, STR("retired")))
		return bad(l, "unknown; there are secret, made, retired", e);
	k->is_retired = true;
	if (str_eq(l->value, STR("leaked")))
		k->retired = -1;
	else if (clock_parse(l->value, &utc))
		k->retired = sign_day(utc);
	else
		return bad(l, "no time, and not 'leaked'", e);
	return true;
}

static bool
has_secrets(const struct sign_keys *list, const char *path, struct err *e)
{
	static const char NONE[SIGN_SECRET];

	for (size_t i = 0; i < list->n; i++)
		if (memcmp(list->list[i].secret, NONE, sizeof NONE) == 0)
			return err_set(e, EX_CONFIG,
			    "%s: [%s]: it has no secret; take the section out "
			    "and make a key with 'pmta-suppress verp key new'",
			    path, list->list[i].name);
	return true;
}

static bool
read_keys(const char *path, struct sign_keys *list, struct err *e)
{
	struct buf text = { 0 };
	bool ok = file_read(path, FILE_MAX, &text, e) &&
	    ini_read(buf_str(&text), path, take_line, list, e) &&
	    has_secrets(list, path, e);

	if (text.p != NULL)
		explicit_bzero(text.p, text.n);
	buf_release(&text);
	return ok;
}

/* 0: there is no file. */
static int64_t
mark_of(const struct stat *st)
{
	return (int64_t)st->st_ino ^ (st->st_mtim.tv_sec << 20) ^
	    st->st_mtim.tv_nsec ^ (int64_t)st->st_mode << 40 ^ 1;
}

static bool
not_ours(const char *path, struct err *e)
{
	return err_set(e, EX_NOINPUT, "%s: %s; run this as the folder's owner",
	    path, strerror(errno));
}

/* Looks at the file: *mark, and what stands against reading it. */
static bool
look(const char *path, int64_t *mark, struct err *e)
{
	struct stat st;

	*mark = 0;
	if (stat(path, &st) != 0)
		return errno == ENOENT || not_ours(path, e);
	*mark = mark_of(&st);
	if (faccessat(AT_FDCWD, path, R_OK, AT_EACCESS) != 0)
		return not_ours(path, e);
	if ((st.st_mode & 077) != 0)
		return err_set(e, EX_CONFIG,
		    "%s: others may read the secrets in it; make new keys if "
		    "they did, then chmod 600 it", path);
	return true;
}

static bool
load(const struct config *c, struct keys *k, bool only_changed, struct err *e)
{
	char path[CONFIG_PATH_MAX];
	int64_t mark;
	bool ok;

	k->list.lifetime = c->verp_lifetime;
	if (!config_path(c, FILE_NAME, path, e))
		return false;
	ok = look(path, &mark, e);
	if (only_changed && mark == k->mark) {
		err_clear(e);
		return true;
	}
	k->mark = mark;
	k->list.n = 0;
	if (ok && mark != 0)
		ok = read_keys(path, &k->list, e);
	if (!ok)
		k->list.n = 0;
	return ok;
}

bool
keys_load(const struct config *c, struct keys *k, struct err *e)
{
	return load(c, k, false, e);
}

bool
keys_refresh(
    const struct config *c, struct keys *k, int64_t now, struct err *e)
{
	if (k->asked != 0 && now >= k->asked && now < k->asked + REFRESH)
		return true;
	k->asked = now;
	return load(c, k, true, e);
}

void
keys_settings(const struct keys *k, const struct config *c,
    struct acct_settings *rows, struct message_settings *mails)
{
	struct claims_settings claims = { .keys = &k->list,
		.header = str_from(c->verp_header) };

	*rows = (struct acct_settings){
		.verp_prefix = str_from(c->verp_prefix), .claims = claims };
	*mails = (struct message_settings){
		.verp_prefix = str_from(c->verp_prefix),
		.unsubscribe = str_from(c->unsubscribe),
		.trust_host = str_from(c->trust_host), .claims = claims };
}

/* ---- writing ---- */

static void
add_key(struct buf *b, const struct sign_key *k)
{
	char at[CLOCK_TEXT];

	buf_addf(b, "\n[%s]\nsecret = ", k->name);
	for (size_t i = 0; i < SIGN_SECRET; i++)
		buf_addf(b, "%02x", (unsigned)(unsigned char)k->secret[i]);
	buf_addf(b, "\nmade = %s\n", clock_text(k->made, at));
	if (k->is_retired && k->retired < 0)
		buf_adds(b, "retired = leaked\n");
	else if (k->is_retired)
		buf_addf(b, "retired = %s\n",
		    clock_text(k->retired * CLOCK_DAY, at));
}

bool
keys_save(
    const struct config *c, const struct sign_keys *list, struct err *e)
{
	char path[CONFIG_PATH_MAX];
	struct file_new f = { .fd = -1 };
	struct buf b = { 0 };
	bool ok = false;

	buf_adds(&b, "# Secrets of the tokens that prove sending: see verp in "
	    "pmta-suppress(1).\n");
	for (size_t i = 0; i < list->n; i++)
		add_key(&b, &list->list[i]);
	if (!buf_ok(&b, e) || !config_path(c, FILE_NAME, path, e))
		goto out;
	ok = file_new_open(&f, path, 0600, e) &&
	    file_new_write(&f, buf_str(&b), e) && file_new_done(&f, e);
out:
	file_new_release(&f);
	if (b.p != NULL)
		explicit_bzero(b.p, b.n);
	buf_release(&b);
	return ok;
}

static bool
draw(void *out, size_t n, struct err *e)
{
	if (getrandom(out, n, 0) == (ssize_t)n)
		return true;
	return err_set(e, EX_OSERR,
	    "the kernel gives no random bytes: %s; try again",
	    strerror(errno));
}

const struct sign_key *
keys_new(struct sign_keys *list, int64_t now, struct err *e)
{
	struct sign_key *k = &list->list[list->n];
	char dice[2], letters[BASE32_LENGTH(sizeof dice)];

	if (list->n == SIGN_KEYS_MAX) {
		err_set(e, EX_DATAERR, "verp: there are %d keys already; take "
		    "the oldest out of STATE/" FILE_NAME, SIGN_KEYS_MAX);
		return NULL;
	}
	memset(k, 0, sizeof *k);
	k->made = now;
	/* Not the next of a row: a name that came back would say that old
	 * tokens are forged, not that their key is gone. */
	for (unsigned i = 0; i < NAME_TRIES; i++) {
		if (!draw(dice, sizeof dice, e))
			return NULL;
		base32_encode(str_of(dice, sizeof dice), letters);
		(void)str_copy(str_of(letters, SIGN_NAME), k->name,
		    sizeof k->name);
		if (sign_key_find(list, str_from(k->name)) == NULL)
			break;
	}
	if (!draw(k->secret, sizeof k->secret, e))
		return NULL;
	list->n++;
	return k;
}
