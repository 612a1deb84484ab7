//! Answers to a record, and the conversation that follows.

use crate::answered::Answered;
use crate::failure::Failure;
use crate::pages::{Leaf, RecordPath, iri_of};
use crate::porch::Porch;
use crate::shelf;
use crate::typed::Typed;
use crate::views::{Form, FormView, Notice, takes_answers};
use crate::visit::Visit;
use actix_web::http::StatusCode;
use actix_web::web;
use pes_domain::{Draft, Kind, Problem, RecordIri};
use pes_people::PeopleError;
use pes_people::conversations::{Copy, Subject};
use pes_words::dates;
use serde::Serialize;
use time::UtcDateTime;

pub(crate) fn configure(app: &mut web::ServiceConfig) {
    for path in ["/id/{kind}/{uuid}/repondre", "/chez/{host}/{kind}/{uuid}/repondre"] {
        app.route(path, web::get().to(blank));
        app.route(path, web::post().to(answer));
    }
    app.route("/reponses/{token}", web::get().to(conversation));
    app.route("/reponses/{token}", web::post().to(say));
    app.route("/reponses/{token}/confirmer", web::post().to(confirm));
    app.route("/reponses/{token}/clore", web::get().to(ask_close));
    app.route("/reponses/{token}/clore", web::post().to(close));
}

#[derive(Debug, Serialize)]
struct ConversationView {
    title: String,
    record_url: Option<String>,
    is_confirmed: bool,
    words: Vec<WordView>,
    token: String,
    form: FormView,
}

#[derive(Debug, Serialize)]
struct WordView {
    author: String,
    is_ours: bool,
    paragraphs: Vec<Vec<String>>,
    when: String,
    /// What is to be known about it: that it has not arrived yet.
    remark: Option<String>,
}

async fn blank(porch: web::Data<Porch>, visit: Visit, path: web::Path<RecordPath>) -> Result<Answered, Failure> {
    porch
        .off(move |porch| {
            let subject = subject(porch, &visit, &iri_of(porch, &path)?)?;
            if needs_account(porch, &visit) {
                return ask_for_account(porch, &visit, &subject);
            }
            show_form(porch, &visit, &subject, &Draft::default(), &[])
        })
        .await
}

async fn answer(porch: web::Data<Porch>, typed: Typed, path: web::Path<RecordPath>) -> Result<Answered, Failure> {
    porch
        .off(move |porch| {
            let visit = &typed.visit;
            let subject = subject(porch, visit, &iri_of(porch, &path)?)?;
            if needs_account(porch, visit) {
                return Ok(ask_for_account(porch, visit, &subject)?.status(StatusCode::UNAUTHORIZED));
            }
            let account = visit.viewer.as_ref().map(|viewer| &viewer.account);
            // What is no answer yet counts as a form, like any other, and not as one of the few letters that a visitor makes us send.
            let checked = porch.people.check_answer(&typed.draft, account);
            if account.is_none() && checked.is_ok() {
                porch.limits.letter(typed.from)?;
            }
            match checked.and_then(|()| porch.people.answer(&subject, &typed.draft, account, visit.now)) {
                Ok(begun) if begun.awaits_confirmation => {
                    let page = subject.record.page_at(&porch.site.origin);
                    let view = Notice::of(porch, "answer-to-confirm", &page, "go-back");
                    Leaf::new("notice", &view.title.clone()).page(porch, visit, &view)
                }
                Ok(_) => Ok(Answered::see(&format!("{}?fait=repondu", subject.record.page_at(&porch.site.origin)))),
                Err(PeopleError::Typed(problems)) => {
                    let mut page = show_form(porch, visit, &subject, &typed.draft, &problems)?;
                    page.status = StatusCode::UNPROCESSABLE_ENTITY;
                    Ok(page)
                }
                Err(error) => Err(error.into()),
            }
        })
        .await
}

/// Without mails a visitor could neither confirm an address nor hear of an answer.
fn needs_account(porch: &Porch, visit: &Visit) -> bool {
    visit.viewer.is_none() && !porch.site.sends_mail
}

fn ask_for_account(porch: &Porch, visit: &Visit, subject: &Subject) -> Result<Answered, Failure> {
    let page = subject.record.page_at(&porch.site.origin);
    let view = Notice::signing_in(porch, "answer-account", &visit.path).and(page, "go-back", porch);
    Leaf::new("notice", &view.title.clone()).back(&visit.path).page(porch, visit, &view)
}

/// The record that is answered, if this visitor may see it and it is of those that are answered.
fn subject(porch: &Porch, visit: &Visit, iri: &RecordIri) -> Result<Subject, Failure> {
    let shown = shelf::find(porch, visit, iri)?;
    // What offers no button takes no answer either.
    if !takes_answers(&shown) {
        return Err(Failure::Absent);
    }
    Ok(Subject { record: iri.clone(), title: shown.record.title() })
}

