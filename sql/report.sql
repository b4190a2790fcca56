-- report.sql - what replies come, by volume.

-- name: report_unknowns
SELECT re.folded, re.sample, coalesce(pr.text, ''), g.n, g.first, g.last
FROM (SELECT provider, reply, count(*) AS n, min(time) AS first,
		max(time) AS last
	FROM evidence WHERE time >= ?1 AND class = 0
		AND substr(address, 1, 1) <> '@'
	GROUP BY provider, reply) g
JOIN reply re ON re.id = g.reply
LEFT JOIN word pr ON pr.id = g.provider
ORDER BY g.n DESC, re.folded, g.provider
LIMIT ?2;

-- name: report_categories_scan
SELECT cat, class, reply, rule, 0, 0, 0, 0, time FROM evidence
WHERE time >= ?1 AND cat > 0 AND substr(address, 1, 1) <> '@';

-- Of these rows by group (groups.h).
-- name: report_categories
SELECT ca.text, c2, coalesce(re.folded, ''), coalesce(re.sample, ''),
	coalesce(ru.text, ''), c9
FROM waiting
JOIN word ca ON ca.id = c1
LEFT JOIN reply re ON re.id = c3
LEFT JOIN word ru ON ru.id = c4
ORDER BY c9 DESC, ca.text, c2, c3, c4;

-- Failures; complaints have no reply.
-- name: report_codes_scan
SELECT provider, reply, class, vmta, ip, rule, code, status, time
FROM evidence
WHERE time >= ?1 AND time < ?2 AND kind IN (2, 3, 6, 9)
	AND substr(address, 1, 1) <> '@'
	AND (?3 = 0 OR provider = ?3) AND (?4 = 0 OR vmta = ?4);

-- These by who replied what, and below that to which of ours, the latest first.
-- name: report_codes
WITH part (provider, reply, class, vmta, ip, rule, code, status, n, first,
	last) AS MATERIALIZED (
	SELECT c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, c11 FROM waiting),
whole AS MATERIALIZED (
	SELECT provider, reply, class, sum(n) AS n, min(first) AS first,
		max(last) AS last
	FROM part GROUP BY provider, reply, class
	ORDER BY n DESC, last DESC, provider, reply, class LIMIT ?1)
SELECT coalesce(pr.text, ''), coalesce(re.folded, ''),
	coalesce(re.sample, ''), w.class, w.n, w.first, w.last, w.provider,
	w.reply, coalesce(vm.text, ''), coalesce(ip.text, ''),
	coalesce(ru.text, ''), p.code, p.status
FROM whole w
JOIN part p ON p.provider = w.provider AND p.reply = w.reply
	AND p.class = w.class
LEFT JOIN word pr ON pr.id = w.provider
LEFT JOIN reply re ON re.id = w.reply
LEFT JOIN word vm ON vm.id = p.vmta
LEFT JOIN word ip ON ip.id = p.ip
LEFT JOIN word ru ON ru.id = p.rule
ORDER BY w.n DESC, w.last DESC, w.provider, w.reply, w.class, p.last DESC,
	p.vmta, p.ip, p.rule, p.code, p.status;
