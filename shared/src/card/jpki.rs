//! The 公的個人認証 application: the user-authentication certificate and its key.

use zeroize::Zeroizing;

use super::channel::{CardResult, Channel};
use super::command::KeyReference;
use super::guard::PinObject;
use super::pin::{LastTryConfirmed, Pin, PinStatus, PinVerdict};
use super::transport::Transport;
use crate::proof::Digest;
use crate::wire::holder::AuthenticationProof;

/// The application's name.
pub const APPLICATION: [u8; 10] = [0xD3, 0x92, 0xF0, 0x00, 0x26, 0x01, 0x00, 0x00, 0x00, 0x01];
/// EF: token information; free to read.
pub const TOKEN_INFORMATION: [u8; 2] = [0x00, 0x06];
/// EF: the user-authentication certificate (利用者証明用電子証明書); free to read.
pub const AUTHENTICATION_CERTIFICATE: [u8; 2] = [0x00, 0x0A];
/// IEF: its private key.
pub const AUTHENTICATION_KEY: [u8; 2] = [0x00, 0x17];
/// IEF: its four-digit PIN, three tries.
pub const AUTHENTICATION_PIN: [u8; 2] = [0x00, 0x18];
/// IEF: the password of the signature key, five tries. Its tries can be asked for; it is never sent.
pub const SIGNATURE_PASSWORD: [u8; 2] = [0x00, 0x1B];

/// Bytes of the label at the start of [`TOKEN_INFORMATION`].
const LABEL_BYTES: u8 = 32;

/// Selects the application.
pub fn select<T: Transport>(channel: &mut Channel<T>) -> CardResult<(), T> {
    channel.select_application(&APPLICATION)
}

/// Asks for the tries of the authentication PIN; spends none.
pub fn pin_status<T: Transport>(channel: &mut Channel<T>) -> CardResult<PinStatus, T> {
    channel.pin_status(AUTHENTICATION_PIN)
}

/// Asks for the tries of the signature password; spends none.
pub fn signature_password_status<T: Transport>(channel: &mut Channel<T>) -> CardResult<PinStatus, T> {
    channel.pin_status(SIGNATURE_PASSWORD)
}

/// Sends the authentication PIN once; see [`Channel::verify`].
pub fn verify_pin<T: Transport>(
    channel: &mut Channel<T>,
    pin: Pin,
    confirmed: Option<LastTryConfirmed>,
) -> CardResult<PinVerdict, T> {
    channel.verify(PinObject::UserAuthentication, pin, confirmed)
}

/// Reads the user-authentication certificate, without the filler behind it.
pub fn authentication_certificate<T: Transport>(channel: &mut Channel<T>) -> CardResult<Zeroizing<Vec<u8>>, T> {
    channel.read_element(AUTHENTICATION_CERTIFICATE)
}

/// Reads the token's label, `JPKIAPICCTOKEN2` on the plastic card; printable ASCII, the rest left out.
pub fn token_label<T: Transport>(channel: &mut Channel<T>) -> CardResult<String, T> {
    let label = channel.read_physical(TOKEN_INFORMATION, LABEL_BYTES)?;
    Ok(label.iter().filter(|byte| byte.is_ascii_graphic()).map(|&byte| char::from(byte)).collect())
}

/// Reads the certificate and signs the transcript's digest, after the PIN.
pub fn prove<T: Transport>(channel: &mut Channel<T>, transcript: &Digest) -> CardResult<AuthenticationProof, T> {
    let certificate = authentication_certificate(channel)?;
    let response = channel.sign(AUTHENTICATION_KEY, KeyReference::Current, transcript)?;
    Ok(AuthenticationProof { certificate: certificate.as_slice().into(), response: response.into() })
}
