//! What was measured: figures, each with the bound it is held to where there is one; as a table, and as JSON.

use serde::Serialize;
use std::fmt::Write as _;
use std::time::Duration;

/// A figure that was measured.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct Figure {
    /// Which measurement it is of.
    pub(super) measure: &'static str,
    /// What it says.
    pub(super) what: String,
    /// The number.
    pub(super) value: f64,
    /// Of what.
    pub(super) unit: &'static str,
    /// What it is held to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) bound: Option<Bound>,
}

/// What a figure is held to.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Bound {
    /// It is this or less.
    AtMost(f64),
    /// It is this or more.
    AtLeast(f64),
}

/// The figures of one measurement, as they come.
#[derive(Debug)]
pub(super) struct Figures {
    measure: &'static str,
    /// All so far.
    pub(super) all: Vec<Figure>,
}

impl Figures {
    /// None yet.
    pub(super) fn of(measure: &'static str) -> Self {
        Self { measure, all: Vec::new() }
    }

    /// A figure that is only told.
    pub(super) fn tell(&mut self, what: impl Into<String>, value: f64, unit: &'static str) {
        self.all.push(Figure { measure: self.measure, what: what.into(), value, unit, bound: None });
    }

    /// A figure that is held to a bound.
    pub(super) fn hold(&mut self, what: impl Into<String>, value: f64, unit: &'static str, bound: Bound) {
        self.all.push(Figure { measure: self.measure, what: what.into(), value, unit, bound: Some(bound) });
    }
}

impl Figure {
    /// Whether it keeps within its bound.
    pub(super) fn holds(&self) -> bool {
        match self.bound {
            Some(Bound::AtMost(most)) => self.value <= most,
            Some(Bound::AtLeast(least)) => self.value >= least,
            None => true,
        }
    }
}

/// The figures as a table for the terminal, which Markdown reads too.
pub(super) fn table(figures: &[Figure]) -> String {
    let mut text = String::from("| measure | what | value | bound | |\n|---|---|---:|---:|---|\n");
    for figure in figures {
        let bound = match figure.bound {
            Some(Bound::AtMost(most)) => format!("≤ {}", number(most)),
            Some(Bound::AtLeast(least)) => format!("≥ {}", number(least)),
            None => String::new(),
        };
        let verdict = match figure.bound {
            None => "",
            Some(_) if figure.holds() => "holds",
            Some(_) => "MISSED",
        };
        let (measure, what, value, unit) = (figure.measure, &figure.what, number(figure.value), figure.unit);
        let _ = writeln!(text, "| {measure} | {what} | {value} {unit} | {bound} | {verdict} |");
    }
    text
}

/// Three digits are all that a measurement is worth.
fn number(value: f64) -> String {
    match value.abs() {
        100.0.. => format!("{value:.0}"),
        10.0.. => format!("{value:.1}"),
        _ => format!("{value:.2}"),
    }
}

/// The middle one; the lower of the two where there are two.
pub(super) fn median(values: &[f64]) -> f64 {
    percentile(values, 50)
}

/// The smallest value that is not below `percent` of all.
pub(super) fn percentile(values: &[f64], percent: usize) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let at = (sorted.len() * percent).div_ceil(100).saturating_sub(1);
    sorted.get(at).copied().unwrap_or(f64::NAN)
}

pub(super) fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn medians_and_percentiles_are_values_that_were_seen() {
        assert_eq!((median(&[3.0, 1.0, 2.0]), median(&[4.0, 1.0, 2.0, 3.0])), (2.0, 2.0));
        let hundred: Vec<f64> = (1..=100).map(f64::from).collect();
        assert_eq!((percentile(&hundred, 99), percentile(&hundred, 100), percentile(&[5.0], 99)), (99.0, 100.0, 5.0));
        assert!(median(&[]).is_nan());
    }

    #[test]
    fn a_figure_is_held_to_its_bound_and_the_table_says_so() {
        let mut figures = Figures::of("bulk");
        figures.hold("share of the parts", 0.5, "", Bound::AtLeast(0.5));
        figures.hold("inserts", 7.0, "", Bound::AtMost(6.0));
        figures.tell("records a second", 1234.5, "/s");
        assert_eq!(figures.all.iter().map(Figure::holds).collect::<Vec<_>>(), [true, false, true]);
        let text = table(&figures.all);
        assert!(text.contains("| bulk | inserts | 7.00  | ≤ 6.00 | MISSED |"), "{text}");
        assert!(text.contains("| 1234 /s |  |  |") && text.contains("holds"), "{text}");
        let json = serde_json::to_value(&figures.all).unwrap();
        assert_eq!(json[0]["bound"]["at-least"], 0.5);
        assert!(json[2].get("bound").is_none());
    }

    #[test]
    fn times_are_written_in_milliseconds() {
        let time = Duration::from_micros(1_500);
        assert_eq!(milliseconds(time), 1.5);
    }
}
