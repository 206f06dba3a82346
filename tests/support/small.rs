//! A small file system of its own over a folder, to fill it or to make it read-only. Takes the right to mount one.

use std::fs::File;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A small file system over a folder, for as long as it lives.
pub(crate) struct Small(PathBuf);

impl Small {
    /// Mounts it; the folder's files are taken along. None where this user may not mount.
    pub(crate) fn over(folder: &Path, megabytes: u32) -> Option<Self> {
        let files = tempfile::tempdir().expect("a folder");
        copy_folder(folder, files.path());
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", &format!("size={megabytes}m"), "tmpfs"])
            .arg(folder)
            .stderr(Stdio::null())
            .status();
        if !mounted.is_ok_and(|status| status.success()) {
            return None;
        }
        let small = Self(folder.to_owned());
        copy_folder(files.path(), folder);
        Some(small)
    }

    /// Mounts it anew with these options; false where somebody still writes into it.
    pub(crate) fn again(&self, options: &str) -> bool {
        Command::new("mount")
            .args(["-o", &format!("remount,{options}")])
            .arg(&self.0)
            .stderr(Stdio::null())
            .status()
            .is_ok_and(|status| status.success())
    }

    /// Fills it to the last byte.
    pub(crate) fn fill(&self) {
        use rustix::fs::{FallocateFlags, fallocate};
        let mut file = File::create(self.0.join("ballast")).expect("made");
        // What can be taken in large pieces is; the rest is written, until not a byte fits any more.
        let (mut taken, mut piece) = (0, 64 << 20);
        while piece >= 4096 {
            match fallocate(&file, FallocateFlags::empty(), taken, piece) {
                Ok(()) => taken += piece,
                Err(_) => piece /= 2,
            }
        }
        std::io::Seek::seek(&mut file, std::io::SeekFrom::Start(taken)).expect("the end");
        for size in [4096, 1] {
            while file.write_all(&vec![7; size]).is_ok() {}
        }
    }

    /// Makes room again.
    pub(crate) fn free(&self) {
        std::fs::remove_file(self.0.join("ballast")).expect("removed");
    }
}

impl Drop for Small {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.0).status();
    }
}

/// All files of a folder, not of those in it.
pub(crate) fn copy_folder(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("a folder");
    for entry in std::fs::read_dir(from).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_file() {
            std::fs::copy(&path, to.join(path.file_name().expect("a name"))).expect("copied");
        }
    }
}
