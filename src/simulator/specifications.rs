//! What a rate's documents can be: formats, sizes, resolutions, and what must be asked for together.

use super::service_table::Service;
use serde_json::{Value, json};

/// A document specification of a rate.
pub(super) struct Specification {
    pub(super) format: &'static str,
    /// Tenths of an inch: width, length.
    pub(super) size: (u32, u32),
    pub(super) dpis: &'static [u64],
    pub(super) layouts: &'static [&'static str],
    /// Documents, and whether each must be asked for.
    pub(super) documents: &'static [(&'static str, bool)],
}

/// Print options as production offers them (amazon.md 3.5): always joined, PDF with its pack slip.
pub(super) fn specifications(service: &Service) -> Vec<Specification> {
    const LABEL: &[(&str, bool)] = &[("LABEL", true)];
    const SLIP: &[(&str, bool)] = &[("PACKSLIP", true), ("LABEL", true)];
    const RECEIPT: &[(&str, bool)] = &[("RECEIPT", true), ("LABEL", true)];
    let dpis: &[u64] = if service.carrier == "FEDEX" {
        &[300]
    } else {
        &[300, 203]
    };
    if service.carrier == "AMZN_US" {
        return [("PDF", &[][..]), ("PNG", &[300, 203]), ("ZPL", &[300, 203])]
            .map(|(format, dpis)| Specification {
                format,
                size: (40, 60),
                dpis,
                layouts: &["DEFAULT"],
                documents: LABEL,
            })
            .into();
    }
    let letter = if service.carrier == "UPS" { RECEIPT } else { SLIP };
    let small = |format, dpis, documents| Specification {
        format,
        size: (40, 60),
        dpis,
        layouts: &["DEFAULT"],
        documents,
    };
    vec![
        small("PDF", &[], SLIP),
        Specification {
            format: "PDF",
            size: (85, 110),
            dpis: &[],
            layouts: &["LEFT", "RIGHT"],
            documents: letter,
        },
        small("PNG", &[300, 203], LABEL),
        small("ZPL", dpis, LABEL),
    ]
}

impl Specification {
    /// As `getRates` answers it.
    pub(super) fn show(&self) -> Value {
        let documents: Vec<Value> = self
            .documents
            .iter()
            .map(|(name, mandatory)| json!({"name": name, "isMandatory": mandatory}))
            .collect();
        let mut options = json!({
            "supportedPageLayouts": self.layouts,
            "supportedFileJoiningOptions": [true],
            "supportedDocumentDetails": documents,
        });
        if !self.dpis.is_empty() {
            options["supportedDPIs"] = json!(self.dpis);
        }
        json!({
            "format": self.format,
            "size": {
                "width": f64::from(self.size.0) / 10.0,
                "length": f64::from(self.size.1) / 10.0,
                "unit": "INCH",
            },
            "printOptions": [options],
        })
    }
}
