//! Imports between the rooms of the house: downwards only, and never in a circle.
//!
//! A room is a module of the crate's root. `src/lib.rs` lists them from the ground up, and a room may import those that stand
//! before it. Within and between rooms no file may need itself, however long the way round: such a circle can neither be read
//! nor changed one file at a time. Tests are left out. A `mod.rs` is the front of its folder: what it passes on counts as what is
//! passed on, and what it takes from its own folder does not count.

use crate::Result;
use crate::shell::{root, say};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use syn::visit::{self, Visit};

/// Opens the list of rooms in `src/lib.rs`, which is a block of text in the crate's documentation.
const LIST: &str = "//! ```text rooms";

/// The names of a module or an item from the crate's root on.
type Names = Vec<String>;

/// A source file.
struct File {
    path: PathBuf,
    /// Its module.
    module: Names,
    /// What it imports or names: paths from the crate's root on.
    uses: BTreeSet<Names>,
    /// What its module passes on, by name.
    passes_on: BTreeMap<String, Names>,
    /// The types that others can name: structs, enums and traits.
    types: Vec<String>,
}

/// Types that every component and every command has under the same name.
const EVERYWHERE: [&str; 2] = ["Msg", "Arguments"];

/// Checks every import, and that a type's name means one thing.
///
/// # Errors
/// Each import against the order, each circle, and each name that two types have.
pub fn check() -> Result<()> {
    let src = root().join("src");
    let lib = read(&src.join("lib.rs"))?;
    let rooms = rooms(&lib).ok_or_else(|| format!("src/lib.rs has no list of rooms (`{LIST}`)"))?;
    let files = files(&src)?;
    let imports = imports(&files);
    let mut faults = against_the_order(&files, &imports, &rooms);
    faults.extend(circles(&files, &imports).into_iter().map(|circle| format!("a circle of files: {circle}")));
    faults.extend(same_names(&files));
    if faults.is_empty() {
        say(&format!("rooms: {} files, no import upwards, no circle, no type's name twice", files.len()));
        return Ok(());
    }
    Err(format!("imports between files, and names:\n  {}", faults.join("\n  ")))
}

/// Names that types of several files have: a reader who meets one would have to ask which.
fn same_names(files: &[File]) -> Vec<String> {
    let mut homes: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for file in files {
        for name in file.types.iter().filter(|name| !EVERYWHERE.contains(&name.as_str())) {
            homes.entry(name).or_default().push(file.path.display().to_string());
        }
    }
    let twice = homes.into_iter().filter(|(_, homes)| homes.len() > 1);
    twice.map(|(name, homes)| format!("`{name}` is a type in {}", homes.join(" and "))).collect()
}

/// The rooms from the ground up.
fn rooms(lib: &str) -> Option<Vec<&str>> {
    let lines = lib.lines().skip_while(|line| *line != LIST).skip(1);
    let list: Vec<&str> = lines.take_while(|line| !line.ends_with("```")).collect();
    let names = list
        .iter()
        .flat_map(|line| line.trim_start_matches("//!").split('#').next().unwrap_or_default().split_whitespace());
    (!list.is_empty()).then(|| names.collect())
}

/// The source files of the library, without tests.
fn files(src: &Path) -> Result<Vec<File>> {
    let mut files = Vec::new();
    let lib = parse(&src.join("lib.rs"))?;
    modules(src, &Vec::new(), &lib.items, &mut files)?;
    Ok(files)
}

/// The name of a struct, an enum or a trait that others can name.
fn public_type(item: &syn::Item) -> Option<String> {
    let (vis, name, attrs) = match item {
        syn::Item::Struct(item) => (&item.vis, &item.ident, &item.attrs),
        syn::Item::Enum(item) => (&item.vis, &item.ident, &item.attrs),
        syn::Item::Trait(item) => (&item.vis, &item.ident, &item.attrs),
        _ => return None,
    };
    (!matches!(vis, syn::Visibility::Inherited) && !is_test(attrs)).then(|| name.to_string())
}

