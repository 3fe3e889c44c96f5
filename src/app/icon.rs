//! The few icons, drawn with strokes of the text's colour.

use yew::prelude::*;

/// Which icon.
#[derive(Clone, PartialEq, Properties)]
pub struct IconProps {
    /// Its name.
    pub name: &'static str,
}

/// An icon; the control around it says what it does.
#[component]
pub fn Icon(props: &IconProps) -> Html {
    let path = match props.name {
        "close" => "M4 4 L12 12 M12 4 L4 12",
        "down" => "M4 6.5 L8 10.5 L12 6.5",
        "up" => "M4 9.5 L8 5.5 L12 9.5",
        "left" => "M9.5 4 L5.5 8 L9.5 12",
        "right" => "M6.5 4 L10.5 8 L6.5 12",
        "sun" => {
            "M8 5 a3 3 0 1 0 0.01 0 M8 1 V2.4 M8 13.6 V15 M1 8 H2.4 M13.6 8 H15 M3 3 L4 4 M12 12 L13 13 M13 3 L12 4 M4 12 L3 13"
        }
        "moon" => "M13.2 9.6 A5.6 5.6 0 1 1 6.4 2.8 A4.6 4.6 0 0 0 13.2 9.6 Z",
        "system" => "M8 2 a6 6 0 1 0 0.01 0 M8 2 V14 M8 5 H12.8 M8 8 H14 M8 11 H12.8",
        "stop" => "M4.5 4.5 H11.5 V11.5 H4.5 Z",
        "open" => "M2 13 V3.5 H6.2 L7.6 5 H14 V13 Z",
        _ => "M3 8 H13",
    };
    html! {
        <svg class="icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" focusable="false"><path d={path} /></svg>
    }
}
