//! What can happen next in the story. Everything may be tried at any time; what makes sense is tried more often.

use super::carrier::{Sending, Voiding};
use super::model::{Bench, Model};
use tapegun::domain::shipment::LabelState;

/// One thing that happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Move {
    /// A packer opens an order, taking it over where that is asked for.
    Open {
        order: usize,
        packer: usize,
        take_over: bool,
    },
    Scan {
        order: usize,
        packer: usize,
    },
    /// The last accepted scan arrives a second time.
    ScanAgain,
    Weigh {
        order: usize,
        packer: usize,
        ounces: i64,
    },
    Quote {
        order: usize,
    },
    /// Buys from the newest rates of the box.
    Want {
        order: usize,
        packer: usize,
    },
    Withdraw {
        label: usize,
    },
    /// A leader asks for a wanted label; a stale one tries to.
    Ask {
        label: usize,
        stale: bool,
        sending: Sending,
    },
    /// The answer to the oldest sending arrives; it may be settled twice.
    Hear {
        label: usize,
        twice: bool,
    },
    /// A leader repeats an unknown purchase, where the rules let it.
    Repeat {
        label: usize,
        stale: bool,
        sending: Sending,
    },
    /// The order's packages are read; the youngest may not be listed yet.
    Look {
        order: usize,
        lags: bool,
    },
    /// The document of a label that was bought without one is fetched.
    Fetch {
        label: usize,
    },
    /// Somebody decides what nobody knows, after a true look at the carrier's list.
    Decide {
        label: usize,
        supervisor: bool,
    },
    /// A waiting sheet comes out, fails, or the program ends in the midst of it.
    Print {
        label: usize,
        ending: Printing,
    },
    PrintAgain {
        label: usize,
    },
    WantVoid {
        label: usize,
    },
    AskVoid {
        label: usize,
        stale: bool,
        voiding: Voiding,
    },
    HearVoid {
        label: usize,
    },
    /// The process dies; the next one opens the same file.
    Crash,
    /// Another process takes the lead while the old one still waits for answers.
    Lead,
    Wait {
        seconds: i64,
    },
}

/// How a sheet ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Printing {
    Done,
    Failed,
    CutShort,
}

/// All that can be tried now; what makes sense stands in it several times.
pub(crate) fn next_of(model: &Model) -> Vec<Move> {
    let mut moves = vec![Move::Crash, Move::Lead, Move::ScanAgain];
    moves.extend([1, 20, 100, 300, 590, 760].map(|seconds| Move::Wait { seconds }));
    if !model.leads {
        moves.extend([Move::Lead; 40]);
    }
    for order in 0..model.parcels.len() {
        packing(model, order, &mut moves);
    }
    let labels = model.labels.len();
    for label in labels.saturating_sub(2)..labels {
        anything(label, &mut moves);
    }
    for label in 0..labels {
        sensible(model, label, &mut moves);
    }
    moves
}

fn packing(model: &Model, order: usize, moves: &mut Vec<Move>) {
    for packer in 0..2 {
        for take_over in [false, true] {
            moves.push(Move::Open {
                order,
                packer,
                take_over,
            });
        }
        moves.push(Move::Scan { order, packer });
        moves.push(Move::Weigh {
            order,
            packer,
            ounces: 12,
        });
        moves.push(Move::Weigh {
            order,
            packer,
            ounces: 20,
        });
        moves.push(Move::Want { order, packer });
    }
    moves.push(Move::Quote { order });
    moves.push(Move::Look { order, lags: true });
    moves.push(Move::Look { order, lags: false });
    let parcel = &model.parcels[order];
    if model.live(order).is_some() {
        return;
    }
    let packer = usize::from(parcel.holds(1));
    // Who was taken over does not know it yet, and who weighed again may forget the new rates.
    let other = 1 - packer;
    if !parcel.holds(other) && parcel.bench == Bench::Packing {
        let ounces = 12;
        let late = [
            Move::Scan { order, packer: other },
            Move::Weigh {
                order,
                packer: other,
                ounces,
            },
            Move::Want { order, packer: other },
        ];
        moves.extend(late.into_iter().cycle().take(6));
    }
    if parcel.scanned && !model.quote_fits(order) {
        moves.extend([Move::Want { order, packer }; 6]);
    }
    if model.quote_fits(order) {
        moves.extend(
            [Move::Weigh {
                order,
                packer,
                ounces: 32 - parcel.ounces,
            }; 6],
        );
    }
    let sensible = if !parcel.holds(packer) {
        Move::Open {
            order,
            packer,
            take_over: true,
        }
    } else if !parcel.scanned {
        Move::Scan { order, packer }
    } else if parcel.ounces == 0 {
        Move::Weigh {
            order,
            packer,
            ounces: 12,
        }
    } else if !model.quote_fits(order) {
        Move::Quote { order }
    } else {
        Move::Want { order, packer }
    };
    moves.extend([sensible; 30]);
}

