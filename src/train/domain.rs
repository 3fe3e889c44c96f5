//! One kind of text in the training data.

/// One domain's tokens: every document, each followed by the end-of-text token.
#[derive(Clone, Debug)]
pub struct Domain {
    /// The file's name up to the first dot.
    pub name: String,
    /// Token ids.
    pub ids: Vec<u16>,
    /// Bytes of the documents' text, separators not counted.
    pub bytes: usize,
}
