-- What became of a label since it was bought: what was said of its paper when a void was wanted, the void, until
-- when the refund is expected, Amazon's last word, what came back, and when it is looked at next (none: never).
-- bought_at is when it was first sent: the void window counts from the earliest moment that can be.
CREATE TABLE aftermath (
    label BLOB PRIMARY KEY REFERENCES labels (id),
    bought_at INTEGER NOT NULL,
    voided_at INTEGER,
    expected_by INTEGER,
    old_label TEXT,
    word TEXT,
    word_at INTEGER,
    scanned INTEGER NOT NULL DEFAULT 0,
    refund_minor INTEGER,
    refund_currency TEXT,
    looks INTEGER NOT NULL DEFAULT 0,
    next_look INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX aftermath_due ON aftermath (next_look) WHERE next_look IS NOT NULL;
CREATE INDEX aftermath_voided ON aftermath (voided_at) WHERE voided_at IS NOT NULL;
CREATE INDEX aftermath_unmoved ON aftermath (bought_at) WHERE scanned = 0 AND voided_at IS NULL;

-- Labels from before: the void was accepted at the last change. They are looked at soon.
INSERT INTO aftermath (label, bought_at, voided_at, expected_by, next_look)
SELECT id,
    ifnull((SELECT min(sent_at) FROM attempts WHERE attempts.label = labels.id AND kind = 'buy'), wanted_at),
    iif(state = 'voided', changed_at, NULL),
    iif(state = 'voided', changed_at + iif(carrier LIKE '%USPS%', 60, 30) * 86400000000, NULL),
    changed_at + 86400000000
FROM labels
WHERE state IN ('bought', 'bought without document', 'printed', 'void wanted', 'void asked', 'void refused',
    'void unknown', 'voided');
