SELECT step, member, min(at_us - start_us) AS took_us FROM reached GROUP BY step, member
