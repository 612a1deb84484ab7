//! What handlebars costs by itself: a page of twenty cards, filled in. `pes bench site` holds our own pages against it.

use crate::WordsError;
use handlebars::Handlebars;
use serde_json::{Value, json};

const PAGE: &str = "<!DOCTYPE html>\n<html lang=\"fr\">\n<head>\n<meta charset=\"utf-8\">\n<title>{{title}}</title>\n</head>\n<body>\n<main>\n\
                    {{#each cards}}<article>\n<h3><a href=\"{{url}}\">{{title}}</a></h3>\n<p>{{lead}}</p>\n\
                    <ul>{{#each facts}}<li>{{this}}</li>{{/each}}</ul>\n</article>\n{{/each}}</main>\n</body>\n</html>\n";

/// A template of handlebars, and what is filled in.
#[expect(missing_debug_implementations, reason = "templates have none that say anything")]
pub struct Bare {
    templates: Handlebars<'static>,
    data: Value,
}

impl Bare {
    /// Reads the template.
    ///
    /// # Errors
    /// [`WordsError`].
    pub fn new() -> Result<Self, WordsError> {
        let mut templates = Handlebars::new();
        templates.register_template_string("page", PAGE).map_err(|e| broken(&e))?;
        let card = |number: u32| {
            let lead =
                "Machines à bois, forge légère et imprimantes 3D, ouvertes à qui veut apprendre, réparer ou fabriquer.";
            json!({
                "title": format!("L’Atelier partagé n° {number}"), "lead": lead,
                "url": format!("https://reseau.example/id/structure/{number}"), "facts": ["Nice", "association"],
            })
        };
        let cards: Vec<Value> = (0..20).map(card).collect();
        Ok(Self { templates, data: json!({ "title": "Structures", "cards": cards }) })
    }

    /// Fills it in.
    ///
    /// # Errors
    /// [`WordsError`].
    pub fn page(&self) -> Result<String, WordsError> {
        self.templates.render("page", &self.data).map_err(|e| broken(&e))
    }
}

fn broken(why: &impl ToString) -> WordsError {
    WordsError { template: "page".into(), why: why.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_has_twenty_cards_filled_in() {
        let page = Bare::new().unwrap().page().unwrap();
        assert_eq!(page.matches("<article>").count(), 20);
        assert!(page.contains("L’Atelier partagé n° 19") && page.contains("<li>Nice</li>"), "{page}");
    }
}
