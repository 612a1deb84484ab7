//! How one node proves to another that a request is its own: one fixed profile of RFC 9421.
//!
//! Always the same components, `("@method" "@target-uri" "content-digest")`, the same parameters in the same
//! order, one signature with one label. `@target-uri` is built by each side from the configured origin, never
//! from `Host` or `X-Forwarded-*`, so that a proxy in between changes nothing. Every request between nodes may
//! be repeated without harm, so there is no nonce; the window of [`limits::CLOCK_SKEW_SECONDS`] bounds replays.

use crate::key::SignatureBytes;
use crate::{Fault, Origin, PublicKey, SecretKey, limits};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use sfv::{BareItem, Dictionary, ListEntry, Parser};
use sha2::{Digest, Sha256};

/// The label of the one signature.
const LABEL: &str = "pes";
/// The `tag` parameter: no signature made for another use fits here (RFC 9421 §7.2.7).
const TAG: &str = "pes-1";
const COMPONENTS: &str = r#"("@method" "@target-uri" "content-digest")"#;

/// The three header fields that sign a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestSignature {
    /// `Content-Digest` (RFC 9530), also where there is no body.
    pub content_digest: String,
    /// `Signature-Input`.
    pub signature_input: String,
    /// `Signature`.
    pub signature: String,
}

/// Signs a request. `created` is in seconds since 1970.
pub fn sign(
    origin: &Origin,
    key: &SecretKey,
    created: i64,
    (method, target_uri, body): (&str, &str, &[u8]),
) -> RequestSignature {
    let content_digest = digest_field(&Sha256::digest(body).into());
    let params = parameters(created, &origin.key_iri(&key.public()));
    let base = profile_base(method, target_uri, &content_digest, &params);
    RequestSignature {
        content_digest,
        signature_input: format!("{LABEL}={params}"),
        signature: format!("{LABEL}=:{}:", BASE64.encode(key.sign(base.as_bytes()))),
    }
}

/// What a request claims about itself, well-formed and not yet believed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// The node that is said to ask.
    pub origin: Origin,
    /// The key it is said to be signed with.
    pub key: PublicKey,
    /// When, in seconds since 1970 by the sender's clock.
    pub created: i64,
    base: String,
    body: [u8; 32],
    signature: SignatureBytes,
}

impl Claim {
    /// Reads the signature of a request for `method` on `target_uri`.
    ///
    /// # Errors
    /// [`Fault::Malformed`] for every signature that [`sign`] would not have made.
    pub fn read(method: &str, target_uri: &str, fields: &RequestSignature) -> Result<Self, Fault> {
        let (created, key_iri) = read_input(&fields.signature_input)?;
        let (origin, key) = key_iri.split_once("/node#").ok_or_else(|| fault("the keyid is no key of a node"))?;
        let signature = read_bytes("Signature", &fields.signature, LABEL)?;
        let base = profile_base(method, target_uri, &fields.content_digest, &parameters(created, &key_iri));
        Ok(Self {
            origin: origin.parse()?,
            key: key.parse()?,
            created,
            base,
            body: read_bytes("Content-Digest", &fields.content_digest, "sha-256")?,
            signature,
        })
    }

    /// Checks signature and time; `now` is in seconds since 1970. Whether the key is one of the node's is the
    /// caller's to know.
    ///
    /// # Errors
    /// [`Fault::ClockSkew`], [`Fault::WrongSignature`].
    pub fn verify(&self, now: i64) -> Result<(), Fault> {
        self.key.verify("the request", self.base.as_bytes(), &self.signature)?;
        let limit = limits::CLOCK_SKEW_SECONDS;
        if now.abs_diff(self.created) > limit.unsigned_abs() {
            return Err(Fault::ClockSkew { created: self.created, now, limit });
        }
        Ok(())
    }

