-- report.sql - what replies come, by volume.

-- name: report_unknowns
SELECT re.folded, re.sample, coalesce(pr.text, ''), sum(co.n) AS n,
	min(co.bucket), max(co.bucket)
FROM counter co
JOIN reply re ON re.id = co.reply
LEFT JOIN word pr ON pr.id = co.provider
WHERE co.class = 0 AND co.bucket >= ?1
GROUP BY co.reply, co.provider
ORDER BY n DESC, re.folded
LIMIT ?2;

-- name: report_categories
SELECT ca.text, e.class, coalesce(re.folded, ''), coalesce(re.sample, ''),
	coalesce(ru.text, ''), count(*) AS n
FROM evidence e
JOIN word ca ON ca.id = e.cat
LEFT JOIN reply re ON re.id = e.reply
LEFT JOIN word ru ON ru.id = e.rule
WHERE e.time >= ?1
GROUP BY e.cat, e.class, e.reply, e.rule
ORDER BY n DESC, ca.text, e.class;
