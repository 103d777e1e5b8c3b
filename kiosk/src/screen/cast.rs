//! Every screen with fictitious contents: for contact sheets, and for the tests of the screens.

use jiff::civil::date;
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _};
use shared::binding::{Binding, Expectation, Statement, content_digest, encode_digest};
use shared::domain::certificate::{CertificateKind, Content, Form, PrintedDose, PrintedPassport, ProofProfile};
use shared::domain::fee::Yen;
use shared::domain::identifiers::{
    CertificateId, IdempotencyKey, IssuanceId, MunicipalityCode, TerminalId, TransactionId,
};
use shared::domain::passport::PassportNumber;
use shared::domain::person::Sex;
use shared::domain::vaccine::Product;
use shared::hidden::Bytes;
use shared::proof::{HolderDigest, sha256};
use shared::wire::PROTOCOL_VERSION;
use shared::wire::holder::{Availability, FormOffer, MunicipalityOffer};
use shared::wire::issuance::IssuanceAnswer;
use shared::wire::problem::ProblemCode;
use shared::wire::terminal::CertificateOffer;

use crate::journal::{Account, Line, Proposal, choices};
use crate::session::bound_document::{BoundDocument, CardIdentity, Check};
use crate::session::closure::ClosureReason;
use crate::session::effect::{Receipt, Resolution};
use crate::session::event::PrintProgress;
use crate::session::fault::{CardFault, CenterTrouble, Fault, PaymentFault, PinFault, PrinterFault};
use crate::session::view::{CardReminder, View, Work};
use crate::session::{Comparison, PreviousPin};
use crate::staff::diagnosis::{Diagnosis, Finding, JournalFinding, ReaderFinding};
use crate::staff::view::{ClosureEnd, DoorNotice, Notice, ServiceMark, StaffView};

/// What views refer to.
#[derive(Debug)]
pub struct Cast {
    /// One kind of certificate.
    pub offers: Vec<CertificateOffer>,
    /// Three municipalities.
    pub municipalities: Vec<MunicipalityOffer>,
    /// One of them.
    pub municipality: MunicipalityCode,
    /// Both forms, the overseas one closed.
    pub forms: Vec<FormOffer>,
    /// Both forms, the overseas one with its masked passport number.
    pub passport_forms: Vec<FormOffer>,
    /// The document.
    pub document: BoundDocument,
    /// Its receipt.
    pub receipt: Receipt,
    /// Its certificate.
    pub certificate: CertificateId,
    /// Its issuance.
    pub issuance: IssuanceId,
    /// Next morning.
    pub opens: jiff::Timestamp,
    /// What the staff sees.
    pub staff: StaffCast,
}

/// What the staff's views refer to.
#[derive(Debug)]
pub struct StaffCast {
    /// A terminal with something to look at.
    pub diagnosis: Diagnosis,
    /// A report was saved.
    pub saved: Notice,
    /// Two transactions that wait.
    pub waiting: Vec<Account>,
    /// What can be decided of the first.
    pub choices: Vec<Resolution>,
    /// One of the decisions.
    pub proposal: Proposal,
}

impl StaffCast {
    fn new() -> Option<Self> {
        let account = |number: u8, state: &str, owed: Option<u32>| {
            let last = serde_json::from_value::<Line>(serde_json::json!({
                "sequence": 12,
                "transaction": TransactionId::from_random([number; 16]),
                "state": state,
                "at": "2022-10-03T01:05:00Z",
                "key": IdempotencyKey::from_random([number; 16]),
                "copies": 2,
                "issuance": IssuanceId::from_random([number; 16]),
                "inserted": 500,
                "owed": owed,
            }));
            Some(Account { last: last.ok()? })
        };
        let waiting = vec![account(7, "unknown", None)?, account(8, "taken", Some(260))?];
        let first = waiting.first()?.clone();
        let choices = choices(&first);
        let proposal = Proposal { account: first, resolution: *choices.last()?, code: "3f9a01c7".to_owned() };
        let diagnosis = Diagnosis {
            terminal: TerminalId::parse("0001").ok()?,
            at: "2022-10-03T01:06:00Z".parse().ok()?,
            findings: vec![
                Finding::Reader(ReaderFinding::Connected(1)),
                Finding::Printer(Err(PrinterFault::DoorOpen)),
                Finding::Hopper(Yen(53_000)),
                Finding::Center(Ok(())),
                Finding::Clock(Some(-18)),
                Finding::Disk(Some(20_480)),
                Finding::Journal(Some(JournalFinding { records: 1_204, waiting: 2 })),
                Finding::Version { build: env!("CARGO_PKG_VERSION"), protocol: PROTOCOL_VERSION },
            ],
            readers: None,
        };
        let saved = Notice::Saved(diagnosis.file_name());
        Some(Self { diagnosis, saved, waiting, choices, proposal })
    }
}

