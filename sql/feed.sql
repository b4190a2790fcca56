-- feed.sql - the numbered changes: those with a row of their own, and the runs
-- of imports, which stand in entry.change alone until the entry changes again.

-- name: run_add
INSERT INTO change_run (first, last, at, who, bulk)
VALUES (?1, ?2, ?3, ?4, ?5);

-- A new entry; one that stands stays as it is.
-- name: run_entry
INSERT INTO entry (address, scope, class, state, since, until, rule, source,
	reason, mark, bulk, incident, change, subdomains)
VALUES (?1, ?2, ?3, 0, ?4, ?5, ?6, ?7, ?8, 0, ?9, 0, ?10, ?11)
ON CONFLICT DO NOTHING;

-- The change of a run gets a row of its own, since its entry moves on.
-- name: run_settle
INSERT INTO change (n, at, action, address, scope, class, who, why, bulk,
	prev, was_state, was_since, was_until, was_rule, was_source,
	was_reason, was_mark)
SELECT en.change, r.at, 1, en.address, en.scope, en.class, r.who, en.reason,
	r.bulk, 0, -1, 0, 0, 0, 0, 0, 0
FROM entry en
JOIN change_run r ON r.first = (
	SELECT max(x.first) FROM change_run x WHERE x.first <= en.change)
	AND r.last >= en.change
WHERE en.address = ?1 AND en.scope = ?2 AND en.class = ?3
	AND NOT EXISTS (SELECT 1 FROM change c WHERE c.n = en.change);

-- The runs that reach past ?1.
-- name: run_list
SELECT r.first, r.last, r.at, coalesce(wh.text, '')
FROM change_run r
LEFT JOIN word wh ON wh.id = r.who
WHERE r.last > ?1
ORDER BY r.first;

-- name: run_of_bulk
SELECT first, last FROM change_run WHERE bulk = ?1;

-- name: run_undo
SELECT change, address, scope, class FROM entry
WHERE (address, scope, class) > (?3, ?4, ?5) AND change BETWEEN ?1 AND ?2
	AND NOT EXISTS (SELECT 1 FROM change c WHERE c.n = entry.change)
ORDER BY address, scope, class LIMIT ?6;

-- name: feed_rows
SELECT ch.n, ch.at, ch.action, ch.address, coalesce(sc.text, 'global'),
	ch.class, coalesce(wh.text, ''), coalesce(wy.text, ''), ch.bulk
FROM change ch
LEFT JOIN word sc ON sc.id = ch.scope
LEFT JOIN word wh ON wh.id = ch.who
LEFT JOIN word wy ON wy.id = ch.why
WHERE ch.n > ?1 AND ch.n <= ?2
ORDER BY ch.n;

-- Entries that runs added and nothing has changed since: of one run in key
-- order, which is that of its numbers; of many by number.
-- name: run_entries
SELECT en.address, coalesce(sc.text, 'global'), en.class, en.state, en.since,
	en.until, coalesce(ru.text, '-'), coalesce(so.text, ''),
	coalesce(re.text, ''), en.mark, en.bulk, en.incident, en.change, 'add',
	en.subdomains
FROM entry en
LEFT JOIN word sc ON sc.id = en.scope
LEFT JOIN word ru ON ru.id = en.rule
LEFT JOIN word so ON so.id = en.source
LEFT JOIN word re ON re.id = en.reason
WHERE en.change BETWEEN ?1 AND ?2
	AND NOT EXISTS (SELECT 1 FROM change c WHERE c.n = en.change)
ORDER BY en.address, en.scope, en.class;

-- name: runs_entries
SELECT en.address, coalesce(sc.text, 'global'), en.class, en.state, en.since,
	en.until, coalesce(ru.text, '-'), coalesce(so.text, ''),
	coalesce(re.text, ''), en.mark, en.bulk, en.incident, en.change, 'add',
	en.subdomains
FROM entry en
LEFT JOIN word sc ON sc.id = en.scope
LEFT JOIN word ru ON ru.id = en.rule
LEFT JOIN word so ON so.id = en.source
LEFT JOIN word re ON re.id = en.reason
WHERE en.change BETWEEN ?1 AND ?2
	AND NOT EXISTS (SELECT 1 FROM change c WHERE c.n = en.change)
ORDER BY en.change;
