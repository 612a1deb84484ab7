//! Templates, filled in with what a page or a mail shows. Strict: a template that names what its data does not have
//! fails, in a test first.

use crate::catalogue::{Catalogue, Value};
use handlebars::{Context, Handlebars, Helper, HelperResult, Output, RenderContext, RenderErrorReason};
use serde::Serialize;
use std::fmt;
use std::sync::Arc;
use thiserror::Error;

/// A template that cannot be read or filled in: a fault of the program.
#[derive(Debug, Error)]
#[error("the template {template} is broken: {why}")]
pub struct WordsError {
    /// Which.
    pub template: String,
    /// Why.
    pub why: String,
}

/// How what is filled in is escaped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Escape {
    /// For HTML, in text and in quoted attributes.
    Html,
    /// Not at all: for the text part of a mail.
    Plain,
}

/// The templates of one room, by name.
pub struct Engine {
    templates: Handlebars<'static>,
    catalogue: Arc<Catalogue>,
}

impl Engine {
    /// Reads templates. Each may call every other as a partial (`{{> name}}`) and every sentence of the catalogue
    /// (`{{t "name" gap=value}}`).
    ///
    /// # Errors
    /// [`WordsError`] for a template that cannot be read.
    pub fn new(templates: &[(&str, &str)], escape: Escape, catalogue: Arc<Catalogue>) -> Result<Self, WordsError> {
        let mut engine = Handlebars::new();
        engine.set_strict_mode(true);
        if escape == Escape::Plain {
            engine.register_escape_fn(handlebars::no_escape);
        }
        for (name, text) in templates {
            let read = engine.register_template_string(name, text);
            read.map_err(|e| WordsError { template: (*name).to_owned(), why: e.to_string() })?;
        }
        let words = Arc::clone(&catalogue);
        engine.register_helper(
            "t",
            Box::new(
                move |call: &Helper<'_>,
                      engine: &Handlebars<'_>,
                      _: &Context,
                      _: &mut RenderContext<'_, '_>,
                      out: &mut dyn Output|
                      -> HelperResult {
                    let text = sentence(call, &words)?;
                    out.write(&engine.get_escape_fn()(&text))?;
                    Ok(())
                },
            ),
        );
        Ok(Self { templates: engine, catalogue })
    }

    /// The sentences its templates call.
    pub fn catalogue(&self) -> &Catalogue {
        &self.catalogue
    }

    /// Fills a template in.
    ///
    /// # Errors
    /// [`WordsError`] when it names what the data does not have.
    pub fn render(&self, template: &str, data: &impl Serialize) -> Result<String, WordsError> {
        let rendered = self.templates.render(template, data);
        rendered.map_err(|e| WordsError { template: template.to_owned(), why: e.to_string() })
    }
}

/// The sentence a template calls: its name first, then its gaps by name.
fn sentence(call: &Helper<'_>, catalogue: &Catalogue) -> Result<String, RenderErrorReason> {
    let name = call.param(0).and_then(|name| name.value().as_str());
    let name = name.ok_or(RenderErrorReason::ParamNotFoundForIndex("t", 0))?;
    if !catalogue.has(name) {
        return Err(RenderErrorReason::Other(format!("the catalogue has no sentence named {name}")));
    }
    let gaps = call.hash().iter().map(|(gap, value)| {
        let value = value.value();
        let filled = match (value.as_f64(), value.as_str()) {
            (Some(number), _) => Value::Number(number),
            (None, Some(text)) => Value::Text(text.to_owned()),
            (None, None) => Value::Text(String::new()),
        };
        (*gap, filled)
    });
    Ok(catalogue.tell(name, &gaps.collect::<Vec<_>>()))
}

impl fmt::Debug for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Engine")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn engine(escape: Escape, text: &str) -> Engine {
        let partial = ("greeting", "{{t \"from-network\" network=name}}");
        Engine::new(&[("page", text), partial], escape, Arc::new(Catalogue::french())).unwrap()
    }

    #[test]
    fn what_is_filled_in_is_escaped_for_html() {
        let engine = engine(Escape::Html, "<p title=\"{{name}}\">{{> greeting}}</p>");
        let page = engine.render("page", &json!({"name": "<b>\"A\" & 'B'"})).unwrap();
        assert_eq!(
            page,
            "<p title=\"&lt;b&gt;&quot;A&quot; &amp; &#x27;B&#x27;\">Par le réseau &lt;b&gt;&quot;A&quot; &amp; &#x27;B&#x27;</p>"
        );
    }

    #[test]
    fn a_mail_s_text_is_not_escaped() {
        let engine = engine(Escape::Plain, "{{name}} & {{t \"results\" count=count}}");
        assert_eq!(engine.render("page", &json!({"name": "L’<A>", "count": 3})).unwrap(), "L’<A> & 3 résultats");
    }

    #[test]
    fn a_template_that_names_what_is_not_there_fails() {
        let broken = engine(Escape::Html, "{{nobody}}");
        assert_eq!(broken.render("page", &json!({})).unwrap_err().template, "page");
        let unsaid = engine(Escape::Html, "{{t \"no-such-sentence\"}}");
        assert!(unsaid.render("page", &json!({})).unwrap_err().why.contains("no-such-sentence"));
        let unread = Engine::new(&[("page", "{{#if}}")], Escape::Html, Arc::new(Catalogue::french()));
        assert!(unread.is_err());
    }
}
