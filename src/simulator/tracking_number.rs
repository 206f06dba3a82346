//! Tracking numbers with right check digits, as each carrier builds them.

/// A tracking number of a carrier for the `serial`-th label of a seed; unique for each pair.
pub(super) fn tracking_number(carrier: &str, service: &str, seed: u64, serial: u64) -> String {
    let shipper = seed.wrapping_mul(48_611) % 100_000;
    // No two of the same length are equal: the factor has no divisor in common with ten.
    let serial = serial.wrapping_mul(7_654_321).wrapping_add(1_357_911);
    match carrier {
        "UPS" => {
            let body = format!(
                "{:06}{}{:07}",
                900_000 + shipper,
                ups_service(service),
                serial % 10_000_000
            );
            let check = ups_check(&body);
            format!("1Z{body}{check}")
        }
        "FEDEX" => {
            let body = format!("7{:04}{:06}", shipper % 10_000, serial % 1_000_000);
            let check = fedex_check(&body);
            format!("{body}{check}")
        }
        "AMZN_US" => format!("TBA{shipper:05}{:07}", serial % 10_000_000),
        "ONTRAC" => {
            let body = format!("{shipper:05}{:08}", serial % 100_000_000);
            format!("C{body}{}", ups_check(&format!("4{body}")))
        }
        _ => {
            let body = format!("940011{shipper:07}{:08}", serial % 100_000_000);
            let check = usps_check(&body);
            format!("{body}{check}")
        }
    }
}

fn ups_service(service: &str) -> &'static str {
    match service {
        _ if service.contains("NEXT_DAY_AIR_SAVER") => "13",
        _ if service.contains("NEXT_DAY") => "01",
        _ if service.contains("2ND_DAY") => "02",
        _ if service.contains("3_DAY") => "12",
        _ => "03",
    }
}

fn digits(text: &str) -> impl DoubleEndedIterator<Item = u32> + '_ {
    text.chars().filter_map(|letter| letter.to_digit(10))
}

/// Every second digit counts twice, from the second on; up to the next ten.
fn ups_check(body: &str) -> u32 {
    let sum: u32 = digits(body)
        .enumerate()
        .map(|(at, digit)| if at % 2 == 1 { 2 * digit } else { digit })
        .sum();
    (10 - sum % 10) % 10
}

/// From the right, digits count three times and once in turn; up to the next ten.
fn usps_check(body: &str) -> u32 {
    let sum: u32 = digits(body)
        .rev()
        .enumerate()
        .map(|(at, digit)| if at % 2 == 0 { 3 * digit } else { digit })
        .sum();
    (10 - sum % 10) % 10
}

/// From the right, digits count 1, 3 and 7 times in turn; the rest by 11, where 10 is 0.
fn fedex_check(body: &str) -> u32 {
    let sum: u32 = digits(body)
        .rev()
        .zip([1, 3, 7].into_iter().cycle())
        .map(|(digit, weight)| digit * weight)
        .sum();
    sum % 11 % 10
}
