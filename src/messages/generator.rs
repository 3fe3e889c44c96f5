//! Rust functions from Fluent's files: run by `build.rs`, before anything else of the house is there.
//!
//! Fluent's own library would read the files in the browser, where it weighs much and finds a missing argument only when the
//! sentence is shown. Here the build reads them: each message becomes a function whose arguments the compiler checks.
//!
//! ```text
//! src/messages/en/model.ftl                        $OUT_DIR/messages.rs
//!   # $file (String)                                 pub mod model {
//!   # $bytes (Number)                        ──▶         pub fn file_cut(file: impl Display, bytes: impl Into<Number>) -> String
//!   file-cut = { $file } ends after { $bytes } bytes.
//! ```
//! Of Fluent's syntax it knows text, arguments, messages and terms of the same file, and a choice by a number: its plural
//! category or the number itself. Anything else stops the build, with the file and the line.

use fluent_syntax::ast::{Comment, Entry, Expression, InlineExpression, Pattern, PatternElement, Variant, VariantKey};
use fluent_syntax::parser;
use std::collections::{BTreeMap, BTreeSet};

/// The language that every message stands in, from which others may be missing.
const BASE: &str = "en";

/// Fluent's plural categories beside `other`, which every language has, with the condition in Rust on a number `n`
/// (`src/messages/mod.rs`), as Unicode's table has them: <https://www.unicode.org/cldr/charts/latest/supplemental/language_plural_rules.html>.
const PLURALS: &[(&str, &[(&str, &str)])] = &[("en", &[("one", "n.is(1)")]), ("de", &[("one", "n.is(1)")])];

/// A file of messages, the room that it is for, and its language: the names of the file and of its folder.
pub struct MessageFile {
    /// The folder's name, such as `en`.
    pub language: String,
    /// The file's name without its end.
    pub room: String,
    /// What it holds.
    pub text: String,
}

/// The room whose English does not stand in Fluent's files: lessons stand with their method, in `src/methods`, so that all that is
/// known of a method is one file. Other languages have them here, as `switch-what`.
const LESSONS: &str = "lessons";

/// What became of the files.
pub struct Generated {
    /// The Rust code.
    pub code: String,
    /// What another language lacks, each in a sentence.
    pub warnings: Vec<String>,
}

/// What an argument is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// Words, names, numbers that are written elsewhere.
    String,
    /// A number, written with thousands separators.
    Number,
}

/// A message in one language.
struct Message {
    /// The arguments, in the order of its comment.
    arguments: Arguments,
    /// What the comment says beside them.
    notes: Vec<String>,
    /// The pattern as it stands in the file.
    shown: String,
    /// An expression in Rust that gives a `String`; without arguments a literal.
    body: String,
    /// Where it stands.
    at: String,
}

/// A message's arguments, by name.
type Arguments = Vec<(String, Kind)>;

/// The messages of a language, by room and id.
type Language = BTreeMap<String, BTreeMap<String, Message>>;

/// Functions for all messages of these files.
///
/// # Errors
/// What in which line cannot be used, in a sentence.
pub fn generate(sources: &[MessageFile]) -> Result<Generated, String> {
    let mut languages: BTreeMap<&str, Language> = BTreeMap::new();
    for source in sources {
        let messages = File::read(source)?.messages()?;
        languages.entry(&source.language).or_default().insert(source.room.clone(), messages);
    }
    let base = languages.remove(BASE).ok_or_else(|| format!("src/messages has no folder `{BASE}`."))?;
    let lessons: Vec<_> = languages.values_mut().map(|language| language.remove(LESSONS).unwrap_or_default()).collect();
    let lessons = translated(&lessons)?;
    let mut warnings = Vec::new();
    for (name, language) in &languages {
        compare(&base, name, language, &mut warnings)?;
    }
    let names: Vec<&str> = [BASE].into_iter().chain(languages.keys().copied()).collect();
    let mut code = format!(
        "/// The languages that there are, the first the one that all messages stand in.\npub const LANGUAGES: [&str; {}] = {names:?};\n",
        names.len()
    );
    for (room, messages) in &base {
        code += &format!("\n/// What the room `{room}` says.\npub mod {room} {{\n");
        for (id, message) in messages {
            let others = languages.values().enumerate();
            let others: Vec<(usize, &Message)> =
                others.filter_map(|(at, language)| Some((at + 1, language.get(room)?.get(id)?))).collect();
            code += &function(id, message, &others);
        }
        code += "}\n";
    }
    Ok(Generated { code: code + &lessons, warnings })
}

