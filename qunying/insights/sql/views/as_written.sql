-- No message in sight changed after it went into the lake.
messages AS NOT MATERIALIZED (FROM all_messages)
