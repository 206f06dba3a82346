-- A label that was bought elsewhere has no quote, no fingerprint and no choice. Columns cannot become nullable,
-- so each is made anew.
DROP INDEX labels_by_quote;
ALTER TABLE labels ADD COLUMN new_quote INTEGER REFERENCES quotes (id);
ALTER TABLE labels ADD COLUMN new_fingerprint BLOB;
ALTER TABLE labels ADD COLUMN new_choice TEXT;
UPDATE labels SET new_quote = quote_id, new_fingerprint = fingerprint, new_choice = choice;
ALTER TABLE labels DROP COLUMN quote_id;
ALTER TABLE labels DROP COLUMN fingerprint;
ALTER TABLE labels DROP COLUMN choice;
ALTER TABLE labels RENAME COLUMN new_quote TO quote_id;
ALTER TABLE labels RENAME COLUMN new_fingerprint TO fingerprint;
ALTER TABLE labels RENAME COLUMN new_choice TO choice;
CREATE INDEX labels_by_quote ON labels (quote_id);
-- A label that is bought here still has all three.
CREATE TRIGGER labels_with_quote BEFORE INSERT ON labels
WHEN new.via <> 'outside' AND (new.quote_id IS NULL OR new.fingerprint IS NULL OR new.choice IS NULL) BEGIN
    SELECT RAISE(ABORT, 'a label is bought with a quote');
END;

-- What Amazon is told of boxes whose label was bought elsewhere (confirmShipment). `reference` is the number of
-- the package within Amazon's order; a box keeps its number for ever, and no number is given twice. `shipped` is
-- what is told, `request` what was sent. in_doubt: an earlier sending may have been heard.
CREATE TABLE confirmations (
    label BLOB PRIMARY KEY REFERENCES labels (id),
    sequence INTEGER NOT NULL UNIQUE,
    order_id INTEGER NOT NULL REFERENCES orders (id),
    box_id INTEGER NOT NULL REFERENCES boxes (id),
    store TEXT NOT NULL,
    number TEXT NOT NULL,
    reference INTEGER NOT NULL CHECK (reference > 0),
    state TEXT NOT NULL CHECK (state IN ('wanted', 'asked', 'confirmed', 'refused', 'unknown', 'dropped')),
    shipped TEXT NOT NULL,
    request TEXT,
    in_doubt INTEGER NOT NULL DEFAULT 0,
    attempts INTEGER NOT NULL DEFAULT 0,
    epoch INTEGER REFERENCES epochs (epoch),
    not_before INTEGER,
    reason TEXT,
    request_id TEXT,
    wanted_by INTEGER NOT NULL REFERENCES users (id),
    wanted_at INTEGER NOT NULL,
    changed_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX confirmations_at_work ON confirmations (state, sequence)
    WHERE state IN ('wanted', 'asked', 'unknown');
CREATE INDEX confirmations_by_order ON confirmations (order_id, sequence);
CREATE INDEX confirmations_by_number ON confirmations (store, number, reference);
CREATE INDEX confirmations_by_box ON confirmations (box_id);
CREATE TRIGGER confirmations_of_outside BEFORE INSERT ON confirmations
WHEN (SELECT via FROM labels WHERE id = new.label) IS NOT 'outside' BEGIN
    SELECT RAISE(ABORT, 'only a label that was bought elsewhere is confirmed to Amazon');
END;
CREATE TRIGGER confirmations_keep_reference BEFORE UPDATE OF reference, label, number, store ON confirmations BEGIN
    SELECT RAISE(ABORT, 'the reference of a package is kept for ever');
END;
CREATE TRIGGER confirmations_stay BEFORE DELETE ON confirmations BEGIN
    SELECT RAISE(ABORT, 'confirmations are kept for ever');
END;
