-- What every node keeps a copy of: names, identities, which accounts there are.

CREATE TABLE names (
    id bigint PRIMARY KEY,
    text text NOT NULL
);

CREATE TABLE identities (
    source text COLLATE "C" NOT NULL,
    external_id text COLLATE "C" NOT NULL,
    target text COLLATE "C" NOT NULL,
    PRIMARY KEY (source, external_id)
);

CREATE INDEX identities_by_target ON identities (target);

-- The changes that nodes follow. A number that was handed out early may be committed late, so a reader goes by transactions: it
-- comes back to the oldest that was under way when it last looked, and reads again what it has seen of younger ones. Of an erased
-- account only the pseudonym is kept. What the tables above say anyway is thrown away after a day.

CREATE TABLE changes (
    seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    transaction xid8 NOT NULL DEFAULT pg_current_xact_id(),
    at timestamptz NOT NULL DEFAULT now(),
    kind smallint NOT NULL,
    name_id bigint,
    source text,
    key text COLLATE "C" NOT NULL,
    target text
);

CREATE INDEX changes_by_transaction ON changes (transaction);
CREATE INDEX changes_by_key ON changes (key);

COMMENT ON COLUMN changes.kind IS '1 a name, 2 a link, 3 an account that came, 4 one that was erased';

-- One row: a reader whose mark is older than this has missed what was thrown away, and reads everything.
CREATE TABLE changes_kept (
    one boolean PRIMARY KEY DEFAULT true CHECK (one),
    since xid8 NOT NULL DEFAULT '0'
);

INSERT INTO changes_kept DEFAULT VALUES;

-- Events whose account is not known yet.

CREATE TABLE held (
    seq bigserial,
    source text COLLATE "C" NOT NULL,
    external_id text COLLATE "C" NOT NULL,
    event_id text COLLATE "C" NOT NULL,
    format text NOT NULL,
    body bytea NOT NULL,
    at bigint NOT NULL,
    released_at bigint,
    PRIMARY KEY (source, event_id)
);

CREATE INDEX held_by_external_id ON held (external_id, source, seq);
CREATE INDEX held_released ON held (released_at) WHERE released_at IS NOT NULL;

-- One row: how many wait, so that a limit can be kept without counting them.
CREATE TABLE held_total (
    one boolean PRIMARY KEY DEFAULT true CHECK (one),
    events bigint NOT NULL DEFAULT 0,
    bytes bigint NOT NULL DEFAULT 0
);

INSERT INTO held_total DEFAULT VALUES;

CREATE TABLE activations (
    model text PRIMARY KEY,
    at timestamptz NOT NULL,
    actor text NOT NULL
);
