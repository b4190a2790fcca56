-- entry.sql - who is suppressed, and every change of that.

-- name: entry_get
SELECT class, state, since, until, mark, bulk, incident, rule, source, reason,
	change, subdomains
FROM entry WHERE address = ?1 AND scope = ?2 AND class = ?3;

-- name: entry_full
SELECT en.class, en.state, en.since, en.until, en.mark, en.bulk, en.incident,
	coalesce(sc.text, 'global'), coalesce(ru.text, '-'), so.text,
	coalesce(re.text, ''), en.subdomains
FROM entry en
LEFT JOIN word sc ON sc.id = en.scope
LEFT JOIN word ru ON ru.id = en.rule
LEFT JOIN word so ON so.id = en.source
LEFT JOIN word re ON re.id = en.reason
WHERE en.address = ?1 AND en.scope = ?2 AND en.class = ?3;

-- name: entry_put
INSERT INTO entry (address, scope, class, state, since, until, rule, source,
	reason, mark, bulk, incident, change, subdomains)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)
ON CONFLICT (address, scope, class) DO UPDATE SET
	state = excluded.state, since = excluded.since, until = excluded.until,
	rule = excluded.rule, source = excluded.source,
	reason = excluded.reason, mark = excluded.mark, bulk = excluded.bulk,
	incident = excluded.incident, change = excluded.change,
	subdomains = excluded.subdomains;

-- Of addresses that had none.
-- name: entry_add
INSERT OR FAIL INTO entry (address, scope, class, state, since, until, rule,
	source, reason, mark, bulk, incident, change, subdomains)
SELECT c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, c11, c12, c13, c14
FROM waiting;

-- name: entry_all
SELECT en.scope, en.class, en.state, en.since, en.until, en.mark,
	so.text = 'policy', en.incident, en.subdomains
FROM entry en LEFT JOIN word so ON so.id = en.source
WHERE en.address = ?1;

-- name: entry_any_below
SELECT 1 FROM entry WHERE subdomains > 0 LIMIT 1;

-- name: entry_addresses
SELECT address FROM entry WHERE state = 0 AND (until = 0 OR until > ?1);

-- Those of an address (0) and of its domain (1).
-- name: entry_of
SELECT 0, scope, class, state, since, until, rule, source, reason,
	mark, bulk, incident, subdomains
FROM entry WHERE address = ?1
UNION ALL
SELECT 1, scope, class, state, since, until, rule, source, reason,
	mark, bulk, incident, subdomains
FROM entry WHERE address = ?2;

-- The same where the domain is known to have none.
-- name: entry_own
SELECT 0, scope, class, state, since, until, rule, source, reason,
	mark, bulk, incident, subdomains
FROM entry WHERE address = ?1;

-- name: entry_words
SELECT CASE ?1 WHEN 0 THEN 'global'
	ELSE (SELECT text FROM word WHERE id = ?1) END,
	coalesce((SELECT text FROM word WHERE id = ?2), '-'),
	coalesce((SELECT text FROM word WHERE id = ?3), ''),
	coalesce((SELECT text FROM word WHERE id = ?4), '');

-- name: entry_run_out
SELECT address, scope, class FROM entry
WHERE until > 0 AND until <= ?1 AND state = 0 LIMIT ?2;

-- name: entry_run_out_count
SELECT count(*) FROM entry WHERE until > 0 AND until <= ?1 AND state = 0;

-- name: entry_end
UPDATE entry SET state = 3, change = ?4 WHERE address = ?1 AND scope = ?2 AND class = ?3;

-- FAIL: a row that cannot be put in ends the batch, so SQLite need not keep
-- what the statement had done before.
-- name: change_put
INSERT OR FAIL INTO change (n, at, action, address, scope, class, who, why,
	bulk, prev, was_state, was_since, was_until, was_rule, was_source,
	was_reason, was_mark, was_incident, was_subdomains)
SELECT c2, c3, c4, c1, c5, c6, c7, c8, c9, c10, c11, c12, c13, c14, c15, c16,
	c17, c18, c19
FROM waiting;

-- Also when runs or what was deleted had the last ones: numbers are never used
-- again.
-- name: change_last
SELECT max(coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'change'), 0),
	coalesce((SELECT max(n) FROM change), 0));

-- name: change_list
WITH RECURSIVE chain(n) AS (
	SELECT change FROM entry WHERE address = ?1 AND change > 0
	UNION
	SELECT p.prev FROM change p JOIN chain ON p.n = chain.n
	WHERE p.prev > 0)
SELECT ch.n, ch.at, ch.action, coalesce(sc.text, 'global'), ch.class,
	coalesce(wh.text, ''), coalesce(wy.text, ''), ch.bulk
