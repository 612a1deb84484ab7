//! `pes import` as an operator meets it: what it says, the files it writes, what a `kill -9` in the middle leaves, and the way back.

use crate::desk::{Desk, Said};
use pes_changeset::Channel;
use pes_domain::{Audience, Kind};
use pes_node::{Config, House};
use pes_store::{Store, own_records, own_records::Moderation};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// Invented structures, in columns of 2012.
const HEAD: &str = "Identifiant BDIS;Raison sociale;Description succincte;Code postal;Ville;Téléphone;mots-clés";

impl Desk {
    /// The database, looked at beside a running program.
    fn beside(&self) -> Store {
        let config = Config { data: self.path().join("data"), ..Config::default() };
        Store::open(config.database().unwrap()).unwrap()
    }

    fn file(&self, name: &str, rows: &[&str]) {
        std::fs::write(self.path().join(name), format!("{HEAD}\n{}\n", rows.join("\n"))).unwrap();
    }

    fn large_file(&self, name: &str, rows: usize) {
        let rows: Vec<String> =
            (0..rows).map(|at| format!("{at};Structure inventée {at};Ce qu’elle fait;06000;Nice;;")).collect();
        self.file(name, &rows.iter().map(String::as_str).collect::<Vec<_>>());
    }

    fn house(&self) -> House {
        House::open(Config { data: self.path().join("data"), ..Config::default() }).unwrap()
    }

    fn structures(&self) -> usize {
        let journal = self.house().journal;
        let all = journal.store().read(|link| own_records::of_kind(link, Kind::Structure, Moderation::Published));
        all.unwrap().len()
    }
}

/// The number before a word of the summary.
fn count(said: &Said, what: &str) -> u64 {
    let line = said.out.lines().find(|line| line.trim_end().ends_with(&format!("  {what}")));
    line.unwrap_or_else(|| panic!("{what}: {said:?}")).split_whitespace().next().unwrap().parse().unwrap()
}

#[test]
fn a_preview_a_run_a_second_run_and_the_way_back() {
    let desk = Desk::with_node();
    let rows = ["7;La Fabrique;Réparer;6000;Nice;appelez-nous;zorglub", "8;L’Établi;;;;;zorglub", "9;;;;;;"];
    desk.file("vieux.csv", &rows);
    let preview = desk.pes(&["import", "bdis", "vieux.csv", "--preview"]);
    assert!(preview.is_well && preview.out.contains("nothing was written"), "{preview:?}");
    assert_eq!(desk.structures(), 0);
    let said = desk.pes(&["import", "bdis", "vieux.csv"]);
    assert!(said.is_well, "{said:?}");
    let counts = ["entered", "filled", "unchanged", "held elsewhere", "not entered", "without a place"];
    assert_eq!(counts.map(|what| count(&said, what)), [2, 0, 0, 0, 1, 1]);
    assert_eq!(counts.map(|what| count(&preview, what)), [2, 0, 0, 0, 1, 1]);
    for words in [
        "BDIS 2012, read as UTF-8",
        "line 4 \"\": the row has no name; write the name",
        "line 2 \"appelez-nous\": it is no telephone number",
        "it is 06000 again",
        "kept as the tag zorglub, in 2 rows",
        "Columns of this layout that the file does not have: Sigle;",
        "2 changes. `pes import undo 1` takes them back.",
    ] {
        assert!(said.out.contains(words), "{words}: {}", said.out);
    }
    let again = desk.pes(&["import", "bdis", "vieux.csv"]);
    assert!(again.is_well && again.out.contains("\n0 changes"), "{again:?}");
    assert_eq!(count(&again, "unchanged"), 2);
    assert!(desk.pes(&["import", "runs"]).out.starts_with("1\tvieux.csv\tbdis-2012\tfinished 20"));
    let undone = desk.pes(&["import", "undo"]);
    assert!(undone.is_well && undone.out.contains("2 records deleted, 0 put back"), "{undone:?}");
    assert!(undone.out.contains("All is as it was."), "{undone:?}");
    assert_eq!(desk.structures(), 0);
    let nothing = desk.pes(&["import", "undo"]);
    assert!(!nothing.is_well && nothing.err.contains("no run that could be undone"), "{nothing:?}");
    assert!(desk.pes(&["verify"]).is_well && desk.pes(&["import", "runs"]).out.contains("undone 20"));
}

