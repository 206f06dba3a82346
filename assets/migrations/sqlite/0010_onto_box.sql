-- Benches whose labels must be scanned onto their boxes. A bench without a row has no such rule.
CREATE TABLE bench_rules (
    station TEXT PRIMARY KEY,
    scan_labels INTEGER NOT NULL CHECK (scan_labels IN (0, 1))
) STRICT, WITHOUT ROWID;

-- Labels of such benches, and who scanned each onto its box and when; at is NULL until then. Whoever wants a label, at
-- the bench, from a script or in bulk, the rule of the bench that prints it holds. A label from elsewhere is recorded
-- with it in hand: it has no row.
CREATE TABLE onto_box (
    label BLOB PRIMARY KEY REFERENCES labels (id),
    by INTEGER REFERENCES users (id),
    at INTEGER,
    CHECK ((by IS NULL) = (at IS NULL))
) STRICT, WITHOUT ROWID;
CREATE INDEX onto_box_due ON onto_box (label) WHERE at IS NULL;
CREATE TRIGGER labels_onto_box AFTER INSERT ON labels
WHEN new.via <> 'outside'
    AND EXISTS (SELECT 1 FROM bench_rules WHERE station = new.station AND scan_labels = 1) BEGIN
    INSERT INTO onto_box (label) VALUES (new.id);
END;
CREATE TRIGGER onto_box_kept BEFORE UPDATE ON onto_box WHEN old.at IS NOT NULL BEGIN
    SELECT RAISE(ABORT, 'who scanned a label onto its box is kept for ever');
END;
CREATE TRIGGER onto_box_stays BEFORE DELETE ON onto_box BEGIN
    SELECT RAISE(ABORT, 'who scanned a label onto its box is kept for ever');
END;
