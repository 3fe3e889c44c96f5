//! A scene as elements of the page, and its twin as a table.

use crate::app::printing::light;
use crate::app::translate::prose;
use crate::app::wide::Wide;
use crate::messages::method as words;
use crate::scene::method::Table;
use crate::scene::shape::{Anchor, Role, Scene, Shape, Stroke};
use crate::scene::svg::HALO;
use crate::scene::theme::{self, Theme};
use yew::prelude::*;

/// What [`Painted`] shows.
#[derive(Clone, PartialEq, Properties)]
pub struct PaintedProps {
    /// The picture.
    pub scene: Scene,
    /// Light or dark.
    pub theme: Theme,
}

/// The picture.
#[component]
pub fn Painted(props: &PaintedProps) -> Html {
    let (scene, theme) = (&props.scene, props.theme);
    let (width, height) = (scene.size.width.to_string(), scene.size.height.to_string());
    let label = words::picture(&scene.title, &scene.description);
    html! {
        <>
            <svg class="method-svg on-screen" translate="no" role="img" aria-label={label} data-testid="method-picture"
                viewBox={format!("0 0 {width} {height}")} {width} {height}>
                { for scene.shapes.iter().map(|shape| painted(shape, theme)) }
            </svg>
            { light(scene) }
        </>
    }
}

fn painted(shape: &Shape, theme: Theme) -> Html {
    let number = |value: f32| format!("{value:.1}");
    match shape {
        Shape::Rect { at, size, radius, fill, stroke } => {
            let [x, y, width, height, rx] = [at.x, at.y, size.width, size.height, *radius].map(number);
            let edge = theme.edge(*fill, *stroke);
            let (fill, alpha) = color(*fill, theme);
            let (stroke, width_of, dash) = line(edge.as_ref(), theme);
            html! {
                <rect {x} {y} {width} {height} {rx} {fill} fill-opacity={alpha} {stroke} stroke-width={width_of}
                    stroke-dasharray={dash} />
            }
        }
        Shape::Ribbon { from, to, stroke } => {
            let [x0, y0, x1, y1, middle] = [from.x, from.y, to.x, to.y, (from.x + to.x) / 2.0].map(number);
            let (color_of, alpha) = color(Some(stroke.role), theme);
            let way = format!("M{x0} {y0}C{middle} {y0} {middle} {y1} {x1} {y1}");
            html! {
                <path d={way} fill="none" stroke={color_of} stroke-opacity={alpha} stroke-width={number(stroke.width)} />
            }
        }
        Shape::Line { from, to, stroke } => {
            let [x1, y1, x2, y2] = [from.x, from.y, to.x, to.y].map(number);
            let (stroke, width, dash) = line(Some(stroke), theme);
            html! { <line {x1} {y1} {x2} {y2} {stroke} stroke-width={width} stroke-dasharray={dash} /> }
        }
        Shape::Curve { points, stroke } => {
            let points: Vec<String> = points.iter().map(|at| format!("{} {}", number(at.x), number(at.y))).collect();
            let (stroke, width, dash) = line(Some(stroke), theme);
            html! {
                <polyline points={points.join(" ")} fill="none" {stroke} stroke-width={width} stroke-dasharray={dash} />
            }
        }
        Shape::Area { points, fill } => {
            let points: Vec<String> = points.iter().map(|at| format!("{} {}", number(at.x), number(at.y))).collect();
            let (fill, alpha) = color(Some(*fill), theme);
            html! { <polygon points={points.join(" ")} {fill} fill-opacity={alpha} /> }
        }
        Shape::Circle { at, radius, fill, .. } => {
            let (fill, _) = color(Some(*fill), theme);
            html! { <circle cx={number(at.x)} cy={number(at.y)} r={number(*radius)} {fill} /> }
        }
        Shape::Text { at, anchor, font, role, halo, text } => {
            let anchor = match anchor {
                Anchor::Start => "start",
                Anchor::Middle => "middle",
                Anchor::End => "end",
            };
            let (fill, _) = color(Some(*role), theme);
            let rim = halo.then(|| theme.color(Role::Paper).hex());
            html! {
                <text x={number(at.x)} y={number(at.y)} text-anchor={anchor} font-size={number(font.size)}
                    font-weight={font.bold.then_some("600")} font-family={font.serif.then_some(theme::SERIF)} {fill}
                    stroke={rim.clone()} stroke-width={rim.is_some().then(|| HALO.to_string())}
                    paint-order="stroke" direction="ltr" unicode-bidi="isolate">{ text }</text>
            }
        }
    }
}

/// A colour and its opacity as attributes.
fn color(role: Option<Role>, theme: Theme) -> (String, Option<String>) {
    let Some(color) = role.map(|role| theme.color(role)) else { return ("none".to_owned(), None) };
    (color.hex(), (color.alpha < 1.0).then(|| color.alpha.to_string()))
}

/// A line's colour, width and dashes as attributes.
fn line(stroke: Option<&Stroke>, theme: Theme) -> (Option<String>, Option<String>, Option<String>) {
    let Some(stroke) = stroke else { return (None, None, None) };
    let dash = stroke.dash.lengths().map(|[piece, gap]| format!("{piece} {gap}"));
    (Some(theme.color(stroke.role).hex()), Some(stroke.width.to_string()), dash)
}

/// What [`TableTwin`] shows.
#[derive(Clone, PartialEq, Properties)]
pub struct TableTwinProps {
    /// The table.
    pub table: Table,
}

/// The same as a table, folded away.
#[component]
pub fn TableTwin(props: &TableTwinProps) -> Html {
    let Table { head, rows } = &props.table;
    let row = |row: &Vec<String>| {
        html! { <tr>{ for row.iter().map(|cell| html! { <td>{ prose(cell) }</td> }) }</tr> }
    };
    html! {
        <details class="method-table" data-testid="method-table"><summary>{ words::as_table() }</summary>
            <Wide class="method-scroll" label={words::as_table()}><table>
                <thead><tr>{ for head.iter().map(|name| head_cell(name)) }</tr></thead>
                <tbody>{ for rows.iter().map(row) }</tbody>
            </table></Wide>
        </details>
    }
}

/// A column's name; where it has none, no header cell, which a screen reader would announce without a word.
fn head_cell(name: &str) -> Html {
    if name.is_empty() {
        return html! { <td /> };
    }
    html! { <th scope="col">{ prose(name) }</th> }
}
