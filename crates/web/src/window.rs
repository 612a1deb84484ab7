//! What stands in the window: pages that look the same to all who are not signed in, kept for a moment, so that a crowd costs little more than
//! one of them.
//!
//! A page stands there for a second at most, and no longer than until the journal rings or the index shows something new: so nothing that was
//! taken back, hidden or deleted here is shown a moment longer for it. What is for one visitor alone is never in it: it is made
//! without their token and their cookie.

use crate::answered::Answered;
use crate::failure::Failure;
use crate::porch::Porch;
use crate::visit::Visit;
use pes_journal::Bell;
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// How long a page stands.
const STANDS: Duration = Duration::from_secs(1);
/// How many stand at once. A crowd looks at few; who looks at many is no crowd.
const MOST: usize = 64;

/// The window, by path and query.
#[derive(Debug, Default)]
pub(crate) struct Window(Mutex<HashMap<String, Standing>>);

#[derive(Debug)]
struct Standing {
    page: Answered,
    state: State,
    until: Instant,
}

/// What a page was made of: how often the journal had rung, how many commits the index had shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct State {
    rings: u64,
    commits: u64,
}

impl Porch {
    /// A page that depends on its address and on who is signed in, and on nothing else of the visit: from the window where it may be.
    ///
    /// # Errors
    /// What `make` returns; a failure never stands.
    pub(crate) async fn shown(
        &self,
        mut visit: Visit,
        make: impl FnOnce(&Self, &Visit) -> Result<Answered, Failure> + Send + 'static,
    ) -> Result<Answered, Failure> {
        if visit.viewer.is_some() {
            return self.off(move |porch| make(porch, &visit)).await;
        }
        let (cookie, state) = (visit.new_cookie.take(), self.state());
        visit.csrf.clear();
        let page = match self.window.get(&visit.path, state) {
            Some(page) => page,
            None => {
                let path = visit.path.clone();
                let page = self.off(move |porch| make(porch, &visit)).await?;
                self.window.put(path, page.clone(), state);
                page
            }
        };
        Ok(match cookie {
            Some(cookie) => page.cookie(cookie),
            None => page,
        })
    }

    /// It is taken before a page is made: what changes meanwhile is not in it.
    fn state(&self) -> State {
        State { rings: *self.store().bell(Bell::Shown).borrow(), commits: self.index.commits() }
    }
}

impl Window {
    fn get(&self, path: &str, state: State) -> Option<Answered> {
        let now = Instant::now();
        self.all().get(path).filter(|one| one.state == state && now < one.until).map(|one| one.page.clone())
    }

    fn put(&self, path: String, page: Answered, state: State) {
        let now = Instant::now();
        let mut all = self.all();
        if all.len() >= MOST {
            all.retain(|_, one| one.state == state && now < one.until);
        }
        if all.len() < MOST {
            all.insert(path, Standing { page, state, until: now + STANDS });
        }
    }

    fn all(&self) -> MutexGuard<'_, HashMap<String, Standing>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STATE: State = State { rings: 1, commits: 1 };

    fn page(text: &str) -> Answered {
        Answered::document("text/html", text.to_owned())
    }

    fn shown(window: &Window, path: &str, state: State) -> bool {
        window.get(path, state).is_some()
    }

    #[test]
    fn a_page_stands_until_something_changes() {
        let window = Window::default();
        assert!(!shown(&window, "/structures", STATE));
        window.put("/structures".into(), page("x"), STATE);
        assert!(shown(&window, "/structures", STATE) && !shown(&window, "/structures?page=2", STATE));
        assert!(!shown(&window, "/structures", State { rings: 2, ..STATE }));
        assert!(!shown(&window, "/structures", State { commits: 2, ..STATE }));
    }

    #[test]
    fn a_page_stands_for_a_second() {
        let window = Window::default();
        window.put("/".into(), page("x"), STATE);
        std::thread::sleep(STANDS);
        assert!(!shown(&window, "/", STATE));
        window.put("/".into(), page("x"), STATE);
        assert!(shown(&window, "/", STATE));
    }

    #[test]
    fn there_are_never_more_than_so_many() {
        let window = Window::default();
        (0..2 * MOST).for_each(|number| window.put(format!("/?page={number}"), page("x"), STATE));
        assert_eq!(window.all().len(), MOST);
        assert!(shown(&window, "/?page=0", STATE), "what a crowd looks at came first");
        let later = State { rings: 2, ..STATE };
        window.put("/later".into(), page("x"), later);
        assert_eq!(window.all().len(), 1, "what is past makes room");
    }
}
