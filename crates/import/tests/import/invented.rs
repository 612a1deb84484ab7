//! Invented files of both layouts: what each column becomes, what is told of what does not fit, and in which file it is given back.

use crate::bed::{node, structure};
use pes_domain::code::List;
use pes_domain::structure::Founding;
use pes_domain::{Audience, Code, Why};
use pes_import::{Choices, Layout, Plan, Remark, Sort, What};
use pes_store::own_records::Moderation;
use time::macros::date;

/// Invented structures in the layout of 2012.
const HEAD_2012: &str = "Identifiant BDIS;Raison sociale;Sigle;Date de création (JJ/MM/AAAA);Statut juridique;\
    Type de structure ESS;Type de structure IAE;Site web;N° SIRET;CA annuel;Description succincte;Présentation générale;\
    Effectif total (ETP);Effectif de production (ETP);Effectif d'encadrement (ETP);Effectif en insertion (ETP);\
    Nombre de personnes en insertion par an;mots-clés;libellé adresse;Adresse 1;Adresse 2;Code postal;Ville;\
    Jours d'ouverture;longitude;latitude;Email;Téléphone;Fax;Mobile";

/// And in that of 2014.
const HEAD_2014: &str = "Numéro BDIS;Nom;Sigle;Présentation libre;plue value sociale;Spécificités;type ess;mots clés;\
    Thématiques;Adresse;Siret;Budget;Nombre de salariés (ETP);activités économiques;Code Statut de la fiche;\
    Mode de transmission;Date transmission;Correspondance BDis / Structure";

/// A row of a layout: the columns that say something, by name.
fn row(layout: Layout, cells: &[(&str, &str)]) -> String {
    let cell = |name: &str| cells.iter().find(|(column, _)| *column == name).map_or("", |(_, value)| *value);
    let quoted = |value: &str| format!("\"{}\"", value.replace('"', "\"\""));
    layout.columns().iter().map(|column| quoted(cell(column.name))).collect::<Vec<_>>().join(";")
}

fn file(layout: Layout, rows: &[&[(&str, &str)]]) -> String {
    let head = if layout == Layout::Bdis2012 { HEAD_2012 } else { HEAD_2014 };
    let rows: Vec<String> = rows.iter().map(|cells| row(layout, cells)).collect();
    format!("{head}\n{}\n", rows.join("\n"))
}

/// What is said of one column: what, and of which value.
fn said(plan: &Plan, column: &str) -> Vec<(What, String)> {
    let of = plan.report.remarks.iter().filter(|remark| remark.column == column);
    of.map(|remark| (remark.what, remark.value.clone())).collect()
}

fn one(plan: &Plan, what: What) -> &Remark {
    let all: Vec<_> = plan.report.remarks.iter().filter(|remark| remark.what == what).collect();
    assert_eq!(all.len(), 1, "{what:?}: {:?}", plan.report.remarks);
    all[0]
}

const FABRIQUE: &[(&str, &str)] = &[
    ("Identifiant BDIS", "7"),
    ("Raison sociale", "La Fabrique  à Neuf"),
    ("Sigle", "LFN"),
    ("Date de création (JJ/MM/AAAA)", "01/05/2003"),
    ("Statut juridique", "SCOP SARL"),
    ("Site web", "www.fabrique.example"),
    ("N° SIRET", "6220119900031"),
    ("CA annuel", "120 000,50 €"),
    ("Description succincte", "Réparer ce qui peut l’être"),
    ("Présentation générale", "Un atelier.\nDeux ateliers."),
    ("Effectif total (ETP)", "4,50"),
    ("Effectif d'encadrement (ETP)", "1"),
    ("Nombre de personnes en insertion par an", "12"),
    ("mots-clés", "Logiciels libres;Zorglub, machins"),
    ("libellé adresse", "Atelier"),
    ("Adresse 1", "12 rue de l’Invention"),
    ("Adresse 2", "Bâtiment B"),
    ("Code postal", "6000"),
    ("Ville", "NICE"),
    ("Jours d'ouverture", "mardi"),
    ("longitude", "7,2536"),
    ("latitude", "43,7009"),
    ("Email", "contact@fabrique.example"),
    ("Téléphone", "04 93 00 00 00 / 493000001"),
    ("Mobile", "+39 333 000 0000"),
];

