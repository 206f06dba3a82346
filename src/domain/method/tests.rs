use super::*;
use crate::domain::address::{AddressKind, Destination};
use crate::domain::order::{ChannelStatus, Origin, Programs, Window};
use proptest::prelude::*;

fn known(carrier: &str, service_id: &str, service: &str, off: bool) -> KnownMethod {
    KnownMethod {
        store: "us".into(),
        service_id: service_id.to_owned(),
        service: service.to_owned(),
        carrier_id: carrier.to_uppercase(),
        carrier: carrier.to_owned(),
        off: off.then(|| SwitchedOff {
            at: DateTime::UNIX_EPOCH,
            by: "Sue".to_owned(),
            why: "claims never paid".to_owned(),
        }),
    }
}

fn order(prime: bool, kind: AddressKind) -> ChannelOrder {
    ChannelOrder {
        store: "us".into(),
        origin: Origin::Amazon,
        number: "111-1111111-1111111".into(),
        status: ChannelStatus::Unshipped,
        programs: Programs {
            prime,
            business: true,
            ..Programs::default()
        },
        destination: Some(Destination::new("US", "NY", "10001", kind)),
        ship_by: Window::default(),
        deliver_by: Window::default(),
        service_level: String::new(),
        print_not_before: None,
        confirmation_floor: None,
        lines: Vec::new(),
        packages: Vec::new(),
        created_at: DateTime::UNIX_EPOCH,
        updated_at: DateTime::UNIX_EPOCH,
        address_fingerprint: Vec::new(),
    }
}

fn method(text: &str) -> AssignedMethod {
    AssignedMethod::parse(text).expect("a method")
}

#[test]
fn a_method_is_written_as_it_is_read() {
    for (text, read) in [
        ("cheapest", AssignedMethod::Unknown),
        (
            "carrier:UPS",
            AssignedMethod::Carrier {
                carrier_id: "UPS".to_owned(),
            },
        ),
        (
            "UPS/UPS_PTP_GND",
            AssignedMethod::Service {
                carrier_id: "UPS".to_owned(),
                service_id: "UPS_PTP_GND".to_owned(),
            },
        ),
        (
            "UPS_PTP_GND",
            AssignedMethod::Service {
                carrier_id: String::new(),
                service_id: "UPS_PTP_GND".to_owned(),
            },
        ),
        (
            "elsewhere:FedEx",
            AssignedMethod::Outside {
                carrier: Carrier::FedEx,
            },
        ),
    ] {
        assert_eq!(AssignedMethod::parse(text), Some(read.clone()), "{text}");
        assert_eq!(read.to_string(), text);
    }
    assert_eq!(method("Unknown"), AssignedMethod::Unknown);
    for nonsense in [
        "",
        "  ",
        "carrier:",
        "elsewhere:",
        "UPS/",
        "by air:UPS",
        "two words",
    ] {
        assert_eq!(AssignedMethod::parse(nonsense), None, "{nonsense:?}");
    }
}

proptest! {
    #[test]
    fn whatever_is_read_is_written_so_that_it_reads_the_same(text in ".{0,40}") {
        if let Some(read) = AssignedMethod::parse(&text) {
            prop_assert_eq!(AssignedMethod::parse(&read.to_string()), Some(read));
        }
    }
}

#[test]
fn what_is_switched_off_is_not_assigned_and_the_words_say_who_switched_it_off() {
    let methods = [
        known("UPS", "UPS_PTP_GND", "UPS Ground", true),
        known("UPS", "UPS_PTP_2DAY", "UPS 2nd Day Air", false),
        known("USPS", "USPS_PTP_PM", "Priority Mail", true),
    ];
    let order = order(false, AddressKind::Residential);
    let words = assign_terms(&order, &method("ups_ptp_gnd"), &methods).expect_err("off");
    assert!(words.contains("UPS Ground is switched off for store us by Sue (claims never paid)"));
    assert!(assign_terms(&order, &method("UPS_PTP_2DAY"), &methods).is_ok());
    // A carrier is refused only where nothing of it is left.
    assert!(assign_terms(&order, &method("carrier:UPS"), &methods).is_ok());
    assert!(assign_terms(&order, &method("carrier:USPS"), &methods).is_err());
    assert!(assign_terms(&order, &method("carrier:ONTRAC"), &methods).is_ok());
}

#[test]
fn fedex_home_delivery_is_not_assigned_for_a_business_at_a_commercial_address() {
    let methods = [known(
        "FedEx",
        "FEDEX_PTP_HOME_DELIVERY",
        "FedEx Home Delivery®",
        false,
    )];
    let home = method("FEDEX_PTP_HOME_DELIVERY");
    assert!(assign_terms(&order(false, AddressKind::Commercial), &home, &methods).is_err());
    assert!(assign_terms(&order(false, AddressKind::Commercial), &home, &[]).is_err());
    assert!(assign_terms(&order(false, AddressKind::Residential), &home, &methods).is_ok());
}

#[test]
fn prime_is_assigned_to_a_label_from_elsewhere_by_a_supervisor_alone() {
    let elsewhere = method("elsewhere:UPS");
    let prime = assign_terms(&order(true, AddressKind::Residential), &elsewhere, &[]).unwrap();
    assert!(prime.needs_permission && prime.notes[1].contains("PRIME"));
    let plain = assign_terms(&order(false, AddressKind::Residential), &elsewhere, &[]).unwrap();
    assert!(!plain.needs_permission && plain.notes[0].contains("late-delivery protection"));
    let service = assign_terms(
        &order(true, AddressKind::Residential),
        &method("UPS_PTP_GND"),
        &[],
    )
    .unwrap();
    assert_eq!(service, AssignTerms::default());
    // An order that is not Amazon's has no protection to lose.
    let mut own = order(true, AddressKind::Residential);
    own.origin = Origin::Elsewhere;
    assert_eq!(assign_terms(&own, &elsewhere, &[]), Ok(AssignTerms::default()));
}

#[test]
fn the_method_is_told_in_a_packers_words() {
    let methods = [known("UPS", "UPS_PTP_GND", "UPS Ground", false)];
    let facts = MethodFacts {
        by: AssignedBy::Person("Ana".to_owned()),
        why: "contract".to_owned(),
        at: None,
        known: methods.to_vec(),
        shopped: None,
    };
    assert_eq!(
        facts.words(&method("UPS_PTP_GND")),
        "UPS Ground, assigned by Ana (contract)"
    );
    assert_eq!(
        facts.words(&method("carrier:ups")),
        "the cheapest of UPS that passes, assigned by Ana (contract)"
    );
    assert_eq!(
        MethodFacts::default().words(&AssignedMethod::Unknown),
        "the cheapest that passes"
    );
    // A carrier's name is taken from its own methods, where one of them has it.
    let unnamed = KnownMethod {
        carrier: String::new(),
        ..known("USPS", "USPS_PTP_PM", "Priority Mail", false)
    };
    let all = [
        known("UPS", "UPS_PTP_GND", "UPS Ground", false),
        unnamed.clone(),
        known("Usps", "USPS_PTP_EXP", "Priority Mail Express", false),
    ];
    assert_eq!(
        assigned_name(&method("carrier:usps"), &all),
        "the cheapest of Usps that passes"
    );
    assert_eq!(
        assigned_name(&method("carrier:usps"), &[unnamed]),
        "the cheapest of usps that passes"
    );
}
