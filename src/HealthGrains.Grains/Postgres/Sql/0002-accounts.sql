-- Whose database this is. A silo with other ids, or with the same ids and another tenant's keys, is told at its start.

CREATE TABLE clusters (
    cluster_id text COLLATE "C" PRIMARY KEY,
    service_id text NOT NULL,
    tenant text NOT NULL,
    keys_fingerprint text,
    created_at timestamptz NOT NULL DEFAULT now()
);

-- An account as its grain keeps it. Rows of 2 to 4 KB stay whole in their page: one that is cut up costs two more writes. A page
-- keeps room for a second version of its row, so that an update touches no index.

CREATE TABLE accounts (
    id text COLLATE "C" PRIMARY KEY,
    version bigint NOT NULL CHECK (version > 0),
    due_at bigint NOT NULL,
    shard smallint NOT NULL,
    model text NOT NULL,
    profile bytea NOT NULL,
    intake bytea NOT NULL,
    state bytea NOT NULL
) WITH (fillfactor = 45, toast_tuple_target = 8160, autovacuum_vacuum_scale_factor = 0.1);

ALTER TABLE accounts
    ALTER profile SET STORAGE MAIN,
    ALTER intake SET STORAGE MAIN,
    ALTER state SET STORAGE MAIN;

COMMENT ON COLUMN accounts.due_at IS 'next wake-up, Unix milliseconds; 9223372036854775807 for never';
COMMENT ON COLUMN accounts.profile IS 'JSON, UTF-8: not of type json, which would be parsed again with every write';

-- The sweep asks a shard for what is due; accounts that need no wake-up are not in it.
CREATE INDEX accounts_due ON accounts (shard, due_at) WHERE due_at < 9223372036854775807;

CREATE VIEW account_profiles AS SELECT id, convert_from(profile, 'UTF8')::json AS profile FROM accounts;
