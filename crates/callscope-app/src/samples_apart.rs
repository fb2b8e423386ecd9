//! The samples, whose code is loaded when they are first opened, where the build cut it out.

use std::sync::Arc;

use callscope_client::{ClientError, Local, SampleFiles, Samples};

/// Loads the samples from the folder beside the page.
#[cfg(not(feature = "split"))]
pub(crate) async fn load(folder: &str) -> Result<Arc<dyn Local>, ClientError> {
    read(&SampleFiles::load(folder).await?)
}

fn read(files: &SampleFiles) -> Result<Arc<dyn Local>, ClientError> {
    Ok(Arc::new(Samples::read(files)?))
}

#[cfg(feature = "split")]
pub(crate) use split::load;

#[cfg(feature = "split")]
#[expect(clippy::unnecessary_wraps, reason = "loading may fail, and the macro wants the same result on both sides")]
mod split {
    use std::sync::Arc;

    use callscope_client::{ClientError, Local, SampleFiles};
    use callscope_ui::apart::code_not_loaded;
    use wasm_split_helpers::{SplitLoaderError, wasm_split};

    #[wasm_split(samples, fallible)]
    fn samples(files: SampleFiles) -> Result<Result<Arc<dyn Local>, ClientError>, SplitLoaderError> {
        Ok(super::read(&files))
    }

    /// Loads the samples from the folder beside the page.
    pub(crate) async fn load(folder: &str) -> Result<Arc<dyn Local>, ClientError> {
        let files = SampleFiles::load(folder).await?;
        samples(files).await.map_err(|_| code_not_loaded())?
    }
}
