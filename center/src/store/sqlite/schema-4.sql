-- From version 3 to 4: persons in the order in which they came, so that millions are appended and a municipality's
-- are read one after the other; what they are found by stands in indexes that a long load builds at its end.

CREATE TABLE person_in_order (
    id INTEGER PRIMARY KEY,
    person_key BLOB NOT NULL,
    certificate_key BLOB,
    record BLOB NOT NULL,
    version INTEGER NOT NULL,
    search_key BLOB NOT NULL,
    digest BLOB NOT NULL
) STRICT;

INSERT INTO person_in_order (person_key, certificate_key, record, version, search_key, digest)
SELECT person_key, certificate_key, record, version, search_key, digest FROM person;

DROP TABLE person;
ALTER TABLE person_in_order RENAME TO person;

-- Which municipality knows which person, as a resident or from a dose. A question that names both meets one index;
-- whoever is protected from inquiries is left out before any record is opened. Filled from the records.
DROP TABLE holding;
CREATE TABLE holding (
    municipality TEXT NOT NULL,
    person_key BLOB NOT NULL,
    person INTEGER NOT NULL,
    protected INTEGER NOT NULL
) STRICT;

DROP TABLE coupon;
CREATE TABLE coupon (
    coupon_key BLOB NOT NULL,
    person INTEGER NOT NULL
) STRICT;

-- How often anything about the persons of a municipality changed: what was counted before is out of date then.
CREATE TABLE stamp (
    municipality TEXT PRIMARY KEY,
    number INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- How far a record file was loaded. `bulk` as long as the indexes below are missing.
CREATE TABLE load (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    manner TEXT NOT NULL,
    bytes INTEGER NOT NULL,
    line INTEGER NOT NULL,
    records INTEGER NOT NULL,
    digest BLOB NOT NULL
) STRICT;

-- Lines of that file that were refused.
CREATE TABLE load_problem (
    line INTEGER PRIMARY KEY,
    problem TEXT NOT NULL
) STRICT;

-- Persons of a bulk load who meet an earlier line's person, certificate or coupon: they are put in one by one.
CREATE TABLE deferred (
    line INTEGER PRIMARY KEY,
    person_key BLOB NOT NULL,
    record BLOB NOT NULL
) STRICT;
