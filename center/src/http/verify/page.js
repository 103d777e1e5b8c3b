// The page on which anybody has paper read back: chooses files, sends them, shows the answer. No other server is asked.
"use strict";
(() => {
  const MAXIMUM_FILES = 4;
  const MAXIMUM_BYTES = 48 * 1024 * 1024;
  const SVG = "http://www.w3.org/2000/svg";
  const PAGE = { width: 210, height: 297 };
  // What the server reads: everything, or the printed codes alone.
  const READS_CODES = document.documentElement.dataset.reads === "codes";
  const byId = (id) => document.getElementById(id);

  // Words that the answer does not bring along.
  const WORDS = {
    title: ["証明書の確認", "Verify a certificate"],
    verdicts: {
      genuine: ["真正です", "Genuine"], "back-genuine": ["裏面は真正・表面は未確認", "Back genuine, front not checked"],
      altered: ["改ざんの疑い", "Altered"], unreadable: ["読み取れません", "Unreadable"],
      unknown: ["確認できません", "Unknown"], revoked: ["失効しています", "Revoked"],
      signed: ["署名は正しいものです", "Signed by the issuer"], forged: ["署名が正しくありません", "Not signed by the issuer"],
    },
    states: {
      holds: ["適合", "Holds"], fails: ["不適合", "Fails"], unreadable: ["読取不可", "Unreadable"],
      "not-checked": ["未確認", "Not checked"],
    },
    features: {
      back: ["裏面のスクランブル画像", "Scramble picture on the back"],
      content: ["裏面の内容と署名", "Content and signature"],
      front: ["表面の照合", "Front compared"],
      health_card: ["SMART Health Card", "SMART Health Card"],
      vds_nc: ["VDS-NC（海外用）", "VDS-NC (overseas form)"],
      originality: ["原本か複写か", "Original or copy"],
      copy_word: ["けん制文字（複写）", "Copy word"],
      status: ["発行の記録", "Record of issue"],
    },
    views: {
      visible: ["目に見える姿", "Visible"], infrared: ["赤外線", "Infrared"], copy: ["複写", "Copy"],
    },
    viewHints: {
      visible: ["選んだページそのものです。", "The page as you chose it."],
      infrared: ["黒トナーだけが写ります。原本では、裏面左下の桜の中に「証」が見えます。スキャンや写真からは計算できません。",
        "Only black toner shows. On an original, 証 appears within the blossom at the lower left of the back. It cannot be calculated from a scan or a photo."],
      copy: ["文字モードで複写した場合の見え方です。地紋の「複写」が浮かびます。", "As a copier set to text would make it: the word 複写 appears in the background."],
    },
    problems: {
      busy: ["ただいま混み合っています。少し待ってからもう一度お試しください。", "Too many are being read at the moment. Wait a little and try again."],
      "request-too-large": ["ファイルが大きすぎます。合計48 MBまでにしてください。", "The files are too large: 48 MB together at most."],
      "malformed-request": ["送信が途中で切れたか、ファイルがありません。もう一度お試しください。", "The upload was cut off, or there was no file. Try again."],
      "store-unavailable": ["発行の記録を確認できません。しばらくしてからお試しください。", "The record of issues cannot be asked at the moment. Try again later."],
    },
    failed: ["確認できませんでした。もう一度お試しください。", "It could not be verified. Try again."],
    offline: ["サーバーに接続できません。通信を確かめてください。", "The server cannot be reached. Check the connection."],
    noFile: ["ファイルを選んでください。", "Choose a file first."],
    tooMany: ["ファイルは4つまでです。", "At most four files."],
    tooLarge: ["合計48 MBまでにしてください。", "48 MB together at most."],
    remove: ["取り消す", "Remove"],
    uploading: ["送信しています", "Sending"],
    readingCodes: ["二次元コードを読み取り、署名を確かめています。", "Reading the codes and verifying their signatures."],
    reading: ["紙を読み取り、発行時の内容と見比べています。数秒かかります。", "Reading the paper and comparing it with what was issued. This takes some seconds."],
    done: ["確認が終わりました。", "Done."],
    certificate: ["証明書番号", "Certificate"],
    days: { issued: ["発行日", "Issued"], revoked: ["失効日", "Revoked"], reissued: ["再交付日", "Printed again"] },
    file: ["ファイル", "File"], page: ["ページ", "page"],
    issuedFront: ["発行時の表面（裏面から復元）", "The front as it was issued, recovered from the back"],
    presentedFront: ["お手元の表面", "The front you presented"],
    markedFront: ["お手元の表面。異なる箇所に番号を付けています", "The front you presented; what differs is numbered"],
    issued: ["発行時", "Issued"], presented: ["お手元", "Presented"],
    blank: ["（余白）", "(blank)"],
    noViews: ["この見え方の画像はありません。", "There is no picture in this view."],
  };

  let language = navigator.language && navigator.language.toLowerCase().startsWith("ja") ? "ja" : "en";
  let chosen = [];
  let request = null;
  let answer = null;
  let addresses = [];

  const say = (words) => (language === "ja" ? words[0] : words[1]);
  const told = (words) => (language === "ja" ? words.japanese : words.english);
  const differencesTitle = (count) =>
    say([`発行時と異なる箇所（${count}か所）`, count === 1 ? "1 place differs from what was issued" : `${count} places differ from what was issued`]);

  function element(name, properties, ...children) {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(properties || {})) {
      if (key in made) { made[key] = value; } else { made.setAttribute(key, value); }
    }
    made.append(...children.filter((child) => child !== null));
    return made;
  }

  function drawn(name, attributes, ...children) {
    const made = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) { made.setAttribute(key, value); }
    made.append(...children);
    return made;
  }

  function setLanguage(next) {
    language = next;
    document.documentElement.lang = next;
    for (const one of ["ja", "en"]) { byId(`language-${one}`).setAttribute("aria-pressed", String(one === next)); }
    showChosen();
    if (answer) { show(answer); }
  }

  function alertWith(text) {
    const alert = byId("alert");
    alert.textContent = text || "";
    alert.hidden = !text;
  }

  function size(bytes) {
    return bytes < 1024 * 1024 ? `${Math.ceil(bytes / 1024)} kB` : `${(bytes / 1024 / 1024).toFixed(1)} MB`;
  }

  function add(files) {
    alertWith("");
    chosen = [...chosen, ...files];
    if (chosen.length > MAXIMUM_FILES) {
      chosen = chosen.slice(0, MAXIMUM_FILES);
      alertWith(say(WORDS.tooMany));
    }
    showChosen();
  }

  function showChosen() {
    const list = byId("chosen");
    list.hidden = chosen.length === 0;
    list.replaceChildren(...chosen.map((file, at) => {
      const remove = element("button", { type: "button", textContent: say(WORDS.remove) });
      remove.setAttribute("aria-label", `${say(WORDS.remove)}: ${file.name}`);
      remove.addEventListener("click", () => {
        chosen = chosen.filter((_, other) => other !== at);
        showChosen();
        byId("files").focus();
      });
      const name = element("span", { className: "file" }, file.name, element("span", { className: "size", textContent: size(file.size) }));
      return element("li", {}, name, remove);
    }));
  }

  function work(isWorking) {
    byId("working").hidden = !isWorking;
    byId("cancel").hidden = !isWorking;
    byId("submit").disabled = isWorking;
    byId("files").disabled = isWorking;
    byId("form").setAttribute("aria-busy", String(isWorking));
  }

  function submit(event) {
    event.preventDefault();
    alertWith("");
    const bytes = chosen.reduce((sum, file) => sum + file.size, 0);
    if (chosen.length === 0) { alertWith(say(WORDS.noFile)); byId("files").focus(); return; }
    if (bytes > MAXIMUM_BYTES) { alertWith(say(WORDS.tooLarge)); return; }
    const form = new FormData();
    for (const file of chosen) { form.append("files", file, "page"); }
    byId("result").hidden = true;
    const progress = byId("progress");
    const stage = byId("stage");
    request = new XMLHttpRequest();
    request.upload.addEventListener("progress", ({ loaded, total }) => {
      const part = total ? Math.floor((loaded / total) * 100) : 0;
      progress.value = part;
      // A screen reader hears each quarter, not each per cent.
      const heard = `${say(WORDS.uploading)} ${part - (part % 25)} %`;
      if (part < 100 && stage.textContent !== heard) { stage.textContent = heard; }
    });
    request.upload.addEventListener("load", () => {
      progress.removeAttribute("value");
      stage.textContent = say(READS_CODES ? WORDS.readingCodes : WORDS.reading);
    });
    request.addEventListener("load", () => received(request));
    request.addEventListener("error", () => { work(false); alertWith(say(WORDS.offline)); });
    request.addEventListener("abort", () => { work(false); byId("submit").focus(); });
    progress.value = 0;
    stage.textContent = say(WORDS.uploading);
    work(true);
    request.open("POST", "/verify");
    request.setRequestHeader("Accept", "application/json");
    request.send(form);
  }

  function received({ status, responseText }) {
    work(false);
    let said = null;
    try { said = JSON.parse(responseText); } catch { said = null; }
    if (status === 200 && said) {
      answer = said;
      show(said);
      byId("verdict").focus();
    } else {
      alertWith(say((said && WORDS.problems[said.code]) || WORDS.failed));
    }
  }

  function addressOf(picture) {
    const bytes = Uint8Array.from(atob(picture.data), (letter) => letter.charCodeAt(0));
    const address = URL.createObjectURL(new Blob([bytes], { type: picture.media_type }));
    addresses.push(address);
    return address;
  }

  function show(said) {
    for (const address of addresses) { URL.revokeObjectURL(address); }
    addresses = [];
    showVerdict(said);
    showFiles(said.files);
    const fronts = {
      issued: said.pictures.find((picture) => picture.kind === "issued-front"),
      presented: said.pictures.find((picture) => picture.kind === "presented-front"),
    };
    for (const [name, picture] of Object.entries(fronts)) { fronts[name] = picture ? addressOf(picture) : null; }
    if (READS_CODES) {
      showCodes(said);
    } else {
      showDifferences(said.differences, fronts);
      showFeatures(said.features);
      showFronts(said.differences, fronts);
    }
    showViews(said.pictures.filter((picture) => picture.kind === "page"));
    byId("result").hidden = false;
  }

  function showVerdict(said) {
    const isBackAlone = said.verdict === "genuine" && said.features.front.state !== "holds";
    const verdict = isBackAlone ? "back-genuine" : said.verdict;
    const tone = { genuine: "holds", signed: "holds", altered: "fails", forged: "fails", revoked: "fails", unknown: "fails" }[verdict] || "caution";
    byId("verdict-box").className = `verdict ${tone}`;
    byId("verdict").textContent = say(WORDS.verdicts[verdict] || [verdict, verdict]);
    byId("summary").textContent = told(said.summary);
    const certificate = byId("certificate");
    certificate.hidden = !said.certificate;
    const days = Object.entries(said.days || {}).filter(([, day]) => day);
    certificate.textContent = said.certificate
      ? [`${say(WORDS.certificate)}: ${said.certificate}`, ...days.map(([what, day]) => `${say(WORDS.days[what])}: ${day}`)].join(" ／ ")
      : "";
    document.title = `${byId("verdict").textContent} – ${say(WORDS.title)}`;
  }

  function showFiles(files) {
    const notes = files.flatMap((file, at) => {
      const name = `${say(WORDS.file)} ${at + 1}: `;
      return [[file.problem, "alert"], [file.note, "note"]]
        .filter(([words]) => words)
        .map(([words, kind]) => element("p", { className: kind, textContent: name + told(words) }));
    });
    byId("file-notes").replaceChildren(...notes);
  }

  // One thing that was looked at: its outcome, its name, and what else there is to say.
  function finding(name, found, ...further) {
    return element("li", {},
      element("span", { className: `state is-${found.state}`, textContent: say(WORDS.states[found.state] || [found.state, found.state]) }),
      element("div", {}, element("span", { className: "feature", textContent: say(name) }), told(found), ...further));
  }

  function showFeatures(features) {
    byId("features").replaceChildren(...Object.entries(features).map(([name, found]) => finding(WORDS.features[name] || [name, name], found)));
  }

  function showCodes({ codes, limits }) {
    byId("code-list").replaceChildren(...codes.map((code) => {
      const says = element("ul", { className: "says" }, ...code.says.map((line) => element("li", { textContent: line })));
      const name = WORDS.features[code.kind] || [code.kind, code.kind];
      return finding(name, code, code.says.length ? says : null);
    }));
    byId("limits").textContent = told(limits);
  }

  function place(difference) {
    const [left, top] = [difference.left_mm, difference.top_mm].map(Math.round);
    return say([`左から${left} mm、上から${top} mm`, `${left} mm from the left, ${top} mm from the top`]);
  }

  // A part of a front, seen closer; the same part of both, so that they can be told apart at a glance.
  function crop(address, difference, caption) {
    const width = Math.min(PAGE.width, Math.max(difference.width_mm + 14, 34));
    const height = Math.min(PAGE.height, Math.max(difference.height_mm + 6, width * 0.36));
    const clamp = (middle, length, most) => Math.min(Math.max(middle - length / 2, 0), most - length);
    const left = clamp(difference.left_mm + difference.width_mm / 2, width, PAGE.width);
    const top = clamp(difference.top_mm + difference.height_mm / 2, height, PAGE.height);
    const picture = drawn("svg", { viewBox: `${left} ${top} ${width} ${height}`, role: "img", "aria-label": `${caption}: ${place(difference)}` },
      drawn("image", { href: address, width: PAGE.width, height: PAGE.height, preserveAspectRatio: "none" }),
      drawn("rect", { class: "place-mark", x: difference.left_mm - 0.7, y: difference.top_mm - 0.7, width: difference.width_mm + 1.4, height: difference.height_mm + 1.4 }));
    return element("figure", {}, picture, element("figcaption", { textContent: caption }));
  }

  function showDifferences(differences, fronts) {
    byId("differences").hidden = differences.length === 0;
    byId("differences-title").textContent = differencesTitle(differences.length);
    byId("difference-list").replaceChildren(...differences.map((difference, at) => {
      const number = element("span", { className: "number", textContent: String(at + 1) });
      const head = element("p", { className: "place" }, number, place(difference));
      const issued = element("p", { className: "issued", textContent: `${say(WORDS.issued)}: ${difference.issued || say(WORDS.blank)}` });
      const crops = fronts.issued && fronts.presented
        ? element("div", { className: "crops" }, crop(fronts.issued, difference, say(WORDS.issued)), crop(fronts.presented, difference, say(WORDS.presented)))
        : null;
      return element("li", {}, head, issued, crops);
    }));
  }

  function marked(address, differences) {
    const marks = differences.flatMap(({ left_mm: x, top_mm: y, width_mm: width, height_mm: height }, at) => {
      const [labelX, labelY] = [Math.max(x - 3, 4), Math.max(y - 3, 4)];
      return [
        drawn("rect", { class: "mark", x: x - 0.8, y: y - 0.8, width: width + 1.6, height: height + 1.6, rx: 0.8 }),
        drawn("circle", { class: "mark-label", cx: labelX, cy: labelY, r: 3 }),
        Object.assign(drawn("text", { class: "mark-number", x: labelX, y: labelY }), { textContent: String(at + 1) }),
      ];
    });
    const caption = differences.length ? say(WORDS.markedFront) : say(WORDS.presentedFront);
    const words = differences.length ? `${caption}: ${differencesTitle(differences.length)}` : caption;
    return element("figure", {},
      drawn("svg", { viewBox: `0 0 ${PAGE.width} ${PAGE.height}`, role: "img", "aria-label": words },
        drawn("image", { href: address, width: PAGE.width, height: PAGE.height, preserveAspectRatio: "none" }), ...marks),
      element("figcaption", { textContent: caption }));
  }

  function showFronts(differences, fronts) {
    const figures = [];
    if (fronts.presented) { figures.push(marked(fronts.presented, differences)); }
    if (fronts.issued) {
      const caption = say(WORDS.issuedFront);
      figures.push(element("figure", {}, element("img", { src: fronts.issued, alt: caption }), element("figcaption", { textContent: caption })));
    }
    byId("fronts").hidden = figures.length === 0;
    byId("front-figures").replaceChildren(...figures);
  }

  function showViews(pictures) {
    byId("views").hidden = pictures.length === 0;
    const choice = byId("view-choice");
    for (const label of choice.querySelectorAll("label")) { label.remove(); }
    for (const view of Object.keys(WORDS.views)) {
      const input = element("input", { type: "radio", name: "view", value: view, checked: view === "visible" });
      input.addEventListener("change", () => showView(view, pictures));
      choice.append(element("label", {}, input, say(WORDS.views[view])));
    }
    showView("visible", pictures);
  }

  function showView(view, pictures) {
    byId("view-words").textContent = say(WORDS.viewHints[view]);
    const figures = pictures.filter((picture) => picture.view === view).map((picture) => {
      const [file, page] = picture.page;
      const caption = `${say(WORDS.file)} ${file}, ${say(WORDS.page)} ${page} – ${say(WORDS.views[view])}`;
      return element("figure", {}, element("img", { src: addressOf(picture), alt: caption }), element("figcaption", { textContent: caption }));
    });
    byId("view-figures").replaceChildren(...(figures.length ? figures : [element("p", { textContent: say(WORDS.noViews) })]));
  }

  function listen() {
    for (const one of ["ja", "en"]) { byId(`language-${one}`).addEventListener("click", () => setLanguage(one)); }
    const files = byId("files");
    files.addEventListener("change", () => { add(files.files); files.value = ""; });
    const drop = byId("drop");
    for (const event of ["dragenter", "dragover"]) {
      drop.addEventListener(event, (dragged) => { dragged.preventDefault(); drop.classList.add("over"); });
    }
    for (const event of ["dragleave", "drop"]) { drop.addEventListener(event, () => drop.classList.remove("over")); }
    drop.addEventListener("drop", (dropped) => { dropped.preventDefault(); add(dropped.dataTransfer.files); });
    // A file dropped beside the field must not replace the page.
    for (const event of ["dragover", "drop"]) { window.addEventListener(event, (dragged) => dragged.preventDefault()); }
    byId("form").addEventListener("submit", submit);
    byId("cancel").addEventListener("click", () => { if (request) { request.abort(); } });
    setLanguage(language);
  }

  listen();
})();
