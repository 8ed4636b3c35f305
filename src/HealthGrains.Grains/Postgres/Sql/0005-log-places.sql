-- How far each partition of the log is stored: everything before next_offset is in this database. Written after what it speaks of,
-- and before the group commits. So a database that was restored from a backup says itself where reading has to go on.

CREATE TABLE log_places (
    topic text COLLATE "C" NOT NULL,
    partition integer NOT NULL,
    next_offset bigint NOT NULL CHECK (next_offset > 0),
    moved_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (topic, partition)
) WITH (fillfactor = 50);
