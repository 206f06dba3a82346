//! Labels to paper: decode, check, spool.
