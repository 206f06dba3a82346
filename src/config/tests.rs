use super::*;
use crate::domain::rate::Confirmation;
use crate::domain::seller::{DocumentFormat, LabelVia};

fn places() -> Places {
    Places::of("/etc/tapegun/config.toml".into(), "/var/lib/tapegun".into())
}

fn nothing(_: &str) -> Option<String> {
    None
}

fn of_text(text: &str) -> Result<Config, ConfigError> {
    Config::of_text(Some(text), places(), &Overrides::default(), &nothing)
}

fn with(text: &str, variables: &'static [(&'static str, &'static str)]) -> Result<Config, ConfigError> {
    let environment = |name: &str| {
        let found = variables.iter().find(|(known, _)| *known == name);
        found.map(|(_, value)| (*value).to_owned())
    };
    Config::of_text(Some(text), places(), &Overrides::default(), &environment)
}

#[test]
fn without_a_file_the_defaults_hold() {
    let config = Config::of_text(None, places(), &Overrides::default(), &nothing).expect("defaults");
    assert_eq!(config.file, None);
    assert_eq!(config.station.as_str(), "bench-1");
    assert_eq!(config.data, PathBuf::from("/var/lib/tapegun"));
    assert!(!config.manifests && config.printer.is_none() && config.stores.is_empty());
    assert_eq!(
        config.carriers[0].default_confirmation,
        Confirmation::DeliveryConfirmation
    );
    assert_eq!(
        config.carriers[0].formats,
        [DocumentFormat::Zpl, DocumentFormat::Png, DocumentFormat::Pdf]
    );
}

#[test]
fn the_example_is_a_configuration_and_says_the_defaults() {
    let example = of_text(Config::example()).expect("the example parses");
    let defaults = Config::of_text(None, places(), &Overrides::default(), &nothing).expect("defaults");
    assert_eq!(example.carriers, defaults.carriers);
    assert_eq!(
        (&example.station, &example.theme),
        (&defaults.station, &defaults.theme)
    );
    assert_eq!(example.stores.len(), 1);
    assert_eq!(
        example.places.credentials,
        PathBuf::from("/etc/tapegun/credentials.toml")
    );
    assert_eq!(example.places.keys, PathBuf::from("/etc/tapegun/keys"));
}

#[test]
fn the_example_with_every_comment_taken_away_is_a_configuration_too() {
    let mut text = String::new();
    for line in Config::example().lines() {
        // A commented key begins right after the "#", words begin after a blank.
        let key = line
            .strip_prefix('#')
            .filter(|rest| rest.starts_with(|c: char| c.is_ascii_lowercase() || c == '['));
        text += key.unwrap_or(line);
        text.push('\n');
    }
    let one_printer = text
        .replace("queue = \"Zebra-1\"", "")
        .replace("folder = \"/home/you/labels\"", "");
    let config = of_text(&one_printer).expect("every key parses");
    assert_eq!(config.station.as_str(), "bench-1");
    assert_eq!(config.boxes.len(), 1);
    assert_eq!(
        config.printer,
        Some(PrinterSetting::Raw("192.0.2.10:9100".to_owned()))
    );
    assert!(config.stores[0].amazon_base.is_some());
    let refused = of_text(&text).expect_err("three printers").to_string();
    assert!(
        refused.contains("exactly one of address, queue and folder"),
        "{refused}"
    );
}

#[test]
fn each_store_has_the_account_that_it_picks() {
    let text = include_str!("../../tests/config/valid/several-carriers.toml");
    let config = of_text(text).expect("a configuration");
    let account = |store: &str| config.account(&StoreId::from(store));
    assert_eq!(
        (account("us").name.as_str(), account("us").via),
        ("Usual", LabelVia::ShippingV2)
    );
    let older = account("us-2");
    assert_eq!(
        (older.name.as_str(), older.via, older.default_confirmation),
        ("Older", LabelVia::MerchantFulfillmentV0, Confirmation::Signature)
    );
    assert_eq!(older.formats, [DocumentFormat::Pdf]);
    assert_eq!(account("us-3").name, "Usual");
    assert_eq!(account("gone").name, "Usual", "a store that was taken out");
}

