//! What a picture is made of. Shapes say what they mean, not what colour they have.

/// Width and height in CSS pixels.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Size {
    /// To the right.
    pub width: f32,
    /// Downwards.
    pub height: f32,
}

/// A place in the picture; the origin is its upper left corner.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Point {
    /// To the right.
    pub x: f32,
    /// Downwards.
    pub y: f32,
}

/// A point from its coordinates.
pub fn point(x: f32, y: f32) -> Point {
    Point { x, y }
}

/// What a shape stands for. [`super::theme::Theme::color`] gives its colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Role {
    /// The ground.
    Paper,
    /// The line between marks that touch: the ground's colour, or where the system forces colours that of text.
    Rim,
    /// Text and marks that matter.
    Ink,
    /// Text and marks that explain.
    Soft,
    /// Ground under the selected layer.
    Band,
    /// A thin rule.
    Rule,
    /// The way of tokens that are not selected.
    River,
    /// The way of a bundle of them.
    Stream,
    /// A node of a lane that is not selected.
    Lane,
    /// An expert's cell.
    Cell,
    /// How much of a cell is full; the number is a hue.
    Share(u8),
    /// The same for an expert that the selected token chose.
    ShareLoud(u8),
    /// The way of tokens that chose the selected expert.
    Picked(u8),
    /// A token in flight.
    Dot(u8),
    /// What is selected: ink, for hues are experts'.
    Selected,
    /// The way of the selected token.
    Path,
    /// The way of the token under the pointer.
    Hover,
}

/// How a line is broken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Dash {
    /// It is whole.
    #[default]
    Whole,
    /// Short pieces.
    Short,
    /// Long pieces.
    Long,
    /// Dots far apart.
    Dots,
}

impl Dash {
    /// Short pieces for what was dropped.
    pub fn of(dropped: bool) -> Self {
        if dropped { Self::Short } else { Self::Whole }
    }

    /// Lengths of piece and gap in pixels; none for a whole line.
    pub fn lengths(self) -> Option<[f32; 2]> {
        match self {
            Self::Whole => None,
            Self::Short => Some([2.0, 3.0]),
            Self::Long => Some([9.0, 4.0]),
            Self::Dots => Some([1.5, 5.0]),
        }
    }
}

/// An outline or a line.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stroke {
    /// Its meaning.
    pub role: Role,
    /// Its width.
    pub width: f32,
    /// How it is broken.
    pub dash: Dash,
}

impl Stroke {
    /// A plain line.
    pub fn new(role: Role, width: f32) -> Self {
        Self { role, width, dash: Dash::Whole }
    }

    /// A line in short pieces.
    pub fn dashed(role: Role, width: f32) -> Self {
        Self { role, width, dash: Dash::Short }
    }
}

/// Which end of a text its point is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Anchor {
    /// It begins there.
    Start,
    /// Its middle is there.
    Middle,
    /// It ends there.
    End,
}

/// The smallest letters of a picture that are read with ease, in pixels; pictures are shown at their own size.
pub const SMALLEST: f32 = 11.0;

/// How a text looks.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Font {
    /// Height in pixels.
    pub size: f32,
    /// Whether it is bold.
    pub bold: bool,
    /// Whether it has serifs: the visitor's own words have.
    pub serif: bool,
}

/// One thing to paint. Later shapes lie over earlier ones.
#[derive(Clone, Debug, PartialEq)]
pub enum Shape {
    /// A rectangle with round corners.
    Rect {
        /// Upper left corner.
        at: Point,
        /// Width and height.
        size: Size,
        /// Radius of the corners.
        radius: f32,
        /// Inside.
        fill: Option<Role>,
        /// Outline, centred on the edge.
        stroke: Option<Stroke>,
    },
    /// A ribbon: leaves and arrives level, a cubic Bezier curve with both control points half-way across.
    Ribbon {
        /// Where it leaves.
        from: Point,
        /// Where it arrives.
        to: Point,
        /// Its width and meaning.
        stroke: Stroke,
    },
    /// A straight line.
    Line {
        /// One end.
        from: Point,
        /// The other.
        to: Point,
        /// Its look.
        stroke: Stroke,
    },
    /// A line through points, straight from each to the next.
    Curve {
        /// The points.
        points: Vec<Point>,
        /// Its look.
        stroke: Stroke,
    },
    /// What lies inside a line through points.
    Area {
        /// All around; the last is joined to the first.
        points: Vec<Point>,
        /// Inside.
        fill: Role,
    },
    /// A disc.
    Circle {
        /// Its centre.
        at: Point,
        /// Its radius.
        radius: f32,
        /// Inside.
        fill: Role,
        /// Outline.
        stroke: Option<Stroke>,
    },
    /// A line of text.
    Text {
        /// The anchor on the base line.
        at: Point,
        /// What `at` is.
        anchor: Anchor,
        /// Its look.
        font: Font,
        /// Its meaning.
        role: Role,
        /// Whether a rim of paper sets it off from what lies below.
        halo: bool,
        /// What it says.
        text: String,
    },
}

/// A whole picture.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Scene {
    /// Its size, which may be wider than was asked for if there are many layers.
    pub size: Size,
    /// What to paint, from the ground up.
    pub shapes: Vec<Shape>,
    /// What it is, in a few words.
    pub title: String,
    /// What it shows, in sentences, for who cannot see it.
    pub description: String,
}
