/* journal_info.c - what NAME.stream says of its stream. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/ini.h"
#include "base/number.h"
#include "work/journal_parts.h"
#include "wrap/hash.h"

#define INFO_MAX 8192 /* bytes of NAME.stream */
#define HEADER_KEY "header"
#define HEADER_VALUE (JOURNAL_HEADER_MAX + 2 * 21) /* two numbers before it */

/* "key = value", left out when empty; a control byte cannot be part of an
 * address, and a line end would make a line of its own. */
static void
info_add(struct buf *b, const char *key, const char *value)
{
	if (value[0] == '\0')
		return;
	buf_addf(b, "%s = ", key);
	for (const char *p = value; *p != '\0'; p++)
		buf_addc(b, (unsigned char)*p < 0x20 || *p == 0x7f ? '?' : *p);
	buf_addc(b, '\n');
}

bool
info_write(int fd, const struct journal_info *info, struct err *e)
{
	struct buf b = { 0 };
	bool ok = false;

	info_add(&b, "input", info->input);
	info_add(&b, "from", info->from);
	info_add(&b, "to", info->to);
	info_add(&b, "envid", info->envid);
	if (buf_ok(&b, e))
		ok = file_write_all(fd, buf_str(&b));
	buf_release(&b);
	return ok;
}

/* "AT HASH ROW": a part of a header, as a power cut may leave, is none. */
static uint64_t
header_hash(struct str row, uint64_t at)
{
	return hash64_more(hash64_number(0, (int64_t)at), row);
}

static void
header_add(struct buf *b, struct str row, uint64_t at)
{
	char value[HEADER_VALUE];

	if (row.n > 0 && row.n < JOURNAL_HEADER_MAX &&
	    number_print(value, sizeof value, "%llu %llu %.*s",
	        (unsigned long long)at,
	        (unsigned long long)header_hash(row, at), STR_ARG(row)))
		info_add(b, HEADER_KEY, value);
}

static void
header_take(struct str value, struct journal_info *info)
{
	struct str at, hash;
	uint64_t pos, sum;

	info->header[0] = '\0';
	if (str_cut(&value, ' ', &at) && str_cut(&value, ' ', &hash) &&
	    number_u64(at, 0, INT64_MAX, &pos) &&
	    number_u64(hash, 0, UINT64_MAX, &sum) &&
	    sum == header_hash(value, pos) &&
	    str_copy(value, info->header, sizeof info->header))
		info->header_at = pos;
}

static bool
info_line(void *ctx, const struct ini_line *l, struct err *e)
{
	struct journal_info *info = ctx;

	(void)e;
	/* What a newer version adds is passed over; so is what is too long. */
	if (str_eq(l->key, STR("input")))
		(void)str_copy(l->value, info->input, sizeof info->input);
	else if (str_eq(l->key, STR("from")))
		(void)str_copy(l->value, info->from, sizeof info->from);
	else if (str_eq(l->key, STR("to")))
		(void)str_copy(l->value, info->to, sizeof info->to);
	else if (str_eq(l->key, STR("envid")))
		(void)str_copy(l->value, info->envid, sizeof info->envid);
	else if (str_eq(l->key, STR(HEADER_KEY)))
		header_take(l->value, info);
	return true;
}

/* What a stream's file holds, and the file, opened with `flags` and read. */
struct info_file {
	int fd; /* closed by whoever opened it */
	char name[PART_NAME_MAX];
	char bytes[INFO_MAX];
	struct str text; /* in bytes */
};

static bool
info_open(const struct journal *j, const char *name, int flags,
    struct info_file *f, struct err *e)
{
	ssize_t n;

	stream_file(name, f->name);
	f->fd = openat(j->fd, f->name, flags | O_CLOEXEC | O_NOFOLLOW);
	if (f->fd < 0)
		return journal_error(j, f->name, "open", e);
	n = read(f->fd, f->bytes, sizeof f->bytes);
	if (n < 0) {
		journal_error(j, f->name, "read", e);
		close(f->fd);
		return false;
	}
	f->text = str_of(f->bytes, (size_t)n);
	return true;
}

bool
journal_read_info(struct journal *j, const char *name,
    struct journal_info *info, struct err *e)
{
	struct err spoilt = { 0 };
	struct info_file f;

	*info = (struct journal_info){ 0 };
	if (!info_open(j, name, O_RDONLY, &f, e))
		return false;
	close(f.fd);
	/* A power cut may have spoilt it: what it still says, and the stream's
	 * first bytes, must do. */
	(void)ini_read(f.text, f.name, info_line, info, &spoilt);
	return true;
}

/* Where the line with the header begins, or would: the last one, in place of
 * a part of a line that a power cut has left. */
static size_t
header_line(struct str text)
{
	size_t at = str_find(text, STR("\n" HEADER_KEY " = "));

	if (str_starts(text, STR(HEADER_KEY " = ")))
		return 0;
	if (at == text.n)
		at = str_rchr(text, '\n');
	return at < text.n ? at + 1 : 0;
}

bool
journal_say_header(struct journal *j, const char *name, struct str header,
    uint64_t at, struct err *e)
{
	struct buf line = { 0 };
	struct info_file f;
	off_t end;
	bool ok;

	if (!info_open(j, name, O_RDWR, &f, e))
		return false;
	end = (off_t)header_line(f.text);
	header_add(&line, header, at);
	ok = buf_ok(&line, e) && lseek(f.fd, end, SEEK_SET) == end &&
	    file_write_all(f.fd, buf_str(&line)) &&
	    ftruncate(f.fd, end + (off_t)line.n) == 0;
	if (!ok && e->code == 0)
		journal_error(j, f.name, "write", e);
	buf_release(&line);
	close(f.fd);
	return ok;
}

bool
journal_say_input(int lock, const char *input, struct err *e)
{
	struct journal_info info = { 0 };

	(void)str_copy(str_from(input), info.input, sizeof info.input);
	if (info_write(lock, &info, e))
		return true;
	return err_set(e, EX_IOERR,
	    "cannot write to the stream's file: %s; make room",
	    strerror(errno));
}
