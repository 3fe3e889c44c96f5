//! The optimizer's moments as a file beside a checkpoint's weights, so that training goes on exactly.

use super::TrainError;
use super::optimizer::Moments;
use crate::error::{FileFault, ModelError, MomentFault};
use burn::tensor::{Device, Tensor, TensorData, Transaction};
use safetensors::tensor::{Dtype, SafeTensorError, SafeTensors, TensorView};

fn of_file(fault: FileFault) -> TrainError {
    TrainError::Model(ModelError::File { name: "moments.safetensors".to_owned(), fault })
}

/// The bytes of `moments.safetensors`: `first.<path>` and `second.<path>` for every parameter.
///
/// # Errors
/// If the numbers cannot be read from the device.
pub async fn to_bytes(moments: &Moments) -> Result<Vec<u8>, TrainError> {
    let failed = |error: SafeTensorError| of_file(FileFault::NotWritten { detail: error.to_string() });
    let (mut transaction, mut names) = (Transaction::default(), Vec::new());
    for (prefix, map) in [("first", &moments.first), ("second", &moments.second)] {
        for (path, tensor) in map {
            names.push((format!("{prefix}.{path}"), tensor.dims().to_vec()));
            transaction = transaction.register(tensor.clone());
        }
    }
    let data = match names.is_empty() {
        true => Vec::new(),
        false => transaction.execute_async().await.map_err(TrainError::no_results)?,
    };
    let bytes: Vec<Vec<u8>> =
        data.into_iter().map(|values| values.iter::<f32>().flat_map(f32::to_le_bytes).collect()).collect();
    let mut views = Vec::with_capacity(names.len());
    for ((name, shape), bytes) in names.iter().zip(&bytes) {
        let view = TensorView::new(Dtype::F32, shape.clone(), bytes).map_err(failed)?;
        views.push((name, view));
    }
    safetensors::serialize(views, None).map_err(failed)
}

/// Moments from the bytes of that file.
///
/// # Errors
/// If they are not such a file.
pub fn from_bytes(bytes: &[u8], device: &Device) -> Result<Moments, TrainError> {
    let failed = |name: &str, fault| TrainError::Moment { name: name.to_owned(), fault };
    let file = SafeTensors::deserialize(bytes)
        .map_err(|error| of_file(FileFault::NotSafetensors { have: bytes.len() as u64, detail: error.to_string() }))?;
    let mut moments = Moments::default();
    for (name, view) in file.iter() {
        if view.dtype() != Dtype::F32 {
            return Err(failed(name, MomentFault::Type(format!("{:?}", view.dtype()))));
        }
        let values: Vec<f32> = view.data().as_chunks().0.iter().map(|&bytes| f32::from_le_bytes(bytes)).collect();
        let shape: [usize; 3] =
            view.shape().try_into().map_err(|_| failed(name, MomentFault::Shape(view.shape().to_vec())))?;
        let tensor = Tensor::<3>::from_data(TensorData::new(values, shape), device);
        match name.split_once('.') {
            Some(("first", path)) => moments.first.insert(path.to_owned(), tensor),
            Some(("second", path)) => moments.second.insert(path.to_owned(), tensor),
            _ => return Err(failed(name, MomentFault::Name)),
        };
    }
    Ok(moments)
}
