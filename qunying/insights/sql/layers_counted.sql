SELECT
    community_id,
    group_id,
    count(*) FILTER (layer = 'opener') AS opener,
    count(*) FILTER (layer = 'follower') AS follower,
    count(*) FILTER (layer = 'lurker') AS lurker,
    count(*) FILTER (layer = 'dormant') AS dormant,
    count(*) FILTER (layer = 'dormant' AND mute = 1) AS never
FROM stands
GROUP BY community_id, group_id
ORDER BY community_id, group_id;
