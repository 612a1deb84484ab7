//! What is written to the address of a structure that nobody speaks for yet: the same for the crier, who sends it, and for the page that shows it beforehand.

use crate::catalogue::{Catalogue, Value};

/// Which letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sort {
    /// Somebody asked for it on the structure's page.
    Asked,
    /// An animator writes to all.
    Campaign,
}

/// What the letter is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct About<'a> {
    /// The structure's name.
    pub structure: &'a str,
    /// The network's name.
    pub network: &'a str,
    /// The network's address on the web.
    pub origin: &'a str,
    /// For how many days the link counts.
    pub days: u64,
}

/// A letter in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wording {
    /// Its subject.
    pub subject: String,
    /// Its greeting.
    pub greeting: String,
    /// What it says.
    pub lines: Vec<String>,
    /// What stands on its button.
    pub button: String,
    /// The closing words, and who writes.
    pub closing: [String; 2],
    /// Why one receives it.
    pub footer: String,
    /// The words of the link by which no more such letters come.
    pub stop: String,
}

/// The letter about a structure.
pub fn wording(catalogue: &Catalogue, sort: Sort, about: About<'_>) -> Wording {
    let gaps: [(&str, Value); 4] = [
        ("structure", about.structure.into()),
        ("network", about.network.into()),
        ("origin", about.origin.into()),
        ("days", about.days.into()),
    ];
    let tell = |name: &str| catalogue.tell(name, &gaps);
    let (subject, lines) = match sort {
        Sort::Asked => ("mail-claim-subject", ["mail-claim-intro", "mail-claim-how", "mail-claim-ignore"]),
        Sort::Campaign => {
            ("mail-takeover-subject", ["mail-takeover-intro", "mail-takeover-how", "mail-takeover-not-us"])
        }
    };
    Wording {
        subject: tell(subject),
        greeting: catalogue.say("mail-hello-visitor"),
        lines: lines.map(tell).into(),
        button: catalogue.say("mail-claim-button"),
        closing: [catalogue.say("mail-bye"), tell("mail-team")],
        footer: tell("mail-claim-footer"),
        stop: catalogue.say("mail-claim-stop"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_letter_names_structure_network_and_days_and_leaves_no_gap() {
        let about = About { structure: "L’Établi", network: "Alliance", origin: "https://alliance.test", days: 90 };
        for (sort, says) in [(Sort::Asked, "a demandé"), (Sort::Campaign, "en ligne")] {
            let said = wording(&Catalogue::french(), sort, about);
            let whole = [said.lines.join(" "), said.footer, said.closing.join(" ")].join(" ");
            assert!(said.subject.contains("L’Établi") && whole.contains("L’Établi"), "{whole}");
            assert!(whole.contains("90 jours") && whole.contains("https://alliance.test"), "{whole}");
            assert!(whole.contains(says) && whole.contains("L’équipe Alliance"), "{whole}");
            let all = [whole, said.subject, said.button, said.stop, said.greeting].concat();
            assert!(!all.contains('{') && !all.contains("mail-"), "{all}");
        }
    }
}
