//! The network between the nodes: what it loses, delays, doubles and parts; the clocks of the nodes; and a hub that lies.

use crate::bed::{self, START};
use crate::dice::Dice;
use crate::village::{NAMES, Name};
use pes_sync::desk::Request;
use pes_sync::{Answer, Ask, Outcome};
use std::collections::{BTreeMap, HashMap, HashSet};
use time::{Duration, UtcDateTime};

/// How long whoever asks waits for an answer, in seconds.
const TIMEOUT: i64 = 30;

pub struct Network {
    pub now: UtcDateTime,
    pub dice: Dice,
    /// Nodes that nobody reaches.
    pub down: HashSet<Name>,
    /// Pairs of nodes between which nothing passes.
    pub cut: HashSet<(Name, Name)>,
    /// Nodes that take in what they are sent, and answer after this many seconds.
    pub slow: BTreeMap<Name, i64>,
    /// How far the clocks of nodes are off.
    pub skew: BTreeMap<Name, Duration>,
    /// How many requests in a hundred are lost on the way, and how many answers.
    pub loss: u64,
    /// How many in a hundred arrive again later.
    pub twice: u64,
    /// How many in a hundred arrive so late that nobody waits for the answer any more.
    pub delay: u64,
    /// Within how many seconds what is late arrives.
    pub latest: u64,
    /// What the hub does to what passes through its hands, each so often in a hundred.
    pub lies: u64,
    pub asked: u64,
    /// Requests that are still on their way, and nobody waits for.
    pub late: Vec<(UtcDateTime, Name, Request)>,
    /// What the hub answered first to each question.
    first_answers: HashMap<(Name, String), Answer>,
}

/// A request that was sent: when its outcome is known to whoever asked, and which it is.
pub struct Flight {
    pub due: UtcDateTime,
    pub outcome: Outcome,
}

/// What becomes of a request on its way.
pub enum Fate {
    /// It does not arrive, now or ever.
    Lost(&'static str),
    /// It arrives, and the answer does or does not come back.
    Arrives { is_heard: bool },
    /// It arrives when nobody waits any more.
    Late,
}

impl Network {
    pub fn new(seed: u64) -> Self {
        Self {
            now: START,
            dice: Dice(seed),
            down: HashSet::new(),
            cut: HashSet::new(),
            slow: BTreeMap::new(),
            skew: BTreeMap::new(),
            loss: 0,
            twice: 0,
            delay: 0,
            latest: 1,
            lies: 0,
            asked: 0,
            late: Vec::new(),
            first_answers: HashMap::new(),
        }
    }

    /// What a node takes for the time.
    pub fn clock(&self, name: Name) -> UtcDateTime {
        self.now + self.skew.get(name).copied().unwrap_or_default()
    }

    /// From here on everything arrives, once, soon and truly; what was on its way is gone.
    pub fn calm(&mut self) {
        (self.loss, self.twice, self.delay, self.lies) = (0, 0, 0, 0);
        self.down.clear();
        self.cut.clear();
        self.slow.clear();
        self.skew.clear();
        self.late.clear();
    }

    /// Parts the nodes in two: nothing passes between those in the list and the others.
    pub fn part(&mut self, some: &[Name]) {
        let others = NAMES.into_iter().filter(|name| !some.contains(name));
        self.cut = others.flat_map(|other| some.iter().flat_map(move |one| [(*one, other), (other, *one)])).collect();
    }

    /// The dice are rolled as often whatever comes of them, so that a fault can be left out and all else stays.
    pub fn fate(&mut self, asker: Name, asked: Name) -> Fate {
        self.asked += 1;
        let (lost, unheard, late) = (self.dice.hits(self.loss), self.dice.hits(self.loss), self.dice.hits(self.delay));
        if self.down.contains(asked) || self.down.contains(asker) {
            return Fate::Lost("connection refused");
        }
        if self.cut.contains(&(asker, asked)) || lost {
            return Fate::Lost("no route");
        }
        if late { Fate::Late } else { Fate::Arrives { is_heard: !unheard } }
    }

    /// A request, signed by the clock of whoever asks.
    pub fn request(&mut self, (asker, node): (Name, &bed::Node), (asked, ask): (Name, &Ask)) -> Request {
        let mut request = bed::signed(node.identity(), ask, self.clock(asker));
        // As the drive does: keys that nobody may know sign no request.
        if !node.journal.has_its_keys().unwrap() {
            request.signature = None;
        }
        let (again, wait) = (self.dice.hits(self.twice), self.dice.below(self.latest));
        if again {
            self.arrives_later(asked, request.clone(), wait);
        }
        request
    }

    pub fn arrives_later(&mut self, asked: Name, request: Request, seconds: u64) {
        self.late.push((self.now + Duration::seconds(seconds.cast_signed()), asked, request));
    }

    /// The outcome, and when whoever asked learns of it.
    pub fn flight(&self, asked: Name, outcome: Outcome) -> Flight {
        let wait = match (&outcome, self.slow.get(asked)) {
            (Ok(_), Some(seconds)) if *seconds > TIMEOUT => {
                return Flight { due: self.after(TIMEOUT), outcome: Err("timed out".into()) };
            }
            (Ok(_), Some(seconds)) => *seconds,
            (Err(why), _) if why == "timed out" => TIMEOUT,
            _ => 0,
        };
        Flight { due: self.after(wait), outcome }
    }

    fn after(&self, seconds: i64) -> UtcDateTime {
        self.now + Duration::seconds(seconds)
    }

    /// What a hub that lies makes of a batch it gives on: a bit is another.
    pub fn spoilt(&mut self, by: Name, ask: Ask) -> Ask {
        let (is_spoilt, at, bit) = (self.dice.hits(self.lies), self.dice.next_place(), self.dice.below(8));
        match ask.body {
            Some((kind, mut body)) if is_spoilt && by == NAMES[0] && !body.is_empty() => {
                let at = at % body.len();
                body[at] ^= 1 << bit;
                Ask { body: Some((kind, body)), ..ask }
            }
            body => Ask { body, ..ask },
        }
    }

    /// What a hub that lies makes of an answer: cut off, altered, empty, or that of long ago.
    pub fn told(&mut self, (asker, asked): (Name, Name), ask: &Ask, answer: Answer) -> Answer {
        let (is_lie, how, at) = (self.dice.hits(self.lies), self.dice.below(4), self.dice.next_place());
        if asked != NAMES[0] || ask.body.is_some() {
            return answer;
        }
        let first = self.first_answers.entry((asker, ask.path.clone())).or_insert_with(|| answer.clone()).clone();
        if !is_lie || answer.body.is_empty() {
            return answer;
        }
        let mut body = answer.body.clone();
        match how {
            0 => body.truncate(at % answer.body.len()),
            1 => body[at % answer.body.len()] ^= 1,
            2 => body = b"[]".to_vec(),
            _ => return first,
        }
        Answer { body, ..answer }
    }
}
