-- privacy.sql - addresses that were erased, and what is deleted by age.

-- A row only while some address is erased.
-- name: erased_secret
SELECT value FROM secret
WHERE name = 'erase' AND EXISTS (SELECT 1 FROM erased);

-- name: erase_secret
SELECT value FROM secret WHERE name = 'erase';

-- name: erase_secret_add
INSERT INTO secret (name, value) VALUES ('erase', ?1);

-- name: erased_get
SELECT at FROM erased WHERE hash = ?1;

-- name: erased_add
INSERT INTO erased (hash, at) VALUES (?1, ?2) ON CONFLICT DO NOTHING;

-- name: erased_drop
DELETE FROM erased WHERE hash = ?1;

-- name: erase_last_change
SELECT change FROM entry WHERE address = ?1 AND scope = ?2 AND class = ?3;

-- The adds of imports have no rows of their own (table change_run) until now.
-- name: erase_settle
INSERT INTO change (n, at, action, address, scope, class, who, why, bulk,
	prev, was_state, was_since, was_until, was_rule, was_source,
	was_reason, was_mark)
SELECT en.change, r.at, 1, en.address, en.scope, en.class, r.who, en.reason,
	r.bulk, 0, -1, 0, 0, 0, 0, 0, 0
FROM entry en
JOIN change_run r ON r.first = (
	SELECT max(x.first) FROM change_run x WHERE x.first <= en.change)
	AND r.last >= en.change
WHERE en.address = ?1
	AND NOT EXISTS (SELECT 1 FROM change c WHERE c.n = en.change);

-- The changes of the address's entries get the hash, and lose what was said.
-- name: erase_changes
UPDATE change SET address = ?2, why = ?3,
	was_reason = iif(was_reason > 0, ?3, 0)
WHERE n IN (WITH RECURSIVE chain(n) AS (
	SELECT change FROM entry WHERE address = ?1 AND change > 0
	UNION
	SELECT p.prev FROM change p JOIN chain ON p.n = chain.n
	WHERE p.prev > 0)
	SELECT n FROM chain);

-- name: erase_entries
DELETE FROM entry WHERE address = ?1;

-- The first change of the hash leads back to what was before.
-- name: erase_link
UPDATE change SET prev = ?2
WHERE n = (SELECT change FROM entry
	WHERE address = ?1 AND scope = 0 AND class = ?3) AND prev = 0 AND n > ?2;

-- Texts: ?2 is how the address may be written (holds() of db.h). A folded
-- reply hardly ever holds it; it must stay unique.
-- name: erase_folded
UPDATE reply SET folded = '<erased ' || id || '>'
WHERE holds(folded, ?2);

-- What was said of nobody else may name the local part as a plain word.
-- name: erase_own
UPDATE reply AS r SET folded = '<erased ' || id || '>'
WHERE id IN (SELECT reply FROM evidence
	WHERE hash = hash_of(?1) AND address = ?1)
	AND sample = folded AND holds(folded, ?2)
	AND NOT EXISTS (SELECT 1 FROM evidence ev
		WHERE ev.reply = r.id AND ev.address <> ?1);

-- ?3: the local part, "" when it is too short to be looked for.
-- name: erase_samples
UPDATE reply SET sample = folded
WHERE sample <> folded AND (id IN (
	SELECT reply FROM evidence WHERE hash = hash_of(?1) AND address = ?1)
	OR holds(sample, ?2)
	OR (instr(folded, '<rcpt>') > 0 AND holds(sample, ?3)));

-- name: erase_evidence
DELETE FROM evidence WHERE hash = hash_of(?1) AND address = ?1;

-- name: erase_fresh
DELETE FROM fresh WHERE address = ?1;

-- name: erase_soft
DELETE FROM soft WHERE hash = ?1;

-- name: erase_notices
DELETE FROM notice
WHERE holds(text, ?2);

-- name: erase_words
UPDATE word SET text = '<erased ' || id || '>'
WHERE holds(text, ?2);

-- name: erase_bulks
UPDATE bulk SET what = '<erased>'
WHERE holds(what, ?2);

-- name: erase_streams
UPDATE stream SET name = '<erased ' || id || '>'
WHERE holds(name, ?2);

-- name: erase_incidents
UPDATE incident SET text = '<erased>'
WHERE holds(text, ?2);

