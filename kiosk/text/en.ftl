# Words of the terminal, English. Every screen's sentences stand here and nowhere else.
# A fault has its sentence and, as `.advice`, what to do next.

service-name = Certificates
terminal-number = Terminal { $terminal }
step-of = Step { $number } of { $total }: { $name }
step-card = Card
step-choice = Choose
step-check = Check
step-pay = Pay
step-paper = Collect
test-profile = This is a test terminal. What it prints is not a certificate.


language-open = Language
language-title = Choose your language

turn-up = Further up
turn-down = Further down
comfort-open = Display & sound
comfort-title = Display and sound
comfort-text = Text size
comfort-text-usual = Usual
comfort-text-large = Large
comfort-text-double = Double
comfort-contrast = Colours
comfort-contrast-usual = Usual
comfort-contrast-high = High contrast
comfort-volume = Volume
comfort-volume-off = Off
comfort-volume-low = Low
comfort-volume-usual = Usual
comfort-volume-high = Loud
comfort-keypad = Number keys
comfort-keypad-telephone = Like a telephone
comfort-keypad-shuffled = Shuffled
comfort-pace = Time to wait
comfort-pace-usual = Usual
comfort-pace-unhurried = Longer
comfort-done = Done
comfort-option = { $name }: { $choice }

back = Back
cancel = Cancel
close = Close this screen

warning-title = Are you still there?
warning-text = In { $seconds } seconds this goes back to the start.
warning-text-money = In { $seconds } seconds this ends. The money you inserted comes back.
warning-extend = I need more time

starting-title = One moment, please
starting-text = Connecting to the centre.
unavailable-title = Not available right now
unavailable-text = The terminal keeps trying by itself.

closed-title = Closed at this hour
closed-text = It opens again on { $month }/{ $day } at { $time }.
closed-hours = Open every day from 6:30 to 23:00.
stopped-title = Issuing is stopped
stopped-text = No certificates are issued at the moment. Please come back later.

menu-title = Print your vaccination certificate
menu-subtitle = Vaccination Certificate of COVID-19
menu-begin = Start
menu-fee = { $fee } yen a copy, tax included
menu-need-card = My Number card
menu-need-pin = Its 4-digit PIN
menu-need-money = Coins or a 1000-yen note
menu-need-title = What you need
menu-note = There is no refund once it is printed. You see everything that will be printed before you pay.

place-card-title = Place your card
place-card-text = Lay your My Number card on the reader.
place-card-note = Leave it there until you have entered your PIN.

kind-title = Which certificate would you like?
kind-vaccination = COVID-19 vaccination certificate
kind-pin-input-support = Uses the PIN for text input support
kind-pin-authentication = Uses the PIN for user authentication

pin-title = Enter your PIN
pin-profile-input-support = The 4-digit PIN for text input support
pin-profile-authentication = The 4-digit PIN for user authentication
pin-tries = { $count ->
    [one] { $count } try left
   *[other] { $count } tries left
}
pin-tries-note = { $count ->
    [one] After { $count } wrong entry the PIN is locked.
   *[other] After { $count } wrong entries the PIN is locked.
}
pin-wrong = That PIN was wrong. Please check it and enter it again.
pin-typed = { $count ->
    [one] { $count } digit entered
   *[other] { $count } digits entered
}
pin-erase = Erase one
pin-clear = Erase all
pin-ok = OK
last-try-title = One try is left
last-try-text = One more wrong entry locks the PIN. A municipal office can unlock it.
last-try-wrong = The PIN you just entered was wrong.
last-try-go-on = Enter it anyway

working-reading-tries = Checking your card
working-proving = Reading your card
working-records = Looking up your records
working-passport = Comparing the passport number
working-certificate = Making your certificate
working-printing = Printing
working-cancelling = Stopping the printer
working-card-stays = Please leave the card where it is
working-wait = Please wait
working-printing-note = Both sides are printed. It can take two minutes.
working-printing-sides = { $done } of { $sides } sides printed
working-printing-trouble = Please call a member of staff. Printing goes on when it is put right; otherwise your money comes back.

take-card-title = Take your card
take-card-text = The next screen comes when you have taken it.
card-left-text = Your card is still on the reader. Please take it with you.
beep = A reminder is sounding

municipality-title = Which municipality?
municipality-text = The one where you were registered as a resident when you were vaccinated. Each one makes its own certificate.
municipality-prefecture = Prefecture
municipality-unknown = Code { $code }