#[test]
fn the_report_and_the_rows_that_did_not_enter_are_files() {
    let desk = Desk::with_node();
    desk.file("vieux.csv", &["7;La Fabrique;;1598753;Nice;;", "9;;Sans nom;;;;"]);
    let said = desk.pes(&["import", "bdis", "vieux.csv", "--report", "rapport.csv"]);
    assert!(said.is_well && said.out.contains("rapport-rejected.csv"), "{said:?}");
    let report = std::fs::read_to_string(desk.path().join("rapport.csv")).unwrap();
    assert!(report.starts_with("file,line,column,value,problem,advice\n"), "{report}");
    assert!(report.contains("vieux.csv,2,Code postal,1598753,"), "{report}");
    let rejected = std::fs::read_to_string(desk.path().join("rapport-rejected.csv")).unwrap();
    assert_eq!(rejected.lines().collect::<Vec<_>>(), [HEAD, "9;;Sans nom;;;;"]);
    let french = ["import", "bdis", "vieux.csv", "--preview", "--report", "rapport.csv", "--language", "fr"];
    assert!(desk.pes(&french).is_well);
    let report = std::fs::read_to_string(desk.path().join("rapport.csv")).unwrap();
    assert!(report.starts_with("\u{feff}fichier;ligne;colonne;valeur;problème;que faire\n"), "{report}");
    assert!(report.contains("Cette ligne n’a pas de nom."), "{report}");
    std::fs::write(desk.path().join("mended.csv"), rejected.replace("9;;", "9;Trouvée;")).unwrap();
    let mended = desk.pes(&["import", "bdis", "mended.csv"]);
    assert_eq!((count(&mended, "entered"), desk.structures()), (1, 2));
}

#[test]
fn a_file_that_cannot_be_read_is_refused_with_what_was_expected() {
    let desk = Desk::with_node();
    std::fs::write(desk.path().join("autre.csv"), "id;name\n1;x\n").unwrap();
    std::fs::write(desk.path().join("classeur.csv"), b"PK\x03\x04").unwrap();
    for (file, words) in [
        ("autre.csv", &["no known layout", "id; name", "Raison sociale", "Numéro BDIS"][..]),
        ("classeur.csv", &["save it as CSV"]),
        ("absent.csv", &["absent.csv"]),
    ] {
        let said = desk.pes(&["import", "bdis", file]);
        assert!(!said.is_well, "{said:?}");
        words.iter().for_each(|word| assert!(said.err.contains(word), "{word}: {said:?}"));
    }
    assert_eq!(desk.pes(&["import", "runs"]).out, "");
}

#[test]
fn records_are_for_whom_the_operator_says_or_the_network_gives() {
    let desk = Desk::with_node();
    desk.file("un.csv", &["1;Une;;;;0493000000;"]);
    desk.file("deux.csv", &["2;Deux;;;;0493000000;"]);
    assert!(desk.pes(&["gives", "structure=affiliates"]).is_well);
    assert!(desk.pes(&["import", "bdis", "un.csv"]).is_well);
    assert!(desk.pes(&["import", "bdis", "deux.csv", "--audience", "public", "--contacts", "public"]).is_well);
    let journal = desk.house().journal;
    let all = journal.store().read(|link| own_records::of_kind(link, Kind::Structure, Moderation::Published)).unwrap();
    let of = |name: &str| all.iter().find(|own| own.record.title() == name).unwrap().record.clone();
    let contact = |name: &str| of(name).lower().one("contact-audience").to_owned();
    assert_eq!((of("Une").audience, contact("Une")), (Audience::Affiliates, "network".to_owned()));
    assert_eq!((of("Deux").audience, contact("Deux")), (Audience::Public, "public".to_owned()));
}

/// Starts an import and kills it when so many structures are there.
fn killed_at(desk: &Desk, file: &str, least: usize) -> usize {
    let quiet =
        |command: &mut Command| -> Child { command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap() };
    let store = desk.beside();
    let mut child = quiet(&mut desk.command(&["import", "bdis", file]));
    let begun = Instant::now();
    while rows_in(&store) < least {
        assert!(begun.elapsed() < Duration::from_secs(60), "it does not come so far");
        assert!(child.try_wait().unwrap().is_none(), "it was over before it was killed");
        std::thread::sleep(Duration::from_millis(5));
    }
    // `kill -9`: nothing is said to the process, it is gone.
    child.kill().unwrap();
    child.wait().unwrap();
    desk.structures()
}

/// How many rows of an import are records.
fn rows_in(store: &Store) -> usize {
    store.read(pes_store::imports::rows).unwrap().len()
}

#[test]
fn after_a_kill_in_the_middle_the_same_command_finishes_it() {
    let desk = Desk::with_node();
    desk.large_file("grand.csv", 1_200);
    let before = desk.house().journal.digest_of_own().unwrap();
    let there = killed_at(&desk, "grand.csv", 200);
    println!("killed with {there} structures");
    assert!(
        (200..1_200).contains(&there) && there.is_multiple_of(100),
        "{there}: whole groups are there, and nothing of the next"
    );
    assert!(desk.pes(&["verify"]).is_well);
    let open = desk.pes(&["import", "runs"]);
    assert!(open.out.contains("not finished"), "{open:?}");
    let rest = desk.pes(&["import", "bdis", "grand.csv"]);
    assert!(rest.is_well && rest.out.contains("had been interrupted"), "{rest:?}");
    assert_eq!((count(&rest, "entered"), count(&rest, "unchanged")), (1_200 - there as u64, there as u64));
    assert_eq!(desk.structures(), 1_200);
    assert!(desk.pes(&["import", "bdis", "grand.csv"]).out.contains("\n0 changes"));
    let journal = desk.house().journal;
    let digest = journal.digest(&Channel::ALL).unwrap();
    assert!(desk.pes(&["rebuild"]).is_well);
    assert_eq!(desk.house().journal.digest(&Channel::ALL).unwrap(), digest);
    let undone = desk.pes(&["import", "undo", "1"]);
    assert!(undone.out.contains("1200 records deleted"), "one run, whatever interrupted it: {undone:?}");
    assert_eq!(desk.house().journal.digest_of_own().unwrap(), before);
}

