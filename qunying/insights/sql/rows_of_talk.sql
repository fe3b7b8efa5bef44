-- What columns.Talk holds; -1 is somebody who is not known.
SELECT
    community_id,
    coalesce(person_id, -1) AS person_id,
    epoch_us(said_at) AS said_us,
    epoch_us(local_at) AS local_us,
    is_recalled
FROM talk
WHERE said_by = 'member';
