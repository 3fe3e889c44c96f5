//! Roles become colours here, and nowhere else, so that a theme is one table. What is not a picture has the same
//! colours from `www/css/theme.css`, which a test writes and compares.
//!
//! A hue means an expert and nothing else, and an expert has one hue in a theme: in its cell, its bar and its underline.
//! What is selected, compared or warned of differs by ink, frames and dashes.
//!
//! Every text reaches a contrast of 4.5 to 1 (WCAG 2.2, AA) on every ground that it can lie on, an expert's hue included:
//! that is why the hues are as pale by day and as dark by night as they are.

use super::shape::{Role, Stroke};

/// Hues for experts. More are hard to tell apart, so larger layers share them in runs of neighbours.
pub const HUES: usize = 10;

/// Typeface of labels.
pub const SANS: &str = "Inter, 'Helvetica Neue', Arial, sans-serif";
/// Typeface of the visitor's words.
pub const SERIF: &str = "'Source Serif 4', Georgia, 'Times New Roman', serif";

/// Light or dark.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    /// Ink on paper.
    #[default]
    Light,
    /// The same at night.
    Dark,
    /// The colours that the visitor's system forces on pages, by their names in CSS.
    Forced,
}

/// A colour with an opacity.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Color {
    /// 0xRRGGBB.
    pub rgb: u32,
    /// From 0, nothing, to 1.
    pub alpha: f32,
    /// The system's colour of that name instead of `rgb`.
    pub system: Option<&'static str>,
}

impl Color {
    /// As style sheets and canvases write it.
    pub fn css(self) -> String {
        if let Some(name) = self.system {
            return format!("color-mix(in srgb, {name} {}%, transparent)", self.alpha * 100.0);
        }
        let [_, r, g, b] = self.rgb.to_be_bytes();
        format!("rgba({r},{g},{b},{})", self.alpha)
    }

    /// Without its opacity, as `#rrggbb` or a name.
    pub fn hex(self) -> String {
        self.system.map_or_else(|| format!("#{:06x}", self.rgb), str::to_owned)
    }
}

/// The hue of an expert: its own in a layer of up to ten, else that of its run of neighbours.
pub fn hue(expert: usize, experts: usize) -> u8 {
    let run = if experts > HUES { expert * 8 / experts.max(1) } else { expert };
    (run % HUES) as u8
}

const HUE_LIGHT: [u32; HUES] =
    [0x6389b1, 0xe39c37, 0x4f9d69, 0xc0705c, 0x8c7cb7, 0x3b9ea6, 0xb6879b, 0x90864e, 0xa17e67, 0x7b8793];
const HUE_DARK: [u32; HUES] =
    [0x476f9a, 0x8a6532, 0x407756, 0xad503a, 0x7362a4, 0x31757d, 0x816474, 0x756c3a, 0x8a5f43, 0x5d6d7e];
/// How much of its hue the cell of an expert has that the selected token did not choose.
const QUIET: f32 = 0.4;
/// How much of the text's colour a hue becomes where the system forces colours: neighbours differ, and text on each is read.
const TONES: [f32; HUES] = [0.15, 0.45, 0.25, 0.38, 0.15, 0.45, 0.25, 0.38, 0.15, 0.45];

/// `share` of the way from one colour to another.
fn mix(from: u32, to: u32, share: f32) -> u32 {
    let (from, to) = (from.to_be_bytes(), to.to_be_bytes());
    let part = |at: usize| (f32::from(from[at]) + (f32::from(to[at]) - f32::from(from[at])) * share).round() as u8;
    u32::from_be_bytes([0, part(1), part(2), part(3)])
}

