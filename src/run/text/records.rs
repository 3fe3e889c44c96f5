//! Lines of a weather log.

use super::TextDraw;

const PLACES: &[&str] = &["Bern", "Oslo", "Rome", "Lima", "Cairo", "Tokyo"];
const SKIES: &[&str] = &["clear", "cloudy", "rain", "snow", "fog"];

/// Some days at one place.
pub fn document(draw: &mut TextDraw) -> String {
    let (place, year, month, mut day) =
        (draw.pick(PLACES), 1990 + draw.below(30), 1 + draw.below(12), 1 + draw.below(20));
    let mut out = String::new();
    for _ in 0..3 + draw.below(5) {
        let (sky, degrees, wind) = (draw.pick(SKIES), draw.below(30), draw.below(9));
        out += &format!("{year}-{month:02}-{day:02};{place};{sky};{degrees}C;wind {wind}\n");
        day += 1;
    }
    out
}
