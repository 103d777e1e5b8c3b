-- From version 2 to 3: issue through the phone app, judgements and sheets of the impact assessment, reports.

-- The app is the digest of the certificate that it made for its own key. Plan and answer are encrypted.
CREATE TABLE app_issue (
    person_key BLOB NOT NULL,
    app BLOB NOT NULL,
    idempotency_key TEXT NOT NULL,
    request BLOB NOT NULL,
    issuance TEXT NOT NULL UNIQUE,
    certificate TEXT NOT NULL UNIQUE,
    municipality TEXT NOT NULL,
    at INTEGER NOT NULL,
    form TEXT NOT NULL,
    plan BLOB NOT NULL,
    answer BLOB,
    PRIMARY KEY (person_key, app, idempotency_key),
    UNIQUE (app, idempotency_key)
) STRICT;

CREATE INDEX app_issue_by_time ON app_issue (at, municipality);
CREATE INDEX app_issue_by_person ON app_issue (person_key, at);

-- Each judgement by which the duty changed; the newest is in force.
CREATE TABLE judgement (
    municipality TEXT NOT NULL,
    number INTEGER NOT NULL,
    at INTEGER NOT NULL,
    account TEXT NOT NULL,
    subjects INTEGER NOT NULL,
    handlers INTEGER NOT NULL,
    incident INTEGER NOT NULL,
    duty TEXT NOT NULL,
    PRIMARY KEY (municipality, number)
) STRICT, WITHOUT ROWID;

-- The basic sheet as it was last saved, JSON.
CREATE TABLE sheet (
    municipality TEXT PRIMARY KEY,
    at INTEGER NOT NULL,
    account TEXT NOT NULL,
    sheet TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- What a municipality did, for the record of how My Number was used.
CREATE INDEX audit_by_municipality ON audit (json_extract(event, '$.municipality'), at)
WHERE json_extract(event, '$.municipality') IS NOT NULL;

-- Reports count by municipality; rows of earlier versions are filled from their plans.
ALTER TABLE issuance ADD COLUMN municipality TEXT;
CREATE INDEX issuance_by_municipality ON issuance (municipality, at);
