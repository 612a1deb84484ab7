//! Words: stems, accents, apostrophes, hyphens, acronyms, typing errors, concepts.

use crate::bed::{anyone, found, found_set, index, saying, structure, with};
use pes_domain::{Code, List};
use pes_search::Index;

/// That each of these finds each other's text, and nothing else does.
fn are_the_same(forms: &[&str]) {
    let entries: Vec<_> = forms.iter().map(|form| saying(structure("Mesclun"), form)).collect();
    let other = saying(structure("Autre"), "tout autre chose");
    let index = index(&[entries, vec![other]].concat());
    let all: Vec<usize> = (0..forms.len()).collect();
    for form in forms {
        assert_eq!(found_set(&index, form), all, "{form}");
    }
}

#[test]
fn a_word_is_found_by_its_stem() {
    are_the_same(&["une ressourcerie", "des ressourceries"]);
    are_the_same(&["local", "locaux", "locales"]);
    are_the_same(&["réparation", "réparer", "réparée", "réparateurs"]);
    are_the_same(&["menuisier", "menuisière", "menuisières"]);
    are_the_same(&["producteur", "productrices"]);
    are_the_same(&["paysan", "paysannes"]);
}

#[test]
fn accents_case_and_ligatures_do_not_matter() {
    are_the_same(&["Épicerie", "epicerie", "ÉPICERIE", "e\u{301}picerie"]);
    are_the_same(&["œuvre", "oeuvre", "Œuvres"]);
    are_the_same(&["bénévolat", "benevolat"]);
}

#[test]
fn what_is_elided_does_not_matter_and_all_apostrophes_are_one() {
    are_the_same(&["l’épicerie", "l'épicerie", "d'épicerie", "qu’épicerie", "épicerie"]);
    are_the_same(&["aujourd’hui", "aujourd'hui"]);
    are_the_same(&["conseil de prud’hommes", "conseil des prudhommes"]);
}

#[test]
fn hyphens_do_not_matter() {
    are_the_same(&["tiers-lieu", "tiers-lieux", "tiers\u{2011}lieu"]);
    let index = index(&[
        saying(structure("A"), "éco-construction"),
        saying(structure("B"), "écoconstruction"),
        saying(structure("C"), "éco construction"),
    ]);
    assert_eq!(found_set(&index, "eco-construction"), [0, 1, 2]);
    assert_eq!(found_set(&index, "écoconstruction"), [0, 1, 2]);
    assert_eq!(found_set(&index, "eco construction"), [0, 1, 2]);
}

#[test]
fn what_is_no_word_by_itself_is_one_with_the_next() {
    are_the_same(&["co-working", "coworking", "co working", "du co-working"]);
    are_the_same(&["l’éco-lieu", "un écolieu", "des éco lieux"]);
    let index = index(&[saying(structure("A"), "pain bio local"), saying(structure("B"), "biolocal")]);
    assert_eq!(found(&index, "bio local"), [0], "what is a word by itself stays one");
}

#[test]
fn two_words_typed_as_one_are_found() {
    let mut entries: Vec<_> =
        (0..3).map(|number| saying(structure(&format!("Repair Café {number}")), "on répare")).collect();
    entries.push(saying(structure("Le Café"), "du repair au café"));
    entries.push(saying(structure("Autre"), "repair"));
    let index = index(&entries);
    assert_eq!(found_set(&index, "repaircafe"), [0, 1, 2, 3]);
    assert_eq!(found_set(&index, "repair café"), [0, 1, 2, 3]);
}

#[test]
fn a_word_may_be_cut_short_and_what_is_whole_comes_first() {
    let index = index(&[
        saying(structure("La Ligue"), "théâtre d’improvisation"),
        saying(structure("Le Bac"), "on improvise"),
        saying(structure("Autre"), "imprimerie"),
    ]);
    let found = index.look(&anyone("impro")).unwrap();
    assert_eq!((found.total, found.understood.forgiving), (2, true));
    let with_the_word = crate::bed::index(&[
        saying(structure("A"), "improvisation"),
        saying(structure("B"), "de l’impro"),
        saying(structure("C"), "les impros"),
    ]);
    assert_eq!(crate::bed::found(&with_the_word, "impro")[2], 0);
    assert_eq!(crate::bed::found(&index, "imp"), [0; 0], "three letters begin too much");
}

