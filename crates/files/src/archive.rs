//! What a ZIP archive says it holds (PKWARE APPNOTE 6.3), read from its own list. Nothing is ever unpacked, so nothing can burst.

/// The end of the list, which is the archive's: one with a comment is not taken, since a comment may hold another end for another reader.
const END: usize = 22;
/// One line of the list, without its name.
const LINE: usize = 46;
/// What stands before a file's bytes, without its name.
const LOCAL: usize = 30;

/// What the archive says of one of its files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Entry {
    /// Its path, in lower case.
    pub(crate) name: String,
    /// Whether it lies there as it is, not packed.
    is_plain: bool,
    size: usize,
    /// Where it lies in the archive.
    offset: usize,
}

/// All that an archive lists, in the order in which it lies there; `None` where it is none or a broken one, lies in several parts, or is longer
/// than any that is taken.
pub(crate) fn entries(bytes: &[u8]) -> Option<Vec<Entry>> {
    let end = end_of(bytes)?;
    let count = usize::from(short(bytes, end + 10)?);
    let (size, begin) = (long(bytes, end + 12)?, long(bytes, end + 16)?);
    let list = bytes.get(begin..end).filter(|list| list.len() == size && !has_another_end(list))?;
    let (mut entries, mut at) = (Vec::new(), 0);
    while at < list.len() {
        let (entry, length) = entry(list.get(at..)?)?;
        entries.push(entry);
        at += length;
    }
    entries.sort_by_key(|entry| entry.offset);
    (entries.len() == count && entries.first().is_some_and(|first| first.offset == 0)).then_some(entries)
}

/// What is in a file that lies there as it is.
pub(crate) fn plain<'a>(bytes: &'a [u8], entry: &Entry) -> Option<&'a [u8]> {
    let local = bytes.get(entry.offset..).filter(|local| entry.is_plain && local.starts_with(b"PK\x03\x04"))?;
    let begin = LOCAL + usize::from(short(local, 26)?) + usize::from(short(local, 28)?);
    local.get(begin..begin.checked_add(entry.size)?)
}

/// Where the end of the list is: behind it is nothing.
fn end_of(bytes: &[u8]) -> Option<usize> {
    let at = bytes.len().checked_sub(END)?;
    (bytes[at..].starts_with(b"PK\x05\x06") && short(bytes, at + 20) == Some(0)).then_some(at)
}

/// Whether a list holds what another reader could take for its end: such a record, or one of those of larger archives, before which it would stand.
fn has_another_end(list: &[u8]) -> bool {
    list.windows(4).any(|four| [b"PK\x05\x06", b"PK\x06\x06", b"PK\x06\x07"].iter().any(|end| four == *end))
}

/// A line of the list, and how long it is.
fn entry(line: &[u8]) -> Option<(Entry, usize)> {
    let length = |at| short(line, at).map(usize::from);
    let name = line.get(LINE..LINE + length(28)?).filter(|_| line.starts_with(b"PK\x01\x02"))?;
    let entry = Entry {
        name: String::from_utf8_lossy(name).to_lowercase().replace('\\', "/"),
        is_plain: short(line, 10)? == 0,
        size: long(line, 24)?,
        offset: long(line, 42)?,
    };
    Some((entry, LINE + name.len() + length(30)? + length(32)?))
}

fn short(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(*bytes.get(at..)?.first_chunk()?))
}

fn long(bytes: &[u8], at: usize) -> Option<usize> {
    usize::try_from(u32::from_le_bytes(*bytes.get(at..)?.first_chunk()?)).ok()
}
