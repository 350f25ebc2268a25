use std::collections::HashMap;

use safetensors::{Dtype, SafeTensors};
use sha2::{Digest, Sha256};

use crate::{Crf, Linear, Packed};

/// Why a weight file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum WeightError {
    /// The file is no safetensors file.
    #[error("the weights are not a safetensors file: {0}")]
    Format(String),
    /// A tensor is missing or has another type or size than its name asks for.
    #[error("the weights hold no fit tensor {0}")]
    Tensor(String),
}

/// Named tensors over the bytes of a safetensors file.
///
/// A quantised matrix `x` is stored as `x.q` (s8, `outputs x inputs`), `x.s` (f32 scale of each output) and
/// `x.b` (f32 bias).
pub struct Weights<'d> {
    tensors: SafeTensors<'d>,
    notes: HashMap<String, String>,
}

impl<'d> Weights<'d> {
    /// Opens a file's bytes.
    ///
    /// # Errors
    /// [`WeightError::Format`] where they are no safetensors file.
    pub fn new(bytes: &'d [u8]) -> Result<Self, WeightError> {
        let wrong = |e: safetensors::SafeTensorError| WeightError::Format(e.to_string());
        let (_, header) = SafeTensors::read_metadata(bytes).map_err(wrong)?;
        let notes = header.metadata().clone().unwrap_or_default();
        Ok(Self { tensors: SafeTensors::deserialize(bytes).map_err(wrong)?, notes })
    }

    /// SHA-256 of a file's bytes, in hexadecimal.
    pub fn hash(bytes: &[u8]) -> String {
        Sha256::digest(bytes).iter().map(|b| format!("{b:02x}")).collect()
    }

    /// A note from the file's header.
    pub fn note(&self, key: &str) -> Option<&str> {
        self.notes.get(key).map(String::as_str)
    }

    fn raw(&self, name: &str, dtype: Dtype) -> Result<&'d [u8], WeightError> {
        match self.tensors.tensor(name) {
            Ok(t) if t.dtype() == dtype => Ok(t.data()),
            _ => Err(WeightError::Tensor(name.to_string())),
        }
    }

    /// An f32 tensor, row-major.
    ///
    /// # Errors
    /// [`WeightError::Tensor`] where it is missing or of another type; so for all that follow.
    pub fn floats(&self, name: &str) -> Result<Vec<f32>, WeightError> {
        Ok(self.raw(name, Dtype::F32)?.as_chunks::<4>().0.iter().map(|b| f32::from_le_bytes(*b)).collect())
    }

    /// An s8 tensor, row-major.
    pub fn bytes(&self, name: &str) -> Result<&'d [i8], WeightError> {
        let raw = self.raw(name, Dtype::I8)?;
        // SAFETY: i8 and u8 have one size, one alignment and no invalid values.
        Ok(unsafe { std::slice::from_raw_parts(raw.as_ptr().cast(), raw.len()) })
    }

    /// A quantised linear layer.
    pub fn packed(&self, name: &str, outputs: usize, inputs: usize) -> Result<Packed, WeightError> {
        let q = self.bytes(&format!("{name}.q"))?;
        let (s, b) = (self.floats(&format!("{name}.s"))?, self.floats(&format!("{name}.b"))?);
        if q.len() != outputs * inputs || s.len() != outputs || b.len() != outputs {
            return Err(WeightError::Tensor(name.to_string()));
        }
        Ok(Packed::new(q, s, b))
    }

    /// A small f32 linear layer: `name.weight` and `name.bias`.
    pub fn linear(&self, name: &str, inputs: usize) -> Result<Linear, WeightError> {
        let (w, b) = (self.floats(&format!("{name}.weight"))?, self.floats(&format!("{name}.bias"))?);
        if w.len() != b.len() * inputs {
            return Err(WeightError::Tensor(name.to_string()));
        }
        Ok(Linear::new(w, b))
    }

    /// A chain: `name.move`, `name.start`, `name.end`.
    pub fn crf(&self, name: &str) -> Result<Crf, WeightError> {
        let [moves, start, end] = ["move", "start", "end"].map(|p| self.floats(&format!("{name}.{p}")));
        let (moves, start, end) = (moves?, start?, end?);
        if moves.len() != start.len() * start.len() || end.len() != start.len() || start.is_empty() {
            return Err(WeightError::Tensor(name.to_string()));
        }
        Ok(Crf::new(moves, start, end))
    }
}
