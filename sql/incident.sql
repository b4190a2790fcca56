-- incident.sql - storms and breakers.
-- "incident > 0" stands beside "incident = ?1" where the index is to be used,
-- which has only such rows.

-- name: incident_add
INSERT INTO incident (kind, state, provider, class, reply, covers, opened,
	last, peak, peak_n, text)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11);

-- name: incident_key_add
INSERT INTO incident_key (incident, provider, class, reply)
VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING;

-- name: incident_load
SELECT i.id, i.kind, i.state, i.provider, i.class, i.reply, i.covers,
	i.opened, i.last, i.peak, i.peak_n, k.provider, k.class, k.reply
FROM incident i JOIN incident_key k ON k.incident = i.id
ORDER BY i.id;

-- name: incident_keep
UPDATE incident SET last = ?2, peak = ?3, peak_n = ?4 WHERE id = ?1;

-- name: incident_change_add
INSERT INTO incident_change (bulk, incident, was, state)
SELECT ?2, id, state, ?3 FROM incident WHERE id = ?1;

-- name: incident_state
UPDATE incident SET state = ?2 WHERE id = ?1;

-- name: incident_get
SELECT id, kind, state, provider, class, reply, covers, opened, last, peak,
	peak_n, text
FROM incident WHERE id = ?1;

-- name: incident_list
SELECT id, kind, state, provider, class, reply, covers, opened, last, peak,
	peak_n, text
FROM incident ORDER BY id DESC;

-- name: incident_note_add
INSERT INTO incident_note (incident, at, who, text) VALUES (?1, ?2, ?3, ?4);

-- name: incident_note_list
SELECT at, who, text FROM incident_note WHERE incident = ?1
ORDER BY at, rowid;

-- name: incident_held
SELECT h.address, h.class, coalesce(sc.text, '')
FROM (SELECT DISTINCT address, class, scope FROM evidence
	WHERE incident = ?1 AND incident > 0 AND state = 3) h
LEFT JOIN word sc ON sc.id = h.scope
ORDER BY h.address, h.class, h.scope;

-- name: incident_sums
SELECT count(DISTINCT CASE state WHEN 3 THEN address END),
	count(DISTINCT address)
FROM evidence WHERE incident = ?1 AND incident > 0;

-- What was counted for each of its keys: the provider's rows of that time are
-- read once.
-- name: incident_share
SELECT k.reply, sum(s.n), sum(s.accepted), min(s.bucket)
FROM (SELECT DISTINCT provider FROM incident_key WHERE incident = ?1) p
CROSS JOIN share s ON s.provider = p.provider AND s.bucket >= ?2
	AND s.bucket < ?3
CROSS JOIN incident_key k ON k.incident = ?1 AND k.provider = s.provider
	AND k.class = s.class AND k.reply = s.reply
GROUP BY k.provider, k.class, k.reply;

-- name: incident_bulk
SELECT coalesce(max(bulk), 0) FROM incident_change
WHERE incident = ?1 AND state = ?2;

-- name: incident_replies
SELECT coalesce(pr.text, ''), coalesce(re.folded, ''),
	coalesce(re.sample, ''), coalesce(ru.text, ''), g.class, g.code,
	g.status, g.n
FROM (SELECT provider, reply, rule, class, max(code) AS code,
		max(status) AS status, count(*) AS n
	FROM evidence WHERE incident = ?1 AND incident > 0
	GROUP BY provider, reply, rule, class
	ORDER BY n DESC, provider, reply LIMIT ?2) g
LEFT JOIN word pr ON pr.id = g.provider
LEFT JOIN word ru ON ru.id = g.rule
LEFT JOIN reply re ON re.id = g.reply
ORDER BY g.n DESC, g.provider, g.reply;

-- The same of all that failed so in [?1, ?2).
-- name: incident_replies_counted
SELECT coalesce(pr.text, ''), coalesce(re.folded, ''),
	coalesce(re.sample, ''), '', g.class, 0, 0, g.n
FROM (SELECT provider, reply, class, count(*) AS n FROM evidence
	WHERE time >= ?1 AND time < ?2 AND provider = ?3 AND class = ?4
		AND kind IN (2, 3, 6, 9)
	GROUP BY reply ORDER BY n DESC, reply LIMIT ?5) g
LEFT JOIN word pr ON pr.id = g.provider
LEFT JOIN reply re ON re.id = g.reply
ORDER BY g.n DESC, g.reply;

-- name: incident_ours
SELECT coalesce(vm.text, ''), coalesce(ip.text, ''), g.n
FROM (SELECT vmta, ip, count(*) AS n FROM evidence
	WHERE incident = ?1 AND incident > 0
	GROUP BY vmta, ip ORDER BY n DESC, vmta, ip LIMIT ?2) g
LEFT JOIN word vm ON vm.id = g.vmta
LEFT JOIN word ip ON ip.id = g.ip
ORDER BY g.n DESC, g.vmta, g.ip;

-- name: incident_ours_counted
SELECT coalesce(vm.text, ''), coalesce(ip.text, ''), g.n
FROM (SELECT vmta, ip, count(*) AS n FROM evidence
	WHERE time >= ?1 AND time < ?2 AND provider = ?3 AND class = ?4
		AND kind IN (2, 3, 6, 9)
	GROUP BY vmta, ip ORDER BY n DESC, vmta, ip LIMIT ?5) g
LEFT JOIN word vm ON vm.id = g.vmta
LEFT JOIN word ip ON ip.id = g.ip
ORDER BY g.n DESC, g.vmta, g.ip;

-- The newest rows alone, since a stranger can make very many.
-- name: incident_of
SELECT coalesce(max(incident), 0) FROM (
	SELECT incident, state FROM evidence
		WHERE hash = hash_of(?1) AND address = ?1
	ORDER BY time DESC LIMIT 1000)
WHERE state = 3;
