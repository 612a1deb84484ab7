//! A map beside a list: what the script needs to draw it. Without a script there is the list.

use crate::pages::asset;
use crate::porch::Porch;
use crate::views::query;
use pes_domain::Draft;
use serde::Serialize;

/// What a map is made of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct MapView {
    /// Where its points come from.
    points: String,
    outline: String,
    /// The operator's tiles, where there are any; else the outline is drawn.
    tiles: String,
    attribution: String,
}

impl MapView {
    /// The map of a list, for what was chosen but for the part of the map: so that there is something to see around it.
    pub(crate) fn of(porch: &Porch, path: &str, chosen: &Draft) -> Self {
        let points = format!("{path}.geojson?{}", query(chosen, &["page", "bbox", "tri"]));
        Self {
            points: points.trim_end_matches(['&', '?']).to_owned(),
            outline: asset("outline.json"),
            tiles: porch.site.tiles.as_ref().map_or_else(String::new, |tiles| tiles.url.clone()),
            attribution: porch
                .site
                .tiles
                .as_ref()
                .map_or_else(|| porch.say("map-attribution"), |tiles| tiles.attribution.clone()),
        }
    }
}
