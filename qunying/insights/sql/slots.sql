-- The period that a moment on a community's clocks belongs to, counted from 1 January of year 1, which was a Monday.
CREATE MACRO period_day(local_at) AS (epoch_us(local_at) + 62135596800000000) // 86400000000;
CREATE MACRO period_week(local_at) AS (epoch_us(local_at) + 62135596800000000) // 604800000000;
CREATE MACRO period_month(local_at) AS year(local_at) * 12 + month(local_at) - 13;

-- The part of a breakdown that a row belongs to, as a number where it can be one: to group by words takes twice as long.
-- slots.py says which of these stands where a question says slot($by, …), and turns the numbers into words at the end.
CREATE MACRO slot_all(local_at, group_id, community_id, via) AS '';
CREATE MACRO slot_day(local_at, group_id, community_id, via) AS period_day(local_at);
CREATE MACRO slot_week(local_at, group_id, community_id, via) AS period_week(local_at);
CREATE MACRO slot_month(local_at, group_id, community_id, via) AS period_month(local_at);
CREATE MACRO slot_weekday(local_at, group_id, community_id, via) AS period_day(local_at) % 7 + 1;
CREATE MACRO slot_hour(local_at, group_id, community_id, via) AS (epoch_us(local_at) + 62135596800000000) // 3600000000 % 24;
CREATE MACRO slot_group(local_at, group_id, community_id, via) AS group_id;
CREATE MACRO slot_community(local_at, group_id, community_id, via) AS community_id;
CREATE MACRO slot_source(local_at, group_id, community_id, via) AS via;
CREATE MACRO slot_deed(local_at, group_id, community_id, via) AS via;
CREATE MACRO slot_capability(local_at, group_id, community_id, via) AS via;

-- The part of a row that is of one of many days, counted from 1970: that day, or whatever else it stands in.
CREATE MACRO of_days_day(day, part) AS day + 719162;
CREATE MACRO of_days_part(day, part) AS part;
