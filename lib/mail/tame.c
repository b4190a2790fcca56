/* tame.c - makes a raw mail harmless before a MIME parser reads it. */
#include "mail/tame.h"

#include <string.h>

struct tame {
	size_t fields, dashes; /* seen so far in the whole mail */
	size_t parsed; /* fields the parser takes apart, this block */
	size_t used, cap; /* bytes of the current field */
	bool in_field;
};

/* What GMime takes apart while it parses: addresses and parameters. */
static bool
is_parsed(struct str name)
{
	static const struct {
		const char *name;
		size_t n;
	} NAMES[] = {
#define NAME(text) { text, sizeof(text) - 1 }
		NAME("To"), NAME("Cc"), NAME("Bcc"), NAME("From"),
		NAME("Sender"), NAME("Reply-To"), NAME("Resent-To"),
		NAME("Resent-Cc"), NAME("Resent-Bcc"), NAME("Resent-From"),
		NAME("Resent-Sender"), NAME("Content-Type"),
		NAME("Content-Disposition"), NAME("Content-Id"),
		NAME("Message-Id"), NAME("Content-Transfer-Encoding"),
		NAME("Content-Md5"), NAME("Date")
#undef NAME
	};

	for (size_t i = 0; i < COUNT(NAMES); i++)
		if (name.n == NAMES[i].n &&
		    str_ieq(name, str_of(NAMES[i].name, NAMES[i].n)))
			return true;
	return false;
}

/* The field name that a line begins with; empty when it begins with none. */
static struct str
field_name(struct str line)
{
	size_t n = 0;

	/* Bytes above 0x7f too: the parser may be less strict than RFC 5322. */
	while (n < line.n && (unsigned char)line.p[n] > ' ' && line.p[n] != ':')
		n++;
	if (n == 0 || str_chr(str_trim(str_skip(line, n)), ':') != 0)
		return STR("");
	return str_trim(str_skip(line, n)).n == 0 ? STR("") : str_of(line.p, n);
}

static bool
starts_field(struct tame *t, struct str name)
{
	t->in_field = true;
	t->used = 0;
	t->cap = TAME_FIELD_BYTES;
	if (is_parsed(name)) {
		t->cap = TAME_PARSED_BYTES;
		if (++t->parsed > TAME_PARSED_COUNT)
			t->cap = 0;
	}
	return ++t->fields <= TAME_FIELDS_MAX;
}

/* Adds what is left of the cap; a field cut at its very start goes whole. */
static void
add_line(struct tame *t, struct str line, struct buf *out)
{
	size_t room = t->cap - t->used;

	if (!t->in_field) {
		buf_add(out, line);
		buf_addc(out, '\n');
		return;
	}
	line = str_sub(line, 0, room);
	t->used += line.n;
	if (line.n == 0)
		return;
	buf_add(out, line);
	buf_addc(out, '\n');
}

/* The type of a part, whose line stands behind `at`. Nothing moves: both names
 * are equally long. */
static void
hide_attached(struct str name, struct buf *out, size_t at)
{
	static const struct str SHOWN = { "message/rfc822", 14 };
	struct str line = str_skip(buf_str(out), at);
	size_t from = str_ifind(line, SHOWN);
	struct str behind = str_skip(line, from + SHOWN.n);

	/* "message/rfc822-headers" is another type. */
	if (out->failed || !str_ieq(name, STR("Content-Type")) ||
	    from == line.n || behind.n == 0 ||
	    (!ascii_is_space(behind.p[0]) && behind.p[0] != ';'))
		return;
	memcpy(out->p + at + from, "message/" TAME_HEAD_TYPE, SHOWN.n);
}

void
tame_show(struct buf *mail)
{
	struct str shown = STR("message/rfc822");
	struct str hidden = STR("message/" TAME_HEAD_TYPE);
	struct str rest = buf_str(mail);
	size_t at;

	while ((at = str_find(rest, hidden)) < rest.n) {
		size_t from = mail->n - rest.n + at;

		memcpy(mail->p + from, shown.p, shown.n);
		rest = str_skip(rest, at + hidden.n);
	}
}

/* False: the mail ends here. */
static bool
take_line(struct tame *t, struct str line, struct buf *out)
{
	struct str name = STR("");
	size_t at = out->n;

	if (line.n == 0) {
		t->in_field = false;
		t->parsed = 0;
		buf_addc(out, '\n');
		return true;
	}
	if (line.p[0] == ' ' || line.p[0] == '\t') {
		add_line(t, line, out);
		return true;
	}
	t->in_field = false;
	if (str_starts(line, STR("--"))) {
		t->parsed = 0;
		if (++t->dashes > TAME_DASHES_MAX)
			return false;
	} else if ((name = field_name(line)).n > 0 && !starts_field(t, name)) {
		return false;
	}
	add_line(t, line, out);
	if (t->in_field && t->dashes > 0)
		hide_attached(name, out, at);
	return true;
}

/* mail without NULs: itself, or a copy in room. */
static struct str
without_nuls(struct str mail, struct buf *room)
{
	struct str run;

	if (str_chr(mail, '\0') == mail.n)
		return mail;
	while (str_cut(&mail, '\0', &run))
		buf_add(room, run);
	return buf_str(room);
}

void
tame_mail(struct str mail, struct buf *out)
{
	struct tame t = { 0 };
	struct buf room = { 0 };
	struct str rest = without_nuls(mail, &room);
	struct str line;
	char end;
	bool begun = false;

	out->failed = out->failed || room.failed;
	(void)buf_room(out, rest.n + 1);
	end = str_chr(rest, '\n') < rest.n ? '\n' : '\r';
	while (str_cut(&rest, end, &line)) {
		if (line.n > 0 && line.p[line.n - 1] == '\r')
			line.n--;
		if (!begun &&
		    (str_trim(line).n == 0 || str_starts(line, STR("From "))))
			continue;
		begun = true;
		if (!take_line(&t, line, out))
			break;
	}
	buf_release(&room);
}

/* Whether MIME, or a reader of its parser, asks for a field. */
static bool
is_needed(struct str name)
{
	return str_istarts(name, STR("Content-")) ||
	    str_ieq(name, STR("MIME-Version")) || str_ieq(name, STR("Subject"));
}

/* Appends the needed fields of a header; false: not all of it is fields. */
static bool
add_needed(struct str head, struct buf *out)
{
	struct str line;
	bool begun = false, keeps = false;

	while (str_cut(&head, '\n', &line)) {
		bool joins = begun && (line.p[0] == ' ' || line.p[0] == '\t');
		struct str name = joins ? line : field_name(line);

		if (name.n == 0)
			return false;
		if (!joins)
			keeps = is_needed(name);
		begun = true;
		if (!keeps)
			continue;
		buf_add(out, line);
		buf_addc(out, '\n');
	}
	return !out->failed;
}

struct str
tame_slim(struct buf *mail)
{
	struct str all = buf_str(mail);
	size_t head = str_find(all, STR("\n\n")) + 1;
	struct buf slim = { 0 };

	if (head < all.n && add_needed(str_sub(all, 0, head), &slim) &&
	    slim.n <= head) {
		head -= slim.n;
		if (slim.n > 0)
			memcpy(mail->p + head, slim.p, slim.n);
		all = str_skip(all, head);
	}
	buf_release(&slim);
	return all;
}
