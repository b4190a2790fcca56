/* message.c - a raw mail: the bounces and complaints that it reports. */
#include "mail/message.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "mail/fields.h"
#include "mail/freeform.h"
#include "mail/html.h"
#include "mail/judge.h"
#include "mail/quoted.h"
#include "mail/report.h"
#include "mail/tame.h"
#include "wrap/gmime.h"

/* Leaves are collected as places in `text`, which moves while it grows; the
 * views are made when all is read. */
struct walker {
	const struct gmime *gmime;
	struct buf text;
	size_t n; /* leaves */
	size_t objects; /* of the MIME tree, passed so far */
	bool any_text, has_text; /* a text came; the first one has words */
	bool attached; /* a mail, of which only the header was read */
	bool by_hand; /* a person may have written it, who quotes */
	size_t subject_at, subject_n;
	struct {
		enum part_kind kind;
		unsigned depth;
		size_t at, n;
	} leaves[MESSAGE_PARTS_MAX];
};

/* Without the leaves, which are many. */
static struct walker *
walker_new(void)
{
	struct walker *w = malloc(sizeof *w);

	if (w != NULL)
		memset(w, 0, offsetof(struct walker, leaves));
	return w;
}

static const struct {
	const char *type, *subtype;
	enum part_kind kind;
} KINDS[] = {
	{ "message", "delivery-status", PART_STATUS },
	{ "message", "global-delivery-status", PART_STATUS },
	{ "message", "feedback-report", PART_FEEDBACK },
	{ "message", "disposition-notification", PART_NOTE },
	{ "message", "global-disposition-notification", PART_NOTE },
	{ "application", "tlsrpt+gzip", PART_NOTE },
	{ "application", "tlsrpt+json", PART_NOTE },
	{ "text", "calendar", PART_NOTE },
	{ "text", "rfc822-headers", PART_ORIGINAL },
	{ "text", "rfc822-header", PART_ORIGINAL },
	{ "message", "rfc822-headers", PART_ORIGINAL },
	{ "message", "rfc822-header", PART_ORIGINAL },
	{ "message", "global-headers", PART_ORIGINAL },
	{ "message", TAME_HEAD_TYPE, PART_ORIGINAL },
	/* Leaves only where a transfer encoding hides the mail inside. */
	{ "message", "rfc822", PART_ORIGINAL },
	{ "message", "global", PART_ORIGINAL },
	{ "text", "html", PART_HTML },
	{ "text", "*", PART_TEXT },
	{ "application", "octet-stream", PART_FILE },
};

static bool
kind_of_part(const struct gmime *g, GMimePart *part, enum part_kind *kind)
{
	GMimeContentType *ct = g->object_content_type((GMimeObject *)part);
	const char *type, *subtype;

	if (ct == NULL)
		return false;
	type = g->content_type_type(ct);
	subtype = g->content_type_subtype(ct);
	for (size_t i = 0; i < COUNT(KINDS); i++) {
		if (strcasecmp(type, KINDS[i].type) != 0 ||
		    (KINDS[i].subtype[0] != '*' &&
			strcasecmp(subtype, KINDS[i].subtype) != 0))
			continue;
		*kind = KINDS[i].kind;
		return true;
	}
	return false;
}

/* Whether a report may be told from a leaf of that kind: of what is attached
 * its header, and the report that a gateway's notice is around; HTML, where
 * no text says the same. */
static bool
is_of_use(const struct walker *w, enum part_kind kind, unsigned depth)
{
	if (depth > 0)
		return depth == 1 &&
		    (kind == PART_STATUS || kind == PART_ORIGINAL);
	if (kind == PART_FILE)
		return w->any_text;
	return kind != PART_HTML || !w->has_text;
}

/* A header ends at the first empty line. */
static size_t
head_length(struct str s)
{
	return str_starts(s, STR("\n")) ? 0 : str_find(s, STR("\n\n"));
}

/* Makes plain spaces of those that do not break, as mail programs write them
 * into text (UTF-8); rules and addresses end at plain ones. */
static size_t
break_spaces(char *p, size_t n)
{
	static const struct str NO_BREAK = { "\xc2\xa0", 2 };
	size_t to = str_find(str_of(p, n), NO_BREAK);

	for (size_t i = to; i < n; i++) {
		bool is_one = str_starts(str_of(p + i, n - i), NO_BREAK);

		p[to++] = is_one ? ' ' : p[i];
		i += is_one;
	}
	return to;
}