fn show_form(
    porch: &Porch,
    visit: &Visit,
    subject: &Subject,
    draft: &Draft,
    problems: &[Problem],
) -> Result<Answered, Failure> {
    let page = subject.record.page_at(&porch.site.origin);
    let action = format!("{page}/repondre");
    let form = Form::new(porch, draft, problems, "answer", &action).required_area("text").required("name");
    let form = if visit.viewer.is_some() { form } else { form.email("email").submit("answer-submit-visitor") };
    let mut view = form.finish();
    let is_structure = subject.record.kind() == Some(Kind::Structure);
    let key = if is_structure { "answer-title-structure" } else { "answer-title" };
    if is_structure {
        view.intro = Some(porch.say("answer-intro-structure"));
    }
    view.title = porch.words.catalogue().tell(key, &[("title", subject.title.as_str().into())]);
    view.cancel = Some(page);
    Leaf::new("form", &view.title.clone()).page(porch, visit, &view)
}

async fn conversation(porch: web::Data<Porch>, visit: Visit, token: web::Path<String>) -> Result<Answered, Failure> {
    porch
        .off(move |porch| {
            let copy = porch.people.conversation(&token)?;
            show_conversation(porch, &visit, (&token, &copy), &Draft::default(), &[])
        })
        .await
}

async fn say(porch: web::Data<Porch>, typed: Typed, token: web::Path<String>) -> Result<Answered, Failure> {
    porch
        .off(move |porch| match porch.people.say(&token, &typed.draft, typed.visit.now) {
            Ok(()) => Ok(Answered::see(&format!("/reponses/{token}"))),
            Err(PeopleError::Typed(problems)) => {
                let copy = porch.people.conversation(&token)?;
                let mut page = show_conversation(porch, &typed.visit, (&token, &copy), &typed.draft, &problems)?;
                page.status = StatusCode::UNPROCESSABLE_ENTITY;
                Ok(page)
            }
            Err(error) => Err(error.into()),
        })
        .await
}

/// The button behind the mailed link: opening the link does nothing, since mail scanners open links.
async fn confirm(porch: web::Data<Porch>, typed: Typed, token: web::Path<String>) -> Result<Answered, Failure> {
    porch
        .off(move |porch| {
            porch.people.confirm(&token, typed.visit.now)?;
            Ok(Answered::see(&format!("/reponses/{token}")))
        })
        .await
}

/// Closing has no way back: its page says so, and its button does it.
async fn ask_close(porch: web::Data<Porch>, visit: Visit, token: web::Path<String>) -> Result<Answered, Failure> {
    porch
        .off(move |porch| {
            let copy = porch.people.conversation(&token)?;
            let (action, back) = (format!("/reponses/{token}/clore"), format!("/reponses/{token}"));
            let mut view = Notice::asking(porch, "close", action, back);
            view.lines.insert(0, copy.conversation.title);
            Leaf::new("notice", &view.title.clone()).page(porch, &visit, &view)
        })
        .await
}

async fn close(porch: web::Data<Porch>, typed: Typed, token: web::Path<String>) -> Result<Answered, Failure> {
    porch
        .off(move |porch| {
            porch.people.close(&token)?;
            let view = Notice::of(porch, "conversation-closed", "/", "go-home");
            Leaf::new("notice", &view.title.clone()).page(porch, &typed.visit, &view)
        })
        .await
}

fn show_conversation(
    porch: &Porch,
    visit: &Visit,
    (token, copy): (&str, &Copy),
    draft: &Draft,
    problems: &[Problem],
) -> Result<Answered, Failure> {
    let conversation = &copy.conversation;
    let form = Form::new(porch, draft, problems, "word", &format!("/reponses/{token}")).required_area("text").finish();
    let record = RecordIri::read(&conversation.record);
    let view = ConversationView {
        title: conversation.title.clone(),
        record_url: record.map(|iri| iri.page_at(&porch.site.origin)),
        is_confirmed: conversation.is_confirmed,
        words: copy.words.iter().map(|word| word_view(porch, word, conversation.is_confirmed)).collect(),
        token: token.to_owned(),
        form,
    };
    Leaf::new("conversation", &view.title.clone()).page(porch, visit, &view)
}

fn word_view(porch: &Porch, word: &pes_store::conversations::Message, has_left: bool) -> WordView {
    let at = UtcDateTime::from_unix_timestamp(word.created).unwrap_or(UtcDateTime::UNIX_EPOCH);
    WordView {
        author: word.author.clone(),
        is_ours: word.is_ours,
        paragraphs: crate::views::paragraphs(&word.body),
        when: dates::moment(at),
        remark: (word.is_ours && word.is_due && has_left).then(|| porch.say("word-on-its-way")),
    }
}
