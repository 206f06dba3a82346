//! The carrier of the story: a ledger that sells, voids and loses its answers as it is told to. It is as unkind as
//! PURCHASING.md lets it be: it honours a key for two minutes only, and sells again while the quote lives.

/// How long the same key finds the same label, in seconds.
const HONOURS_A_KEY: i64 = 120;
/// How long a quote sells, in seconds.
const QUOTE_SELLS: i64 = 600;

/// A label that was sold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Sale {
    /// The wish that it was sold to, by its number in the story.
    pub(crate) key: usize,
    pub(crate) order: usize,
    pub(crate) sold_at: i64,
    pub(crate) live: bool,
}

/// What happens to a request to buy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sending {
    Sells,
    /// Sold; the answer breaks off after the shipment id.
    SellsCut,
    /// Sold; the answer is lost.
    SellsUnheard,
    /// Sold; the answer is a 503 in Amazon's own shape.
    SellsAnd503,
    Refuses,
    Throttles,
    Forbids,
    Fails500,
    /// Lost on the way there.
    NeverArrives,
    /// No connection was made.
    NotSent,
    /// A 403 that something between us and Amazon wrote.
    Proxy,
}

impl Sending {
    pub(crate) const ALL: [Self; 11] = [
        Self::Sells,
        Self::SellsCut,
        Self::SellsUnheard,
        Self::SellsAnd503,
        Self::Refuses,
        Self::Throttles,
        Self::Forbids,
        Self::Fails500,
        Self::NeverArrives,
        Self::NotSent,
        Self::Proxy,
    ];
}

/// What happens to a request to void.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Voiding {
    Voids,
    VoidsUnheard,
    VoidsAnd500,
    Refuses,
    Throttles,
    NeverArrives,
    NotSent,
}

impl Voiding {
    pub(crate) const ALL: [Self; 7] = [
        Self::Voids,
        Self::VoidsUnheard,
        Self::VoidsAnd500,
        Self::Refuses,
        Self::Throttles,
        Self::NeverArrives,
        Self::NotSent,
    ];
}

/// What is heard of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Heard {
    /// Sold: the sale, and whether the answer is whole.
    Sold(usize, bool),
    Voided,
    VoidedAlready,
    /// A 4xx in Amazon's own shape.
    Plainly(u16),
    /// A 5xx in Amazon's own shape.
    Server,
    Proxy,
    Lost,
    NotSent,
}

/// What the carrier knows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Carrier {
    pub(crate) sales: Vec<Sale>,
}

impl Carrier {
    pub(crate) fn buy(
        &mut self,
        key: usize,
        order: usize,
        quoted_at: i64,
        now: i64,
        sending: Sending,
    ) -> Heard {
        match sending {
            Sending::Refuses => Heard::Plainly(400),
            Sending::Throttles => Heard::Plainly(429),
            Sending::Forbids => Heard::Plainly(403),
            Sending::Fails500 => Heard::Server,
            Sending::NeverArrives => Heard::Lost,
            Sending::NotSent => Heard::NotSent,
            Sending::Proxy => Heard::Proxy,
            Sending::Sells | Sending::SellsCut | Sending::SellsUnheard | Sending::SellsAnd503 => {
                match (self.sale(key, order, quoted_at, now), sending) {
                    (None, _) => Heard::Plainly(400),
                    (Some(sale), Sending::Sells) => Heard::Sold(sale, true),
                    (Some(sale), Sending::SellsCut) => Heard::Sold(sale, false),
                    (Some(_), Sending::SellsUnheard) => Heard::Lost,
                    (Some(_), _) => Heard::Server,
                }
            }
        }
    }

    /// The sale that answers the key: the old one, a new one, or none because the quote is over.
    fn sale(&mut self, key: usize, order: usize, quoted_at: i64, now: i64) -> Option<usize> {
        let old = self.sales.iter().position(|sale| sale.key == key);
        let honoured = old.filter(|old| now - self.sales[*old].sold_at <= HONOURS_A_KEY);
        if honoured.is_some() || now - quoted_at > QUOTE_SELLS {
            return honoured.or(old);
        }
        self.sales.push(Sale {
            key,
            order,
            sold_at: now,
            live: true,
        });
        Some(self.sales.len() - 1)
    }

    pub(crate) fn void(&mut self, sale: usize, voiding: Voiding) -> Heard {
        match voiding {
            Voiding::Refuses => Heard::Plainly(400),
            Voiding::Throttles => Heard::Plainly(429),
            Voiding::NeverArrives => Heard::Lost,
            Voiding::NotSent => Heard::NotSent,
            Voiding::Voids | Voiding::VoidsUnheard | Voiding::VoidsAnd500 => {
                let was_live = std::mem::replace(&mut self.sales[sale].live, false);
                match voiding {
                    Voiding::VoidsUnheard => Heard::Lost,
                    Voiding::VoidsAnd500 => Heard::Server,
                    _ if was_live => Heard::Voided,
                    _ => Heard::VoidedAlready,
                }
            }
        }
    }

    /// The first sale under a key.
    pub(crate) fn sold_to(&self, key: usize) -> Option<usize> {
        self.sales.iter().position(|sale| sale.key == key)
    }
}
