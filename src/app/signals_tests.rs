//! What the engine sends, in every state of the page.

use super::*;
use crate::app::action::Action;
use crate::app::address::Address;
use crate::app::saved_texts::KeptFile;
use crate::app::settings::Screen;
use crate::app::shared::Shared;
use crate::app::update::update;
use crate::error::{ConfigFault, FetchFault, FileFault, ModelError, NoGpu, RequestFault};
use crate::protocol::{DeviceChoice, DeviceReason, DeviceReport, Request};
use crate::token::PassedOver;
use crate::trace::sample;

/// A text, and an engine that was started.
fn state() -> State {
    let session = EngineSession { started: true, alive: true, ..EngineSession::default() };
    State { text: Rc::new("some text".into()), own_text: true, session, ..State::default() }
}

/// A message of the engine; an answer is one to the newest question, and what is open was asked for.
fn hear(state: State, mut event: Event) -> State {
    let opens = matches!(event, Event::Ready { .. }) && state.session.asked.is_none();
    let mut state = if opens { hear(state, Event::Started) } else { state };
    if let Event::Trace { ticket, .. } = &mut event {
        state = act(state, Action::Rested);
        *ticket = state.session.ticket;
    }
    act(state, Action::Engine(Box::new(Signal::Event(event))))
}

fn act(mut state: State, action: Action) -> State {
    drop(update(&mut state, action));
    state
}

/// A file that was opened.
fn open(mut state: State, name: &str, trace: Trace) -> State {
    state.show_file(name.into(), Shared::new(trace), None);
    state
}

/// Whether the text is routed, once typing rests.
fn routes(mut state: State) -> bool {
    let asked = |effect: &Effect| matches!(effect, Effect::Ask(Request::Route { .. }));
    update(&mut state, Action::Rested).iter().any(asked)
}

fn said(state: &State) -> Vec<&str> {
    state.notices.iter().map(|notice| notice.text.as_str()).collect()
}

/// An answer of the model that the page opens with.
fn routed(cut: Option<Cut>) -> Event {
    routed_by(models::FIRST, None, cut)
}

/// An answer of a model, whose checkpoint's hash begins with those digits.
fn routed_by(name: &str, checkpoint: Option<&str>, cut: Option<Cut>) -> Event {
    let mut trace = sample::trace(6, 2, 4, 2);
    trace.model.name = name.to_owned();
    trace.model.checkpoint = checkpoint.map(|digits| format!("sha256:{digits:0<64}"));
    Event::Trace { ticket: 1, trace: Box::new(trace), cut }
}

fn ready() -> Event {
    let device = DeviceReport { gpu: false, name: "CPU".into(), why: DeviceReason::CpuChosen };
    Event::Ready { device, card: String::new(), passed_over: PassedOver::default() }
}

fn no_gpu() -> Event {
    Event::Fault(EngineFault::Device(NoGpu::NoWebGpu))
}

#[test]
fn a_cut_names_the_limit_that_cut() {
    let words = left_out(Cut { chars: 200_200, kept: 10_013 }, 4_096);
    assert!(words.contains("200,200") && words.contains("10,013") && words.contains("4,096 tokens"), "{words}");
    let words = left_out(Cut { chars: 200_200, kept: MAX_CHARS }, 3_000);
    assert!(words.contains("at most 20,000 characters") && !words.contains("token"), "{words}");
    assert!(words.contains("The field shows its beginning"), "{words}");
    let words = left_out(Cut { chars: 12_600, kept: 10_013 }, 4_096);
    assert!(!words.contains("The field shows"), "all of it is shown: {words}");
}

#[test]
fn a_cut_is_taken_back_with_the_text_that_had_it() {
    let state = hear(state(), routed(Some(Cut { chars: 30_000, kept: MAX_CHARS })));
    assert_eq!(state.notices.len(), 1);
    assert!(said(&hear(state, routed(None))).is_empty());
}

#[test]
fn a_fault_of_the_model_says_what_to_do() {
    let detail = "missing field `vocab_size`".to_owned();
    let config = EngineFault::Files(ModelError::Config(ConfigFault::Unreadable { detail }));
    let state = refused(state(), config, None);
    let other = "config.json cannot be read: missing field `vocab_size`. Try again; if that does not help, fetch the folder again, or load another model.";
    assert_eq!(said(&state), [other]);
    let file = |fault| EngineFault::Files(ModelError::File { name: "model.safetensors".to_owned(), fault });
    let state = refused(state, file(FileFault::Empty), None);
    let again = "model.safetensors is empty (0 bytes). Try again; if that does not help, fetch the file again.";
    assert_eq!(said(&state), [again]);
    let state = refused(state, file(FileFault::Gzip), None);
    assert_eq!(said(&state), ["model.safetensors is compressed by gzip. Unpack it first."], "what lasts");
    assert!(matches!(state.engine, Engine::Failed(_)));
}

