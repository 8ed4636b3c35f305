-- What desks leave. The desks themselves are actors and lie with them; here is what lists show and what leaves the house.

-- How far what a desk left is stored: a message that comes a second time is known by its version.
CREATE TABLE desks (
    account text COLLATE "C" PRIMARY KEY,
    version bigint NOT NULL,
    open_alerts integer NOT NULL
) WITH (fillfactor = 70);

-- Plays, drafts and tasks as they are now, for lists.
CREATE TABLE work (
    id text COLLATE "C" PRIMARY KEY,
    account text COLLATE "C" NOT NULL,
    kind smallint NOT NULL,
    state text NOT NULL,
    is_over boolean NOT NULL,
    owner text,
    csm text,
    sort bigint NOT NULL,
    decided_at bigint,
    review smallint NOT NULL,
    body json NOT NULL
) WITH (fillfactor = 70);

CREATE INDEX work_open ON work (kind, sort, id) WHERE NOT is_over;
CREATE INDEX work_open_by_owner ON work (owner, kind, sort, id) WHERE NOT is_over;
CREATE INDEX work_by_state ON work (kind, state, sort, id) WHERE is_over;
CREATE INDEX work_by_account ON work (account);
CREATE INDEX work_decided ON work (decided_at) WHERE decided_at IS NOT NULL;

COMMENT ON COLUMN work.kind IS '1 play, 2 draft, 3 task';
COMMENT ON COLUMN work.owner IS 'in whose list it is';
COMMENT ON COLUMN work.csm IS 'of a draft: the account''s owner';
COMMENT ON COLUMN work.sort IS 'Unix milliseconds: when a play began, a draft was prepared, a task is due';
COMMENT ON COLUMN work.decided_at IS 'of a draft for a customer';
COMMENT ON COLUMN work.review IS 'of a draft: 1 by a playbook''s own leave, 2 nobody had opened it, 4 nobody had changed it';

-- What is to leave the house.
CREATE TABLE deliveries (
    number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id text COLLATE "C" NOT NULL UNIQUE,
    account text COLLATE "C" NOT NULL,
    owner text,
    receiver text COLLATE "C" NOT NULL,
    line text COLLATE "C" NOT NULL,
    state smallint NOT NULL,
    attempts integer NOT NULL,
    due_since bigint NOT NULL,
    next_at bigint NOT NULL,
    leased_until bigint,
    settled_at bigint,
    error text,
    delivered_to text,
    body json NOT NULL
) WITH (fillfactor = 70);

CREATE INDEX deliveries_due ON deliveries (receiver, next_at, number) WHERE state = 0;
CREATE INDEX deliveries_in_line ON deliveries (receiver, line, due_since, number) WHERE state = 0;
CREATE INDEX deliveries_by_account ON deliveries (account);

COMMENT ON COLUMN deliveries.state IS '0 pending, 1 delivered, 2 dead, 3 cancelled';
COMMENT ON COLUMN deliveries.line IS 'what keeps its order: of one receiver and line only the first that is pending is sent';

-- Every change of the practice's files that ever was: together with the settings' own files they are the practice.
CREATE TABLE practice_edits (
    number bigint PRIMARY KEY,
    at timestamptz NOT NULL DEFAULT now(),
    body json NOT NULL
);
