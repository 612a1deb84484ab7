//! Which structures are one: invented pairs, by what makes them hard, each with its verdict.

use pes_domain::judging::{Cells, Judged, duplicate_pair};
use pes_domain::thesaurus::Concept;
use pes_domain::{Code, List, Rules, Thesaurus};
use std::sync::LazyLock;

static RULES: LazyLock<Rules> = LazyLock::new(|| {
    let forms = ["association", "cooperative", "company", "foundation"];
    let concept = |notation: &&str| Concept {
        code: Code::new(List::LegalForm, *notation),
        label: (*notation).into(),
        label_en: (*notation).into(),
        alternatives: vec![],
        broader: None,
        applies_to: vec![],
    };
    Rules::new(Thesaurus::new(forms.iter().map(concept).collect()))
});

/// A structure: its name, then `commune=Gap; phone=…`.
type Side = (&'static str, &'static str);

fn cells(prefix: &str, (name, rest): Side) -> Cells {
    let fields = rest.split("; ").filter_map(|field| field.split_once('='));
    fields.chain([("name", name)]).map(|(field, value)| (format!("{prefix}{field}"), value.to_owned())).collect()
}

fn judged(one: Side, other: Side) -> Judged {
    let mut all = cells("a-", one);
    all.extend(cells("b-", other));
    all.extend([("id", "x"), ("expected", "same")].map(|(column, cell)| (column.to_owned(), cell.to_owned())));
    duplicate_pair(&all, &RULES, |_, _| Err(String::new())).unwrap()
}

/// Says of each pair, in both orders, what it should say.
#[track_caller]
fn all(expected: bool, pairs: &[(Side, Side)]) {
    for (one, other) in pairs {
        let (there, back) = (judged(*one, *other), judged(*other, *one));
        assert_eq!(there.said, expected, "{one:?} {other:?}: {}", there.because);
        assert_eq!((there.said, there.because), (back.said, back.because), "{one:?} {other:?} the other way round");
    }
}

/// In one commune.
#[track_caller]
fn here(expected: bool, names: &[(&'static str, &'static str)]) {
    for (one, other) in names {
        all(expected, &[((one, "commune=Gap"), (other, "commune=Gap; postcode=05000"))]);
    }
}

#[test]
fn the_same_name_however_it_is_written() {
    here(
        true,
        &[
            ("L’Arbre à palabres", "Arbre a palabre"),
            ("Au Fil de l’Eau", "AU FIL DE L EAU"),
            ("L’Ouvre-Boîtes", "LOUVRE BOITES"),
            ("Le Bik’Lab", "LE BIKLAB"),
            ("Bric-à-Brac", "Association Bricabrac"),
            ("Éco-lieu des Possibles", "Ecolieu Les Possibles"),
            ("Les Quatre Vents", "Les 4 vents"),
            ("Nature & Compagnie", "Nature et Cie"),
            ("Un P’tit Vélo dans la Nacelle", "Un petit velo dans la nacelle"),
            ("École Ste Mélise", "École Sainte-Mélise"),
            ("Savonnerie Marie Loriot", "Marie Loriot – Savonnerie"),
            ("Initiatives Cœur de Loriot", "Initiatives Coeur de Loriot"),
            ("A R P E G E", "Arpège"),
            ("Kerlenn", "KERLENN (association)"),
        ],
    );
}

#[test]
fn a_typing_error_is_no_other_name() {
    here(
        true,
        &[
            ("Le Renard pêcheur", "Le Renadr pecheur"),
            ("La Maison du Viux Sémaphore", "La Maison du Vieux Sémaphore"),
            ("La Halle dss Trois Loriots", "La Halle des Trois Loriots"),
            ("La Combe aux Féts", "La Combe aux Fées"),
            ("Recyclalab", "Recylalab"),
            ("La Cordèle", "La Cordelle"),
            ("Cooprative Agricole Dijon Crales", "Dijon Céréales"),
            ("Les Pieds dan la terre", "Les Pieds dans la terre"),
            ("Fédération nationale du loriot mutuel", "Federation nationale du loriot mutel"),
        ],
    );
    here(
        false,
        &[
            ("Le Cerf", "La Serfe"),
            ("Compagnie du Lac", "Compagnie du Sac"),
            ("La Maison du Pont", "La Maison du Port"),
            ("AMAP de la Gare", "AMAP de la Garde"),
            ("Épicerie Le 5", "Épicerie Le 6"),
            ("Ludothèque Pirouette", "Ludothèque Girouette bleue"),
            ("C.R.T. Loriot", "C.T.R. Loriot"),
        ],
    );
}

