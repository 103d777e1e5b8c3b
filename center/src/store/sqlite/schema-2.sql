-- From version 1 to 2: the records as the municipal console works with them.

ALTER TABLE person ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
-- Keyed HMAC over name, birth date and sex.
ALTER TABLE person ADD COLUMN search_key BLOB;
-- Keyed HMAC over the whole record: tells a record that is loaded again from one that changed.
ALTER TABLE person ADD COLUMN digest BLOB;
CREATE INDEX person_by_attributes ON person (search_key);

-- Which municipality knows which person: as a resident or from a dose.
CREATE TABLE holding (
    municipality TEXT NOT NULL,
    person_key BLOB NOT NULL,
    PRIMARY KEY (municipality, person_key)
) STRICT, WITHOUT ROWID;

CREATE TABLE coupon (
    coupon_key BLOB PRIMARY KEY,
    person_key BLOB NOT NULL
) STRICT, WITHOUT ROWID;

-- What changed a record into this version; the items before and after are encrypted.
CREATE TABLE revision (
    person_key BLOB NOT NULL,
    version INTEGER NOT NULL,
    at INTEGER NOT NULL,
    account TEXT,
    reason TEXT,
    case_number TEXT,
    differences BLOB NOT NULL,
    PRIMARY KEY (person_key, version)
) STRICT, WITHOUT ROWID;

CREATE TABLE inquiry (
    person_key BLOB NOT NULL,
    municipality TEXT NOT NULL,
    peer TEXT NOT NULL,
    account TEXT NOT NULL,
    basis TEXT NOT NULL,
    at INTEGER NOT NULL
) STRICT;

CREATE INDEX inquiry_by_person ON inquiry (person_key, municipality, peer, at);

CREATE TABLE account (
    account TEXT PRIMARY KEY,
    role TEXT NOT NULL,
    municipality TEXT,
    hash TEXT NOT NULL,
    active INTEGER NOT NULL,
    initial_password INTEGER NOT NULL,
    fictitious INTEGER NOT NULL,
    version INTEGER NOT NULL,
    last_login INTEGER
) STRICT, WITHOUT ROWID;

-- Account NULL: by the operator's loading of a record file.
CREATE TABLE consent (
    municipality TEXT NOT NULL,
    document TEXT NOT NULL,
    version INTEGER NOT NULL,
    account TEXT,
    at INTEGER NOT NULL,
    PRIMARY KEY (municipality, document, version)
) STRICT, WITHOUT ROWID;

-- `consent` is drawn from the table of that name and this switch, in the same transaction.
ALTER TABLE municipality ADD COLUMN suspended INTEGER NOT NULL DEFAULT 0;
ALTER TABLE municipality ADD COLUMN profile TEXT;
UPDATE municipality SET suspended = 1 WHERE consent = 'suspended';
INSERT INTO consent (municipality, document, version, account, at)
SELECT municipality, document, version, NULL, 0
FROM municipality,
     (SELECT 'confirmation' AS document, 2 AS version
      UNION ALL SELECT 'confirmation-addition', 1
      UNION ALL SELECT 'kiosk-terms', 1)
WHERE consent <> 'not-agreed';

CREATE TABLE approval (
    approval TEXT PRIMARY KEY,
    municipality TEXT NOT NULL,
    matter TEXT NOT NULL,
    person_key BLOB,
    issuance TEXT,
    requested_by TEXT NOT NULL,
    requested_at INTEGER NOT NULL,
    reason TEXT NOT NULL,
    case_number TEXT,
    state TEXT NOT NULL,
    decided_by TEXT
) STRICT, WITHOUT ROWID;

CREATE INDEX approval_by_municipality ON approval (municipality, requested_at);

CREATE TABLE message (
    number INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    account TEXT NOT NULL,
    municipality TEXT,
    title TEXT NOT NULL,
    body TEXT NOT NULL
) STRICT;

-- Issued at a counter or through the app. Plan and document are encrypted.
CREATE TABLE counter_issue (
    person_key BLOB NOT NULL,
    municipality TEXT NOT NULL,
    idempotency_key TEXT NOT NULL,
    issuance TEXT NOT NULL UNIQUE,
    certificate TEXT NOT NULL UNIQUE,
    account TEXT NOT NULL,
    reason TEXT NOT NULL,
    case_number TEXT,
    at INTEGER NOT NULL,
    channel TEXT NOT NULL,
    form TEXT NOT NULL,
    copies INTEGER NOT NULL,
    plan BLOB NOT NULL,
    document BLOB,
    PRIMARY KEY (person_key, municipality, idempotency_key),
    UNIQUE (municipality, idempotency_key)
) STRICT;

CREATE INDEX counter_issue_by_time ON counter_issue (at, municipality);
