//! What a file is, told by its first bytes, so that it goes where it can be opened, and a wrong one is called what it is:
//! “expected value at line 1 column 1” helps nobody who chose a picture.
//!
//! Signatures are those of the formats' own specifications; only files that people really mistake for a text, a trace, a
//! saved run or a checkpoint are listed.

use crate::messages::files;
use crate::utf16;

/// How many bytes of a file's beginning [`FileKind::of`] looks at.
pub const HEAD: usize = 64 << 10;

/// What a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileKind {
    /// It holds nothing.
    Empty,
    /// A trace in JSON.
    Trace,
    /// A checkpoint's `config.json`.
    Config,
    /// A tokenizer in JSON.
    Tokenizer,
    /// What a checkpoint says of itself, `card.json`.
    Card,
    /// The list of the files over which weights are spread, `model.safetensors.index.json`.
    Index,
    /// Weights as safetensors.
    Weights,
    /// JSON of another kind.
    Json,
    /// A ZIP archive, as a saved run is one.
    Zip,
    /// A text in some encoding.
    Text,
    /// A page of the web.
    WebPage,
    /// Git LFS put it in the place of a large file.
    LfsPointer,
    /// Something that cannot be opened here.
    Foreign(Foreign),
}

/// What cannot be opened here and is often mistaken for what can.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Foreign {
    /// A picture as PNG.
    Png,
    /// A picture as JPEG.
    Jpeg,
    /// A picture as GIF.
    Gif,
    /// A picture as WebP.
    WebP,
    /// A picture as AVIF.
    Avif,
    /// A picture as HEIC.
    Heic,
    /// A picture as TIFF.
    Tiff,
    /// An icon of Windows.
    Icon,
    /// A picture as SVG.
    Svg,
    /// A document as PDF.
    Pdf,
    /// A document as RTF.
    Rtf,
    /// A document of Office before 2007.
    OldOffice,
    /// A document of Office.
    Office,
    /// A document of LibreOffice, or a book.
    OpenDocument,
    /// Weights for llama.cpp.
    Gguf,
    /// Weights as Keras saves them.
    Hdf5,
    /// An array of NumPy.
    NumPy,
    /// Several of them.
    NumPyArrays,
    /// A pickle as PyTorch wrote its checkpoints before 2020.
    OldPickle,
    /// Another pickle.
    Pickle,
    /// A checkpoint of PyTorch.
    PyTorch,
    /// An archive or a text by gzip.
    Gzip,
    /// An archive or a text by Zstandard.
    Zstandard,
    /// An archive or a text by xz.
    Xz,
    /// An archive or a text by bzip2.
    Bzip2,
    /// An archive of 7-Zip.
    SevenZip,
    /// An archive of RAR.
    Rar,
    /// An archive of tar.
    Tar,
    /// An archive of Java.
    Java,
    /// Pictures that move.
    Video,
    /// Music or speech.
    Sound,
    /// A typeface.
    Font,
    /// A database of SQLite.
    Sqlite,
    /// A table as Parquet.
    Parquet,
    /// Machine code.
    Program,
    /// WebAssembly.
    Wasm,
    /// Nothing that is known.
    Unknown,
}