#[test]
fn an_empty_text_has_no_token_in_its_link() {
    let state = act(hear(state(), routed(None)), Action::Token(3));
    assert_eq!(state.address().token, Some(3));
    let address = act(state, Action::Load(String::new())).address();
    assert_eq!((address.token, address.text.as_deref()), (None, Some("")));
    assert_eq!(address.write(), "text=");
}

#[test]
fn a_device_that_is_not_there_leaves_the_choice_before_it() {
    for before in [DeviceChoice::Auto, DeviceChoice::Cpu] {
        let state = hear(act(state(), Action::Device(before)), ready());
        let state = hear(act(state, Action::Device(DeviceChoice::Gpu)), Event::Started);
        let state = hear(state, no_gpu());
        // Automatic and the CPU are another build than the GPU's, which the one before takes the place of again.
        let state = hear(state, ready());
        assert_eq!((state.settings.device, state.ready()), (before, true));
    }
}

#[test]
fn a_model_of_the_lab_is_not_looked_for_at_an_address() {
    let state = refused(state(), not_there(), Some("loss-free-seed-7-step-439".into()));
    let said = said(&state).concat();
    assert!(
        said.contains("trained in a page")
            && said.contains("a link does not hold")
            && said.contains("mixtral is opened instead"),
        "{said}"
    );
    assert!(!said.contains("404") && !models::trained_here("hash-random") && !models::trained_here("step-4"), "{said}");
}

#[test]
fn a_model_from_files_is_to_be_opened_again_and_not_fetched() {
    let state = refused(state(), not_there(), Some(models::opened("mine")));
    let said = said(&state).concat();
    assert!(said.contains("opened-mine") && said.contains("open its config.json") && !said.contains("404"), "{said}");
}

#[test]
fn a_tour_is_of_the_screen_that_is_seen_and_ends_with_it() {
    let state = hear(state(), routed(None));
    for screen in [Screen::Explore, Screen::Compare, Screen::Train] {
        let state = act(act(state.clone(), Action::Go(screen)), Action::Tour(Some(0)));
        assert_eq!(state.tour, Some(0), "{screen:?}");
        let steps = crate::app::tour_steps::steps(screen);
        assert_eq!(act(state.clone(), Action::Tour(Some(steps))).tour, None, "{screen:?} has no more steps");
        for other in Screen::ALL.into_iter().filter(|other| *other != screen) {
            let there = act(state.clone(), Action::Go(other));
            assert_eq!(there.tour, None, "from {screen:?} to {other:?}");
            assert_eq!(act(there, Action::Go(screen)).tour, None, "it does not spring up again");
        }
    }
    assert_eq!(act(State::default(), Action::Tour(Some(0))).tour, None, "there is nothing to explain yet");
}

#[test]
fn an_opened_file_comes_back_after_a_reload_or_is_said_to_be_lost() {
    let file = KeptFile { key: "7".into(), name: "a.json".into() };
    let state = State::default().showing(Some(file.clone()));
    let recording = Shared::new(sample::trace(9, 2, 4, 2));
    let state = act(state, Action::Recording(recording.clone()));
    assert!(state.trace.is_none(), "the recording is not shown in its place");
    let state = hear(state, ready());
    assert!(!state.waits && !routes(state.clone()), "nothing is routed meanwhile");
    assert_eq!(state.kept_file(), Some(file.clone()), "a reload before it is here finds it too");
    let read = |read| Action::ReadAgain(file.clone(), read);
    let there = act(state.clone(), read(Ok(Box::new((sample::trace(6, 2, 4, 2), None)))));
    assert_eq!((there.kept_file(), there.coming.clone()), (Some(file.clone()), None));
    assert_eq!(act(there, Action::Load("mine".into())).kept_file(), None, "a text of one's own is shown by now");
    let lost = act(state, read(Err("It is gone.".into())));
    assert!(said(&lost)[0].starts_with("a.json, which was shown here before, could not be opened again. It is gone. "));
    assert_eq!((lost.kept_file(), lost.waits), (None, true));
    assert_eq!(*lost.text, recording.text);
}