impl Theme {
    /// The colour of a role.
    pub fn color(self, role: Role) -> Color {
        if self == Self::Forced {
            return forced(role);
        }
        let solid = |light: u32, dark: u32| self.pick(light, dark, 1.0);
        let cell = self.pick(0xf1eee7, 0x1e222b, 1.0);
        let of = |hue: u8| {
            let table = if self == Self::Dark { &HUE_DARK } else { &HUE_LIGHT };
            table.get(usize::from(hue) % HUES).copied().unwrap_or_default()
        };
        let hue = |hue: u8, alpha: f32| Color { rgb: of(hue), alpha, system: None };
        match role {
            Role::Paper | Role::Rim => solid(0xfaf9f6, 0x111318),
            Role::Ink => solid(0x1d1c1a, 0xf3f0ea),
            Role::Soft => solid(0x6b675f, 0xa09b90),
            Role::Band => solid(0xffffff, 0x171a21),
            Role::Rule => solid(0xe4e0d8, 0x2a2e37),
            Role::Cell => cell,
            Role::River => self.pick(0xc4bdaf, 0x495060, 0.42),
            Role::Stream => self.pick(0xb2ab9d, 0x5c616e, 0.3),
            Role::Lane => solid(0xbdb6a9, 0x5a6070),
            Role::Share(id) => Color { rgb: mix(cell.rgb, of(id), QUIET), ..cell },
            Role::ShareLoud(id) | Role::Dot(id) => hue(id, 1.0),
            Role::Picked(id) => hue(id, 0.72),
            Role::Selected => solid(0x1d1c1a, 0xf3f0ea),
            Role::Path => self.pick(0x1d1c1a, 0xf3f0ea, 0.9),
            Role::Hover => self.pick(0x1d1c1a, 0xf3f0ea, 0.7),
        }
    }

    /// The line around a shape: its own, or for an expert's mark without one, where the system forces colours, a line in the
    /// colour of text, because its tone alone can be close to the ground's.
    pub fn edge(self, fill: Option<Role>, own: Option<Stroke>) -> Option<Stroke> {
        let toned = self == Self::Forced && matches!(fill, Some(Role::Share(_) | Role::ShareLoud(_)));
        own.or_else(|| toned.then(|| Stroke::new(Role::Ink, 1.0)))
    }

    fn pick(self, light: u32, dark: u32, alpha: f32) -> Color {
        Color { rgb: if self == Self::Dark { dark } else { light }, alpha, system: None }
    }
}

