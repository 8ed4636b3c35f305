-- Of an account that was erased: how far the partitions of the log had been taken, so that reading them again does not bring it back.
-- Nothing else, and under the pseudonym that the audit has.

CREATE TABLE erasures (
    pseudonym text COLLATE "C" PRIMARY KEY,
    intake bytea NOT NULL,
    at timestamptz NOT NULL DEFAULT now()
);
