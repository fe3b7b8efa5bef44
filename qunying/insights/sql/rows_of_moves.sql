-- What columns.Moves holds.
SELECT
    community_id,
    group_id,
    identity_id,
    person_id,
    name = 'member.joined' AS is_in,
    coalesce(via, '') AS via,
    coalesce(operator_id <> identity_id, false) AS is_removed,
    epoch_us(happened_at) AS happened_us,
    epoch_us(local_at) AS local_us
FROM moves
WHERE standing = 'member' AND name IN ('member.joined', 'member.left');