/// Adds the files of the modules that are declared among `items`, and those below them.
fn modules(folder: &Path, module: &Names, items: &[syn::Item], files: &mut Vec<File>) -> Result<()> {
    for item in items {
        let syn::Item::Mod(declared) = item else { continue };
        if declared.content.is_some() || is_test(&declared.attrs) {
            continue;
        }
        let name = declared.ident.to_string();
        let (flat, deep) = (folder.join(format!("{name}.rs")), folder.join(&name).join("mod.rs"));
        let path = if flat.is_file() { flat } else { deep };
        let syntax = parse(&path)?;
        let module: Names = module.iter().cloned().chain([name.clone()]).collect();
        let found = Found::of(&module, &syntax);
        let below = folder.join(&name);
        modules(&below, &module, &syntax.items, files)?;
        files.push(File { path, module, uses: found.uses, passes_on: found.passes_on, types: found.types });
    }
    Ok(())
}

/// Collects what a file names.
struct Found {
    module: Names,
    /// Modules that it declares.
    children: BTreeSet<String>,
    uses: BTreeSet<Names>,
    passes_on: BTreeMap<String, Names>,
    types: Vec<String>,
}

impl Found {
    fn of(module: &Names, syntax: &syn::File) -> Self {
        let child = |item: &syn::Item| match item {
            syn::Item::Mod(module) if module.content.is_none() && !is_test(&module.attrs) => {
                Some(module.ident.to_string())
            }
            _ => None,
        };
        let mut found = Self {
            module: module.clone(),
            children: syntax.items.iter().filter_map(child).collect(),
            uses: BTreeSet::new(),
            passes_on: BTreeMap::new(),
            types: syntax.items.iter().filter_map(public_type).collect(),
        };
        found.visit_file(syntax);
        found
    }

    /// A path from the crate's root on; nothing for one that leads elsewhere.
    fn absolute(&self, names: &[String]) -> Option<Names> {
        match names.first()?.as_str() {
            "crate" => Some(names[1..].to_vec()),
            "self" => Some(self.module.iter().chain(&names[1..]).cloned().collect()),
            "super" => {
                let up = names.iter().take_while(|name| *name == "super").count();
                let kept = self.module.len().checked_sub(up)?;
                Some(self.module[..kept].iter().chain(&names[up..]).cloned().collect())
            }
            child if self.children.contains(child) => Some(self.module.iter().chain(names).cloned().collect()),
            _ => None,
        }
    }

    fn tree(&mut self, tree: &syn::UseTree, before: &Names, public: bool) {
        let with = |name: &syn::Ident| before.iter().cloned().chain([name.to_string()]).collect::<Names>();
        let (names, known_as) = match tree {
            syn::UseTree::Path(path) => return self.tree(&path.tree, &with(&path.ident), public),
            syn::UseTree::Group(group) => return group.items.iter().for_each(|tree| self.tree(tree, before, public)),
            syn::UseTree::Name(name) if name.ident == "self" => (before.clone(), before.last().cloned()),
            syn::UseTree::Name(name) => (with(&name.ident), Some(name.ident.to_string())),
            syn::UseTree::Rename(rename) => (with(&rename.ident), Some(rename.rename.to_string())),
            syn::UseTree::Glob(_) => (before.clone(), None),
        };
        let Some(absolute) = self.absolute(&names) else { return };
        match known_as.filter(|_| public) {
            Some(name) => drop(self.passes_on.insert(name, absolute)),
            None => drop(self.uses.insert(absolute)),
        }
    }
}

