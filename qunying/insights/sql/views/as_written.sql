-- No message in sight changed after it went into the lake.
CREATE TEMP VIEW messages AS FROM all_messages;
