//! What the visitor sets, as opposed to selects.

use crate::messages::explore;
use crate::protocol::{DeviceChoice, Manner, Sampling};
use crate::scene::theme::Theme;

/// Most tokens that one generation may add.
pub const MAX_NEW_TOKENS: usize = 512;

/// Everything that is set.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PageSettings {
    /// Wanted device.
    pub device: DeviceChoice,
    /// Light, dark, or as the system says.
    pub theme: ThemeChoice,
    /// What the page is used for.
    pub screen: Screen,
    /// What the stage shows.
    pub look: Look,
    /// Whether a text is routed as its method is published where that looks at later tokens.
    pub ahead: bool,
    /// The domain that the text is said to be of, by its place among the model's tasks, for methods that are told.
    pub task: Option<usize>,
    /// White space is drawn.
    pub spaces: bool,
    /// How generation chooses.
    pub sampling: Sampling,
    /// How many tokens generation adds.
    pub max_tokens: usize,
}

impl Default for PageSettings {
    fn default() -> Self {
        Self {
            device: DeviceChoice::Auto,
            theme: ThemeChoice::System,
            screen: Screen::Explore,
            look: Look::Flow,
            ahead: false,
            task: None,
            spaces: false,
            sampling: Sampling::default(),
            max_tokens: 48,
        }
    }
}

impl PageSettings {
    /// How a text is to be routed.
    pub fn manner(&self) -> Manner {
        Manner { ahead: self.ahead, task: self.task }
    }

    /// The same with every number brought into its range; what is no number becomes the default.
    pub fn within_limits(mut self) -> Self {
        let usual = Sampling::default();
        let clamp = |value: f32, low: f32, high: f32, usual: f32| {
            if value.is_finite() { value.clamp(low, high) } else { usual }
        };
        self.sampling.temperature = clamp(self.sampling.temperature, 0.0, 4.0, usual.temperature);
        self.sampling.top_p = clamp(self.sampling.top_p, 0.01, 1.0, usual.top_p);
        self.max_tokens = self.max_tokens.clamp(1, MAX_NEW_TOKENS);
        self
    }
}

/// What the page is used for: the three screens that the header leads to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Screen {
    /// One model routes a text.
    #[default]
    Explore,
    /// Several models route the same text.
    Compare,
    /// A model is trained.
    Train,
}

impl Screen {
    /// All, in the header's order.
    pub const ALL: [Self; 3] = [Self::Explore, Self::Compare, Self::Train];

    /// What it is called.
    pub fn title(self) -> &'static str {
        match self {
            Self::Explore => explore::screen_explore(),
            Self::Compare => explore::screen_compare(),
            Self::Train => explore::screen_train(),
        }
    }

    /// Its name in addresses.
    pub fn name(self) -> &'static str {
        match self {
            Self::Explore => "explore",
            Self::Compare => "compare",
            Self::Train => "train",
        }
    }

    /// What one does there.
    pub fn purpose(self) -> &'static str {
        match self {
            Self::Explore => explore::screen_explore_what(),
            Self::Compare => explore::screen_compare_what(),
            Self::Train => explore::screen_train_what(),
        }
    }

    /// The screen of that name; the first for unknown names.
    pub fn from_name(name: &str) -> Self {
        Self::ALL.into_iter().find(|screen| screen.name() == name).unwrap_or_default()
    }
}

/// What the stage shows of the routing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Look {
    /// Every token's way through the layers.
    #[default]
    Flow,
    /// The same in numbers.
    Table,
    /// How the method decides in one layer.
    Method,
}

impl Look {
    /// All, in the switch's order.
    pub const ALL: [Self; 3] = [Self::Flow, Self::Table, Self::Method];

    /// What it is called.
    pub fn title(self) -> &'static str {
        match self {
            Self::Flow => explore::view_flow(),
            Self::Table => explore::view_table(),
            Self::Method => explore::view_method(),
        }
    }

    /// Its name in addresses.
    pub fn name(self) -> &'static str {
        match self {
            Self::Flow => "flow",
            Self::Table => "table",
            Self::Method => "method",
        }
    }

    /// The look of that name; the first for unknown names.
    pub fn from_name(name: &str) -> Self {
        Self::ALL.into_iter().find(|look| look.name() == name).unwrap_or_default()
    }

    /// The one after it.
    #[must_use]
    pub fn next(self) -> Self {
        match self {
            Self::Flow => Self::Table,
            Self::Table => Self::Method,
            Self::Method => Self::Flow,
        }
    }
}

/// Which theme the visitor wants.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ThemeChoice {
    /// As the system says.
    #[default]
    System,
    /// Ink on paper.
    Light,
    /// The same at night.
    Dark,
}

impl ThemeChoice {
    /// Its name in addresses.
    pub fn name(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// The choice of that name; the system's for unknown names.
    pub fn from_name(name: &str) -> Self {
        match name {
            "light" => Self::Light,
            "dark" => Self::Dark,
            _ => Self::System,
        }
    }

    /// The theme to draw with.
    pub fn resolve(self, system_is_dark: bool) -> Theme {
        match self {
            Self::Light => Theme::Light,
            Self::Dark => Theme::Dark,
            Self::System if system_is_dark => Theme::Dark,
            Self::System => Theme::Light,
        }
    }
}