/// What is selected is highlighted, what is picked out has the colour of links; all else differs by how much of the text's
/// colour it has. Only dots keep their hues.
fn forced(role: Role) -> Color {
    let (name, alpha) = match role {
        Role::Paper | Role::Band | Role::Cell => ("Canvas", 1.0),
        Role::Ink | Role::Soft | Role::Lane | Role::Rim => ("CanvasText", 1.0),
        Role::Rule => ("GrayText", 1.0),
        Role::River | Role::Stream => ("CanvasText", 0.22),
        Role::Share(_) => ("CanvasText", 0.25),
        Role::ShareLoud(hue) => ("CanvasText", TONES.get(usize::from(hue) % HUES).copied().unwrap_or_default()),
        Role::Picked(_) => ("LinkText", 0.6),
        Role::Dot(_) => return Theme::Light.color(role),
        Role::Selected => ("Highlight", 1.0),
        Role::Path => ("Highlight", 0.9),
        Role::Hover => ("CanvasText", 0.7),
    };
    Color { rgb: 0, alpha, system: Some(name) }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Relative luminance, WCAG 2.2.
    fn luminance(rgb: u32) -> f64 {
        let [_, r, g, b] = rgb.to_be_bytes().map(|c| {
            let c = f64::from(c) / 255.0;
            if c <= 0.04045 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
        });
        0.2126 * r + 0.7152 * g + 0.0722 * b
    }

    fn contrast(a: Color, b: Color) -> f64 {
        let (a, b) = (luminance(a.rgb), luminance(b.rgb));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    #[test]
    fn text_can_be_read_wherever_it_lies() {
        for theme in [Theme::Light, Theme::Dark] {
            let mut grounds = vec![Role::Paper, Role::Band, Role::Cell];
            for role in [Role::Soft, Role::Selected] {
                for ground in &grounds[..2] {
                    let contrast = contrast(theme.color(role), theme.color(*ground));
                    assert!(contrast >= 4.5, "{theme:?} {role:?} on {ground:?}: {contrast:.2}");
                }
            }
            grounds.extend((0..HUES as u8).flat_map(|hue| [Role::Share(hue), Role::ShareLoud(hue)]));
            for ground in grounds {
                let contrast = contrast(theme.color(Role::Ink), theme.color(ground));
                assert!(contrast >= 4.5, "{theme:?} ink on {ground:?}: {contrast:.2}");
            }
        }
    }

    /// The colours of pictures as a style sheet's custom properties, as `www/css/theme.css` holds them.
    fn style_sheet() -> String {
        const NAMES: [(&str, Role); 8] = [
            ("paper", Role::Paper),
            ("card", Role::Band),
            ("ink", Role::Ink),
            ("soft", Role::Soft),
            ("line", Role::Rule),
            ("cell", Role::Cell),
            ("select", Role::Selected),
            ("on-select", Role::Paper),
        ];
        let roots =
            |theme: Theme| NAMES.map(|(name, role)| format!("  --{name}: {};\n", theme.color(role).hex())).concat();
        let hues = |theme: Theme, at: &str| {
            let hue = |id: u8| format!("{at}.hue-{id} {{ --hue: {}; }}\n", theme.color(Role::Dot(id)).hex());
            (0..HUES as u8).map(hue).collect::<String>()
        };
        let dark = ":root[data-theme=\"dark\"]";
        let mut sheet =
            "/* Written from src/scene/theme.rs by `MOESCOPE_GOLDEN=write cargo test golden`: change it there. */\n"
                .to_owned();
        sheet += &format!(":root {{\n{}}}\n{dark} {{\n{}}}\n", roots(Theme::Light), roots(Theme::Dark));
        sheet += &(hues(Theme::Light, "") + &hues(Theme::Dark, &format!("{dark} ")));
        // On paper every theme is light.
        sheet + "@media print {\n" + &hues(Theme::Light, "  :root[data-theme] ") + "}\n"
    }

    #[test]
    fn golden_style_sheet_has_the_colours_of_the_pictures() {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("www/css/theme.css");
        let sheet = style_sheet();
        if std::env::var("MOESCOPE_GOLDEN").is_ok_and(|value| value == "write") {
            std::fs::write(&path, &sheet).unwrap();
        }
        assert_eq!(std::fs::read_to_string(&path).unwrap(), sheet);
        // Before the page runs: see there.
        let first = include_str!("../../www/css/dark.css");
        for (name, role) in [
            ("paper", Role::Paper),
            ("card", Role::Band),
            ("ink", Role::Ink),
            ("soft", Role::Soft),
            ("line", Role::Rule),
            ("select", Role::Selected),
        ] {
            let declared = format!("--{name}: {};", Theme::Dark.color(role).hex());
            assert!(first.contains(&declared), "dark.css lacks {declared}");
        }
    }

    #[test]
    fn dots_cells_and_picked_ways_of_an_expert_have_one_hue() {
        for theme in [Theme::Light, Theme::Dark] {
            for id in 0..HUES as u8 {
                let hue = theme.color(Role::Dot(id)).hex();
                assert!(
                    [Role::ShareLoud(id), Role::Picked(id)].iter().all(|role| theme.color(*role).hex() == hue),
                    "{theme:?} {id}"
                );
            }
        }
    }

    /// A colour whose channels lie apart has a hue; those of text, frames and grounds hardly do.
    #[test]
    fn only_experts_have_hues() {
        let chroma = |color: Color| {
            let [_, r, g, b] = color.rgb.to_be_bytes();
            i32::from(r.max(g).max(b)) - i32::from(r.min(g).min(b))
        };
        for theme in [Theme::Light, Theme::Dark] {
            let plain = [
                (Role::Paper, Role::Ink),
                (Role::Soft, Role::Band),
                (Role::Rule, Role::River),
                (Role::Stream, Role::Lane),
                (Role::Cell, Role::Selected),
                (Role::Path, Role::Hover),
            ];
            for role in plain.into_iter().flat_map(|(a, b)| [a, b]) {
                assert!(chroma(theme.color(role)) <= 23, "{theme:?} {role:?}");
            }
            for id in 0..HUES as u8 {
                assert!(chroma(theme.color(Role::Dot(id))) > 23, "{theme:?} {id}");
                assert!(contrast(theme.color(Role::Path), theme.color(Role::Picked(id))) >= 3.0, "{theme:?} {id}");
            }
        }
    }

    /// Streams of a layer lie on one another in the order of the experts.
    #[test]
    fn forced_colours_tell_neighbours_apart_and_leave_words_readable() {
        for id in 0..HUES as u8 - 1 {
            let [a, b] = [id, id + 1].map(|id| Theme::Forced.color(Role::ShareLoud(id)).alpha);
            assert!((a - b).abs() >= 0.1, "{id}: {a} beside {b}");
        }
        for (text, ground) in [(0x000000, 0xffffff), (0xffffff, 0x000000)] {
            for id in 0..HUES as u8 {
                let tone = mix(ground, text, Theme::Forced.color(Role::ShareLoud(id)).alpha);
                let [text, tone] = [text, tone].map(|rgb| Color { rgb, alpha: 1.0, system: None });
                assert!(contrast(text, tone) >= 4.5, "{id} {text:?}");
            }
        }
    }

    /// WCAG 2.2, 1.4.11: what must be seen to understand a picture has 3 to 1 against what it lies on.
    #[test]
    fn forced_colours_set_every_mark_of_an_expert_off_the_ground() {
        for (text, ground) in [(0x000000, 0xffffff), (0xffffff, 0x000000)] {
            let seen = |role: Role| {
                let color = Theme::Forced.color(role);
                assert!(matches!(color.system, Some("CanvasText" | "Canvas")), "{role:?}");
                let rgb = if color.system == Some("Canvas") { ground } else { mix(ground, text, color.alpha) };
                let [mark, ground] = [rgb, ground].map(|rgb| Color { rgb, alpha: 1.0, system: None });
                contrast(mark, ground) >= 3.0
            };
            for role in (0..HUES as u8).flat_map(|id| [Role::Share(id), Role::ShareLoud(id)]) {
                let edge = Theme::Forced.edge(Some(role), None);
                assert!(seen(role) || edge.is_some_and(|edge| seen(edge.role)), "{role:?}");
                assert!(Theme::Light.edge(Some(role), None).is_none());
            }
            // Marks that touch, as streams do, are set off by the line between them.
            assert!(seen(Role::Rim));
        }
        let own = Some(Stroke::new(Role::Selected, 2.0));
        assert_eq!(Theme::Forced.edge(Some(Role::Share(0)), own), own);
        assert_eq!(Theme::Forced.edge(Some(Role::Paper), None), None);
    }

    #[test]
    fn few_experts_have_a_hue_each_and_many_share_them_with_neighbours() {
        assert_eq!((0..10).map(|e| hue(e, 10)).collect::<Vec<_>>(), (0..10).collect::<Vec<u8>>());
        assert_eq!([0, 7, 8, 63].map(|e| hue(e, 64)), [0, 0, 1, 7]);
        assert_eq!(hue(5, 0), 5);
    }

    #[test]
    fn colours_are_written_as_css() {
        assert_eq!(Color { rgb: 0x0a0b0c, alpha: 0.5, system: None }.css(), "rgba(10,11,12,0.5)");
        assert_eq!(Color { rgb: 0x0a0b0c, alpha: 0.5, system: None }.hex(), "#0a0b0c");
        let forced = Theme::Forced.color(Role::Hover);
        assert_eq!(forced.css(), "color-mix(in srgb, CanvasText 70%, transparent)");
        assert_eq!(forced.hex(), "CanvasText");
    }
}
