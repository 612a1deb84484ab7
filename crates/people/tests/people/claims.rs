//! Who speaks for a sheet: what is asked for, what a link opens, whom a campaign would write to, and what each of them leaves in the database.

use crate::bed::{self, Bed, NOW, STRUCTURE, bed, structure, typed};
use pes_domain::{Audience, Body, Kind, Record, RecordIri, Rules, Thesaurus};
use pes_people::PeopleError;
use pes_people::claims::{self as claiming, Claim, LEFT_ALONE};
use pes_store::claims::{self, ASKED, ClaimLetter, Standing};
use pes_store::own_records::{self, Moderation, OwnRecord};
use pes_store::rights;
use pes_store::tokens::LinkSecret;
use time::{Duration, UtcDateTime};

const ADDRESS: &str = "contact@etabli.example";

/// A sheet that an import made, with a mail address.
fn unclaimed(iri: &str, address: Option<&str>) -> OwnRecord {
    let mut fields = vec![("name", "L’Établi"), ("is-unclaimed", "on")];
    if let Some(address) = address {
        fields.extend([("contact-medium", "email"), ("contact-value", address), ("contact-audience", "private")]);
    }
    let rules = Rules::new(Thesaurus::default());
    let born = (RecordIri::read(iri).unwrap(), NOW);
    // The codes of media are another crate's: the one that is needed is put in by hand.
    let record = Record::raise(Kind::Structure, born, &typed(&fields[..2]), NOW, &rules).unwrap();
    let contacts = pes_domain::contact::raise(&typed(&fields[2..]), Audience::Network).unwrap();
    let Body::Structure(mut body) = record.body else { panic!() };
    body.contacts = contacts;
    let record = Record { body: Body::Structure(body), ..record };
    OwnRecord { moderation: Moderation::Published, author: None, version: 1, record }
}

fn links() -> LinkSecret {
    LinkSecret::new("0".repeat(64))
}

impl Bed {
    fn claim_letters(&self) -> Vec<ClaimLetter> {
        self.read(claims::all)
    }

    fn sent(&self, letter: &ClaimLetter, at: UtcDateTime) {
        self.write(|link| claims::mark(link, &letter.id, Standing::Sent, Some(at.unix_timestamp())));
    }

    /// Where the link of a letter leads.
    fn opens(&self, letter: &ClaimLetter, now: UtcDateTime) -> Result<Claim, PeopleError> {
        let path = claims::path(&links(), &letter.id);
        self.people.claim(&letter.id, path.rsplit('/').next().unwrap(), now)
    }

    fn is_open(&self, letter: &ClaimLetter, now: UtcDateTime) -> bool {
        matches!(self.opens(letter, now), Ok(Claim::Open(_)))
    }
}

#[test]
fn asking_writes_one_row_a_day_whether_or_not_there_is_an_address() {
    for (address, standing) in [(Some(ADDRESS), Standing::Due), (None, Standing::Dropped)] {
        let bed = bed();
        bed.keep(&unclaimed(STRUCTURE, address));
        for hours in [0, 1, 23] {
            bed.people.ask_for_claim(STRUCTURE, NOW + Duration::hours(hours)).unwrap();
        }
        let letters = bed.claim_letters();
        assert_eq!((letters.len(), letters[0].standing, letters[0].campaign), (1, standing, ASKED));
        bed.people.ask_for_claim(STRUCTURE, NOW + Duration::hours(25)).unwrap();
        assert_eq!(bed.claim_letters().len(), 2);
    }
}

#[test]
fn nobody_asks_about_what_is_somebody_s_or_not_shown_or_not_there() {
    let bed = bed();
    let asks = || bed.people.ask_for_claim(STRUCTURE, NOW);
    assert!(matches!(asks(), Err(PeopleError::Unknown)));
    bed.keep(&structure("Le Phare"));
    assert!(matches!(asks(), Err(PeopleError::Unknown)));
    bed.keep(&OwnRecord { moderation: Moderation::Proposed, ..unclaimed(STRUCTURE, Some(ADDRESS)) });
    assert!(matches!(asks(), Err(PeopleError::Unknown)));
    assert!(bed.claim_letters().is_empty());
}

