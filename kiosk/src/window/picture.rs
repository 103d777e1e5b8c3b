//! Pictures of a document's pages, drawn on a thread of their own and kept only while they are looked at.

use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Weak};
use std::{io, thread};

use egui::{Color32, ColorImage, Context, TextureHandle, TextureOptions};
use hayro::hayro_interpret::InterpreterSettings;
use hayro::hayro_syntax::Pdf;
use hayro::vello_cpu::color::palette::css::WHITE;
use hayro::{PixmapSettings, RenderCache, RenderSettings};
use shared::domain::identifiers::TransactionId;
use shared::hidden::Bytes;
use zeroize::Zeroize as _;

use crate::message::Wake;
use crate::screen::Pages;
use crate::session::bound_document::BoundDocument;
use crate::session::view::View;

/// Pixels a point: an A4 page becomes about 1010 by 1430.
const SCALE: f32 = 1.7;

/// A certificate has two pages.
const PAGES: usize = 2;

struct Request {
    /// Gone as soon as nobody looks at the document any more.
    looked_at: Weak<TransactionId>,
    document: Bytes,
}

struct Answer {
    transaction: TransactionId,
    /// Empty where the document cannot be drawn.
    pages: Vec<Page>,
}

/// A page's picture in opaque pixels, wiped when it has gone to the graphics memory.
pub struct Page {
    /// Width and height in pixels.
    pub size: [usize; 2],
    /// Red, green, blue and opacity of each, line by line.
    pub pixels: Vec<u8>,
}

shared::hidden_debug!(Page);

impl Drop for Page {
    fn drop(&mut self) {
        self.pixels.zeroize();
    }
}

enum Held {
    Nothing,
    Pending(Arc<TransactionId>),
    Drawn(TransactionId, Vec<TextureHandle>),
}

/// The pictures of the document that is being looked at.
pub(super) struct Pictures {
    requests: SyncSender<Request>,
    answers: Receiver<Answer>,
    held: Held,
}

impl Pictures {
    /// Starts the thread. It ends when this is dropped.
    pub(super) fn start(wake: Wake) -> io::Result<Self> {
        let (requests, waiting) = sync_channel::<Request>(1);
        let (sender, answers) = sync_channel(1);
        thread::Builder::new().name("picture".to_owned()).spawn(move || serve(&waiting, &sender, &wake))?;
        Ok(Self { requests, answers, held: Held::Nothing })
    }

    /// Has drawn what the view shows, and keeps nothing else.
    pub(super) fn follow(&mut self, view: &View<'_>, ctx: &Context) {
        while let Ok(answer) = self.answers.try_recv() {
            self.take(answer, ctx);
        }
        match view {
            View::Preview { document } => self.look_at(document),
            _ => self.forget(),
        }
    }

    /// What can be shown.
    pub(super) fn pages(&self) -> Pages<'_> {
        match &self.held {
            Held::Nothing | Held::Pending(_) => Pages::Pending,
            Held::Drawn(_, pages) if pages.is_empty() => Pages::Missing,
            Held::Drawn(_, pages) => Pages::Ready(pages),
        }
    }

    /// Gives the pictures back. They are painted over first: a driver does not wipe what it gives up.
    pub(super) fn forget(&mut self) {
        if let Held::Drawn(_, textures) = &mut self.held {
            for texture in textures {
                let blank = ColorImage::filled(texture.size(), Color32::WHITE);
                texture.set_partial([0, 0], blank, TextureOptions::LINEAR);
            }
        }
        self.held = Held::Nothing;
    }

    fn look_at(&mut self, document: &BoundDocument) {
        let transaction = document.transaction();
        let held = match &self.held {
            Held::Nothing => None,
            Held::Pending(held) => Some(held.as_ref()),
            Held::Drawn(held, _) => Some(held),
        };
        if held == Some(transaction) {
            return;
        }
        let looked_at = Arc::new(transaction.clone());
        let request = Request { looked_at: Arc::downgrade(&looked_at), document: Bytes::from(document.bytes()) };
        // A thread that is still busy with an earlier document is asked again at the next frame.
        if self.requests.try_send(request).is_ok() {
            self.held = Held::Pending(looked_at);
        }
    }

    /// Pictures of a document that is no longer looked at are dropped.
    fn take(&mut self, answer: Answer, ctx: &Context) {
        let Held::Pending(transaction) = &self.held else {
            return;
        };
        if **transaction != answer.transaction {
            return;
        }
        let textures = answer.pages.iter().enumerate().map(|(place, page)| {
            let image = ColorImage::from_rgba_premultiplied(page.size, &page.pixels);
            ctx.load_texture(format!("page {place}"), image, TextureOptions::LINEAR)
        });
        self.held = Held::Drawn(answer.transaction, textures.collect());
    }
}