#[test]
fn a_word_is_never_taken_for_one_that_says_nothing() {
    let mut entries: Vec<_> =
        (0..6).map(|number| saying(structure(&format!("A {number}")), "ceux qui sont entre nous")).collect();
    entries.push(saying(structure("Ludothèque"), "des jeu pour tous"));
    let index = index(&entries);
    assert_eq!(found(&index, "jeux"), [6]);
    assert_eq!(found(&index, "sonr"), [0; 0]);
    assert_eq!(found_set(&index, "ceux"), [0, 1, 2, 3, 4, 5], "nothing else was typed");
    assert_eq!(found(&index, "nouss"), [0; 0]);
}

#[test]
fn an_acronym_is_found_with_and_without_its_points() {
    are_the_same(&["A.M.A.P.", "AMAP", "amap", "a.m.a.p", "les AMAPs"]);
    let index = index(&[structure("S.C.I.C. du Port"), structure("Autre")]);
    assert_eq!(found(&index, "scic"), [0]);
}

#[test]
fn alternative_names_summaries_tags_and_labels_are_found() {
    let mut named = structure("Mesclun");
    named.alternatives = vec!["RPM".into(), "Réseau provençal de maraîchers".into()];
    named.summary = "paniers hebdomadaires".into();
    named.tags = vec!["auto-stop".into()];
    let index = index(&[with(named, List::Skill, "thatching"), structure("Autre")]);
    for typed in ["rpm", "réseau provencal", "panier hebdomadaire", "autostop", "chaume"] {
        assert_eq!(found(&index, typed), [0], "{typed}");
    }
}

#[test]
fn stop_words_are_left_out_unless_there_is_nothing_else() {
    let index = index(&[saying(structure("Plus ou moins"), "atelier de vélo"), structure("Atelier")]);
    assert_eq!(found(&index, "un atelier de la vélo"), [0]);
    assert_eq!(found(&index, "plus ou"), [0]);
}

#[test]
fn all_words_are_needed_and_any_is_enough_when_nothing_has_all() {
    let index = index(&[
        saying(structure("A"), "atelier vélo"),
        saying(structure("B"), "atelier couture"),
        saying(structure("C"), "jardin"),
    ]);
    let both = index.look(&anyone("atelier couture")).unwrap();
    assert_eq!((both.total, both.understood.any_word), (1, false));
    let either = index.look(&anyone("jardin couture")).unwrap();
    assert_eq!((either.total, either.understood.any_word), (2, true));
    let none = index.look(&anyone("astronomie parapente")).unwrap();
    assert_eq!((none.total, none.understood.any_word), (0, false));
    assert_eq!(found(&index, "").len(), 3, "nothing typed: everything");
}

#[test]
fn typing_errors_are_forgiven_and_what_is_right_comes_first() {
    let index = index(&[
        structure("Ressourcerie du Port"),
        structure("Jardin partagé"),
        saying(structure("Mesclun"), "resourcerie"),
    ]);
    for typed in ["ressourcrie", "resourcerie", "ressuorcerie", "ressourcerei"] {
        let found = index.look(&anyone(typed)).unwrap();
        assert!(found.hits.iter().any(|hit| hit.record.ends_with("/0")), "{typed}");
        assert!(found.understood.forgiving, "{typed}");
    }
    assert_eq!(found(&index, "resourcerie"), [2, 0], "what is written as it was typed comes first");
    assert_eq!(found(&index, "jardn partgé"), [1]);
    let right = index.look(&anyone("jardin")).unwrap();
    assert_eq!((right.total, right.understood.forgiving), (1, false));
}