#[test]
fn an_address_that_wants_no_letters_is_asked_for_in_vain() {
    let bed = bed();
    bed.keep(&unclaimed(STRUCTURE, Some(ADDRESS)));
    let digest = claims::digest_of(&links(), ADDRESS);
    let token = claims::stop_path(&links(), &digest).rsplit('/').next().unwrap().to_owned();
    assert!(bed.people.check_stop(&digest, "x").is_err() && bed.people.check_stop("x", &token).is_err());
    assert!(matches!(bed.people.refuse_claim_letters(&digest, "x", NOW), Err(PeopleError::Unknown)));
    assert!(bed.read(claims::refusals).is_empty());
    for _ in 0..2 {
        bed.people.refuse_claim_letters(&digest, &token, NOW).unwrap();
    }
    bed.people.ask_for_claim(STRUCTURE, NOW).unwrap();
    assert_eq!(bed.claim_letters()[0].standing, Standing::Dropped);
    assert_eq!(bed.people.outlook(NOW).unwrap().refused, 1);
}

#[test]
fn a_link_opens_while_the_sheet_is_nobody_s_has_that_address_and_the_time_is_not_up() {
    let bed = bed();
    bed.keep(&unclaimed(STRUCTURE, Some(ADDRESS)));
    bed.people.ask_for_claim(STRUCTURE, NOW).unwrap();
    let letter = bed.claim_letters().remove(0);
    bed.sent(&letter, NOW);
    assert!(bed.is_open(&letter, NOW + Duration::days(13)) && !bed.is_open(&letter, NOW + Duration::days(14)));
    assert!(matches!(bed.people.claim(&letter.id, "x", NOW), Err(PeopleError::Unknown)));
    let nobody_s = ClaimLetter { id: "another".into(), ..letter.clone() };
    assert!(matches!(bed.opens(&nobody_s, NOW), Err(PeopleError::Unknown)), "a token of ours, and no letter");
    bed.keep(&unclaimed(STRUCTURE, Some("Contact@Etabli.example")));
    assert!(bed.is_open(&letter, NOW), "an address is the same in capitals");
    bed.keep(&unclaimed(STRUCTURE, Some("autre@etabli.example")));
    assert!(matches!(bed.opens(&letter, NOW), Ok(Claim::Over(_))));
    bed.keep(&OwnRecord { moderation: Moderation::Blocked, ..unclaimed(STRUCTURE, Some(ADDRESS)) });
    assert!(!bed.is_open(&letter, NOW));
    bed.keep(&unclaimed(STRUCTURE, Some(ADDRESS)));
    let marie = bed.marie();
    bed.write(|link| claiming::give(link, &marie, STRUCTURE, NOW));
    assert!(!bed.is_open(&letter, NOW), "once");
    bed.write(|link| own_records::erase(link, STRUCTURE));
    assert!(matches!(bed.opens(&letter, NOW), Err(PeopleError::Unknown)));
}

#[test]
fn who_takes_over_belongs_edits_and_is_told_and_what_they_had_asked_for_is_theirs() {
    let bed = bed();
    let marie = bed.marie();
    bed.give(&marie, false, false);
    bed.write(|link| claiming::give(link, &marie, STRUCTURE, NOW));
    let rights = bed.read(rights::all);
    assert_eq!(rights.len(), 1);
    assert!(rights[0].is_confirmed && rights[0].may_edit && rights[0].wants_notices);
    let viewer = bed.viewer(&marie);
    assert!(viewer.edits(&RecordIri::read(STRUCTURE).unwrap()) && viewer.is_member());
}

