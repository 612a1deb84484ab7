//! Reads values between commas, as RFC 4180 has them, into a map of each row by the names of the first.

use std::collections::BTreeMap;

/// The rows of a file, each by column.
pub fn rows(text: &str) -> Vec<BTreeMap<String, String>> {
    let mut lines = lines(text.trim_start_matches('\u{feff}')).into_iter();
    let header = lines.next().unwrap_or_default();
    let named = |cells: Vec<String>| header.iter().cloned().zip(cells).collect();
    lines.map(named).collect()
}

fn lines(text: &str) -> Vec<Vec<String>> {
    let (mut lines, mut line, mut cell) = (Vec::new(), Vec::new(), String::new());
    let (mut letters, mut is_quoted) = (text.chars().peekable(), false);
    while let Some(letter) = letters.next() {
        match letter {
            '"' if is_quoted && letters.peek() == Some(&'"') => cell.extend(letters.next()),
            '"' => is_quoted = !is_quoted,
            ',' if !is_quoted => line.push(std::mem::take(&mut cell)),
            '\r' if !is_quoted && letters.peek() == Some(&'\n') => {}
            '\n' if !is_quoted => {
                line.push(std::mem::take(&mut cell));
                lines.push(std::mem::take(&mut line));
            }
            letter => cell.push(letter),
        }
    }
    if !cell.is_empty() || !line.is_empty() {
        line.push(cell);
        lines.push(line);
    }
    lines
}
