//! Hints (what to do now), exit statuses, rendering of the cause chain.
