//! The bench's small machines: the bell.