#[test]
fn a_typing_error_is_not_believed_against_the_address() {
    let mistyped =
        |street: &'static str| [(("La Tricotterie", "commune=Gap; street=3 rue du Lavoir"), ("La Tricoterie", street))];
    all(true, &mistyped("commune=Gap; street=3, r. du lavoir"));
    all(true, &mistyped("commune=Gap"));
    all(false, &mistyped("commune=Gap; street=9 place Basse"));
    all(false, &mistyped("commune=Nantes; street=3 rue du Lavoir"));
}

#[test]
fn a_legal_form_is_no_part_of_the_name() {
    here(
        true,
        &[
            ("Association Les Loriots", "Les Loriots"),
            ("Les Loriots - association loi 1901", "Les Loriots"),
            ("Société coopérative d’intérêt collectif Les Paniers jaunes", "SCIC Les Paniers jaunes"),
            ("Les Loriots SCIC SA à capital variable", "Les Loriots"),
            ("SCOP ARL Les Bâtisseurs du Merlon", "Les Bâtisseurs du Merlon"),
            ("Loriot coopérative agricole", "LORIOT"),
            ("Union Loriot.coop", "Loriot Coop"),
            (
                "Coop’Loriot - Coopérative d’activités et d’emploi 05",
                "Coop Loriot - coopérative d’activité et d’emploi",
            ),
        ],
    );
    all(
        true,
        &[(
            ("Les Loriots", "commune=Gap; legal-form=association"),
            ("Les Loriots", "commune=Gap; legal-form=cooperative"),
        )],
    );
}

#[test]
fn a_subtitle_or_a_label_is_no_part_of_the_name() {
    here(
        true,
        &[
            ("Le Repaire – café associatif", "Le Repaire"),
            ("Le Renard pêcheur, gens d’ici et d’ailleurs", "Le Renard pêcheur"),
            ("Compagnie du Loriot (La)", "La Compagnie du Loriot"),
            ("Café associatif Le Bateau jaune", "Le Bateau jaune"),
            ("Épicerie sociale et solidaire L’Escalope", "L’Escalope - épicerie solidaire"),
            ("AMAP Les Paniers de Clarette", "Les Paniers de Clarette"),
            ("Chorale La Clé des Loriots", "La Clé des Loriots"),
            ("École de musique Do Ré Loriot", "Do-Ré-Loriot"),
            ("Les Loriots compagnie", "Les Loriots"),
            ("La Ressourcerie du Loriot de Gap", "Ressourcerie du Loriot"),
        ],
    );
    here(
        false,
        &[
            ("Librairie La Tempête", "Café La Tempête"),
            ("Le Café du Repaire", "Le Repaire"),
            ("Les Ateliers du Loriot", "Le Loriot"),
            ("L’Usine", "L’Usine à Gaz"),
            ("Loriot Formation", "Loriot"),
            ("Couveuse Loriot", "Loriot Conseil"),
            ("Fablab de Gap", "Fablab"),
        ],
    );
}

#[test]
fn one_word_makes_another_name() {
    here(
        false,
        &[
            ("Le Jardin du Héron bleu", "Le Jardin du Héron gris"),
            ("Le Grand Bain", "Le Petit Bain"),
            ("Jardin des Mille Pas", "Jardin des Deux Pas"),
            ("Théâtre du Loriot", "Théâtre du Loriot levant"),
            ("Crèche Les Lutins", "Crèche Les Lapins"),
            ("Association Sainte-Clarette", "Association Saint-Clair"),
            ("Les Fourmis vertes", "La Fourmi rouge"),
            ("La Fourmilière", "La Fourmi"),
            ("Anim’Action", "Animation"),
            ("La Fabrique du Jardin", "Le Jardin de la Fabrique"),
            ("Résidence des Loriots 1", "Résidence des Loriots 2"),
        ],
    );
}

#[test]
fn a_whole_and_its_parts_are_several() {
    here(
        false,
        &[
            ("Union départementale des Foyers du Loriot", "Foyers du Loriot de Gap"),
            ("Union nationale des Loriots", "Les Loriots"),
            ("Les Amis du Renard pêcheur", "Le Renard pêcheur"),
            ("Fonds de dotation Les Loriots", "Les Loriots"),
            ("Amicale du personnel de la Bobine", "La Bobine"),
            ("SCI Le Renard pêcheur", "Le Renard pêcheur"),
            ("Les Loriots – section de Gap", "Les Loriots"),
            ("Parents d’élèves de l’école Loriot", "École Loriot"),
        ],
    );
    here(true, &[("Les Amis du Renard pêcheur", "Association des Amis du Renard pêcheur")]);
}

