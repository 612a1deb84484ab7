//! How what was typed was understood, and how else it can be.

use crate::asked::{Asked, NO_LIMIT};
use crate::porch::Porch;
use crate::views::filters::{escaped, query};
use pes_domain::Draft;
use pes_domain::place::Place;
use pes_search::{Found, UnderstoodPlace};
use serde::Serialize;

/// How what was typed was taken, where that is not just as it was typed.
///
/// Beside what was asked, whether nothing was near enough of it and so what is nearest is shown.
pub(crate) fn understood(porch: &Porch, (asked, is_beyond): (&Asked, bool), found: &Found) -> Vec<String> {
    let (understood, words) = (&found.understood, &asked.query.words);
    let is_unread = !words.trim().is_empty() && !words.contains(char::is_alphanumeric);
    let catalogue = porch.words.catalogue();
    let place = understood.place.as_ref();
    let place = place.map(|place| catalogue.tell("understood-place", &[("place", place.label.clone().into())]));
    let nearest = understood.nearest_to.as_ref();
    let nearest = nearest.map(|place| catalogue.tell("understood-nearest", &[("place", place.label.clone().into())]));
    let beyond = asked.place.around.as_ref().filter(|_| is_beyond);
    let beyond = beyond.map(|(place, km)| {
        let gaps = [("place", place.name.as_str().into()), ("km", u64::from(km.unwrap_or_default()).into())];
        catalogue.tell("understood-beyond", &gaps)
    });
    // Where any word is enough, that says enough.
    let forgiving = (understood.forgiving && !understood.any_word).then(|| porch.say("understood-forgiving"));
    let any_word = understood.any_word.then(|| porch.say("understood-any-word"));
    let unread = is_unread.then(|| porch.say("understood-nothing"));
    let place = place.into_iter().chain(nearest).chain(beyond);
    place.chain(forgiving).chain(any_word).chain(unread).collect()
}

/// Another way to take what was typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub(crate) struct Offer {
    pub(crate) label: String,
    pub(crate) url: String,
}

/// How else what was typed can be taken: word by word, where a place was read among the words; as a place, where one may be; and with the right
/// name of a commune.
pub(crate) fn offers(porch: &Porch, path: &str, chosen: &Draft, found: &Found) -> Vec<Offer> {
    let (understood, catalogue) = (&found.understood, porch.words.catalogue());
    let literal = understood.place.as_ref().or(understood.nearest_to.as_ref()).map(|_| Offer {
        label: porch.say("understood-literal"),
        url: format!("{path}?{}mots=1", query(chosen, &["page"])),
    });
    let place = understood.place_offered.as_ref().map(|place| {
        let areas = place.areas.iter().map(|area| format!("&territoire={}", escaped(&area.to_form())));
        let kept = query(chosen, &["page", "q", "territoire"]);
        Offer {
            label: catalogue.tell("understood-place-offered", &[("place", place.label.clone().into())]),
            url: format!("{path}?{kept}q={}{}", escaped(&place.rest), areas.collect::<String>()),
        }
    });
    let commune = |place: &UnderstoodPlace| porch.rules().gazetteer.commune(&place.areas.first()?.code).map(Place::of);
    let near = understood.nearness_offered.as_ref().and_then(|place| Some((place, commune(place)?)));
    let near = near.map(|(place, commune)| Offer {
        label: catalogue.tell("understood-nearness-offered", &[("place", place.label.clone().into())]),
        url: format!(
            "{path}?{}q={}&lieu={}&rayon={NO_LIMIT}",
            query(chosen, &["page", "q", "lieu", "rayon", "tri"]),
            escaped(&place.rest),
            escaped(&commune.to_form())
        ),
    });
    let meant = understood.commune_meant.as_ref().map(|meant| Offer {
        label: catalogue.tell("understood-commune-meant", &[("place", meant.label.clone().into())]),
        url: format!("{path}?{}q={}", query(chosen, &["page", "q"]), escaped(&meant.words)),
    });
    literal.into_iter().chain(place).chain(near).chain(meant).collect()
}
