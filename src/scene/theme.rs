//! Roles become colours here, and nowhere else, so that a theme is one table.
//!
//! Every text reaches a contrast of 4.5 to 1 (WCAG 2.2, AA) on every ground that it can lie on, the loud fill of a cell
//! included: that is why loud fills are paler than the hues by day and darker by night.

use super::shape::Role;

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

const HUE: [u32; HUES] =
    [0x4c78a8, 0xe39c37, 0x4f9d69, 0xb5523b, 0x7a68ae, 0x3b9ea6, 0xb6879b, 0x857a3d, 0x8a5f43, 0x5d6d7e];
const QUIET_LIGHT: [u32; HUES] =
    [0xb6c4d0, 0xecd0a8, 0xb7d1ba, 0xdbb6a9, 0xc6bed2, 0xafd1d0, 0xdcc9cc, 0xcac4aa, 0xccbbac, 0xbcc0c1];
const LOUD_LIGHT: [u32; HUES] =
    [0x6389b1, 0xe39c37, 0x4f9d69, 0xc0705c, 0x8c7cb7, 0x3b9ea6, 0xb6879b, 0x90864e, 0xa17e67, 0x7b8793];
const QUIET_DARK: [u32; HUES] =
    [0x2f4158, 0x654e2f, 0x304e41, 0x543331, 0x3f3b5a, 0x284f57, 0x554653, 0x434231, 0x453834, 0x353d49];
const LOUD_DARK: [u32; HUES] =
    [0x476f9a, 0x8a6532, 0x407756, 0xad503a, 0x7362a4, 0x31757d, 0x816474, 0x756c3a, 0x8a5f43, 0x5d6d7e];

impl Theme {
    /// The colour of a role.
    pub fn color(self, role: Role) -> Color {
        if self == Self::Forced {
            return forced(role);
        }
        let solid = |light: u32, dark: u32| self.pick(light, dark, 1.0);
        let of = |table: &[u32; HUES], hue: u8| table.get(usize::from(hue) % HUES).copied().unwrap_or_default();
        match role {
            Role::Paper => solid(0xfaf9f6, 0x111318),
            Role::Ink => solid(0x1d1c1a, 0xf3f0ea),
            Role::Soft => solid(0x6f6b64, 0x989387),
            Role::Band => solid(0xffffff, 0x171a21),
            Role::Rule => solid(0xe4e0d8, 0x2a2e37),
            Role::Cell => solid(0xf1eee7, 0x1e222b),
            Role::River => self.pick(0xc4bdaf, 0x495060, 0.42),
            Role::Stream => self.pick(0xb3ab9b, 0x596174, 0.3),
            Role::Lane => solid(0xbdb6a9, 0x5a6070),
            Role::Share(hue) => solid(of(&QUIET_LIGHT, hue), of(&QUIET_DARK, hue)),
            Role::ShareLoud(hue) => solid(of(&LOUD_LIGHT, hue), of(&LOUD_DARK, hue)),
            Role::Picked(hue) => self.pick(of(&HUE, hue), of(&HUE, hue), 0.62),
            Role::Dot(hue) => solid(of(&HUE, hue), of(&HUE, hue)),
            Role::Accent => solid(0xc8401a, 0xff7a50),
            Role::AccentRibbon => self.pick(0xc8401a, 0xff7a50, 0.88),
            Role::Other => solid(0x2f6f8f, 0x6fb3d6),
            Role::Hover => self.pick(0x1d1c1a, 0xf3f0ea, 0.7),
        }
    }

    fn pick(self, light: u32, dark: u32, alpha: f32) -> Color {
        Color { rgb: if self == Self::Dark { dark } else { light }, alpha, system: None }
    }
}

/// What is chosen is highlighted; all else differs by how much of the text's colour it has. Only dots keep their hues.
fn forced(role: Role) -> Color {
    let (name, alpha) = match role {
        Role::Paper | Role::Band | Role::Cell => ("Canvas", 1.0),
        Role::Ink | Role::Soft | Role::Lane => ("CanvasText", 1.0),
        Role::Rule => ("GrayText", 1.0),
        Role::River | Role::Stream => ("CanvasText", 0.22),
        Role::Share(_) => ("CanvasText", 0.25),
        Role::ShareLoud(_) => ("CanvasText", 0.42),
        Role::Picked(_) => ("Highlight", 0.6),
        Role::Dot(_) => return Theme::Light.color(role),
        Role::Accent => ("Highlight", 1.0),
        Role::AccentRibbon => ("Highlight", 0.88),
        Role::Other => ("LinkText", 1.0),
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
            for role in [Role::Soft, Role::Accent, Role::Other] {
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
