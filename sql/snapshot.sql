-- snapshot.sql - the whole list as it is at one moment, for scrub.

-- name: snapshot_count
SELECT count(*) FROM entry;

-- name: snapshot_keys
SELECT address, subdomains FROM entry
WHERE state = 0 AND (until = 0 OR until > ?1) AND (scope = 0 OR scope = ?2);

-- name: snapshot_entries
SELECT address, scope, class, since FROM entry
WHERE state = 0 AND (until = 0 OR until > ?1) AND (scope = 0 OR scope = ?2);
