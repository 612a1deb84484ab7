//! **The one door**: the only code that changes shared content.
//!
//! What is saved here and what arrives from afar go through the same function, [`enter`], in one transaction: append to
//! the log, bring the tables up to it, write the notices that follow. After it nobody can tell the two apart. All that was shared can be made again from
//! the log ([`rebuild`]), to an equal digest.
//!
//! | room | what it does |
//! |---|---|
//! | [`founding`] | makes a node: its keys and its first key event |
//! | [`publish`] | makes change-sets of a record saved here, and enters them |
//! | [`group`] | several saves and deletes in one transaction |
//! | [`moderation`] | what becomes of an entry that waits |
//! | [`receive`] | verifies change-sets from afar, and enters them |
//! | `in_turn` | enters what came in its turn, and lets those write in between who wait |
//! | `mending` | makes our own entries anew from what was fetched back of them |
//! | [`graphs`] | what machines read of a record |
//! | [`supply`] | gives to others what is held, byte for byte |
//! | [`snapshots`] | the state of a log in few change-sets, for a node that is far behind |
//! | [`choices`] | what this network takes of others, and gives to them |
//! | [`gaps`] | live versions whose payload is not to be had |
//! | [`heads`] | what is held of each log, and whether others were shown the same |
//! | [`evidence`] | what proves that a node signed two histories |
//! | [`peers`] | the nodes that something is carried to and from, and how far each is |
//! | [`outgoing`] | what goes next to whom |
//! | `successors` | what takes the place of a record that was ended |
//! | `declarations` | what our structures and people have declared, in memory |
//! | `bearers` | who brought what, so that it is not brought back |
//! | [`circle`] | among whom a channel `affiliates` goes |
//! | [`roll`] | who is a member, and how one becomes one |
//! | [`leaving`] | leaves a hub, with receipts |
//! | [`renewal`] | begins anew where all keys were lost, and lets a node take the place of another |
//! | `pinning` | whose keys are known here from now on |
//! | `forgetting` | what is held of others, once it is held no longer |
//! | [`rotation`] | exchanges keys, and begins logs again |
//! | `epochs` | which epoch of a channel counts |
//! | [`signed_heads`] | what was signed before, so that a restored backup never forks |
//! | [`doubt`] | what is not known of that after a restore, and how it is found out again |
//! | `copies` | a small text in two copies, overwritten by turns |
//! | [`messages`] | what nodes tell each other about change-sets |
//! | [`rebuild`] | makes the tables again from the logs, and checks both |

mod bearers;
pub mod choices;
pub mod circle;
mod copies;
mod declarations;
pub mod doubt;
mod enter;
mod epochs;
pub mod evidence;
mod forgetting;
pub mod founding;
pub mod gaps;
pub mod graphs;
pub mod group;
pub mod heads;
pub mod identity;
mod in_turn;
mod journal;
pub mod leaving;
mod mending;
pub mod messages;
pub mod moderation;
mod notices;
pub mod outgoing;
pub mod peers;
mod pinning;
pub mod publish;
pub mod rebuild;
pub mod receive;
mod refusal;
pub mod renewal;
pub mod roll;
pub mod rotation;
pub mod signed_heads;
pub mod snapshots;
mod successors;
pub mod supply;

pub use identity::Identity;
pub use journal::Journal;
pub use pes_changeset::commitment::sha256_hex;
pub use pes_store::Bell;
pub use refusal::{JournalError, Refusal};
