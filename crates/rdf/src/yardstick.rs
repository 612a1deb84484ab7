//! What the packages of this crate cost by themselves. `pes bench federation` holds our own work against it, so nothing here
//! calls any code of ours.

use sophia::api::prelude::*;
use sophia::turtle::parser::nt;

/// The number of triples that sophia reads of N-Triples; `None` where it refuses.
pub fn triples(text: &str) -> Option<usize> {
    let mut count = 0;
    nt::parse_str(text).for_each_triple(|_| count += 1).ok()?;
    Some(count)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_yardstick_reads_each_triple() {
        assert_eq!(triples("<a:s> <a:p> \"x\" .\n<a:s> <a:p> <a:o> .\n"), Some(2));
        assert_eq!(triples("a:s <a:p> <a:o> .\n"), None);
    }
}