/* Notes what was appended from `at` on, made fit for its kind in place. */
static void
note_leaf(struct walker *w, enum part_kind kind, unsigned depth, size_t at)
{
	char *p;
	size_t n = w->text.n - at;

	if (w->text.failed || w->text.p == NULL || w->n >= COUNT(w->leaves))
		return;
	p = w->text.p + at;
	if (kind == PART_ORIGINAL)
		n = head_length(str_of(p, n));
	if (n > 0 && (kind == PART_HTML || kind == PART_TEXT))
		n = break_spaces(p, n);
	if (n > 0 && kind == PART_HTML)
		n = html_text(p, n);
	else if (n > 0 && kind != PART_TEXT)
		n = fields_unfold(p, n);
	if (kind == PART_TEXT && w->by_hand)
		n = quoted_drop(p, n);
	if (kind == PART_TEXT && depth == 0 && !w->any_text) {
		w->any_text = true;
		w->has_text =
		    str_trim(str_of(p, n < FREEFORM_TEXT_MAX
			    ? n : FREEFORM_TEXT_MAX)).n > 0;
	}
	w->leaves[w->n].kind = kind;
	w->leaves[w->n].depth = depth;
	w->leaves[w->n].at = at;
	w->leaves[w->n++].n = n;
	w->text.n = at + n;
}

/* Appends text without NULs and CRs: encodings can bring them back. */
static void
add_clean(struct buf *b, struct str s)
{
	char *to;

	if (str_chr(s, '\0') == s.n && str_chr(s, '\r') == s.n) {
		buf_add(b, s);
		return;
	}
	to = buf_room(b, s.n);
	for (size_t i = 0; to != NULL && i < s.n; i++)
		if (s.p[i] != '\0' && s.p[i] != '\r')
			b->p[b->n++] = s.p[i];
}

/* Charsets that are made UTF-8, by how their names begin; what stands there
 * is what iconv is asked for, NULL: the name itself. Few and common ones: the
 * name is the sender's choice, and old converters have had their faults. */
static const struct {
	const char *start, *name;
} CHARSETS[] = {
	{ "iso-2022-jp", "iso-2022-jp" },
	{ "shift_jis", "shift_jis" },
	{ "shift-jis", "shift_jis" },
	{ "x-sjis", "shift_jis" },
	{ "sjis", "shift_jis" },
	{ "euc-jp", "euc-jp" },
	{ "euc-kr", "euc-kr" },
	{ "ks_c_5601", "euc-kr" },
	{ "gb", "gb18030" },
	{ "big5", "big5" },
	{ "koi8-r", "koi8-r" },
	{ "koi8-u", "koi8-u" },
	{ "iso-8859-", NULL },
	{ "windows-125", NULL },
	{ "cp125", NULL },
};

static const char *
charset_of(const struct gmime *g, GMimePart *part)
{
	const char *name = g->object_parameter((GMimeObject *)part, "charset");

	for (size_t i = 0; name != NULL && i < COUNT(CHARSETS); i++)
		if (str_istarts(str_from(name), str_from(CHARSETS[i].start)))
			return CHARSETS[i].name != NULL ? CHARSETS[i].name
							: name;
	return NULL;
}

/* Appends text in a charset; false: nobody knows that one. */
static bool
add_converted(struct walker *w, struct str s, const char *charset)
{
	const struct gmime *g = w->gmime;
	GMimeFilter *filter = g->filter_charset_new(charset, "utf-8");
	GMimeStream *mem, *stream;
	GByteArray *bytes;

	if (filter == NULL)
		return false;
	mem = g->stream_mem_new();
	stream = g->stream_filter_new(mem);
	(void)g->stream_filter_add((GMimeStreamFilter *)stream, filter);
	(void)g->stream_write(stream, s.p, s.n);
	(void)g->stream_flush(stream);
	bytes = g->stream_mem_bytes((GMimeStreamMem *)mem);
	add_clean(
	    &w->text, str_of((const char *)bytes->data, bytes->len));
	g->unref(filter);
	g->unref(stream);
	g->unref(mem);
	return true;
}

/* Appends what a part holds, as UTF-8 where its charset is known. Japanese
 * reporters also write ISO-2022-JP, which its escapes tell, where no charset
 * can be named. */
static void
add_text(struct walker *w, const char *charset, struct str s)
{
	if (charset == NULL &&
	    (str_find(s, STR("\033$B")) < s.n ||
		str_find(s, STR("\033$@")) < s.n))
		charset = "iso-2022-jp";
	if (charset == NULL || s.n == 0 || !add_converted(w, s, charset))
		add_clean(&w->text, s);
}

/* A report's own part that a gateway or Exchange made a text file of, or a
 * file of bytes. */
static enum part_kind
kind_retyped(struct str text, enum part_kind kind)
{
	if (str_istarts(text, STR("Reporting-MTA:")))
		return PART_STATUS;
	return str_istarts(text, STR("Feedback-Type:")) ? PART_FEEDBACK : kind;
}