/// Where a format's signature stands, what it is, and which format has it.
type Signature = (usize, &'static [u8], Foreign);

const SIGNATURES: &[Signature] = &[
    (0, b"\x89PNG\r\n\x1a\n", Foreign::Png),
    (0, b"\xff\xd8\xff", Foreign::Jpeg),
    (0, b"GIF87a", Foreign::Gif),
    (0, b"GIF89a", Foreign::Gif),
    (8, b"WEBP", Foreign::WebP),
    (4, b"ftypavif", Foreign::Avif),
    (4, b"ftyphei", Foreign::Heic),
    (0, b"II*\0", Foreign::Tiff),
    (0, b"MM\0*", Foreign::Tiff),
    (0, b"\0\0\x01\0", Foreign::Icon),
    (0, b"%PDF-", Foreign::Pdf),
    (0, b"{\\rtf", Foreign::Rtf),
    (0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", Foreign::OldOffice),
    (0, b"GGUF", Foreign::Gguf),
    (0, b"\x89HDF\r\n\x1a\n", Foreign::Hdf5),
    (0, b"\x93NUMPY", Foreign::NumPy),
    (0, b"\x80\x02", Foreign::OldPickle),
    (0, b"\x80\x03", Foreign::OldPickle),
    (0, b"\x80\x04", Foreign::Pickle),
    (0, b"\x80\x05", Foreign::Pickle),
    (0, b"\x1f\x8b", Foreign::Gzip),
    (0, b"\x28\xb5\x2f\xfd", Foreign::Zstandard),
    (0, b"\xfd7zXZ\0", Foreign::Xz),
    (0, b"BZh", Foreign::Bzip2),
    (0, b"7z\xbc\xaf\x27\x1c", Foreign::SevenZip),
    (0, b"Rar!\x1a\x07", Foreign::Rar),
    (257, b"ustar", Foreign::Tar),
    (4, b"ftyp", Foreign::Video),
    (0, b"\x1a\x45\xdf\xa3", Foreign::Video),
    (8, b"AVI ", Foreign::Video),
    (8, b"WAVE", Foreign::Sound),
    (0, b"ID3", Foreign::Sound),
    (0, b"OggS", Foreign::Sound),
    (0, b"fLaC", Foreign::Sound),
    (0, b"wOF2", Foreign::Font),
    (0, b"wOFF", Foreign::Font),
    (0, b"OTTO", Foreign::Font),
    (0, b"\0\x01\0\0\0", Foreign::Font),
    (0, b"SQLite format 3\0", Foreign::Sqlite),
    (0, b"PAR1", Foreign::Parquet),
    (0, b"\x7fELF", Foreign::Program),
    (0, b"MZ\x90", Foreign::Program),
    (0, b"\xcf\xfa\xed\xfe", Foreign::Program),
    (0, b"\0asm", Foreign::Wasm),
];

/// What the first file of a ZIP archive is called where the archive is a file of another kind.
const ZIPPED: &[(&str, Foreign)] = &[
    ("[Content_Types].xml", Foreign::Office),
    ("_rels/", Foreign::Office),
    ("docProps/", Foreign::Office),
    ("word/", Foreign::Office),
    ("xl/", Foreign::Office),
    ("ppt/", Foreign::Office),
    ("mimetype", Foreign::OpenDocument),
    ("data.pkl", Foreign::PyTorch),
    (".npy", Foreign::NumPyArrays),
    ("META-INF/", Foreign::Java),
];

impl Foreign {
    /// What it is, in words that follow “it is”.
    fn words(self) -> &'static str {
        match self {
            Self::Png => files::kind_png(),
            Self::Jpeg => files::kind_jpeg(),
            Self::Gif => files::kind_gif(),
            Self::WebP => files::kind_webp(),
            Self::Avif => files::kind_avif(),
            Self::Heic => files::kind_heic(),
            Self::Tiff => files::kind_tiff(),
            Self::Icon => files::kind_icon(),
            Self::Svg => files::kind_svg(),
            Self::Pdf => files::kind_pdf(),
            Self::Rtf => files::kind_rtf(),
            Self::OldOffice => files::kind_old_office(),
            Self::Office => files::kind_office(),
            Self::OpenDocument => files::kind_open_document(),
            Self::Gguf => files::kind_gguf(),
            Self::Hdf5 => files::kind_hdf5(),
            Self::NumPy => files::kind_numpy(),
            Self::NumPyArrays => files::kind_numpy_arrays(),
            Self::OldPickle => files::kind_old_pickle(),
            Self::Pickle => files::kind_pickle(),
            Self::PyTorch => files::kind_pytorch(),
            Self::Gzip => files::kind_gzip(),
            Self::Zstandard => files::kind_zstandard(),
            Self::Xz => files::kind_xz(),
            Self::Bzip2 => files::kind_bzip2(),
            Self::SevenZip => files::kind_seven_zip(),
            Self::Rar => files::kind_rar(),
            Self::Tar => files::kind_tar(),
            Self::Java => files::kind_java(),
            Self::Video => files::kind_video(),
            Self::Sound => files::kind_sound(),
            Self::Font => files::kind_font(),
            Self::Sqlite => files::kind_sqlite(),
            Self::Parquet => files::kind_parquet(),
            Self::Program => files::kind_program(),
            Self::Wasm => files::kind_wasm(),
            Self::Unknown => files::kind_unknown(),
        }
    }

    /// What to do instead; `None` where nothing helps.
    fn mend(self) -> Option<&'static str> {
        match self {
            Self::Pdf | Self::Rtf | Self::OldOffice | Self::Office | Self::OpenDocument => Some(files::mend_document()),
            Self::Gzip | Self::Zstandard | Self::Xz | Self::Bzip2 | Self::SevenZip | Self::Rar | Self::Tar => {
                Some(files::mend_archive())
            }
            Self::Gguf
            | Self::Hdf5
            | Self::NumPy
            | Self::NumPyArrays
            | Self::OldPickle
            | Self::Pickle
            | Self::PyTorch => Some(files::mend_weights()),
            _ => None,
        }
    }
}

