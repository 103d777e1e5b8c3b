-- What persons are found by: made with the schema, left out while a long load runs.
CREATE UNIQUE INDEX person_by_key ON person (person_key);
CREATE UNIQUE INDEX person_by_certificate ON person (certificate_key) WHERE certificate_key IS NOT NULL;
CREATE INDEX person_by_attributes ON person (search_key);
CREATE UNIQUE INDEX holding_by_municipality ON holding (municipality, person_key);
CREATE UNIQUE INDEX coupon_by_key ON coupon (coupon_key);