static void
take_part(struct walker *w, GMimePart *part, unsigned depth)
{
	const struct gmime *g = w->gmime;
	GMimeDataWrapper *content = g->part_content(part);
	GMimeStream *mem;
	GByteArray *bytes;
	struct str all;
	enum part_kind kind;
	size_t at = w->text.n;

	if (content == NULL || !kind_of_part(g, part, &kind) ||
	    !is_of_use(w, kind, depth))
		return;
	mem = g->stream_mem_new();
	/* What a broken encoding still gave is used. */
	(void)g->content_write(content, mem);
	bytes = g->stream_mem_bytes((GMimeStreamMem *)mem);
	all = str_of((const char *)bytes->data, bytes->len);
	if (kind == PART_ORIGINAL) {
		w->attached = true;
		all = str_sub(all, 0, head_length(all));
	}
	if ((kind == PART_TEXT || kind == PART_FILE) && depth == 0 &&
	    w->any_text)
		kind = kind_retyped(all, kind);
	if (kind != PART_FILE) {
		add_text(w, charset_of(g, part), all);
		note_leaf(w, kind, depth, at);
	}
	g->unref(mem);
}

/* The fields as they came, but for those that the parser gave to the mail's
 * MIME part. */
static void
take_header(struct walker *w, GMimeMessage *m, unsigned depth)
{
	const struct gmime *g = w->gmime;
	GMimeHeaderList *all = g->object_header_list((GMimeObject *)m);
	int n = g->header_list_count(all);
	size_t at = w->text.n;

	if (!is_of_use(w, PART_ORIGINAL, depth))
		return;
	for (int i = 0; i < n; i++) {
		GMimeHeader *h = g->header_list_at(all, i);

		add_clean(&w->text, str_from(g->header_name(h)));
		buf_addc(&w->text, ':');
		add_clean(&w->text, str_from(g->header_raw_value(h)));
	}
	note_leaf(w, PART_ORIGINAL, depth, at);
}

static bool
is_a(GMimeObject *o, GType type, const struct gmime *g)
{
	return g->is_a((GTypeInstance *)o, type);
}

/* depth: attached mails around it; level: all that is around it. */
static void
walk(struct walker *w, GMimeObject *o, unsigned depth, unsigned level)
{
	const struct gmime *g = w->gmime;

	if (o == NULL || level > MESSAGE_DEPTH_MAX ||
	    ++w->objects > MESSAGE_PARTS_MAX)
		return;
	if (is_a(o, g->multipart_type(), g)) {
		GMimeMultipart *all = (GMimeMultipart *)o;
		int n = g->multipart_count(all);

		for (int i = 0; i < n && i < MESSAGE_PARTS_MAX; i++)
			walk(w, g->multipart_part(all, i), depth, level + 1);
	} else if (is_a(o, g->message_part_type(), g)) {
		GMimeMessage *m = g->message_part_message(
		    (GMimeMessagePart *)o);

		if (m == NULL)
			return;
		take_header(w, m, depth);
		walk(w, g->message_part(m), depth + 1, level + 1);
	} else if (is_a(o, g->part_type(), g)) {
		take_part(w, (GMimePart *)o, depth);
	}
}

static void
take_subject(struct walker *w, GMimeMessage *m)
{
	w->subject_at = w->text.n;
	add_clean(&w->text, str_from(w->gmime->message_subject(m)));
	w->subject_n = w->text.n - w->subject_at;
}

static void
parse(struct walker *w, struct str mail)
{
	const struct gmime *g = w->gmime;
	GMimeStream *s = g->stream_mem_of(mail.p, mail.n);
	GMimeParser *p = g->parser_new(s);
	GMimeMessage *m;

	g->parser_set_format(p, GMIME_FORMAT_MESSAGE);
	g->parser_set_persist(p, TRUE);
	m = g->parser_message(p, NULL);
	if (m != NULL) {
		take_subject(w, m);
		walk(w, g->message_part(m), 0, 0);
		g->unref(m);
	}
	g->unref(p);
	g->unref(s);
}

static bool
is_ascii(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] > 0x7f)
			return false;
	return true;
}

/* Takes a mail whose header does not speak of MIME: its body is text. False:
 * it is another one. top: its header, unfolded, where w->text begins. */