#[test]
fn after_a_kill_in_an_undo_the_same_command_finishes_it() {
    let desk = Desk::with_node();
    desk.large_file("grand.csv", 1_000);
    assert!(desk.pes(&["import", "bdis", "grand.csv"]).is_well);
    let store = desk.beside();
    let mut child = desk.command(&["import", "undo"]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let begun = Instant::now();
    while rows_in(&store) > 900 {
        assert!(begun.elapsed() < Duration::from_secs(60) && child.try_wait().unwrap().is_none());
        std::thread::sleep(Duration::from_millis(5));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    let left = desk.structures();
    assert!((1..1_000).contains(&left), "{left}");
    let undone = desk.pes(&["import", "undo"]);
    assert!(
        undone.out.contains(&format!("{left} records deleted")) && undone.out.contains("All is as it was."),
        "{undone:?}"
    );
    assert!(desk.structures() == 0 && desk.pes(&["verify"]).is_well);
}

/// A node that serves goes on while a file is imported beside it, shows what entered, and writes what people save meanwhile.
#[tokio::test(flavor = "multi_thread")]
async fn an_import_goes_on_beside_a_node_that_serves() {
    let desk = Desk::with_node();
    desk.large_file("grand.csv", 300);
    let listen = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap();
    std::fs::write(desk.path().join("pes.toml"), format!("listen = \"{listen}\"\nlog = \"warn\"\n")).unwrap();
    let serve = desk.command(&["serve"]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let serve = Serving(serve);
    let begun = Instant::now();
    while TcpStream::connect(listen).is_err() {
        assert!(begun.elapsed() < Duration::from_secs(30), "it does not start");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let said = desk.pes(&["import", "bdis", "grand.csv"]);
    assert!(said.is_well && said.err.is_empty(), "{said:?}");
    // What another program wrote is found by the next look.
    let begun = Instant::now();
    loop {
        let page = page_of(listen, "/structures");
        if page.contains("Structure inventée") && page.contains("300 résultats") {
            break;
        }
        assert!(begun.elapsed() < Duration::from_secs(60), "{page}");
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    drop(serve);
    assert!(desk.pes(&["verify"]).is_well && desk.structures() == 300);
}

/// A page, as a visitor gets it.
fn page_of(listen: SocketAddr, path: &str) -> String {
    let mut stream = TcpStream::connect(listen).unwrap();
    let request = format!("GET {path} HTTP/1.1\r\nHost: pes.example.org\r\nConnection: close\r\n\r\n");
    std::io::Write::write_all(&mut stream, request.as_bytes()).unwrap();
    let mut page = Vec::new();
    std::io::Read::read_to_end(&mut stream, &mut page).unwrap();
    String::from_utf8_lossy(&page).into_owned()
}

/// A program that is stopped with the test.
struct Serving(Child);

impl Drop for Serving {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

#[test]
fn one_import_goes_on_at_a_time() {
    let desk = Desk::with_node();
    desk.file("un.csv", &["1;Une;;;;;"]);
    let turn = pes_import::Turn::take(&desk.path().join("data")).unwrap();
    let said = desk.pes(&["import", "bdis", "un.csv"]);
    assert!(!said.is_well && said.err.contains("another import goes on"), "{said:?}");
    drop(turn);
    assert!(desk.pes(&["import", "bdis", "un.csv"]).is_well);
}

/// The real files, where they are; under continuous integration they have to be.
#[test]
fn the_real_files_enter_in_under_a_minute() {
    let shared = std::env::var_os("PES_SHARED").map_or_else(|| "../shared".into(), PathBuf::from);
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(shared).join("data");
    for (file, entered, out, without_place) in
        [("bdis-2012.csv", 611, 1, None), ("bdis-2014.csv", 3_667, 0, Some(3_627))]
    {
        let file = data.join(file);
        if !file.exists() {
            assert!(std::env::var("CI").as_deref() != Ok("true"), "{} is not there", file.display());
            println!("skipped: {} is not there", file.display());
            return;
        }
        let desk = Desk::with_node();
        let file = file.to_str().unwrap();
        let begun = Instant::now();
        let said = desk.pes(&["import", "bdis", file]);
        println!("{}{:?}", said.out, begun.elapsed());
        assert!(said.is_well && begun.elapsed() < Duration::from_secs(60), "{:?}", begun.elapsed());
        assert_eq!((count(&said, "entered"), count(&said, "not entered")), (entered, out));
        assert!(without_place.is_none_or(|number| count(&said, "without a place") == number));
        assert!(desk.pes(&["import", "bdis", file]).out.contains("\n0 changes"));
        assert!(desk.pes(&["import", "undo"]).out.contains("All is as it was."));
    }
}