    /// Checks that the body is the one that was signed.
    ///
    /// # Errors
    /// [`Fault::Malformed`].
    pub fn check_body(&self, body: &[u8]) -> Result<(), Fault> {
        match <[u8; 32]>::from(Sha256::digest(body)) == self.body {
            true => Ok(()),
            false => Err(fault("the body is not the one that Content-Digest names")),
        }
    }
}

/// The signature base of RFC 9421 §2.5: a line for each component, then the parameters.
pub fn signature_base(components: &[(&str, &str)], parameters: &str) -> String {
    let lines: String = components.iter().map(|(name, value)| format!("\"{name}\": {value}\n")).collect();
    format!("{lines}\"@signature-params\": {parameters}")
}

fn profile_base(method: &str, target_uri: &str, content_digest: &str, parameters: &str) -> String {
    let components = [("@method", method), ("@target-uri", target_uri), ("content-digest", content_digest)];
    signature_base(&components, parameters)
}

fn parameters(created: i64, key_iri: &str) -> String {
    format!("{COMPONENTS};created={created};keyid=\"{key_iri}\";alg=\"ed25519\";tag=\"{TAG}\"")
}

fn digest_field(digest: &[u8; 32]) -> String {
    format!("sha-256=:{}:", BASE64.encode(digest))
}

/// Takes time and key from `Signature-Input`, then demands the profile to the letter.
fn read_input(field: &str) -> Result<(i64, String), Fault> {
    let members: Dictionary = Parser::new(field).parse().map_err(|e| fault(&format!("Signature-Input: {e}")))?;
    let Some(ListEntry::InnerList(components)) = members.get(LABEL) else {
        return Err(fault("Signature-Input has no signature labelled pes"));
    };
    let (created, key_iri) = match (components.params.get("created"), components.params.get("keyid")) {
        (Some(BareItem::Integer(created)), Some(BareItem::String(key))) => {
            (i64::from(*created), key.as_str().to_owned())
        }
        _ => return Err(fault("Signature-Input says not when, or not by which key")),
    };
    if format!("{LABEL}={}", parameters(created, &key_iri)) != field {
        return Err(fault("Signature-Input is not of the one profile of the protocol"));
    }
    Ok((created, key_iri))
}

/// Reads a dictionary field of one member that holds exactly `N` bytes.
fn read_bytes<const N: usize>(name: &str, field: &str, label: &str) -> Result<[u8; N], Fault> {
    let members: Dictionary = Parser::new(field).parse().map_err(|e| fault(&format!("{name}: {e}")))?;
    let bytes = match (members.len(), members.get(label)) {
        (1, Some(ListEntry::Item(item))) if item.params.is_empty() => item.bare_item.as_byte_sequence(),
        _ => None,
    };
    bytes
        .and_then(|bytes| bytes.try_into().ok())
        .ok_or_else(|| fault(&format!("{name} is not one value of {N} bytes labelled {label}")))
}

