//! What the package of this crate costs by itself: reqwest, bringing bytes. `pes bench federation` holds our own work against it, so nothing here
//! calls any code of ours.

use reqwest::Client;

/// Brings bytes to one address, by a connection that stays open.
#[derive(Debug, Clone)]
pub struct Bringing {
    http: Client,
    address: String,
}

impl Bringing {
    /// To this address.
    ///
    /// # Errors
    /// In words, why reqwest makes no client.
    pub fn to(address: String) -> Result<Self, String> {
        // reqwest takes the process's provider; whoever came first has set the same one.
        drop(rustls::crypto::ring::default_provider().install_default());
        let http = Client::builder().no_proxy().build().map_err(|e| e.to_string())?;
        Ok(Self { http, address })
    }

    /// Posts bytes, and tells how many came back: one round trip.
    ///
    /// # Errors
    /// In words, whatever kept the answer away.
    pub async fn bring(&self, body: Vec<u8>) -> Result<usize, String> {
        let answer = self.http.post(&self.address).body(body).send().await.map_err(|e| e.to_string())?;
        Ok(answer.bytes().await.map_err(|e| e.to_string())?.len())
    }
}