#[test]
fn an_opened_trace_is_shown_where_traces_are_shown() {
    for screen in [Screen::Compare, Screen::Train] {
        let state = act(state(), Action::Go(screen));
        let state = open(state, "a.json", sample::trace(6, 2, 4, 2));
        assert_eq!(state.settings.screen, Screen::Explore);
    }
}

#[test]
fn an_answer_to_an_earlier_question_does_not_take_an_opened_files_place() {
    let mut file = sample::trace(9, 2, 4, 2);
    file.model.name = "recorded elsewhere".to_owned();
    let state = act(hear(state(), ready()), Action::Rested);
    let state = hear(open(state, "a.json", file), routed(None));
    assert_eq!(state.source, TraceSource::File("a.json".into()));
    assert_eq!(state.trace.map(|trace| trace.len()), Some(9));
}

/// The file is of the very text that was asked for.
#[test]
fn an_answer_of_the_same_text_does_not_either() {
    let state = act(hear(state(), ready()), Action::Rested);
    let mut answer = routed(None);
    if let Event::Trace { ticket, .. } = &mut answer {
        *ticket = state.session.ticket;
    }
    let state = open(state, "a.json", sample::trace(6, 2, 4, 2));
    let state = act(state, Action::Engine(Box::new(Signal::Event(answer))));
    assert_eq!(state.source, TraceSource::File("a.json".into()));
}

#[test]
fn a_link_made_with_another_checkpoint_says_so_once() {
    let (here, there) = ("0123456789ab", "ba9876543210");
    let routed = |name: &str| routed_by(name, Some(here), None);
    let opened = |checkpoint: &str| {
        let address = Address { checkpoint: Some(checkpoint.to_owned()), ..Address::default() };
        State::from_address(address, false)
    };
    let state = hear(opened(there), routed("switch"));
    assert!(said(&state).is_empty() && state.address().checkpoint.is_some(), "another model is no answer");
    let state = hear(state, routed("mixtral"));
    assert!(said(&state)[0].contains(here) && said(&state)[0].contains(there), "{:?}", said(&state));
    let read = state.notices[0].id;
    let state = hear(act(state, Action::Dismiss(read)), routed("mixtral"));
    assert!(said(&state).is_empty(), "once");
    assert!(said(&hear(opened(here), routed("mixtral"))).is_empty());
}

#[test]
fn the_address_names_the_checkpoint_that_it_was_given_until_text_or_model_are_others() {
    let (here, there) = ("0123456789ab", "ba9876543210");
    let named = |state: &State| state.address().checkpoint;
    let routed = |name: &str| routed_by(name, Some(here), None);
    let fragment = format!("checkpoint={there}&token=2&text=some");
    let given = hear(State::from_address(Address::read(&fragment), false), routed("mixtral"));
    assert_eq!(given.address().write(), fragment, "a reload says it again");
    let selected = act(given.clone(), Action::Token(1));
    assert_eq!(named(&selected).as_deref(), Some(there));
    let edited = hear(act(given.clone(), Action::Edit("some more".into(), 9, false)), routed("mixtral"));
    assert_eq!(named(&edited).as_deref(), Some(here));
    let chosen = act(given.clone(), Action::Choose(Some("switch".into())));
    assert_eq!(named(&chosen), None, "it has not answered");
    assert_eq!(named(&hear(chosen, routed("switch"))).as_deref(), Some(here));
    let back = act(edited, Action::Restore(Box::new(Address::read(&fragment))));
    assert_eq!(named(&back).as_deref(), Some(there));
    assert_eq!(said(&hear(back, routed("mixtral"))).len(), 1, "and says it again");
    let continued = hear(act(hear(given, ready()), Action::Generate(true)), routed("mixtral"));
    assert_eq!(named(&continued).as_deref(), Some(here));
}

#[test]
fn the_address_of_a_page_that_nobody_touched_names_no_checkpoint() {
    let routed = || routed_by("mixtral", Some("0123456789ab"), None);
    let bare = act(State::default(), Action::Recording(Shared::new(sample::trace(6, 2, 4, 2))));
    let bare = hear(bare, routed());
    let token = State::typical_token(bare.trace.as_ref().unwrap());
    assert_eq!(bare.address().write(), format!("token={}", token + 1));
    let touched = act(bare, Action::Layer(1));
    assert_eq!(touched.address().write(), format!("checkpoint=0123456789ab&layer=2&token={}", token + 1));
    let alone = hear(State::from_address(Address::read("checkpoint=ba9876543210"), false), routed());
    assert_eq!(alone.address().checkpoint.as_deref(), Some("ba9876543210"), "what it was given stays");
}

