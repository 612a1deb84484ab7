//! What the package of this crate costs by itself: actix-web, taking bytes and answering with some. `pes bench federation` holds our own work against it,
//! so no answer runs any code of ours.

use crate::Serving;
use crate::serving::ServingError;
use actix_web::{App, HttpResponse, HttpServer, web};
use std::net::TcpListener;

/// Answers each body that is posted to a socket with so many bytes, from within a tokio runtime; with as many workers as a node has.
///
/// # Errors
/// [`ServingError::Socket`].
pub fn answering(socket: TcpListener, bytes: usize) -> Result<Serving, ServingError> {
    let answer = move |_body: web::Bytes| async move { HttpResponse::Ok().body(vec![b'x'; bytes]) };
    let server = HttpServer::new(move || App::new().default_service(web::post().to(answer)));
    Ok(Serving::run(server.workers(2).disable_signals().listen(socket)?.run()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{Read, Write};
    use std::net::TcpStream;

    #[actix_web::test]
    async fn the_yardstick_does_what_the_package_does() {
        let socket = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = socket.local_addr().unwrap();
        let serving = answering(socket, 12).unwrap();
        let asked = web::block(move || {
            let mut stream = TcpStream::connect(address).unwrap();
            stream
                .write_all(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nConnection: close\r\n\r\nhi")
                .unwrap();
            let mut answer = String::new();
            stream.read_to_string(&mut answer).unwrap();
            answer
        });
        let answer = asked.await.unwrap();
        assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
        assert!(answer.ends_with("\r\n\r\nxxxxxxxxxxxx"), "{answer}");
        serving.stop().await;
    }
}
