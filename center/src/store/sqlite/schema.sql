-- Every table about a person carries the person key, so that the data can be split by it.

CREATE TABLE chain (
    chain TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    participating INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE terminal (
    terminal TEXT PRIMARY KEY,
    chain TEXT NOT NULL,
    tls_identity BLOB NOT NULL UNIQUE
) STRICT, WITHOUT ROWID;

CREATE TABLE municipality (
    municipality TEXT PRIMARY KEY,
    consent TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- The record is one encrypted text: number, attributes, doses and passport issues.
CREATE TABLE person (
    person_key BLOB PRIMARY KEY,
    certificate_key BLOB UNIQUE,
    record BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE issuance (
    person_key BLOB NOT NULL,
    terminal TEXT NOT NULL,
    idempotency_key TEXT NOT NULL,
    request BLOB NOT NULL,
    issuance TEXT NOT NULL UNIQUE,
    certificate TEXT NOT NULL UNIQUE,
    at INTEGER NOT NULL,
    form TEXT NOT NULL,
    copies INTEGER NOT NULL,
    plan BLOB NOT NULL,
    state TEXT NOT NULL,
    PRIMARY KEY (person_key, terminal, idempotency_key),
    UNIQUE (terminal, idempotency_key)
) STRICT;

CREATE INDEX issuance_by_time ON issuance (at, form, state, copies);

-- Apart from the issuances, whose rows stay short.
CREATE TABLE answer (
    person_key BLOB NOT NULL,
    issuance TEXT PRIMARY KEY,
    answer BLOB NOT NULL
) STRICT;

-- Keys withdrawn before any request with them arrived: nobody's yet, so no person key.
CREATE TABLE withdrawn_key (
    terminal TEXT NOT NULL,
    idempotency_key TEXT NOT NULL,
    outcome TEXT NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (terminal, idempotency_key)
) STRICT, WITHOUT ROWID;

CREATE TABLE audit (
    sequence INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    person_key BLOB,
    event TEXT NOT NULL,
    digest BLOB NOT NULL
) STRICT;

CREATE TABLE stop_switch (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    stopped INTEGER NOT NULL,
    reason TEXT NOT NULL,
    at INTEGER NOT NULL
) STRICT;

CREATE TABLE import (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    at INTEGER NOT NULL
) STRICT;