FROM (SELECT n, at, action, scope, class, who, why, bulk FROM change
	WHERE n IN (SELECT n FROM chain)
	UNION ALL
	SELECT en.change, r.at, 1, en.scope, en.class, r.who, en.reason, r.bulk
	FROM entry en
	JOIN change_run r ON r.first = (SELECT max(x.first) FROM change_run x
		WHERE x.first <= en.change) AND r.last >= en.change
	WHERE en.address = ?1 AND NOT EXISTS (
		SELECT 1 FROM change c WHERE c.n = en.change)) ch
LEFT JOIN word sc ON sc.id = ch.scope
LEFT JOIN word wh ON wh.id = ch.who
LEFT JOIN word wy ON wy.id = ch.why
ORDER BY ch.n;

-- Numbers of words: a scan looks them up in memory.
-- name: entry_scan
SELECT address, scope, class, state, since, until, rule, source, reason, mark,
	bulk, incident, change, subdomains
FROM entry ORDER BY address, scope, class;

-- name: entry_list_one
SELECT en.address, coalesce(sc.text, 'global'), en.class, en.state, en.since,
	en.until, coalesce(ru.text, '-'), coalesce(so.text, ''),
	coalesce(re.text, ''), en.mark, en.bulk, en.incident,
	en.change,
	'', en.subdomains
FROM entry en
LEFT JOIN word sc ON sc.id = en.scope
LEFT JOIN word ru ON ru.id = en.rule
LEFT JOIN word so ON so.id = en.source
LEFT JOIN word re ON re.id = en.reason
WHERE en.address = ?1
ORDER BY en.scope, en.class;

-- Domains that hold for what is below them, too.
-- name: entry_list_below
SELECT en.address, coalesce(sc.text, 'global'), en.class, en.state, en.since,
	en.until, coalesce(ru.text, '-'), coalesce(so.text, ''),
	coalesce(re.text, ''), en.mark, en.bulk, en.incident,
	en.change,
	'', en.subdomains
FROM entry en
LEFT JOIN word sc ON sc.id = en.scope
LEFT JOIN word ru ON ru.id = en.rule
LEFT JOIN word so ON so.id = en.source
LEFT JOIN word re ON re.id = en.reason
WHERE en.subdomains > 0
ORDER BY en.address, en.scope, en.class;

-- What changed after ?1: one row an entry, by its last change. Told as add
-- when the reader, who knows what was before, cannot know the entry yet.
-- name: entry_changed
SELECT en.address, coalesce(sc.text, 'global'), en.class, en.state, en.since,
	en.until, coalesce(ru.text, '-'), coalesce(so.text, ''),
	coalesce(re.text, ''), en.mark, en.bulk, en.incident, c.n,
	CASE en.state
	WHEN 0 THEN CASE WHEN EXISTS (
		WITH RECURSIVE back(n) AS (
			SELECT c.n
			UNION ALL
			SELECT p.prev FROM change p JOIN back ON p.n = back.n
			WHERE p.prev > ?1)
		SELECT 1 FROM change x JOIN back ON x.n = back.n
		WHERE x.action = 1) THEN 'add' ELSE 'change' END
	WHEN 1 THEN 'hold'
	ELSE 'remove' END, en.subdomains
FROM change c
JOIN entry en ON en.address = c.address AND en.scope = c.scope
	AND en.class = c.class AND en.change = c.n
LEFT JOIN word sc ON sc.id = en.scope
LEFT JOIN word ru ON ru.id = en.rule
LEFT JOIN word so ON so.id = en.source
LEFT JOIN word re ON re.id = en.reason
WHERE c.n > ?1
ORDER BY c.n;

-- name: entry_last_evidence
SELECT e.time, e.code, e.status, coalesce(pr.text, ''),
	coalesce(re.folded, '')
FROM evidence e
LEFT JOIN word pr ON pr.id = e.provider
LEFT JOIN reply re ON re.id = e.reply
WHERE e.hash = hash_of(?1) AND e.address = ?1 AND e.class = ?2
ORDER BY e.time DESC LIMIT 1;

-- name: entry_class_counts
SELECT class, count(*) FROM entry
WHERE state = 0 AND (until = 0 OR until > ?1) GROUP BY class ORDER BY class;

-- name: entry_state_counts
SELECT sum(state = 0 AND (until = 0 OR until > ?1)), sum(state = 1),
	sum(state = 2),
	sum(state = 3 OR (state = 0 AND until > 0 AND until <= ?1))
FROM entry;

-- name: table_counts
SELECT (SELECT count(*) FROM evidence), (SELECT count(*) FROM reply),
	(SELECT coalesce(max(n), 0) FROM change);