form-title = Which form would you like?
form-municipality = Records of { $name }
form-domestic = For use in Japan
form-domestic-text = Name, date of birth and vaccinations
form-overseas = For use abroad and in Japan
form-overseas-text = Adds your passport data and your name in roman letters
form-passport-needed = You will enter your passport number ({ $masked })
form-closed = Not available

passport-title = Enter your passport number
passport-text = Registered number: { $masked }
passport-note = Enter the whole number of the passport that is registered.
passport-differed = That number is different.
passport-differed-left = { $count ->
    [one] That number is different. You have { $count } try left.
   *[other] That number is different. You have { $count } tries left.
}
passport-typed = Passport number: { $text }
passport-empty = Passport number: nothing entered yet
passport-ok = Use this number

copies-title = How many copies?
copies-count = { $count ->
    [one] { $count } copy
   *[other] { $count } copies
}
copies-more = One more copy
copies-less = One copy less
copies-fee = { $copies ->
    [one] { $copies } copy: { $fee } yen
   *[other] { $copies } copies: { $fee } yen
}
copies-each = { $fee } yen a copy, tax included
copies-maximum = Up to { $maximum } copies at a time.
copies-ok = Make these copies

preview-title = Check what will be printed
preview-text = If anything is wrong, press Cancel and ask your municipal office.
preview-items = As text
preview-front = Front page
preview-back = Back page
preview-picture-soon = The picture of the page is being made
preview-picture-none = The picture cannot be shown. Please check the text.
preview-ok = It is correct: pay { $fee } yen
preview-name = Name
preview-roman = Name in roman letters
preview-birth = Date of birth
preview-nationality = Nationality/region
preview-passport = Passport number
preview-form = Form
preview-dose = Dose { $number }
preview-dose-date = Date
preview-dose-vaccine = Vaccine
preview-dose-maker = Maker
preview-dose-product = Product
preview-dose-lot = Lot number
preview-dose-country = Country
preview-certificate = Certificate number
preview-issued = Date of issue
preview-issuer = Issued by
preview-mayor = Mayor of { $name }
preview-minister = Minister of Health, Labour and Welfare of Japan
preview-copies = Copies
date = { $year }-{ $month }-{ $day }

pay-title = Insert your money
pay-fee = Fee
pay-inserted = Inserted
pay-rest = Still to pay
pay-yen = { $amount } yen
pay-taken = Coins of 10, 50, 100 and 500 yen and 1000-yen notes are taken.
pay-note = Printing starts when the fee is paid. It cannot be cancelled after that.

take-paper-title = Take your certificate and receipt
take-paper-text = { $copies ->
    [one] There is { $copies } copy. Please leave nothing behind.
   *[other] There are { $copies } copies. Please leave nothing behind.
}
take-paper-change = Your change is { $change } yen.
take-paper-taken = I have taken them
paper-left-title = Paper was left behind
paper-left-text = Somebody's certificate is still in the tray. Please call the staff.
paper-left-staff = Staff: the paper is removed
paper-left-number = Issuance { $issuance }

thanks-title = Thank you
thanks-wiped = Nothing about you stays in this terminal.
receipt-time = Time
receipt-change = Change
receipt-number = Issuance number

refused-title = It could not be issued
refused-cancelled-title = Cancelled
refused-returned = { $amount } yen were given back.
refused-card = Your card is still there. Please take it.
refused-code = Reference for questions: { $code }
out-of-order-title = Out of order
out-of-order-text = This terminal cannot be used. Please tell the staff.
out-of-service-title = Out of service
out-of-service-supplies = Paper or change is being filled up.
out-of-service-maintenance = The terminal is being inspected.
out-of-service-repair = The terminal is being repaired.
out-of-service-shop = The shop has closed this terminal for now.
out-of-service-staff = Staff opens it again as soon as it is ready.
out-of-service-elsewhere = If you are in a hurry, please use a terminal in another shop.
advice-title = What to do now

tray-title = Simulation tray
tray-note = In place of a real card and real money
tray-card-on = On the reader: { $name }
tray-card-off = No card on the reader
tray-pull = Take the card
tray-place = Place the card of { $name }
tray-pin = PIN { $pin }
tray-passport = Passport { $number }
tray-money = Insert money
tray-reject = Insert a bad coin
tray-rejected = The bad coin was given back
tray-returned = Given back: { $amount } yen
tray-paper = Take the paper
tray-clock = Clock { $time }
tray-clock-minutes = +2 min
tray-clock-hour = +1 h
tray-clock-night = 23:05
tray-yen = { $amount } yen

