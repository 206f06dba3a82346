//! People, permissions and PINs with the real program.

#[path = "support/rig.rs"]
#[expect(dead_code, reason = "other tests use the rest of it")]
mod rig;

use rig::Rig;
use std::io::Write as _;
use std::process::Stdio;

/// Runs a subcommand as somebody, perhaps with a PIN in the environment and a line of input; status and words.
fn run(rig: &Rig, who: &str, pin: Option<&str>, arguments: &[&str], line: Option<&str>) -> (i32, String) {
    let mut command = rig.station(arguments);
    command.env("TAPEGUN_USER", who).stdin(Stdio::piped());
    if let Some(pin) = pin {
        command.env("TAPEGUN_PIN", pin);
    }
    let mut child = command.spawn().expect("it runs");
    let mut input = child.stdin.take().expect("piped");
    if let Some(line) = line {
        writeln!(input, "{line}").expect("a line");
    }
    drop(input);
    let output = child.wait_with_output().expect("ends");
    let words = format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    (output.status.code().expect("not killed"), words)
}

/// The rig signs in as Ana (a lead).
#[test]
fn people_and_pins_on_the_command_line() {
    let rig = Rig::start(61, Some(3));
    let order = rig.orders()[0].clone();
    let ana = |pin: Option<&str>, arguments: &[&str]| run(&rig, "Ana", pin, arguments, None);
    // Until there is an administrator anybody may change people.
    let (status, words) = ana(None, &["users", "add", "Root", "--role", "administrator"]);
    assert_eq!(status, 0, "{words}");
    for act in [
        &["users", "add", "Eve"][..],
        &["users", "allow", "Ana", "users"],
        &["users", "disable", "Root"],
        &["users", "role", "Ana", "administrator"],
    ] {
        let (status, words) = ana(None, act);
        assert!(
            status == 3 && words.contains("may not") && words.contains("ask Root"),
            "{act:?} {words}"
        );
    }
    // The catalogue, too: a lead may not change what is scanned for what.
    let products = rig.data().join("more.csv");
    std::fs::write(&products, tapegun::simulator::demo::PRODUCTS).expect("written");
    let (status, words) = ana(None, &["products", "import", &products.display().to_string()]);
    assert!(
        status == 3 && words.contains("change the catalogue"),
        "{status} {words}"
    );

    // A PIN: weak ones are refused, and from now on nothing is revealed without it.
    let (status, words) = run(&rig, "Ana", None, &["users", "pin"], Some("123456"));
    assert!(status == 2 && words.contains("guessed first"), "{status} {words}");
    let (status, words) = run(&rig, "Ana", None, &["users", "pin"], Some("493817"));
    assert_eq!(status, 0, "{words}");
    let reveal = ["orders", "show", &order, "--reveal"];
    let (status, words) = ana(None, &reveal);
    assert!(status == 3 && words.contains("TAPEGUN_PIN"), "{status} {words}");
    let (status, words) = ana(Some("493818"), &reveal);
    assert!(status == 3 && words.contains("wrong PIN"), "{status} {words}");
    assert_eq!(ana(Some("493817"), &reveal).0, 0);
    let by_line = [&reveal[..], &["--pin-fd", "0"]].concat();
    assert_eq!(run(&rig, "Ana", None, &by_line, Some("493817")).0, 0);
    // Five wrong ones in a row lock it, for the right one too, in every process.
    for _ in 0..5 {
        assert_eq!(ana(Some("000111"), &reveal).0, 3);
    }
    let (status, words) = ana(Some("493817"), &reveal);
    assert!(
        status == 3 && words.contains("too many wrong PINs"),
        "{status} {words}"
    );
    let database = std::fs::read(rig.data().join("tapegun.db")).expect("the database");
    assert!(!database.windows(6).any(|part| part == b"493817"));
    let (_, words) = ana(None, &["users", "list", "--all"]);
    assert!(
        words.contains("lead") && words.contains("administrator") && words.contains("PIN"),
        "{words}"
    );
}

#[test]
fn a_running_station_dumps_no_core_and_shows_no_secret() {
    let rig = Rig::start(62, Some(1));
    let order = rig.orders()[0].clone();
    let mut child = rig
        .station(&["pack", &order, "--json"])
        .env("TAPEGUN_PIN", "493817")
        .stdin(Stdio::piped())
        .spawn()
        .expect("it runs");
    let about =
        |what: &str| std::fs::read_to_string(format!("/proc/{}/{what}", child.id())).unwrap_or_default();
    // It may still be starting.
    let mut limits = String::new();
    for _ in 0..100 {
        limits = about("limits");
        let core = limits.lines().find(|line| line.starts_with("Max core file size"));
        if core.is_some_and(|line| line.split_whitespace().nth(5) == Some("0")) {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    let core = limits
        .lines()
        .find(|line| line.starts_with("Max core file size"))
        .expect("a limit");
    let words: Vec<&str> = core.split_whitespace().collect();
    assert_eq!(words[4..6], ["0", "0"], "{core}");
    assert!(!about("cmdline").contains("493817"));
    drop(child.stdin.take());
    child.wait().expect("ends");
}
