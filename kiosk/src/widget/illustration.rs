//! Drawings of what to do with card, money and paper, made of plain shapes.

use egui::{Color32, Painter, Pos2, Rect, Shape, Stroke, StrokeKind, Ui, Vec2, pos2, vec2};

use crate::theme::{self, Palette};

/// What is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Drawing {
    /// A card goes onto the reader.
    CardDown,
    /// A card lies on the reader.
    CardLies,
    /// A card is taken from the reader.
    CardUp,
    /// Coins go into the slot.
    Coins,
    /// Paper comes out of the printer.
    Paper,
    /// It is done.
    Done,
    /// It did not go.
    Stopped,
    /// The terminal sleeps.
    Night,
}

/// Draws into the middle of an area, as large as fits; nothing where there is no area.
pub fn draw(ui: &Ui, area: Rect, drawing: Drawing) {
    if !area.is_positive() {
        return;
    }
    let side = area.width().min(area.height() * 1.2).min(560.0);
    let colours = theme::palette(ui);
    let pen = Pen { painter: ui.painter(), colours, origin: area.center(), unit: side / 120.0 };
    match drawing {
        Drawing::CardDown => {
            pen.reader();
            pen.card(-34.0);
            pen.arrow(pos2(44.0, -30.0), 26.0);
        }
        Drawing::CardLies => {
            pen.reader();
            pen.card(-2.0);
        }
        Drawing::CardUp => {
            pen.reader();
            pen.card(-34.0);
            pen.arrow(pos2(44.0, -2.0), -26.0);
        }
        Drawing::Coins => pen.coins(),
        Drawing::Paper => pen.paper(),
        Drawing::Done => {
            pen.sign(colours.on_well, colours.well, &[pos2(-15.0, 1.0), pos2(-4.0, 12.0), pos2(17.0, -12.0)]);
        }
        Drawing::Stopped => {
            pen.sign(colours.on_refusal, colours.refusal, &[pos2(0.0, -16.0), pos2(0.0, 5.0)]);
            pen.dot(pos2(0.0, 15.0), 3.4, colours.on_refusal);
        }
        Drawing::Night => {
            pen.dot(pos2(0.0, 0.0), 30.0, colours.accent);
            pen.dot(pos2(12.0, -8.0), 25.0, colours.ground);
        }
    }
}

struct Pen<'a> {
    painter: &'a Painter,
    colours: &'static Palette,
    origin: Pos2,
    unit: f32,
}

impl Pen<'_> {
    fn at(&self, point: Pos2) -> Pos2 {
        self.origin + point.to_vec2() * self.unit
    }

    fn block(&self, centre: Pos2, size: Vec2, radius: f32, colours: (Color32, Color32)) {
        let rect = Rect::from_center_size(self.at(centre), size * self.unit);
        let edge = Stroke::new(1.2 * self.unit, colours.1);
        self.painter.rect(rect, radius * self.unit, colours.0, edge, StrokeKind::Middle);
    }

    fn dot(&self, centre: Pos2, radius: f32, colour: Color32) {
        self.painter.circle_filled(self.at(centre), radius * self.unit, colour);
    }

    fn reader(&self) {
        self.block(pos2(0.0, 24.0), vec2(86.0, 22.0), 5.0, (self.colours.accent, self.colours.accent));
        self.block(pos2(0.0, 17.0), vec2(72.0, 5.0), 2.5, (self.colours.surface_pressed, self.colours.surface_pressed));
        for radius in [5.0, 9.0] {
            let points = (-4..=4)
                .map(|step| {
                    let angle = step as f32 * 0.2 - std::f32::consts::FRAC_PI_2;
                    self.at(pos2(radius * angle.cos(), 31.0 + radius * angle.sin()))
                })
                .collect();
            self.painter.add(Shape::line(points, Stroke::new(1.4 * self.unit, self.colours.on_accent)));
        }
    }

    fn card(&self, height: f32) {
        self.block(pos2(0.0, height), vec2(58.0, 34.0), 4.0, (self.colours.surface, self.colours.accent));
        self.block(pos2(-18.0, height - 1.0), vec2(12.0, 16.0), 1.5, (self.colours.surface_pressed, self.colours.edge));
        for (line, width) in [(-9.0, 26.0), (-2.0, 30.0), (5.0, 20.0)] {
            let size = vec2(width, 2.4);
            self.block(pos2(-7.0 + width / 2.0, height + line), size, 1.2, (self.colours.line, self.colours.line));
        }
    }

    fn arrow(&self, from: Pos2, length: f32) {
        let stroke = Stroke::new(2.6 * self.unit, self.colours.focus);
        let tip = from + vec2(0.0, length);
        let back = 7.0 * length.signum();
        self.painter.line_segment([self.at(from), self.at(tip)], stroke);
        self.painter.line_segment([self.at(tip + vec2(-7.0, -back)), self.at(tip)], stroke);
        self.painter.line_segment([self.at(tip + vec2(7.0, -back)), self.at(tip)], stroke);
    }

    fn coins(&self) {
        self.block(pos2(0.0, 26.0), vec2(80.0, 26.0), 5.0, (self.colours.accent, self.colours.accent));
        self.block(pos2(0.0, 20.0), vec2(36.0, 4.0), 2.0, (self.colours.accent_pressed, self.colours.on_accent));
        for (x, y) in [(-10.0, -12.0), (10.0, -26.0)] {
            self.dot(pos2(x, y), 13.0, self.colours.edge);
            self.dot(pos2(x, y), 11.0, self.colours.surface);
            self.dot(pos2(x, y), 4.0, self.colours.edge);
        }
        self.arrow(pos2(36.0, -26.0), 30.0);
    }

    fn paper(&self) {
        self.block(pos2(0.0, -22.0), vec2(84.0, 28.0), 5.0, (self.colours.accent, self.colours.accent));
        self.block(pos2(0.0, 12.0), vec2(54.0, 52.0), 1.5, (self.colours.surface, self.colours.accent));
        self.block(pos2(0.0, -11.0), vec2(66.0, 4.0), 2.0, (self.colours.accent_pressed, self.colours.on_accent));
        for (y, width) in [(0.0, 34.0), (8.0, 40.0), (15.0, 40.0), (22.0, 26.0)] {
            self.block(pos2(-20.0 + width / 2.0, y), vec2(width, 2.2), 1.1, (self.colours.line, self.colours.line));
        }
        self.block(pos2(15.0, 29.0), vec2(9.0, 9.0), 0.5, (self.colours.ink, self.colours.ink));
        self.arrow(pos2(46.0, -2.0), 30.0);
    }

    fn sign(&self, ink: Color32, ground: Color32, points: &[Pos2]) {
        self.dot(pos2(0.0, 0.0), 34.0, ink);
        self.dot(pos2(0.0, 0.0), 31.5, ground);
        let line = points.iter().map(|point| self.at(*point)).collect();
        self.painter.add(Shape::line(line, Stroke::new(5.5 * self.unit, ink)));
    }
}
