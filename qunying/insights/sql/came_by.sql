SELECT via, count(*) AS people
FROM (
    SELECT community_id, person_id, arg_max(via, happened_at) AS via
    FROM moves
    WHERE standing = 'member' AND name = 'member.joined' AND happened_at >= $middle
    GROUP BY ALL
)
GROUP BY via
ORDER BY people DESC, via;
