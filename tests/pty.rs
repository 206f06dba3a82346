//! The real program in a real pseudo-terminal.

#[path = "pty/terminal.rs"]
mod terminal;

#[path = "pty/endings.rs"]
mod endings;

#[path = "pty/demo.rs"]
mod demo;

#[path = "pty/hardship.rs"]
mod hardship;

#[path = "pty/noise.rs"]
mod noise;

#[path = "pty/boxes.rs"]
mod boxes;

#[path = "pty/desk.rs"]
mod desk;

#[path = "pty/find.rs"]
mod find;

#[path = "pty/manifest.rs"]
mod manifest;

#[path = "pty/onto_box.rs"]
mod onto_box;

#[path = "pty/outside.rs"]
mod outside;

#[path = "pty/pace.rs"]
mod pace;

#[path = "pty/rehearse.rs"]
mod rehearse;

#[path = "pty/people.rs"]
mod people;

#[path = "pty/pictures.rs"]
mod pictures;
#[path = "support/rig.rs"]
#[expect(dead_code, reason = "other tests use the rest of it")]
mod rig;

#[path = "pty/slow.rs"]
mod slow;