fn serve(waiting: &Receiver<Request>, sender: &SyncSender<Answer>, wake: &Wake) {
    for Request { looked_at, document } in waiting {
        let pages = draw_while(document, || looked_at.strong_count() > 0);
        // Whoever comes back to a document asks for it anew.
        let Some(transaction) = looked_at.upgrade() else { continue };
        if sender.send(Answer { transaction: TransactionId::clone(&transaction), pages }).is_err() {
            return;
        }
        wake();
    }
}

/// Draws the pages of a document; none where it cannot be drawn.
pub fn draw(document: Bytes) -> Vec<Page> {
    draw_while(document, || true)
}

/// Draws page after page for as long as somebody looks.
fn draw_while(document: Bytes, is_looked_at: impl Fn() -> bool) -> Vec<Page> {
    let pdf = match Pdf::new(Arc::new(document)) {
        Ok(pdf) => pdf,
        Err(error) => {
            tracing::warn!(?error, "the document cannot be drawn");
            return Vec::new();
        }
    };
    let settings = PixmapSettings { x_scale: SCALE, y_scale: SCALE, bg_color: WHITE };
    let cache = RenderCache::new();
    let draw = |page| {
        let picture =
            hayro::render(page, &cache, &InterpreterSettings::default(), &RenderSettings::default(), &settings);
        let size = [usize::from(picture.width()), usize::from(picture.height())];
        Page { size, pixels: picture.data_as_u8_slice().to_vec() }
    };
    pdf.pages().iter().take(PAGES).take_while(|_| is_looked_at()).map(draw).collect()
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    #[test]
    fn what_is_no_document_has_no_pages() {
        assert!(draw(Bytes::from(b"%PDF-1.7 nothing".as_slice())).is_empty());
    }

    fn two_pages() -> Bytes {
        let mut pdf = printpdf::PdfDocument::new("two pages");
        let page = || printpdf::PdfPage::new(printpdf::Mm(210.0), printpdf::Mm(297.0), Vec::new());
        pdf.with_pages(vec![page(), page()]).save(&printpdf::PdfSaveOptions::default(), &mut Vec::new()).into()
    }

    #[test]
    fn whoever_goes_leaves_the_second_page_undrawn() {
        let looks = Cell::new(0);
        let first_page_only = || looks.replace(looks.get() + 1) == 0;
        assert_eq!(draw_while(two_pages(), first_page_only).len(), 1);
    }

    #[test]
    fn whoever_has_gone_gets_no_answer() {
        let present = Arc::new(TransactionId::from_random([1; 16]));
        let (requests, waiting) = sync_channel(2);
        let (sender, answers) = sync_channel(2);
        for looked_at in [Weak::new(), Arc::downgrade(&present)] {
            requests.send(Request { looked_at, document: two_pages() }).unwrap();
        }
        drop(requests);
        serve(&waiting, &sender, &(Arc::new(|| {}) as Wake));
        drop(sender);
        let answered: Vec<_> = answers.iter().map(|answer| (answer.transaction, answer.pages.len())).collect();
        assert_eq!(answered, [(TransactionId::clone(&present), PAGES)]);
    }

    #[test]
    fn both_pages_of_a_document_are_drawn() {
        let pages = draw(two_pages());
        assert_eq!(pages.len(), PAGES);
        let [width, height] = pages[0].size;
        assert!((width, height) > (1000, 1400));
        assert_eq!(pages[0].pixels.len(), width * height * 4);
        assert!(pages[0].pixels.iter().all(|channel| *channel == 255), "an empty page is white");
    }
}
