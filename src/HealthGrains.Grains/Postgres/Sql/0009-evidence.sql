-- Where signals can be seen in their own system. Nothing is computed from it.

CREATE TABLE evidence (
    account text COLLATE "C" NOT NULL,
    at bigint NOT NULL,
    kind smallint NOT NULL,
    url text COLLATE "C" NOT NULL,
    PRIMARY KEY (account, at, kind, url)
);

COMMENT ON COLUMN evidence.at IS 'Unix milliseconds';
