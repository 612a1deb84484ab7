//! The IRIs of a header, each with one meaning.

/// `pes:Upsert`.
pub const UPSERT: &str = "https://w3id.org/pes/ns#Upsert";
/// `pes:Withdraw`.
pub const WITHDRAW: &str = "https://w3id.org/pes/ns#Withdraw";
/// `pes:Delete`.
pub const DELETE: &str = "https://w3id.org/pes/ns#Delete";
/// `pes:Genesis`.
pub const GENESIS: &str = "https://w3id.org/pes/ns#Genesis";
/// `pes:Rotation`.
pub const ROTATION: &str = "https://w3id.org/pes/ns#Rotation";
/// `pes:NewEpoch`.
pub const NEW_EPOCH: &str = "https://w3id.org/pes/ns#NewEpoch";
/// `pes:Snapshot`.
pub const SNAPSHOT: &str = "https://w3id.org/pes/ns#Snapshot";

pub(crate) const TYPE: &str = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type";
pub(crate) const CHANGE_SET: &str = "https://w3id.org/pes/ns#ChangeSet";
pub(crate) const CREATED: &str = "http://purl.org/dc/terms/created";
pub(crate) const IS_REPLACED_BY: &str = "http://purl.org/dc/terms/isReplacedBy";
pub(crate) const COMMITMENT: &str = "https://w3id.org/pes/ns#commitment";
pub(crate) const COMPLETE_FROM: &str = "https://w3id.org/pes/ns#completeFrom";
pub(crate) const EPOCH: &str = "https://w3id.org/pes/ns#epoch";
pub(crate) const EXPIRES: &str = "https://w3id.org/pes/ns#expires";
pub(crate) const KIND: &str = "https://w3id.org/pes/ns#kind";
pub(crate) const LOG: &str = "https://w3id.org/pes/ns#log";
pub(crate) const LOG_KEY: &str = "https://w3id.org/pes/ns#logKey";
pub(crate) const NEXT_ROOT_KEY: &str = "https://w3id.org/pes/ns#nextRootKey";
pub(crate) const OPERATION: &str = "https://w3id.org/pes/ns#operation";
pub(crate) const PAYLOAD_LENGTH: &str = "https://w3id.org/pes/ns#payloadLength";
pub(crate) const PREFIX: &str = "https://w3id.org/pes/ns#prefix";
pub(crate) const PROTOCOL_NUMBER: &str = "https://w3id.org/pes/ns#protocol";
pub(crate) const RECORD: &str = "https://w3id.org/pes/ns#record";
pub(crate) const ROOT_KEY: &str = "https://w3id.org/pes/ns#rootKey";
pub(crate) const SAVE: &str = "https://w3id.org/pes/ns#save";
pub(crate) const SEQ: &str = "https://w3id.org/pes/ns#seq";
pub(crate) const STATE_DIGEST: &str = "https://w3id.org/pes/ns#stateDigest";
pub(crate) const STATE_SIZE: &str = "https://w3id.org/pes/ns#stateSize";
pub(crate) const TRANSPORT_KEY: &str = "https://w3id.org/pes/ns#transportKey";
pub(crate) const VALID_FROM: &str = "https://w3id.org/pes/ns#validFrom";
pub(crate) const VERSION: &str = "https://w3id.org/pes/ns#version";

/// What the IRIs of kinds of record begin with.
pub const KINDS: &str = "https://w3id.org/pes/code/kind/";
pub(crate) const INTEGER: &str = "http://www.w3.org/2001/XMLSchema#integer";
pub(crate) const DATE_TIME: &str = "http://www.w3.org/2001/XMLSchema#dateTime";
pub(crate) const MULTIBASE: &str = "https://w3id.org/security#multibase";
pub(crate) const ASSERTION_METHOD: &str = "https://w3id.org/security#assertionMethod";
pub(crate) const CRYPTOSUITE: &str = "https://w3id.org/security#cryptosuite";
pub(crate) const CRYPTOSUITE_STRING: &str = "https://w3id.org/security#cryptosuiteString";
pub(crate) const DATA_INTEGRITY_PROOF: &str = "https://w3id.org/security#DataIntegrityProof";
pub(crate) const PROOF_PURPOSE: &str = "https://w3id.org/security#proofPurpose";
pub(crate) const VERIFICATION_METHOD: &str = "https://w3id.org/security#verificationMethod";