#[test]
fn every_column_of_2012_becomes_what_it_says() {
    let node = node("apeas");
    let (plan, _) = node.import("invente.csv", file(Layout::Bdis2012, &[FABRIQUE]));
    let own = node.called("La Fabrique à Neuf");
    let one = structure(&own);
    assert_eq!(
        (own.moderation, own.author.as_deref(), own.record.audience),
        (Moderation::Published, None, Audience::Public)
    );
    assert_eq!(one.acronym.as_deref(), Some("LFN"));
    assert_eq!(one.founded, Some(Founding::Day(date!(2003 - 05 - 01))));
    assert_eq!(one.legal_form, Some(Code::new(List::LegalForm, "scop-sarl")));
    assert_eq!(one.web.as_ref().unwrap().as_str(), "https://www.fabrique.example/");
    assert_eq!(one.siret.as_ref().unwrap().as_str(), "06220119900031");
    assert_eq!((one.budget, one.workforce.total, one.workforce.supervision), (Some(120_000), Some(45), Some(10)));
    assert_eq!(one.tagline.as_deref(), Some("Réparer ce qui peut l’être"));
    let description = "Un atelier.\nDeux ateliers.\n\nPersonnes en insertion par an : 12";
    assert_eq!(one.description.as_deref(), Some(description));
    let site = &one.sites[0];
    assert_eq!(
        (site.label.as_deref(), site.hours.as_deref(), site.postcode.as_deref()),
        (Some("Atelier"), Some("mardi"), Some("06000"))
    );
    assert_eq!(site.street.as_deref(), Some("12 rue de l’Invention, Bâtiment B"));
    let place = site.place.as_ref().unwrap();
    assert_eq!((place.commune.as_str(), place.point.unwrap().longitude, place.estimated), ("06088", 7.2536, false));
    let values: Vec<_> =
        one.contacts.iter().map(|contact| (contact.medium.notation(), contact.value.as_str())).collect();
    let expected = [
        ("email", "contact@fabrique.example"),
        ("phone", "+33493000000"),
        ("phone", "+33493000001"),
        ("mobile", "+393330000000"),
    ];
    assert_eq!(values, expected);
    assert!(one.contacts.iter().all(|contact| contact.audience == Audience::Network));
    assert_eq!(own.record.themes, [Code::new(List::Theme, "free-software")]);
    assert_eq!(own.record.tags.iter().map(|tag| tag.as_str()).collect::<Vec<_>>(), ["machins", "zorglub"]);
    assert_eq!(plan.report.tally.entered, 1);
    assert_eq!(said(&plan, "Code postal"), [(What::ZeroRegained, "6000".to_owned())]);
    assert_eq!(said(&plan, "N° SIRET"), [(What::ZeroRegained, "6220119900031".to_owned())]);
    assert_eq!(said(&plan, "Téléphone"), [(What::ZeroRegained, "493000001".to_owned())]);
}