/// What the end of a file's name promises that its content may not hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Promised {
    /// JSON.
    Json,
    /// A ZIP archive.
    Zip,
    /// Weights of some kind.
    Weights,
}

impl FileKind {
    /// From a file's name, its first [`HEAD`] bytes (all of them if it has fewer), and its length. The content decides; the
    /// name only where a web page, a list or other JSON may also be wanted as a text.
    pub fn of(name: &str, head: &[u8], size: u64) -> Self {
        if size == 0 || head.is_empty() {
            return Self::Empty;
        }
        if is_safetensors(head, size) {
            return Self::Weights;
        }
        let signed = SIGNATURES
            .iter()
            .find(|(at, signature, ..)| head.get(*at..).is_some_and(|rest| rest.starts_with(signature)));
        // Texts begin like some short signatures too, but hold no control characters.
        if let Some((.., kind)) = signed.filter(|(_, signature, _)| signature.len() > 4 || !is_text(head)) {
            return Self::Foreign(*kind);
        }
        if is_zip(head) {
            return zipped(head);
        }
        match readable(head) {
            Some(text) => written(name, text.trim_start_matches('\u{feff}').trim_start()),
            None if is_text(head) => Self::Text,
            None => wide(name, head, size).unwrap_or(Self::Foreign(Foreign::Unknown)),
        }
    }

    /// What it is, in words that follow “it is”.
    pub fn words(self) -> &'static str {
        match self {
            Self::Empty => files::kind_empty(),
            Self::Trace => files::kind_trace(),
            Self::Config => files::kind_config(),
            Self::Tokenizer => files::kind_tokenizer(),
            Self::Card => files::kind_card(),
            Self::Index => files::kind_index(),
            Self::Weights => files::kind_weights(),
            Self::Json => files::kind_json(),
            Self::Zip => files::kind_zip(),
            Self::Text => files::kind_text(),
            Self::WebPage => files::kind_web_page(),
            Self::LfsPointer => files::kind_lfs_pointer(),
            Self::Foreign(kind) => kind.words(),
        }
    }

    /// What to do where a file of that name cannot be opened; `None` where nothing helps.
    pub fn mend(self, name: &str) -> Option<&'static str> {
        match self {
            Self::WebPage if promised(name).is_some() => Some(files::mend_download()),
            Self::WebPage => Some(files::mend_web_page()),
            Self::LfsPointer => Some(files::mend_lfs_pointer()),
            Self::Foreign(kind) => kind.mend(),
            _ => None,
        }
    }

    /// Whether it is a file of a checkpoint, which means nothing alone.
    pub fn is_part(self) -> bool {
        matches!(self, Self::Config | Self::Tokenizer | Self::Card | Self::Index | Self::Weights)
    }
}

/// The end of a file's name, in small letters.
fn ending(name: &str) -> Option<String> {
    name.rsplit_once('.').map(|(_, end)| end.to_ascii_lowercase())
}

/// Whether the end of a file's name says that it is a text, whatever it looks like.
fn is_called_text(name: &str) -> bool {
    ending(name).is_some_and(|end| matches!(end.as_str(), "txt" | "text" | "md" | "jsonl" | "ndjson" | "log" | "csv"))
}

/// What the end of a file's name promises; `None` where a text is no surprise.
pub fn promised(name: &str) -> Option<Promised> {
    Some(match ending(name)?.as_str() {
        "json" => Promised::Json,
        "zip" => Promised::Zip,
        "safetensors" | "bin" | "pt" | "pth" | "ckpt" | "gguf" | "onnx" | "h5" => Promised::Weights,
        _ => return None,
    })
}

