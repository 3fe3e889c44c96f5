//! Underlines stand below their tokens' letters at every width.

use crate::Done;
use browser_tests::{Browser, Options, Page, Site, Steered, misplaced};

/// Prose that has spaces where lines end at many widths.
pub(crate) const PROSE: &str = "The gate reads the sum of what came before it, weighs eight experts, and sends each token to two; naïve façades, long-hyphenated-words and antidisestablishmentarianism wrap where they must. ";
const OTHERS: &str = "日本語のテキスト、長い行。 e\u{301} end\n\n\tindented  double   spaces   \nlast line ";
/// Writing whose letters join, carry marks, or are of several characters.
pub(crate) const CLUSTERS: &str = "राउटर हर टोकन को आठ में से दो विशेषज्ञों के पास भेजता है, क्षत्रिय श्रृंखला। เราเตอร์ส่งโทเค็นแต่ละตัวไปยังผู้เชี่ยวชาญสองคน น้ำใจ. 👨‍👩‍👧‍👦 🏳️‍🌈🇫🇷 👍🏽 1️⃣ 👩‍🚀 e\u{301}o\u{302}\u{323} end. ";
/// Writing from right to left, with numbers and Latin words in it, and words of it in a Latin line.
pub(crate) const TURNING: &str = "يرسل الموجّه كل رمز إلى خبيرين من ثمانية خبراء (MoE 8x7B) مُدَرِّسٌ ١٢٣٤.\nהנתב שולח כל אסימון לשני מומחים מתוך שמונה, בְּרֵאשִׁית 1234 experts.\nThe word שלום means peace; العربية is 12% of it, and (אבג) ends. ";

/// A word longer than a line.
pub(crate) fn word() -> String {
    format!("A word: {} and its end.", "abcdefghij".repeat(30))
}

/// Looks at widths from 320 to 1,500 pixels.
pub(crate) fn look<B: Steered>(page: &Page<'_, B>, what: &str, step: usize, zoom: f32) -> Done {
    let mut wrong = Vec::new();
    for width in (320..=1_500_u32).step_by(step) {
        let found = misplaced(page, (width, 1_600), zoom)?;
        if !found.is_empty() {
            wrong.push(format!("{width} px: {found:?}"));
        }
    }
    let what: String = what.chars().take(40).collect();
    if wrong.is_empty() { Ok(()) } else { Err(format!("{what}, zoom {zoom}, {} widths: {}", wrong.len(), wrong[0])) }
}

/// Writes a text, and looks at it at every `step`th width, and zoomed at fewer.
fn look_at(text: &str, step: usize) -> Done {
    let (site, browser) = (Site::whole()?, Browser::start(Options::default())?);
    let page = Page::open(&browser, &site.url(), "")?;
    page.wait_ready()?;
    page.set_text(text)?;
    page.wait_text(text)?;
    look(&page, text, step, 1.0)?;
    [0.8, 1.25, 1.5, 2.0].into_iter().try_for_each(|zoom| look(&page, text, 12 + step, zoom))
}

#[test]
fn underlines_of_the_text_that_the_page_opens_with_stand_below_their_letters() -> Done {
    let (site, browser) = (Site::whole()?, Browser::start(Options::default())?);
    let page = Page::open(&browser, &site.url(), "")?;
    page.wait_ready()?;
    look(&page, "the first text", 1, 1.0)
}

#[test]
fn underlines_of_prose_stand_below_their_letters() -> Done {
    look_at(&PROSE.repeat(4), 1)
}

#[test]
fn underlines_of_a_long_word_stand_below_their_letters() -> Done {
    look_at(&word(), 3)
}

#[test]
fn underlines_of_other_scripts_and_white_space_stand_below_their_letters() -> Done {
    look_at(&OTHERS.repeat(4), 3)
}

#[test]
fn underlines_of_letters_of_several_characters_stand_below_them() -> Done {
    look_at(&CLUSTERS.repeat(2), 5)
}

#[test]
fn underlines_of_writing_from_right_to_left_stand_below_their_letters() -> Done {
    look_at(&TURNING.repeat(2), 5)
}

#[test]
fn underlines_in_a_readers_own_fonts_stand_below_their_letters() -> Done {
    let (site, browser) = (Site::whole()?, Browser::start(Options::default())?);
    let page = Page::open(&browser, &site.url(), "")?;
    page.wait_ready()?;
    page.set_text(&PROSE.repeat(4))?;
    page.wait_text(&PROSE.repeat(4))?;
    for font in ["sans-serif", "monospace", "cursive"] {
        page.script("document.documentElement.style.setProperty('--serif', arguments[0])", &[font.into()])?;
        look(&page, font, 13, 1.0)?;
    }
    Ok(())
}
