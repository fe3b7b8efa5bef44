-- What columns.People holds.
SELECT community_id, person_id, first_spoke_at IS NULL AS is_mute
FROM people
WHERE standing = 'member';