#[test]
fn every_column_of_2014_becomes_what_it_says() {
    let node = node("apeas");
    let cells: &[(&str, &str)] = &[
        ("Numéro BDIS", "1613"),
        ("Nom", "Le Lieu"),
        ("Présentation libre", "Un lieu."),
        ("plue value sociale", "Il relie."),
        ("Spécificités", "9260"),
        ("type ess", "association"),
        ("mots clés", "edition_jeux"),
        ("Thématiques", "logiciels libres"),
        ("Adresse", "3 place du Marché, 84200 CARPENTRAS"),
        ("Siret", "06220119900031"),
        ("Budget", "15000"),
        ("Nombre de salariés (ETP)", "2"),
        ("activités économiques", "6201Z"),
        ("Code Statut de la fiche", "V"),
        ("Mode de transmission", "IMPORT"),
        ("Correspondance BDis / Structure", "w832023177"),
    ];
    let (plan, _) = node.import("invente.csv", file(Layout::Bdis2014, &[cells]));
    let own = node.called("Le Lieu");
    let one = structure(&own);
    assert_eq!(one.description.as_deref(), Some("Un lieu.\n\nIl relie."));
    assert_eq!(one.legal_form, Some(Code::new(List::LegalForm, "local-law-association")), "the narrower of the two");
    assert_eq!(one.naf.as_ref().unwrap().as_str(), "62.01Z");
    assert_eq!(one.rna.as_ref().unwrap().as_str(), "W832023177");
    assert_eq!((one.budget, one.workforce.total), (Some(15_000), Some(20)));
    let site = &one.sites[0];
    assert_eq!((site.street.as_deref(), site.postcode.as_deref()), (Some("3 place du Marché"), Some("84200")));
    assert_eq!(site.place.as_ref().unwrap().name, "Carpentras");
    assert_eq!(own.record.tags[0].as_str(), "edition-jeux");
    assert_eq!(plan.report.dropped_columns, ["Mode de transmission", "Date transmission"]);
    assert_eq!(plan.report.remarks.len(), 1, "only the word that no list has: {:?}", plan.report.remarks);
    let word = one_word(&plan);
    assert_eq!(
        (word.value.as_str(), word.gaps["count"].as_str(), word.gaps["tag"].as_str()),
        ("edition_jeux", "1", "edition-jeux")
    );
}

fn one_word(plan: &Plan) -> &Remark {
    one(plan, What::UnknownWord)
}

#[test]
fn what_does_not_fit_is_left_out_and_told_with_line_and_column_and_the_row_enters() {
    let node = node("apeas");
    let wrong: &[(&str, &str)] = &[
        ("Identifiant BDIS", "8"),
        ("Raison sociale", "L’Établi"),
        ("Sigle", &"S".repeat(61)),
        ("Date de création (JJ/MM/AAAA)", "1/5/2003"),
        ("Site web", "pas une adresse"),
        ("N° SIRET", "12345678901234"),
        ("CA annuel", "beaucoup"),
        ("Effectif total (ETP)", "-3"),
        ("Adresse 1", "4 quai"),
        ("Code postal", "1598753"),
        ("Ville", "RENNES"),
        ("longitude", "48,1"),
        ("latitude", "-1,68"),
        ("Email", "contact(arobase)etabli.example"),
        ("Téléphone", "appelez-nous"),
    ];
    let (plan, _) = node.import("invente.csv", file(Layout::Bdis2012, &[FABRIQUE, wrong]));
    let own = node.called("L’Établi");
    let site = &structure(&own).sites[0];
    assert_eq!((site.street.as_deref(), site.postcode.as_deref()), (Some("4 quai"), None));
    let place = site.place.as_ref().unwrap();
    assert_eq!((place.name.as_str(), place.estimated), ("Rennes", Node::estimated("35238")));
    assert!(structure(&own).contacts.is_empty());
    let line = 4;
    for (column, what) in [
        ("Sigle", What::Rule(Why::TooLong(60))),
        ("Date de création (JJ/MM/AAAA)", What::Rule(Why::NotADate)),
        ("Site web", What::Rule(Why::NotALink)),
        ("N° SIRET", What::Rule(Why::NotASiret)),
        ("CA annuel", What::Rule(Why::NotANumber)),
        ("Effectif total (ETP)", What::Rule(Why::NotANumber)),
        ("Code postal", What::NotAPostcode),
        ("longitude", What::PointTurned),
        ("Email", What::Rule(Why::NotAnEmail)),
        ("Téléphone", What::Rule(Why::NotAPhone)),
    ] {
        let of = |remark: &&Remark| remark.line == line && remark.column == column;
        let told: Vec<What> = plan.report.remarks.iter().filter(of).map(|remark| remark.what).collect();
        assert_eq!(told, [what], "{column}");
        assert_eq!(what.sort(), Sort::Left);
    }
    assert_eq!((plan.report.tally.entered, plan.report.tally.out), (2, 0));
}

