//! What other nodes bring: batches, messages, requests to join.

use super::{Caller, Desk, Reply, Request, problem};
use crate::client::Client;
use crate::{drive, json};
use pes_changeset::Channel;
use pes_changeset::batch::Batch;
use pes_journal::messages::Message;
use pes_journal::receive::Held;
use pes_journal::roll::Applicant;
use pes_journal::{JournalError, Refusal};
use pes_people::PeopleError;
use pes_people::conversations::Word;
use serde::{Deserialize, Serialize};
use time::UtcDateTime;

/// A request to join, as a node sends it to its hub.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct JoinRequest {
    /// The invitation's code.
    pub code: String,
    /// The node's origin.
    pub origin: String,
    /// Its node-id.
    pub node_id: String,
    /// The network's name.
    pub name: String,
}

impl Desk {
    /// A batch, pushed up by an affiliate or down by a hub. It matters not who carries it: its author signed it.
    pub(super) fn push(
        &self,
        caller: &Caller,
        (node, channel): (&str, &str),
        body: &[u8],
        now: UtcDateTime,
    ) -> Result<Reply, JournalError> {
        let Some(peer) = member(caller) else { return Ok(not_a_member(caller)) };
        let Ok(channel) = channel.parse::<Channel>() else { return Ok(Reply::absent()) };
        let received = Batch::read(body)
            .map_err(JournalError::from)
            .and_then(|batch| self.journal.receive_from(Some(&peer), (node, channel), &batch, now));
        match received {
            Ok(Held::All(receipt)) => Ok(Reply::text(format!("{}\n", receipt.write()))),
            Ok(Held::UpTo(size)) => Ok(Reply::size(202, size)),
            Ok(Held::Early) => Ok(Reply::done()),
            Err(JournalError::Refused(refusal)) => {
                let error = JournalError::Refused(refusal);
                let reply = Reply::failed(&error);
                if let Some(name) = reply.problem {
                    self.journal.count_refusal(&peer, name, &error.to_string(), now.unix_timestamp())?;
                }
                Ok(reply)
            }
            Err(error) => Err(error),
        }
    }

    /// A message from a member: a word for somebody here, or one about a change-set.
    pub(super) fn message(&self, caller: &Caller, body: &[u8], now: UtcDateTime) -> Result<Reply, JournalError> {
        let Caller::Known { node, is_member: true } = caller else { return Ok(not_a_member(caller)) };
        if let Ok(word) = json::read::<Word>(body)
            && word.kind == "Note"
        {
            return Ok(heard(self.people.hear(node.origin.as_str(), &word, now)));
        }
        match json::read::<Message>(body) {
            Ok(message) => self.journal.hear(&node.id, &message, now).map(|()| Reply::done()),
            Err(error) => Ok(problem(400, "malformed", &error)),
        }
    }

    /// A node takes up an invitation: it is asked at its own address who it is, pinned, and entered into the roll. Twice is once.
    pub async fn join(&self, caller: &Caller, request: &Request, client: &Client, now: UtcDateTime) -> Reply {
        let asked = match self.check_join(caller, &request.body) {
            Ok(asked) => asked,
            Err(reply) => return *reply,
        };
        let Ok(origin) = asked.origin.parse() else { return problem(400, "malformed", "the origin is none") };
        match self.journal.has_room((&asked.node_id, &origin), &asked.code) {
            Ok(true) => {}
            Ok(false) => {
                let words =
                    "another node is a member at this origin; the hub has to invite it as one that replaces that one";
                return problem(403, "unknown-node", words);
            }
            Err(error) => return Reply::failed(&error),
        }
        let introduced = match drive::introduce(client, &origin).await {
            Ok(introduced) => introduced,
            Err(why) => {
                // Why is for the operator: whoever asks shall not explore this hub's network by it.
                tracing::warn!(%origin, why, "a node that asks to join was not heard at its own address");
                let words = format!("this hub did not hear {origin} itself; it has to be reached there from outside");
                return problem(403, "unknown-node", &words);
            }
        };
        let events = introduced.events;
        let is_it = introduced.well_known.node_id == asked.node_id
            && signed_by(caller) == Some(introduced.keys.current().transport);
        if !is_it {
            return problem(403, "unknown-node", "the request is not signed by the transport key of that node-id");
        }
        let (desk, name) = (self.clone(), introduced.well_known.name);
        let entered = tokio::task::spawn_blocking(move || {
            let applicant = Applicant { origin: &origin, node_id: &asked.node_id, name: &asked.name };
            desk.journal.admit(applicant, (&name, &events), &asked.code, now)?;
            desk.introduce()
        });
        match entered.await {
            Ok(Ok(well_known)) => Reply::json(&well_known),
            Ok(Err(error)) => Reply::failed(&error),
            Err(_) => problem(503, "busy", "this node cannot answer now"),
        }
    }

    fn check_join(&self, caller: &Caller, body: &[u8]) -> Result<JoinRequest, Box<Reply>> {
        let claimed = match caller {
            Caller::Anyone => return Err(Box::new(problem(401, "signature", "a request to join is signed"))),
            Caller::Stranger(claim) => &claim.origin,
            Caller::Known { node, .. } | Caller::Renewed(node) => &node.origin,
        };
        let asked: JoinRequest = json::read(body).map_err(|why| Box::new(problem(400, "malformed", &why)))?;
        if claimed.as_str() != asked.origin {
            return Err(Box::new(problem(403, "unknown-node", "the request is signed by another origin")));
        }
        match self.journal.invites(&asked.code, &asked.node_id) {
            Ok(true) => Ok(asked),
            Ok(false) => {
                Err(Box::new(problem(403, "unknown-node", "this code invites nobody, or was taken up already")))
            }
            Err(error) => Err(Box::new(Reply::failed(&error))),
        }
    }
}

fn signed_by(caller: &Caller) -> Option<pes_changeset::PublicKey> {
    match caller {
        Caller::Stranger(claim) => Some(claim.key),
        Caller::Known { node, .. } => Some(node.transport_key),
        Caller::Anyone | Caller::Renewed(_) => None,
    }
}

fn member(caller: &Caller) -> Option<String> {
    match caller {
        Caller::Renewed(node) => Some(node.id.clone()),
        Caller::Known { node, is_member: true } => Some(node.id.clone()),
        _ => None,
    }
}

fn not_a_member(caller: &Caller) -> Reply {
    match caller {
        Caller::Anyone => problem(401, "signature", "a request of this kind is signed"),
        Caller::Stranger(claim) => Reply::failed(&Refusal::UnknownNode(claim.origin.to_string()).into()),
        Caller::Known { node, .. } | Caller::Renewed(node) => {
            problem(403, "suspended", &format!("{} is no member here", node.origin))
        }
    }
}

fn heard(result: Result<(), PeopleError>) -> Reply {
    match result {
        Ok(()) => Reply::done(),
        Err(PeopleError::Typed(problems)) => {
            let over = problems.iter().any(|problem| problem.why.key() == "too-long");
            let words: Vec<String> = problems.iter().map(ToString::to_string).collect();
            if over {
                problem(413, "too-large", &words.join(", "))
            } else {
                problem(400, "malformed", &words.join(", "))
            }
        }
        Err(PeopleError::TooOften) => {
            Reply { retry_after: Some(3_600), ..problem(429, "too-many", "too many messages in a day") }
        }
        Err(PeopleError::Unknown) => problem(404, "absent", "there is no such record or conversation here"),
        Err(error) => {
            tracing::error!(%error, "cannot take a message");
            Reply { retry_after: Some(60), ..problem(503, "busy", "this node cannot answer now") }
        }
    }
}
