//! Passwords: argon2id with the library's parameters, a random salt for each.

use crate::PeopleError;
use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use pes_domain::{Problem, Why};
use std::sync::OnceLock;

/// The fewest characters of a password. NIST SP 800-63B asks for length, and for no rule about kinds of characters.
pub const SHORTEST: usize = 10;
/// The most characters: more would only cost the hasher time.
pub const LONGEST: usize = 200;

/// The hash of a password, as a PHC string.
///
/// # Errors
/// [`PeopleError::Hash`].
pub fn hash(password: &str) -> Result<String, PeopleError> {
    let hash = Argon2::default().hash_password(password.as_bytes());
    hash.map(|hash| hash.to_string()).map_err(|e| PeopleError::Hash(e.to_string()))
}

/// Whether a password is the one of this hash. A damaged hash fits none.
pub fn fits(password: &str, hash: &str) -> bool {
    password.chars().count() <= LONGEST
        && PasswordHash::new(hash)
            .is_ok_and(|hash| Argon2::default().verify_password(password.as_bytes(), &hash).is_ok())
}

/// Takes as long as [`fits`], for an account that is not there: the time an answer takes does not tell who has one.
pub fn pretend(password: &str) {
    static DECOY: OnceLock<String> = OnceLock::new();
    let decoy = DECOY.get_or_init(|| hash("nobody has this password").unwrap_or_default());
    fits(password, decoy);
}

/// Whether a password may be chosen.
///
/// # Errors
/// [`Why::TooShort`], [`Why::TooLong`].
pub fn check(password: &str) -> Result<(), Problem> {
    match password.chars().count() {
        count if count < SHORTEST => Err(Problem::new("password", Why::TooShort(SHORTEST))),
        count if count > LONGEST => Err(Problem::new("password", Why::TooLong(LONGEST))),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_fits_its_own_hash() {
        let (one, two) = (hash("un mot de passe").unwrap(), hash("un mot de passe").unwrap());
        assert_ne!(one, two, "each has its own salt");
        assert!(one.starts_with("$argon2id$"));
        assert!(fits("un mot de passe", &one));
        assert!(!fits("un mot de passé", &one));
        assert!(!fits("un mot de passe", "damaged"));
        assert!(!fits(&"x".repeat(LONGEST + 1), &hash(&"x".repeat(LONGEST + 1)).unwrap()));
    }

    #[test]
    fn passwords_are_long_enough_and_not_endless() {
        assert!(check("dix lettre").is_ok());
        assert_eq!(check("neuf lett"), Err(Problem::new("password", Why::TooShort(SHORTEST))));
        assert!(check(&"é".repeat(LONGEST)).is_ok());
        assert_eq!(check(&"é".repeat(LONGEST + 1)), Err(Problem::new("password", Why::TooLong(LONGEST))));
    }

    #[test]
    fn pretending_lets_nobody_in() {
        pretend("nobody has this password");
    }
}
