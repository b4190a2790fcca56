-- replay.sql - in a copy of the database: what came since ?1 is taken out, so
-- that it can come once more.

-- The window's own evidence, and the deliveries that cleared some of it (kind
-- 1). A domain's comes from that of its addresses.
-- name: replay_table
CREATE TABLE again (address TEXT, time, kind, sub, class, strength, state,
	message, queued, scope, rule, provider, vmta, ip, cat, code, status,
	reply, proof);

-- Discarded evidence counts until the storm comes again; who was lifted or
-- cleared at once stays so.
-- name: replay_again
INSERT INTO again SELECT address, time, kind, sub, class, strength,
	CASE WHEN state = 3 OR (state = 1 AND marked > time)
		OR (state = 2 AND incident > 0) THEN 0 ELSE state END,
	message, queued, scope, rule, provider, vmta, ip, cat, code, status,
	reply, proof
FROM evidence WHERE time >= ?1 AND substr(address, 1, 1) <> '@';

-- name: replay_deliveries
INSERT INTO again SELECT DISTINCT address, marked, 1, 0, 0, 0, 0, 0, 0, 0, 0,
	0, 0, 0, 0, 0, 0, 0, 0
FROM evidence WHERE marked >= ?1 AND marked > time
	AND (state = 1 OR (state = 0 AND clears = 2));

-- One that cleared nothing, from elsewhere.
-- name: replay_deliver
INSERT INTO again VALUES (?1, ?2, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
	0, 0);

-- name: replay_index
CREATE INDEX again_time ON again (time);

-- What is older is as it was then.
-- name: replay_evidence
DELETE FROM evidence WHERE time >= ?1;

-- name: replay_uncleared
UPDATE evidence SET state = 0, marked = 0 WHERE state = 1 AND marked >= ?1;

-- name: replay_unheld
UPDATE evidence SET state = 0, incident = 0
WHERE state = 3
	AND incident IN (SELECT id FROM incident WHERE opened >= ?1);

-- A person's lifts and holds stay.
-- name: replay_entries
DELETE FROM entry
WHERE since >= ?1 AND source = (SELECT id FROM word WHERE text = 'policy')
	AND NOT (state = 2 AND bulk > 0) AND NOT (state = 1 AND incident = 0);

-- name: replay_entries_back
UPDATE entry SET state = 0, mark = 0, incident = 0
WHERE since < ?1 AND source = (SELECT id FROM word WHERE text = 'policy')
	AND ((state = 2 AND bulk = 0 AND mark >= ?1) OR (state = 1
	AND incident IN (SELECT id FROM incident WHERE opened >= ?1)));

-- name: replay_keys
DELETE FROM incident_key
WHERE incident IN (SELECT id FROM incident WHERE opened >= ?1);

-- name: replay_incidents
DELETE FROM incident WHERE opened >= ?1;

-- Attempts, and reports by source, were counted from rows that are not kept.
-- name: replay_shares
DELETE FROM share WHERE bucket >= ?1 AND class NOT BETWEEN 201 AND 203
	AND class NOT BETWEEN 400 AND 499;

-- name: replay_fresh
DELETE FROM fresh WHERE time >= ?1;

-- name: replay_horizon
UPDATE level SET value = min(value, ?1)
WHERE name IN ('horizon', 'horizon-reports');

-- In order of time, after row ?2 of ?1.
-- name: replay_rows
SELECT rowid, address, time, kind, sub, class, strength, state, message,
	queued, scope, rule, provider, vmta, ip, cat, code, status, reply,
	proof
FROM again INDEXED BY again_time
WHERE time >= ?1 AND (time > ?1 OR rowid > ?2)
ORDER BY time, rowid LIMIT ?3;

-- What incidents hold, one row an address and class.
-- name: replay_held
SELECT e.address, e.class, coalesce(ru.text, '-'), i.kind
FROM evidence e JOIN incident i ON i.id = e.incident
LEFT JOIN word ru ON ru.id = e.rule
WHERE e.incident > 0 AND e.state = 3
GROUP BY e.address, e.class ORDER BY e.address, e.class;

-- Whom they held until a delivery came.
-- name: replay_dropped
SELECT address, class FROM evidence WHERE incident > 0 AND state = 1
GROUP BY address, class ORDER BY address, class;

-- name: replay_opened
SELECT kind, count(*) FROM incident WHERE opened >= ?1 GROUP BY kind;

-- name: replay_now_held
SELECT count(DISTINCT address) FROM evidence
WHERE incident > 0 AND state = 3;
