//! The reading thread: keys and scans from the terminal.
