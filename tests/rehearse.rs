//! A rehearsal never touches what is real: told by the real program on the command line.

use std::process::{Command, Output};

const REAL: &str = "[[stores]]\nid = \"us\"\nregion = \"na\"\nmarketplace = \"ATVPDKIKX0DER\"\n[stores.ship_from]\nname = \
                    \"Harbor Home\"\nline1 = \"400 Wharf Street\"\ncity = \"Columbus\"\nstate = \"OH\"\npostal_code = \
                    \"43215\"\ncountry = \"US\"\nphone = \"614-555-0100\"\nzone = \"America/New_York\"\n";

fn rehearse(arguments: &[&str], environment: &[(&str, &str)]) -> (i32, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tapegun"));
    command.arg("rehearse").args(arguments);
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("TAPEGUN_")) {
        command.env_remove(name);
    }
    let output: Output = command
        .envs(environment.iter().copied())
        .output()
        .expect("it runs");
    let words = format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    (output.status.code().expect("not killed"), words)
}

#[test]
fn a_configuration_with_real_accounts_and_a_real_data_folder_are_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("config.toml");
    std::fs::write(&file, REAL).expect("written");
    let path = file.to_str().expect("text");
    for (arguments, environment) in [
        (&["--config", path][..], &[][..]),
        (&[], &[("TAPEGUN_CONFIG", path)]),
    ] {
        let (status, words) = rehearse(arguments, environment);
        assert_eq!(status, 3, "{words}");
        assert!(words.contains("real accounts (store us)"), "{words}");
    }
    let data = folder.path().join("data");
    let (status, words) = rehearse(&["--data", data.to_str().expect("text")], &[]);
    assert_eq!(status, 3, "{words}");
    assert!(words.contains("a place of its own") && !data.exists(), "{words}");
    // What is not understood, and what has no terminal to be shown in.
    assert_eq!(rehearse(&["--orders", "0"], &[]).0, 2);
    let (_, words) = rehearse(&[], &[]);
    assert!(words.contains("terminal"), "{words}");
}

#[test]
fn the_goods_barcodes_come_on_a_sheet() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("goods.zpl");
    let (status, words) = rehearse(&["--sheet", file.to_str().expect("text")], &[]);
    assert_eq!(status, 0, "{words}");
    let sheet = std::fs::read_to_string(&file).expect("written");
    assert!(
        sheet.contains("850047100016") && sheet.contains("TGU_2Dtrainee"),
        "{sheet}"
    );
}
