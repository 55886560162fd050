CREATE TABLE IF NOT EXISTS campaign (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    name_key      TEXT NOT NULL,
    change_stamp  INTEGER NOT NULL,
    deleted       INTEGER NOT NULL DEFAULT 0,
    fields        TEXT NOT NULL,             -- JSON, as campaign_fields keeps it
    next_contact  INTEGER NOT NULL DEFAULT 1,
    overwritten   REAL NOT NULL DEFAULT 0    -- epoch seconds of the last overwriting import
);
CREATE UNIQUE INDEX IF NOT EXISTS campaign_name ON campaign (name_key) WHERE deleted = 0;

-- A row of the dialing list. status is the letter of CallStatusZone1; times are epoch seconds of the simulated clock.
CREATE TABLE IF NOT EXISTS contact (
    campaign_id    INTEGER NOT NULL,
    id             INTEGER NOT NULL,
    account_number TEXT NOT NULL,
    first_name     TEXT NOT NULL,
    last_name      TEXT NOT NULL,
    phones         TEXT NOT NULL,            -- JSON, "01" → number
    bias           INTEGER,
    dst            INTEGER NOT NULL,
    search         TEXT NOT NULL,            -- account number and names, case folded, one a line
    import_date    TEXT NOT NULL,
    imported_at    REAL NOT NULL,
    status         TEXT NOT NULL DEFAULT 'P',
    due_at         REAL NOT NULL DEFAULT 0,
    calls_made     INTEGER NOT NULL DEFAULT 0,
    dials          INTEGER NOT NULL DEFAULT 0,
    result         INTEGER NOT NULL DEFAULT 0,
    phone_results  TEXT NOT NULL DEFAULT '{}', -- JSON, "01" → CallResult
    PRIMARY KEY (campaign_id, id)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS contact_account ON contact (campaign_id, account_number COLLATE NOCASE, id);
CREATE INDEX IF NOT EXISTS contact_status ON contact (campaign_id, status, id);
CREATE INDEX IF NOT EXISTS contact_due ON contact (status, due_at);

-- Every row ever taken, as received, also when its contact was removed: the source of `taken` and `duplicates`.
CREATE TABLE IF NOT EXISTS taken_row (
    account_number TEXT NOT NULL,
    request        INTEGER NOT NULL,
    campaign_id    INTEGER NOT NULL,
    contact_id     INTEGER NOT NULL,
    at             TEXT NOT NULL,            -- real time, as in `request`
    first_name     TEXT NOT NULL,
    last_name      TEXT NOT NULL,
    phones         TEXT NOT NULL,            -- JSON, "01" → number
    bias           INTEGER,
    dst            INTEGER NOT NULL
);
CREATE INDEX IF NOT EXISTS taken_row_account ON taken_row (account_number, request);

-- Every dial and its result.
CREATE TABLE IF NOT EXISTS call (
    id             INTEGER PRIMARY KEY AUTOINCREMENT,
    campaign_id    INTEGER NOT NULL,
    contact_id     INTEGER NOT NULL,
    account_number TEXT NOT NULL,
    phone_index    TEXT NOT NULL,
    phone          TEXT NOT NULL,
    result         INTEGER NOT NULL,
    status         TEXT NOT NULL,
    counted        INTEGER NOT NULL,
    at             REAL NOT NULL,
    talk           INTEGER NOT NULL,         -- seconds
    wrapup         INTEGER NOT NULL          -- seconds
);
CREATE INDEX IF NOT EXISTS call_when ON call (campaign_id, at);
CREATE INDEX IF NOT EXISTS call_account ON call (account_number);

-- Every call that was transferred to a route point, and what its script fetched (JSON) and did (ivr_script).
CREATE TABLE IF NOT EXISTS transfer (
    call           INTEGER PRIMARY KEY,
    account_number TEXT NOT NULL,
    route_point    TEXT NOT NULL,
    fetched        TEXT,                     -- NULL: the script has not run yet
    queued_to      TEXT
);

-- Every request in order of receipt.
CREATE TABLE IF NOT EXISTS request (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    at       TEXT NOT NULL,
    method   TEXT NOT NULL,
    path     TEXT NOT NULL,
    query    TEXT NOT NULL,
    kind     TEXT NOT NULL,
    bytes    INTEGER NOT NULL,
    status   INTEGER,                        -- NULL: no answer was given
    ending   TEXT,                           -- answered, reset, cut short; NULL: still at work or killed
    taken    INTEGER,                        -- imports only: was the batch taken
    accounts TEXT NOT NULL DEFAULT '[]'      -- JSON, account numbers of an import
);

-- Do-not-call rules and personal callbacks.
CREATE TABLE IF NOT EXISTS record (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    kind         TEXT NOT NULL,
    change_stamp INTEGER NOT NULL,
    fields       TEXT NOT NULL               -- JSON
);

CREATE TABLE IF NOT EXISTS skill_group (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS control (name TEXT PRIMARY KEY, value TEXT NOT NULL);
