SELECT group_id, identity_id, epoch_us(min(happened_at)) AS joined_us
FROM moves
WHERE standing = 'member' AND name = 'member.joined' AND happened_at >= $middle
GROUP BY group_id, identity_id
ORDER BY joined_us, identity_id;