/// What a file in UTF-16 is, if it is one: a trace, as a terminal may have written it, or a text.
fn wide(name: &str, head: &[u8], size: u64) -> Option<FileKind> {
    let decoded = utf16::decode(head, (head.len() as u64) < size)?;
    let kind = decoded.map_or(FileKind::Text, |decoded| written(name, decoded.text.trim_start()));
    // The other files of JSON are read by programs that know no UTF-16.
    Some(if kind == FileKind::Trace { kind } else { FileKind::Text })
}

/// Eight bytes that tell how long the JSON is that follows them.
fn is_safetensors(head: &[u8], size: u64) -> bool {
    let Some((length, rest)) = head.split_first_chunk::<8>() else { return false };
    let length = u64::from_le_bytes(*length);
    // Of one that broke off even the list of its tensors may not be whole.
    let list = rest.get(..rest.len().min(usize::try_from(length).unwrap_or(usize::MAX))).unwrap_or_default();
    length > 1 && length < 1 << 27 && size > 8 && list.starts_with(b"{") && readable(list).is_some()
}

/// The bytes as UTF-8 without control characters, but for a character at the end that the limit has cut.
fn readable(head: &[u8]) -> Option<&str> {
    let text = match std::str::from_utf8(head) {
        Ok(text) => text,
        Err(error) if error.error_len().is_none() => std::str::from_utf8(head.get(..error.valid_up_to())?).ok()?,
        Err(_) => return None,
    };
    is_text(text.as_bytes()).then_some(text)
}

/// Whether no byte is one that only binary files hold, in whatever encoding.
fn is_text(head: &[u8]) -> bool {
    head.iter().all(|&byte| byte >= 0x20 || matches!(byte, b'\t' | b'\n' | b'\r' | 0x0c | 0x1b))
}

/// Whether a file begins as a ZIP archive does, which many formats are inside.
pub fn is_zip(head: &[u8]) -> bool {
    head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06")
}

/// Whether a ZIP archive with that end is whole: the list of its files stands there.
pub fn is_whole_zip(tail: &[u8]) -> bool {
    tail.windows(4).any(|bytes| bytes == b"PK\x05\x06")
}

/// Most bytes of the first file's name where its length is lost.
const NAME: usize = 64;

fn zipped(head: &[u8]) -> FileKind {
    let length = head.get(26..28).map_or(0, |bytes| usize::from(u16::from_le_bytes([bytes[0], bytes[1]])));
    let rest = head.get(30..).unwrap_or_default();
    let told = rest.get(..length).filter(|name| !name.is_empty());
    let first = String::from_utf8_lossy(told.unwrap_or_else(|| &rest[..rest.len().min(NAME)]));
    let is = |name: &&str| match told {
        Some(_) => first.starts_with(name) || first.ends_with(name),
        None => first.contains(name),
    };
    let known = ZIPPED.iter().find(|(name, _)| is(name));
    known.map_or(FileKind::Zip, |(_, kind)| FileKind::Foreign(*kind))
}

/// What a text is, from how it begins.
fn written(name: &str, text: &str) -> FileKind {
    let begins = |start: &str| text.get(..start.len()).is_some_and(|head| head.eq_ignore_ascii_case(start));
    let holds = |key: &str| text.contains(key);
    if begins("version https://git-lfs.github.com/spec/") {
        return FileKind::LfsPointer;
    }
    let markup = text.get(..text.floor_char_boundary(1024)).unwrap_or_default();
    if begins("<svg") || (begins("<?xml") && markup.contains("<svg")) {
        return FileKind::Foreign(Foreign::Svg);
    }
    let page = begins("<!doctype html") || begins("<html") || begins("<head");
    // A comment may begin other files too.
    if (page && !is_called_text(name)) || (begins("<!--") && promised(name).is_some()) {
        return FileKind::WebPage;
    }
    let object = text.strip_prefix('{').is_some_and(|rest| rest.trim_start().starts_with(['"', '}']));
    let list = text.starts_with('[') && promised(name) == Some(Promised::Json);
    match (object, list) {
        (false, false) => FileKind::Text,
        _ if holds("\"moescope.trace/") => FileKind::Trace,
        _ if holds("\"weight_map\"") => FileKind::Index,
        _ if holds("\"added_tokens\"") || holds("\"pre_tokenizer\"") => FileKind::Tokenizer,
        _ if holds("\"model_type\"") || holds("\"architectures\"") => FileKind::Config,
        _ if name.to_ascii_lowercase().ends_with("card.json") => FileKind::Card,
        _ if is_called_text(name) => FileKind::Text,
        _ => FileKind::Json,
    }
}

