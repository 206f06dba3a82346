//! A small Amazon with faults, over real HTTP. Uses nothing of the amazon room, not even its types.
