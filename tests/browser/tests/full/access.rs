//! axe-core finds nothing: every view and what opens in it, both themes, 1440 and 390 pixels.

use crate::Done;
use browser_tests::{Browser, Options, Page, Site, violations};
use serde_json::json;

const TEXT: &str = "text=The%20router%20sends%20every%20token%20to%20two%20experts%3A%20%E3%83%AB%E3%83%BC%E3%82%BF";

/// Steps through a view: what is clicked, and what is there then.
type Steps = &'static [(&'static str, &'static str)];

/// A view by its link, with all that opens in it.
type View = (&'static str, Steps);

const EXPLORE: View = (
    "",
    &[
        ("", "[data-testid=formula]"),
        ("pick-expert", ".strip-filtered"),
        ("sheet-handle", ".sheet-up"),
        ("sheet-handle", ".sheet:not(.sheet-up)"),
        ("help", "[data-testid=help-panel]"),
        ("help-close", ".page:not(:has([data-testid=help-panel]))"),
        ("tour-start", "[data-testid=tour]"),
        ("tour-close", ".page:not(.touring)"),
        ("share", "[data-testid=notice], [data-testid=fault]"),
        ("device", "[data-testid=device-panel]:not([hidden])"),
        ("device", "[data-testid=device-panel][hidden]"),
        ("save", "[data-testid=save-panel]:not([hidden])"),
        ("save", "[data-testid=save-panel][hidden]"),
        ("samples", "[data-testid=samples-panel]:not([hidden])"),
        ("samples", "[data-testid=samples-panel][hidden]"),
        ("sampling", "[data-testid=sampling-panel]:not([hidden])"),
        ("sampling", "[data-testid=sampling-panel][hidden]"),
        ("model", "[data-testid=model-panel]:not([hidden]) .model-item"),
    ],
);
const TABLE: View = ("view=table", &[("", "[data-testid=cell-1-1]")]);
const METHOD: View = ("view=method", &[("", "[data-testid=method-steps] li"), ("bias-on", "[data-testid=bias-value]")]);
const DENSE: View = ("view=method&model=dense-active", &[("", "[data-testid=dense-compare]")]);
const AHEAD: View =
    ("view=method&model=gshard", &[("", "[data-testid=method-steps] li"), ("ahead", "[data-testid=ahead]:checked")]);
const POLICY: View = ("model=routing-networks", &[("", "[data-testid=domain]")]);
const COMPARE: View = (
    "screen=compare&with=shazeer,soft-moe,dense-active",
    &[
        ("", "[data-testid=results] table"),
        ("curves-training", "[data-testid=curves-training].on"),
        ("view-table", "[data-testid=difference-table]"),
    ],
);
const TRAIN: View = (
    "screen=train&run=preset~collapse_width~16_inner~16_batch~2_len~32_seed~5",
    &[
        ("", "[data-testid=lab-begin]"),
        ("lab-begin", "[data-testid=lab-numbers]"),
        ("lab-pause", "[data-testid=lab-start]"),
        ("lab-back", "[data-testid=lab-newest]:enabled"),
        ("lab-fork", "[data-testid=lab-plan]"),
        ("lab-plan-copy", "[data-testid=branch-2]"),
        ("probe-flow", "[data-testid=lab-probe] canvas"),
        ("lab-run", "[data-testid=lab-run-panel]:not([hidden])"),
        ("lab-run", "[data-testid=lab-run-panel][hidden]"),
        ("lab-table-on", "[data-testid=lab-table]"),
    ],
);

/// Clicks what can be clicked at any size, seen or not: at one size a menu has what is a button at another.
const CLICK: &str =
    "const e = document.querySelector(`[data-testid=\"${arguments[0]}\"]`); e?.click(); return e != null";

fn walk((link, steps): View, dark: bool, size: (u32, u32)) -> Done {
    let (site, browser) = (Site::whole()?, Browser::start(Options { dark, size, ..Options::default() })?);
    let mut found = Vec::new();
    let page = Page::open(&browser, &site.url(), &format!("{link}&{TEXT}"))?;
    for (click, then) in steps {
        if !click.is_empty() {
            page.wait_for(click, CLICK, &[json!(click)])?;
        }
        page.wait_for(then, "return document.querySelector(arguments[0]) != null", &[json!(then)])?;
        // What comes a few frames later is part of the view.
        page.script("return new Promise((done) => setTimeout(() => done(1), 300))", &[])?;
        let all = violations(&page)?;
        found.extend(all.iter().map(|one| format!("{link}, after {click:?}: {one}")));
    }
    found.dedup();
    assert!(found.is_empty(), "{} violations:\n{}", found.len(), found.join("\n"));
    Ok(())
}

/// A test of each view at each size in each theme, so that each ends in its time.
macro_rules! walks {
    ($($name:ident: $view:ident;)*) => { $(mod $name {
        use super::{Done, $view, walk};

        #[test]
        fn wide_and_light() -> Done {
            walk($view, false, (1440, 900))
        }

        #[test]
        fn wide_and_dark() -> Done {
            walk($view, true, (1440, 900))
        }

        #[test]
        fn a_phone_in_light() -> Done {
            walk($view, false, (390, 844))
        }

        #[test]
        fn a_phone_in_dark() -> Done {
            walk($view, true, (390, 844))
        }
    })* };
}

walks! {
    explore: EXPLORE;
    table: TABLE;
    method: METHOD;
    dense: DENSE;
    ahead: AHEAD;
    policy: POLICY;
    compare: COMPARE;
    train: TRAIN;
}