#[cfg(test)]
mod tests {
    use super::FileKind::{self, *};
    use super::promised;

    fn of(name: &str, bytes: &[u8]) -> FileKind {
        FileKind::of(name, bytes, bytes.len() as u64)
    }

    fn zip(first: &str) -> Vec<u8> {
        crate::run::archive::pack(&[(first.to_owned(), b"x".to_vec())])
    }

    /// A beginning of each format, as its specification has it, under a name that promises something else.
    #[test]
    fn what_cannot_be_opened_is_called_what_it_is() {
        let tar: Vec<u8> = [b"notes.txt".as_slice(), &[0; 248], b"ustar\x0000", &[0; 247]].concat();
        let files: &[(&[u8], &str)] = &[
            (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "a PNG picture"),
            (b"\xff\xd8\xff\xe0\0\x10JFIF\0", "a JPEG picture"),
            (b"RIFF\x24\0\0\0WEBPVP8 ", "a WebP picture"),
            (b"RIFF\x24\0\0\0WAVEfmt ", "a sound"),
            (b"\0\0\0\x1cftypavif\0\0\0\0", "an AVIF picture"),
            (b"\0\0\0\x18ftypmp42\0\0\0\0", "a video"),
            (b"<?xml version=\"1.0\"?>\n<svg xmlns=\"http://www.w3.org/2000/svg\"/>", "an SVG picture"),
            (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "a PDF"),
            (b"{\\rtf1\\ansi hello}", "an RTF document"),
            (b"GGUF\x03\0\0\0\x01\0\0\0\0\0\0\0", "a GGUF file, weights for llama.cpp"),
            (b"\x80\x02}q\0X\x05\0\0\0", "a Python pickle, as PyTorch saves weights"),
            (b"\x1f\x8b\x08\0\0\0\0\0\0\x03", "a gzip archive"),
            (b"\x28\xb5\x2f\xfd\x04\x58", "a Zstandard archive"),
            (&tar, "a tar archive"),
            (b"\x7fELF\x02\x01\x01\0", "a program"),
            (b"\0asm\x01\0\0\0", "a WebAssembly program"),
            (b"SQLite format 3\0\x10\0", "an SQLite database"),
            (b"\x07\x13\0\xfe\x01", "a binary file of an unknown kind"),
        ];
        for (bytes, words) in files {
            for name in ["trace.json", "book.txt", "no ending", "x.zip"] {
                assert!(matches!(of(name, bytes), Foreign(_)), "{name}: {:?}", of(name, bytes));
                assert_eq!(of(name, bytes).words(), *words, "{name}");
            }
        }
        for (first, words) in [
            ("[Content_Types].xml", "an Office document"),
            ("mimetype", "an OpenDocument or EPUB document"),
            ("archive/data.pkl", "a PyTorch checkpoint"),
        ] {
            assert_eq!(of("run.zip", &zip(first)).words(), words, "{first}");
        }
    }

    /// What is inside is told by the first file's name, though the list of files at the end is missing, and though that name's
    /// length is.
    #[test]
    fn an_archive_that_was_cut_is_called_what_it_was_and_not_whole() {
        for (first, words) in [
            ("archive/data.pkl", "a PyTorch checkpoint"),
            ("m/data.pkl", "a PyTorch checkpoint"),
            ("[Content_Types].xml", "an Office document"),
            ("_rels/.rels", "an Office document"),
            ("word/document.xml", "an Office document"),
        ] {
            let whole = zip(first);
            let cut = &whole[..30 + first.len() + 1];
            let nameless = [&whole[..26], &[0; 4], &whole[30..cut.len()]].concat();
            for bytes in [cut, &nameless] {
                let kind = FileKind::of("x", bytes, 1 << 30);
                assert_eq!(kind.words(), words, "{first}: {kind:?}");
            }
            assert_eq!(
                (super::is_zip(cut), super::is_whole_zip(cut), super::is_whole_zip(&whole)),
                (true, false, true)
            );
        }
        assert_eq!(of("x", b"PK\x03\x04"), Zip);
    }

