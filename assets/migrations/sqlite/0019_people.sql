-- What is kept of people: a PIN (Argon2id over the peppered PIN; the pepper lies outside the database), wrong ones in
-- a row, switched off, last reviewed.
ALTER TABLE users ADD COLUMN pin TEXT;
ALTER TABLE users ADD COLUMN pin_failures INTEGER NOT NULL DEFAULT 0;
ALTER TABLE users ADD COLUMN pin_locked_until INTEGER;
ALTER TABLE users ADD COLUMN disabled_at INTEGER;
ALTER TABLE users ADD COLUMN reviewed_at INTEGER;

-- What was given to a person (1) or taken (0) besides the role.
CREATE TABLE grants (
    user_id INTEGER NOT NULL REFERENCES users (id),
    permission TEXT NOT NULL,
    given INTEGER NOT NULL CHECK (given IN (0, 1)),
    PRIMARY KEY (user_id, permission)
) STRICT, WITHOUT ROWID;