#[test]
fn a_link_to_a_model_that_is_not_here_says_that_and_nothing_of_another_checkpoint() {
    for (name, why) in [
        (models::opened("checkpoint"), "opened from files, which a link does not hold"),
        ("loss-free-seed-7-step-439".to_owned(), "trained in a page"),
    ] {
        let fragment = format!("model={name}&checkpoint=0123456789ab&text=some");
        let state = State::from_address(Address::read(&fragment), false);
        let state = refused(state, not_there(), Some(name.clone()));
        let mut trace = sample::trace(6, 2, 4, 2);
        trace.model.name = "mixtral".to_owned();
        trace.model.checkpoint = Some(format!("sha256:{}", "9".repeat(64)));
        let state = hear(hear(state, ready()), Event::Trace { ticket: 1, trace: Box::new(trace), cut: None });
        let said = said(&state).concat();
        for part in [&name, why, "mixtral is opened instead"] {
            assert!(said.contains(part), "{said}");
        }
        assert!(!said.contains("another checkpoint") && state.address().checkpoint == Some("9".repeat(12)), "{said}");
    }
}

#[test]
fn a_link_to_compared_models_says_which_of_them_is_another() {
    let link = "screen=compare&with=switch,base,jacobs&checkpoints=aaaaaaaaaaaa,bbbbbbbbbbbb,cccccccccccc";
    let state = State::from_address(Address::read(link), false);
    assert_eq!(state.address().write(), link, "it is not lost before the models have answered");
    let compared = |name: &str, hash: &str| {
        let mut trace = sample::trace(6, 2, 4, 2);
        trace.model.name = name.to_owned();
        trace.model.checkpoint = Some(format!("sha256:{}", hash.repeat(64)));
        let model = format!("https://x/models/{name}/");
        Event::Compared { ticket: 1, model, trace: Box::new(trace), card: "{}".into(), cut: None }
    };
    let mut state = state;
    state.comparison.asked();
    state.session.comparison = 1;
    let state = hear(hear(state, compared("base", "9")), compared("switch", "a"));
    assert!(said(&state).is_empty(), "one has not answered: {:?}", said(&state));
    let state = hear(state, compared("jacobs", "8"));
    let words = said(&state).concat();
    for part in ["base (bbbbbbbbbbbb… there, 999999999999… here)", "jacobs (cccccccccccc… there, 888888888888… here)"]
    {
        assert!(words.contains(part), "{words}");
    }
    assert!(!words.contains("switch"), "{words}");
    assert_eq!(state.address().write(), link, "a reload says it again");
    let read = state.notices[0].id;
    let state = hear(act(state, Action::Dismiss(read)), compared("jacobs", "8"));
    assert!(said(&state).is_empty(), "once");
    let state = act(state, Action::Edit("another text".into(), 0, false));
    let here = "checkpoints=aaaaaaaaaaaa,999999999999,888888888888&text=another%20text";
    assert_eq!(state.address().write(), format!("screen=compare&with=switch,base,jacobs&{here}"));
    // A link of before names the explorer's checkpoint, which is not on the screen.
    let old = State::from_address(Address::read("checkpoint=aaaaaaaaaaaa&screen=compare&with=switch,base"), false);
    let mut trace = sample::trace(6, 2, 4, 2);
    trace.model.name = "mixtral".to_owned();
    trace.model.checkpoint = Some(format!("sha256:{}", "9".repeat(64)));
    let old = hear(old, Event::Trace { ticket: 1, trace: Box::new(trace), cut: None });
    assert!(said(&old).is_empty(), "{:?}", said(&old));
}

#[test]
fn a_trace_says_how_its_generated_part_was_chosen() {
    let state = hear(state(), routed(None));
    assert_eq!(state.trace.as_ref().and_then(|trace| trace.sampling), None);
    let mut settings = state.settings;
    settings.sampling.seed = 41;
    let state = act(act(hear(state, ready()), Action::Set(settings)), Action::Generate(true));
    settings.sampling.seed = 42;
    let state = hear(grown(act(state, Action::Set(settings)), " and more"), routed(None));
    assert_eq!(state.trace.unwrap().sampling.map(|sampling| sampling.seed), Some(41));
}

