//! Printers without hardware: Debian's IPP Everywhere printer and its print queue, each with a bus of its own.
//!
//! `ippeveprinter` announces itself and therefore wants D-Bus and Avahi even on the loopback. Avahi exists once
//! on a machine, so that printers of different tests wait for each other. All of it is ended by process id.

use std::fs::{self, File};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::program::{self, Running};

/// How the print mechanism behaves; it can be told anew at any time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mechanism {
    /// Prints every side and counts it.
    Prints,
    /// Prints so slowly that nobody waits for it.
    Slow,
    /// Jams before the first side, and stays so until it is told otherwise.
    JamsBefore,
    /// Jams after one side, and stays so until it is told otherwise.
    JamsAfterOne,
    /// Gives up before the first side.
    GivesUp,
    /// Has no paper, until it is told to print.
    OutOfPaper,
    /// Its door is open, until it is told to print.
    DoorOpen,
    /// Has no toner, until it is told to print.
    OutOfToner,
}

impl Mechanism {
    const fn word(self) -> &'static str {
        match self {
            Self::Prints => "prints",
            Self::Slow => "slow",
            Self::JamsBefore => "jams-before",
            Self::JamsAfterOne => "jams-after-one",
            Self::GivesUp => "gives-up",
            Self::OutOfPaper => "media-empty",
            Self::DoorOpen => "cover-open",
            Self::OutOfToner => "toner-empty",
        }
    }
}

/// A printer; everything it started is ended when it is dropped.
#[derive(Debug)]
pub struct Printer {
    folder: tempfile::TempDir,
    /// Its address.
    pub uri: String,
    process: Running,
    _bus: Running,
    _announcer: Running,
    _turn: File,
}

/// The mechanism as a script: `ippeveprinter` runs it for each job, reads its states and ends it on a cancel.
const MECHANISM: &str = r#"#!/bin/sh
# Behaves as the file `mechanism` says, and looks again while it stands still.
here=$(dirname "$0")
say() { echo "$1" >&2; }
# The printer tells its mechanism nothing of a cancel, so that it asks.
is_cancelled() {
  ipptool -tv -T 2 -d "job=$IPP_JOB_ID" "$IPP_JOB_PRINTER_URI" "$here/job.test" | grep -q processing-to-stop-point
}
# Until it is told otherwise, or the job is cancelled.
stand_still() {
  while [ "$(cat "$here/mechanism")" = "$mode" ]; do
    if is_cancelled; then return 1; fi
    sleep 0.1
  done
}
in_trouble() {
  say "STATE: +$1-error"
  stand_still
  status=$?
  say "STATE: -$1-error"
  [ $status -eq 0 ] || exit 1
}
mode=$(cat "$here/mechanism")
case $mode in
  slow) stand_still; exit 1 ;;
  jams-before) in_trouble media-jam; exit 1 ;;
  jams-after-one) say 'ATTR: job-impressions-completed=1'; in_trouble media-jam; exit 1 ;;
  gives-up) exit 1 ;;
  media-empty | cover-open | toner-empty) in_trouble "$mode" ;;
esac
sides=$((2 * ${IPP_COPIES:-1}))
done=0
while [ $done -lt $sides ]; do
  done=$((done + 1))
  say "ATTR: job-impressions-completed=$done"
  sleep 0.05
done
cp "$1" "$here/paper/$IPP_JOB_NAME.pdf"
printf '%s %s %s\n' "$IPP_JOB_NAME" "$IPP_SIDES" "${IPP_COPIES:-1}" >>"$here/printed"
"#;

/// How the mechanism asks for its job.
const JOB: &str = "\
{ OPERATION Get-Job-Attributes
 GROUP operation-attributes-tag
 ATTR charset attributes-charset utf-8
 ATTR language attributes-natural-language en
 ATTR uri printer-uri $uri
 ATTR integer job-id $job
 ATTR keyword requested-attributes job-state-reasons
}
";

const ATTRIBUTES: &str = "\
ATTR keyword media-supported iso_a4_210x297mm
ATTR keyword media-default iso_a4_210x297mm
ATTR keyword media-ready iso_a4_210x297mm
ATTR collection media-size-supported {
  MEMBER integer x-dimension 21000
  MEMBER integer y-dimension 29700
}
ATTR enum print-quality-supported 3,4,5
ATTR enum print-quality-default 4
ATTR keyword sides-supported one-sided,two-sided-long-edge
ATTR keyword sides-default one-sided
ATTR rangeOfInteger copies-supported 1-99
ATTR integer copies-default 1
ATTR boolean color-supported true
ATTR mimeMediaType document-format-supported application/pdf
ATTR mimeMediaType document-format-default application/pdf
ATTR textWithoutLanguage printer-make-and-model \"Printer of a test\"
";

const BUS: &str = r#"<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><type>system</type><listen>unix:path=BUS</listen>
<policy context="default"><allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/></policy>
</busconfig>
"#;