#[test]
fn the_environment_overrules_the_file() {
    let text = "station = \"bench-2\"\nmanifests = true\nscan_labels = true\n[printer]\nqueue = \"Zebra\"\n";
    let config = with(
        text,
        &[
            ("TAPEGUN_STATION", "bench-3"),
            ("TAPEGUN_MANIFESTS", "false"),
            ("TAPEGUN_SCAN_LABELS", "false"),
            ("TAPEGUN_PRINTER", "raw:[::1]:9100"),
        ],
    )
    .expect("a configuration");
    assert_eq!((config.station.as_str(), config.manifests), ("bench-3", false));
    assert!(!config.scan_labels && with(text, &[]).is_ok_and(|config| config.scan_labels));
    assert_eq!(config.printer, Some(PrinterSetting::Raw("[::1]:9100".to_owned())));
    for (name, value) in [
        ("TAPEGUN_STATION", "no blanks"),
        ("TAPEGUN_MANIFESTS", "1"),
        ("TAPEGUN_SCAN_LABELS", "yes"),
        ("TAPEGUN_PRINTER", "usb"),
    ] {
        let environment = |asked: &str| (asked == name).then(|| value.to_owned());
        let error =
            Config::of_text(Some(text), places(), &Overrides::default(), &environment).expect_err(name);
        assert!(error.to_string().starts_with(&format!("{name}: ")), "{error}");
    }
}

#[test]
fn flags_overrule_environment_and_file() {
    let flags = Overrides {
        file: Some("/a/config.toml".into()),
        data: Some("/flag".into()),
    };
    let environment = |name: &str| (name == "TAPEGUN_DATA").then(|| "/environment".to_owned());
    let places = Places::find(&flags, &environment).expect("places");
    let config =
        Config::of_text(Some("data = \"/file\""), places.clone(), &flags, &environment).expect("fine");
    assert_eq!(config.data, PathBuf::from("/flag"));
    assert_eq!(config.places.credentials, PathBuf::from("/a/credentials.toml"));
    let flags = Overrides { data: None, ..flags };
    let places = Places::find(&flags, &environment).expect("places");
    let config =
        Config::of_text(Some("data = \"/file\""), places.clone(), &flags, &environment).expect("fine");
    assert_eq!(config.data, PathBuf::from("/environment"));
    let config = Config::of_text(Some("data = \"/file\""), places, &flags, &nothing).expect("fine");
    assert_eq!(config.data, PathBuf::from("/file"));
}

#[test]
fn the_clock_may_be_set_only_where_amazon_is_this_machine() {
    let text = Config::example();
    assert!(!of_text(text).expect("parses").only_loopback());
    let local = |login: &str| {
        let text = text
            .replace(
                "#amazon = \"https://sandbox.sellingpartnerapi-na.amazon.com\"",
                "amazon = \"http://127.0.0.1:1\"",
            )
            .replace("#login = \"https://api.amazon.com\"", login);
        of_text(&text).expect("parses").only_loopback()
    };
    assert!(local("login = \"http://[::1]:2/\""));
    assert!(!local(""), "Login with Amazon is the real one");
    assert!(!local("login = \"https://api.amazon.com\""));
}

#[test]
fn this_machine_is_known_by_its_host_only() {
    for yes in [
        "http://127.0.0.1",
        "http://127.9.9.9:80/x",
        "http://localhost:1",
        "https://LOCALHOST/",
        "http://[::1]:9/",
    ] {
        assert!(is_loopback(yes), "{yes}");
    }
    for no in [
        "http://127.0.0.1.example.com",
        "http://127.0.0.1@example.com/",
        "http://example.com/127.0.0.1",
        "http://localhost.example.com",
        "http://0.0.0.0",
        "http://192.168.0.1",
        "http://example.com?://127.0.0.1",
        "localhost",
        "http://",
    ] {
        assert!(!is_loopback(no), "{no}");
    }
}