/// The function that looks up what a lesson says in another language than the base.
fn translated(lessons: &[BTreeMap<String, Message>]) -> Result<String, String> {
    let (mut arms, mut ids) = (String::new(), BTreeSet::new());
    for (at, messages) in lessons.iter().enumerate() {
        for (id, message) in messages {
            let (method, part) = id.rsplit_once('-').filter(|_| message.arguments.is_empty()).ok_or_else(|| {
                format!("{}: `{id}` is no lesson: name it by the method and the part, without arguments.", message.at)
            })?;
            arms += &format!("        ({}, {method:?}, {part:?}) => {},\n", at + 1, message.body);
            ids.insert((method, part));
        }
    }
    let body = match arms.is_empty() {
        true => "    let _ = (method, part);\n    None\n".to_owned(),
        false => format!("    Some(match (shown(), method, part) {{\n{arms}        _ => return None,\n    }})\n"),
    };
    let ids: Vec<_> = ids.into_iter().collect();
    Ok(format!(
        "\n/// A part of a method’s lesson in the language that is shown, by the method’s id and the part’s name; `None` in English.\n\
         pub fn lesson(method: &str, part: &str) -> Option<&'static str> {{\n{body}}}\n\n\
         /// The parts of lessons that other languages have.\n\
         pub const LESSONS: [(&str, &str); {}] = {ids:?};\n",
        ids.len()
    ))
}

/// Finds what a language lacks, and refuses what it has beside the base.
fn compare(base: &Language, name: &str, language: &Language, warnings: &mut Vec<String>) -> Result<(), String> {
    for (room, messages) in language {
        for (id, message) in messages {
            let Some(wanted) = base.get(room).and_then(|room| room.get(id)) else {
                return Err(format!("{}: `{id}` does not stand in {BASE}/{room}.ftl.", message.at));
            };
            let sorted = |message: &Message| {
                let mut arguments = message.arguments.clone();
                arguments.sort_by(|(a, _), (b, _)| a.cmp(b));
                arguments
            };
            if sorted(message) != sorted(wanted) {
                return Err(format!("{}: `{id}` has other arguments than in {BASE}/{room}.ftl.", message.at));
            }
        }
    }
    for (room, id) in base.iter().flat_map(|(room, messages)| messages.keys().map(move |id| (room, id))) {
        if !language.get(room).is_some_and(|room| room.contains_key(id)) {
            warnings.push(format!("{name}/{room}.ftl lacks `{id}`, which is shown in {BASE}"));
        }
    }
    Ok(())
}

/// The function of a message, with its bodies in other languages by their place in `LANGUAGES`.
fn function(id: &str, message: &Message, others: &[(usize, &Message)]) -> String {
    let mut code = String::from("\n");
    for note in &message.notes {
        code += &format!("    /// {note}\n");
    }
    code += "    /// ```text\n";
    message.shown.lines().for_each(|line| code += &format!("    /// {line}\n"));
    code += "    /// ```\n";
    let of_kind = |kind| match kind {
        Kind::String => "impl std::fmt::Display",
        Kind::Number => "impl Into<super::Number>",
    };
    let arguments: Vec<String> =
        message.arguments.iter().map(|(name, kind)| format!("{}: {}", snake(name), of_kind(*kind))).collect();
    let made = if message.arguments.is_empty() { "&'static str" } else { "String" };
    code += &format!("    pub fn {}({}) -> {made} {{\n", snake(id), arguments.join(", "));
    for (name, _) in message.arguments.iter().filter(|(_, kind)| *kind == Kind::Number) {
        code += &format!("        let {0} = {0}.into();\n", snake(name));
    }
    if others.is_empty() {
        code += &format!("        {}\n", message.body);
    } else {
        code += "        match super::shown() {\n";
        others.iter().for_each(|(at, other)| code += &format!("            {at} => {},\n", other.body));
        code += &format!("            _ => {},\n        }}\n", message.body);
    }
    code + "    }\n"
}

