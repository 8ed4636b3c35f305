-- What the ADO.NET providers of the cluster ask of a database: they read every statement below from orleansquery, by its key, and
-- know the tables by these statements alone. Names of parameters and of result columns are the providers'; the rest is ours.

CREATE TABLE orleansquery (
    querykey text PRIMARY KEY,
    querytext text NOT NULL
);

-- Membership: one row of version a cluster, which every change of a member must raise by one, and a row a silo.

CREATE TABLE membership_version (
    deployment_id text COLLATE "C" PRIMARY KEY,
    version integer NOT NULL DEFAULT 0,
    changed_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE membership (
    deployment_id text COLLATE "C" NOT NULL REFERENCES membership_version ON DELETE CASCADE,
    address text COLLATE "C" NOT NULL,
    port integer NOT NULL,
    generation integer NOT NULL,
    silo_name text NOT NULL,
    host_name text NOT NULL,
    status integer NOT NULL,
    proxy_port integer NOT NULL,
    suspect_times text,
    start_time timestamptz NOT NULL,
    alive_at timestamptz NOT NULL,
    PRIMARY KEY (deployment_id, address, port, generation)
) WITH (fillfactor = 50);

INSERT INTO orleansquery VALUES
('InsertMembershipVersionKey', $q$
    WITH made AS (
        INSERT INTO membership_version (deployment_id) VALUES (@DeploymentId)
        ON CONFLICT DO NOTHING
        RETURNING deployment_id)
    SELECT EXISTS (SELECT FROM made)
$q$),
-- The version's row is the lock: whoever raises it has won, all others find another version than the one they know.
('InsertMembershipKey', $q$
    WITH won AS (
        UPDATE membership_version
        SET version = version + 1, changed_at = now()
        WHERE deployment_id = @DeploymentId AND version = @Version AND NOT EXISTS (
            SELECT FROM membership m
            WHERE m.deployment_id = @DeploymentId AND m.address = @Address AND m.port = @Port AND m.generation = @Generation)
        RETURNING deployment_id),
    joined AS (
        INSERT INTO membership (
            deployment_id, address, port, generation, silo_name, host_name, status, proxy_port, start_time, alive_at)
        SELECT deployment_id, @Address, @Port, @Generation, @SiloName, @HostName, @Status, @ProxyPort, @StartTime, @IAmAliveTime
        FROM won
        RETURNING port)
    SELECT EXISTS (SELECT FROM joined)
$q$),
('UpdateMembershipKey', $q$
    WITH won AS (
        UPDATE membership_version
        SET version = version + 1, changed_at = now()
        WHERE deployment_id = @DeploymentId AND version = @Version AND EXISTS (
            SELECT FROM membership m
            WHERE m.deployment_id = @DeploymentId AND m.address = @Address AND m.port = @Port AND m.generation = @Generation)
        RETURNING deployment_id),
    changed AS (
        UPDATE membership m
        SET status = @Status, suspect_times = CAST(@SuspectTimes AS text), alive_at = @IAmAliveTime
        FROM won
        WHERE m.deployment_id = won.deployment_id AND m.address = @Address AND m.port = @Port AND m.generation = @Generation
        RETURNING m.port)
    SELECT EXISTS (SELECT FROM changed)
$q$),
('UpdateIAmAlivetimeKey', $q$
    UPDATE membership
    SET alive_at = @IAmAliveTime
    WHERE deployment_id = @DeploymentId AND address = @Address AND port = @Port AND generation = @Generation
$q$),
-- The version is answered even when there is no member: its row then comes alone, and StartTime is missing.
('MembershipReadRowKey', $q$
    SELECT v.version AS "Version", m.address AS "Address", m.port AS "Port", m.generation AS "Generation",
        m.silo_name AS "SiloName", m.host_name AS "HostName", m.status AS "Status", m.proxy_port AS "ProxyPort",
        m.suspect_times AS "SuspectTimes", m.start_time AS "StartTime", m.alive_at AS "IAmAliveTime"
    FROM membership_version v
    LEFT JOIN membership m
        ON m.deployment_id = v.deployment_id AND m.address = @Address AND m.port = @Port AND m.generation = @Generation
    WHERE v.deployment_id = @DeploymentId
$q$),
('MembershipReadAllKey', $q$
    SELECT v.version AS "Version", m.address AS "Address", m.port AS "Port", m.generation AS "Generation",
        m.silo_name AS "SiloName", m.host_name AS "HostName", m.status AS "Status", m.proxy_port AS "ProxyPort",
        m.suspect_times AS "SuspectTimes", m.start_time AS "StartTime", m.alive_at AS "IAmAliveTime"
    FROM membership_version v
    LEFT JOIN membership m ON m.deployment_id = v.deployment_id
    WHERE v.deployment_id = @DeploymentId
$q$),
('GatewaysQueryKey', $q$
    SELECT address AS "Address", proxy_port AS "ProxyPort", generation AS "Generation"
    FROM membership
    WHERE deployment_id = @DeploymentId AND status = @Status AND proxy_port > 0
$q$),
('DeleteMembershipTableEntriesKey', $q$
    DELETE FROM membership_version WHERE deployment_id = @DeploymentId
$q$),
-- 6 is a silo that is dead.
('CleanupDefunctSiloEntriesKey', $q$
    DELETE FROM membership
    WHERE deployment_id = @DeploymentId AND status = 6 AND alive_at < @IAmAliveTime
$q$);

-- Storage of few grains: the tenant's terms, subscriptions, plays. The key is the whole identity of a grain's state, so that there
-- can never be two rows of it; the providers' hashes are not needed.

CREATE TABLE grain_storage (
    service_id text COLLATE "C" NOT NULL,
    grain_type text COLLATE "C" NOT NULL,
    key_0 bigint NOT NULL,
    key_1 bigint NOT NULL,
    key_text text COLLATE "C" NOT NULL,
    version integer NOT NULL,
    payload bytea,
    changed_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (service_id, grain_type, key_0, key_1, key_text)
) WITH (fillfactor = 70);

INSERT INTO orleansquery VALUES
('ReadFromStorageKey', $q$
    SELECT payload AS "PayloadBinary", version AS "Version"
    FROM grain_storage
    WHERE service_id = @ServiceId AND grain_type = @GrainTypeString AND key_0 = @GrainIdN0 AND key_1 = @GrainIdN1
        AND key_text = coalesce(CAST(@GrainIdExtensionString AS text), '')
$q$),
-- No row answers when another version is stored, which the provider reports as a conflict. A first write names no version.
('WriteToStorageKey', $q$
    WITH replaced AS (
        UPDATE grain_storage
        SET payload = @PayloadBinary, version = version + 1, changed_at = now()
        WHERE service_id = @ServiceId AND grain_type = @GrainTypeString AND key_0 = @GrainIdN0 AND key_1 = @GrainIdN1
            AND key_text = coalesce(CAST(@GrainIdExtensionString AS text), '') AND version = CAST(@GrainStateVersion AS integer)
        RETURNING version),
    made AS (
        INSERT INTO grain_storage (service_id, grain_type, key_0, key_1, key_text, version, payload)
        SELECT @ServiceId, @GrainTypeString, @GrainIdN0, @GrainIdN1, coalesce(CAST(@GrainIdExtensionString AS text), ''), 1,
            @PayloadBinary
        WHERE CAST(@GrainStateVersion AS integer) IS NULL
        ON CONFLICT DO NOTHING
        RETURNING version)
    SELECT version AS "NewGrainStateVersion" FROM replaced
    UNION ALL
    SELECT version FROM made
$q$),
('ClearStorageKey', $q$
    UPDATE grain_storage
    SET payload = NULL, version = version + 1, changed_at = now()
    WHERE service_id = @ServiceId AND grain_type = @GrainTypeString AND key_0 = @GrainIdN0 AND key_1 = @GrainIdN1
        AND key_text = coalesce(CAST(@GrainIdExtensionString AS text), '') AND version = CAST(@GrainStateVersion AS integer)
    RETURNING version AS "NewGrainStateVersion"
$q$),
('DeleteStorageKey', $q$
    DELETE FROM grain_storage
    WHERE service_id = @ServiceId AND grain_type = @GrainTypeString AND key_0 = @GrainIdN0 AND key_1 = @GrainIdN1
        AND key_text = coalesce(CAST(@GrainIdExtensionString AS text), '') AND version = CAST(@GrainStateVersion AS integer)
    RETURNING version + 1 AS "NewGrainStateVersion"
$q$);

-- Reminders. A silo reads all of its ranges of the ring again and again, hence the index by hash. Hashes are unsigned numbers that
-- the provider hands over as signed ones; it picks the statement of two conditions when a range wraps round.

CREATE TABLE reminders (
    service_id text COLLATE "C" NOT NULL,
    grain_id text COLLATE "C" NOT NULL,
    reminder_name text COLLATE "C" NOT NULL,
    start_time timestamptz NOT NULL,
    period_ms bigint NOT NULL,
    grain_hash integer NOT NULL,
    version integer NOT NULL,
    PRIMARY KEY (service_id, grain_id, reminder_name)
);

CREATE INDEX reminders_by_hash ON reminders (service_id, grain_hash);

INSERT INTO orleansquery VALUES
('UpsertReminderRowKey', $q$
    INSERT INTO reminders AS r (service_id, grain_id, reminder_name, start_time, period_ms, grain_hash, version)
    VALUES (@ServiceId, @GrainId, @ReminderName, @StartTime, @Period, @GrainHash, 0)
    ON CONFLICT (service_id, grain_id, reminder_name) DO UPDATE
    SET start_time = excluded.start_time, period_ms = excluded.period_ms, grain_hash = excluded.grain_hash, version = r.version + 1
    RETURNING version AS "Version"
$q$),
('ReadReminderRowKey', $q$
    SELECT grain_id AS "GrainId", reminder_name AS "ReminderName", start_time AS "StartTime", period_ms AS "Period",
        version AS "Version"
    FROM reminders
    WHERE service_id = @ServiceId AND grain_id = @GrainId AND reminder_name = @ReminderName
$q$),
('ReadReminderRowsKey', $q$
    SELECT grain_id AS "GrainId", reminder_name AS "ReminderName", start_time AS "StartTime", period_ms AS "Period",
        version AS "Version"
    FROM reminders
    WHERE service_id = @ServiceId AND grain_id = @GrainId
$q$),
('ReadRangeRows1Key', $q$
    SELECT grain_id AS "GrainId", reminder_name AS "ReminderName", start_time AS "StartTime", period_ms AS "Period",
        version AS "Version"
    FROM reminders
    WHERE service_id = @ServiceId AND grain_hash > @BeginHash AND grain_hash <= @EndHash
$q$),
('ReadRangeRows2Key', $q$
    SELECT grain_id AS "GrainId", reminder_name AS "ReminderName", start_time AS "StartTime", period_ms AS "Period",
        version AS "Version"
    FROM reminders
    WHERE service_id = @ServiceId AND (grain_hash > @BeginHash OR grain_hash <= @EndHash)
$q$),
('DeleteReminderRowKey', $q$
    WITH gone AS (
        DELETE FROM reminders
        WHERE service_id = @ServiceId AND grain_id = @GrainId AND reminder_name = @ReminderName AND version = @Version
        RETURNING version)
    SELECT EXISTS (SELECT FROM gone)
$q$),
('DeleteReminderRowsKey', $q$
    DELETE FROM reminders WHERE service_id = @ServiceId
$q$);
