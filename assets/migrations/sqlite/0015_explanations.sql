-- Why the method of each label was picked.
CREATE TABLE explanations (
    label BLOB PRIMARY KEY REFERENCES labels (id),
    explanation TEXT NOT NULL
) STRICT, WITHOUT ROWID;
