-- base.sql - the connection, words, replies, bulks.

-- name: data_version
PRAGMA data_version;

-- name: begin
BEGIN IMMEDIATE;

-- name: read
BEGIN;

-- name: commit
COMMIT;

-- name: rollback
ROLLBACK;

-- name: word_get
SELECT id FROM word WHERE text = ?1;

-- name: word_count
SELECT count(*) FROM word;

-- name: word_add
INSERT INTO word (text) VALUES (?1);

-- name: word_text
SELECT text FROM word WHERE id = ?1;

-- name: reply_get
SELECT id FROM reply WHERE folded = ?1;

-- name: reply_count
SELECT count(*) FROM reply;

-- name: reply_add
INSERT INTO reply (folded, sample) VALUES (?1, ?2);

-- name: bulk_add
INSERT INTO bulk (at, what, who) VALUES (?1, ?2, ?3);

-- No address in it has evidence yet. FAIL: a row that cannot be put in ends the
-- batch, so SQLite need not keep what the statement had done before. In the
-- table's order: then it copies no row once more.
-- name: evidence_put
INSERT OR FAIL INTO evidence (address, hash, time, kind, sub, class, strength,
	state, marked, clears, message, queued, scope, rule, provider, vmta,
	ip, cat, code, status, reply, bulk, stream, offset, length, incident,
	proof)
SELECT c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, c11, c12, c13, c14, c15, c16,
	c17, c18, c19, c20, c21, c22, c23, c24, c25, c26, c27
FROM waiting;

-- name: soft_read
SELECT n, hash FROM soft WHERE n > ?1 ORDER BY n;

-- Whether the newest clearable evidence of the address is not its first.
-- name: evidence_soft_twice
SELECT 1 FROM evidence
WHERE hash = hash_of(?1) AND address = ?1 AND clears > 0 LIMIT 1 OFFSET 1;

-- name: soft_put
INSERT OR IGNORE INTO soft (hash) SELECT c1 FROM waiting;
