//! How an accord is said: what it answers, by whom, and how.

use crate::reader::Node;
use crate::writer::Writer;
use crate::{Refusal, terms};
use pes_domain::accord::{Accord, Answer};
use pes_domain::{Code, List};

pub(crate) fn write(one: &Accord, to: &mut Writer) {
    to.is_a("", terms::ACCORD);
    to.reference(terms::ABOUT, "about", Some(&one.about));
    to.reference(terms::BY, "by", Some(&one.by));
    to.codes(terms::ANSWER, [&Code::new(List::AccordAnswer, one.answer.notation())]);
    to.tenths(terms::QUANTITY, one.quantity);
    to.text("", terms::DESCRIPTION, one.detail.as_deref());
}

pub(crate) fn read(from: Node<'_>) -> Result<Accord, Refusal> {
    from.check_is_a(terms::ACCORD)?;
    let answer = from.required_code(terms::ANSWER)?;
    let answer = Answer::named(answer.notation()).filter(|_| answer.list() == List::AccordAnswer);
    let side = |property| from.reference(property)?.ok_or(Refusal::Missing(property));
    Ok(Accord {
        about: side(terms::ABOUT)?,
        by: side(terms::BY)?,
        answer: answer.ok_or(Refusal::WrongType { property: terms::ANSWER, expected: "an answer" })?,
        quantity: from.tenths(terms::QUANTITY)?,
        detail: from.text(terms::DESCRIPTION)?,
    })
}