/// Whether the middle of a commune is estimated in the embedded table.
struct Node;
impl Node {
    fn estimated(code: &str) -> bool {
        pes_domain::Gazetteer::embedded().commune(code).unwrap().estimated
    }
}

#[test]
fn rows_that_cannot_enter_are_given_back_as_they_stood() {
    let node = node("apeas");
    let nameless: &[(&str, &str)] = &[("Identifiant BDIS", "1147"), ("mots-clés", "numérique;tiers-lieu")];
    let long = "n".repeat(251);
    let unfit: &[(&str, &str)] = &[("Identifiant BDIS", "9"), ("Raison sociale", &long)];
    let good = file(Layout::Bdis2012, &[FABRIQUE, nameless, unfit]);
    let shifted = format!("10;Trop; de ; points-virgules{}\n", ";".repeat(28));
    let text = format!("{good}\n{}{shifted}", ";".repeat(29) + "\n").replace("; de ;", ";de;x;");
    let plan = node.plan("invente.csv", &text);
    assert_eq!((plan.report.tally.entered, plan.report.tally.out, plan.report.rows), (1, 3, 4));
    assert_eq!((one(&plan, What::NoName).line, one(&plan, What::UnfitName).line), (4, 5));
    assert_eq!(one(&plan, What::TooManyCells).line, 8, "an empty line and a row of empty cells stand before it");
    let back = plan.rejected();
    let back = String::from_utf8(back).unwrap();
    let lines: Vec<&str> = back.lines().collect();
    assert_eq!(lines.len(), 4);
    assert_eq!(lines[0], HEAD_2012);
    assert!(lines[1].contains("\"1147\"") && lines[3].starts_with("10;Trop"));
    let mended = back.replace("\"1147\";\"\"", "\"1147\";\"Le Nom\"");
    assert_eq!(node.plan("rejected.csv", &mended).report.tally.entered, 1);
}

#[test]
fn a_quotation_mark_that_is_not_closed_costs_its_row_and_is_told_where_it_is_opened() {
    let rows = file(Layout::Bdis2012, &[FABRIQUE, FABRIQUE]);
    let text =
        format!("{HEAD_2012}\n1;\"Ouvert;{}\n{}", ";".repeat(28), rows.lines().skip(1).collect::<Vec<_>>().join("\n"));
    let plan = node("apeas").plan("invente.csv", text);
    assert_eq!((plan.report.tally.entered, one(&plan, What::OpenQuotation).line), (1, 2));
}

#[test]
fn points_that_cannot_be_are_told() {
    let at = |id: &'static str, name: &'static str, street: &'static str, x: &'static str, y: &'static str| {
        vec![
            ("Identifiant BDIS", id),
            ("Raison sociale", name),
            ("Adresse 1", street),
            ("Code postal", "06000"),
            ("Ville", "Nice"),
            ("longitude", x),
            ("latitude", y),
        ]
    };
    let rows = [
        at("1", "Un", "1 rue A", "7,25", "43,70"),
        at("2", "Deux", "2 rue B", "7,25", "43,70"),
        at("3", "Trois", "3 rue C", "7,25", "43,70"),
        at("4", "Berlin", "4 rue D", "13,4", "52,5"),
        at("5", "Lille", "5 rue E", "3,06", "50,63"),
        at("6", "Moitié", "6 rue F", "7,25", ""),
    ];
    let alone: &[(&str, &str)] =
        &[("Identifiant BDIS", "7"), ("Raison sociale", "Sans commune"), ("longitude", "7,25"), ("latitude", "43,7")];
    let rows: Vec<&[(&str, &str)]> = rows.iter().map(Vec::as_slice).chain([alone]).collect();
    let node = node("apeas");
    let (plan, _) = node.import("invente.csv", file(Layout::Bdis2012, &rows));
    let told: Vec<(u64, What)> = plan.report.remarks.iter().map(|remark| (remark.line, remark.what)).collect();
    let expected = [
        (2, What::SamePoint),
        (3, What::SamePoint),
        (4, What::SamePoint),
        (5, What::OutsideFrance),
        (6, What::FarAway),
        (7, What::HalfAPoint),
        (8, What::PointAlone),
    ];
    assert_eq!(told, expected);
    assert_eq!(one(&plan, What::FarAway).gaps["commune"], "Nice");
    assert_eq!(one(&plan, What::PointAlone).gaps["commune"], "Nice (06088)");
    assert_eq!(plan.report.tally.without_place, 1);
    let shared = structure(&node.called("Un")).sites[0].place.clone().unwrap();
    assert_eq!(shared.point.unwrap().longitude, 7.25, "it is told, and kept");
}

