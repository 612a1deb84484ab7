//! Which files are taken: by what is in them, and never against what they are called.

use crate::office::{one_of_each, open_xml, opendocument, pdf, told_first, zip};
use pes_files::sort::BYTES;
use pes_files::{Sort, Unfit};

#[test]
fn each_sort_is_told_by_what_is_in_it() {
    let all = one_of_each();
    assert_eq!(all.iter().map(|(ending, _)| *ending).collect::<Vec<_>>(), Sort::ALL.map(Sort::ending));
    for (ending, bytes) in &all {
        let sort = Sort::of_ending(ending).unwrap();
        for name in [format!("guide.{ending}"), format!("GUIDE.{}", ending.to_uppercase()), format!("a.b.{ending}")] {
            assert_eq!(Sort::sent(&name, bytes), Ok(sort), "{name}");
        }
        assert_eq!(Sort::fetched(sort.media_type(), bytes), Ok(sort), "{ending}");
        assert_eq!(Sort::of_media_type(sort.media_type()), Some(sort));
    }
}

#[test]
fn a_name_that_says_another_sort_is_not_believed_and_neither_is_the_file() {
    let all = one_of_each();
    let is_text = |ending: &str| ["csv", "txt"].contains(&ending);
    for (ending, bytes) in &all {
        for (other, _) in all.iter().filter(|(other, _)| other != ending && !(is_text(ending) && is_text(other))) {
            assert_eq!(Sort::sent(&format!("guide.{other}"), bytes), Err(Unfit::Disagrees), "{ending} as {other}");
            let media_type = Sort::of_ending(other).unwrap().media_type();
            assert_eq!(Sort::fetched(media_type, bytes), Err(Unfit::Disagrees), "{ending} as {other}");
        }
        // A name without an ending denies nothing; a table is any text.
        let told = Sort::sent("guide", bytes).unwrap();
        assert_eq!(told.ending(), if *ending == "csv" { "txt" } else { ending });
    }
    // An old file of another format under a new ending, a page, a picture.
    for bytes in [b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".as_slice(), b"<!doctype html>", b"\x89PNG\r\n\x1a\n"] {
        assert_eq!(Sort::sent("guide.docx", bytes), Err(Unfit::Disagrees));
    }
}

#[test]
fn nothing_that_runs_or_is_shown_as_a_page_is_taken() {
    for name in
        ["a.html", "a.svg", "a.xml", "a.js", "a.exe", "a.sh", "a.zip", "a.doc", "a.rtf", "a.png", "a.pdf.exe", "a."]
    {
        assert_eq!(Sort::sent(name, &pdf("x")), Err(Unfit::NotTaken), "{name}");
    }
    for bytes in [
        b"<html><script>alert(1)</script></html>".as_slice(),
        b"\xef\xbb\xbf \r\n<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"<?xml version='1.0'?>",
        b"#!/bin/sh\nrm -rf ~\n",
        b"{\\rtf1}",
        b"%!PS-Adobe",
        b"MZ\x90\x00\x03\x00\x00\x00",
        b"\x7fELF\x02\x01",
        b"\xff\xfea\x00b\x00",
        &zip(&[("a.txt", false, b"x")]),
        &told_first("application/vnd.oasis.opendocument.text-template"),
        &told_first("application/zip"),
        &zip(&[("word/document.xml", true, b"<x/>")]),
        &zip(&[("[Content_Types].xml", true, b"<x/>")]),
        &open_xml("word/document.xml", &[("xl/workbook.xml", true, b"<x/>")]),
        &open_xml("xl/workbook.bin", &[]),
    ] {
        assert_eq!(Sort::sent("guide", bytes), Err(Unfit::NotTaken), "{}", String::from_utf8_lossy(bytes));
        assert_eq!(Sort::sent("guide.txt", bytes), Err(Unfit::NotPlain));
    }
    // Packed or not in the first place, what an archive is called counts for nothing.
    let packed = zip(&[("mimetype", true, b"application/epub+zip"), ("a", true, b"")]);
    let second = zip(&[("a", false, b""), ("mimetype", false, b"application/epub+zip")]);
    assert_eq!([packed, second].map(|bytes| Sort::sent("a", &bytes)), [Err(Unfit::NotTaken); 2]);
}

