//! Reads the JSON of other nodes: one way in, which bounds how deep it may be nested.

use serde::de::DeserializeOwned;

/// How deep lists and objects may lie in one another.
const DEPTH: usize = 32;

/// Reads what another node wrote.
///
/// # Errors
/// In words, why it is not of the form.
pub(crate) fn read<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, String> {
    if depth(bytes) > DEPTH {
        return Err(format!("lists and objects lie more than {DEPTH} deep in one another"));
    }
    serde_json::from_slice(bytes).map_err(|error| error.to_string())
}

/// How deep it is nested, at most: of what is no JSON any number does, since that is not read.
fn depth(bytes: &[u8]) -> usize {
    let (mut depth, mut deepest, mut in_text, mut is_escaped) = (0_usize, 0, false, false);
    for byte in bytes {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' => is_escaped = in_text,
            b'"' => in_text = !in_text,
            b'[' | b'{' if !in_text => depth += 1,
            b']' | b'}' if !in_text => depth = depth.saturating_sub(1),
            _ => {}
        }
        deepest = deepest.max(depth);
    }
    deepest
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;

    fn nested(depth: usize) -> String {
        format!("{}{}", "[".repeat(depth), "]".repeat(depth))
    }

    #[test]
    fn what_is_nested_deeper_than_the_limit_is_refused() {
        assert!(read::<Value>(nested(DEPTH).as_bytes()).is_ok());
        assert!(read::<Value>(nested(DEPTH + 1).as_bytes()).unwrap_err().contains("32"));
        let objects = format!("{}1{}", r#"{"a":"#.repeat(DEPTH + 1), "}".repeat(DEPTH + 1));
        assert!(read::<Value>(objects.as_bytes()).is_err());
        let beside = format!("[{}]", vec![nested(DEPTH - 1); 100].join(","));
        assert!(read::<Value>(beside.as_bytes()).is_ok(), "how much lies side by side is another limit's");
    }

    #[test]
    fn what_stands_in_a_text_is_no_nesting() {
        for text in ["[".repeat(99), format!(r#"\"{}"#, "{".repeat(99)), format!(r"\\\\{}", "[".repeat(99))] {
            let bytes = format!(r#"["{text}"]"#);
            assert!(read::<Value>(bytes.as_bytes()).is_ok(), "{bytes}");
        }
        let behind = format!(r#"["\\",{}]"#, nested(DEPTH));
        assert!(read::<Value>(behind.as_bytes()).is_err(), "the text was over");
    }
}