/// A file that was read.
struct File<'a> {
    source: &'a MessageFile,
    entries: Vec<Entry<&'a str>>,
    plurals: &'static [(&'static str, &'static str)],
}

impl<'a> File<'a> {
    fn read(source: &'a MessageFile) -> Result<Self, String> {
        let MessageFile { language, room, text } = source;
        let file = || format!("src/messages/{language}/{room}.ftl");
        let rules = PLURALS.iter().find(|(name, _)| name == language).map(|(_, rules)| *rules);
        let plurals = rules.ok_or_else(|| {
            format!("The plural rules of `{language}` are not known: add them to PLURALS in src/messages/generator.rs.")
        })?;
        let resource = parser::parse(text.as_str()).map_err(|(_, errors)| {
            let first = errors.first();
            let line = first.map_or(1, |error| text.get(..error.pos.start).unwrap_or_default().lines().count().max(1));
            format!("{}:{line}: {}.", file(), first.map(ToString::to_string).unwrap_or_default())
        })?;
        Ok(Self { source, entries: resource.body, plurals })
    }

    /// The file with the line of a piece of its text.
    fn at(&self, piece: &str) -> String {
        let text = &self.source.text;
        let before = (piece.as_ptr() as usize).saturating_sub(text.as_ptr() as usize);
        let line = text.get(..before).unwrap_or_default().matches('\n').count() + 1;
        format!("src/messages/{}/{}.ftl:{line}", self.source.language, self.source.room)
    }

    fn messages(&self) -> Result<BTreeMap<String, Message>, String> {
        let mut messages = BTreeMap::new();
        for entry in &self.entries {
            let message = match entry {
                Entry::Message(message) => message,
                Entry::Junk { content } => {
                    return Err(format!("{}: this is neither a message nor a comment.", self.at(content)));
                }
                Entry::Term(_) | Entry::Comment(_) | Entry::GroupComment(_) | Entry::ResourceComment(_) => continue,
            };
            let (id, at) = (message.id.name, self.at(message.id.name));
            let Some(value) = message.value.as_ref().filter(|_| message.attributes.is_empty()) else {
                return Err(format!("{at}: `{id}` has attributes or no value of its own: give each its own message."));
            };
            let (arguments, notes) = self.arguments(message.comment.as_ref())?;
            let mut used = BTreeSet::new();
            let mut writer = Writer { file: self, arguments: &arguments, used: &mut used, within: vec![id] };
            let body = if arguments.is_empty() { writer.constant(value) } else { writer.pattern(value) }?;
            if let Some((unused, _)) = arguments.iter().find(|(name, _)| !used.contains(name)) {
                return Err(format!("{at}: `{id}` never says its argument ${unused}."));
            }
            let message = Message { arguments, notes, shown: self.shown(id), body, at: at.clone() };
            if messages.insert(id.to_owned(), message).is_some() {
                return Err(format!("{at}: `{id}` stands here twice."));
            }
        }
        Ok(messages)
    }

    /// The arguments that a comment lists, each in a line as `$name (Number)`, and what else it says.
    fn arguments(&self, comment: Option<&Comment<&'a str>>) -> Result<(Arguments, Vec<String>), String> {
        let (mut arguments, mut notes) = (Vec::new(), Vec::new());
        for line in comment.into_iter().flat_map(|comment| &comment.content) {
            let Some(argument) = line.strip_prefix('$') else {
                notes.push((*line).to_owned());
                continue;
            };
            let (name, rest) = argument.split_once(' ').unwrap_or((argument, ""));
            let kind = match rest.split_inclusive(')').next() {
                Some("(String)") => Kind::String,
                Some("(Number)") => Kind::Number,
                _ => {
                    let at = self.at(line);
                    return Err(format!("{at}: ${name} needs (String) or (Number) behind its name."));
                }
            };
            arguments.push((name.to_owned(), kind));
        }
        Ok((arguments, notes))
    }