const ANNOUNCER: &str = "[server]\nuse-ipv4=yes\nuse-ipv6=no\nallow-interfaces=lo\nenable-dbus=yes\n[publish]\n";

impl Printer {
    /// Starts a printer whose mechanism prints.
    #[track_caller]
    pub fn start() -> Self {
        // The announcing service exists once on a machine.
        let turn = File::create(std::env::temp_dir().join("konbini-certificate-printer.lock")).expect("a lock file");
        turn.lock().expect("the lock");
        let folder = tempfile::Builder::new().prefix("printer-").tempdir().expect("a temporary folder");
        let path = |name: &str| folder.path().join(name);
        for name in ["spool", "paper"] {
            fs::create_dir(path(name)).expect("a folder");
        }
        fs::write(path("attributes"), ATTRIBUTES).expect("the attributes");
        fs::write(path("mechanism"), Mechanism::Prints.word()).expect("the mechanism's mode");
        fs::write(path("job.test"), JOB).expect("a request");
        executable(&path("mechanism.sh"), MECHANISM);
        let bus = start_bus(folder.path());
        let announcer = start_announcer(folder.path());
        let port = free_port();
        let uri = format!("ipp://127.0.0.1:{port}/ipp/print");
        let process = Running::start(
            quiet("ippeveprinter", folder.path())
                .args(["-p", &port.to_string(), "-d", "spool", "-a", "attributes", "-c"])
                .arg(path("mechanism.sh"))
                .arg("Test"),
        );
        let printer = Self { folder, uri, process, _bus: bus, _announcer: announcer, _turn: turn };
        program::wait_for("the printer", 20, || printer.is_idle().then_some(()));
        printer
    }

    /// Whether it answers and has nothing to do.
    pub fn is_idle(&self) -> bool {
        has_nothing_to_do(&self.uri)
    }

    /// Tells the mechanism how to behave from now on.
    pub fn behave(&self, mechanism: Mechanism) {
        // A whole file at once: the mechanism looks at any time.
        let next = self.folder.path().join("mechanism.next");
        fs::write(&next, mechanism.word()).expect("the mechanism's mode");
        fs::rename(next, self.folder.path().join("mechanism")).expect("the mechanism's mode");
    }

    /// What came out so far: the job's name, its sides, its copies.
    pub fn printed(&self) -> Vec<[String; 3]> {
        let list = fs::read_to_string(self.folder.path().join("printed")).unwrap_or_default();
        let words = |line: &str| {
            let mut words = line.split(' ').map(str::to_owned);
            [(); 3].map(|()| words.next().unwrap_or_default())
        };
        list.lines().map(words).collect()
    }

    /// The paper of a job.
    pub fn paper(&self, job: &str) -> PathBuf {
        self.folder.path().join("paper").join(format!("{job}.pdf"))
    }

    /// The printer is switched off.
    pub fn switch_off(&mut self) {
        self.process.kill();
    }

    /// The folder of this printer, for what a test adds.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }
}

/// A print queue in front of a printer.
#[derive(Debug)]
pub struct Queue {
    /// Its address.
    pub uri: String,
    folder: tempfile::TempDir,
    _process: Running,
    port: u16,
}