#[test]
fn a_named_file_must_exist() {
    let folder = tempfile::tempdir().expect("a folder");
    let flags = Overrides {
        file: Some(folder.path().join("nowhere.toml")),
        data: Some(folder.path().into()),
    };
    assert!(matches!(
        Config::load(&flags, &nothing),
        Err(ConfigError::Missing(_))
    ));
    std::fs::write(folder.path().join("here.toml"), "station = \"b\"").expect("written");
    let flags = Overrides {
        file: Some(folder.path().join("here.toml")),
        ..flags
    };
    assert_eq!(
        Config::load(&flags, &nothing).expect("read").station.as_str(),
        "b"
    );
}

mod secrets {
    use super::*;
    use crate::config::credentials::{self, StoreCredentials};
    use crate::domain::ids::StoreId;
    use secrecy::ExposeSecret;
    use std::os::unix::fs::PermissionsExt;

    const FILE: &str = "[us]\nclient_id = \"id\"\nclient_secret = \"s3cret\"\nrefresh_token = \"t0ken\"\n";

    fn load(
        text: &str,
        mode: u32,
        environment: Environment<'_>,
    ) -> Result<Result<StoreCredentials, ConfigError>, ConfigError> {
        let folder = tempfile::tempdir().expect("a folder");
        let places = Places::of(folder.path().join("config.toml"), folder.path().into());
        std::fs::write(&places.credentials, text).expect("written");
        let permissions = std::fs::Permissions::from_mode(mode);
        std::fs::set_permissions(&places.credentials, permissions).expect("set");
        let config = Config::of_text(Some(Config::example()), places, &Overrides::default(), &nothing)
            .expect("parses");
        let mut all = credentials::load(&config, environment)?;
        assert_eq!(all.len(), 1);
        Ok(all.remove(0).1)
    }

    #[test]
    fn the_file_gives_what_a_store_signs_in_with() {
        let us = load(FILE, 0o600, &nothing).expect("read").expect("whole");
        assert_eq!(
            (us.client_id.as_str(), us.refresh_token.expose_secret()),
            ("id", "t0ken")
        );
        let shown = format!("{us:?}");
        assert!(!shown.contains("s3cret") && !shown.contains("t0ken"), "{shown}");
    }

    #[test]
    fn the_environment_overrules_the_file() {
        let environment = |name: &str| (name == "TAPEGUN_US_REFRESH_TOKEN").then(|| "other".to_owned());
        let us = load(FILE, 0o600, &environment).expect("read").expect("whole");
        assert_eq!(
            (us.client_id.as_str(), us.refresh_token.expose_secret()),
            ("id", "other")
        );
        assert_eq!(
            credentials::variable(&StoreId::from("us-2"), "client_id"),
            "TAPEGUN_US_2_CLIENT_ID"
        );
    }

    #[test]
    fn a_file_that_others_can_read_is_refused() {
        for mode in [0o644, 0o640, 0o604, 0o620] {
            let error = load(FILE, mode, &nothing).expect_err("refused").to_string();
            assert!(
                error.contains("can be read by other users") && error.contains("chmod 600"),
                "{error}"
            );
        }
        assert!(load(FILE, 0o400, &nothing).is_ok());
    }

    #[test]
    fn what_is_missing_is_named_with_file_and_variable() {
        let error = load("[us]\nclient_id = \"id\"\n", 0o600, &nothing)
            .expect("read")
            .expect_err("missing");
        let words = error.to_string();
        assert!(words.contains("store us has no client_secret"), "{words}");
        assert!(
            words.contains("TAPEGUN_US_CLIENT_SECRET") && words.contains("credentials.toml"),
            "{words}"
        );
    }

    #[test]
    fn no_message_shows_a_secret() {
        for (text, wanted) in [
            (
                "[us]\nclient_secret = [\"s3cret\"]\n",
                "not TOML of the expected form",
            ),
            ("[us]\nclient_secret = s3cret\n", "not TOML of the expected form"),
            ("client_secret = \"s3cret\"\n", "not TOML of the expected form"),
            (
                "[us]\nclient_secrte = \"s3cret\"\n",
                "did you mean \"client_secret\"?",
            ),
            (
                "[uk]\nclient_secret = \"s3cret\"\n",
                "[uk] is none of the configured stores",
            ),
        ] {
            let words = load(text, 0o600, &nothing).expect_err(text).to_string();
            assert!(words.contains(wanted), "{words}");
            assert!(!words.contains("s3cret"), "{words}");
        }
    }
}