fault-card-service = The card reader is not ready.
    .advice = Please tell the staff. Terminals in other stores can issue it too.
fault-card-reader = No card reader was found.
    .advice = Please tell the staff. Terminals in other stores can issue it too.
fault-card-missing = There is no card on the reader.
    .advice = Lay your My Number card on the reader and start again.
fault-card-removed = The card was moved while it was being read.
    .advice = Leave the card on the reader and start again.
fault-card-swapped = The card was exchanged for another one.
    .advice = Place one card, leave it there, and start again.
fault-card-occupied = The card is being used by something else.
    .advice = Wait a moment and start again.
fault-card-foreign = This is not a My Number card.
    .advice = Please place a My Number card. Notification cards and Basic Resident Register cards do not work.
fault-card-unreadable = The card could not be read.
    .advice = Take it out of its sleeve and place it again. If this happens again, have it checked at a municipal office.
fault-card-silent = The card does not answer.
    .advice = Place the card again and start from the beginning.
fault-pin-wrong = { $count ->
    [one] The PIN was wrong. { $count } try is left.
   *[other] The PIN was wrong. { $count } tries are left.
}
    .advice = Check the number and enter it again.
fault-pin-locked = The PIN is locked.
    .advice = Your municipal office can set a new PIN. Bring the card and proof of identity.
fault-pin-last-try = Using the last try was not confirmed.
    .advice = If you do not remember the PIN, your municipal office can set a new one.
fault-center-unreachable = The centre cannot be reached.
    .advice = This does not mean that you have no record. Please try again in a while.
fault-center-timed-out = The centre did not answer in time.
    .advice = This does not mean that you have no record. Please try again in a while.
fault-center-garbled = The centre's answer could not be understood.
    .advice = Please try again in a while. If this happens again, tell the staff.
fault-document = The document that came could not be shown to be yours.
    .advice = Nothing was printed. Please start again. If this happens again, tell the staff.
fault-payment-short = The fee is { $fee } yen, and { $inserted } yen were inserted.
    .advice = The money was given back. Please start again.
fault-payment-change = There is no change for that.
    .advice = The money was given back. Please insert the exact amount or smaller coins.
fault-payment-not-taken = This coin or note cannot be used.
    .advice = It was given back. Please insert another.
fault-payment-jam = Money is stuck in the slot.
    .advice = Please call a member of staff. Do not try to pull it out.
fault-payment-slot = The money slot does not work.
    .advice = Please tell a member of staff. Another store's terminal can issue it, too.
fault-payment-owed = { $amount } yen could not be given out.
    .advice = Please call a member of staff. The terminal has written down that this money is yours.
fault-printer-unusable = The printer cannot be used.
    .advice = Please tell the staff. Terminals in other stores can issue it too.
fault-printer-paper = The printer is out of paper.
    .advice = Please ask the staff to add paper.
fault-printer-jam = Paper is stuck in the printer.
    .advice = Please tell the staff. Do not pull the paper out yourself.
fault-printer-door = A door of the printer is open.
    .advice = Please tell the staff.
fault-printer-toner = The printer is out of toner.
    .advice = Please tell the staff. Terminals in other stores can issue it too.
fault-printer-held = The printer is stopped.
    .advice = Please tell a member of staff. Another store's terminal can issue it, too.
fault-printer-cancelled = The printing was cancelled at the printer.
    .advice = Nothing was printed. Please start again, or tell a member of staff.
fault-printer-occupied = The printer still has another print.
    .advice = Please tell a member of staff. Another store's terminal can issue it, too.
fault-printer-slow = It could not be printed in time.
    .advice = Nothing was printed. Terminals in other stores can issue it too.
fault-printer-unknown = It is not certain whether paper came out.
    .advice = Please call the staff, and do not touch the paper in the printer.
fault-journal = The terminal cannot write its journal.
    .advice = Please tell the staff. Terminals in other stores can issue it too.
fault-random = A safety device of the terminal does not work.
    .advice = Please tell the staff. Terminals in other stores can issue it too.
fault-unresolved = An earlier transaction waits for the staff.
    .advice = Please tell a member of staff. Another store's terminal can issue it, too.
fault-abandoned = Nothing was pressed for a while, so it was ended.
    .advice = To go on, please start again.