impl Queue {
    /// Debian's own queue, with one destination that leads to the printer.
    #[track_caller]
    pub fn before(printer: &Printer) -> Self {
        let folder = tempfile::Builder::new().prefix("queue-").tempdir().expect("a temporary folder");
        let port = free_port();
        // What the queue starts runs as another user.
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).expect("an open folder");
        for name in ["spool", "cache", "state", "tmp", "root/ssl"] {
            fs::create_dir_all(folder.path().join(name)).expect("a folder");
        }
        // The document goes through as it is; the package with the usual filters is not needed for that.
        let conversion = "application/pdf application/vnd.cups-pdf 0 -\n";
        fs::write(folder.path().join("root/certificates.convs"), conversion).expect("a conversion");
        let at = |name: &str| folder.path().join(name).display().to_string();
        let files = format!(
            "ServerRoot {}\nRequestRoot {}\nCacheDir {}\nStateDir {}\nTempDir {}\nAccessLog {}\nErrorLog {}\nPageLog {}\nPrintcap {}\n\
             FileDevice No\nServerBin /usr/lib/cups\nDataDir /usr/share/cups\nUser lp\nGroup lp\nSystemGroup root\n",
            at("root"),
            at("spool"),
            at("cache"),
            at("state"),
            at("tmp"),
            at("access"),
            at("errors"),
            at("pages"),
            at("printcap"),
        );
        fs::write(folder.path().join("root/cups-files.conf"), files).expect("a configuration");
        let server = format!(
            "Listen 127.0.0.1:{port}\nBrowsing Off\nWebInterface No\nDefaultAuthType None\nPreserveJobFiles No\n\
             PreserveJobHistory Yes\nLogLevel info\nErrorPolicy stop-printer\n\
             <Location />\nOrder allow,deny\nAllow all\n</Location>\n<Location /admin>\nOrder allow,deny\nAllow all\n</Location>\n\
             <Policy default>\nJobPrivateAccess all\nJobPrivateValues none\n<Limit All>\nOrder allow,deny\nAllow all\n</Limit>\n</Policy>\n",
        );
        fs::write(folder.path().join("root/cupsd.conf"), server).expect("a configuration");
        let mut command = quiet("cupsd", folder.path());
        command.args(["-f", "-c", &at("root/cupsd.conf"), "-s", &at("root/cups-files.conf")]);
        command.env("DBUS_SYSTEM_BUS_ADDRESS", bus_address(printer.folder()));
        let process = Running::start(&mut command);
        let uri = format!("ipp://127.0.0.1:{port}/printers/certificates");
        let queue = Self { uri, folder, _process: process, port };
        program::wait_for("the queue", 20, || queue.is_up().then_some(()));
        queue.administer("lpadmin", &["-p", "certificates", "-E", "-v", &printer.uri, "-m", "everywhere"]);
        queue
    }

    fn is_up(&self) -> bool {
        std::net::TcpStream::connect(("127.0.0.1", self.port)).is_ok()
    }

    /// Stops the queue: what comes waits.
    pub fn stop(&self) {
        self.administer("cupsdisable", &["certificates"]);
    }

    /// Lets it go on.
    pub fn go_on(&self) {
        self.administer("cupsenable", &["certificates"]);
    }

    /// Cancels whatever waits, as staff does at the queue.
    pub fn cancel_all(&self) {
        self.administer("cancel", &["-a", "certificates"]);
    }

    /// Whether it has let go of every job, also of one that was cancelled while the printer had it.
    pub fn is_idle(&self) -> bool {
        has_nothing_to_do(&self.uri)
    }

    /// The jobs that wait.
    pub fn waiting(&self) -> usize {
        let listed = program::run(Command::new("lpstat").args(["-h", &self.host(), "-o", "certificates"]));
        String::from_utf8_lossy(&listed.stdout).lines().count()
    }

    /// What the queue keeps of documents.
    pub fn spooled(&self) -> Vec<PathBuf> {
        let entries = fs::read_dir(self.folder.path().join("spool")).expect("the spool");
        let files = entries.map(|entry| entry.expect("an entry").path());
        files.filter(|path| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('d'))).collect()
    }

    fn host(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    #[track_caller]
    fn administer(&self, program: &str, arguments: &[&str]) {
        program::run_well(Command::new(program).args(["-h", &self.host()]).args(arguments));
    }
}

/// Whether a printer or queue answers, is idle and counts no job.
fn has_nothing_to_do(uri: &str) -> bool {
    let mut ask = Command::new("ipptool");
    ask.args(["-tv", "-T", "2", uri, "get-printer-attributes.test"]).stderr(Stdio::null());
    let told = program::run(&mut ask).stdout;
    let told = String::from_utf8_lossy(&told);
    told.contains("printer-state (enum) = idle") && told.contains("queued-job-count (integer) = 0")
}

fn bus_address(folder: &Path) -> String {
    format!("unix:path={}", folder.join("bus").display())
}

fn start_bus(folder: &Path) -> Running {
    let socket = folder.join("bus");
    fs::write(folder.join("bus.conf"), BUS.replace("BUS", &socket.display().to_string())).expect("a configuration");
    let bus = Running::start(quiet("dbus-daemon", folder).args(["--config-file=bus.conf", "--nofork"]));
    program::wait_for("the bus", 10, || socket.exists().then_some(()));
    bus
}

fn start_announcer(folder: &Path) -> Running {
    fs::write(folder.join("announcer.conf"), ANNOUNCER).expect("a configuration");
    let mut command = quiet("avahi-daemon", folder);
    command.args(["-f", "announcer.conf", "--no-drop-root", "--no-chroot", "--no-rlimits"]);
    let announcer = Running::start(&mut command);
    program::wait_for("the announcing service (avahi-daemon)", 10, || {
        let log = fs::read_to_string(folder.join("avahi-daemon.log")).unwrap_or_default();
        log.contains("startup complete").then_some(())
    });
    announcer
}

/// A program whose words go to a log in the folder.
fn quiet(name: &str, folder: &Path) -> Command {
    let log = File::create(folder.join(format!("{name}.log"))).expect("a log file");
    let path = ["/usr/sbin", "/usr/bin"].map(|place| Path::new(place).join(name));
    let program = path.into_iter().find(|path| path.is_file());
    let program = program.unwrap_or_else(|| panic!("{name} is missing: run `make setup`"));
    let mut command = Command::new(program);
    command.current_dir(folder).stdin(Stdio::null()).stdout(Stdio::from(log.try_clone().expect("a log file")));
    command.stderr(log).env("DBUS_SYSTEM_BUS_ADDRESS", bus_address(folder));
    command
}

fn executable(path: &Path, text: &str) {
    fs::write(path, text).expect("a script");
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).expect("a script that runs");
}

/// A port that nobody uses at this moment.
fn free_port() -> u16 {
    let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
    listener.local_addr().expect("its address").port()
}
