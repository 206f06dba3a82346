//! Whom a change wakes. Nothing is carried out here.

use crate::app::DoorCommit;
use crate::app::effect::Commit;

/// Whether the sync task has something to do after this.
pub(super) fn sync(commit: &Commit) -> bool {
    matches!(
        commit,
        Commit::WantQuote(_)
            | Commit::WantAccounts(_)
            | Commit::WantLabel(_)
            | Commit::WantVoid { .. }
            | Commit::WantVoidOrder { .. }
            | Commit::DecideUnknown { .. }
            | Commit::RecordOutside(_)
            | Commit::WantConfirmation { .. }
            | Commit::Door(DoorCommit::WantForms { .. })
    )
}

/// Whether the spool has.
pub(super) fn spool(commit: &Commit) -> bool {
    matches!(
        commit,
        Commit::WantPrint { .. } | Commit::PrintPickList { .. } | Commit::Door(DoorCommit::Print { .. })
    )
}
