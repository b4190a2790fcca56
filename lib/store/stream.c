/* stream.c - where the reading of each stream and file stands. */
#include "store/inside.h"

static void
stream_take(struct stmt *st, int first, struct stream *out)
{
	*out = (struct stream){
		.id = db_int(st, first),
		.road = (enum road)db_int(st, first + 1),
		.pos = (uint64_t)db_int(st, first + 2),
		.rows = db_int(st, first + 3),
		.resync = db_int(st, first + 4) != 0,
		.finished = db_int(st, first + 5) != 0,
		.ident = (uint64_t)db_int(st, first + 6),
		.ident_bytes = db_int(st, first + 7),
		.chain = (uint64_t)db_int(st, first + 8),
		.known = db_int(st, first + 9),
		.tail = (uint64_t)db_int(st, first + 10),
	};
	out->kept = out->pos;
}

static bool
stream_get(struct store *s, struct str name, struct stream *out,
    struct buf *header, bool *found, struct err *e)
{
	struct stmt *st = db_bind(s->db, SQL_STREAM_GET, e, "t", name);
	enum db_got got = st == NULL ? DB_FAILED : db_step(st, e);

	*found = got == DB_ROW;
	if (got == DB_ROW) {
		stream_take(st, 0, out);
		if (header != NULL)
			buf_add(header, db_text(st, 11));
	}
	db_done(st);
	return got != DB_FAILED && (header == NULL || buf_ok(header, e));
}

bool
stream_open(struct store *s, struct str name, enum road road,
    struct stream *out, struct buf *header, struct err *e)
{
	bool found;

	buf_clear(header);
	if (!stream_get(s, name, out, header, &found, e))
		return false;
	if (found)
		return true;
	if (!db_run(s->db, SQL_STREAM_ADD, e, "ti", name, (int64_t)road))
		return false;
	*out = (struct stream){ .id = db_last_id(s->db), .road = road };
	return true;
}

bool
stream_find(struct store *s, struct str name, struct stream *out, bool *found,
    struct err *e)
{
	return stream_get(s, name, out, NULL, found, e);
}

bool
stream_by_ident(struct store *s, uint64_t ident, int64_t ident_bytes,
    struct stream *out, bool *found, struct err *e)
{
	struct stmt *st = db_bind(s->db, SQL_STREAM_IDENT, e, "ii",
	    (int64_t)ident, ident_bytes);
	enum db_got got = st == NULL ? DB_FAILED : db_step(st, e);

	*found = got == DB_ROW;
	if (got == DB_ROW)
		stream_take(st, 0, out);
	db_done(st);
	return got != DB_FAILED;
}

bool
stream_keep(struct store *s, struct stream *st, struct str header,
    int64_t now, struct err *e)
{
	if (!db_run(s->db, SQL_STREAM_KEEP, e, "iiiiiiitiiiii", st->id,
	    (int64_t)st->pos, st->rows, (int64_t)st->resync,
	    (int64_t)st->finished, (int64_t)st->ident, st->ident_bytes, header,
	    now, (int64_t)st->chain, st->known, (int64_t)st->tail,
	    (int64_t)st->kept))
		return false;
	if (db_changes(s->db) != 1)
		return err_set(e, EX_IOERR, "suppress.db: an older copy was "
		    "put back while it was open; the pipe opens it anew, a "
		    "command has to be run again");
	st->kept = st->pos;
	return true;
}

bool
stream_rename(struct store *s, int64_t id, struct str name, struct err *e)
{
	return db_run(s->db, SQL_STREAM_RENAME, e, "it", id, name);
}

bool
stream_list(struct store *s, stream_fn *fn, void *ctx, struct err *e)
{
	struct stmt *st = db_bind(s->db, SQL_STREAM_LIST, e, "");
	enum db_got got = DB_FAILED;
	struct stream row;

	while (st != NULL && (got = db_step(st, e)) == DB_ROW) {
		stream_take(st, 1, &row);
		if (!fn(ctx, db_text(st, 0), &row, db_int(st, 12), e))
			break;
	}
	db_done(st);
	return got != DB_FAILED && e->code == 0;
}

bool
stream_head_add(struct store *s, uint64_t hash, int64_t stream, struct err *e)
{
	return db_run(s->db, SQL_HEAD_ADD, e, "ii", (int64_t)hash, stream);
}

bool
stream_head_rows(struct store *s, uint64_t hash,
    const struct stream *not_this, int64_t *rows, struct err *e)
{
	return db_one(s->db, SQL_HEAD_ROWS, rows, e, "iii", (int64_t)hash,
	    not_this->id, (int64_t)not_this->road);
}

bool
notice_add(struct store *s, struct str kind, struct str text, int64_t stream,
    int64_t now, struct err *e)
{
	return db_run(s->db, SQL_NOTICE_PUT, e, "ttii", kind, text, stream,
	    now);
}

bool
notice_list(struct store *s, notice_fn *fn, void *ctx, struct err *e)
{
	struct stmt *st = db_bind(s->db, SQL_NOTICE_LIST, e, "");
	enum db_got got = DB_FAILED;

	while (st != NULL && (got = db_step(st, e)) == DB_ROW) {
		struct notice_row row = { .kind = db_text(st, 0),
		    .text = db_text(st, 1), .first = db_int(st, 2),
		    .last = db_int(st, 3), .n = db_int(st, 4) };

		if (!fn(ctx, &row, e))
			break;
	}
	db_done(st);
	return got != DB_FAILED && e->code == 0;
}
