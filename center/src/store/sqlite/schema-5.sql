-- From version 4 to 5: records in an encoding of their own instead of JSON, and hashes of half the length. Persons move
-- to a new table, whose pages are full again.
CREATE TABLE person_encoded (
    id INTEGER PRIMARY KEY,
    person_key BLOB NOT NULL,
    certificate_key BLOB,
    record BLOB NOT NULL,
    version INTEGER NOT NULL,
    search_key BLOB NOT NULL,
    digest BLOB NOT NULL
) STRICT;

UPDATE coupon SET coupon_key = substr(coupon_key, 1, 16);
