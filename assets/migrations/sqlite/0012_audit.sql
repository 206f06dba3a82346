-- The chain over the history's rows: who it was, by name, and a hash that covers the row and the hash before.
CREATE TABLE audit_chain (
    id INTEGER PRIMARY KEY REFERENCES history (id),
    who TEXT,
    hash BLOB NOT NULL
) STRICT;
CREATE TRIGGER audit_chain_kept BEFORE UPDATE ON audit_chain BEGIN
    SELECT RAISE(ABORT, 'the audit log is only added to');
END;
CREATE TRIGGER audit_chain_stays BEFORE DELETE ON audit_chain BEGIN
    SELECT RAISE(ABORT, 'the audit log is only added to');
END;