#[test]
fn what_brings_a_program_along_is_said_to() {
    for name in ["a.docm", "A.XLSM", "a.pptm", "a.dotm"] {
        assert_eq!(Sort::sent(name, &open_xml("word/document.xml", &[])), Err(Unfit::Macros), "{name}");
    }
    for (main, hidden) in [
        ("word/document.xml", "word/vbaProject.bin"),
        ("word/document.xml", "word\\vbaProject.bin"),
        ("xl/workbook.xml", "xl/macrosheets/sheet1.xml"),
        ("xl/workbook.xml", "xl/activeX/activeX1.xml"),
        ("ppt/presentation.xml", "ppt/media/jeu.EXE"),
        ("ppt/presentation.xml", "ppt/embeddings/script.js"),
        ("ppt/presentation.xml", "ppt/embeddings/Feuille.xlsm"),
        // Which part holds the programs is told in a list that is packed.
        ("word/document.xml", "word/innocent.bin"),
        ("word/document.xml", "word/embeddings/oleObject1.bin"),
        ("xl/workbook.xml", "./xl/./macrosheets/sheet1.xml"),
    ] {
        let bytes = open_xml(main, &[(hidden, true, b"x")]);
        assert_eq!(Sort::sent("a", &bytes), Err(Unfit::Macros), "{hidden}");
    }
    let text = |more| {
        let first = ("mimetype", false, "application/vnd.oasis.opendocument.text".as_bytes());
        zip(&[first, (more, true, b"x")])
    };
    for hidden in [
        "Basic/Standard/Module1.xml",
        "Scripts/python/a.py",
        "./Basic/x.xml",
        ".//././Basic/x.xml",
        "/Basic/x.xml",
        "Object 1/Basic/x.xml",
    ] {
        assert_eq!(Sort::sent("a.odt", &text(hidden)), Err(Unfit::Macros), "{hidden}");
    }
    for plain in ["Pictures/basic.png", "Basic", "layout.bin"] {
        assert_eq!(Sort::sent("a.odt", &text(plain)), Ok(Sort::Odt), "{plain}");
    }
    let printed = open_xml("xl/workbook.xml", &[("xl/printerSettings/printerSettings1.bin", true, b"x")]);
    assert_eq!(Sort::sent("a.xlsx", &printed), Ok(Sort::Xlsx), "nearly every spreadsheet");
}

#[test]
fn empty_and_heavy_ones_are_said_to_be() {
    assert_eq!(Sort::sent("a.pdf", b""), Err(Unfit::Empty));
    let mut heavy = pdf("x");
    heavy.resize(BYTES, b' ');
    assert_eq!(Sort::sent("a.pdf", &heavy), Ok(Sort::Pdf));
    heavy.push(b' ');
    assert_eq!(
        (Sort::sent("a.pdf", &heavy), Sort::fetched("application/pdf", &heavy)),
        (Err(Unfit::TooHeavy), Err(Unfit::TooHeavy))
    );
    assert_eq!(Sort::fetched("application/x-msdownload", &pdf("x")), Err(Unfit::NotTaken));
}

#[test]
fn a_text_may_be_of_an_old_spreadsheet() {
    assert_eq!(Sort::sent("a.csv", b"Pr\xe9nom;\x80uros\r\n"), Ok(Sort::Csv), "Windows-1252");
    for bytes in [b"a\x00b".as_slice(), b"a\x07b", b"a\x81b", b"a\x1bb", b"a\x7f"] {
        assert_eq!(Sort::sent("a.csv", bytes), Err(Unfit::NotPlain), "{bytes:?}");
    }
    assert_eq!(Sort::sent("a.txt", b"  1 < 2\n"), Ok(Sort::Text), "a sign inside is none at the beginning");
}

/// What an archive says of itself is checked against what is there; whatever it claims, nothing is unpacked and nothing falls over.
#[test]
fn an_archive_that_lies_is_none() {
    let whole = opendocument("text");
    assert_eq!(Sort::sent("a.odt", &whole), Ok(Sort::Odt));
    // Readers search the end from behind, or from before: a comment could hold another.
    let with_comment = |comment: &[u8]| {
        let (mut bytes, at) = (whole.clone(), whole.len() - 2);
        bytes[at..].copy_from_slice(&u16::try_from(comment.len()).unwrap().to_le_bytes());
        [&bytes, comment].concat()
    };
    let hidden = opendocument("text");
    // The same in what the list says of its last file, where the ends of larger archives stand too.
    let within = |more: &[u8]| {
        let (mut bytes, end) = (whole.clone(), whole.len() - 22);
        let list = bytes[..end].windows(4).rposition(|four| four == b"PK\x01\x02").unwrap();
        bytes[list + 32..list + 34].copy_from_slice(&u16::try_from(more.len()).unwrap().to_le_bytes());
        let size =
            u32::from_le_bytes(bytes[end + 12..end + 16].try_into().unwrap()) + u32::try_from(more.len()).unwrap();
        bytes[end + 12..end + 16].copy_from_slice(&size.to_le_bytes());
        bytes.splice(end..end, more.iter().copied());
        bytes
    };
    assert_eq!(Sort::sent("a.odt", &within(b"a note")), Ok(Sort::Odt));
    let mut wrong_count = whole.clone();
    let end = whole.len() - 22;
    wrong_count[end + 10] = 9;
    let spoilt = [
        wrong_count,
        [whole.clone(), b"behind".to_vec()].concat(),
        [b"PK\x03\x04before".to_vec(), whole.clone()].concat(),
        whole[..whole.len() - 1].to_vec(),
        whole[..40].to_vec(),
        with_comment(b"note"),
        with_comment(&hidden[hidden.len() - 22..]),
        within(b"PK\x05\x06.................."),
        within(b"PK\x06\x07................"),
    ];
    for bytes in spoilt {
        assert_eq!(Sort::sent("a.odt", &bytes), Err(Unfit::Disagrees));
    }
}