/// The text has grown, as it does when a model writes.
fn grown(state: State, more: &str) -> State {
    State { text: Rc::new(format!("{}{more}", state.text)), ..state }
}

/// A text whose end a model wrote, by seed 41.
fn continued() -> State {
    let mut settings = state().settings;
    settings.sampling.seed = 41;
    let state = act(act(hear(state(), ready()), Action::Set(settings)), Action::Generate(true));
    let ticket = state.running.unwrap().ticket;
    let state = grown(state, " and more");
    hear(hear(state, Event::Finished { ticket, reason: Finish::Length }), routed(None))
}

fn seed(state: &State) -> Option<u64> {
    hear(state.clone(), routed(None)).trace.unwrap().sampling.map(|sampling| sampling.seed)
}

#[test]
fn how_a_text_was_continued_comes_back_with_it() {
    let there = continued();
    assert_eq!(seed(&there), Some(41));
    let fragment = there.address().write();
    let here = State::from_address(Address::read(&fragment), false);
    assert_eq!((here.generated, seed(&here)), (there.generated, Some(41)), "{fragment}");
    let away = act(there, Action::Load("a sample".into()));
    assert_eq!((seed(&away), away.address().drawn), (None, None));
    let back = act(away, Action::Restore(Box::new(Address::read(&fragment))));
    assert_eq!(seed(&back), Some(41));
    let old = fragment.split('&').filter(|pair| !pair.starts_with("drawn=")).collect::<Vec<_>>().join("&");
    let old = State::from_address(Address::read(&old), false);
    assert_eq!((old.generated, seed(&old)), (here.generated, None), "a link of before does not say how");
}

#[test]
fn what_was_drawn_is_told_of_the_model_that_wrote_alone() {
    let told = |state: &State, by: &str, checkpoint| {
        let state = hear(state.clone(), routed_by(by, checkpoint, None));
        let seed = |sampling: Option<crate::trace::Sampling>| sampling.map(|sampling| sampling.seed);
        (seed(state.address().drawn), seed(state.trace.as_ref().unwrap().sampling))
    };
    let wrote = continued();
    assert_eq!(told(&wrote, "mixtral", None), (Some(41), Some(41)));
    let other = act(wrote, Action::Choose(Some("base".into())));
    assert_eq!(told(&other, "base", None), (None, None));
    let other = hear(other, routed_by("base", None, None));
    let longer = act(other.clone(), Action::Generate(true));
    assert_eq!(told(&grown(longer, " still"), "base", None), (None, None), "two models wrote");
    assert_eq!(told(&act(other, Action::Choose(None)), "mixtral", None), (Some(41), Some(41)), "it is back");
    // What a link tells is of the checkpoint that it names.
    let link = "checkpoint=aaaaaaaaaaaa&generated=2&drawn=1,0,1,41&text=some";
    let linked = State::from_address(Address::read(link), false);
    assert_eq!(told(&linked, "mixtral", Some("aaaaaaaaaaaa")), (Some(41), Some(41)));
    assert_eq!(told(&linked, "mixtral", Some("bbbbbbbbbbbb")), (Some(41), None), "the address still names the other");
    // So is what an opened file tells.
    let mut file = sample::trace(6, 2, 4, 2);
    (file.model.name, file.sampling) = ("switch".to_owned(), Some(crate::trace::Sampling::default()));
    let (saved, at) = (file.clone(), file.tokens[3].start);
    let mut state = state();
    let view = crate::trace::SavedView { layer: 0, token: 0, expert: None, generated: Some(at) };
    state.show_file("a.json".into(), Shared::new(file), Some(view));
    assert!(state.trace.as_ref().unwrap().sampling == saved.sampling && state.drawn.is_some());
    assert_eq!(told(&act(state, Action::Live), "mixtral", None), (None, None));
}

#[test]
fn what_is_continued_anew_after_an_undo_is_told() {
    let undone = act(continued(), Action::Edit("some text".to_owned(), 9, false));
    let mut settings = undone.settings;
    settings.sampling.seed = 42;
    let again = grown(act(act(undone, Action::Set(settings)), Action::Generate(true)), " and less");
    assert_eq!(seed(&again), Some(42), "nothing is left of what was drawn before");
}