fault-cancelled = You cancelled. Nothing was printed.
    .advice = To get a certificate, please start again.

problem-terminal-fault = The terminal and the centre did not understand each other.
    .advice = Nothing was printed. Please tell the staff. Terminals in other stores can issue it too.
problem-terminal-unknown = This terminal is not registered.
    .advice = Please tell the staff. Terminals in other stores can issue it too.
problem-terminal-outdated = This terminal's program is too old.
    .advice = Please tell the staff. Terminals in other stores can issue it too.
problem-clock-skew = This terminal's clock is wrong.
    .advice = Please tell the staff. Terminals in other stores can issue it too.
problem-busy = The centre is crowded at the moment.
    .advice = This does not mean that you have no record. Wait some minutes and try again.
problem-store-unavailable = The records cannot be looked up at the moment.
    .advice = This does not mean that you have no record. Please try again in a while.
problem-service-stopped = Issuing is stopped.
    .advice = Please come back later.
problem-out-of-hours = The service is closed at this hour.
    .advice = Please come between 6:30 and 23:00, any day.
problem-internal = The centre made an error.
    .advice = This does not mean that you have no record. Please try again in a while.
problem-challenge = The time for checking your card ran out.
    .advice = Please start again.
problem-card-not-genuine = The data on the card cannot be trusted.
    .advice = Have the card checked at your municipal office.
problem-holder-signature = The card's signature does not hold.
    .advice = Please start again. If this happens again, have the card checked at your municipal office.
problem-certificate-untrusted = The card's electronic certificate cannot be trusted.
    .advice = Have the card checked at your municipal office.
problem-certificate-expired = The card's electronic certificate has expired.
    .advice = Renew the electronic certificate at your municipal office.
problem-certificate-not-yet-valid = The card's electronic certificate is not valid yet.
    .advice = Ask your municipal office from which day it is valid.
problem-certificate-revoked = The card's electronic certificate is revoked.
    .advice = Have a new electronic certificate issued at your municipal office.
problem-certificate-purpose = The card's electronic certificate is not for this use.
    .advice = Have the card checked at your municipal office.
problem-revocation-unavailable = Whether the electronic certificate is in force cannot be checked at the moment.
    .advice = Please try again in a while.
problem-session-unknown = The time since your card was checked ran out.
    .advice = Please start again.
problem-no-record = No vaccination record was found for you.
    .advice = Ask the office of the municipality where you were registered when you were vaccinated.
problem-record-held = Your vaccination record is being checked.
    .advice = Until that is done, the terminal cannot issue it. Ask your municipal office.
problem-person-protected = The terminal cannot issue this certificate.
    .advice = It is issued at the counter of your municipal office.
problem-municipality-out = This municipality does not issue certificates in stores.
    .advice = It is issued at the municipal office and by the phone app.
problem-municipality-suspended = This municipality has stopped issuing for now.
    .advice = Come back another day, or ask the municipal office.
problem-municipality-empty = This municipality holds no vaccination record of yours.
    .advice = Choose the one where you were registered when you were vaccinated.
problem-chain-out = This store does not issue this certificate.
    .advice = Try another convenience store that takes part.
problem-passport-unregistered = No passport is registered.
    .advice = Have a certificate for use abroad issued once at the counter or by the app (2022-07-21 or later). After that you can choose it here.
problem-passport-expired = The registered passport has expired.
    .advice = Have a certificate for use abroad issued once at the counter or by the app with your new passport. The form for Japan can be issued here.
problem-travel-document = What is registered is a travel document other than a passport.
    .advice = The form for use abroad is issued at the counter. The form for Japan can be issued here.
problem-trial-dose = One of the doses was given in a clinical trial.
    .advice = The terminal cannot issue this. Ask your municipal office.
problem-passport-mismatch = The passport number differs from the registered one.
    .advice = Look at your passport and enter it again.
problem-passport-attempts = The passport number was wrong too often.
    .advice = Have your passport at hand and start again.
problem-passport-unconfirmed = The passport number has not been confirmed.
    .advice = Start again and enter the passport number.
problem-copies = This number of copies cannot be issued.
    .advice = Choose another number of copies.
problem-not-printable = A letter of your name or another item cannot be printed correctly here.
    .advice = It is issued at the counter of your municipal office.
problem-in-progress = The certificate is still being made.
    .advice = Wait a moment and start again.
problem-withdrawn = This issuance was withdrawn.
    .advice = Please start again.
