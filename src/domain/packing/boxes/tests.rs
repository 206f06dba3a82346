//! Boxes: what lies in which, what Amazon is told of each, and which one rules.