/// What one screen shows of the cast.
pub type Show = for<'a> fn(&'a Cast) -> View<'a>;

impl Cast {
    /// Everybody and everything; `None` where the system draws no random numbers.
    pub fn new() -> Option<Self> {
        let issuance = IssuanceId::from_random([7; 16]);
        let transaction = TransactionId::from_random([8; 16]);
        let receipt = Receipt {
            terminal: TerminalId::parse("0001").ok()?,
            transaction: transaction.clone(),
            issuance: issuance.clone(),
            at: "2022-10-03T01:00:00Z".parse().ok()?,
            copies: 2,
            fee: Yen(240),
            inserted: Yen(500),
            change: Yen(260),
        };
        let offer = |form, availability| FormOffer { form, availability };
        let forms = vec![
            offer(Form::Domestic, Availability::Open),
            offer(Form::Overseas, Availability::Refused { code: ProblemCode::PassportNotRegistered }),
        ];
        let passport_forms = vec![
            offer(Form::Domestic, Availability::Open),
            offer(Form::Overseas, Availability::PassportNeeded { masked: "******567".to_owned() }),
        ];
        let municipality =
            |code| Some(MunicipalityOffer { municipality: MunicipalityCode::parse(code).ok()?, forms: forms.clone() });
        let municipalities = vec![municipality("011002")?, municipality("131016")?, municipality("141003")?];
        Some(Self {
            offers: vec![CertificateOffer { kind: CertificateKind::Vaccination, profile: ProofProfile::InputSupport }],
            municipalities,
            municipality: MunicipalityCode::parse("131016").ok()?,
            forms,
            passport_forms,
            document: document(&transaction, &issuance)?,
            receipt,
            certificate: CertificateId::from_number(12_345),
            issuance,
            opens: "2022-10-03T21:30:00Z".parse().ok()?,
            staff: StaffCast::new()?,
        })
    }
}

fn content() -> Option<Content> {
    let dose = |number, month| PrintedDose {
        number,
        date: date(2021, month, 4),
        product: Product::Comirnaty,
        lot: format!("EY000{number}"),
        country: "JPN".to_owned(),
    };
    Some(Content {
        form: Form::Overseas,
        name: "見本　花子".to_owned(),
        birth_date: date(1980, 2, 3),
        sex: Sex::Female,
        passport: Some(PrintedPassport {
            surname: "MIHON".to_owned(),
            given: "HANAKO".to_owned(),
            nationality: "JPN".to_owned(),
            number: PassportNumber::parse("TK1234567").ok()?,
        }),
        doses: vec![dose(1, 6), dose(2, 7), dose(3, 12)],
        certificate: CertificateId::from_number(12_345),
        issued_on: date(2022, 10, 3),
        municipality: MunicipalityCode::parse("131016").ok()?,
    })
}

/// A document as a session accepts it: bound by a key made here.
fn document(transaction: &TransactionId, issuance: &IssuanceId) -> Option<BoundDocument> {
    let content = content()?;
    let (terminal, key) = (TerminalId::parse("0001").ok()?, IdempotencyKey::from_random([9; 16]));
    let holder = HolderDigest(sha256(b"holder"));
    let statement = Statement {
        terminal: terminal.clone(),
        idempotency_key: key.clone(),
        issuance: issuance.clone(),
        certificate: content.certificate.clone(),
        form: content.form,
        municipality: content.municipality.clone(),
        copies: 2,
        fee: Yen(240),
        holder: encode_digest(&holder.0),
        content: encode_digest(&content_digest(&content)),
        document: encode_digest(&sha256(b"%PDF-")),
    };
    let random = SystemRandom::new();
    let pkcs8 = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random).ok()?;
    let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, pkcs8.as_ref(), &random).ok()?;
    let signature = Bytes::from(pair.sign(&random, &statement.digest()).ok()?.as_ref());
    let identity = CardIdentity::Named { name: content.name.clone(), birth_date: content.birth_date };
    let municipality = content.municipality.clone();
    let document = Bytes::from(b"%PDF-".as_slice());
    let answer = IssuanceAnswer { content, document, binding: Binding { statement, signature } };
    let check = Check {
        transaction,
        binding_key: pair.public_key().as_ref(),
        expected: Expectation {
            terminal: &terminal,
            idempotency_key: &key,
            form: Form::Overseas,
            municipality: &municipality,
            copies: 2,
            holder,
        },
        identity: &identity,
        fee_per_copy: Yen(120),
    };
    BoundDocument::verify(answer, check).ok()
}

