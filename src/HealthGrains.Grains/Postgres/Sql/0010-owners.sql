-- What owners are told. The owner '' is nobody.

-- What is remembered of telling an owner; the row is locked while it is decided what they are told.
CREATE TABLE owners (
    owner text COLLATE "C" PRIMARY KEY,
    body json NOT NULL
) WITH (fillfactor = 70);

-- Alerts that were pushed. Of an erased account a push counts on, and names nothing.
CREATE TABLE pushes (
    owner text COLLATE "C" NOT NULL,
    key text COLLATE "C" NOT NULL,
    alert text COLLATE "C",
    account text COLLATE "C",
    at bigint NOT NULL,
    urgent boolean NOT NULL,
    PRIMARY KEY (owner, key)
);

CREATE INDEX pushes_by_alert ON pushes (alert);
CREATE INDEX pushes_by_account ON pushes (account);
CREATE INDEX pushes_by_time ON pushes (at);

COMMENT ON COLUMN pushes.key IS 'the alert; with :red behind it for a yellow one that has turned red';

-- Times as they stand in bodies sort as they do.
CREATE INDEX alerts_acknowledged ON alerts ((body ->> 'acknowledgedAt') COLLATE "C") WHERE (body ->> 'acknowledgedAt') IS NOT NULL;
CREATE INDEX alerts_resolved ON alerts ((body ->> 'resolvedAt') COLLATE "C") WHERE (body ->> 'resolvedAt') IS NOT NULL;
CREATE INDEX alerts_open_by_owner ON alerts ((coalesce(owner, ''))) WHERE state < 3;