#[test]
fn a_campaign_writes_to_each_once_in_ninety_days_and_tells_how_it_went() {
    let bed = bed();
    let iri = |number: u8| STRUCTURE.replace("1b4e", &format!("1b{number:02}"));
    for number in 0..4 {
        let address = format!("n{number}@etabli.example");
        bed.keep(&unclaimed(&iri(number), Some(&address).filter(|_| number < 3).map(String::as_str)));
    }
    let outlook = bed.people.outlook(NOW).unwrap();
    assert_eq!((outlook.unclaimed, outlook.with_address, outlook.ready.len()), (4, 3, 3));
    assert_eq!(bed.people.begin_campaign(NOW).unwrap(), 3);
    assert_eq!(bed.people.begin_campaign(NOW).unwrap(), 0, "a second press finds nobody");
    let letters = bed.claim_letters();
    bed.sent(&letters[0], NOW + Duration::MINUTE);
    bed.sent(&letters[1], NOW + Duration::HOUR);
    bed.write(|link| claims::mark(link, &letters[2].id, Standing::Refused, Some(NOW.unix_timestamp())));
    let marie = bed.marie();
    bed.write(|link| claiming::give(link, &marie, &letters[0].structure, NOW));
    let outlook = bed.people.outlook(NOW).unwrap();
    let told = outlook.campaigns[0];
    assert_eq!((told.begun, told.due, told.sent, told.refused, told.taken), (NOW.unix_timestamp(), 0, 2, 1, 1));
    assert_eq!(told.last, Some((NOW + Duration::HOUR).unix_timestamp()));
    assert_eq!(outlook.ready.len(), 1, "the one that the mail server refused");
    let later = NOW + LEFT_ALONE + Duration::HOUR;
    assert_eq!(bed.people.outlook(later).unwrap().ready.len(), 3);
    assert_eq!(bed.people.begin_campaign(later).unwrap(), 3);
    let begun: Vec<i64> = bed.people.outlook(later).unwrap().campaigns.iter().map(|one| one.begun).collect();
    assert_eq!(begun, [later.unix_timestamp(), NOW.unix_timestamp()], "the newest first");
    assert_eq!(bed.people.stop_campaigns(later).unwrap(), 3);
    assert_eq!(bed.people.stop_campaigns(later).unwrap(), 0);
}

#[test]
fn letters_that_were_asked_for_are_counted_apart() {
    let bed = bed();
    bed.keep(&unclaimed(STRUCTURE, Some(ADDRESS)));
    bed.people.ask_for_claim(STRUCTURE, NOW).unwrap();
    assert_eq!(bed.people.outlook(NOW).unwrap().asked, (0, 0));
    let letter = bed.claim_letters().remove(0);
    bed.sent(&letter, NOW);
    assert_eq!(bed.people.outlook(NOW).unwrap().asked, (1, 0));
    assert_eq!(bed.people.outlook(NOW).unwrap().ready.len(), 1, "a campaign may still write");
    let marie = bed.marie();
    bed.write(|link| claiming::give(link, &marie, STRUCTURE, NOW));
    let outlook = bed.people.outlook(NOW).unwrap();
    assert_eq!((outlook.asked, outlook.campaigns.len()), ((1, 1), 0));
}

#[test]
fn no_table_of_letters_holds_an_address() {
    let bed = bed::file_node("apeas");
    bed.keep(&unclaimed(STRUCTURE, Some(ADDRESS)));
    bed.people.begin_campaign(NOW).unwrap();
    bed.people.ask_for_claim(STRUCTURE, NOW).unwrap();
    let letter = bed.claim_letters().remove(0);
    bed.write(|link| claims::refuse(link, &letter.address, NOW.unix_timestamp()));
    bed.write(|link| own_records::erase(link, STRUCTURE));
    bed.store.settle().unwrap();
    assert!(bed.claim_letters().is_empty() && !bed.holds(ADDRESS), "with the record nothing of it is left");
    assert!(bed.holds(&letter.address), "but that it wants no letters");
}
