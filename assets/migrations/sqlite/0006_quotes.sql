-- Whether the box on the bench is a carrier's own flat-rate box.
ALTER TABLE boxes ADD COLUMN flat_rate INTEGER NOT NULL DEFAULT 0;

-- Whom a label is paid to: amazon, own-account, not-said. What was bought before is told by its quote.
ALTER TABLE labels ADD COLUMN payee TEXT NOT NULL DEFAULT 'not-said';
UPDATE labels SET payee = ifnull((
    SELECT CASE json_extract(rate.value, '$.payment')
        WHEN 'ThroughAmazon' THEN 'amazon' WHEN 'DirectToCarrier' THEN 'own-account' ELSE 'not-said' END
    FROM quotes, json_each(quotes.answer, '$.rates') AS rate
    WHERE quotes.id = labels.quote_id
    AND json_extract(rate.value, '$.id') = json_extract(labels.choice, '$.rate_id')
    LIMIT 1
), 'not-said');

-- Answers to what a service asks for besides the box, sealed under the order's data key.
ALTER TABLE labels ADD COLUMN inputs BLOB;
ALTER TABLE labels ADD COLUMN inputs_key INTEGER REFERENCES data_keys (id);

-- Each store's linked carrier accounts as Amazon last told them.
CREATE TABLE carrier_accounts (
    store TEXT PRIMARY KEY,
    accounts TEXT NOT NULL DEFAULT '[]',
    told_at INTEGER,
    wanted_at INTEGER,
    failure TEXT
) STRICT, WITHOUT ROWID;

CREATE INDEX labels_by_time ON labels (wanted_at);
