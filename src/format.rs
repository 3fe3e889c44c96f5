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

/// A number with so many digits behind the point, or as large numbers are written (`3.4e38`): a trace that somebody opens
/// may hold any finite ones.
pub fn fixed(value: f64, digits: usize) -> String {
    if value.abs() < 1e5 { format!("{value:.digits$}") } else { format!("{value:.1e}") }
}

/// A number with three digits behind the point and a true minus sign.
pub fn thousandths(value: impl Into<f64>) -> String {
    let value = value.into();
    signed(value, 3, value < 0.0)
}

/// The same with two digits; what rounds to 0 has no sign.
pub fn hundredths(value: impl Into<f64>) -> String {
    let value = value.into();
    signed(value, 2, value <= -0.005)
}

fn signed(value: f64, digits: usize, negative: bool) -> String {
    let size = fixed(value.abs(), digits);
    if negative { format!("−{size}") } else { size }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_of_any_size_is_short() {
        let largest = f64::from(f32::MAX);
        assert_eq!([fixed(largest, 2), fixed(-largest, 3), fixed(3e38, 0)], ["3.4e38", "-3.4e38", "3.0e38"]);
        assert_eq!([fixed(99_999.0, 1), fixed(100_000.0, 1)], ["99999.0", "1.0e5"]);
        assert_eq!([fixed(1.005, 2), fixed(-0.5, 1), fixed(0.0, 3)], ["1.00", "-0.5", "0.000"]);
    }
}