impl<'ast> Visit<'ast> for Found {
    fn visit_item(&mut self, item: &'ast syn::Item) {
        match item {
            syn::Item::Use(used) if !is_test(&used.attrs) => {
                let public = !matches!(used.vis, syn::Visibility::Inherited);
                self.tree(&used.tree, &Vec::new(), public);
            }
            syn::Item::Use(_) => {}
            syn::Item::Mod(module) if is_test(&module.attrs) || module.content.is_none() => {}
            item => visit::visit_item(self, item),
        }
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let names: Names = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        self.uses.extend(self.absolute(&names));
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, found: &'ast syn::Macro) {
        self.visit_path(&found.path);
        // What stands in a macro is no syntax tree: its words will do.
        let words = found.tokens.to_string().replace(" :: ", "::");
        for start in ["crate::", "super::", "self::"] {
            for (at, _) in words.match_indices(start) {
                let path = words[at..].split(|c: char| c != ':' && c != '_' && !c.is_alphanumeric()).next();
                let names: Names = path.unwrap_or_default().split("::").map(str::to_owned).collect();
                self.uses.extend(self.absolute(&names));
            }
        }
    }
}

/// Which file imports which, by their places; to each the names that lead there.
fn imports(files: &[File]) -> Vec<BTreeMap<usize, String>> {
    let by_module: BTreeMap<&[String], usize> =
        files.iter().enumerate().map(|(at, file)| (file.module.as_slice(), at)).collect();
    let target = |names: &Names| {
        let mut names = names.clone();
        for _ in 0..files.len() {
            let (at, rest) =
                (0..=names.len()).rev().find_map(|length| Some((*by_module.get(&names[..length])?, length)))?;
            match names.get(rest).and_then(|item| files[at].passes_on.get(item)) {
                Some(onwards) => names = onwards.iter().cloned().chain(names[rest + 1..].iter().cloned()).collect(),
                None => return Some(at),
            }
        }
        None
    };
    let of = |(own, file): (usize, &File)| {
        let found = file.uses.iter().filter_map(|names| Some((target(names)?, names.join("::"))));
        // A `mod.rs` is the front of its folder: it is made of the files there, and they may use what it defines.
        let inside = |at: usize| files[at].module.starts_with(&file.module);
        found.filter(|(at, _)| *at != own && !inside(*at)).collect()
    };
    files.iter().enumerate().map(of).collect()
}

/// Imports of a room by one that stands before it.
fn against_the_order(files: &[File], imports: &[BTreeMap<usize, String>], rooms: &[&str]) -> Vec<String> {
    let place = |file: &File| rooms.iter().position(|room| file.module.first().is_some_and(|own| own == room));
    let mut faults = Vec::new();
    for (file, targets) in files.iter().zip(imports) {
        let Some(own) = place(file) else {
            faults.push(format!("{} is in no room that src/lib.rs lists", short(&file.path)));
            continue;
        };
        for (&at, names) in targets {
            if place(&files[at]).is_some_and(|other| other > own) {
                faults.push(format!("{} imports {names}, which stands above it", short(&file.path)));
            }
        }
    }
    faults
}

/// Groups of files of which each needs each, by Tarjan's algorithm.
fn circles(files: &[File], imports: &[BTreeMap<usize, String>]) -> Vec<String> {
    let mut search = Search {
        imports,
        order: vec![None; files.len()],
        low: vec![0; files.len()],
        stack: Vec::new(),
        count: 0,
        groups: Vec::new(),
    };
    (0..files.len()).for_each(|at| {
        if search.order[at].is_none() {
            search.visit(at)
        }
    });
    let names = |group: &Vec<usize>| group.iter().map(|&at| short(&files[at].path)).collect::<Vec<_>>().join(", ");
    search.groups.iter().filter(|group| group.len() > 1).map(names).collect()
}

struct Search<'a> {
    imports: &'a [BTreeMap<usize, String>],
    order: Vec<Option<usize>>,
    low: Vec<usize>,
    stack: Vec<usize>,
    count: usize,
    groups: Vec<Vec<usize>>,
}

impl Search<'_> {
    fn visit(&mut self, at: usize) {
        let own = self.count;
        (self.order[at], self.low[at]) = (Some(own), own);
        self.count += 1;
        self.stack.push(at);
        for &next in self.imports[at].keys() {
            match self.order[next] {
                None => {
                    self.visit(next);
                    self.low[at] = self.low[at].min(self.low[next]);
                }
                Some(order) if self.stack.contains(&next) => self.low[at] = self.low[at].min(order),
                Some(_) => {}
            }
        }
        if self.low[at] == own {
            let start = self.stack.iter().position(|&other| other == at).unwrap_or_default();
            self.groups.push(self.stack.split_off(start));
        }
    }
}

