-- share.sql - recipients that fail, and attempts, in ten minutes each.

-- name: share_put
INSERT OR FAIL INTO share (provider, bucket, class, reply, n, accepted)
SELECT c1, c2, c3, c4, c5, c6 FROM waiting WHERE true
ON CONFLICT DO UPDATE SET n = n + excluded.n,
	accepted = accepted + excluded.accepted;

-- name: share_load
SELECT bucket, class, reply, n, accepted FROM share
WHERE provider = ?1 AND bucket >= ?2 AND bucket < ?3;

-- name: share_span
SELECT coalesce(sum(n), 0), coalesce(sum(accepted), 0),
	count(DISTINCT bucket / 3600)
FROM share
WHERE provider = ?1 AND bucket >= ?2 AND bucket < ?3 AND class = ?4
	AND reply = ?5;

-- Three classes in one pass: it goes over all that the provider has.
-- name: share_three
SELECT coalesce(sum(iif(class = ?5, n, 0)), 0),
	coalesce(sum(iif(class = ?5, accepted, 0)), 0),
	coalesce(sum(iif(class = ?6, n, 0)), 0),
	coalesce(sum(iif(class = ?6, accepted, 0)), 0),
	coalesce(sum(iif(class = ?7, n, 0)), 0),
	coalesce(sum(iif(class = ?7, accepted, 0)), 0)
FROM share
WHERE provider = ?1 AND bucket >= ?2 AND bucket < ?3 AND reply = ?4
	AND class IN (?5, ?6, ?7);

-- name: share_any
SELECT EXISTS (SELECT 1 FROM share WHERE provider = ?1 AND bucket <= ?2);

-- What the policy has listed lately.
-- name: fresh_put
INSERT OR IGNORE INTO fresh (time, address, scope, class, provider, reply)
SELECT c2, c1, c3, c4, c5, c6 FROM waiting;

-- name: fresh_list
SELECT time, address, scope, class, provider, reply FROM fresh
WHERE (time, address, scope, class) > (?1, ?2, ?3, ?4) AND time <= ?5
ORDER BY time, address, scope, class LIMIT ?6;

-- name: fresh_prune
DELETE FROM fresh WHERE time < ?1;

-- name: level_get
SELECT value FROM level WHERE name = ?1;

-- name: level_put
INSERT INTO level (name, value) VALUES (?1, ?2)
ON CONFLICT (name) DO UPDATE SET value = excluded.value;