#[test]
fn short_words_and_numbers_have_no_typing_errors() {
    let index = index(&[saying(structure("A"), "du blé de 2024"), saying(structure("B"), "bleu")]);
    assert_eq!(found(&index, "bla"), [0; 0]);
    assert_eq!(found(&index, "2025"), [0; 0]);
    assert_eq!(found(&index, "2024"), [0]);
}

#[test]
fn nothing_is_forgiven_where_enough_is_found() {
    let mut entries = vec![saying(structure("Z"), "ressourcrie")];
    entries.extend(["A", "B", "C"].map(|name| saying(structure(name), "ressourcerie")));
    let index = index(&entries);
    assert_eq!(found(&index, "ressourcerie"), [1, 2, 3]);
}

fn workshops() -> Index {
    index(&[
        with(structure("Les Copeaux"), List::Skill, "carpentry"),
        with(structure("Toits de Provence"), List::Skill, "thatching"),
        saying(structure("Radio BTP"), "une radio"),
        with(structure("La Miche"), List::Sector, "bread"),
    ])
}

#[test]
fn other_words_for_a_concept_find_it_and_all_below_it_beside_what_says_them() {
    let index = workshops();
    assert_eq!(found_set(&index, "btp"), [0, 1, 2]);
    assert_eq!(found_set(&index, "corps de métiers"), [0, 1], "several words, in another form");
    assert_eq!(found_set(&index, "couvreurs"), [1]);
    assert_eq!(found_set(&index, "Pain"), [3]);
    let told = index.look(&anyone("btp")).unwrap().understood;
    assert_eq!(told.concepts, [Code::new(List::Skill, "building")]);
}

#[test]
fn taken_literally_words_are_words() {
    let index = workshops();
    let mut query = anyone("btp");
    query.take_literally = true;
    let literally = index.look(&query).unwrap();
    assert_eq!((literally.total, literally.understood.concepts.len()), (1, 0));
    assert!(literally.hits[0].record.ends_with("/2"));
}

#[test]
fn words_that_name_nothing_here_are_needed_one_by_one() {
    let index = index(&[saying(structure("A"), "le métier"), saying(structure("B"), "en tout")]);
    let found = index.look(&anyone("corps de métier")).unwrap();
    assert_eq!((found.total, found.understood.any_word), (1, true));
    assert_eq!(crate::bed::found(&index, "en-tout"), [1], "stop words between hyphens");
}

#[test]
fn a_concept_nobody_has_is_not_told() {
    let index = index(&[saying(structure("Radio"), "le pain et le btp")]);
    assert_eq!(index.look(&anyone("pain")).unwrap().understood.concepts, []);
}

#[test]
fn a_name_counts_more_than_a_text_and_the_whole_name_most() {
    let long = "et bien d’autres choses encore que l’on fait ensemble dans notre quartier";
    let index = index(&[
        saying(structure("Mesclun"), &format!("atelier vélo {long}")),
        saying(structure("Atelier vélo du Port"), long),
        saying(structure("Atelier vélo"), long),
    ]);
    assert_eq!(found(&index, "atelier vélo"), [2, 1, 0]);
}

#[test]
fn who_pastes_a_book_is_answered_by_its_beginning() {
    let index = index(&[saying(structure("A"), "atelier vélo")]);
    let book = format!("atelier vélo {}", "ressourcerrie épiccerie ".repeat(10_000));
    let found = index.look(&anyone(&book)).unwrap();
    assert_eq!((found.total, found.understood.any_word), (1, true));
    assert!(index.suggest(pes_search::Reader::Anyone, 0, &book, 5).unwrap().is_empty());
}

#[test]
fn signs_alone_are_nothing_typed() {
    let index = index(&[structure("A"), structure("B")]);
    for typed in ["?", " ", "'", "- -", "\u{0}", "(", "\"", "*", "title:x AND"] {
        assert!(index.look(&anyone(typed)).is_ok(), "{typed:?}");
    }
    assert_eq!(found(&index, "?!").len(), 2);
}