    #[test]
    fn what_can_be_opened_is_told_apart_whatever_its_name() {
        let weights = [&31_u64.to_le_bytes()[..], b"{\"a\":{\"dtype\":\"F32\",\"shape\":[1]}}", &[0; 9]].concat();
        let files: &[(&[u8], FileKind)] = &[
            (b"", Empty),
            (b"\xef\xbb\xbf {\"schema\":\"moescope.trace/1\",\"model\":{", Trace),
            (b"{\n  \"architectures\": [\"MixtralForCausalLM\"],\n", Config),
            (b"{\"version\":\"1.0\",\"truncation\":null,\"padding\":null,\"added_tokens\":[", Tokenizer),
            (b"{\"metadata\":{\"total_size\":1},\"weight_map\":{\"a\":\"b\"}}", Index),
            (&weights, Weights),
            (b"{\"a\": 1}", Json),
            (b"{}", Json),
            (&zip("config.json"), Zip),
            (b"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n", LfsPointer),
            (b"\xff\xfeh\0i\0", Text),
            (b"h\0e\0l\0l\0o\0 \0w\0o\0r\0l\0d\0", Text),
            ("Grüße 😀 und \u{1b}[1mmehr".as_bytes(), Text),
            (&"é".as_bytes()[..1], Text),
            (b"caf\xe9 au lait", Text),
            (b"BZh is how bzip2 files begin", Text),
            (b"GGUF files hold weights", Text),
            (b"(1) Not JSON {at all}", Text),
            (b"[1] See the list of works cited", Text),
        ];
        for (bytes, kind) in files {
            assert_eq!(of("anything", bytes), *kind, "{}", String::from_utf8_lossy(bytes));
        }
        assert_eq!((of("list.json", b"[1, 2]"), of("card.json", b"{\"name\":\"x\"}")), (Json, Card));
        for (name, kind) in [("a.json", Json), ("a.txt", Text), ("a.jsonl", Text), ("A.MD", Text), ("a", Json)] {
            assert_eq!(of(name, b"{\"text\": \"a line of a corpus\"}\n"), kind, "{name}");
        }
        assert_eq!(of("trace.txt", b"{\"schema\":\"moescope.trace/1\""), Trace);
    }

    #[test]
    fn a_trace_is_one_in_utf_16_too() {
        let wide = |text: &str| -> Vec<u8> {
            std::iter::once(0xfeff).chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect()
        };
        let trace = wide("{\"schema\":\"moescope.trace/2\",\"model\":{\"name\":\"é\"");
        assert_eq!((of("trace.json", &trace), of("t", &wide("{\"a\": 1}"))), (Trace, Text));
        assert_eq!(FileKind::of("trace.json", &trace[..41], 1 << 20), Text, "its beginning does not tell yet");
        assert_eq!(FileKind::of("trace.json", &trace[..71], 1 << 20), Trace, "cut inside a unit");
    }

    /// Only who calls it a text wants its markup.
    #[test]
    fn a_web_page_is_named_unless_it_is_called_a_text() {
        let page = b"\n<!DOCTYPE html><html><head><title>Log in</title>";
        for name in ["model.safetensors", "tokenizer.json", "run.ZIP", "page.html", "page.HTM", "download"] {
            assert_eq!(of(name, page), WebPage, "{name}");
            // Nobody looks for words in a file of weights.
            let (mend, words) = (of(name, page).mend(name).unwrap(), "paste them here");
            assert!(
                mend.contains("fetch the file itself") && mend.contains(words) == promised(name).is_none(),
                "{name}"
            );
        }
        for name in ["notes.txt", "page.html.txt", "notes.md"] {
            assert_eq!(of(name, page), Text, "{name}");
        }
        let comment = b"<!-- a note -->\n# A heading";
        assert_eq!((of("tokenizer.json", comment), of("notes", comment)), (WebPage, Text));
    }

    /// What a file is does not hang on where its beginning was cut.
    #[test]
    fn a_beginning_may_end_anywhere() {
        let text = "Ein Wörterbuch der Tiere: 🦆, 🐙, 🦋, 鳥.".as_bytes();
        for cut in 1..=text.len() {
            assert_eq!(FileKind::of("x", &text[..cut], 1 << 20), Text, "{cut}");
        }
    }
}