-- name: cursor_get
SELECT at, pending FROM cursor WHERE name = ?1;

-- name: cursor_pend
INSERT INTO cursor (name, at, pending, moved) VALUES (?1, -1, ?2, 0)
ON CONFLICT (name) DO UPDATE SET pending = excluded.pending;

-- name: cursor_move
INSERT INTO cursor (name, at, pending, moved) VALUES (?1, ?2, ?2, ?3)
ON CONFLICT (name) DO UPDATE SET at = excluded.at,
	pending = excluded.pending, moved = excluded.moved;

-- name: cursor_list
SELECT name, at, pending, moved FROM cursor ORDER BY name;

-- The changes of a bulk, newest first, from before ?2 on; of an entry that it
-- changed again the first, which tells what was before. Last: the entry's
-- change now, where that is the bulk's, too. The index has only rows with
-- bulk > 0, and is used where that is said.
-- name: undo_changes
SELECT c.n, c.address, c.scope, c.class, c.was_state, c.was_since,
	c.was_until, c.was_rule, c.was_source, c.was_reason, c.was_mark,
	c.was_incident, c.was_subdomains,
	coalesce((SELECT en.change FROM entry en
		JOIN change l ON l.n = en.change AND l.bulk = ?1
		WHERE en.address = c.address AND en.scope = c.scope
		AND en.class = c.class), c.n)
FROM change c
WHERE c.bulk = ?1 AND c.bulk > 0 AND c.n < ?2 AND NOT EXISTS (
	SELECT 1 FROM change p WHERE p.n = c.prev AND p.bulk = ?1)
ORDER BY c.n DESC LIMIT ?3;

-- What the bulk made void counts again, and the other way about. What was
-- marked since is of no bulk. A delivery that strong evidence noted drops what
-- would be held again.
-- name: undo_evidence
UPDATE evidence SET state = iif(was = 3 AND clears = 3 AND marked > time, 1,
	was), was = state, bulk = ?2
WHERE bulk = ?1 AND bulk > 0;

-- What the bulk put back, where a delivery, of whatever time, has cleared
-- evidence that it may have begun with.
-- name: undo_cleared
SELECT DISTINCT en.address, coalesce(sc.text, 'global'), en.class, e.class
FROM change c
JOIN entry en ON en.address = c.address AND en.scope = c.scope
	AND en.class = c.class
JOIN word so ON so.id = en.source AND so.text = 'policy'
JOIN evidence e ON e.hash = hash_of(en.address)
	AND e.address = en.address AND e.state = 1
	AND e.time > en.mark AND e.time <= en.since
LEFT JOIN word sc ON sc.id = en.scope
WHERE c.bulk = ?1 AND c.bulk > 0 AND en.state = 0;

-- What the bulk lifted and the policy had not listed, where evidence counts that
-- may have come while it stood.
-- name: undo_lifted
SELECT DISTINCT en.address, coalesce(sc.text, 'global'), en.class, e.class
FROM change c
JOIN entry en ON en.address = c.address AND en.scope = c.scope
	AND en.class = c.class
JOIN word so ON so.id = en.source AND so.text <> 'policy'
JOIN evidence e ON e.hash = hash_of(en.address)
	AND e.address = en.address AND e.state = 0 AND e.time > en.mark
LEFT JOIN word sc ON sc.id = en.scope
WHERE c.bulk = ?1 AND c.bulk > 0 AND en.state = 2;

-- The same for the state of an incident, unless it was settled anew since.
-- name: undo_incident_change
INSERT INTO incident_change (bulk, incident, was, state)
SELECT ?2, c.incident, c.state, c.was FROM incident_change c
JOIN incident i ON i.id = c.incident AND i.state = c.state
WHERE c.bulk = ?1 AND NOT EXISTS (SELECT 1 FROM incident_change later
	WHERE later.incident = c.incident AND later.bulk > c.bulk);

-- name: undo_incident
UPDATE incident SET state = c.state FROM incident_change c
WHERE c.bulk = ?1 AND c.incident = incident.id;

-- name: bulk_get
SELECT id, at, what, who FROM bulk WHERE id = ?1;

-- name: bulk_list
SELECT b.id, b.at, b.what, b.who,
	(SELECT count(*) FROM change c WHERE c.bulk = b.id AND c.bulk > 0) +
	(SELECT coalesce(sum(r.last - r.first + 1 - (SELECT count(*)
		FROM change c WHERE c.n BETWEEN r.first AND r.last)), 0)
		FROM change_run r WHERE r.bulk = b.id)
FROM bulk b ORDER BY b.id DESC LIMIT ?1;
