//! Draws the state. Pure: state in, cells out.