fn anything(label: usize, moves: &mut Vec<Move>) {
    moves.extend([
        Move::Withdraw { label },
        Move::Ask {
            label,
            stale: false,
            sending: Sending::Sells,
        },
        Move::Repeat {
            label,
            stale: false,
            sending: Sending::Sells,
        },
        Move::Fetch { label },
        Move::Decide {
            label,
            supervisor: true,
        },
        Move::Print {
            label,
            ending: Printing::Done,
        },
        Move::PrintAgain { label },
        Move::WantVoid { label },
        Move::AskVoid {
            label,
            stale: false,
            voiding: Voiding::Voids,
        },
        Move::Hear { label, twice: false },
        Move::HearVoid { label },
    ]);
}

fn sensible(model: &Model, label: usize, moves: &mut Vec<Move>) {
    let stale = [false, false, true];
    match model.labels[label].state {
        LabelState::Wanted => {
            for sending in Sending::ALL {
                moves.extend(stale.map(|stale| Move::Ask {
                    label,
                    stale,
                    sending,
                }));
            }
            let sending = Sending::Sells;
            moves.extend(
                [Move::Ask {
                    label,
                    stale: false,
                    sending,
                }; 8],
            );
        }
        // A new leader that comes before the answer makes it a late one.
        LabelState::Asked => {
            moves.extend([Move::Hear { label, twice: false }; 20]);
            moves.extend([Move::Lead; 8]);
        }
        LabelState::Unknown => {
            for sending in Sending::ALL {
                moves.extend(stale.map(|stale| Move::Repeat {
                    label,
                    stale,
                    sending,
                }));
            }
            if !model.labels[label].heard.is_empty() {
                moves.extend([Move::Hear { label, twice: false }; 12]);
            }
            let order = model.labels[label].order;
            moves.extend([Move::Look { order, lags: false }; 4]);
            moves.extend([true, false].map(|supervisor| Move::Decide { label, supervisor }));
        }
        LabelState::Bought | LabelState::Printed | LabelState::VoidRefused => {
            let endings = [
                Printing::Done,
                Printing::Done,
                Printing::Failed,
                Printing::CutShort,
            ];
            moves.extend(endings.map(|ending| Move::Print { label, ending }));
            moves.extend([Move::WantVoid { label }; 8]);
        }
        LabelState::BoughtWithoutDocument => {
            moves.extend([Move::Fetch { label }; 4]);
            moves.extend([Move::WantVoid { label }; 4]);
        }
        LabelState::VoidWanted | LabelState::VoidUnknown => {
            if model.labels[label].void_on_its_way() {
                moves.extend([Move::HearVoid { label }; 12]);
            }
            for voiding in Voiding::ALL {
                moves.extend(stale.map(|stale| Move::AskVoid {
                    label,
                    stale,
                    voiding,
                }));
            }
        }
        LabelState::VoidAsked => {
            moves.extend([Move::HearVoid { label }; 20]);
            moves.extend([Move::Lead; 8]);
        }
        _ => {}
    }
    if model.labels[label].heard.len() > 1 {
        moves.extend([Move::Hear { label, twice: true }; 3]);
    }
}