/// Whether an item is for tests only.
fn is_test(attributes: &[syn::Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        attribute.path().is_ident("cfg")
            && attribute.meta.require_list().is_ok_and(|list| {
                list.tokens.to_string().split(|c: char| !c.is_alphanumeric()).any(|word| word == "test")
            })
    })
}

fn parse(path: &Path) -> Result<syn::File> {
    syn::parse_file(&read(path)?).map_err(|error| format!("{}: {error}", path.display()))
}

fn read(path: &Path) -> Result<String> {
    fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))
}

fn short(path: &Path) -> String {
    path.strip_prefix(root()).unwrap_or(path).display().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Files of a crate with modules `a`, `a::b`, `a::c` and `d`, each with this text.
    fn house(texts: [(&str, &str); 4]) -> (Vec<File>, Vec<BTreeMap<usize, String>>) {
        let file = |(path, text): (&str, &str)| {
            let module: Names = path.split("::").map(str::to_owned).collect();
            let found = Found::of(&module, &syn::parse_file(text).unwrap());
            File { path: path.into(), module, uses: found.uses, passes_on: found.passes_on, types: found.types }
        };
        let files: Vec<File> = texts.into_iter().map(file).collect();
        let imports = imports(&files);
        (files, imports)
    }

    #[test]
    fn an_import_upwards_is_found_wherever_it_stands() {
        let texts = [
            "use crate::d::X;",
            "type X = crate::d::X;",
            "fn f() { super::super::d::g(); }",
            "fn f() { println!(\"{}\", crate::a::N); }",
        ];
        let (files, imports) = house([("a", texts[0]), ("a::b", texts[1]), ("a::c", texts[2]), ("d", texts[3])]);
        assert_eq!(against_the_order(&files, &imports, &["a", "d"]).len(), 3);
        assert_eq!(against_the_order(&files, &imports, &["d", "a"]).len(), 1);
        assert_eq!(against_the_order(&files, &imports, &["a"]).len(), 1, "d is in no room");
    }

    #[test]
    fn a_circle_is_found_and_what_a_module_passes_on_is_none() {
        let passing = ("a", "mod b; mod c; pub use b::X; #[cfg(test)] mod tests { use super::c::Y; }");
        let (files, imports) =
            house([passing, ("a::b", "pub struct X;"), ("a::c", "use super::X;"), ("d", "use crate::a::X;")]);
        assert_eq!(circles(&files, &imports), Vec::<String>::new());
        assert!(imports[2].contains_key(&1) && !imports[2].contains_key(&0), "X is of b");
        let (files, imports) = house([
            ("a", ""),
            ("a::b", "use super::c::Y;"),
            ("a::c", "use crate::d::Z;"),
            ("d", "use crate::a::b::X;"),
        ]);
        assert_eq!(circles(&files, &imports).len(), 1);
        assert_eq!(circles(&files, &imports)[0].split(", ").count(), 3);
    }

    #[test]
    fn a_name_that_two_types_have_is_found_with_both_places() {
        let (files, _) = house([
            ("a", "pub struct Shape; struct Row;"),
            ("a::b", "pub(super) enum Shape {} pub enum Msg {}"),
            ("a::c", "struct Row; pub enum Msg {} pub use super::Shape;"),
            ("d", "pub trait Source {} #[cfg(test)] pub struct Source;"),
        ]);
        assert_eq!(same_names(&files), ["`Shape` is a type in a and a::b"]);
    }

    #[test]
    fn the_list_of_rooms_is_read() {
        let lib = "//! Words.\n//! ```text rooms\n//! a b   # ground\n//! c\n//! ```\n//! more";
        assert_eq!(rooms(lib), Some(vec!["a", "b", "c"]));
        assert_eq!(rooms("//! ```text\n//! a\n//! ```"), None);
    }
}
