//! What stands in a cookie or in a mailed link, and what of it the database may keep: its digest.

use pes_changeset::commitment::sha256_hex;
use std::fmt;
use uuid::Uuid;

/// 244 random bits, in hexadecimal.
pub fn new_token() -> String {
    format!("{}{}", Uuid::new_v4().simple(), Uuid::new_v4().simple())
}

/// What the database keeps of a token. Who reads the database cannot make the token of it.
pub fn digest(token: &str) -> String {
    sha256_hex(token.as_bytes())
}

/// Makes the tokens of mailed links, the same each time for the same purpose, so that none has to be kept. Its secret is a
/// file beside the keys, never in the database or its backup.
#[derive(Clone)]
pub struct LinkSecret(String);

impl LinkSecret {
    /// The secret of these characters, at least 64 random hexadecimal digits.
    pub fn new(secret: impl Into<String>) -> Self {
        Self(secret.into())
    }

    /// The token for a purpose and what it is about. Neither may contain a line feed.
    pub fn token(&self, purpose: &str, about: &str) -> String {
        // Twice, so that nobody can lengthen what was hashed.
        sha256_hex(sha256_hex(format!("{}\n{purpose}\n{about}", self.0).as_bytes()).as_bytes())
    }
}

impl fmt::Debug for LinkSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LinkSecret(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_s_token_depends_on_secret_purpose_and_subject() {
        let secret = LinkSecret::new("a".repeat(64));
        let token = secret.token("mail", "marie");
        assert_eq!(token, secret.token("mail", "marie"));
        assert_eq!(token.len(), 64);
        assert_ne!(token, secret.token("mail", "paul"));
        assert_ne!(token, secret.token("word", "marie"));
        assert_ne!(token, LinkSecret::new("b".repeat(64)).token("mail", "marie"));
        assert_eq!(format!("{secret:?}"), "LinkSecret(…)");
    }

    #[test]
    fn tokens_are_long_and_never_the_same() {
        assert_eq!(new_token().len(), 64);
        assert_ne!(new_token(), new_token());
        assert_ne!(digest("a"), "a");
    }
}
