people AS NOT MATERIALIZED (FROM kept_people)