#[test]
fn what_somebody_wrote_is_not_told_as_chosen_by_a_model() {
    let edit = |text: &str| act(continued(), Action::Edit(text.to_owned(), 0, false));
    for (text, kept) in [
        ("xsome text and more", None),
        ("some texts and more", None),
        ("some text and my more", None),
        ("some text and more!", None),
        ("some text and mo", Some(41)),
        ("some text", None),
    ] {
        assert_eq!(seed(&edit(text)), kept, "{text}");
    }
    assert_eq!(seed(&act(continued(), Action::Generate(true))), Some(41), "in the same way");
    let mut settings = continued().settings;
    settings.sampling.seed = 42;
    assert_eq!(seed(&act(act(continued(), Action::Set(settings)), Action::Generate(true))), None, "in two ways");
    let again = act(edit("xsome text and more"), Action::Set(settings));
    assert_eq!(seed(&grown(act(again, Action::Generate(true)), " of it")), Some(42));
}

#[test]
fn what_cannot_be_routed_as_published_on_a_gpu_is_said_until_something_is_routed() {
    let fault = || Event::Fault(EngineFault::Route(ModelError::Request(RequestFault::BaseOnGpu)));
    let gpu = DeviceReport { gpu: true, name: "WebGPU".into(), why: DeviceReason::Available };
    let passed_over = PassedOver::default();
    let ready = || Event::Ready { device: gpu.clone(), card: String::new(), passed_over };
    let state = hear(state(), ready());
    let settings = crate::app::settings::PageSettings { ahead: true, ..state.settings };
    let state = hear(act(state, Action::Set(settings)), fault());
    assert_eq!(state.notices[0].topic, Topic::Published);
    assert!(state.unrouted().is_some_and(|(_, why)| why.ends_with("or route left to right.")));
    let state = hear(state, routed(None));
    assert!(state.unrouted().is_none() && said(&state).is_empty());
    let plain = hear(hear(super::tests::state(), ready()), fault());
    assert_eq!(plain.notices[0].topic, Topic::Route);
}

fn not_there() -> EngineFault {
    let address = "https://x.org/config.json".to_owned();
    EngineFault::Fetch(FetchFault::Refused { address, status: 404, words: "Not Found".to_owned() })
}

/// A model is asked for and cannot be had.
fn refused(state: State, fault: EngineFault, model: Model) -> State {
    let mut state = act(state, Action::Choose(model));
    if state.session.asked.is_none() {
        state = hear(state, Event::Started);
    }
    hear(state, Event::Fault(fault))
}

#[test]
fn a_model_that_cannot_be_had_leaves_the_one_in_use() {
    let switch = Some("switch".to_owned());
    let state = hear(hear(state(), ready()), routed(None));
    let trace = state.trace.clone();
    let chosen = act(state.clone(), Action::Choose(switch.clone()));
    assert_eq!((chosen.model, chosen.engine == state.engine), (switch.clone(), false));
    let state = refused(state, not_there(), switch);
    assert_eq!((state.model.clone(), state.ready()), (None, true));
    assert_eq!(state.session.opened, Some((None, DeviceChoice::Auto)));
    assert!(state.trace == trace, "the old trace stays");
    let said = state.notices[0].text.clone();
    assert!(said.contains("switch") && said.contains("404") && said.contains("mixtral stays"), "{said}");
    assert!(routes(state), "what was on its way when the other was chosen is out of date");
}

#[test]
fn a_link_to_a_model_that_is_not_there_opens_the_first_one_and_says_so() {
    let model = Some("abacus".to_owned());
    let mut state = State::from_address(Address { model: model.clone(), ..Address::default() }, false);
    (state.session.started, state.session.alive) = (true, true);
    let state = refused(state, not_there(), model);
    assert_eq!((state.model.clone(), state.ready()), (None, false));
    assert_eq!(state.session.asked, Some((None, DeviceChoice::Auto)), "it is asked for at once");
    assert!(said(&state)[0].contains("abacus") && said(&state)[0].contains("mixtral is opened instead"));
}

#[test]
fn no_gpu_is_no_news_once_another_device_was_chosen() {
    let cpu = || Action::Device(DeviceChoice::Cpu);
    let failed = hear(hear(state(), Event::Started), no_gpu());
    assert!(said(&failed)[0].contains("Choose the CPU"));
    assert!(said(&act(failed, cpu())).is_empty());
    let mut before = hear(state(), ready());
    before.session.built_for = DeviceChoice::Gpu;
    let kept = hear(act(before, Action::Device(DeviceChoice::Gpu)), no_gpu());
    assert_eq!(said(&kept), ["This browser has no WebGPU. CPU stays in use."]);
    assert!(said(&act(kept.clone(), cpu())).is_empty());
    assert!(said(&act(kept, Action::Edit("some text more".into(), 0, false))).is_empty());
}