    /// A message's pattern as it stands in the file.
    fn shown(&self, id: &str) -> String {
        let text = &self.source.text;
        let start = (id.as_ptr() as usize).saturating_sub(text.as_ptr() as usize);
        let rest = text.get(start..).unwrap_or_default();
        let (_, value) = rest.split_once('=').unwrap_or_default();
        let own = |(at, line): &(usize, &str)| *at == 0 || line.starts_with([' ', '}']) || line.is_empty();
        let lines: Vec<&str> = value.lines().enumerate().take_while(own).map(|(_, line)| line).collect();
        lines.join("\n").trim().to_owned()
    }

    fn find(&self, name: &str, is_term: bool) -> Option<&Pattern<&'a str>> {
        self.entries.iter().find_map(|entry| match entry {
            Entry::Term(term) if is_term && term.id.name == name => Some(&term.value),
            Entry::Message(message) if !is_term && message.id.name == name => message.value.as_ref(),
            _ => None,
        })
    }
}

/// Turns a pattern into an expression.
struct Writer<'f, 'a> {
    file: &'f File<'a>,
    arguments: &'f Arguments,
    /// Arguments that were said.
    used: &'f mut BTreeSet<String>,
    /// The messages that lead here, each inside the one before.
    within: Vec<&'a str>,
}

