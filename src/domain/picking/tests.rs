use super::*;
use crate::domain::ids::PickListId;

fn draft(change: impl FnOnce(&mut PickDraft)) -> PickDraft {
    let mut draft = PickDraft::default();
    change(&mut draft);
    draft
}

#[test]
fn an_empty_draft_is_the_most_urgent_orders() {
    assert_eq!(PickDraft::default().read(), Ok(PickFilter::default()));
    assert_eq!(PickFilter::default().to_string(), "at most 40");
}

#[test]
fn what_is_typed_is_read_and_comes_back_as_it_would_be_typed() {
    let typed = PickDraft {
        units: "Single".to_owned(),
        badges: "prime, BUSINESS, prime".to_owned(),
        without: "transparency".to_owned(),
        due_within: "36h".to_owned(),
        carrier: "ups".to_owned(),
        cost_from: "3".to_owned(),
        cost_to: "12.5".to_owned(),
        store: "us".to_owned(),
        limit: "25".to_owned(),
    };
    let filter = typed.read().unwrap();
    assert_eq!(filter.units, Some(Units::Single));
    assert_eq!(filter.badges, [Badge::Prime, Badge::Business]);
    assert_eq!(filter.due_within, Some(36 * 60));
    assert_eq!((filter.cost_from, filter.cost_to), (Some(300), Some(1250)));
    assert_eq!(
        filter.to_string(),
        "single unit, due within 36h, Prime, Business, not Transparency, by UPS, 3.00 to 12.50, store us, at most 25"
    );
    assert_eq!(PickDraft::of(&filter).read(), Ok(filter));
}

#[test]
fn what_cannot_be_read_is_said_with_its_field() {
    let cases = [
        (draft(|d| "double".clone_into(&mut d.units)), "Units"),
        (draft(|d| "gold".clone_into(&mut d.badges)), "Badges"),
        (draft(|d| "silver".clone_into(&mut d.without)), "Without"),
        (draft(|d| "soon".clone_into(&mut d.due_within)), "Due within"),
        (draft(|d| "8".clone_into(&mut d.due_within)), "Due within"),
        (draft(|d| "99999999d".clone_into(&mut d.due_within)), "Due within"),
        (draft(|d| "8é".clone_into(&mut d.due_within)), "Due within"),
        (draft(|d| "1.234".clone_into(&mut d.cost_to)), "Cost"),
        (draft(|d| "-1".clone_into(&mut d.cost_from)), "Cost"),
        (draft(|d| "0".clone_into(&mut d.limit)), "Orders"),
        (draft(|d| "501".clone_into(&mut d.limit)), "Orders"),
    ];
    for (draft, field) in cases {
        let words = draft.read().unwrap_err();
        assert!(words.starts_with(field), "{words}");
    }
    let both = draft(|d| {
        "prime".clone_into(&mut d.badges);
        "Prime".clone_into(&mut d.without);
    });
    assert!(both.read().is_err());
    let turned = draft(|d| {
        "5".clone_into(&mut d.cost_from);
        "4".clone_into(&mut d.cost_to);
    });
    assert!(turned.read().is_err());
}

#[test]
fn a_time_is_read_in_minutes_hours_and_days_up_to_a_year_and_said_in_the_largest_that_fits() {
    for (typed, minutes, said) in [
        ("90m", 90, "90m"),
        ("60m", 60, "1h"),
        ("8h", 480, "8h"),
        ("25h", 1_500, "25h"),
        ("48h", 2_880, "2d"),
        ("2 d", 2_880, "2d"),
        ("366d", 527_040, "366d"),
    ] {
        let filter = draft(|d| typed.clone_into(&mut d.due_within)).read().unwrap();
        assert_eq!(filter.due_within, Some(minutes), "{typed}");
        assert_eq!(filter.to_string(), format!("due within {said}, at most 40"));
    }
    for longer in ["367d", "527041m"] {
        assert!(
            draft(|d| longer.clone_into(&mut d.due_within)).read().is_err(),
            "{longer}"
        );
    }
}

#[test]
fn the_least_amount_may_be_the_most() {
    let same = draft(|d| {
        "5".clone_into(&mut d.cost_from);
        "5.00".clone_into(&mut d.cost_to);
    });
    assert!(same.read().is_ok());
}

#[test]
fn a_list_is_done_when_nothing_is_left_and_nothing_stands_in_its_way() {
    let row = |open, packing, packed, shipped, stopped| PickListRow {
        id: PickListId(1),
        name: String::new(),
        created_at: "2026-11-23T14:00:00Z".parse().unwrap(),
        assigned: None,
        orders: 9,
        open,
        packing,
        to_pick: 5,
        picked: 0,
        packed,
        shipped,
        stopped,
        trouble: 0,
        badges: Vec::new(),
        ship_by: None,
    };
    assert_eq!(ListState::of(&row(3, 0, 0, 0, 0)), ListState::Open);
    assert_eq!(ListState::of(&row(3, 1, 0, 0, 0)), ListState::Packing);
    assert_eq!(ListState::of(&row(2, 0, 0, 1, 0)), ListState::Packing);
    assert_eq!(ListState::of(&row(2, 1, 1, 0, 0)), ListState::Packing);
    assert_eq!(ListState::of(&row(2, 0, 1, 1, 0)), ListState::Packing);
    assert_eq!(ListState::of(&row(0, 0, 0, 3, 0)), ListState::Done);
    for (state, word) in [
        (ListState::Open, "Open"),
        (ListState::Packing, "Packing"),
        (ListState::Done, "Done"),
    ] {
        assert_eq!(state.to_string(), word);
    }
    assert_eq!(
        ListState::of(&row(0, 0, 0, 2, 1)),
        ListState::Packing,
        "one is held"
    );
    assert_eq!(ListState::of(&row(0, 0, 0, 0, 1)), ListState::Open);
    let picked = |picked| PickListRow {
        picked,
        ..row(3, 0, 0, 0, 0)
    };
    assert_eq!(ListState::of(&picked(1)), ListState::Picking);
    assert_eq!(ListState::of(&picked(5)), ListState::Picked);
}
