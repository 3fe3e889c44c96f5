//! The newest saved state of a run, kept in the browser's cache so that a reload or a crash of the page does not end it. It
//! stays on this machine until it is forgotten or newer ones take its place.
//!
//! Every page has a place of its own, so that two tabs do not overwrite each other's runs: a number that a reload hands on
//! in the tab's session storage. It lies there only while no page is open in the tab; so a tab that the browser duplicates
//! gets another one.

use super::state::StoredRun;
use crate::app::download::words;
use crate::messages::lab;
use crate::order;
use js_sys::{Array, Date, Math, Uint8Array};
use std::rc::Rc;
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Cache, Request, Response, Storage};

/// The cache, whose name the service worker does not clear away.
const CACHE: &str = "moescope.run";
/// Where the tab's number lies between two pages.
const TAB: &str = "moescope.tab";
/// Most runs that are kept.
const MOST: usize = 4;

/// Where a run is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Place {
    /// The address that stands for it.
    address: String,
    /// The page whose run it is.
    page: u64,
    /// When, in milliseconds since 1970.
    at: u64,
}

impl Place {
    fn new(page: u64, at: u64) -> Self {
        Self { address: format!("kept-run?page={page}&at={at}"), page, at }
    }

    /// From an address in the cache. One without numbers is of a page from before pages had any.
    fn read(address: &str) -> Self {
        let query = address.split_once('?').map_or("", |(_, query)| query);
        let number = |name: &str| {
            let value = query.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='));
            value.and_then(|value| value.parse().ok()).unwrap_or(0)
        };
        Self { address: address.to_owned(), page: number("page"), at: number("at") }
    }
}

/// What is offered to a page: its own run, from before a reload, or else the newest.
fn offered(places: &[Place], page: u64) -> Option<&Place> {
    places.iter().max_by_key(|place| (place.page == page, place.at))
}

/// What goes when a page has kept its run: its older ones, and the oldest of too many pages.
fn surplus<'a>(places: &'a [Place], new: &Place) -> Vec<&'a Place> {
    let (own, mut others): (Vec<&Place>, Vec<&Place>) = places.iter().partition(|place| place.page == new.page);
    order::sort_by_key(&mut others, |place| std::cmp::Reverse(place.at));
    own.into_iter().filter(|place| place.at < new.at).chain(others.into_iter().skip(MOST - 1)).collect()
}

fn session() -> Option<Storage> {
    gloo::utils::window().session_storage().ok().flatten()
}

/// The page's number: what a reload handed on, or a new one.
pub fn page() -> u64 {
    let handed = session().and_then(|session| {
        let number = session.get_item(TAB).ok().flatten()?.parse().ok();
        let _ = session.remove_item(TAB); // Where it cannot be removed it could not be written.
        number
    });
    // As many as a number in JavaScript can tell apart.
    handed.unwrap_or_else(|| (Math::random() * 9e15) as u64 + 1)
}

/// Hands the number on to the page that comes after this one in the tab.
pub fn hand_on(page: u64) {
    if let Some(session) = session() {
        let _ = session.set_item(TAB, &page.to_string()); // Without it the next page offers the newest run.
    }
}

/// The page is back, as it was: its number is its own again.
pub fn take_back() {
    if let Some(session) = session() {
        let _ = session.remove_item(TAB); // As above.
    }
}

async fn cache() -> Result<Cache, JsValue> {
    let caches = gloo::utils::window().caches()?;
    if caches.is_undefined() {
        return Err(lab::insecure().into());
    }
    JsFuture::from(caches.open(CACHE)).await?.dyn_into()
}

async fn places(cache: &Cache) -> Result<Vec<Place>, JsValue> {
    let keys: Array = JsFuture::from(cache.keys()).await?.dyn_into()?;
    let requests = keys.iter().filter_map(|key| key.dyn_into::<Request>().ok());
    Ok(requests.map(|request| Place::read(&request.url())).collect())
}

/// Keeps a page's run in the place of the one before: a line for its title, then the file.
///
/// # Errors
/// Why the browser keeps nothing, in its own words.
pub async fn put(page: u64, kept: StoredRun) -> Result<(), String> {
    // Megabytes, so they are copied once only.
    let title = format!("{}\n", kept.title);
    let (head, all) = (title.len() as u32, (title.len() + kept.file.len()) as u32);
    let bytes = Uint8Array::new_with_length(all);
    bytes.subarray(0, head).copy_from(title.as_bytes());
    bytes.subarray(head, all).copy_from(&kept.file);
    let put = async || -> Result<(), JsValue> {
        let (cache, new) = (cache().await?, Place::new(page, Date::now() as u64));
        let response = Response::new_with_opt_js_u8_array(Some(&bytes))?;
        JsFuture::from(cache.put_with_str(&new.address, &response)).await?;
        for old in surplus(&places(&cache).await?, &new) {
            JsFuture::from(cache.delete_with_str(&old.address)).await?;
        }
        Ok(())
    };
    put().await.map_err(words)
}

/// The run that is kept for a page, if there is one.
pub async fn get(page: u64) -> Option<StoredRun> {
    let cache = cache().await.ok()?;
    let place = offered(&places(&cache).await.ok()?, page)?.address.clone();
    let found = JsFuture::from(cache.match_with_str(&place)).await.ok()?;
    let buffer = JsFuture::from(found.dyn_into::<Response>().ok()?.array_buffer().ok()?).await.ok()?;
    let mut bytes = Uint8Array::new(&buffer).to_vec();
    let end = bytes.iter().position(|&byte| byte == b'\n')?;
    let file = bytes.split_off(end + 1);
    bytes.truncate(end);
    Some(StoredRun { title: String::from_utf8(bytes).ok()?, file: Rc::new(file), place })
}

/// Forgets a run.
pub async fn forget(place: &str) {
    if let Ok(cache) = cache().await {
        let _ = JsFuture::from(cache.delete_with_str(place)).await; // Where nothing is kept there is nothing to forget.
    }
}

#[cfg(test)]
mod tests {
    use super::{Place, offered, surplus};

    #[test]
    fn a_place_is_read_from_its_address_and_old_ones_are_nobodys() {
        let place = Place::new(7, 123);
        let address = format!("http://127.0.0.1:8080/{}", place.address);
        assert_eq!(Place::read(&address), Place { address, ..place });
        let old = Place::read("http://127.0.0.1:8080/kept-run");
        assert_eq!((old.page, old.at), (0, 0));
    }

    #[test]
    fn a_page_is_offered_its_own_run_and_else_the_newest() {
        let places = [Place::new(1, 10), Place::new(2, 30), Place::new(1, 20)];
        assert_eq!(offered(&places, 1), Some(&places[2]));
        assert_eq!(offered(&places, 5), Some(&places[1]));
        assert_eq!(offered(&[], 5), None);
    }

    #[test]
    fn two_pages_keep_their_runs_apart_and_only_so_many_are_kept() {
        let places = [Place::new(1, 10), Place::new(2, 30), Place::new(1, 20)];
        assert_eq!(surplus(&places, &places[2]), [&places[0]], "not the other page's");
        let many: Vec<Place> = (1..=6).map(|page| Place::new(page, 10 * page)).collect();
        assert_eq!(surplus(&many, &many[1]), [&many[2], &many[0]], "four are left, its own among them");
    }
}