#[test]
fn initials_stand_for_a_name() {
    here(
        true,
        &[
            ("Réseau Partage et Habitat du Mont Tirelle", "R.P.H.M.T."),
            ("Confédération générale des Scop", "CGSCOP"),
            ("Centre social et culturel d’Ancelme", "CSC d’Ancelme"),
            ("Maison des jeunes et de la culture Clarette", "MJC Clarette"),
            ("Les Amis de Notre-Dame des Loriots", "Les Amis de N.-D. des Loriots"),
            ("GRIP (Groupement régional d’initiatives paysannes)", "G.R.I.P."),
            ("GRIP – Groupement régional d’initiatives paysannes", "Groupement régional d’initiatives paysannes"),
            ("Réseau d’échanges réciproques de savoirs", "RERS de Gap"),
            ("Union départementale des associations familiales des Hautes-Alpes", "UDAF 05"),
        ],
    );
    here(false, &[("Réseau Partage et Habitat du Mont", "RPHMT"), ("Centre social d’Ancelme", "CSC d’Ancelme")]);
    let told: Side = ("Outils mutualisés pour les démarches", "commune=Gap; acronym=O.M.D.Q.");
    all(true, &[(told, ("OMDQ", "commune=Gap; street=3 rue Haute"))]);
}

#[test]
fn initials_are_shared_by_many() {
    let one: Side = ("Groupement Habitat et Entraide des Loriots", "commune=Gap; acronym=GHEL");
    let other: Side = ("Groupe Handicap et Éducation du Lac", "commune=Gap; acronym=GHEL");
    all(false, &[(one, other)]);
    all(false, &[(("GHEL", "commune=Gap; legal-name=Graines, herbes et laines"), one)]);
    all(
        false,
        &[(
            ("GHEL", "commune=Gap; legal-name=Graines, herbes, laines"),
            ("G.H.E.L.", "commune=Gap; legal-name=Club du bois"),
        )],
    );
    all(false, &[(("GHEL", "commune=Nantes"), one), (("GHEL", ""), one)]);
    all(
        true,
        &[(
            ("GHEL", "phone=04 65 71 00 00"),
            ("Groupement Habitat et Entraide des Loriots", "commune=Gap; phone=0465710000"),
        )],
    );
    let three: Side = ("Agence du Loriot rouge", "commune=Gap; phone=04 65 71 00 00");
    all(false, &[(three, ("ALR", "commune=Gap; phone=04 65 71 00 01"))]);
    all(true, &[(three, ("ALR", "commune=Gap"))]);
}

#[test]
fn numbers_come_first() {
    let numbered = |one: &'static str, other: &'static str| [(("La Bobine", one), ("Le Renard pêcheur", other))];
    all(true, &numbered("siret=732 829 320 00074", "siren=732829320; commune=Gap"));
    all(true, &numbered("siret=73282932000074", "siret=732 829 320 00074"));
    all(true, &numbered("rna=W051234567; siren=732829320", "rna=w051234567; siren=552100554"));
    let same = |one: &'static str, other: &'static str| [(("La Bobine", one), ("La Bobine", other))];
    all(false, &same("siren=732829320; commune=Gap", "siren=552100554; commune=Gap"));
    all(false, &same("rna=W051234567; commune=Gap", "rna=W051234568; commune=Gap"));
    all(false, &same("rna=W051234567; siren=732829320", "rna=W051234568; siren=732829320"));
    all(true, &same("siren=732829320; commune=Gap", "rna=W051234567; commune=Gap"));
}

#[test]
fn who_moves_shows_it() {
    let moved =
        |one: &'static str, other: &'static str| [(("Les Tisserands du Loriot", one), ("Tisserands du loriot", other))];
    all(
        true,
        &moved(
            "commune=Gap; street=3 rue Haute; phone=04 65 71 00 00",
            "commune=Gap; street=9 place Basse; phone=04 65 71 00 01",
        ),
    );
    all(true, &moved("commune=Nantes; web=https://loriots.example/", "commune=Rezé; web=http://www.loriots.example"));
    all(true, &moved("commune=Nantes; email=a@loriots.example", "commune=Gap; email=A@loriots.example"));
    all(true, &moved("commune=Nantes; phone=0465710000", "commune=Gap; phone=+33 4 65 71 00 00"));
    all(false, &moved("commune=Nantes", "commune=Gap"));
    all(false, &moved("commune=Nantes; web=https://loriots.example/", "commune=Gap; web=https://loriots.example/"));
    all(true, &moved("commune=Nantes", "commune=Rezé"));
    all(false, &moved("commune=Nantes; phone=0465710000", "commune=Rezé; phone=0465710001"));
}