/// Every screen at least once.
pub const EVERY_SCREEN: &[Show] = &[
    |_| View::Starting,
    |_| View::Unavailable { fault: Fault::Center(CenterTrouble::Unreachable) },
    |cast| View::Closed { opens: cast.opens },
    |_| View::Stopped,
    |_| View::Menu { fee_per_copy: Yen(120) },
    |_| View::PlaceCard,
    |cast| View::ChooseKind { offers: &cast.offers },
    |_| View::Working(Work::ReadingTries),
    |_| View::EnterPin { profile: ProofProfile::InputSupport, tries_left: 3, previous: PreviousPin::Untyped },
    |_| View::EnterPin {
        profile: ProofProfile::AuthenticationCertificate,
        tries_left: 2,
        previous: PreviousPin::Wrong,
    },
    |_| View::ConfirmLastTry { profile: ProofProfile::InputSupport, previous: PreviousPin::Wrong },
    |_| View::Working(Work::ProvingHolder),
    |_| View::TakeCard,
    |_| View::Working(Work::AskingRecords),
    |cast| View::ChooseMunicipality { offers: &cast.municipalities },
    |cast| View::ChooseForm { municipality: &cast.municipality, forms: &cast.forms, notice: None },
    |cast| View::ChooseForm { municipality: &cast.municipality, forms: &cast.passport_forms, notice: None },
    |_| View::ConfirmPassport { masked: "******567", comparison: Comparison::Untyped },
    |_| View::ConfirmPassport { masked: "******567", comparison: Comparison::Differed(Some(2)) },
    |_| View::Working(Work::ComparingPassport),
    |_| View::ChooseCopies { fee_per_copy: Yen(120), maximum: 5 },
    |_| View::Working(Work::MakingCertificate),
    |cast| View::Preview { document: &cast.document },
    |_| View::Pay { fee: Yen(240), inserted: Yen(100), notice: Some(PaymentFault::NoChange) },
    |_| View::Working(Work::Printing(PrintProgress::default())),
    |_| {
        let trouble = Some(PrinterFault::OutOfPaper);
        View::Working(Work::Printing(PrintProgress { sides_done: 1, sides: 4, trouble }))
    },
    |_| View::Working(Work::CancellingPrint),
    |cast| View::TakePaper { receipt: &cast.receipt },
    |cast| View::PaperLeft { issuance: &cast.issuance },
    |cast| View::Thanks { certificate: &cast.certificate, receipt: &cast.receipt },
    |_| View::Refused { fault: Fault::Refused(ProblemCode::NoRecord), returned: Yen(100), card: CardReminder::Take },
    |_| View::Refused { fault: Fault::Pin(PinFault::Locked), returned: Yen(0), card: CardReminder::Unneeded },
    |_| View::Refused { fault: Fault::Card(CardFault::Removed), returned: Yen(0), card: CardReminder::Unneeded },
    |_| View::CardLeft,
    |_| View::OutOfOrder { fault: Fault::Printer(PrinterFault::Jammed) },
    |_| View::OutOfService { reason: ClosureReason::Supplies, opens: None },
    |cast| View::OutOfService { reason: ClosureReason::Maintenance, opens: Some(cast.opens) },
    |_| View::Staff(StaffView::Door { notice: None }),
    |_| View::Staff(StaffView::Door { notice: Some(DoorNotice::Wait(28)) }),
    |_| View::Staff(StaffView::Working),
    |_| View::Staff(StaffView::Overview { diagnosis: None, notice: None, service: ServiceMark::Open }),
    |cast| {
        let (diagnosis, notice) = (Some(&cast.staff.diagnosis), Some(&cast.staff.saved));
        View::Staff(StaffView::Overview { diagnosis, notice, service: ServiceMark::Closed })
    },
    |cast| View::Staff(StaffView::Transactions { waiting: &cast.staff.waiting, notice: None }),
    |_| View::Staff(StaffView::Transactions { waiting: &[], notice: Some(&Notice::Written) }),
    |cast| {
        let account = cast.staff.waiting.first().unwrap_or(&cast.staff.proposal.account);
        View::Staff(StaffView::Decide { account, choices: &cast.staff.choices })
    },
    |cast| View::Staff(StaffView::Confirm { proposal: &cast.staff.proposal }),
    |cast| {
        let (reason, end) = (ClosureReason::Supplies, ClosureEnd::NextOpening);
        View::Staff(StaffView::Service { reason, end, next: cast.opens })
    },
];