#[test]
fn without_a_recording_a_sample_is_routed_and_the_reason_stays() {
    let bad = || Action::NoRecording("It is bad.".into());
    let state = act(State::default(), bad());
    assert!(!state.text.is_empty() && !state.own_text && state.waits);
    assert_eq!(said(&state), ["It is bad. The engine routes a sample in its place, as soon as it is ready."]);
    assert_eq!(said(&hear(state, routed(None))).len(), 1);
    let own = act(self::state(), bad());
    assert_eq!(*own.text, "some text");
    assert!(said(&hear(own, routed(None))).is_empty());
}

#[test]
fn a_text_at_the_limit_cannot_be_continued() {
    let state = hear(hear(state(), ready()), routed(None));
    assert_eq!(state.blocked(), None);
    let state = hear(state, routed(Some(Cut { chars: 12_600, kept: 10_013 })));
    assert!(state.blocked().is_some_and(|why| why.contains("shorten")));
}

#[test]
fn what_was_generated_is_routed_as_a_reload_would() {
    let state = act(hear(hear(state(), ready()), routed(None)), Action::Generate(true));
    let ticket = state.running.unwrap().ticket;
    let other = hear(state.clone(), Event::Finished { ticket: ticket - 1, reason: Finish::Length });
    assert!(other.running.is_some() && !routes(other));
    for reason in [Finish::Length, Finish::EndOfText, Finish::Stopped] {
        let state = hear(state.clone(), Event::Finished { ticket, reason });
        assert!(state.running.is_none() && routes(state));
    }
}

#[test]
fn half_a_character_is_no_news_once_it_is_gone() {
    let state = act(state(), Action::Edit("a\u{fffd}".into(), 4, true));
    let state = act(state, Action::Edit("a\u{fffd}b".into(), 5, false));
    assert_eq!(state.notices.len(), 1, "it is still there");
    assert!(said(&act(state.clone(), Action::Edit("ab".into(), 2, false))).is_empty());
    assert!(said(&act(state, Action::Load("a sample".into()))).is_empty());
}

#[test]
fn one_thing_is_docked_at_a_time_and_the_newest() {
    use crate::app::notice::Tone;
    use crate::app::state::Docked::{Help, Nothing, Notice, Tour};
    let say = |tone, words: &str| Action::Say(tone, words.to_owned());
    let state = act(State { tour_seen: true, ..State::default() }, say(Tone::Fault, "a"));
    let recorded = |state| act(state, Action::Recording(Shared::new(sample::trace(5, 2, 4, 1))));
    let offered = recorded(State { tour_seen: false, ..state.clone() });
    let state = recorded(state);
    let touring = |state: &State| state.docked(state.tour.is_some());
    assert_eq!((touring(&State::default()), touring(&state)), (Nothing, Notice));
    assert_eq!((offered.tour, touring(&offered)), (Some(0), Notice), "nobody asked for the tour yet");
    let state = act(state, Action::Tour(Some(0)));
    assert_eq!(touring(&state), Tour, "what was said before waits");
    let state = act(state, say(Tone::Info, "b"));
    assert_eq!(touring(&state), Notice, "and what is said since comes first");
    let state = act(state, Action::Help(true));
    assert_eq!((touring(&state), state.tour, said(&state).len()), (Help, None, 1), "what only happened is over");
    let state = act(act(state, Action::Help(false)), say(Tone::Info, "c"));
    let newest = state.notices.last().unwrap().id;
    assert_eq!((touring(&state), newest), (Notice, 3));
    let state = act(act(state, Action::Dismiss(newest)), Action::Tour(Some(2)));
    assert_eq!(touring(&state), Tour);
    assert_eq!(touring(&act(state, Action::Tour(None))), Notice, "the fault is still there");
}

#[test]
fn a_link_without_its_text_is_no_news_once_there_is_one() {
    let state = State::from_address(Address { long: true, ..Address::default() }, false);
    assert!(said(&state)[0].contains("does not hold the text"));
    assert!(said(&act(state, Action::Load("a sample".into()))).is_empty());
}