#[test]
fn the_same_name_elsewhere_is_another() {
    let elsewhere = |name: &'static str, one: &'static str, other: &'static str| [((name, one), (name, other))];
    all(false, &elsewhere("Le Chat perché", "commune=Dijon", "commune=Besançon"));
    all(false, &elsewhere("La Ressourcerie", "commune=Nantes", "commune=Rezé"));
    all(false, &elsewhere("L’Épicerie paysanne", "commune=Die", ""));
    all(true, &elsewhere("La Bobine à vapeur", "commune=Die", ""));
    all(true, &elsewhere("Praxinor", "commune=Die; legal-form=cooperative", "legal-form=company"));
    all(false, &elsewhere("Praxinor", "commune=Die; legal-form=cooperative", "legal-form=association"));
    all(false, &elsewhere("La Bobine à vapeur", "commune=Brest", "rna=W353001234"));
    all(true, &elsewhere("La Bobine à vapeur", "commune=Brest", "rna=W291001234"));
    all(
        false,
        &[
            (
                ("La Maison du Loriot Nîmes", "commune=Nîmes; web=https://loriot.example"),
                ("La Maison du Loriot Arles", "commune=Arles; web=https://loriot.example"),
            ),
            (("Repair Café", "commune=Gap"), ("Repair Café de Tallard", "commune=Tallard")),
            (("Relais 05", "commune=Gap"), ("Le Relais", "commune=Gap; street=1 rue Haute")),
        ],
    );
}

#[test]
fn a_common_name_is_believed_in_its_commune_unless_something_speaks_against_it() {
    let shop =
        |one: &'static str, other: &'static str| [(("L’Épicerie solidaire", one), ("Épicerie solidaire", other))];
    all(true, &shop("commune=Lyon", "commune=Lyon"));
    all(false, &shop("commune=Lyon; phone=0465710000", "commune=Lyon; phone=0465710001"));
    all(
        true,
        &shop(
            "commune=Lyon; phone=0465710000; street=3 rue Haute",
            "commune=Lyon; phone=0465710001; street=3 rue Haute",
        ),
    );
}

#[test]
fn what_is_shared_beside_the_name_makes_nobody_one() {
    let all_but_name = "commune=Gap; street=3 rue Haute; phone=0465710000; email=accueil@maison.example";
    all(
        false,
        &[
            (("Le Renard pêcheur", all_but_name), ("La Bobine à vapeur", all_but_name)),
            (("Centre social Nord", all_but_name), ("Centre social Sud", all_but_name)),
            (
                ("Le Renard pêcheur", "commune=Gap; web=https://www.facebook.com/renard"),
                ("La Bobine", "commune=Gap; web=https://facebook.com/bobine"),
            ),
        ],
    );
    let whole = "commune=Gap; phone=0465710000; email=a@renard.example; web=https://renard.example";
    all(true, &[(("Le Renard pêcheur", whole), ("La Bobine à vapeur", whole))]);
}

#[test]
fn half_a_name_needs_two_ways_to_be_reached() {
    let half =
        |one: &'static str, other: &'static str| [(("La Fabrique du Vieux Loriot", one), ("Vieux Loriot", other))];
    let both = "commune=Gap; phone=0465710000; web=https://loriot.example";
    all(true, &half(both, both));
    all(false, &half(both, "commune=Gap; phone=0465710000"));
    all(false, &half(both, "commune=Gap"));
    let beside = [
        ("L’Atelier des Loriots", "commune=Gap; legal-form=association; phone=0465710000; web=https://loriot.example"),
        (
            "L’Atelier des Loriots Services",
            "commune=Gap; legal-form=cooperative; phone=0465710000; web=https://loriot.example",
        ),
    ];
    all(false, &[(beside[0], beside[1])]);
}

#[test]
fn the_web_name_of_one_may_be_the_name_of_the_other() {
    let old: Side = ("Sicaloriot", "commune=Gap; web=https://fermesduloriot.example");
    all(true, &[(old, ("Fermes du Loriot", "commune=Gap")), (old, ("Fermes du Loriot", "commune=Tallard"))]);
    all(false, &[(old, ("Fermes du Loriot", "commune=Nantes")), (old, ("Fermes du Loriot", ""))]);
    all(true, &[(("Loriotis Conseil", "commune=Gap; web=https://loriotis.example"), ("Loriotis", ""))]);
}

#[test]
fn a_verdict_tells_its_grounds() {
    let because = |one: Side, other: Side| judged(one, other).because;
    assert_eq!(
        because(
            ("Les Loriots", "commune=Gap; street=3 rue Haute; phone=0465710000; email=a@l.example; web=l.example"),
            ("Les Loriots", "commune=Gap; street=3 rue Haute; phone=0465710000; email=a@l.example; web=l.example"),
        ),
        "same-name, same-commune, same-address, same-phone, same-email, same-web"
    );
    assert_eq!(
        because(("Cie Loriot", "commune=Gap"), ("Compagnie Lorriot", "commune=Gap")),
        "name-spelt-otherwise, same-commune"
    );
    assert_eq!(because(("Les Loriots", "commune=Gap"), ("Les Loriots", "commune=Nantes")), "far-apart");
    assert_eq!(because(("Les Loriots", "commune=Gap"), ("Les Amis des Loriots", "commune=Gap")), "other-rank");
}
