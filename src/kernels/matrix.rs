//! Matrix products on slices: a checked front to the `gemm` crate.

/// A read-only matrix inside a slice.
#[derive(Clone, Copy)]
pub struct View<'a> {
    data: &'a [f32],
    rows: usize,
    cols: usize,
    row_stride: usize,
    col_stride: usize,
}

impl<'a> View<'a> {
    /// `rows` x `cols`, row-major, without gaps.
    pub fn new(data: &'a [f32], rows: usize, cols: usize) -> Self {
        Self::strided(data, rows, cols, cols)
    }

    /// `rows` x `cols`, where a row begins every `row_stride` numbers.
    pub fn strided(data: &'a [f32], rows: usize, cols: usize, row_stride: usize) -> Self {
        assert!(rows == 0 || cols == 0 || (rows - 1) * row_stride + cols <= data.len(), "matrix outside its slice");
        Self { data, rows, cols, row_stride, col_stride: 1 }
    }

    /// The transpose, without moving anything.
    pub fn t(self) -> Self {
        Self {
            rows: self.cols,
            cols: self.rows,
            row_stride: self.col_stride,
            col_stride: self.row_stride,
            data: self.data,
        }
    }
}

/// `out = scale * a * b`, or `out += scale * a * b` if `add`; `out` is row-major with `row_stride` numbers from row to row.
pub fn product_into(out: &mut [f32], row_stride: usize, a: View<'_>, b: View<'_>, scale: f32, add: bool) {
    let (m, n, k) = (a.rows, b.cols, a.cols);
    assert_eq!(k, b.rows, "inner sizes differ");
    if m == 0 || n == 0 {
        return;
    }
    assert!((m - 1) * row_stride + n <= out.len(), "result outside its slice");
    // SAFETY: the assertions here and in `View::strided` keep every address inside the three slices, and `out` is
    // borrowed mutably, so it overlaps neither operand.
    unsafe {
        gemm::gemm(
            m,
            n,
            k,
            out.as_mut_ptr(),
            1,
            row_stride as isize,
            add,
            a.data.as_ptr(),
            a.col_stride as isize,
            a.row_stride as isize,
            b.data.as_ptr(),
            b.col_stride as isize,
            b.row_stride as isize,
            1.0,
            scale,
            false,
            false,
            false,
            gemm::Parallelism::None,
        );
    }
}

/// `out = a * b` without gaps.
pub fn product(out: &mut [f32], a: View<'_>, b: View<'_>) {
    product_into(out, b.cols, a, b, 1.0, false);
}

/// `out += a * b` without gaps.
pub fn add_product(out: &mut [f32], a: View<'_>, b: View<'_>) {
    product_into(out, b.cols, a, b, 1.0, true);
}
