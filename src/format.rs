//! How numbers are written, on every screen, in files and in the terminal.

/// `2,000` for 2000: how every count is written.
pub fn thousands(number: usize) -> String {
    counted(number as u64)
}

/// The same for numbers that may not fit the machine's own size, which is 32 bits in a browser.
pub fn counted(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// The same for a count that stayed at the largest number because it would be larger: `more than ...`.
pub fn at_most_counted(number: u64) -> String {
    match number {
        u64::MAX => format!("more than {}", counted(u64::MAX - 1)),
        number => counted(number),
    }
}

/// `27.6 k`, `1.10 M`: a count in the unit that reads best.
pub fn amount(count: f64) -> String {
    match count {
        count if count >= 99_950.0 => format!("{:.2} M", count / 1e6),
        count if count >= 9_999.5 => format!("{:.1} k", count / 1e3),
        count => counted(count.round() as u64),
    }
}

/// A coefficient as somebody would write it.
pub fn number(value: f64) -> String {
    // As far as a page counts.
    let whole = value.fract() == 0.0 && (1000.0..=f64::from(u32::MAX)).contains(&value.abs());
    let sign = if value < 0.0 { "-" } else { "" };
    if whole { format!("{sign}{}", counted(value.abs() as u64)) } else { value.to_string() }
}

/// Bytes in words.
pub fn megabytes(bytes: u64) -> String {
    let more = if bytes == u64::MAX { "more than " } else { "" };
    format!("{more}{} MB", counted((bytes as f64 / 1e6).round() as u64))
}

/// A loss with so many digits behind the point, or as a large number is written.
pub fn loss(value: f32, digits: usize) -> String {
    match value {
        value if (1e3..1e6).contains(&value) => thousands(value.round() as usize),
        value if value >= 1e6 => format!("{value:.2e}"),
        value => format!("{value:.digits$}"),
    }
}
