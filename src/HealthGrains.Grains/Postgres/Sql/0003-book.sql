-- The read model: a row an account, narrow, for lists and totals. It is written as often as accounts are, so no figure that moves
-- with signals has an index: a list is one pass over the rows, and an update of one touches no index.

CREATE TABLE summaries (
    id text COLLATE "C" PRIMARY KEY,
    status smallint NOT NULL,
    band smallint NOT NULL,
    tier smallint NOT NULL,
    decline smallint NOT NULL,
    open_alerts integer NOT NULL,
    version bigint NOT NULL,
    as_of bigint NOT NULL,
    score double precision,
    low double precision,
    high double precision,
    coverage double precision,
    change_7_days double precision,
    slope_per_day double precision,
    churn_probability double precision,
    arr double precision,
    arr_at_risk double precision,
    loss_variance double precision NOT NULL,
    renewal_at bigint,
    arr_amount numeric,
    arr_at_risk_amount numeric,
    arr_at_risk_low numeric,
    arr_at_risk_high numeric,
    currency text NOT NULL,
    owner text,
    segment text,
    model text NOT NULL,
    renewal text,
    name text NOT NULL,
    name_folded text COLLATE "C" NOT NULL,
    name_key bytea NOT NULL
) WITH (fillfactor = 60, autovacuum_vacuum_scale_factor = 0.1);

CREATE INDEX summaries_by_owner ON summaries (owner);

COMMENT ON COLUMN summaries.status IS '0 active, 1 churned';
COMMENT ON COLUMN summaries.band IS '0 red, 1 yellow, 2 green';
COMMENT ON COLUMN summaries.tier IS '0 enterprise, 1 standard, 2 smb';
COMMENT ON COLUMN summaries.as_of IS 'Unix milliseconds: when the other columns last changed';
COMMENT ON COLUMN summaries.arr IS 'for sorting: arr_amount is the money';
COMMENT ON COLUMN summaries.loss_variance IS 'the share in the variance of the book''s loss';
COMMENT ON COLUMN summaries.renewal IS 'the date as it was given, with its offset';
COMMENT ON COLUMN summaries.name_folded IS 'in capitals, for search';
COMMENT ON COLUMN summaries.name_key IS 'name_folded in UTF-16, for sorting';

CREATE TABLE closes (
    account text COLLATE "C" NOT NULL,
    day date NOT NULL,
    score double precision NOT NULL,
    low double precision NOT NULL,
    high double precision NOT NULL,
    coverage double precision NOT NULL,
    model text NOT NULL,
    categories json NOT NULL,
    counts bigint[] NOT NULL,
    PRIMARY KEY (account, day)
);

COMMENT ON COLUMN closes.categories IS 'score of each category, by key';
COMMENT ON COLUMN closes.counts IS 'the day''s usage counters, in the order of the calendar''s columns';

CREATE TABLE alerts (
    id text COLLATE "C" PRIMARY KEY,
    account text COLLATE "C" NOT NULL,
    owner text,
    state smallint NOT NULL,
    raised_at bigint NOT NULL,
    body json NOT NULL
) WITH (fillfactor = 80);

CREATE INDEX alerts_newest ON alerts (state, raised_at DESC, id DESC);
CREATE INDEX alerts_by_account ON alerts (account);

CREATE TABLE audit (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at timestamptz NOT NULL,
    actor text NOT NULL,
    action text NOT NULL,
    subject text NOT NULL,
    detail text
);

CREATE INDEX audit_by_subject ON audit (subject, id);
