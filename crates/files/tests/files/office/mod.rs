//! Files of each sort, made by hand: as small as they may be. Also read by the tests of crates that keep files.

#![allow(dead_code, reason = "each test program takes what it needs")]

/// A file of an archive: its path, whether it is packed, what is in it.
pub type Part<'a> = (&'a str, bool, &'a [u8]);

/// A ZIP archive of these files, in this order. What is said to be packed is not: nobody unpacks it here.
pub fn zip(parts: &[Part<'_>]) -> Vec<u8> {
    let (mut bytes, mut list) = (Vec::new(), Vec::new());
    for (name, is_packed, content) in parts {
        let offset = u32::try_from(bytes.len()).unwrap();
        let (length, name_length) = (u32::try_from(content.len()).unwrap(), u16::try_from(name.len()).unwrap());
        let method = if *is_packed { 8_u16 } else { 0 };
        // Version, flags, method; time and date; check sum, sizes; lengths of name and more.
        let mut common = Vec::new();
        [20, 0, method, 0, 0x21].iter().for_each(|number: &u16| common.extend(number.to_le_bytes()));
        [0, length, length].iter().for_each(|number| common.extend(number.to_le_bytes()));
        [name_length, 0].iter().for_each(|number| common.extend(number.to_le_bytes()));
        bytes.extend([b"PK\x03\x04".as_slice(), &common, name.as_bytes(), content].concat());
        list.extend(
            [b"PK\x01\x02".as_slice(), &[20, 0], &common, &[0; 10], &offset.to_le_bytes(), name.as_bytes()].concat(),
        );
    }
    let (count, begin) = (u16::try_from(parts.len()).unwrap().to_le_bytes(), u32::try_from(bytes.len()).unwrap());
    let size = u32::try_from(list.len()).unwrap().to_le_bytes();
    let end = [b"PK\x05\x06".as_slice(), &[0; 4], &count, &count, &size, &begin.to_le_bytes(), &[0; 2]].concat();
    [bytes, list, end].concat()
}

pub fn pdf(word: &str) -> Vec<u8> {
    format!("%PDF-1.7\n% {word}\n1 0 obj <</Type /Catalog>> endobj\ntrailer <</Root 1 0 R>>\n%%EOF\n").into_bytes()
}

/// A file whose archive begins with what it is: OpenDocument or EPUB.
pub fn told_first(media_type: &str) -> Vec<u8> {
    zip(&[("mimetype", false, media_type.as_bytes()), ("META-INF/manifest.xml", true, b"<x/>")])
}

pub fn opendocument(sort: &str) -> Vec<u8> {
    told_first(&format!("application/vnd.oasis.opendocument.{sort}"))
}

/// An Office Open XML file with this main part, and more.
pub fn open_xml(main: &str, more: &[Part<'_>]) -> Vec<u8> {
    zip(&[&[("[Content_Types].xml", true, b"<Types/>".as_slice()), (main, true, b"<x/>")], more].concat())
}

/// One of each sort: how it ends, and its bytes.
pub fn one_of_each() -> Vec<(&'static str, Vec<u8>)> {
    vec![
        ("pdf", pdf("un guide")),
        ("odt", opendocument("text")),
        ("ods", opendocument("spreadsheet")),
        ("odp", opendocument("presentation")),
        ("docx", open_xml("word/document.xml", &[])),
        ("xlsx", open_xml("xl/workbook.xml", &[])),
        ("pptx", open_xml("ppt/presentation.xml", &[])),
        ("epub", told_first("application/epub+zip")),
        ("csv", b"\xef\xbb\xbfNom;Ville\r\nL\xe2\x80\x99\xc3\x89tabli;Nice\r\n".to_vec()),
        ("txt", "Bonjour à toutes et tous.\n".into()),
    ]
}