impl<'a> Writer<'_, 'a> {
    fn pattern(&mut self, pattern: &Pattern<&'a str>) -> Result<String, String> {
        let (mut format, mut choices) = (String::new(), Vec::new());
        self.add(pattern, &mut format, &mut choices)?;
        let is_constant = choices.is_empty() && !format.replace("{{", "").contains('{');
        Ok(match choices.as_slice() {
            [] if is_constant => format!("String::from({})", literal(&format)),
            [] => format!("format!({format:?})"),
            // A choice alone is a `String` already.
            [one] if format == "{}" => one.clone(),
            _ => format!("format!({format:?}, {})", choices.join(", ")),
        })
    }

    /// A pattern without arguments, which is the same whenever it is shown, as a literal.
    fn constant(&mut self, pattern: &Pattern<&'a str>) -> Result<String, String> {
        let mut format = String::new();
        self.add(pattern, &mut format, &mut Vec::new())?;
        Ok(literal(&format))
    }

    /// Adds a pattern to a format string, and to its arguments the expressions that have no name.
    fn add(
        &mut self,
        pattern: &Pattern<&'a str>,
        format: &mut String,
        choices: &mut Vec<String>,
    ) -> Result<(), String> {
        for element in &pattern.elements {
            match element {
                PatternElement::TextElement { value } => plain(value, format),
                PatternElement::Placeable { expression } => self.expression(expression, format, choices)?,
            }
        }
        Ok(())
    }

    fn expression(
        &mut self,
        expression: &Expression<&'a str>,
        format: &mut String,
        choices: &mut Vec<String>,
    ) -> Result<(), String> {
        match expression {
            Expression::Select { selector: InlineExpression::VariableReference { id }, variants } => {
                if self.argument(id.name)? != Kind::Number {
                    let at = self.file.at(id.name);
                    return Err(format!("{at}: only a Number can be chosen by; give each case its own message."));
                }
                format.push_str("{}");
                choices.push(self.choice(&snake(id.name), variants)?);
                Ok(())
            }
            Expression::Select { .. } => Err(self.refused("this choice is not by an argument.")),
            Expression::Inline(inline) => self.inline(inline, format, choices),
        }
    }

    fn inline(
        &mut self,
        inline: &InlineExpression<&'a str>,
        format: &mut String,
        choices: &mut Vec<String>,
    ) -> Result<(), String> {
        match inline {
            InlineExpression::StringLiteral { value } | InlineExpression::NumberLiteral { value } => {
                plain(value, format)
            }
            InlineExpression::VariableReference { id } => {
                self.argument(id.name)?;
                format.push_str(&format!("{{{}}}", snake(id.name)));
            }
            InlineExpression::MessageReference { id, attribute: None } => {
                return self.inside(id.name, false, format, choices);
            }
            InlineExpression::TermReference { id, attribute: None, arguments: None } => {
                return self.inside(id.name, true, format, choices);
            }
            InlineExpression::Placeable { expression } => return self.expression(expression, format, choices),
            InlineExpression::MessageReference { .. } | InlineExpression::TermReference { .. } => {
                return Err(self.refused("attributes and arguments of a reference are not known here."));
            }
            InlineExpression::FunctionReference { .. } => {
                return Err(self.refused("functions are not known here: pass what is written as a String."));
            }
        }
        Ok(())
    }

    /// What another message or a term says, in its place.
    fn inside(
        &mut self,
        name: &'a str,
        is_term: bool,
        format: &mut String,
        choices: &mut Vec<String>,
    ) -> Result<(), String> {
        let at = self.file.at(name);
        if self.within.contains(&name) {
            return Err(format!("{at}: `{name}` refers to itself."));
        }
        let file = self.file;
        let pattern = file.find(name, is_term).ok_or_else(|| format!("{at}: `{name}` does not stand in this file."))?;
        self.within.push(name);
        self.add(pattern, format, choices)?;
        self.within.pop();
        Ok(())
    }

    /// An expression that picks a variant by the number of that name.
    fn choice(&mut self, number: &str, variants: &[Variant<&'a str>]) -> Result<String, String> {
        let (mut exact, mut categories, mut other, mut default) = (String::new(), String::new(), None, String::new());
        for Variant { key, value, default: is_default } in variants {
            let said = self.pattern(value)?;
            if *is_default {
                default = said.clone();
            }
            match key {
                VariantKey::NumberLiteral { value: key } => {
                    let key: u64 = key
                        .parse()
                        .map_err(|_| format!("{}: only whole numbers can be chosen by.", self.file.at(key)))?;
                    exact += &format!("n if n.is({key}) => {said}, ");
                }
                VariantKey::Identifier { name: "other" } => other = Some(said),
                VariantKey::Identifier { name } => {
                    let Some((_, condition)) = self.file.plurals.iter().find(|(category, _)| category == name) else {
                        let (at, language) = (self.file.at(name), &self.file.source.language);
                        return Err(format!("{at}: `{name}` is no plural category of `{language}`."));
                    };
                    categories += &format!("n if {condition} => {said}, ");
                }
            }
        }
        let default = other.unwrap_or(default);
        Ok(format!("match {number} {{ {exact}{categories}_ => {default} }}"))
    }

    fn argument(&mut self, name: &str) -> Result<Kind, String> {
        let Some((_, kind)) = self.arguments.iter().find(|(known, _)| known == name) else {
            let at = self.file.at(name);
            return Err(format!(
                "{at}: the comment does not list ${name}: add the line `# ${name} (String)` or `(Number)`."
            ));
        };
        self.used.insert(name.to_owned());
        Ok(*kind)
    }

    fn refused(&self, why: &str) -> String {
        let id = self.within.last().copied().unwrap_or_default();
        format!("{}: in `{id}`, {why}", self.file.at(id))
    }
}

/// A format string without arguments as a literal of the text that it makes.
fn literal(format: &str) -> String {
    format!("{:?}", format.replace("{{", "{").replace("}}", "}"))
}

/// Adds text to a format string.
fn plain(text: &str, format: &mut String) {
    for letter in text.chars() {
        format.push(letter);
        if matches!(letter, '{' | '}') {
            format.push(letter);
        }
    }
}

/// `file-cut` as Rust names it.
fn snake(name: &str) -> String {
    name.replace('-', "_")
}