#[test]
fn texts_and_words_that_are_too_many_find_their_place_or_are_told() {
    let long = "Une phrase trop longue pour une ligne. ".repeat(8);
    let words: Vec<String> = (0..22).map(|at| format!("zorglub {at}")).collect();
    let words = [words.join(";"), "?!".to_owned()].join(";");
    let cells: &[(&str, &str)] = &[
        ("Raison sociale", "Bavards"),
        ("Sigle", "[ND]"),
        ("Description succincte", &long),
        ("Présentation générale", "La suite."),
        ("mots-clés", &words),
        ("Statut juridique", "Fondation; SARL"),
    ];
    let node = node("apeas");
    let (plan, _) = node.import("invente.csv", file(Layout::Bdis2012, &[cells]));
    let own = node.called("Bavards");
    assert!(structure(&own).description.as_ref().unwrap().starts_with("Une phrase trop longue"));
    assert!(structure(&own).description.as_ref().unwrap().ends_with("\n\nLa suite."));
    assert_eq!((structure(&own).tagline.as_ref(), own.record.tags.len()), (None, 20));
    assert_eq!(one(&plan, What::Moved).column, "Description succincte");
    assert_eq!(one(&plan, What::NotDisclosed).column, "Sigle");
    assert_eq!(one(&plan, What::WordLeft).value, "?!");
    let many = plan.report.remarks.iter().filter(|remark| remark.what == What::TooManyWords);
    // The second legal form became a tag before the keywords were read.
    assert_eq!(
        many.map(|remark| remark.value.as_str()).collect::<Vec<_>>(),
        ["zorglub 19", "zorglub 20", "zorglub 21"]
    );
    assert!(own.record.tags.iter().any(|tag| tag.as_str() == "sarl"));
}

#[test]
fn choices_are_for_records_and_contacts_and_contacts_are_never_for_more() {
    let text = file(Layout::Bdis2012, &[FABRIQUE]);
    for (audience, contacts, kept) in [
        (Audience::Public, Audience::Public, Audience::Public),
        (Audience::Affiliates, Audience::Public, Audience::Affiliates),
        (Audience::Network, Audience::Affiliates, Audience::Network),
    ] {
        let node = node("apeas");
        let plan = node.plan_so("invente.csv", &text, Choices { audience, contacts });
        node.commit(&plan);
        let own = node.called("La Fabrique à Neuf");
        assert_eq!(own.record.audience, audience);
        assert!(structure(&own).contacts.iter().all(|contact| contact.audience == kept));
        assert_eq!(node.sheets().is_empty(), audience == Audience::Network);
        assert_eq!(node.plan_so("invente.csv", &text, Choices { audience, contacts }).report.tally.changes(), 0);
    }
}

#[test]
fn a_sheet_that_the_old_base_had_not_validated_waits_for_an_animator() {
    let cells: &[(&str, &str)] = &[("Numéro BDIS", "5"), ("Nom", "À voir"), ("Code Statut de la fiche", "P")];
    let node = node("apeas");
    let (plan, _) = node.import("invente.csv", file(Layout::Bdis2014, &[cells]));
    assert_eq!(node.called("À voir").moderation, Moderation::Proposed);
    assert_eq!(one(&plan, What::NotValidated).value, "P");
    assert!(node.sheets().is_empty());
    assert_eq!(node.plan("invente.csv", file(Layout::Bdis2014, &[cells])).report.tally.unchanged, 1);
}

