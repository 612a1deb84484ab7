//! What the system says of a process: how much memory it has, and how long it has computed.

use crate::NodeError;
use std::num::NonZero;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// How long a child has to end by itself.
const PATIENCE: Duration = Duration::from_secs(3);

/// A child that runs this program; it ends when this does.
#[derive(Debug)]
pub(super) struct Process(pub(super) Child);

impl Process {
    /// Runs this program with these words.
    pub(super) fn run(args: &[&str]) -> Result<Self, NodeError> {
        let fault = |e: std::io::Error| NodeError::Said(format!("cannot run this program again: {e}"));
        let mut command = Command::new(std::env::current_exe().map_err(fault)?);
        command.args(args).env_remove("RUST_LOG").stdin(Stdio::piped()).stdout(Stdio::piped());
        Ok(Self(command.spawn().map_err(fault)?))
    }

    /// Its resident memory now and at its peak, in MiB.
    pub(super) fn resident(&self) -> Result<(f64, f64), NodeError> {
        let status = read(&format!("/proc/{}/status", self.0.id()))?;
        let of = |name: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_default();
            line.split_whitespace().next().and_then(|number| number.parse::<f64>().ok()).unwrap_or(f64::NAN) / 1024.0
        };
        Ok((of("VmRSS:"), of("VmHWM:")))
    }

    /// How many seconds it has computed.
    pub(super) fn computed(&self) -> Result<f64, NodeError> {
        computed(&self.0.id().to_string())
    }
}

/// Time that passes, and time in which this thread computes: on a busy machine they are not the same.
#[derive(Debug, Clone, Copy)]
pub(super) struct Stopwatch(Instant, u64);

impl Stopwatch {
    /// Begins.
    pub(super) fn begin() -> Self {
        Self(Instant::now(), computed_here())
    }

    /// What has passed since, and what was computed in it, in microseconds.
    pub(super) fn stop(self) -> (f64, f64) {
        (self.0.elapsed().as_secs_f64() * 1e6, computed_here().saturating_sub(self.1) as f64 / 1e3)
    }
}

/// For how long the machine keeps a processor from who computes, in milliseconds, each time that it is longer than a moment: a thread for each processor looks at
/// the clock for so long, and does nothing else. Where a look comes late, something else had the processor, or nobody had.
pub(super) fn stops(time: Duration, moment: Duration) -> Vec<f64> {
    let begun = Instant::now();
    let look = || {
        let (mut late, mut last) = (Vec::new(), begun.elapsed());
        while last < time {
            let now = begun.elapsed();
            if now - last > moment {
                late.push((now - last).as_secs_f64() * 1e3);
            }
            last = now;
        }
        late
    };
    let processors = std::thread::available_parallelism().map_or(1, NonZero::get);
    std::thread::scope(|scope| {
        let all: Vec<_> = (0..processors).map(|_| scope.spawn(look)).collect();
        all.into_iter().flat_map(|one| one.join().unwrap_or_default()).collect()
    })
}

/// How many nanoseconds this thread has computed; 0 where the system does not say.
fn computed_here() -> u64 {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    told.split(' ').next().and_then(|first| first.parse().ok()).unwrap_or_default()
}

/// How many seconds this process has computed.
pub(super) fn own_computed() -> Result<f64, NodeError> {
    computed("self")
}

/// User and system time, in the hundredths of a second that Linux counts.
fn computed(process: &str) -> Result<f64, NodeError> {
    let stat = read(&format!("/proc/{process}/stat"))?;
    // The name in brackets may have blanks in it.
    let fields: Vec<&str> = stat.rsplit(") ").next().unwrap_or_default().split(' ').collect();
    let ticks = |at: usize| fields.get(at).and_then(|ticks| ticks.parse::<f64>().ok()).unwrap_or(f64::NAN);
    Ok((ticks(11) + ticks(12)) / 100.0)
}

fn read(file: &str) -> Result<String, NodeError> {
    std::fs::read_to_string(file).map_err(|e| NodeError::file(Path::new(file), e))
}

/// It hears that nobody has anything to say to it any more, and has a moment to clear up.
impl Drop for Process {
    fn drop(&mut self) {
        drop(self.0.stdin.take());
        let begun = Instant::now();
        while begun.elapsed() < PATIENCE && matches!(self.0.try_wait(), Ok(None)) {
            std::thread::sleep(Duration::from_millis(20));
        }
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_clock_is_looked_at_for_as_long_as_was_said() {
        let begun = Instant::now();
        let late = stops(Duration::from_millis(30), Duration::ZERO);
        assert!(begun.elapsed() >= Duration::from_millis(30));
        assert!(!late.is_empty() && late.iter().all(|gap| *gap > 0.0), "each look is later than the one before");
        assert_eq!(stops(Duration::from_millis(1), Duration::from_secs(3_600)), Vec::<f64>::new());
    }
}