fn fault(why: &str) -> Fault {
    Fault::malformed("request signature", why)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 1_795_000_000;
    const TARGET: &str = "https://pes.hub.example/in/messages";

    fn origin() -> Origin {
        "https://pes.example.org".parse().unwrap()
    }

    fn signed() -> RequestSignature {
        sign(&origin(), &SecretKey::from_seed(&[7; 32]), NOW, ("POST", TARGET, b"body"))
    }

    /// RFC 9421 §B.2.6, with the key of §B.1.4.
    #[test]
    fn rfc_9421_appendix_b_2_6() {
        let seed = "n4Ni-HpISpVObnQMW0wOhCKROaIKqKtW_2ZYb2p9KcU";
        let seed = base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(seed).unwrap();
        let key = SecretKey::from_seed(seed.as_slice().try_into().unwrap());
        let components = [
            ("date", "Tue, 20 Apr 2021 02:07:55 GMT"),
            ("@method", "POST"),
            ("@path", "/foo"),
            ("@authority", "example.com"),
            ("content-type", "application/json"),
            ("content-length", "18"),
        ];
        let params = r#"("date" "@method" "@path" "@authority" "content-type" "content-length");created=1618884473;keyid="test-key-ed25519""#;
        let signature = key.sign(signature_base(&components, params).as_bytes());
        assert_eq!(
            BASE64.encode(signature),
            "wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw=="
        );
    }

    /// RFC 9530 §D.1: the digest of the content `{"hello": "world"}` with its line feed.
    #[test]
    fn rfc_9530_appendix_d() {
        let digest = Sha256::digest(b"{\"hello\": \"world\"}\n");
        assert_eq!(digest_field(&digest.into()), "sha-256=:RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=:");
    }

    #[test]
    fn a_request_is_believed_within_the_window() {
        let claim = Claim::read("POST", TARGET, &signed()).unwrap();
        assert_eq!((claim.origin.clone(), claim.created), (origin(), NOW));
        assert_eq!(claim.key, SecretKey::from_seed(&[7; 32]).public());
        for apart in [-300, 0, 300] {
            claim.verify(NOW + apart).unwrap();
        }
        for apart in [-301, 301] {
            assert_eq!(claim.verify(NOW + apart), Err(Fault::ClockSkew { created: NOW, now: NOW + apart, limit: 300 }));
        }
        claim.check_body(b"body").unwrap();
        assert!(claim.check_body(b"bodz").is_err());
    }

    #[test]
    fn a_signature_fits_one_request() {
        let fields = signed();
        let refused = |method: &str, target: &str, fields: &RequestSignature| {
            matches!(Claim::read(method, target, fields).unwrap().verify(NOW), Err(Fault::WrongSignature { .. }))
        };
        assert!(refused("GET", TARGET, &fields));
        assert!(refused("POST", "https://pes.hub.example/in/messages?x", &fields));
        assert!(refused("POST", "http://pes.hub.example/in/messages", &fields));
        let other = sign(&origin(), &SecretKey::from_seed(&[7; 32]), NOW, ("POST", TARGET, b"other"));
        assert!(refused("POST", TARGET, &RequestSignature { content_digest: other.content_digest, ..fields.clone() }));
        let input = fields.signature_input.replace(&NOW.to_string(), &(NOW + 1).to_string());
        assert!(refused("POST", TARGET, &RequestSignature { signature_input: input, ..fields }));
    }

    #[test]
    fn there_is_one_profile() {
        let good = signed();
        let input = |old: &str, new: &str| {
            assert!(good.signature_input.contains(old), "{old}");
            RequestSignature { signature_input: good.signature_input.replace(old, new), ..good.clone() }
        };
        let with = |signature: String| RequestSignature { signature, ..good.clone() };
        let digest = |content_digest: &str| RequestSignature { content_digest: content_digest.into(), ..good.clone() };
        for bad in [
            input("pes=(", "sig1=("),
            input(" \"content-digest\"", ""),
            input("\"@method\" ", "\"@method\"  "),
            input(";tag=\"pes-1\"", ""),
            input("pes-1", "pes-2"),
            input("ed25519", "hmac-sha256"),
            input("created=", "expires="),
            input("keyid=", "nonce="),
            input("/node#", "/actor#"),
            input(";alg", ";nonce=\"x\";alg"),
            input("https://pes.example.org", "https://PES.example.org"),
            with(good.signature.replace("pes=", "sig1=")),
            with(format!("{}, sig1=:AAAA:", good.signature)),
            with("pes=:AAAA:".into()),
            with("pes=(:AAAA:)".into()),
            with(good.signature.clone() + ";x"),
            with("pes=".into()),
            digest(""),
            digest("sha-512=:AAAA:"),
            digest("sha-256=:AAAA:"),
            digest(&format!("{}, sha-512=:AAAA:", good.content_digest)),
        ] {
            assert!(Claim::read("POST", TARGET, &bad).is_err(), "{bad:?} was taken");
        }
    }
}
