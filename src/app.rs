//! The whole program as a state machine. Pure: messages in, effects out; no IO, no clock.
