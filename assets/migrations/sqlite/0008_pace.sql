-- Wishes in bulk: nobody stands before them, so they come after the bench, and their orders' freshness is the
-- sweep's.
ALTER TABLE quotes ADD COLUMN bulk INTEGER NOT NULL DEFAULT 0;
ALTER TABLE labels ADD COLUMN bulk INTEGER NOT NULL DEFAULT 0;
CREATE INDEX quotes_wanted_in_bulk ON quotes (id) WHERE answer IS NULL AND failure IS NULL AND bulk = 1;
CREATE INDEX quotes_wanted_at_the_bench ON quotes (id) WHERE answer IS NULL AND failure IS NULL AND bulk = 0;
CREATE INDEX labels_wanted_in_bulk ON labels (sequence) WHERE state = 'wanted' AND bulk = 1;
CREATE INDEX labels_at_work_first ON labels (sequence) WHERE state IN (
    'unknown', 'bought without document', 'void wanted', 'void unknown'
) OR (state = 'wanted' AND bulk = 0);