#[test]
fn old_codes_of_activities_and_towns_that_are_not_quite_right_are_told() {
    let node = node("apeas");
    let old: &[(&str, &str)] =
        &[("Numéro BDIS", "1"), ("Nom", "A"), ("activités économiques", "74.8B"), ("Adresse", "44150 ANCENIS")];
    let other: &[(&str, &str)] =
        &[("Numéro BDIS", "2"), ("Nom", "B"), ("Adresse", "75011 Nice"), ("Correspondance BDis / Structure", "X12")];
    let lost: &[(&str, &str)] = &[("Numéro BDIS", "3"), ("Nom", "C"), ("Adresse", "12 rue Perdue, 79500 Atlantis")];
    let (plan, _) = node.import("invente.csv", file(Layout::Bdis2014, &[old, other, lost]));
    assert_eq!(one(&plan, What::OldActivity).value, "74.8B");
    assert_eq!(one(&plan, What::ByPostcode).gaps["commune"], "Ancenis-Saint-Géréon (44003)");
    assert_eq!(one(&plan, What::OtherDepartment).gaps["commune"], "Nice (06088)");
    assert_eq!(one(&plan, What::Rule(Why::NotAnRna)).value, "X12");
    assert_eq!(one(&plan, What::Rule(Why::NotACommune)).value, "79500 Atlantis");
    let own = node.called("C");
    assert_eq!(
        (structure(&own).sites[0].street.as_deref(), plan.report.tally.without_place),
        (Some("12 rue Perdue"), 1)
    );
}

#[test]
fn a_report_is_a_table_with_the_words_of_whoever_reads_it() {
    let plan = node("apeas")
        .plan("invente.csv", file(Layout::Bdis2012, &[&[("Identifiant BDIS", "1147"), ("mots-clés", "a;b")]]));
    let header = ["file", "line", "column", "value", "problem", "advice"];
    let table = plan.report.table(header, ',', &|remark| (remark.problem(), "mend, and \"again\"".into())).unwrap();
    let text = String::from_utf8(table).unwrap();
    assert!(text.starts_with("file,line,column,value,problem,advice\n"));
    assert!(text.contains("invente.csv,2,Raison sociale,,the row has no name,\"mend, and \"\"again\"\"\"\n"), "{text}");
    let sorts: Vec<Sort> = plan.report.groups().iter().map(|group| group.sort).collect();
    assert!(sorts.is_sorted());
}

/// Who only wants to read a file gets each row as a form would have it, by the line on which it begins.
#[test]
fn rows_are_read_without_a_node() {
    let file = "Identifiant BDIS;Raison sociale;Sigle;Code postal;Ville\r\n\
                1;Le Phare;LP;6000;Nice\r\n\
                2;;;06000;Nice\r\n\
                3;\"La\r\nLanterne\";;;\r\n\
                4;L’Établi;;06500;Menton\r\n";
    let drafts = pes_import::entry::drafts_of(file.as_bytes(), &pes_rdf::rules(), time::UtcDateTime::now()).unwrap();
    assert_eq!(drafts.keys().copied().collect::<Vec<_>>(), [2, 3, 4, 6], "a cell may hold a line end");
    let name = |line: u64| drafts[&line].as_ref().map(|draft| draft.one("name").to_owned());
    assert_eq!(name(2).as_deref(), Some("Le Phare"));
    assert_eq!(name(3), None, "a row without a name is no structure");
    assert_eq!(name(6).as_deref(), Some("L’Établi"));
    let phare = drafts[&2].as_ref().unwrap();
    assert_eq!((phare.one("acronym"), phare.one("site-postcode")), ("LP", "06000"), "its postcode has its zero again");
    for bad in ["", "a;b\r\n1;2\r\n"] {
        assert!(pes_import::entry::drafts_of(bad.as_bytes(), &pes_rdf::rules(), time::UtcDateTime::now()).is_err());
    }
}
