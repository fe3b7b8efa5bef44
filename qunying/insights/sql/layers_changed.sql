-- Who stands elsewhere than was kept of them. Nothing before: they are new there; nothing after: they sit there no more.
SELECT * FROM (
    SELECT n.community_id, n.group_id, n.person_id, coalesce(k.layer, '') AS before, n.layer AS after
    FROM stands AS n
    LEFT JOIN kept AS k
        ON k.community_id = n.community_id AND k.group_id = n.group_id AND k.person_id = n.person_id
    WHERE k.layer IS NULL OR k.layer <> n.layer
    UNION ALL
    SELECT k.community_id, k.group_id, k.person_id, k.layer AS before, '' AS after
    FROM kept AS k
    LEFT JOIN stands AS n
        ON n.community_id = k.community_id AND n.group_id = k.group_id AND n.person_id = k.person_id
    WHERE n.layer IS NULL
)
ORDER BY community_id, group_id, person_id;