-- name: erase_incident_notes
UPDATE incident_note SET text = '<erased>'
WHERE holds(text, ?2);

-- Whether a longer address holds this one: "ada@b.co" in "nada@b.com".
-- name: erase_longer
SELECT EXISTS (SELECT 1 FROM entry WHERE instr(address, ?1) > 0)
	OR EXISTS (SELECT 1 FROM evidence WHERE instr(address, ?1) > 0)
	OR EXISTS (SELECT 1 FROM change WHERE instr(address, ?1) > 0);

-- name: level_raise
INSERT INTO level (name, value) VALUES (?1, ?2)
ON CONFLICT (name) DO UPDATE SET value = max(value, excluded.value);

-- What is older than ?1 of each table; how slices of it, of at most ?2 rows, are
-- deleted. Changes are walked along their numbers, from ?1 to ?2.
-- name: gc_count_evidence
SELECT count(*) FROM evidence WHERE time < ?1;

-- name: gc_evidence
DELETE FROM evidence WHERE rowid IN (
	SELECT rowid FROM evidence WHERE time < ?1 ORDER BY time LIMIT ?2);

-- Never what a cursor has yet to read, nor the last change of an entry, by
-- which its history, the feed and an undo find it.
-- name: gc_count_changes
SELECT count(*) FROM change c
WHERE at < ?1 AND n <= (SELECT coalesce(min(CASE at WHEN -1 THEN pending
	ELSE at END), c.n) FROM cursor)
	AND NOT EXISTS (SELECT 1 FROM entry en WHERE en.address = c.address
	AND en.scope = c.scope AND en.class = c.class AND en.change = c.n);

-- name: gc_edge_changes
SELECT n FROM change WHERE n > ?1 ORDER BY n LIMIT 1 OFFSET ?2;

-- name: gc_changes
DELETE FROM change AS c WHERE n > ?1 AND n <= ?2 AND at < ?3
	AND n <= (SELECT coalesce(min(CASE at WHEN -1 THEN pending
	ELSE at END), c.n) FROM cursor)
	AND NOT EXISTS (SELECT 1 FROM entry en WHERE en.address = c.address
	AND en.scope = c.scope AND en.class = c.class AND en.change = c.n);

-- name: gc_count_counters
SELECT count(*) FROM counter WHERE bucket < ?1;

-- name: gc_counters
DELETE FROM counter
WHERE (bucket, provider, vmta, kind, road) IN (
	SELECT bucket, provider, vmta, kind, road FROM counter
	WHERE bucket < ?1 LIMIT ?2);

-- name: gc_count_notices
SELECT count(*) FROM notice WHERE last < ?1;

-- name: gc_notices
DELETE FROM notice WHERE (kind, text, stream) IN (
	SELECT kind, text, stream FROM notice WHERE last < ?1 LIMIT ?2);

-- name: gc_count_share
SELECT count(*) FROM share WHERE bucket < ?1;

-- name: gc_share
DELETE FROM share WHERE (provider, bucket, class, reply) IN (
	SELECT provider, bucket, class, reply FROM share
	WHERE bucket < ?1 LIMIT ?2);

-- name: gc_count_fresh
SELECT count(*) FROM fresh WHERE time < ?1;

-- name: gc_fresh
DELETE FROM fresh WHERE (time, address, scope, class) IN (
	SELECT time, address, scope, class FROM fresh
	WHERE time < ?1 LIMIT ?2);

-- name: gc_count_streams
SELECT count(*) FROM stream WHERE finished = 1 AND changed < ?1;

-- name: gc_streams
DELETE FROM stream WHERE id IN (SELECT id FROM stream
	WHERE finished = 1 AND changed < ?1 LIMIT ?2);

-- What streams that are gone have left; the sums of status stay.
-- name: gc_stream_heads
DELETE FROM stream_head WHERE stream NOT IN (SELECT id FROM stream);

-- name: gc_tallies_keep
INSERT INTO tally (stream, tally, sub, n)
SELECT 0, tally, sub, sum(n) FROM tally
WHERE stream <> 0 AND stream NOT IN (SELECT id FROM stream)
GROUP BY tally, sub
ON CONFLICT DO UPDATE SET n = n + excluded.n;

-- name: gc_tallies
DELETE FROM tally
WHERE stream <> 0 AND stream NOT IN (SELECT id FROM stream);