static bool
take_plain(struct walker *w, struct str top, struct str mail)
{
	struct str subject = fields_get(top, STR("Subject"));
	size_t head = head_length(mail);
	struct str rest = str_sub(mail, 0, head);
	struct field f;
	size_t at = w->text.n;

	if (head == mail.n || !is_ascii(subject) ||
	    str_find(subject, STR("=?")) < subject.n)
		return false;
	while (fields_next(&rest, &f))
		if (!str_ieq(f.name, STR("Subject")) &&
		    !str_ieq(f.name, STR("MIME-Version")))
			return false;
	w->subject_n = subject.n;
	w->subject_at = subject.n > 0 ? (size_t)(subject.p - top.p) : 0;
	add_text(w, NULL, str_skip(mail, head > 0 ? head + 2 : 1));
	note_leaf(w, PART_TEXT, 0, at);
	return true;
}

static bool
has_report(const struct walker *w)
{
	for (size_t i = 0; i < w->n; i++)
		if (w->leaves[i].depth == 0 &&
		    (w->leaves[i].kind == PART_STATUS ||
			w->leaves[i].kind == PART_FEEDBACK))
			return true;
	return false;
}

/*
 * A report returns a mail of which the header is enough, and a parser works
 * long on the rest. Only where the mail is no report itself what is attached
 * may be one.
 */
static void
parse_mail(struct walker *w, struct buf *tame)
{
	struct str mail = tame_slim(tame);
	size_t top = w->text.n;

	if (mail.n == 0 || take_plain(w, buf_str(&w->text), mail))
		return;
	parse(w, mail);
	if (!w->attached || has_report(w) ||
	    str_ifind(mail, STR("delivery-status")) == mail.n)
		return;
	tame_show(tame);
	w->text.n = top;
	w->n = w->objects = 0;
	w->any_text = w->has_text = false;
	parse(w, mail);
}

/* The mail's own header, unfolded, in front of all its leaves. */
static size_t
take_top(struct walker *w, struct str mail)
{
	buf_add(&w->text, str_sub(mail, 0, head_length(mail)));
	if (!w->text.failed && w->text.n > 0)
		w->text.n = fields_unfold(w->text.p, w->text.n);
	return w->text.n;
}

/* MIME too broken to show any text: the body is taken as it stands. */
static void
take_body(struct walker *w, struct str mail)
{
	size_t at = w->text.n;

	for (size_t i = 0; i < w->n; i++)
		if (w->leaves[i].depth == 0 &&
		    w->leaves[i].kind != PART_ORIGINAL)
			return;
	buf_add(&w->text, str_skip(mail, head_length(mail)));
	note_leaf(w, PART_TEXT, 0, at);
}

bool
message_read(struct str mail, const struct message_envelope *env, int64_t now,
    message_fn *fn, void *ctx, struct err *e)
{
	struct walker *w = walker_new();
	struct report_part *parts = malloc(MESSAGE_PARTS_MAX * sizeof *parts);
	struct report r = { .parts = parts, .env = env, .now = now };
	struct buf tame = { 0 };
	size_t top;
	bool ok = false;

	if (w == NULL || parts == NULL) {
		err_memory(e);
		goto out;
	}
	w->gmime = gmime_load(e);
	if (w->gmime == NULL)
		goto out;
	/* The caller may have cut it right at the limit. */
	tame_mail(str_words(mail, MESSAGE_BYTES_MAX - 1), &tame);
	if (!buf_ok(&tame, e))
		goto out;
	top = take_top(w, buf_str(&tame));
	w->by_hand = !judge_is_by_machine(str_sub(buf_str(&w->text), 0, top));
	parse_mail(w, &tame);
	take_body(w, buf_str(&tame));
	if (!buf_ok(&w->text, e))
		goto out;
	r.head = str_of(w->text.p, top);
	r.subject = str_sub(buf_str(&w->text), w->subject_at, w->subject_n);
	for (r.n = 0; r.n < w->n; r.n++)
		parts[r.n] = (struct report_part){
			w->leaves[r.n].kind, w->leaves[r.n].depth,
			str_of(w->text.p + w->leaves[r.n].at, w->leaves[r.n].n)
		};
	ok = report_tell(&r, fn, ctx, e);
out:
	buf_release(&tame);
	if (w != NULL)
		buf_release(&w->text);
	free(w);
	free(parts);
	return ok;
}

/* Rows of CSV and JSON have colons too: a name has no comma and no quote. */
bool
message_starts(struct str bytes)
{
	struct str rest = bytes;
	struct str line;
	size_t n = 0;

	while (str_cut(&rest, '\n', &line) && str_trim(line).n == 0)
		bytes = rest;
	if (str_starts(bytes, STR("From ")))
		return true;
	while (n < bytes.n &&
	    (ascii_is_alnum(bytes.p[n]) || bytes.p[n] == '-' ||
		bytes.p[n] == '_'))
		n++;
	return n > 0 && n < bytes.n && bytes.p[n] == ':';
}
